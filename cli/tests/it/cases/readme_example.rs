//! README's example of `get` was refused on README's own kind of file: two times of one level.
#![cfg(unix)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::common::{copied, damaged, path_in, stdout};

/// A folder with what the examples name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["bad.fst", "broken.std", "broken.rsf"] {
        let bad = damaged(folder.path(), "xdf/same_name.std", |bytes| bytes.truncate(31000));
        fs::rename(bad, path_in(&folder, name)).expect("renamed");
    }
    fs::create_dir(path_in(&folder, "archive")).expect("made");
    for name in
        ["model.fst", "a.fst", "b.fst", "f.std", "model.std", "a.std", "b.std", "c.std", "t.std", "archive/d.std"]
    {
        fs::rename(copied(&folder, "xdf/same_name.std"), path_in(&folder, name)).expect("renamed");
    }
    for name in ["run1.std", "run2.std", "old.std", "grids.std"] {
        fs::rename(copied(&folder, "xdf/masks.std"), path_in(&folder, name)).expect("renamed");
    }
    fs::rename(copied(&folder, "rsf/same_name.rsf"), path_in(&folder, "b.rsf")).expect("renamed");
    stdout(&["get", "xdf/same_name.std", "-i", "0", "-o", &path_in(&folder, "tt.npy")]);
    fs::write(path_in(&folder, "mask.csv"), "1,0\n1,1\n").expect("written");
    fs::write(path_in(&folder, "stations.csv"), "name,lat,lon\nMontreal,45.5,-73.6\n").expect("written");
    folder
}

/// Runs a line in a shell. What a file of the test does not hold, or what differs, is no fault of the example (1).
fn try_out(line: &str, folder: &Path) {
    let program = Path::new(env!("CARGO_BIN_EXE_rpnfst"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().expect("a folder").display());
    let mut command = Command::new("bash");
    command.args(["-c", line]).current_dir(folder).env("PATH", &path).stdout(Stdio::null()).stdin(Stdio::null());
    let output = command.output().expect("it runs");
    let message = String::from_utf8_lossy(&output.stderr);
    let made = message.contains("exists already");
    assert!(output.status.code().is_some_and(|code| code <= 1) || made, "{line}: {message}");
}

#[test]
fn examples_of_readme_run_one_after_the_other() {
    let folder = folder();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).expect("the page");
    let lines: Vec<_> = page
        .split("```")
        .filter_map(|part| part.strip_prefix("sh\n"))
        .flat_map(str::lines)
        .filter(|line| line.starts_with("rpnfst "))
        // Not in every build.
        .filter(|line| cfg!(feature = "index") || !line.contains("rpnfst index") && !line.contains("rpnfst-index"))
        .collect();
    for line in &lines {
        try_out(line, folder.path());
    }
    assert!(lines.len() >= 15, "{} examples", lines.len());
}

#[test]
fn examples_of_help_run() {
    let mut count = 0;
    for command in [
        "ls", "info", "get", "stat", "digest", "check", "grid", "at", "cp", "rm", "edit", "diff", "salvage", "mk",
        "ip", "date",
    ] {
        let folder = folder();
        if command == "cp" {
            fs::copy(path_in(&folder, "f.std"), path_in(&folder, "new.std")).expect("copied");
        }
        let help = stdout(&[command, "--help"]);
        for line in help.lines().filter_map(|line| line.strip_prefix("  ")) {
            let example = ["rpnfst ", "find ", "diff "].iter().any(|start| line.starts_with(start));
            // What an example does stands behind it.
            let line = line.split("  ").next().unwrap_or(line);
            let others = ["jq", "xxd"].iter().find(|tool| line.contains(&format!("| {tool}")));
            let there = |tool: &&str| Command::new(tool).arg("--version").output().is_ok();
            if example && others.is_none_or(there) {
                try_out(line, folder.path());
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count} examples");
}
