//! `salvage`.

use std::fs;

use crate::common::{self, damaged, err, expected, json_lines, out, path_in, records, run, stdout};
use serde_json::Value;

const SAME: &str = "xdf/same_name.std";

fn sums(file: &str) -> Vec<String> {
    let mut sums: Vec<_> =
        json_lines(&stdout(&["digest", "--json", file])).iter().map(|line| line["sha256"].to_string()).collect();
    sums.sort();
    sums
}

#[test]
fn sound_files_are_copied() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved");
    for name in [SAME, "xdf/sequential.seq.std", "rsf/masks.rsf"] {
        let report = stdout(&["salvage", name, "-o", &saved, "-f"]);
        assert!(report.contains(" 0 found, 0 deleted"), "{report}");
        assert!(stdout(&["diff", name, &saved]).ends_with(" identical\n"));
    }
}

#[test]
fn unclosed_files_give_what_their_writer_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved");
    for name in ["xdf/unclosed.std", "rsf/unclosed.rsf"] {
        let report = stdout(&["salvage", name, "-o", &saved, "-f"]);
        assert_eq!(report, "7 records saved: 4 of the directory, 3 found, 0 deleted ones\n", "{name}");
        assert_eq!(stdout(&["check", "-q", "--data", &saved]), "");
    }
}

#[test]
fn deleted_records_on_demand() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved");
    for (name, description) in [("xdf/deleted.std", "xdf/deleted.json"), ("rsf/deleted.rsf", "rsf/deleted.json")] {
        let live = records(&expected(description)).len();
        stdout(&["salvage", name, "-o", &saved, "-f"]);
        assert_eq!(sums(&saved).len(), live, "{name}");
        let report = stdout(&["salvage", name, "-o", &saved, "-f", "--deleted"]);
        assert!(sums(&saved).len() > live && !report.contains(" 0 deleted"), "{name}: {report}");
    }
}

#[test]
fn truncated_files_lose_their_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved");
    for (name, description, container) in
        [(SAME, "xdf/same_name.json", "rsf"), ("rsf/same_name.rsf", "rsf/same_name.json", "xdf")]
    {
        let description = expected(description);
        let offset = |record: &Value| record["file_offset"].as_u64().unwrap_or(0);
        let cut = offset(&records(&description)[40]) + 100;
        let file = damaged(folder.path(), name, |bytes| bytes.truncate(usize::try_from(cut).expect("small")));
        let output = run(&["salvage", &file, "-o", &saved, "-f", "--container", container]);
        assert_eq!(output.status.code(), Some(1), "{}", err(&output));
        assert!(out(&output).starts_with("40 records saved: "), "{name}: {} {}", out(&output), err(&output));
        assert_eq!(stdout(&["check", "-q", "--data", &saved]), "");
    }
}

#[test]
fn a_flipped_bit_costs_a_record_at_most() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved");
    let whole = sums(SAME);
    // Header, directory page, an entry, a record's own header.
    for (at, least) in [(17, 44), (9, 44), (208 + 6, 44), (240 + 72 * 5 + 2, 44), (18672 + 2, 43)] {
        let file = damaged(folder.path(), SAME, |bytes| bytes[at] ^= 0x10);
        let output = run(&["salvage", &file, "-o", &saved, "-f"]);
        assert!(output.status.code().is_some_and(|code| code < 2), "byte {at}: {}", err(&output));
        let found = sums(&saved);
        assert!(found.len() >= least && found.iter().all(|sum| whole.contains(sum)), "byte {at}: {}", found.len());
    }
}

#[test]
fn values_that_cannot_be_read_are_lost_unless_raw() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved");
    let own = records(&expected("xdf/same_name.json"))[0]["file_offset"].as_u64().unwrap_or(0);
    // A data type that does not exist, in the directory and in the record.
    let file = damaged(folder.path(), SAME, |bytes| {
        for entry in [240, usize::try_from(own).expect("small")] {
            bytes[entry + 19] ^= 0x39;
        }
    });
    let output = run(&["salvage", &file, "-o", &saved]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains("lost: ") && err(&output).contains("record 0 (TT at byte 18672)"),
        "{}",
        err(&output)
    );
    assert!(out(&output).starts_with("43 records saved"), "{}", out(&output));
    let output = run(&["salvage", &file, "-o", &saved, "--raw", "-f"]);
    assert!(out(&output).starts_with("44 records saved"), "{} {}", out(&output), err(&output));
}

#[test]
fn a_damaged_file_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = common::damaged(folder.path(), SAME, |bytes| bytes.truncate(31000));
    let before = fs::read(&cut).expect("there");
    let output = run(&["salvage", &cut, "-o", &cut, "-f"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("name another output"), "{}", err(&output));
    assert_eq!(fs::read(&cut).expect("there"), before);
}

#[test]
fn what_cannot_be_saved_leaves_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved");
    let text = path_in(&folder, "text");
    fs::write(&text, b"Dear reader,\n").expect("written");
    for args in [
        &["salvage", &text, "-o", &saved][..],
        &["salvage", "none.std", "-o", &saved],
        &["salvage", "rsf/empty.rsf", "-o", &saved],
        &["salvage", SAME],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(!folder.path().join("saved").exists());
    }
    fs::write(&saved, b"mine").expect("written");
    assert_eq!(run(&["salvage", SAME, "-o", &saved]).status.code(), Some(2));
    assert_eq!(fs::read(&saved).expect("there"), b"mine");
}
