//! An empty list of files was a success, as if all of them were sound.

use std::fs;

use crate::common::{err, path_in, rpnfst};

#[test]
fn no_files_are_no_success() {
    let folder = tempfile::tempdir().expect("a folder");
    let (list, out) = (path_in(&folder, "empty"), path_in(&folder, "out.std"));
    fs::write(&list, "\n\n").expect("written");
    for command in ["ls", "info", "get", "stat", "digest", "check", "cp"] {
        let output = if command == "cp" { &["-o", &out][..] } else { &[] };
        for files in [&["-"][..], &["-0", "-"], &["--files-from", &list], &["--files-from", "-"]] {
            let result = rpnfst(&[&[command][..], files, output].concat()).write_stdin("").output().expect("it runs");
            assert_eq!(result.status.code(), Some(2), "{command} {files:?}: {}", err(&result));
            assert!(err(&result).contains("no files given"), "{command} {files:?}: {}", err(&result));
        }
    }
}
