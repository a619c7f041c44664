//! Paths that are not UTF-8 were changed in listings and could not be opened again.
#![cfg(target_os = "linux")]

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::PathBuf,
    process::Output,
};

use crate::common::{json_lines, out, rpnfst, testdata};

fn file(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join(OsStr::from_bytes(b"d\xe9.std"));
    fs::copy(testdata().join("xdf/masks.std"), &path).expect("copied");
    path
}

fn run(args: &[&str], path: &PathBuf) -> Output {
    let output = rpnfst(args).arg(path).arg(path).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn json_has_their_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder);
    for args in [
        &["ls", "--json"][..],
        &["info", "--json"],
        &["stat", "--json"],
        &["digest", "--json"],
        &["check", "--json"],
        &["get", "--format", "json"],
    ] {
        let lines = json_lines(&out(&run(args, &path)));
        let hex = lines[0]["path_bytes"].as_str().unwrap_or_else(|| panic!("{args:?}: no bytes"));
        let bytes = (0..hex.len()).step_by(2).map(|k| u8::from_str_radix(&hex[k..k + 2], 16).expect("hex")).collect();
        assert_eq!(PathBuf::from(OsString::from_vec(bytes)), path, "{args:?}");
    }
    let plain = rpnfst(&["ls", "--json", "xdf/masks.std", "xdf/masks.std"]).output().expect("it runs");
    assert!(json_lines(&out(&plain)).iter().all(|line| line.get("path_bytes").is_none()));
}

#[test]
fn csv_has_them_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder);
    for args in [&["ls", "--csv", "--columns", "path"][..], &["stat", "--csv"]] {
        let output = run(args, &path);
        let line = output.stdout.split(|&b| b == b'\n').nth(1).expect("a row");
        let name = line.split(|&b| b == b',').next().expect("a cell");
        assert_eq!(OsStr::from_bytes(name), path.as_os_str(), "{args:?}");
    }
    // They can be given back.
    let list = run(
        &["ls", "--csv", "--no-header", "--columns", "path", "-w", "nomvar=TT and typvar=P@ and ip1=41394464"],
        &path,
    );
    let again = rpnfst(&["info", "--json", "-"]).write_stdin(list.stdout).output().expect("it runs");
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(json_lines(&out(&again)).len(), 2);
}
