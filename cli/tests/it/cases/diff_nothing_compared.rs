//! A condition that selects nothing is not a success.

use crate::common::{err, out, path_in, run, stdout};

const A: &str = "cases/diff-nothing-compared/a.std";
const B: &str = "cases/diff-nothing-compared/b.std";

#[test]
fn a_comparison_of_nothing_is_trouble() {
    assert_eq!(run(&["diff", A, B, "-q"]).status.code(), Some(1));
    for form in [&[][..], &["-q"], &["--json"], &["--meta-only"]] {
        let output = run(&[&["diff", A, B, "-w", "nomvar=TTT"], form].concat());
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{form:?}");
        assert_eq!(err(&output), "rpnfst: no record selected\n");
    }
}

#[test]
fn two_files_without_records_are_not_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = path_in(&folder, "empty.std");
    stdout(&["cp", A, "-o", &empty]);
    stdout(&["rm", &empty, "-w", "nomvar=*"]);
    let output = run(&["diff", &empty, &empty]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(2), "rpnfst: no record selected\n"));
    let output = run(&["diff", &empty, A]);
    assert_eq!((output.status.code(), out(&output).lines().last()), (Some(1), Some("0 identical, 1 only in B")));
    // To look at one is no fault.
    for command in ["ls", "stat", "digest"] {
        assert_eq!(run(&[command, &empty]).status.code(), Some(0), "{command}");
        assert_eq!(run(&[command, &empty, "-w", "nomvar=TT"]).status.code(), Some(1), "{command}");
    }
}

#[test]
fn what_only_one_side_selects_is_a_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = path_in(&folder, "other.std");
    stdout(&["cp", A, "-o", &other]);
    stdout(&["edit", &other, "--set", "nomvar=UU", "--yes"]);
    let output = run(&["diff", A, &other, "-w", "nomvar=UU"]);
    assert_eq!((output.status.code(), out(&output).lines().last()), (Some(1), Some("0 identical, 1 only in B")));
}

#[test]
fn listings_of_nothing_say_so() {
    for command in ["ls", "stat", "digest"] {
        for form in [&[][..], &["--json"]] {
            let output = run(&[&[command, A, B, "-w", "nomvar=TTT"], form].concat());
            assert_eq!(output.status.code(), Some(1), "{command} {form:?}");
            assert_eq!(err(&output), "rpnfst: no record selected\n", "{command} {form:?}");
        }
        // As `grep`: one is enough.
        assert_eq!(run(&[command, A, B, "-w", "nomvar=TT"]).status.code(), Some(0), "{command}");
        // Files that do not open are what is wrong then.
        let output = run(&[command, "none.std", "-w", "nomvar=TTT"]);
        assert!(!err(&output).contains("selected"), "{}", err(&output));
    }
}
