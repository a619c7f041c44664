//! Arrays say what the records say.

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    ffi_stream::RecordBatchStreamReader,
    types::{Float32Type, Float64Type, Int32Type, TimestampMicrosecondType, UInt8Type, UInt32Type, UInt64Type},
};
use arrow_schema::DataType;
use rpnfst::record::{Cell, Column};

use crate::common::everything;

/// The value of an array as a cell.
fn cell(array: &dyn Array, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    match array.data_type() {
        DataType::UInt8 => Cell::Int(array.as_primitive::<UInt8Type>().value(row).into()),
        DataType::UInt32 => Cell::Int(array.as_primitive::<UInt32Type>().value(row).into()),
        DataType::Int32 => Cell::Int(array.as_primitive::<Int32Type>().value(row).into()),
        DataType::UInt64 => Cell::Int(array.as_primitive::<UInt64Type>().value(row).cast_signed()),
        DataType::Float32 => Cell::Single(array.as_primitive::<Float32Type>().value(row)),
        DataType::Float64 => Cell::Double(array.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => Cell::Bool(array.as_boolean().value(row)),
        DataType::Timestamp(_, zone) => {
            assert_eq!(zone.as_deref(), Some("UTC"));
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            let time = rpnfst::record::CivilTime::from_unix_seconds(micros / 1_000_000);
            Cell::Time(time.expect("a time"))
        }
        DataType::Dictionary(..) => {
            let texts = array.as_dictionary::<UInt32Type>().downcast_dict::<arrow_array::StringArray>().expect("texts");
            Cell::Text(texts.values().value(texts.keys().value(row) as usize).to_owned())
        }
        other => panic!("{other} is no type of a column"),
    }
}

fn assert_tells_records(batch: &RecordBatch, table: &rpnfst::RecordTable) {
    assert_eq!(batch.num_rows(), table.len());
    for (row, record) in table.records().enumerate() {
        for column in Column::ALL {
            let array = batch.column_by_name(column.name()).expect("a column");
            assert_eq!(cell(array, row), column.of(&record), "{column:?} of row {row}");
        }
        let path = cell(batch.column_by_name("path").expect("a column"), row);
        assert_eq!(path, Cell::Text(table.file_of(row).expect("a file").path.display().to_string()));
    }
}

#[test]
fn every_column_is_that_of_the_records() {
    let table = everything();
    assert_tells_records(&rpnfst_arrow::record_batch(&table).expect("a batch"), &table);
}

#[test]
fn selections_and_empty_tables_have_arrays_too() {
    let table = everything();
    let selected = table.filter(&"nomvar=P0 or level>0".parse().unwrap_or_default());
    for table in [selected, table.take(&[5, 3, 3, 0]), table.take(&[]), rpnfst::RecordTable::default()] {
        assert_tells_records(&rpnfst_arrow::record_batch(&table).expect("a batch"), &table);
    }
}

#[test]
fn the_stream_gives_the_batch_after_the_table_is_gone() {
    let table = everything();
    let expected = rpnfst_arrow::record_batch(&table).expect("a batch");
    let stream = rpnfst_arrow::stream(&table).expect("a stream");
    let copy = table.clone();
    drop(table);
    let reader = RecordBatchStreamReader::try_new(stream).expect("a reader");
    let batches: Vec<RecordBatch> = reader.map(|batch| batch.expect("a batch")).collect();
    assert_eq!(batches, [expected]);
    assert_tells_records(&batches[0], &copy);
}

#[test]
fn asked_columns_only() {
    let table = everything();
    let batch = rpnfst_arrow::record_batch_of(&table, &[Column::Level, Column::Etiket]).expect("a batch");
    let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["level", "etiket", "path"]);
}
