//! `diff`.

use std::fs;

use crate::common::{self, copied, err, json_lines, out, path_in, run, stdout};

const SAME: &str = "xdf/same_name.std";

#[test]
fn a_file_is_the_same_as_itself_however_it_is_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    let rsf = path_in(&folder, "a.rsf");
    stdout(&["cp", SAME, "-o", &rsf, "--container", "rsf", "--compress"]);
    for b in [SAME, &rsf] {
        assert_eq!(stdout(&["diff", SAME, b]), "44 identical\n");
        assert_eq!(stdout(&["diff", "-q", SAME, b]), "");
    }
    let output = run(&["diff", "--packing", SAME, &rsf]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("data_type "), "{}", out(&output));
}

/// Records of a ramp, and the same with one value changed.
fn pair(folder: &tempfile::TempDir) -> [String; 2] {
    let csv = |name: &str, third: &str| {
        let path = path_in(folder, name);
        fs::write(&path, format!("1,2,{third},4\n5,6,7,8\n")).expect("written");
        path
    };
    [("a", "3"), ("b", "3.5")].map(|(name, third)| {
        let file = path_in(folder, &format!("{name}.std"));
        stdout(&["mk", &file, "--data", &csv(&format!("{name}.csv"), third), "--nomvar", "TT", "--etiket", "RUN"]);
        stdout(&["mk", &file, "--append", "--data", &csv("same.csv", "3"), "--nomvar", "UU"]);
        file
    })
}

#[test]
fn values_and_tolerances() {
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b] = pair(&folder);
    let output = run(&["diff", &a, &b]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = out(&output);
    assert!(text.ends_with("1 identical, 1 different\n"), "{text}");
    let row = text.lines().nth(1).unwrap_or_default();
    let cells: Vec<_> = row.split_whitespace().collect();
    assert_eq!(cells[..5], ["0", "0", "TT", "X", "RUN"], "{row}");
    assert!(row.contains("1/8  0.5  0.1429"), "{row}");
    // The range is 7: a step of four bits is 0.4375, one of three bits 0.875.
    for (option, value, status) in [
        ("--abs", "0.5", 0),
        ("--abs", "0.4", 1),
        ("--rel", "0.15", 0),
        ("--rel", "0.1", 1),
        ("--bits", "3", 0),
        ("--bits", "4", 1),
    ] {
        let output = run(&["diff", "-q", &a, &b, option, value]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(status), ""), "{option} {value}");
    }
    assert_eq!(run(&["diff", "-q", "--meta-only", &a, &b]).status.code(), Some(0));
    assert!(stdout(&["diff", &a, &b, "--abs", "1"]).ends_with("1 identical, 1 within the tolerance\n"));
    let lines = json_lines(&out(&run(&["diff", "--json", &a, &b])));
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["status"], &lines[0]["nomvar"]), (&"different".into(), &"TT".into()));
    assert_eq!((&lines[0]["values"]["max_abs"], &lines[0]["values"]["differ"]), (&0.5.into(), &1.into()));
    assert_eq!(
        (&lines[1]["identical"], &lines[1]["different"], &lines[1]["only_a"]),
        (&1.into(), &1.into(), &0.into())
    );
}

#[test]
fn keys_and_attributes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    stdout(&["edit", &file, "-w", "nomvar=GZ", "--set", "etiket=OTHER", "--set", "npas=7", "--yes"]);
    let output = run(&["diff", SAME, &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).ends_with("32 identical, 12 only in A, 12 only in B\n"), "{}", out(&output));
    let output = run(&["diff", SAME, &file, "--key", "nomvar,typvar,ip1,ip2,ip3,datev"]);
    assert!(out(&output).ends_with("12 different\n"), "{}", out(&output));
    assert!(out(&output).contains("npas 0 / 7"), "{}", out(&output));
    let ignored = run(&["diff", SAME, &file, "--ignore", "etiket,npas"]);
    assert_eq!((ignored.status.code(), out(&ignored).as_str()), (Some(0), "44 identical\n"));
    // Of a selection only.
    assert_eq!(stdout(&["diff", SAME, &file, "-w", "nomvar=UU"]), "12 identical\n");
}

#[test]
fn records_with_the_same_key_go_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let [twice, thrice] = ["2.std", "3.std"].map(|name| path_in(&folder, name));
    stdout(&["cp", SAME, SAME, "-o", &twice]);
    assert_eq!(stdout(&["diff", &twice, &twice]), "88 identical\n");
    stdout(&["cp", SAME, SAME, SAME, "-o", &thrice]);
    assert!(out(&run(&["diff", &twice, &thrice])).ends_with("88 identical, 44 only in B\n"));
}

#[test]
fn trouble_is_neither_same_nor_different() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = common::damaged(folder.path(), SAME, |bytes| bytes.truncate(31000));
    for args in [
        &["diff", SAME, "none.std"][..],
        &["diff", SAME, &cut],
        &["diff", SAME],
        &["diff", SAME, SAME, "--abs", "-1"],
        &["diff", SAME, SAME, "--abs", "x"],
        &["diff", SAME, SAME, "--key", "nothing"],
        &["diff", SAME, SAME, "--key", "etiket", "--ignore", "etiket"],
        &["diff", SAME, SAME, "--bits", "0"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!err(&output).is_empty(), "{args:?}");
    }
}
