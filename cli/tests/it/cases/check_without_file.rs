//! `check` said of a file that is not there that it is no FST file.

use std::fs;

use crate::common::{err, out, path_in, run};

#[test]
fn nothing_is_said_of_what_is_not_there() {
    let output = run(&["check", "nothing.std"]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    assert!(err(&output).starts_with("rpnfst: nothing.std: No such file"), "{}", err(&output));
    // What is there is judged.
    let folder = tempfile::tempdir().expect("a folder");
    let text = path_in(&folder, "text");
    fs::write(&text, "Dear reader,\n").expect("written");
    let output = run(&["check", &text]);
    assert_eq!((output.status.code(), out(&output)), (Some(2), format!("{text}: not a readable FST file\n")));
}
