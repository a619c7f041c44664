//! The files of a table: which of their records are in it, and tables of some of them.

use std::sync::Arc;

use super::{RecordTable, order::sort_rows};

impl RecordTable {
    /// For each file whether all records that were read of it are in the table, each once: not so when some were selected.
    pub fn has_all_records(&self) -> Vec<bool> {
        let mut places: Vec<_> = self.places().collect();
        places.sort_unstable();
        let mut counts = vec![0_u64; self.files.len()];
        for group in places.chunk_by(|one, other| one == other) {
            // What is there twice is not as in the file either.
            let count = if group.len() == 1 { 1 } else { u64::MAX / 2 };
            if let Some(known) = group.first().and_then(|(file, _)| counts.get_mut(*file as usize)) {
                *known = known.saturating_add(count);
            }
        }
        self.files.iter().zip(counts).map(|(file, count)| file.records == count).collect()
    }

    /// The records of some files, by the numbers of these: file after file in the order given, and of each file in the order
    /// of its directory. Numbers that are no file are left out, and so is one that is there already.
    ///
    /// ```
    /// use rpnfst::RecordTable;
    /// let table = RecordTable::of_files(["testdata/xdf/same_name.std", "testdata/cases/intervals.std"])?;
    /// let turned = table.take_files(&[1, 0]);
    /// assert_eq!((turned.files()[0].records, turned.len()), (table.files()[1].records, table.len()));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn take_files(&self, numbers: &[usize]) -> Self {
        if numbers.iter().copied().eq(0..self.files.len()) && self.places().is_sorted_by(|one, next| one < next) {
            return self.clone();
        }
        let mut new_numbers = vec![None; self.files.len()];
        let mut files = Vec::with_capacity(numbers.len());
        for &number in numbers {
            if let (Some(entry), Some(new @ None)) = (self.files.get(number), new_numbers.get_mut(number)) {
                *new = u32::try_from(files.len()).ok();
                files.push(entry.clone());
            }
        }
        let own = self.columns();
        let place = |row: u32| (new_numbers[own.file[row as usize] as usize], own.file_index[row as usize]);
        let mut rows: Vec<u32> = (0..).take(self.len()).filter(|row| place(*row).0.is_some()).collect();
        sort_rows(&mut rows, &|one, other| place(one).cmp(&place(other)));
        let mut columns = own.take(&rows);
        // Without the texts of records that are gone, which would pile up.
        columns.nomvar = columns.nomvar.compact();
        columns.typvar = columns.typvar.compact();
        columns.etiket = columns.etiket.compact();
        columns.file = rows.iter().filter_map(|row| place(*row).0).collect();
        Self { files: Arc::new(files), columns: Arc::new(columns), calendar: self.calendar }
    }

    /// File and position in its directory of each record.
    fn places(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.columns.file.iter().copied().zip(self.columns.file_index.iter().copied())
    }
}
