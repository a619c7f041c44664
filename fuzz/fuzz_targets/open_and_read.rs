//! Any bytes: open, list, check, and read every record.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::{Limits, OpenOptions, ReadOptions, Source, Threads, record::Column};

fuzz_target!(|data: Vec<u8>| {
    let mut limits = Limits::default();
    limits.max_decoded_bytes = 1 << 24;
    let Ok(file) = OpenOptions::new().limits(limits).open_source(Source::bytes(data)) else { return };
    let _ = (file.info(0), file.check(0));
    let options = ReadOptions::new().threads(Threads::One);
    for record in file.records().iter().take(64) {
        for column in Column::ALL {
            let _ = column.of(record);
        }
        let _ = (file.metadata(record), file.view::<f32>(record), file.read_with(record, &options));
    }
});
