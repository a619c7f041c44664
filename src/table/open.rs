//! From a table back to values.

use super::RecordTable;
use crate::{
    error::{Error, Result},
    file::{File, OpenOptions},
};

impl RecordTable {
    /// The records of the table in open files, in file order whatever the order of the rows, each once. Directories are not
    /// read again; the files that have none of the records are left out.
    ///
    /// The places that the table tells are not trusted: before values are read, the header that the record itself has in
    /// its file must agree.
    ///
    /// ```
    /// use rpnfst::{Query, RecordTable};
    /// let table = RecordTable::of_files(["testdata/xdf/same_name.std"])?.filter(&Query::new().nomvar("TT"));
    /// let file = table.file()?;
    /// assert_eq!(file.records().len(), table.len());
    /// let field = file.read(&file.records()[0])?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] when a file cannot be opened.
    pub fn file(&self) -> Result<File> {
        self.file_with(&OpenOptions::new())
    }

    /// [`RecordTable::file`] with options; the calendar is that of the table.
    ///
    /// # Errors
    /// See [`RecordTable::file`].
    pub fn file_with(&self, options: &OpenOptions) -> Result<File> {
        let columns = self.columns();
        let mut rows: Vec<usize> = (0..self.len()).collect();
        let place = |row: usize| (columns.file[row], columns.file_index[row]);
        rows.sort_by_key(|&row| place(row));
        rows.dedup_by_key(|row| place(*row));
        let options = options.clone().calendar(self.calendar());
        let groups = rows.chunk_by(|&one, &other| columns.file[one] == columns.file[other]);
        let parts = groups.map(|rows| {
            let entry = self.file_of(rows[0]).ok_or_else(|| Error::Io {
                path: crate::error::FileName::MEMORY,
                source: std::io::ErrorKind::NotFound.into(),
            })?;
            Ok((entry.path.as_path(), entry.container, rows.iter().filter_map(|&row| self.record(row)).collect()))
        });
        File::of_known_records(options, parts.collect::<Result<Vec<_>>>()?)
    }

    /// The file of one record, with this record alone.
    ///
    /// ```
    /// use rpnfst::RecordTable;
    /// let table = RecordTable::of_files(["testdata/xdf/same_name.std"])?;
    /// let file = table.open(3)?;
    /// println!("{:?}", file.read(&file.records()[0])?.dims());
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be opened, and `InvalidInput` when there is no such row.
    pub fn open(&self, row: usize) -> Result<File> {
        let known = u32::try_from(row).ok().filter(|_| row < self.len()).ok_or_else(|| Error::Io {
            path: crate::error::FileName::MEMORY,
            source: std::io::Error::new(std::io::ErrorKind::InvalidInput, format!("the table has no row {row}")),
        })?;
        self.take(&[known]).file()
    }
}
