//! A killed `cp` left a file for ever, whose name did not say whose it was.
#![cfg(target_os = "linux")]

use std::{fs, process::Command, thread, time::Duration};

use crate::common::{names, path_in, stdout, testdata};

const SAME: &str = "xdf/same_name.std";

/// Ends a copy of so many files before it is complete: what is left, and the number of the process.
fn killed_at_work(folder: &tempfile::TempDir, out: &str, files: usize) -> Option<(String, u32)> {
    let list = path_in(folder, ".list");
    fs::write(&list, format!("{SAME}\n").repeat(files)).expect("written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_rpnfst"))
        .args(["cp", "-f", "-o", out, "--container", "rsf", "--files-from", &list])
        .current_dir(testdata())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it runs");
    let left = || names(folder.path()).into_iter().find(|name| name.starts_with(".all.std"));
    while left().is_none() && child.try_wait().expect("a child").is_none() {
        thread::sleep(Duration::from_micros(100));
    }
    // While it runs, and for other outputs, nothing is removed.
    stdout(&["cp", "-f", SAME, "-o", &path_in(folder, "other.std")]);
    child.kill().expect("killed");
    child.wait().expect("it ends");
    fs::remove_file(&list).expect("there");
    drop(fs::remove_file(out));
    left().map(|left| (left, child.id()))
}

#[test]
fn the_next_command_that_writes_the_output_removes_what_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path_in(&folder, "all.std");
    // Nothing holds the copy up: a quick machine gets more to do.
    let killed = (0..8).find_map(|k| killed_at_work(&folder, &out, 1000 << k));
    let (left, pid) = killed.expect("it was quicker each time");
    assert!(left.starts_with(".all.std.rpnfst-"), "{left}");
    assert!(left.contains(&format!("-{pid}-")), "{left}");
    stdout(&["cp", SAME, "-f", "-o", &path_in(&folder, "other.std")]);
    assert!(folder.path().join(&left).exists(), "another output");
    stdout(&["cp", SAME, "-o", &out]);
    assert_eq!(names(folder.path()), ["all.std", "other.std"]);
}
