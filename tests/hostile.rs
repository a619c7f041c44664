//! Damaged files: data or an error, never a panic, a hang or an unearned allocation.

mod common;

use std::path::Path;

use common::read;
use proptest::prelude::*;
use rpnfst::{File, Limits, OpenOptions, ReadOptions, Source, Threads};

/// Small files of each container; together they hold every data type.
const FILES: &[&str] = &[
    "xdf/same_name",
    "xdf/sequential",
    "xdf/from19",
    "rsf/deleted",
    "rsf/concatenated_append",
    "rsf/extended_metadata_rewrite",
    "rsf/rsf_version0",
    "rsf/miss194_u4",
];

fn bytes(name: &str) -> Vec<u8> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name).with_extension("json")).bytes
}

/// Opens, lists, checks and reads everything. Returns how many records were read without an error.
fn exercise(bytes: Vec<u8>) -> usize {
    let mut limits = Limits::default();
    limits.max_decoded_bytes = 1 << 24;
    let Ok(file) = OpenOptions::new().limits(limits).open_source(Source::bytes(bytes)) else { return 0 };
    let options = ReadOptions::new().threads(Threads::One);
    let _ = (file.info(0), file.check(0));
    let mut read = 0;
    for record in file.records() {
        let _ = format!("{record:?} {:?} {:?} {:?}", record.dateo(), record.level(), record.etiket());
        let _ = (file.metadata_text(record), file.payload(record), file.view::<f32>(record));
        read += usize::from(file.read_with(record, &options).is_ok());
    }
    read
}

#[test]
fn every_truncation() {
    for name in FILES {
        let whole = bytes(name);
        let sound = exercise(whole.clone());
        assert!(sound > 0);
        // Every length of what is small; of directory pages, mostly zeros, every 61st.
        let step = if whole.len() < 12_000 { 1 } else { 61 };
        for length in (0..whole.len()).step_by(step) {
            assert!(exercise(whole[..length].to_vec()) <= sound);
        }
    }
}

#[test]
fn every_bit_flip() {
    for name in FILES {
        let whole = bytes(name);
        // All bits of small files; of the others those of the header and of the used part of the first page, and some.
        let step = if whole.len() < 9_000 { 1 } else { 37 };
        for at in (0..whole.len()).filter(|&at| at < 700 || at % step == 0) {
            let bits = if whole.len() < 3_000 || at < 300 { 0..8 } else { at % 8..at % 8 + 1 };
            for bit in bits {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                exercise(damaged);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_words_in_headers(name in prop::sample::select(FILES), at in 0usize..200, word in prop::sample::select(vec![0u32, 1, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, u32::MAX]), little: bool) {
        let mut damaged = bytes(name);
        let new = if little { word.to_le_bytes() } else { word.to_be_bytes() };
        if let Some(place) = damaged.get_mut(4 * at..4 * at + 4) {
            place.copy_from_slice(&new);
        }
        exercise(damaged);
    }

    #[test]
    fn arbitrary_bytes_behind_a_signature(mut tail in prop::collection::vec(any::<u8>(), 64..2000), rsf: bool) {
        if rsf {
            tail[16..28].copy_from_slice(b"RSF0STDF\xEF\xBE\xAD\xDE");
        } else {
            tail[8..16].copy_from_slice(b"XDF0STDR");
        }
        exercise(tail);
    }
}

/// A directory that claims a huge array: refused before anything is allocated for it.
#[test]
fn limits_hold() {
    let mut whole = bytes("rsf/rsf_version0");
    let file = File::from_bytes(whole.clone()).expect("opens");
    let record = &file.records()[0];
    let (directory, offset) = match file.info(0).expect("info").details {
        rpnfst::info::Details::Rsf { segments, .. } => (segments[1].directory_offset, record.offset()),
        _ => unreachable!("an RSF file"),
    };
    // ni and nj in the metadata words 4 and 5 of the first directory entry.
    let words = usize::try_from(directory + 20 + 32 + 16).expect("small");
    whole[words + 1..words + 4].fill(0xFF);
    whole[words + 5..words + 8].fill(0xFF);
    let damaged = File::from_bytes(whole).expect("opens");
    let record = &damaged.records()[0];
    assert_eq!((record.offset(), record.ni(), record.nj()), (offset, 0xFF_FFFF, 0xFF_FFFF));
    let error = damaged.read(record).expect_err("too large").to_string();
    assert!(error.contains("record 0 ("), "{error}");
}
