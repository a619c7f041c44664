//! No memory that the file does not justify: peaks of the heap, measured by the allocator, against the size of the file.
//!
//! With `n` bytes of file, beside the file itself:
//!
//! | step | at most | why |
//! |---|---|---|
//! | open, check | 256 KiB + 4 n | 96 bytes for each record, which has 72 in the file at least, in a list that grows by doubling; 1000 problems |
//! | salvage | 1.25 MiB + 10 n | the lists of records found (80 bytes each at least) and kept, tables of both; a step of a search has 1 MiB |
//! | read a record | 64 KiB + 2 n + 2 d | the decoded array of d bytes, its mask; the payload, where a reader copies it |
//! | read many | 64 KiB + 2 b | `b` is `ReadOptions::batch_bytes`, for all threads together, or the largest record |
//!
//! `d` is at most 16 bytes for each bit of the payload, since a value has one bit at least. Compressed payloads hold up to 392
//! values a word, in one plane; up to 1023 planes more, which are not in the file, have `Limits::max_lost_bytes` or are left out
//! (`LostPlanes::Omit`). `Limits::max_decoded_bytes` caps it.

#[allow(dead_code, reason = "what the other tests use")]
mod common;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard},
};

use cap::Cap;
use common::{bombs, corpus};
use peak_alloc::PeakAlloc;
use rpnfst::{
    Array, Attributes, Container, DataType, File, Limits, LostPlanes, MemoryFile, OpenOptions, ReadAt, ReadOptions,
    Severity, Source, Threads, WriteOptions,
};

// The reason for a program of its own.
#[global_allocator]
static HEAP: Cap<PeakAlloc> = Cap::new(PeakAlloc, usize::MAX);

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// The heap is that of all tests: one at a time.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The result of some work, and the most bytes that were in use at a time, beyond those before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = PeakAlloc.current_usage();
    PeakAlloc.reset_peak_usage();
    let result = work();
    (result, PeakAlloc.peak_usage().saturating_sub(before) as u64)
}

/// Largest shares of what is allowed, for each step.
#[derive(Default, Debug)]
struct Worst {
    open: f64,
    salvage: f64,
    read: f64,
}

impl Worst {
    /// Opens, checks, salvages, reads.
    fn try_all(&mut self, name: &str, source: &Source, limits: Limits) {
        let options = OpenOptions::new().limits(limits);
        let size = source.len();
        let share = |step: &str, worst: &mut f64, found: u64, allowed: u64| {
            assert!(found <= allowed, "{name}: {step}: {found} bytes, {allowed} are allowed ({size} in the file)");
            *worst = worst.max(found as f64 / allowed as f64);
        };
        let (file, found) = peak(|| options.open_source(source.clone()));
        share("open", &mut self.open, found, 256 * KIB + 4 * size);
        if let Ok(file) = &file {
            let (_, found) = peak(|| (file.check(), file.first().map(rpnfst::Member::info)));
            share("check", &mut self.open, found, 256 * KIB + 4 * size);
        }
        let (salvage, found) = peak(|| options.salvage_source(source.clone()));
        share("salvage", &mut self.salvage, found, MIB + 256 * KIB + 10 * size);
        for file in [file.ok().as_ref(), salvage.ok().as_ref().map(rpnfst::Salvage::file)].into_iter().flatten() {
            let reading = ReadOptions::new().threads(Threads::One);
            // Those of a pile are all the same.
            for record in file.records().iter().take(50) {
                let (field, found) = peak(|| file.read_with(record, &reading));
                let decoded = field.map_or(0, |field| field.values().to_le_bytes().len() as u64);
                let most = limits.max_decoded_bytes.min(payload_allows(record, size));
                share("read", &mut self.read, found, 64 * KIB + 2 * size + 2 * most);
                assert!(decoded <= most, "{name}: {record:?}: {decoded} bytes, {most} are allowed");
                let (_, found) = peak(|| (file.metadata_text(record), file.payload(record), file.view::<f32>(record)));
                share("payload", &mut self.read, found, 64 * KIB + 2 * size);
            }
        }
    }
}

/// Bytes of values that a payload can stand for.
fn payload_allows(record: &rpnfst::Record, size: u64) -> u64 {
    let length = record.payload_extent().1.min(size);
    if record.data_type().is_turbo() {
        length / 4 * 392 * 8 + Limits::default().max_lost_bytes
    } else {
        8 * length * 16
    }
}

/// In memory, and through a reader, which copies.
fn sources(bytes: &[u8]) -> [Source; 2] {
    let memory = MemoryFile::new();
    rpnfst::WriteAt::write_at(&memory, bytes, 0).expect("in memory");
    [Source::bytes(bytes.to_vec()), Source::reader(memory).expect("sized")]
}

#[test]
fn files_made_to_cost() {
    let _alone = alone();
    let mut worst = Worst::default();
    for size in [20_000, 300_000] {
        for (name, bytes) in bombs::all(size) {
            for source in sources(&bytes) {
                worst.try_all(name, &source, Limits::default());
            }
        }
    }
    println!("{worst:?}");
}

/// Whatever one byte claims. (`hostile.rs` tries all bits; here each byte gets a large value.)
#[test]
fn damaged_files() {
    let _alone = alone();
    let mut worst = Worst::default();
    let mut limits = Limits::default();
    limits.max_decoded_bytes = MIB;
    for made in corpus::of_structures().into_iter().chain(corpus::of_types()) {
        let source = |bytes: &[u8]| Source::bytes(bytes.to_vec());
        let mut bytes = made.bytes.clone();
        worst.try_all(&made.name, &source(&bytes), limits);
        for at in made.of_records().into_iter().step_by(3) {
            let old = std::mem::replace(&mut bytes[at], 0xFF);
            worst.try_all(&format!("{}, byte {at}", made.name), &source(&bytes), limits);
            bytes[at] = old;
        }
    }
    println!("{worst:?}");
}

/// Dimensions, lengths, counts and metadata beyond everything, with the default limits.
#[test]
fn huge_claims() {
    let _alone = alone();
    let mut worst = Worst::default();
    for code in corpus::TYPES {
        let mut bytes = bombs::plain(Container::Xdf);
        for (ni, nj, nk) in [
            (0xFF_FFFF, 0xFF_FFFF, 0xF_FFFF),
            (0xFF_FFFF, 0xFF_FFFF, 1),
            (0xFF_FFFF, 1, 1),
            (1, 1, 0xF_FFFF),
            (0xFFFF, 0xFFFF, 1024),
        ] {
            for at in [corpus::XDF_SLOTS, corpus::XDF_DATA] {
                bombs::put(&mut bytes, at + 12, ni << 8);
                bombs::put(&mut bytes, at + 16, nj << 8 | usize::from(code));
                bombs::put(&mut bytes, at + 20, nk << 12);
            }
            for source in sources(&bytes) {
                worst.try_all(&format!("type {code}, {ni} x {nj} x {nk}"), &source, Limits::default());
            }
        }
    }
    let rsf = bombs::plain(Container::Rsf);
    for at in (140..rsf.len() - 8).step_by(4) {
        for value in [u64::MAX, 1 << 62, 1 << 40, u64::from(u32::MAX)] {
            let mut bytes = rsf.clone();
            bombs::put_u64p(&mut bytes, at, value);
            for source in sources(&bytes) {
                worst.try_all(&format!("byte {at} is {value:#x}"), &source, Limits::default());
            }
        }
    }
    println!("{worst:?}");
}

/// 1,024 x 1,024 values in 1,000 planes, of which one is in the file.
fn lost_planes() -> Vec<u8> {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("in memory");
    let values = vec![1.0_f32; 1 << 20];
    let record = Attributes::new("TT").data_type(DataType::new(134)).pack_bits(16);
    writer.write(&record, &Array::new(&values, (1 << 10, 1 << 10, 1)).expect("dims")).expect("in memory");
    writer.close().expect("in memory");
    let mut bytes = memory.to_vec();
    for at in [corpus::XDF_SLOTS, corpus::XDF_DATA] {
        bombs::put(&mut bytes, at + 20, 1000 << 12);
    }
    bytes
}

/// The case lost-planes: planes that are not in the file cost nothing until the whole array is asked for.
#[test]
fn planes_that_are_not_in_the_file() {
    const PLANE: u64 = 4 << 20;
    let _alone = alone();
    let file = File::from_bytes(lost_planes()).expect("it opens");
    let record = &file.records()[0];
    assert_eq!((record.data_type().code(), record.planes_in_file(), record.lost_planes()), (134, 1, 999));
    let (problems, found) = peak(|| file.check().expect("in memory"));
    assert!(found < 256 * KIB && problems.iter().any(|problem| problem.severity == Severity::Damage), "{problems:?}");
    let (refused, found) = peak(|| file.read(record).map(drop));
    let error = refused.expect_err("4 GB");
    assert!(error.to_string().contains("999 of 1000 planes are not in the file"), "{error}");
    assert!(found < 64 * KIB, "{found}");
    let omit = ReadOptions::new().lost_planes(LostPlanes::Omit);
    let (field, found) = peak(|| file.read_with(record, &omit).expect("a plane"));
    assert_eq!((field.dims(), field.missing_count()), ((1 << 10, 1 << 10, 1), 0));
    assert!((PLANE..2 * PLANE).contains(&found), "{found}");
    let mut plane = vec![0.0_f32; 1 << 20];
    assert!(file.read_into(record, &mut plane, &omit).is_ok_and(|mask| mask.is_none()));
    assert!(file.read_into(record, &mut plane, &ReadOptions::new()).is_err());
    assert_eq!(record.decoded_bytes(), 1000 * PLANE + 1000 * PLANE / 32);
    // A few are missing values.
    let mut few = lost_planes();
    for at in [corpus::XDF_SLOTS, corpus::XDF_DATA] {
        bombs::put(&mut few, at + 20, 3 << 12);
    }
    let file = File::from_bytes(few).expect("it opens");
    let field = file.read(&file.records()[0]).expect("three planes");
    assert_eq!((field.dims(), field.missing_count()), ((1 << 10, 1 << 10, 3), 2 << 20));
}

/// What all threads hold together is bounded, whatever the directory says of the size of an element.
#[test]
fn many_records_at_a_time() {
    let _alone = alone();
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("in memory");
    let values = vec![1.0_f32; 1 << 18]; // 1 MiB
    for ip1 in 0..64 {
        let record = Attributes::new("TT").ip1(ip1).data_type(DataType::new(134)).pack_bits(16);
        writer.write(&record, &Array::new(&values, (1 << 9, 1 << 9, 1)).expect("dims")).expect("in memory");
    }
    writer.close().expect("in memory");
    let mut bytes = memory.to_vec();
    // Elements of 1 bit in memory, which reals never have.
    for slot in 0..64 {
        bytes[corpus::XDF_SLOTS + 72 * slot + 8 + 47] = 1;
    }
    for source in sources(&bytes) {
        let file = OpenOptions::new().open_source(source).expect("sound");
        let options = ReadOptions::new().batch_bytes(4 * MIB);
        let (count, found) =
            peak(|| file.read_many(file.records(), &options).filter(|(_, field)| field.is_ok()).count());
        assert_eq!(count, 64);
        assert!(found < 8 * MIB, "{found}");
    }
}

/// A file that is nearly all hole, such as archives hold in a few bytes, is read in pieces and not at once.
struct Hole {
    head: Vec<u8>,
    size: u64,
}

impl ReadAt for Hole {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<usize> {
        // The file was cut behind its head since its size was asked.
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.head.len());
        let n = buf.len().min(self.head.len() - from);
        buf[..n].copy_from_slice(&self.head[from..from + n]);
        Ok(n)
    }

    fn size(&self) -> std::io::Result<u64> {
        Ok(self.size)
    }
}

#[test]
fn sizes_that_are_not_there() {
    let _alone = alone();
    // The directory claims nearly all of the terabyte that the file had.
    let mut head = bombs::plain(Container::Rsf);
    bombs::put_u64p(&mut head, 140 + 36, (1 << 40) - 140);
    bombs::put_u64p(&mut head, 140 + 52, (1 << 40) - 1000);
    let source = Source::reader(Hole { head, size: 1 << 40 }).expect("sized");
    let (opened, found) = peak(|| OpenOptions::new().open_source(source));
    assert!(opened.is_err() && found < 70 * MIB, "{found}: {opened:?}");
}

/// Memory that the limits allow and the machine does not have is an error, never the end of the process.
#[test]
fn no_memory() {
    let _alone = alone();
    let memory = MemoryFile::new();
    let n = 70 << 20;
    let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("in memory");
    let record = Attributes::new("BITS").data_type(DataType::UNSIGNED).pack_bits(1);
    let shape = (7 << 10, 10 << 10, 1);
    writer.write(&record, &Array::new(vec![0_u32; n], shape).expect("dims")).expect("in memory");
    writer.close().expect("in memory");
    let file = File::from_bytes(memory.to_vec()).expect("sound");
    let record = &file.records()[0];
    HEAP.set_limit(HEAP.allocated() + (100 << 20)).expect("more than is used");
    let refused = catch_unwind(AssertUnwindSafe(|| file.read(record).map(drop)));
    HEAP.set_limit(usize::MAX).expect("no limit");
    let error = refused.expect("no panic").expect_err("280 MiB").to_string();
    assert!(error.contains("out of memory"), "{error}");
    assert!(file.read(record).is_ok());
    // As a reader cannot hold the payload.
    let source = Source::reader(Arc::new(Hole { head: vec![0; 65 << 20], size: 1 << 40 })).expect("sized");
    HEAP.set_limit(HEAP.allocated() + (100 << 20)).expect("more than is used");
    let refused = source.get(0, 1 << 39).map(drop);
    HEAP.set_limit(usize::MAX).expect("no limit");
    assert_eq!(refused.expect_err("half a terabyte").kind(), std::io::ErrorKind::OutOfMemory);
}
