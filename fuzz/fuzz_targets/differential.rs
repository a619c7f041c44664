//! XDF files with any payloads, against librmn 19.5 in a child process, which may die of them: that is its result. Where
//! both list a record alike and both read it, they read the same values. Directories are sound: of others librmn rarely
//! comes back.
//!
//! Needs `RPNFST_LIBRMN`, and the program of the oracle crate in `RPNFST_ORACLE_CHILD`; without them nothing is compared.
#![no_main]

use std::{env, fs, sync::LazyLock, time::Duration};

use libfuzzer_sys::fuzz_target;
use rpnfst::{DataType, File, FillMissing, ReadOptions, Threads, Values};
use rpnfst_fuzz::recipe::Recipe;
use rpnfst_oracle::child::{self, Job};

static READY: LazyLock<bool> =
    LazyLock::new(|| env::var_os("RPNFST_LIBRMN").is_some() && env::var_os(child::PROGRAM_VARIABLE).is_some());

fuzz_target!(|recipe: Recipe| {
    if !*READY {
        return;
    }
    let bytes = recipe.build_with_other_values();
    let Ok(file) = File::from_bytes(bytes.clone()) else { return };
    let path = env::temp_dir().join(format!("rpnfst-differential-{}.std", std::process::id()));
    fs::write(&path, &bytes).expect("a temporary file");
    let outcome = child::run(&Job::Survey { path: &path }, Duration::from_secs(2)).expect("the child starts");
    fs::remove_file(&path).expect("it is there");
    for line in outcome.report.lines() {
        compare(&file, line, recipe.is_sound());
    }
    assert!(!recipe.is_sound() || outcome.is_success(), "librmn {:?} {}", outcome.end, outcome.stderr);
});

/// A line `I HANDLE DATYP NBITS NI NJ NK BYTES HASH`; others say nothing of values.
fn compare(file: &File, line: &str, sound: bool) {
    let words: Vec<&str> = line.split(' ').collect();
    let [_, handle, datyp, nbits, ni, nj, nk, bytes, hash] = words[..] else { return };
    let (Ok(handle), Ok(size)) = (handle.parse::<u32>(), bytes.parse::<usize>()) else { return };
    // Page and slot.
    let index = (handle >> 19 & 0xFFF) * 256 + (handle >> 10 & 0x1FF);
    let Some(record) = file.records().iter().find(|record| record.file_index() == index) else {
        assert!(!sound, "{line}");
        return;
    };
    let bits = record.pack_bits();
    let ours = format!("{} {bits} {} {} {}", record.data_type().code(), record.ni(), record.nj(), record.nk());
    if ours != [datyp, nbits, ni, nj, nk].join(" ") {
        assert!(!sound, "{line}, {ours}");
        return;
    }
    // Uncompressible fields of type 130 that librmn stores and reads wrongly (docs/format/codecs.md).
    if record.data_type().base() == DataType::UNSIGNED.base() && bits <= 16 {
        return;
    }
    // Several planes of which the header counts one: librmn gives zeros, we give the one that is there.
    if record.data_type().code() & !64 == 134 && record.nk() > 1 && !sound {
        return;
    }
    let options = ReadOptions::new().missing(FillMissing::Substitute).threads(Threads::One);
    let Ok(field) = file.read_with(record, &options) else {
        assert!(!sound, "{line}");
        return;
    };
    let bytes = widened(field.values()).to_le_bytes().into_owned();
    assert_eq!((bytes.len(), format!("{:016x}", fnv(&bytes))), (size, hash.to_owned()), "{line} {record:?}");
}

/// As librmn 19.5 reads it, which knows nothing of the width of elements in memory.
fn widened(values: &Values) -> Values {
    match values {
        Values::U16(values) => Values::U32(values.iter().map(|&value| value.into()).collect()),
        Values::I16(values) => Values::I32(values.iter().map(|&value| value.into()).collect()),
        Values::I8(values) => Values::I32(values.iter().map(|&value| value.into()).collect()),
        values => values.clone(),
    }
}

/// The hash of the child, FNV-1a.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
