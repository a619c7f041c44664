//! The values of a column for all rows of a table, in vectors of one type.

use std::{borrow::Cow, collections::HashMap, hash::Hash};

use super::{Names, RecordTable};
use crate::{
    field::Mask,
    record::{Cell, CellType, Column, Record},
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
        match column.cell_type() {
            CellType::Text => self.texts(column),
            CellType::Bool => {
                let (values, missing) = self.cells(column, false, |cell| matches!(cell, Cell::Bool(true)));
                ColumnData { values: ColumnValues::Bool(values.into_iter().collect()), missing }
            }
            CellType::Time => {
                let seconds = |cell| if let Cell::Time(time) = cell { time.unix_seconds() } else { 0 };
                let (values, missing) = self.cells(column, 0, seconds);
                ColumnData { values: ColumnValues::Time(values), missing }
            }
            CellType::Single => {
                let (values, missing) =
                    self.cells(column, 0.0, |cell| if let Cell::Single(value) = cell { value } else { 0.0 });
                ColumnData { values: ColumnValues::F32(values), missing }
            }
            CellType::Double => {
                let (values, missing) =
                    self.cells(column, 0.0, |cell| if let Cell::Double(value) = cell { value } else { 0.0 });
                ColumnData { values: ColumnValues::F64(values), missing }
            }
            CellType::Int => self.integers(column),
        }
    }

    /// Integers in the smallest of the types that holds all that the column can have.
    fn integers(&self, column: Column) -> ColumnData<'_> {
        let number = |cell| if let Cell::Int(value) = cell { value } else { 0 };
        let (values, missing) = self.cells(column, 0, number);
        let values = match column {
            Column::DataBits | Column::LevelKind => ColumnValues::U8(narrowed(&values).into()),
            Column::Dateo => ColumnValues::I32(narrowed(&values).into()),
            _ => ColumnValues::U64(values.into_iter().map(i64::cast_unsigned).collect()),
        };
        ColumnData { values, missing }
    }

    /// The values of a column that are not texts; `none` where there is none. Records of a file often have the values of the
    /// one before, but they are cheap.
    fn cells<T: Copy + Send + Sync>(
        &self,
        column: Column,
        none: T,
        value: impl Fn(Cell) -> T + Sync + Send,
    ) -> (Vec<T>, Option<Mask>) {
        let of = |row: usize| match self.record(row).map(|record| column.of(&record)) {
            None | Some(Cell::Null) => (none, true),
            Some(cell) => (value(cell), false),
        };
        let found: Vec<(T, bool)> = each_row(self.len(), of);
        let missing = found.iter().any(|(_, missing)| *missing);
        let mask = missing.then(|| found.iter().map(|(_, missing)| *missing).collect());
        (found.into_iter().map(|(value, _)| value).collect(), mask)
    }

    /// A column of texts, which are made once for all records that agree in what they depend on.
    fn texts(&self, column: Column) -> ColumnData<'_> {
        let depends_on: fn(&Record) -> [u32; 7] = match column {
            Column::Grid => |r| [u32::from(r.grtyp().0), r.ni(), r.nj(), r.ig1(), r.ig2(), r.ig3(), r.ig4()],
            Column::Grtyp => |r| [r.grtyp().0.into(), 0, 0, 0, 0, 0, 0],
            Column::LevelName | Column::LevelUnit => {
                |r| [r.level().map_or(u32::MAX, |level| level.kind.code().into()), 0, 0, 0, 0, 0, 0]
            }
            Column::Nature | Column::Treatment => |r| {
                let [a, b] = *r.typvar().bytes();
                [a.into(), b.into(), 0, 0, 0, 0, 0]
            },
            Column::Type | Column::DataTypeName => {
                |r| [r.data_type().code().into(), r.pack_bits().into(), 0, 0, 0, 0, 0]
            }
            _ => |r| {
                let [a, b, c] = r.words.codes(crate::record::TextField::Etiket);
                [a, b, c, 0, 0, 0, 0]
            },
        };
        let mut distinct = Distinct::default();
        let inputs: Vec<[u32; 7]> =
            each_row(self.len(), |row| self.record(row).map_or([0; 7], |record| depends_on(&record)));
        let mut texts = Distinct::<Option<String>>::default();
        let mut text_of = Vec::new();
        let keys: Vec<u32> = (0..)
            .zip(&inputs)
            .map(|(row, input)| {
                let at = distinct.key(*input);
                if at as usize == text_of.len() {
                    let text = match self.record(row).map(|record| column.of(&record)) {
                        Some(Cell::Text(text)) => Some(text),
                        _ => None,
                    };
                    text_of.push(texts.key(text));
                }
                text_of[at as usize]
            })
            .collect();
        let none = texts.values.iter().position(Option::is_none);
        let missing = none.map(|none| keys.iter().map(|key| *key as usize == none).collect());
        let values = texts.values.into_iter().map(Option::unwrap_or_default).collect();
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
            ColumnValues::Time(values) => values
                .get(row)
                .and_then(|seconds| crate::record::CivilTime::from_unix_seconds(*seconds))
                .map(Cell::Time),
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

fn narrowed<T: TryFrom<i64> + Default>(values: &[i64]) -> Vec<T> {
    values.iter().map(|value| T::try_from(*value).unwrap_or_default()).collect()
}

/// What a function gives for each row.
pub(super) fn each_row<T: Send>(rows: usize, of: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        (0..rows).into_par_iter().with_min_len(4096).map(of).collect()
    }
    #[cfg(not(feature = "rayon"))]
    (0..rows).map(of).collect()
}

/// Different values, each once.
pub(super) struct Distinct<T> {
    known: HashMap<T, u32>,
    pub(super) values: Vec<T>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), values: Vec::new() }
    }
}

impl<T: Hash + Eq + Clone> Distinct<T> {
    /// The position of a value, which is added when it is new.
    pub(super) fn key(&mut self, value: T) -> u32 {
        *self.known.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            u32::try_from(self.values.len() - 1).unwrap_or(u32::MAX)
        })
    }
}
