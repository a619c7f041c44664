//! A killed `cp` left a file for ever, whose name did not say whose it was.
#![cfg(target_os = "linux")]

use std::{fs, path::Path, process::Command, thread, time::Duration};

use crate::common::{path_in, stdout, testdata};

const SAME: &str = "xdf/same_name.std";

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_next_command_that_writes_the_output_removes_what_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path_in(&folder, "all.std");
    let mut child = Command::new(env!("CARGO_BIN_EXE_rpnfst"))
        .args([&["cp", "-o", &out][..], &vec![SAME; 4000]].concat())
        .current_dir(testdata())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it runs");
    while names(folder.path()).is_empty() && child.try_wait().expect("a child").is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    // While it runs, and for other outputs, nothing is removed.
    stdout(&["cp", SAME, "-o", &path_in(&folder, "other.std")]);
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let mut left = names(folder.path());
    left.retain(|name| name.starts_with('.'));
    let [left] = &left[..] else { panic!("it was quicker: {left:?}") };
    assert!(left.starts_with(".all.std.rpnfst-"), "{left}");
    assert!(left.contains(&format!("-{}-", child.id())), "{left}");
    stdout(&["cp", SAME, "-f", "-o", &path_in(&folder, "other.std")]);
    assert!(folder.path().join(left).exists(), "another output");
    stdout(&["cp", SAME, "-o", &out]);
    assert_eq!(names(folder.path()), ["all.std", "other.std"]);
}
