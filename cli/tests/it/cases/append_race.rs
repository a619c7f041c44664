//! Several programs append to one file, which may not be there yet.

use std::process::{Command as Process, Stdio};

use crate::common::{err, path_in, rpnfst, run, stdout};

/// The arguments of a program that appends one record.
fn append<'a>(path: &'a str, data: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["mk", path, "--append", "--data", data, "--nomvar", "A"];
    args.extend(more);
    args
}

fn records(path: &str) -> usize {
    stdout(&["ls", "--csv", "--columns", "index", path]).lines().count() - 1
}

#[test]
fn programs_that_begin_a_file_at_the_same_moment_all_append() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = path_in(&folder, "a.csv");
    std::fs::write(&data, "1,2\n3,4\n").expect("written");
    for (name, more) in [
        ("new.std", &[][..]),
        ("new.rsf", &["--container", "rsf"]),
        ("shared.rsf", &["--container", "rsf", "--shared"]),
    ] {
        for round in 0..6 {
            let path = path_in(&folder, &format!("{round}{name}"));
            let args = append(&path, &data, more);
            let start = || {
                let mut process = Process::new(assert_cmd::cargo::cargo_bin("rpnfst"));
                process.args(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
            };
            let children: Vec<_> = (0..4).map(|_| start()).collect();
            for child in children {
                let output = child.wait_with_output().expect("it ends");
                assert_eq!(output.status.code(), Some(0), "{name}: {}", err(&output));
            }
            assert_eq!(records(&path), 4, "{name}");
            stdout(&["check", "--data", &path]);
        }
    }
}

#[test]
fn a_flag_that_stays_up_is_overcome_with_unlock() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, data) = (path_in(&folder, "dead.rsf"), path_in(&folder, "a.csv"));
    std::fs::write(&data, "1,2\n3,4\n").expect("written");
    stdout(&["mk", &path, "--container", "rsf", "--data", &data, "--nomvar", "A"]);
    let mut bytes = std::fs::read(&path).expect("the file");
    bytes[1..3].fill(0xFF);
    std::fs::write(&path, bytes).expect("written");
    let refused = run(&append(&path, &data, &["--wait", "0"]));
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("--unlock"), "{}", err(&refused));
    // Waiting for it is possible, and ends.
    let begin = std::time::Instant::now();
    assert_eq!(run(&append(&path, &data, &["--wait", "1"])).status.code(), Some(2));
    assert!(begin.elapsed().as_millis() >= 1000);
    // Shared writers are kept out by an exclusive one, too.
    assert_eq!(run(&append(&path, &data, &["--wait", "0", "--shared"])).status.code(), Some(2));
    // Nor is it replaced.
    let replace = ["mk", &path, "-f", "--wait", "0", "--data", &data, "--nomvar", "A"];
    assert!(err(&run(&replace)).contains("another program is writing"));
    stdout(&append(&path, &data, &["--unlock"]));
    stdout(&["cp", &path, "-o", &path_in(&folder, "copy.rsf"), "--append", "--unlock"]);
    assert_eq!(records(&path), 2);
    stdout(&["check", &path]);
    rpnfst(&["mk", &path, "--shared", "--data", &data, "--nomvar", "A"]).assert().code(2);
}

/// A copy that replaces a file waits for who appends to it, and does not take the file away under them.
#[test]
fn a_file_is_not_replaced_under_its_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = path_in(&folder, "out.std");
    stdout(&["cp", "xdf/same_name.std", "-o", &path]);
    let writer = rpnfst::WriteOptions::new().append(&path).expect("free");
    let replace = ["cp", "xdf/same_name.std", "-o", &path, "-f", "--wait", "0"];
    let refused = run(&replace);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("another program is writing"), "{}", err(&refused));
    writer.close().expect("closed");
    stdout(&replace);
    // A pipe is no file to be replaced, and nothing waits for it.
    let pipe = path_in(&folder, "pipe");
    let made = Process::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    assert_eq!(run(&["cp", "xdf/same_name.std", "-o", &pipe, "-f"]).status.code(), Some(2));
}
