//! From rows of a frame back to records.

use std::collections::HashMap;

use polars::prelude::{DataFrame, DataType, PolarsResult, polars_bail, polars_ensure, polars_err};
use rpnfst::{RecordTable, record::Column};

use crate::columns::ROW;

/// The records of the rows of a frame, in the order of the frame: values are read by
/// [`RecordTable::file`] or [`RecordTable::open`].
///
/// The frame was made of `table` and has still its column `row`, or else `file` and `file_index`. Other columns may be gone
/// or changed. Rows where these are null, as an outer join makes them, are left out.
///
/// ```
/// use polars::prelude::*;
/// use rpnfst_polars::{ToPolars as _, rows_of};
/// # std::env::set_current_dir("../..")?;
/// let table = rpnfst::RecordTable::of_files(["testdata/xdf/same_name.std"])?;
/// let highest = table.to_polars()?.sort(["level"], Default::default()).limit(2).select([col("row")]).collect()?;
/// let records = rows_of(&highest, &table)?;
/// assert_eq!(records.len(), 2);
/// let field = records.open(0)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `ColumnNotFound` when the frame has none of these columns, `OutOfBounds` when the table has no such record: the frame
/// was made of another table. Those of Polars when a column holds no integers.
pub fn rows_of(frame: &DataFrame, table: &RecordTable) -> PolarsResult<RecordTable> {
    let rows = if frame.column(ROW).is_ok() { numbered(frame, table)? } else { placed(frame, table)? };
    Ok(table.take(&rows))
}

/// Rows by their number.
fn numbered(frame: &DataFrame, table: &RecordTable) -> PolarsResult<Vec<u32>> {
    let rows: Vec<u32> = integers(frame, ROW)?.into_iter().flatten().collect();
    let beyond = rows.iter().find(|row| **row as usize >= table.len());
    polars_ensure!(beyond.is_none(), OutOfBounds: "the table has {} records, the frame has row {:?} of it", table.len(), beyond);
    Ok(rows)
}

/// Rows by the place of their record.
fn placed(frame: &DataFrame, table: &RecordTable) -> PolarsResult<Vec<u32>> {
    let [file, index] = [Column::File.name(), Column::FileIndex.name()];
    if frame.column(file).is_err() || frame.column(index).is_err() {
        polars_bail!(ColumnNotFound: "{} (nor {} and {}): rows of this frame cannot be found in a table", ROW, file, index);
    }
    let own = table.columns();
    let places = own.file.iter().copied().zip(own.file_index.iter().copied());
    let known: HashMap<(u32, u32), u32> = places.zip(0..).collect();
    let asked = integers(frame, file)?.into_iter().zip(integers(frame, index)?);
    let row = |place: (u32, u32)| {
        let none = || polars_err!(OutOfBounds: "the table has no record {} of file {}", place.1, place.0);
        known.get(&place).copied().ok_or_else(none)
    };
    asked.filter_map(|(file, index)| Some(row((file?, index?)))).collect()
}

/// A column of integers, whatever the type that a query or a file has given it.
fn integers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<u32>>> {
    let column = frame.column(name)?;
    polars_ensure!(column.dtype().is_integer(), SchemaMismatch: "{} should be integers, not {}", name, column.dtype());
    Ok(column.strict_cast(&DataType::UInt32)?.u32()?.iter().collect())
}
