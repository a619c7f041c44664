//! `check`, exit statuses, broken pipes, and what is no FST file at all.

use std::{
    fs,
    io::Read as _,
    process::{Command, Stdio},
};

use crate::common::{damaged, err, expected, json_lines, out, path_in, records, run, stdout, testdata};
use serde_json::Value;

const SAME: &str = "xdf/same_name.std";

#[test]
fn sound_files() {
    assert_eq!(
        stdout(&["check", SAME, "rsf/flushed.rsf"]),
        "xdf/same_name.std: sound, 44 records\nrsf/flushed.rsf: sound, 8 records\n"
    );
    assert_eq!(stdout(&["check", "-q", "--data", SAME, "rsf/extended_metadata.rsf"]), "");
    let line = &json_lines(&stdout(&["check", "--json", "--deep", SAME]))[0];
    assert_eq!((&line["status"], &line["records"]), (&Value::from("sound"), &Value::from(44)));
}

#[test]
fn notes_are_no_damage() {
    let text = stdout(&["check", "rsf/unclosed.rsf"]);
    assert!(text.contains("note: ") && text.ends_with("sound, 4 records\n"), "{text}");
}

#[test]
fn damaged_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = damaged(folder.path(), SAME, |bytes| bytes.truncate(30000));
    let output = run(&["check", &cut]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("damage: byte 30000: truncated"), "{}", out(&output));
    assert!(out(&output).contains(": damaged, "), "{}", out(&output));
    // Listing goes on as far as the file is sound, and says so.
    let output = run(&["ls", "--json", &cut]);
    assert_eq!(output.status.code(), Some(1));
    assert!((30..44).contains(&json_lines(&out(&output)).len()));
    assert!(err(&output).lines().all(|line| line.starts_with("rpnfst: warning: ")), "{}", err(&output));

    let header = damaged(folder.path(), "xdf/masks.std", |bytes| bytes.truncate(40));
    assert_eq!(run(&["check", "-q", &header]).status.code(), Some(1));
    assert_eq!(run(&["ls", &header]).status.code(), Some(1));
    let line = &json_lines(&out(&run(&["check", "--json", &header])))[0];
    assert_eq!((&line["status"], &line["records"]), (&Value::from("damaged"), &Value::Null));
    assert!(line["error"].is_string());
}

#[test]
fn data_is_looked_at_on_request() {
    let folder = tempfile::tempdir().expect("a folder");
    // Another data type, which does not exist, in the directory and in the own headers of two records: the page's
    // checksum stays the same.
    let own =
        |k: usize| usize::try_from(records(&expected("xdf/same_name.json"))[k]["file_offset"].as_u64().unwrap_or(0));
    let own = [own(0).expect("small"), own(1).expect("small")];
    let file = damaged(folder.path(), SAME, |bytes| {
        for entry in [208 + 32, 208 + 32 + 72, own[0], own[1]] {
            bytes[entry + 19] ^= 0x39;
        }
    });
    assert_eq!(run(&["check", "-q", &file]).status.code(), Some(0));
    let output = run(&["check", "--data", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("damage: record 0 (TT at byte 18672): "), "{}", out(&output));
    let line = &json_lines(&out(&run(&["check", "--data", "--json", &file])))[0];
    assert_eq!(line["problems"].as_array().map(Vec::len), Some(2));
    assert_eq!((&line["problems"][0]["index"], &line["problems"][0]["offset"]), (&Value::from(0), &Value::from(18672)));
}

#[test]
fn not_fst() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("written");
        path.display().to_string()
    };
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    let cases = [
        (write("empty.std", b""), "not an FST file: the file is empty"),
        (write("text.std", b"Dear reader,\n"), "it looks like text"),
        (write("pointer.std", pointer), "git-lfs pointer"),
        (write("zeros.std", &[0; 100]), "not an FST file"),
        (folder.path().display().to_string(), "is a directory"),
        (folder.path().join("none.std").display().to_string(), "none.std: "),
    ];
    for (path, message) in &cases {
        for command in ["ls", "info", "stat", "digest", "check"] {
            let output = run(&[command, path]);
            assert_eq!(output.status.code(), Some(2), "{command} {path}");
            let text = err(&output);
            assert!(text.starts_with("rpnfst: ") && text.contains(message), "{command} {path}: {text}");
        }
    }
    let statuses = json_lines(&out(&run(&["check", "--json", &cases[1].0, &cases[5].0])));
    assert_eq!((&statuses[0]["status"], &statuses[1]["status"]), (&Value::from("not fst"), &Value::from("unreadable")));
    assert_eq!(run(&["get", &cases[1].0]).status.code(), Some(2));
}

#[test]
fn every_truncation_ends_with_a_status() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, step) in [("rsf/flushed.rsf", 331), ("xdf/sequential.seq.std", 293)] {
        let size = fs::metadata(testdata().join(name)).expect("there").len();
        for length in (1..usize::try_from(size).expect("small")).step_by(step) {
            let file = damaged(folder.path(), name, |bytes| bytes.truncate(length));
            for args in [&["check", "--data", &file][..], &["ls", "--json", &file], &["get", &file, "-o", "-"]] {
                let status = run(args).status.code();
                assert!(status.is_some_and(|code| code <= 2), "{args:?} of {length} bytes: {status:?}");
            }
        }
    }
}

#[test]
fn wrong_usage_is_status_2() {
    for args in [
        &["ls"][..],
        &["nothing"],
        &["ls", "--colour", SAME],
        &["ls", "--json", "--csv", SAME],
        &["completions", "dos"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).starts_with("rpnfst: "), "{args:?}: {}", err(&output));
        assert!(output.stdout.is_empty());
    }
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("Usage: rpnfst"));
}

#[test]
fn help_has_examples() {
    let help = stdout(&["--help"]);
    assert!(help.contains("Exit status:") && help.contains("nomvar=TT"), "{help}");
    for command in
        ["ls", "info", "get", "stat", "digest", "check", "cp", "rm", "edit", "diff", "salvage", "mk", "completions"]
    {
        let help = stdout(&[command, "--help"]);
        assert!(help.contains("Example"), "{command}");
        let widest = help.lines().map(str::len).max();
        assert!(widest <= Some(100), "{command}: {widest:?}");
    }
    insta::assert_snapshot!(stdout(&["get", "--help"]));
    assert!(stdout(&["--version"]).starts_with("rpnfst "));
}

#[test]
fn each_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&["completions", shell]);
        assert!(script.contains("rpnfst") && script.contains("digest"), "{shell}");
    }
}

#[test]
fn colours_are_for_terminals() {
    for args in
        [&["ls", SAME][..], &["info", SAME], &["get", SAME], &["check", SAME, "none"], &["stat", SAME], &["--help"]]
    {
        let output = run(args);
        assert!(!output.stdout.contains(&0x1B) && !output.stderr.contains(&0x1B), "{args:?}");
    }
    let output = run(&["--color", "always", "check", SAME, "none"]);
    assert!(output.stdout.contains(&0x1B) && output.stderr.contains(&0x1B));
}

/// Reads a little of the output and closes the pipe.
fn closed_pipe(args: &[&str], status: i32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rpnfst"))
        .args(args)
        .current_dir(testdata())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut pipe = child.stdout.take().expect("a pipe");
    pipe.read_exact(&mut [0; 10]).expect("some output");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(status), ""), "{args:?}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    // Enough output to fill any pipe.
    let many = vec![SAME; 120];
    for args in [
        &["ls"][..],
        &["ls", "--json"],
        &["ls", "--csv"],
        &["ls", "--voir"],
        &["digest", "--json"],
        &["get", "--format", "json"],
    ] {
        closed_pipe(&[args, &many].concat(), 0);
    }
    // Nobody takes the status for an answer that is not known.
    closed_pipe(&[&["check", "--json"][..], &vec![SAME; 4000]].concat(), 141);
    let folder = tempfile::tempdir().expect("a folder");
    let (one, other) = (path_in(&folder, "one.std"), path_in(&folder, "other.std"));
    stdout(&[&["cp", "-o", &one][..], &many].concat());
    stdout(&["cp", &one, "-o", &other, "--set", "etiket=OTHER"]);
    closed_pipe(&["diff", &one, &other], 1);
}
