//! A saved index is the table again.

use std::{fs, fs::File};

use parquet::{arrow::arrow_reader::ParquetRecordBatchReaderBuilder, file::reader::FileReader as _};
use rpnfst::{OpenOptions, RecordTable, record::Calendar};
use rpnfst_arrow::{read_index, write_index};

use crate::{
    below::files_below,
    common::{age, assert_same, everything, folder_of, testdata},
};

#[test]
fn every_table_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = folder.path().join("index.parquet");
    let table = everything();
    let mut columns = table.columns().clone();
    columns.odd = vec![(3, [0x1234_5678; 16]), (700, [u32::MAX; 16])];
    let odd = RecordTable::from_columns(table.files().to_vec(), columns, table.calendar()).expect("sound");
    let backwards: Vec<u32> = (0..u32::try_from(table.len()).expect("few")).rev().collect();
    let selected = table.filter(&"ni>1".parse().expect("a query"));
    let doubled = RecordTable::concat([&table, &table]);
    for table in
        [table.clone(), table.take(&backwards), selected, table.take(&[]), RecordTable::default(), doubled, odd]
    {
        write_index(&table, &index).expect("written");
        let again = read_index(&index).expect("read");
        assert_same(&again, &table);
        assert!(again.records().eq(table.records()));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
}

#[test]
fn the_calendar_is_kept() {
    let (folder, files) = folder_of(&["xdf/dates.std"]);
    let index = folder.path().join("index");
    let table = OpenOptions::new().calendar(Calendar::NoLeap).scan(&files, |_| ()).table;
    write_index(&table, &index).expect("written");
    assert_eq!(read_index(&index).expect("read").calendar(), Calendar::NoLeap);
}

/// All values that can be read are the same through the index.
#[test]
fn values_are_read_through_the_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = folder.path().join("index.parquet");
    write_index(&everything(), &index).expect("written");
    let file = read_index(&index).expect("read").file().expect("open");
    let direct = everything().file().expect("open");
    assert_eq!(file.records().len(), direct.records().len());
    let mut read = 0;
    for (one, other) in file.records().iter().zip(direct.records()) {
        let (one, other) = (file.read(one), direct.read(other));
        read += usize::from(one.is_ok());
        assert_eq!(format!("{:?}", one.ok()), format!("{:?}", other.ok()));
    }
    assert!(read > 700, "{read} records could be read");
}

#[test]
fn folder_and_index_move_together() {
    let (folder, files) = folder_of(&["xdf/same_name.std", "rsf/same_name.rsf", "cases/intervals.std"]);
    for file in &files {
        age(file);
    }
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).expect("a folder");
    fs::rename(&files[1], below.join("x.rsf")).expect("moved");
    let table = RecordTable::of_files([&files[0], &below.join("x.rsf"), &files[2]]).expect("a table");
    // The index lies in a folder of its own.
    for name in ["index", "a/index", "a/b/index"] {
        write_index(&table, folder.path().join(name)).expect("written");
    }
    let moved = tempfile::tempdir().expect("a folder");
    let to = moved.path().join("elsewhere");
    fs::rename(folder.path(), &to).expect("moved");
    for name in ["index", "a/b/index", "a/index"] {
        let again = read_index(to.join(name)).expect("read");
        assert!(again.files().iter().all(rpnfst::table::FileEntry::is_current), "{name}");
        assert!(again.records().eq(table.records()));
        assert!(again.file().and_then(|file| file.read(&file.records()[0])).is_ok());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn paths_that_are_no_unicode_survive() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(std::ffi::OsStr::from_bytes(b"\xFF\"\n\x00"[..3].as_ref()));
    fs::copy(testdata().join("xdf/same_name.std"), &path).expect("a copy");
    let table = RecordTable::of_files([&path]).expect("a table");
    let index = folder.path().join("index");
    write_index(&table, &index).expect("written");
    assert_eq!(read_index(&index).expect("read").files()[0].path, path);
}

#[test]
fn other_programs_read_it_as_parquet() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = folder.path().join("index.parquet");
    let table = RecordTable::of_files([testdata().join("cases/intervals.std")]).expect("a table");
    write_index(&table, &index).expect("written");
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&index).expect("open")).expect("Parquet");
    let batch = reader.build().expect("a reader").next().expect("a batch").expect("sound");
    let expected = rpnfst_arrow::record_batch(&table).expect("a batch");
    for (field, array) in expected.schema().fields().iter().zip(expected.columns()) {
        if field.name() != "path" {
            assert_eq!(batch.column_by_name(field.name()), Some(array), "{}", field.name());
        }
    }
    let reader = parquet::file::reader::SerializedFileReader::new(File::open(&index).expect("open")).expect("Parquet");
    let texts = reader.metadata().file_metadata().key_value_metadata().expect("meta-data");
    assert!(texts.iter().any(|text| text.key == rpnfst_arrow::KEY));
}

#[test]
fn what_is_no_index_is_an_error() {
    for file in files_below(&testdata()) {
        let error = read_index(&file).expect_err("not an index");
        assert!(error.to_string().starts_with(&file.display().to_string()), "{error}");
        assert!(matches!(error, rpnfst_arrow::Error::NotIndex { .. }), "{error}");
    }
    let error = read_index("no/such").expect_err("no file");
    assert!(matches!(error, rpnfst_arrow::Error::Io { .. }), "{error}");
    assert!(write_index(&RecordTable::default(), "no/such").is_err());
}
