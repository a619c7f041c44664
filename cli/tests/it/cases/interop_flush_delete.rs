//! librmn 20.1: write, flush, delete, close. The record says that it is deleted, the directory does not.

use crate::common::{copied, err, path_in, run, stdout};

const FILE: &str = "cases/interop/flush_delete.rsf";

#[test]
fn it_counts_as_deleted_and_is_cleaned_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let note = stdout(&["check", "--data", FILE]);
    assert!(note.contains("deleted: its own header says so") && note.contains("sound"), "{note}");
    let path = copied(&folder, FILE);
    stdout(&["rm", &path, "--compact"]);
    assert_eq!(stdout(&["ls", "--csv", "--columns", "nomvar", &path]), "nomvar\nR0\nR2\n");
    let path = copied(&folder, FILE);
    stdout(&["rm", &path, "-w", "nomvar=R1"]);
    assert_eq!(stdout(&["ls", "--csv", "--columns", "nomvar", &path]), "nomvar\nR0\nR2\n");
    assert!(!stdout(&["check", &path]).contains("deleted: its own"));
}

#[test]
fn commands_that_read_values_pass_it_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.rsf").display().to_string();
    for args in
        [&["stat", FILE][..], &["digest", FILE], &["get", FILE], &["cp", FILE, "-o", &copy], &["diff", FILE, FILE]]
    {
        let output = run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
        assert_eq!(err(&output).lines().count(), 1, "said once, also of a file that is read twice: {}", err(&output));
    }
    assert_eq!(stdout(&["ls", "--csv", "--columns", "nomvar", &copy]), "nomvar\nR0\nR2\n");
    let edited = copied(&folder, FILE);
    assert!(stdout(&["edit", &edited, "--set", "typvar=A", "--yes"]).contains("2 records changed"));
    let saved = stdout(&["salvage", FILE, "-o", &path_in(&folder, "saved.rsf")]);
    assert_eq!(saved, "2 records saved: 2 of the directory, 0 found, 0 deleted ones\n");
}
