//! Damaged files: data or an error, never a panic or a hang. Every truncation and every bit flip of small files of each
//! container with each data type, and every one of their words set to extreme values.
//!
//! What these files may cost in memory and work is measured in `allocations.rs` and `work.rs`.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use crate::common::{
    corpus::{self, Made, XDF_DATA},
    read,
};
use proptest::prelude::*;
use rayon::prelude::*;
use rpnfst::{Container, File, Limits, OpenOptions, ReadOptions, Record, Source, Threads};

/// Files of librmn, all of whose bits are tried as well.
const SMALL: &[&str] =
    &["xdf/sequential", "rsf/deleted_all", "rsf/empty", "rsf/flushed", "rsf/miss193_f4", "rsf/unclosed"];
/// Larger ones, which are tried here and there.
const LARGE: &[&str] = &[
    "xdf/same_name",
    "xdf/from19",
    "xdf/masks",
    "xdf/unclosed",
    "rsf/concatenated_append",
    "rsf/deleted",
    "rsf/miss066_u1",
    "rsf/extended_metadata_rewrite",
    "rsf/rsf_version0",
    "rsf/miss193_f4",
    "rsf/miss194_u4",
    "rsf/masks",
];

fn of_librmn(name: &&str) -> Made {
    let bytes = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name).with_extension("json")).bytes;
    let container = File::from_bytes(bytes.clone()).map(|file| file.first().expect("one file").container());
    Made { name: (*name).to_owned(), bytes, container: container.expect("sound") }
}

/// Opens, lists, checks and reads everything, and salvages. Returns how many listed records were read without an error.
fn exercise(bytes: Vec<u8>) -> usize {
    exercise_with(bytes, true)
}

fn exercise_with(bytes: Vec<u8>, salvage: bool) -> usize {
    let mut limits = Limits::default();
    limits.max_decoded_bytes = 1 << 20;
    let options = OpenOptions::new().limits(limits);
    let source = Source::bytes(bytes);
    let file = options.open_source(source.clone());
    let read = file.as_ref().map_or(0, |file| {
        let _ = (file.first().map(rpnfst::Member::info), file.check());
        read_all(file, &[])
    });
    if salvage && let Ok(salvage) = options.salvage_source(source) {
        assert_eq!(salvage.records().count(), salvage.file().records().len());
        // Those that were listed have been read.
        read_all(salvage.file(), file.as_ref().map_or(&[], File::records));
    }
    read
}

fn read_all(file: &File, known: &[Record]) -> usize {
    let options = ReadOptions::new().threads(Threads::One);
    let read = |record: &Record| {
        let _ = format!("{record:?} {:?} {:?} {:?}", record.dateo(), record.level(), record.etiket());
        let _ = (file.metadata_text(record), file.payload(record), file.view::<f32>(record));
        file.read_with(record, &options).is_ok()
    };
    file.records().iter().filter(|record| !known.contains(record) && read(record)).count()
}

/// Like [`exercise`]; a panic says where it was.
fn survive(what: impl Fn() -> String, bytes: Vec<u8>, salvage: bool) -> usize {
    catch_unwind(AssertUnwindSafe(|| exercise_with(bytes, salvage))).unwrap_or_else(|_| panic!("panics: {}", what()))
}

fn every_length(made: &Made, lengths: impl IntoParallelIterator<Item = usize>) {
    let sound = exercise(made.bytes.clone());
    lengths.into_par_iter().for_each(|length| {
        let read = survive(|| format!("{} cut to {length}", made.name), made.bytes[..length].to_vec(), true);
        assert!(read <= sound, "{} cut to {length}", made.name);
    });
}

fn every_flip(made: &Made, bits: impl IntoParallelIterator<Item = usize>, salvage: bool) {
    bits.into_par_iter().for_each(|bit| {
        let mut damaged = made.bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        survive(|| format!("{}: bit {} of byte {}", made.name, bit % 8, bit / 8), damaged, salvage);
    });
}

#[test]
fn every_truncation() {
    for made in corpus::of_structures().iter().chain(&SMALL.iter().map(of_librmn).collect::<Vec<_>>()) {
        every_length(made, 0..made.bytes.len());
    }
    corpus::of_types().par_iter().for_each(|made| {
        // Cut in their directory, they are all like the ones above.
        let from = if made.container == Container::Xdf { XDF_DATA } else { 0 };
        every_length(made, from..made.bytes.len());
    });
    for made in LARGE.iter().map(of_librmn) {
        every_length(&made, (0..made.bytes.len()).into_par_iter().step_by(61));
    }
}

#[test]
fn every_bit_flip() {
    for made in corpus::of_structures().iter().chain(&SMALL.iter().map(of_librmn).collect::<Vec<_>>()) {
        every_flip(made, made.used().into_par_iter().flat_map_iter(|at| 8 * at..8 * at + 8), true);
        // Of empty slots, of which nothing reads more than the sum, one bit a byte.
        every_flip(made, (0..made.bytes.len()).into_par_iter().map(|at| 8 * at + at % 8), false);
    }
    corpus::of_types().par_iter().for_each(|made| {
        // The rest does not depend on the type.
        every_flip(made, made.of_records().into_par_iter().flat_map_iter(|at| 8 * at..8 * at + 8), false);
    });
    for made in LARGE.iter().map(of_librmn) {
        every_flip(&made, (0..made.bytes.len()).into_par_iter().step_by(23).map(|at| 8 * at + at % 8), true);
    }
}

/// Lengths, counts, addresses: every word of the files at zero, at the largest values and where sums overflow.
#[test]
fn every_word_at_its_extremes() {
    const WORDS: [u32; 8] = [0, 1, 0xFF, 0xFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF8, u32::MAX];
    for made in corpus::of_structures().into_iter().chain(corpus::of_types()) {
        made.used().into_par_iter().filter(|at| at % 4 == 0).map(|at| at / 4).for_each(|k| {
            for word in WORDS {
                for new in [word.to_be_bytes(), word.to_le_bytes()] {
                    let mut damaged = made.bytes.clone();
                    damaged[4 * k..4 * k + 4].copy_from_slice(&new);
                    survive(|| format!("{}: word {k} is {word:#x}", made.name), damaged, false);
                }
            }
            // Sizes of RSF have two words.
            let mut damaged = made.bytes.clone();
            let end = damaged.len().min(4 * k + 8);
            damaged[4 * k..end].fill(0xFF);
            survive(|| format!("{}: words {k} and the next are all ones", made.name), damaged, true);
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn several_hits_at_once(name in prop::sample::select([SMALL, LARGE].concat()), hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 1..40_usize), 1..12)) {
        let mut damaged = of_librmn(&name).bytes;
        for (at, byte, length) in hits {
            let at = at.index(damaged.len());
            let end = damaged.len().min(at + length);
            damaged[at..end].fill(byte);
        }
        exercise(damaged);
    }

    #[test]
    fn arbitrary_bytes_behind_a_signature(mut tail in prop::collection::vec(any::<u8>(), 64..2000), kind in 0..3) {
        match kind {
            0 => tail[16..28].copy_from_slice(b"RSF0STDF\xEF\xBE\xAD\xDE"),
            1 => tail[8..16].copy_from_slice(b"XDF0STDR"),
            _ => tail[8..16].copy_from_slice(b"XDF0STDS"),
        }
        exercise(tail);
    }
}
