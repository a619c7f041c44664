//! Rows of frames as records.

use polars::prelude::*;
use rpnfst::{File, RecordTable};
use rpnfst_polars::{ROW, ToPolars as _, rows_of};

use super::{table, testdata};

#[test]
fn values_of_filtered_rows_are_read() {
    let table = table();
    let frame = table.to_polars().unwrap().filter(col("nomvar").eq(lit("TT"))).collect().unwrap();
    let records = rows_of(&frame, &table).unwrap();
    assert!(frame.height() > 0 && records.len() == frame.height());
    let file = records.file().unwrap();
    for record in file.records() {
        assert_eq!(record.nomvar().as_str(), "TT");
        let path = file.members().nth(record.file_number()).unwrap().path().unwrap().to_owned();
        let alone = File::open(path).unwrap();
        let same = alone.records().iter().find(|other| other.file_index() == record.file_index()).unwrap();
        assert_eq!(file.read(record).unwrap(), alone.read(same).unwrap());
    }
}

#[test]
fn rows_keep_the_order_of_the_frame() {
    let table = table();
    let options = SortMultipleOptions::default().with_order_descending(true);
    let frame = table.to_polars().unwrap().sort([ROW], options).collect().unwrap();
    let records = rows_of(&frame, &table).unwrap();
    assert!(records.records().eq((0..table.len()).rev().map(|row| table.record(row).unwrap())));
}

/// By `file` and `file_index`, and with other types of integers, as a frame has them after it was in a CSV file.
#[test]
fn rows_are_found_without_their_number() {
    let table = table();
    let place = [col("file").cast(DataType::Int64), col("file_index").cast(DataType::Int64)];
    let frame = table.to_polars().unwrap().filter(col("ni").gt(lit(4))).select(place).collect().unwrap();
    let query = "ni>4".parse::<rpnfst::Query>().unwrap();
    assert!(rows_of(&frame, &table).unwrap().records().eq(table.filter(&query).records()));
    let rows = table.to_polars().unwrap().select([col(ROW).cast(DataType::Int64)]).collect().unwrap();
    assert!(rows_of(&rows, &table).unwrap().records().eq(table.records()));
}

#[test]
fn rows_that_are_none_are_errors_or_left_out() {
    let table = table();
    let error = |frame: DataFrame| rows_of(&frame, &table).unwrap_err();
    assert!(matches!(error(df!["nomvar" => ["TT"]].unwrap()), PolarsError::ColumnNotFound(_)));
    assert!(matches!(error(df![ROW => [u32::MAX]].unwrap()), PolarsError::OutOfBounds(_)));
    assert!(matches!(error(df!["file" => [0], "file_index" => [99_999]].unwrap()), PolarsError::OutOfBounds(_)));
    assert!(matches!(error(df![ROW => ["1"]].unwrap()), PolarsError::SchemaMismatch(_)));
    error(df![ROW => [-1]].unwrap());
    let outer = df![ROW => [Some(2_u32), None]].unwrap();
    assert_eq!(rows_of(&outer, &table).unwrap().len(), 1);
}

#[test]
fn files_have_frames_too() {
    let path = testdata().join("xdf/same_name.std");
    let file = File::open(&path).unwrap();
    let frame = file.to_polars().unwrap().collect().unwrap();
    let table = RecordTable::of_files([&path]).unwrap();
    assert!(frame.equals_missing(&table.to_polars().unwrap().collect().unwrap()));
    let memory = File::from_bytes(std::fs::read(&path).unwrap()).unwrap().to_polars().unwrap().collect().unwrap();
    assert_eq!(memory.column("path").unwrap().null_count(), memory.height());
}
