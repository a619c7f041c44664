//! Names of columns could not be left out.

use crate::common::{listed, out, run, stdout};

const SAME: &str = "xdf/same_name.std";

#[test]
fn the_rest_is_as_with_it() {
    for (args, header) in [
        (&["ls", "--csv", SAME][..], 1),
        (&["ls", "--json", SAME], 0),
        (&["stat", "--csv", SAME], 1),
        (&["get", SAME, "-i", "0", "-o", "-"], 1),
        (&["get", SAME, "-i", "0-3", "-o", "-"], 1),
    ] {
        let with: Vec<_> = stdout(args).lines().skip(header).map(str::to_owned).collect();
        let without = stdout(&[args, &["--no-header"]].concat());
        assert_eq!(without.lines().collect::<Vec<_>>(), with, "{args:?}");
        assert!(!with.is_empty());
    }
    // Tables need less room without their heads.
    for args in [&["ls", SAME][..], &["ls", "--columns", "nomvar,level", SAME], &["stat", SAME]] {
        let words = |text: &str| text.lines().map(|l| l.split_whitespace().map(str::to_owned).collect()).collect();
        let (with, without): (Vec<Vec<_>>, Vec<Vec<_>>) =
            (words(&stdout(args)), words(&stdout(&[args, &["--no-header"]].concat())));
        assert_eq!(without, with[1..], "{args:?}");
    }
    assert_eq!(listed(&["ls", "--no-header", "-w", "nomvar=NONE", SAME]), "");
}

#[test]
fn voir_gives_the_lines_of_records() {
    let text = stdout(&["ls", "--voir", "--no-header", SAME, "xdf/masks.std"]);
    assert_eq!(text.lines().count(), 44 + 10);
    assert!(text.starts_with("    0- TT   A  R1FX00 "), "{text}");
}

#[test]
fn get_writes_files_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("v.csv").display().to_string();
    let template = folder.path().join("{index}.csv").display().to_string();
    for output in [&file, &template] {
        stdout(&["get", SAME, "-i", "0", "--no-header", "-o", output]);
    }
    for name in ["v.csv", "0.csv"] {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("written");
        assert!(text.starts_with("1,1,1,"), "{name}: {text}");
    }
}

#[test]
fn diff_gives_rows() {
    let args = ["diff", "xdf/masks.std", SAME];
    let (with, without) = (out(&run(&args)), out(&run(&[&args[..], &["--no-header"]].concat())));
    assert!(with.starts_with("a  b  nomvar") || with.trim_start().starts_with("a "), "{with}");
    assert_eq!(without.lines().count() + 1, with.lines().count());
}
