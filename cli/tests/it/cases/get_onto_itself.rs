//! `get -f` and `mk -f` replaced what they read.
#![cfg(unix)]

use std::{fs, path::Path};

use crate::common::{copied, err, path_in, run, stdout};

const ONE: &str = "xdf/dt008_c8.std";

/// What the command says; it must refuse, and leave the folder as it is.
fn refused(folder: &Path, args: &[&str]) {
    let files = || {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let mut files: Vec<_> = entries.map(|path| (fs::read(&path).unwrap_or_default(), path)).collect();
        files.sort();
        files
    };
    let before = files();
    let output = run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
    assert!(err(&output).contains("is an input and the output"), "{args:?}: {}", err(&output));
    assert!(files() == before, "{args:?}");
}

#[test]
fn get_keeps_its_inputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let [soft, hard, list] = ["soft.std", "hard.std", "list.csv"].map(|name| path_in(&folder, name));
    let file = copied(&folder, ONE);
    let other = copied(&folder, "xdf/same_name.std");
    std::os::unix::fs::symlink(&file, &soft).expect("a link");
    fs::hard_link(&file, &hard).expect("a link");
    fs::write(&list, format!("{file}\n")).expect("written");
    let into_itself = path_in(&folder, "{stem}.std");
    let folder_name = format!("{}/", folder.path().display());
    for output in [&file, &soft, &hard, &into_itself] {
        for form in [&["--payload"][..], &["--format", "csv"], &["--format", "npy"], &["--format", "raw"]] {
            refused(folder.path(), &[&["get", &file, "-i", "0", "-f", "-o", output][..], form].concat());
        }
        refused(folder.path(), &["get", &file, &other, "-i", "0", "-f", "-o", output, "--format", "json"]);
    }
    refused(folder.path(), &["get", "--files-from", &list, "-i", "0", "-f", "-o", &list]);
    // A name that the folder form makes, with a second file before it whose output would be written first.
    let stored = path_in(&folder, "dt008_c8_00000_C8.npy");
    let name = stdout(&["ls", "--csv", "--no-header", "--columns", "nomvar", &file]);
    let stored = stored.replace("C8.npy", &format!("{}.npy", name.lines().next().unwrap_or_default()));
    fs::copy(&file, &stored).expect("copied");
    refused(folder.path(), &["get", &other, &file, &stored, "-i", "0", "-f", "-o", &folder_name]);
    // Another file, although it does not open.
    fs::write(path_in(&folder, "bad.npy"), "no FST file").expect("written");
    let bad = path_in(&folder, "bad.npy");
    refused(folder.path(), &["get", &file, &bad, "-i", "0", "-f", "-o", &bad]);
}

#[test]
fn mk_keeps_its_inputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let [array, other, list, hard] = ["a.csv", "b.csv", "list.jsonl", "hard"].map(|name| path_in(&folder, name));
    fs::write(&array, "1,2\n3,4\n").expect("written");
    fs::write(&other, "1,2\n3,4\n").expect("written");
    fs::hard_link(&array, &hard).expect("a link");
    let lines = "{\"nomvar\":\"TT\",\"data\":\"b.csv\"}\n{\"nomvar\":\"UU\",\"data\":\"a.csv\"}\n";
    fs::write(&list, lines).expect("written");
    for output in [&array, &hard] {
        refused(folder.path(), &["mk", output, "-f", "--data", &array, "--nomvar", "TT"]);
        refused(folder.path(), &["mk", output, "-f", "--records", &list]);
    }
    refused(folder.path(), &["mk", &list, "-f", "--records", &list]);
    stdout(&["mk", &path_in(&folder, "new.std"), "--records", &list]);
}
