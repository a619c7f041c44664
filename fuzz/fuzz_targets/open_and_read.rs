//! Any bytes: open, list, check, and read every record; salvage and copy what is readable.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::{Limits, MemoryFile, OpenOptions, ReadOptions, Source, Threads, WriteOptions, record::Column};

fuzz_target!(|data: Vec<u8>| {
    let mut limits = Limits::default();
    limits.max_decoded_bytes = 1 << 24;
    let open = OpenOptions::new().limits(limits);
    let source = Source::bytes(data);
    if let Ok(salvage) = open.salvage_source(source.clone()) {
        let container = salvage.file().info(0).map(|info| info.container).expect("one file");
        let writer = WriteOptions::new().container(container).create_sink(MemoryFile::new());
        let mut writer = writer.expect("a file in memory");
        for (record, _) in salvage.records().take(64) {
            if salvage.file().read(record).is_ok() {
                let _ = writer.copy(salvage.file(), record);
            }
        }
        writer.close().expect("a file in memory");
    }
    let Ok(file) = open.open_source(source) else { return };
    let _ = (file.info(0), file.check(0));
    let options = ReadOptions::new().threads(Threads::One);
    for record in file.records().iter().take(64) {
        for column in Column::ALL {
            let _ = column.of(record);
        }
        let _ = (file.metadata(record), file.view::<f32>(record), file.read_with(record, &options));
    }
});
