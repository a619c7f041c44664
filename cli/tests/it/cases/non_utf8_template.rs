//! A template changed the bytes of its folder that are not UTF-8.
#![cfg(unix)]

use std::{
    ffi::OsStr,
    fs,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
};

use crate::common::{rpnfst, testdata};

const FILE: &str = "cases/non_utf8_template/t.std";

fn names(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name().into_vec()).collect();
    names.sort();
    names
}

fn under(folder: &Path, name: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(name))
}

#[test]
fn bytes_outside_of_braces_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let there = under(folder.path(), b"d\xE9");
    fs::create_dir(&there).expect("made");
    let input = there.join("in.std");
    fs::copy(testdata().join(FILE), &input).expect("copied");
    for (command, output) in [
        ("cp", &b"{nomvar}\xFF.std"[..]),
        ("cp", b"plain\xFE.std"),
        ("get", b"{nomvar}\xFF.npy"),
        ("get", b"plain\xFE.npy"),
    ] {
        rpnfst(&[command, FILE, "-o"]).arg(under(&there, output)).assert().success();
    }
    // A folder, and the name of the input.
    rpnfst(&["get", FILE, "-o"]).arg(under(&there, b"")).assert().success();
    let named = under(&there, b"n\xE9m.std");
    fs::copy(&input, &named).expect("copied");
    rpnfst(&["cp"]).arg(&named).arg("-o").arg(under(&there, b"{stem}_of.std")).assert().success();
    assert_eq!(names(folder.path()), [b"d\xE9".to_vec()], "no other folder");
    let expected = [
        &b"TT\xFF.npy"[..],
        b"TT\xFF.std",
        b"in.std",
        b"n\xE9m.std",
        b"n\xE9m_of.std",
        b"plain\xFE.npy",
        b"plain\xFE.std",
        b"t_00000_TT.npy",
    ];
    assert_eq!(names(&there), expected);
}

/// Two names that only differ in bytes that are no text are two files.
#[test]
fn an_input_is_known_by_its_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b] = [b"\xE9.std", b"\xE8.std"].map(|name| under(folder.path(), name));
    for path in [&a, &b] {
        fs::copy(testdata().join(FILE), path).expect("copied");
    }
    rpnfst(&["cp", "--append"]).arg(&a).arg("-o").arg(&b).assert().success();
    rpnfst(&["cp", "--append"]).arg(&a).arg("-o").arg(&a).assert().code(2);
}
