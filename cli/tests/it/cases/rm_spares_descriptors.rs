//! Fields lose their grid with its descriptors: a condition that takes both leaves those.

use crate::common::{copied, out, path_in, run, stdout};

#[test]
fn descriptors_stay_unless_they_are_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = path_in(&folder, "a.csv");
    std::fs::write(&csv, "1,2\n3,4\n").expect("written");
    let removed = |args: &[&str]| {
        let path = copied(&folder, "cases/shift_undated/t.std");
        stdout(&["mk", &path, "--append", "--data", &csv, "--nomvar", "GZ"]);
        let output = run(&[&["rm", &path], args].concat());
        let left = stdout(&["ls", "--csv", "--no-header", "--columns", "nomvar", &path]);
        (out(&output), output.status.code(), left.lines().collect::<Vec<_>>().join(" "))
    };
    // Taken by something else than their name: they stay, and it is said.
    for more in [&[][..], &["--compact"]] {
        let (said, status, left) = removed(&[&["-w", "not nomvar=GZ"], more].concat());
        assert!(said.contains("2 grid and level descriptors left as they are"), "{said}");
        assert_eq!((status, left.as_str()), (Some(0), ">> ^^ GZ"));
    }
    for (args, expected) in [
        (&["-w", "not nomvar=GZ", "--descriptors"][..], "GZ"),
        (&["-w", "nomvar=>>"], "^^ TT GZ"),
        // All records are all records.
        (&["-w", "nomvar=*"], ""),
        (&["-w", "ni>0"], ""),
    ] {
        let (said, status, left) = removed(args);
        assert_eq!((status, left.as_str()), (Some(0), expected), "{args:?}: {said}");
    }
    let (said, ..) = removed(&["-w", "nomvar=>>"]);
    assert!(said.contains("beware: 1 record loses its grid: no >> of the file has"), "{said}");
    let (_, status, left) = removed(&["-w", "nj=1 and grtyp=X and not nomvar=GZ"]);
    assert_eq!((status, left.as_str()), (Some(1), ">> ^^ TT GZ"), "nothing else is selected");
}
