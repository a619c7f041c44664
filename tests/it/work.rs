//! The work on hostile files is bounded by their size: bytes asked for are counted, since time cannot be.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use crate::common::{bombs, corpus};
use rpnfst::{OpenOptions, ReadAt, Source};

/// Counts what is read of a file.
struct Counting {
    bytes: Vec<u8>,
    calls: AtomicU64,
    read: AtomicU64,
}

impl Counting {
    fn new(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes, calls: AtomicU64::new(0), read: AtomicU64::new(0) })
    }

    /// Bytes asked for in multiples of the file's size, and calls for each 100 bytes, since the last time.
    fn cost(&self) -> (f64, f64) {
        let size = self.bytes.len() as f64;
        (self.read.swap(0, Relaxed) as f64 / size, self.calls.swap(0, Relaxed) as f64 / size * 100.0)
    }
}

impl ReadAt for Counting {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let from = usize::try_from(offset).expect("small").min(self.bytes.len());
        let n = buf.len().min(self.bytes.len() - from);
        buf[..n].copy_from_slice(&self.bytes[from..from + n]);
        self.calls.fetch_add(1, Relaxed);
        self.read.fetch_add(n as u64, Relaxed);
        Ok(n)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.bytes.len() as u64)
    }
}

/// Most bytes read in multiples of the file, and calls for each 100 bytes, of the steps below.
const OPENING: (f64, f64) = (1.5, 2.0);
const CHECKING: (f64, f64) = (1.5, 2.0);
const SALVAGING: (f64, f64) = (20.0, 25.0);
/// Records that may claim the same bytes after a salvage.
const CLAIMS: u64 = 8;

#[test]
fn reading_is_bounded() {
    let size = 200_000;
    let mut files = bombs::all(size);
    files.extend(corpus::of_structures().into_iter().map(|made| ("sound", made.bytes)));
    for (name, bytes) in files {
        let counting = Counting::new(bytes);
        let source = Source::reader(Arc::clone(&counting)).expect("sized");
        let size = source.len();
        let within = |step: &str, most: (f64, f64)| {
            let (bytes, calls) = counting.cost();
            println!("{name}: {step}: {bytes:.2} times the file, {calls:.2} calls for 100 bytes");
            // What small files cost in any case.
            let slack = 1e5 / size as f64;
            assert!(bytes <= most.0 + slack && calls <= most.1 + slack, "{name}: {step}: {bytes} {calls}");
        };
        if let Ok(file) = OpenOptions::new().open_source(source.clone()) {
            within("open", OPENING);
            assert!(file.records().len() as u64 <= size / 72, "{name}: {} records", file.records().len());
            file.check().expect("in memory");
            within("check", CHECKING);
        }
        counting.cost();
        if let Ok(salvage) = OpenOptions::new().salvage_source(source) {
            within("salvage", SALVAGING);
            assert!(salvage.file().records().len() as u64 <= size / 72 * 2, "{name}");
            let claimed: u64 =
                salvage.file().records().iter().map(|r| r.total_stored_bytes().min(size - r.file_offset())).sum();
            println!("{name}: {} records with {claimed} bytes", salvage.file().records().len());
            assert!(claimed <= CLAIMS * size, "{name}: records of {claimed} bytes in a file of {size}");
        }
    }
}
