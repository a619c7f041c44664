//! Folders could not be named as input.

use std::{fs, path::Path};

use crate::common::{err, json_lines, out, path_in, rpnfst, run, stdout, testdata};

const SAME: &str = "xdf/same_name.std";
const MASKS: &str = "xdf/masks.std";

/// `b.std`, `a/c.std`, `a/d/e.rsf`, and five others.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir_all(root.join("a/d")).expect("made");
    fs::create_dir_all(root.join(".hidden")).expect("made");
    let copy = |from: &str, to: &str| fs::copy(testdata().join(from), root.join(to)).expect("copied");
    copy(MASKS, "b.std");
    copy(SAME, "a/c.std");
    copy("rsf/flushed.rsf", "a/d/e.rsf");
    copy(MASKS, ".hidden/f.std");
    copy(MASKS, ".rpnfst-abcdef.tmp");
    fs::write(root.join("README"), "Dear reader,\n").expect("written");
    fs::write(root.join("a/empty.std"), "").expect("written");
    folder
}

fn paths(text: &str) -> Vec<String> {
    let mut paths: Vec<_> =
        json_lines(text).iter().map(|line| line["path"].as_str().expect("a path").to_owned()).collect();
    paths.dedup();
    paths
}

#[test]
fn all_files_below_are_read_in_the_order_of_their_names() {
    let folder = archive();
    let root = folder.path().display().to_string();
    let files = ["a/c.std", "a/d/e.rsf", "b.std"].map(|name| path_in(&folder, name));
    for command in ["ls", "info", "stat", "digest", "check"] {
        let output = run(&[command, "--json", &root]);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", err(&output));
        assert_eq!(paths(&out(&output)), files, "{command}");
        assert_eq!(err(&output), format!("rpnfst: note: {root}: 2 files are no FST files, skipped\n"), "{command}");
    }
    assert_eq!(out(&run(&["get", "--format", "json", &root])).lines().count(), 44 + 8 + 10);
    let merged = path_in(&folder, "merged.std");
    stdout(&["cp", &root, "-o", &merged]);
    assert_eq!(stdout(&["ls", "--no-header", &merged]).lines().count(), 44 + 8 + 10);
    // What is in the folder already is no input of itself.
    let inside = path_in(&folder, "all.std");
    for _ in 0..2 {
        stdout(&["cp", &root, "-o", &inside, "-f"]);
        assert_eq!(stdout(&["ls", "--no-header", &inside]).lines().count(), 44 + 8 + 10 + 62);
    }
    for name in [&inside, &merged] {
        fs::remove_file(name).expect("removed");
    }
    // By a list as well, beside files that are named.
    let output = rpnfst(&["ls", "--json", "-"]).write_stdin(format!("{MASKS}\n{root}/a\n")).output().expect("it runs");
    assert_eq!(paths(&out(&output)), [MASKS.to_owned(), files[0].clone(), files[1].clone()]);
}

#[test]
fn one_file_in_a_folder_has_its_path() {
    let folder = archive();
    let inner = path_in(&folder, "a/d");
    assert!(stdout(&["ls", &inner]).starts_with("path"));
    assert_eq!(err(&run(&["ls", &inner])), "");
}

#[cfg(unix)]
#[test]
fn links_lead_to_each_file_once() {
    use std::os::unix::fs::symlink;
    let folder = archive();
    let root = folder.path();
    symlink(root, root.join("a/up")).expect("a link");
    symlink(root.join("a"), root.join("z")).expect("a link");
    symlink(root.join("b.std"), root.join("latest.std")).expect("a link");
    symlink("nowhere", root.join("y.std")).expect("a link");
    let output = run(&["ls", "--json", &root.display().to_string()]);
    assert_eq!(paths(&out(&output)), ["a/c.std", "a/d/e.rsf", "b.std"].map(|name| path_in(&folder, name)));
    // A link to nothing may have been a file.
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("y.std: "), "{}", err(&output));
}

#[test]
fn damaged_files_are_reported_as_ever() {
    let folder = archive();
    let bytes = fs::read(testdata().join(SAME)).expect("the file");
    fs::write(folder.path().join("cut.std"), &bytes[..30000]).expect("written");
    let output = run(&["check", "-q", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let output = run(&["ls", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("cut.std: damage: "), "{}", err(&output));
}

#[test]
fn a_folder_without_fst_files_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().display().to_string();
    fs::write(folder.path().join("README"), "Dear reader,\n").expect("written");
    for command in ["ls", "info", "get", "stat", "digest", "check"] {
        let output = run(&[command, &root]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{command}");
        assert!(err(&output).contains("is a directory without an FST file"), "{command}: {}", err(&output));
    }
}

#[test]
fn folders_are_compared_as_one_file() {
    let folder = archive();
    let root = folder.path().display().to_string();
    let merged = path_in(&folder, "a/../merged.std");
    stdout(&["cp", &root, "-o", &merged]);
    let other = tempfile::tempdir().expect("a folder");
    fs::rename(&merged, other.path().join("merged.std")).expect("moved");
    stdout(&["diff", "-q", &root, &other.path().display().to_string()]);
    let output = run(&["diff", &root, &path_in(&other, "merged.std"), "-w", "nomvar=TT"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(run(&["diff", "-q", &root, SAME]).status.code(), Some(1));
}

#[test]
fn what_changes_files_takes_one() {
    let folder = archive();
    let root = folder.path().display().to_string();
    for args in [
        &["rm", &root, "-w", "nomvar=TT"][..],
        &["rm", &root, "-w", "nomvar=TT", "-n"],
        &["edit", &root, "-w", "nomvar=TT", "--set", "etiket=X"],
        &["edit", &root, "-w", "nomvar=TT", "--set", "etiket=X", "--yes"],
        &["salvage", &root, "-o", "saved.std"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).to_lowercase().contains("is a directory"), "{args:?}: {}", err(&output));
    }
    assert!(!Path::new("saved.std").exists());
}
