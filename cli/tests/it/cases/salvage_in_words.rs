//! `salvage` called lost what it had saved under another description.

use std::{fs, io::Read as _};

use flate2::read::GzDecoder;

use crate::common::{copied, damaged, err, out, path_in, run, stdout, testdata};

const SAME: &str = "xdf/same_name.std";

/// A byte that is gone moves all records behind it: the directory has their old places.
#[test]
fn records_that_moved_are_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved.std");
    // In front of all records, and within one of them, whose values nothing vouches for.
    for (at, where_it_says) in [(18_671, 1), (20_000, 6)] {
        let moved = damaged(folder.path(), SAME, |bytes| {
            bytes.remove(at);
        });
        let output = run(&["salvage", &moved, "-o", &saved, "-f"]);
        assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
        // Nothing is lost, so that there is nothing to take without reading it.
        let raw = path_in(&folder, "raw.std");
        assert_eq!(out(&run(&["salvage", &moved, "-o", &raw, "-f", "--raw"])), out(&output));
        assert_eq!(fs::read(&raw).expect("there"), fs::read(&saved).expect("there"));
        let again = 44 - where_it_says;
        let words =
            format!("the directory has 44 records: {where_it_says} where it says, {again} found again, 0 lost\n");
        assert!(out(&output).ends_with(&words), "{}", out(&output));
    }
    assert_eq!(stdout(&["check", "-q", "--data", &saved]), "");
}

#[test]
fn a_file_that_is_cut_between_records_has_lost_some() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path_in(&folder, "saved.std");
    for name in [SAME, "rsf/same_name.rsf"] {
        let offsets = stdout(&["ls", "--csv", "--columns", "file_offset", name]);
        let cut: usize = offsets.lines().nth(41).and_then(|line| line.parse().ok()).expect("an offset");
        let file = damaged(folder.path(), name, |bytes| bytes.truncate(cut));
        let output = run(&["salvage", &file, "-o", &saved, "-f"]);
        assert_eq!(output.status.code(), Some(1), "{name}: {}", out(&output));
        assert!(out(&output).starts_with("40 records saved"), "{name}: {}", out(&output));
        assert!(err(&output).contains("lost"), "{name}: {}", err(&output));
    }
}

/// What a parallel librmn writer that died has left unused is no loss.
#[test]
fn room_of_a_dead_writer_is_no_loss() {
    let folder = tempfile::tempdir().expect("a folder");
    let (half, saved) = (path_in(&folder, "half.rsf"), path_in(&folder, "saved.rsf"));
    let mut bytes = Vec::new();
    let packed = fs::File::open(testdata().join("cases/interop/half_segment_of_librmn.rsf.gz")).expect("the file");
    GzDecoder::new(packed).read_to_end(&mut bytes).expect("gzip");
    fs::write(&half, &bytes).expect("written");
    let output = run(&["salvage", &half, "-o", &saved]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
    assert_eq!(out(&output), "3 records saved: 3 of the directory, 0 found, 0 deleted ones\n");
    // Bytes in it that are none are.
    bytes[500_000] = 1;
    fs::write(&half, &bytes).expect("written");
    let output = run(&["salvage", &half, "-o", &saved, "-f"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("nothing recognised"), "{}", err(&output));
}

#[test]
fn sound_files_need_no_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    let report = stdout(&["salvage", &file, "-o", &path_in(&folder, "saved.std")]);
    assert_eq!(report, "44 records saved: 44 of the directory, 0 found, 0 deleted ones\n");
}
