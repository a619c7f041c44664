//! Sorting.

use super::{ColumnValues, RecordTable};
use crate::record::Column;

/// By what a table is sorted.
///
/// ```
/// use rpnfst::{RecordTable, record::Column, table::SortBy};
/// let table = RecordTable::of_files(["testdata/xdf/same_name.std"])?;
/// let sorted = table.sort(&[Column::Nomvar.into(), SortBy::descending(Column::Level)]);
/// assert_eq!(sorted.len(), table.len());
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct SortBy {
    /// The column.
    pub column: Column,
    /// Largest values first. Records without a value come last all the same.
    pub descending: bool,
}

impl SortBy {
    /// Largest values first.
    pub fn descending(column: Column) -> Self {
        Self { column, descending: true }
    }
}

/// Smallest values first.
impl From<Column> for SortBy {
    fn from(column: Column) -> Self {
        Self { column, descending: false }
    }
}

impl RecordTable {
    /// The table sorted by columns, the first one first. Records that agree in all of them keep their order; texts are
    /// compared byte by byte, and what has no value comes last.
    #[must_use]
    pub fn sort(&self, by: &[SortBy]) -> Self {
        self.take(&self.order(by))
    }

    /// The rows in the order of [`RecordTable::sort`].
    pub fn order(&self, by: &[SortBy]) -> Vec<u32> {
        let ranks: Vec<Vec<u64>> = by.iter().map(|by| self.ranks(*by)).collect();
        let mut rows: Vec<u32> = (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).collect();
        sort_rows(&mut rows, &|one, other| {
            let of = |row: u32| ranks.iter().map(move |ranks| ranks[row as usize]);
            of(one).cmp(of(other))
        });
        rows
    }

    /// Numbers with the order of the values of a column; `u64::MAX` where there is none.
    pub(super) fn ranks(&self, by: SortBy) -> Vec<u64> {
        let data = self.column(by.column);
        let real = |value: f64| {
            let bits = (value + 0.0).to_bits(); // -0 is 0
            if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
        };
        let mut ranks: Vec<u64> = match &data.values {
            ColumnValues::U8(values) => values.iter().map(|value| (*value).into()).collect(),
            ColumnValues::U32(values) => values.iter().map(|value| (*value).into()).collect(),
            ColumnValues::U64(values) => values.to_vec(),
            ColumnValues::I32(values) => values.iter().map(|value| signed((*value).into())).collect(),
            ColumnValues::Time(values) => values.iter().map(|value| signed(*value)).collect(),
            ColumnValues::F32(values) => values.iter().map(|value| real((*value).into())).collect(),
            ColumnValues::F64(values) => values.iter().map(|value| real(*value)).collect(),
            ColumnValues::Bool(values) => values.iter().map(u64::from).collect(),
            ColumnValues::Text { keys, values } => {
                let mut order: Vec<u32> = (0..u32::try_from(values.len()).unwrap_or(u32::MAX)).collect();
                sort_rows(&mut order, &|one, other| values[one as usize].cmp(&values[other as usize]));
                let mut rank = vec![0; values.len()];
                for pair in order.windows(2) {
                    let [one, next] = [pair[0] as usize, pair[1] as usize];
                    rank[next] = rank[one] + u64::from(values[one] != values[next]);
                }
                keys.iter().map(|key| rank[*key as usize]).collect()
            }
        };
        if by.descending {
            for rank in &mut ranks {
                *rank = u64::MAX - 1 - (*rank).min(u64::MAX - 1);
            }
        }
        if let Some(missing) = &data.missing {
            ranks.iter_mut().zip(missing.iter()).filter(|(_, missing)| *missing).for_each(|(rank, _)| *rank = u64::MAX);
        }
        ranks
    }
}

/// Sorts rows; those that are equal stay in their order. Compiled once.
pub(super) fn sort_rows(rows: &mut [u32], compare: &dyn Fn(u32, u32) -> std::cmp::Ordering) {
    rows.sort_by(|&one, &other| compare(one, other));
}

/// The order of signed numbers in unsigned ones.
fn signed(value: i64) -> u64 {
    value.cast_unsigned() ^ 1 << 63
}
