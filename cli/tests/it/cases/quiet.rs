//! Only `check` and `diff` could be quiet.

use crate::common::{copied, err, out, path_in, run};

const SAME: &str = "xdf/same_name.std";
const NOTED: &[&str] = &["ls", "--style", SAME];

#[test]
fn every_command_takes_it_before_and_behind() {
    let noted = run(NOTED);
    assert!(err(&noted).contains("note: "));
    for args in [[&["-q"], NOTED].concat(), [NOTED, &["-q"]].concat(), [NOTED, &["--quiet"]].concat()] {
        let output = run(&args);
        assert_eq!((out(&output), err(&output).as_str()), (out(&noted), ""), "{args:?}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    let copy = path_in(&folder, "copy.std");
    for (args, status) in [
        (&["check", &file][..], 0),
        (&["diff", &file, SAME], 0),
        (&["diff", &file, "xdf/masks.std"], 1),
        // Metadata are dropped, which is said otherwise.
        (&["cp", "rsf/extended_metadata.rsf", "-o", &copy, "--container", "xdf"], 0),
        (&["edit", &file, "-w", "nomvar=TT", "--set", "etiket=X", "--yes"], 0),
        (&["rm", &file, "-w", "nomvar=TT"], 0),
        (&["salvage", &file, "-o", &copy, "-f"], 0),
    ] {
        let output = run(&[args, &["-q"]].concat());
        let seen = (output.status.code(), out(&output), err(&output));
        assert_eq!(seen, (Some(status), String::new(), String::new()), "{args:?}");
    }
}

#[test]
fn what_is_asked_for_and_errors_are_said() {
    assert!(out(&run(&["-q", "ls", SAME])).starts_with("index"));
    assert!(out(&run(&["-q", "rm", "-n", "-w", "nomvar=TT", SAME])).contains("would be deleted"));
    for args in
        [&["ls", "-q", "nothing.std"][..], &["check", "-q", "nothing.std"], &["-q", "diff", SAME, "nothing.std"]]
    {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains("nothing.std: "), "{args:?}: {}", err(&output));
    }
}

#[test]
fn no_json_where_no_report_is_wanted() {
    for command in [&["check", SAME][..], &["diff", SAME, SAME]] {
        for args in [[command, &["-q", "--json"]].concat(), [&["-q"], command, &["--json"]].concat()] {
            let output = run(&args);
            assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{args:?}");
            assert!(err(&output).contains("cannot be used with"), "{args:?}: {}", err(&output));
        }
    }
}
