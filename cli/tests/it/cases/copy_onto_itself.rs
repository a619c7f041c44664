//! Outputs that are inputs, by whatever name.

use std::fs;

use crate::common::{copied, err, path_in, run, stdout};

#[test]
fn nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, "xdf/same_name.std");
    let before = stdout(&["digest", &file]);
    stdout(&["cp", &file, "-o", &file, "-f"]);
    assert_eq!(stdout(&["digest", &file]), before);
    #[cfg(unix)]
    {
        let [soft, hard] = ["soft.std", "hard.std"].map(|name| path_in(&folder, name));
        std::os::unix::fs::symlink(&file, &soft).expect("a link");
        fs::hard_link(&file, &hard).expect("a link");
        for (input, output) in [(&file, &soft), (&soft, &file), (&file, &hard), (&hard, &file)] {
            // Records would be read from a file that grows.
            let appended = run(&["cp", input, "-o", output, "--append"]);
            assert_eq!(appended.status.code(), Some(2), "{input} {output}");
            assert!(err(&appended).contains("is an input and the output"), "{}", err(&appended));
        }
        for (input, output) in [(&file, &soft), (&soft, &file), (&file, &hard), (&hard, &file)] {
            stdout(&["cp", input, "-o", output, "-f"]);
            assert_eq!(stdout(&["digest", output]).lines().count(), before.lines().count());
        }
        assert!(fs::symlink_metadata(&soft).expect("there").is_symlink(), "a link stays one");
    }
    assert_eq!(stdout(&["digest", &file]).lines().count(), before.lines().count());
}

/// A copy of a damaged file is incomplete: it must not take the place of what can be saved yet.
#[test]
fn a_damaged_file_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = crate::common::damaged(folder.path(), "xdf/same_name.std", |bytes| bytes.truncate(31000));
    let before = fs::read(&cut).expect("there");
    let output = run(&["cp", &cut, "-o", &cut, "-f"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("salvage"), "{}", err(&output));
    // A payload that does not decode is nothing that the listing shows.
    let bad = crate::common::damaged(folder.path(), "xdf/masks.std", |_| ());
    let packed = run(&["cp", &bad, "-o", &bad, "-f", "--datyp", "4", "--nbits", "32"]);
    assert_eq!(packed.status.code(), Some(2), "{}", err(&packed));
    assert!(err(&packed).contains("cannot be copied: nothing is written"), "{}", err(&packed));
    assert_eq!(fs::read(&cut).expect("there"), before);
    assert_eq!(stdout(&["digest", &bad]), stdout(&["digest", "xdf/masks.std"]).replace("xdf/masks.std", &bad));
}

/// What does not open, and a list of files, are inputs too.
#[test]
fn other_inputs_are_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = copied(&folder, "xdf/same_name.std");
    let [bad, list] = ["bad.std", "list"].map(|name| path_in(&folder, name));
    for (path, text) in [(&bad, "no FST file"), (&list, &*format!("{good}\n"))] {
        fs::write(path, text).expect("written");
    }
    for args in [&["cp", &good, &bad, "-o", &bad, "-f"][..], &["cp", "--files-from", &list, "-o", &list, "-f"]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains("is an input and the output"), "{}", err(&output));
    }
    assert_eq!(fs::read_to_string(&bad).expect("there"), "no FST file");
    assert_eq!(fs::read_to_string(&list).expect("there"), format!("{good}\n"));
}

/// What is damaged stays, by any name.
#[cfg(unix)]
#[test]
fn salvage_keeps_its_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = crate::common::damaged(folder.path(), "xdf/same_name.std", |bytes| bytes.truncate(31000));
    let before = fs::read(&cut).expect("there");
    let [soft, hard] = ["soft.std", "hard.std"].map(|name| path_in(&folder, name));
    std::os::unix::fs::symlink(&cut, &soft).expect("a link");
    fs::hard_link(&cut, &hard).expect("a link");
    for name in [&cut, &soft, &hard] {
        let output = run(&["salvage", &cut, "-o", name, "-f"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(err(&output).contains("is an input and the output"), "{}", err(&output));
        assert_eq!(fs::read(name).expect("there"), before);
    }
}
