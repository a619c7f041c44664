//! The values of a column for all rows of a table, in vectors of one type.

use std::borrow::Cow;

use super::{Names, RecordTable, memo};
use crate::{
    field::Mask,
    record::{Cell, CellType, CivilTime, Column, Container, payload_extent},
};

/// The values of a [`Column`] for all rows: those of the directory as they are in the table, others computed.
///
/// ```
/// use rpnfst::{RecordTable, record::Column, table::ColumnValues};
/// let table = RecordTable::of_files(["testdata/cases/intervals.std"])?;
/// let ColumnValues::U32(ni) = &table.column(Column::Ni).values else { panic!("dimensions are u32") };
/// assert_eq!(ni.len(), table.len());
/// let ColumnValues::Time(valid) = &table.column(Column::ValidTime).values else { panic!("seconds since 1970") };
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct ColumnData<'a> {
    /// The values; any value where it is missing.
    pub values: ColumnValues<'a>,
    /// The rows that have no value; `None` when all have one.
    pub missing: Option<Mask>,
}

/// Values of one type.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum ColumnValues<'a> {
    /// Bytes.
    U8(Cow<'a, [u8]>),
    /// Integers.
    U32(Cow<'a, [u32]>),
    /// Date stamps.
    I32(Cow<'a, [i32]>),
    /// Sizes and offsets.
    U64(Cow<'a, [u64]>),
    /// Reals of single precision.
    F32(Vec<f32>),
    /// Reals of double precision.
    F64(Vec<f64>),
    /// Yes or no.
    Bool(Mask),
    /// Dates and times, UTC: seconds since 1970.
    Time(Vec<i64>),
    /// Texts: which of `values` each row has.
    Text {
        /// Positions in `values`.
        keys: Cow<'a, [u32]>,
        /// Texts, each once.
        values: Vec<String>,
    },
}

impl RecordTable {
    /// The values of a column. Those that the table has are lent; others are computed, on the threads of the current rayon
    /// pool.
    pub fn column(&self, column: Column) -> ColumnData<'_> {
        let own = self.columns();
        let values = match column {
            Column::Nomvar => of_names(&own.nomvar),
            Column::Typvar => of_names(&own.typvar),
            Column::Etiket => of_names(&own.etiket),
            Column::Datev => ColumnValues::I32(Cow::Borrowed(&own.datev)),
            Column::Deet => lent(&own.deet),
            Column::Npas => lent(&own.npas),
            Column::Ni => lent(&own.ni),
            Column::Nj => lent(&own.nj),
            Column::Nk => lent(&own.nk),
            Column::DataType => ColumnValues::U8(Cow::Borrowed(&own.data_type)),
            Column::PackBits => ColumnValues::U8(Cow::Borrowed(&own.pack_bits)),
            Column::Ip1 => lent(&own.ip1),
            Column::Ip2 => lent(&own.ip2),
            Column::Ip3 => lent(&own.ip3),
            Column::Ig1 => lent(&own.ig1),
            Column::Ig2 => lent(&own.ig2),
            Column::Ig3 => lent(&own.ig3),
            Column::Ig4 => lent(&own.ig4),
            Column::File => lent(&own.file),
            Column::FileIndex => lent(&own.file_index),
            Column::FileOffset => ColumnValues::U64(Cow::Borrowed(&own.file_offset)),
            Column::TotalStoredBytes => ColumnValues::U64(Cow::Borrowed(&own.total_stored_bytes)),
            computed => return self.computed(computed),
        };
        ColumnData { values, missing: None }
    }

    fn computed(&self, column: Column) -> ColumnData<'_> {
        if matches!(column, Column::PayloadOffset | Column::PayloadBytes) {
            return ColumnData { values: ColumnValues::U64(self.payloads(column).into()), missing: None };
        }
        if column.cell_type() == CellType::Text {
            return self.texts(column);
        }
        let found = memo::each(self, column);
        let missing = found.contains(&None).then(|| found.iter().map(Option::is_none).collect());
        let bits = found.iter().map(|bits| bits.unwrap_or_default());
        let ints = bits.clone().map(u64::cast_signed);
        let values = match (column.cell_type(), column) {
            (CellType::Bool, _) => ColumnValues::Bool(bits.map(|bits| bits == 1).collect()),
            (CellType::Time, _) => ColumnValues::Time(ints.collect()),
            (CellType::Single, _) => {
                ColumnValues::F32(bits.map(|bits| f32::from_bits(u32::try_from(bits).unwrap_or_default())).collect())
            }
            (CellType::Double, _) => ColumnValues::F64(bits.map(f64::from_bits).collect()),
            (_, Column::Dateo) => {
                ColumnValues::I32(ints.map(|value| i32::try_from(value).unwrap_or_default()).collect())
            }
            _ => ColumnValues::U8(ints.map(|value| u8::try_from(value).unwrap_or_default()).collect()),
        };
        ColumnData { values, missing }
    }

    /// Where payloads begin, or how long they are: every record has another.
    fn payloads(&self, column: Column) -> Vec<u64> {
        let own = self.columns();
        let extent = |row: usize| {
            let container = self.file_of(row).map_or(Container::Xdf, |file| file.container);
            let (offset, length, meta) = (own.file_offset[row], own.total_stored_bytes[row], own.meta_words[row]);
            let (begin, length) = payload_extent(container, offset, length, meta);
            if column == Column::PayloadOffset { begin } else { length }
        };
        (0..self.len()).map(extent).collect()
    }

    /// A column of texts, each once.
    fn texts(&self, column: Column) -> ColumnData<'_> {
        let (keys, values) = memo::distinct(self, column);
        let none = values.iter().position(Option::is_none);
        let missing = none.map(|none| keys.iter().map(|key| *key as usize == none).collect());
        let values = values.into_iter().map(Option::unwrap_or_default).collect();
        ColumnData { values: ColumnValues::Text { keys: keys.into(), values }, missing }
    }
}

impl ColumnData<'_> {
    /// The same values, copied where they were lent.
    pub fn into_owned(self) -> ColumnData<'static> {
        let values = match self.values {
            ColumnValues::U8(values) => ColumnValues::U8(values.into_owned().into()),
            ColumnValues::U32(values) => ColumnValues::U32(values.into_owned().into()),
            ColumnValues::I32(values) => ColumnValues::I32(values.into_owned().into()),
            ColumnValues::U64(values) => ColumnValues::U64(values.into_owned().into()),
            ColumnValues::F32(values) => ColumnValues::F32(values),
            ColumnValues::F64(values) => ColumnValues::F64(values),
            ColumnValues::Bool(values) => ColumnValues::Bool(values),
            ColumnValues::Time(values) => ColumnValues::Time(values),
            ColumnValues::Text { keys, values } => ColumnValues::Text { keys: keys.into_owned().into(), values },
        };
        ColumnData { values, missing: self.missing }
    }

    /// The value of a row as a [`Cell`]: what [`Column::of`] gives for its record.
    pub fn cell(&self, row: usize) -> Cell {
        if self.missing.as_ref().is_some_and(|missing| missing.get(row) == Some(true)) {
            return Cell::Null;
        }
        let cell = match &self.values {
            ColumnValues::U8(values) => values.get(row).map(|value| Cell::Int((*value).into())),
            ColumnValues::U32(values) => values.get(row).map(|value| Cell::Int((*value).into())),
            ColumnValues::I32(values) => values.get(row).map(|value| Cell::Int((*value).into())),
            ColumnValues::U64(values) => values.get(row).map(|value| Cell::Int(value.cast_signed())),
            ColumnValues::F32(values) => values.get(row).map(|value| Cell::Single(*value)),
            ColumnValues::F64(values) => values.get(row).map(|value| Cell::Double(*value)),
            ColumnValues::Bool(values) => values.get(row).map(Cell::Bool),
            ColumnValues::Time(values) => {
                values.get(row).and_then(|seconds| CivilTime::from_unix_seconds(*seconds)).map(Cell::Time)
            }
            ColumnValues::Text { keys, values } => {
                keys.get(row).and_then(|key| values.get(*key as usize)).map(|text| Cell::Text(text.clone()))
            }
        };
        cell.unwrap_or(Cell::Null)
    }
}

fn lent(values: &[u32]) -> ColumnValues<'_> {
    ColumnValues::U32(Cow::Borrowed(values))
}

fn of_names<const N: usize>(names: &Names<N>) -> ColumnValues<'_> {
    let values = names.values().iter().map(|text| text.as_str().to_owned()).collect();
    ColumnValues::Text { keys: Cow::Borrowed(names.keys()), values }
}
