//! An empty condition, or an empty text in one, deleted every record.

use crate::common::{copied, err, json_lines, listed, out, path_in, rpnfst, run};

const FILE: &str = "cases/rm_empty_condition/t.std";
const WHICH: &str = "which records? -w EXPR selects them (all: -w 'nomvar=*')";

fn names(file: &str, condition: &str) -> Vec<String> {
    let lines = json_lines(&listed(&["ls", "--json", "--columns", "nomvar", file, "-w", condition]));
    lines.iter().map(|line| line["nomvar"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn an_empty_condition_is_refused_by_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let before = std::fs::read(&file).expect("read");
    let new = path_in(&folder, "new.std");
    for condition in ["", " ", "\t\n "] {
        for args in [
            &["rm", &file][..],
            &["rm", &file, "-n"],
            &["rm", &file, "--compact"],
            &["edit", &file, "--set", "etiket=X", "--yes"],
            &["cp", &file, "-o", &new],
            &["cp", FILE, "-o", &file, "--append"],
            &["cp", FILE, "-o", &file, "-f"],
            &["get", &file, "-o", &new],
            &["ls", &file],
            &["stat", &file],
            &["digest", &file],
            &["diff", &file, FILE],
        ] {
            let output = run(&[args, &["-w", condition]].concat());
            assert_eq!(output.status.code(), Some(2), "{args:?} {condition:?}: {}", out(&output));
            assert_eq!(err(&output), format!("rpnfst: {WHICH}\n"), "{args:?}");
        }
    }
    assert_eq!(err(&run(&["rm", &file])), format!("rpnfst: {WHICH}\n"));
    assert_eq!(std::fs::read(&file).expect("read"), before);
    assert!(!std::path::Path::new(&new).exists());
}

#[test]
fn a_blank_text_is_blank_and_not_any() {
    for condition in ["etiket=''", "etiket=\"  \"", "not etiket=?*", "etiket in ('')", "etiket=\"            \""] {
        assert_eq!(names(FILE, condition), ["VV"], "{condition}");
    }
    assert_eq!(names(FILE, "etiket!=''"), ["TT", "UU"]);
    assert_eq!(names(FILE, "etiket='',KEEP1"), ["TT", "VV"]);
    // The first ten characters are blank: librmn's search would take it for any label.
    for condition in ["etiket='          XY'", "nomvar=' '", "nomvar=\"\"", "typvar=''"] {
        assert!(names(FILE, condition).is_empty(), "{condition}");
    }
}

#[test]
fn rm_deletes_the_record_that_is_blank_and_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let output = run(&["rm", &file, "-w", "etiket='          XY'"]);
    assert_eq!((output.status.code(), err(&output).contains("no record selected")), (Some(1), true));
    assert_eq!(names(&file, "nomvar=*"), ["TT", "UU", "VV"]);
    rpnfst(&["rm", &file, "-w", "etiket=''"]).assert().success();
    assert_eq!(names(&file, "nomvar=*"), ["TT", "UU"]);
    assert_eq!(run(&["rm", &file, "-w", "etiket=''"]).status.code(), Some(1));
}
