//! The round trip through a saved index: over the repository's files, and over the collection where it is.

use std::{collections::HashSet, path::Path};

use rpnfst::{OpenOptions, RecordTable, record::Column};
use rpnfst_arrow::{read_index, write_index};

use crate::{
    below::files_below,
    collection,
    common::{assert_same, testdata},
};

/// Records whose values the test reads at a time: the mapped files and the decoded values of as many are there together.
const AT_ONCE: usize = 64;

/// The table of all FST files below a folder is written and loaded: all columns and records are the same, and values of
/// one record of each file are read by it as the file itself gives them. Files and records that there were.
fn comes_back(folder: &Path) -> (usize, usize) {
    let table = OpenOptions::new().scan(&files_below(folder), |_| ()).table;
    let place = tempfile::tempdir().expect("a folder");
    let index = place.path().join("index.parquet");
    write_index(&table, &index).expect("written");
    let again = read_index(&index).expect("read");
    assert_same(&again, &table);
    for &column in Column::ALL {
        let [one, other] = [&again, &table].map(|table| format!("{:?}", table.column(column)));
        assert!(one == other, "column {} of {}", column.name(), folder.display());
    }
    assert!(again.records().eq(table.records()));
    let mut seen = HashSet::new();
    let firsts = (0_u32..).zip(&again.columns().file).filter(|(_, file)| seen.insert(**file));
    let firsts: Vec<u32> = firsts.map(|(row, _)| row).collect();
    for rows in firsts.chunks(AT_ONCE) {
        values_are_same(&again, &table, rows);
    }
    (table.files().len(), table.len())
}

/// Without the index each file is opened by itself.
fn values_are_same(again: &RecordTable, table: &RecordTable, rows: &[u32]) {
    let through = again.take(rows).file().expect("open");
    assert_eq!(through.records().len(), rows.len());
    for (record, row) in through.records().iter().zip(rows) {
        let entry = table.file_of(*row as usize).expect("a row");
        let file = rpnfst::File::open(&entry.path).expect("it was read");
        let own = &file.records()[0];
        assert_eq!((own.file_offset(), own.identity()), (record.file_offset(), record.identity()));
        let [one, other] = [through.read(record), file.read(own)].map(|field| format!("{:?}", field.ok()));
        assert!(one == other, "{}", entry.path.display());
    }
}

#[test]
fn of_the_repository() {
    let (files, records) = comes_back(&testdata());
    assert!(files >= 70 && records >= 900, "{files} files, {records} records");
}

#[test]
fn of_the_collection() {
    for name in ["fixtures", "realdata"] {
        let Some(folder) = collection::folder(name) else { continue };
        let (files, records) = comes_back(&folder);
        assert!(files >= 5 && records >= 100, "{name}: {files} files, {records} records");
    }
}
