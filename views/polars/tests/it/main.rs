//! Frames against the tables that they are made of.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod back;
mod columns;
#[cfg(feature = "sql")]
mod sql;

use std::path::{Path, PathBuf};

use rpnfst::RecordTable;

const FILES: [&str; 10] = [
    "xdf/dates.std",
    "xdf/from19.std",
    "xdf/masks.std",
    "xdf/same_name.std",
    "xdf/sequential.seq.std",
    "cases/intervals.std",
    "rsf/quirks.rsf",
    "rsf/extended_metadata.rsf",
    "rsf/same_name.rsf",
    "rsf/empty.rsf",
];

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// The records of files of all kinds.
fn table() -> RecordTable {
    RecordTable::of_files(FILES.map(|name| testdata().join(name))).unwrap()
}
