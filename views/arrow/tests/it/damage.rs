//! Damaged indexes are errors, and stale ones never give wrong records.

use std::{fs, sync::LazyLock};

use proptest::{prelude::*, test_runner::Config};
use rpnfst::RecordTable;
use rpnfst_arrow::{read_index, write_index};

use crate::common::{folder_of, testdata};

fn small_index() -> (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
    let (folder, files) = folder_of(&["cases/intervals.std"]);
    let index = folder.path().join("index");
    write_index(&RecordTable::of_files(files).expect("a table"), &index).expect("written");
    let bytes = fs::read(&index).expect("read");
    (folder, index, bytes)
}

#[test]
fn cut_at_every_byte() {
    let (_folder, index, bytes) = small_index();
    let file = fs::OpenOptions::new().write(true).open(&index).expect("open");
    for length in (0..bytes.len()).rev() {
        file.set_len(length as u64).expect("cut");
        assert!(read_index(&index).is_err(), "{length} of {} bytes", bytes.len());
    }
}

proptest! {
    #![proptest_config(Config { cases: 500, failure_persistence: None, ..Config::default() })]

    #[test]
    fn flipped_bits(flips in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 1..4)) {
        static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| small_index().2);
        let mut bytes = SOUND.clone();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << (bit % 8);
        }
        let index = tempfile::NamedTempFile::new().expect("a file");
        fs::write(&index, &bytes).expect("written");
        prop_assert_eq!(read_index(&index).is_err(), bytes != *SOUND);
    }
}

/// The header that a record has in its file must agree with the index.
#[test]
fn a_file_that_is_another_one_now_gives_no_wrong_record() {
    let (folder, files) = folder_of(&["xdf/same_name.std"]);
    let index = folder.path().join("index");
    write_index(&RecordTable::of_files(&files).expect("a table"), &index).expect("written");
    for other in ["rsf/same_name.rsf", "xdf/masks.std", "xdf/quirks.std", "cases/intervals.std", "xdf/dates.std"] {
        fs::copy(testdata().join(other), &files[0]).expect("replaced");
        let table = read_index(&index).expect("the index is sound");
        assert!(!table.files()[0].is_current());
        let now = rpnfst::File::open(&files[0]).expect("open");
        let Ok(file) = table.file() else { continue };
        for record in file.records() {
            let same = now.records().iter().any(|now| now.identity() == record.identity());
            assert!(file.read(record).is_err() || same, "{other}: {record:?}");
        }
    }
    fs::remove_file(&files[0]).expect("removed");
    assert!(read_index(&index).expect("the index is sound").file().is_err());
}
