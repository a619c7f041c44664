//! Records that agree in some columns.

use super::{RecordTable, distinct::Distinct};
use crate::record::{Cell, Column};

/// Records that agree in the columns of [`RecordTable::group`].
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Group {
    /// Their values in these columns.
    pub values: Vec<Cell>,
    /// Their rows, ascending.
    pub rows: Vec<u32>,
}

impl RecordTable {
    /// The records that agree in some columns, in the order of the first record of each group. Without columns all records
    /// are one group.
    ///
    /// ```
    /// use rpnfst::{RecordTable, record::Column};
    /// let table = RecordTable::of_files(["testdata/xdf/same_name.std"])?;
    /// for group in table.group(&[Column::Nomvar, Column::LevelKind]) {
    ///     println!("{} {}: {} records", group.values[0], group.values[1], group.rows.len());
    /// }
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn group(&self, by: &[Column]) -> Vec<Group> {
        // Column after column: groups so far, and the values of the next column in them.
        let mut of_row = vec![0_u32; self.len()];
        for column in by {
            let mut refined = Distinct::default();
            let ranks = self.ranks((*column).into());
            let mut last = None;
            for (group, rank) in of_row.iter_mut().zip(ranks) {
                let pair = (*group, rank);
                *group = match last {
                    Some((known, key)) if known == pair => key,
                    _ => refined.key(pair),
                };
                last = Some((pair, *group));
            }
        }
        let mut groups: Vec<Group> = Vec::new();
        for (row, group) in (0..).zip(of_row) {
            if group as usize == groups.len() {
                groups.push(Group { values: Vec::new(), rows: Vec::new() });
            }
            groups[group as usize].rows.push(row);
        }
        for group in &mut groups {
            let record = group.rows.first().and_then(|row| self.record(*row as usize));
            group.values =
                by.iter().map(|column| record.as_ref().map_or(Cell::Null, |record| column.of(record))).collect();
        }
        groups
    }
}
