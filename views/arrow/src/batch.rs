//! Tables as record batches and streams.

use std::{collections::HashMap, sync::Arc};

use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader, ffi_stream::FFI_ArrowArrayStream};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use rayon::prelude::*;
use rpnfst::{RecordTable, record::Column};

use crate::{arrays, error::Result};

/// The column of the files' paths.
pub(crate) const PATH: &str = "path";

/// The schema of all tables: the columns of [`Column::ALL`] and `path`.
///
/// ```
/// use rpnfst_arrow::arrow_schema::DataType;
/// assert_eq!(rpnfst_arrow::schema().field_with_name("level")?.data_type(), &DataType::Float32);
/// # Ok::<(), rpnfst_arrow::arrow_schema::ArrowError>(())
/// ```
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(
        Column::ALL.iter().filter_map(|column| field(*column)).chain([path_field()]).collect::<Vec<_>>(),
    ))
}

/// The fields of a column.
pub(crate) fn field(column: Column) -> Option<Field> {
    let (data_type, full) = arrays::type_of(column)?;
    let description = ("description".to_owned(), column.describe().to_owned());
    let unit = column.unit().map(|unit| ("unit".to_owned(), unit.to_owned()));
    let metadata: HashMap<String, String> = [description].into_iter().chain(unit).collect();
    Some(Field::new(column.name(), data_type, !full).with_metadata(metadata))
}

pub(crate) fn path_field() -> Field {
    let metadata: HashMap<String, String> = [("description".to_owned(), "Path of the file".to_owned())].into();
    Field::new(PATH, arrays::text_type(), false).with_metadata(metadata)
}

/// A table as one batch with the columns of [`schema`]. Paths that are not Unicode show a replacement character.
///
/// ```
/// use rpnfst::RecordTable;
/// let table = RecordTable::of_files(["../../testdata/cases/intervals.std"])?;
/// let batch = rpnfst_arrow::record_batch(&table)?;
/// assert_eq!(batch.schema(), rpnfst_arrow::schema());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Arrow`](crate::Error::Arrow) when the texts of a column are more than 2 GiB.
pub fn record_batch(table: &RecordTable) -> Result<RecordBatch> {
    record_batch_of(table, Column::ALL)
}

/// [`record_batch`] with these columns and `path` only: others are not computed.
///
/// ```
/// use rpnfst::{RecordTable, record::Column};
/// let table = RecordTable::of_files(["../../testdata/cases/intervals.std"])?;
/// let batch = rpnfst_arrow::record_batch_of(&table, &[Column::Nomvar, Column::ValidTime])?;
/// assert_eq!(batch.num_columns(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`record_batch`].
pub fn record_batch_of(table: &RecordTable, columns: &[Column]) -> Result<RecordBatch> {
    batch(table, columns, table.files().iter().map(|file| file.path.to_string_lossy().into_owned()))
}

/// A batch with these paths for the files.
pub(crate) fn batch(
    table: &RecordTable,
    columns: &[Column],
    paths: impl Iterator<Item = String>,
) -> Result<RecordBatch> {
    let known: Vec<(Column, Field)> = columns.iter().filter_map(|&column| Some((column, field(column)?))).collect();
    let arrays: Result<Vec<ArrayRef>, ArrowError> =
        known.par_iter().map(|(column, _)| arrays::array_of(table, *column)).collect();
    let mut arrays = arrays?;
    arrays.push(arrays::paths(table, paths)?);
    let fields: Vec<Field> = known.into_iter().map(|(_, field)| field).chain([path_field()]).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// A reader that gives [`record_batch`].
///
/// ```
/// use rpnfst::RecordTable;
/// let table = RecordTable::of_files(["../../testdata/cases/intervals.std"])?;
/// let rows: usize = rpnfst_arrow::reader(&table)?.map(|batch| batch.map_or(0, |batch| batch.num_rows())).sum();
/// assert_eq!(rows, table.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`record_batch`].
pub fn reader(table: &RecordTable) -> Result<impl RecordBatchReader + Send + use<>> {
    let batch = record_batch(table)?;
    let schema = batch.schema();
    Ok(RecordBatchIterator::new([Ok(batch)], schema))
}

/// A table as a C stream: what a Python capsule named `arrow_array_stream` holds. It keeps the memory of the table until it
/// is released.
///
/// ```
/// use rpnfst::RecordTable;
/// use rpnfst_arrow::arrow_array::ffi_stream::RecordBatchStreamReader;
/// let table = RecordTable::of_files(["../../testdata/cases/intervals.std"])?;
/// let stream = rpnfst_arrow::stream(&table)?;
/// drop(table);
/// for batch in RecordBatchStreamReader::try_new(stream)? {
///     println!("{} records", batch?.num_rows());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`record_batch`].
pub fn stream(table: &RecordTable) -> Result<FFI_ArrowArrayStream> {
    Ok(FFI_ArrowArrayStream::new(Box::new(reader(table)?)))
}
