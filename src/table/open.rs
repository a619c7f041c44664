//! From a table back to values.

use super::{FileEntry, RecordTable, order::sort_rows};
use crate::{
    error::{Error, Result},
    file::{File, OpenOptions},
    record::Record,
};

impl RecordTable {
    /// The records of the table in open files, in file order whatever the order of the rows, each once. The files
    /// that have none of the records are left out.
    ///
    /// What the table tells is not trusted: the directory of a file whose size or time is not that of its
    /// [entry](super::FileEntry::is_current) is read again and must have the records of the table as they are there. Before
    /// values are read, the length and the address that the record itself has in its file must agree.
    ///
    /// The file knows these records only: for what [`Member::info`](crate::Member::info), [`File::check`] and
    /// [`File::refresh`] say open the files themselves. A file that was no file on disk, as one of a server, cannot be opened
    /// again.
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
    /// [`Error::Io`] when a file cannot be opened (`Unsupported` when the table has no path of it), [`Error::Changed`] when it does not have the records any more; those of
    /// [`File::open`] for a file that is read again.
    pub fn file(&self) -> Result<File> {
        self.file_with(&OpenOptions::new())
    }

    /// [`RecordTable::file`] with options; the calendar is that of the table.
    ///
    /// # Errors
    /// See [`RecordTable::file`].
    pub fn file_with(&self, options: &OpenOptions) -> Result<File> {
        let columns = self.columns();
        let mut rows: Vec<u32> = (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).collect();
        let place = |row: u32| (columns.file[row as usize], columns.file_index[row as usize]);
        sort_rows(&mut rows, &|one, other| place(one).cmp(&place(other)));
        rows.dedup_by_key(|row| place(*row));
        let options = options.clone().calendar(self.calendar());
        let groups = rows.chunk_by(|&one, &other| place(one).0 == place(other).0);
        let parts = groups.map(|rows| {
            let entry = self.file_of(rows[0] as usize).ok_or_else(|| Error::Io {
                path: crate::error::FileName::MEMORY,
                source: std::io::ErrorKind::NotFound.into(),
            })?;
            if entry.path.as_os_str().is_empty() {
                let what = "records of memory, a reader or a server: no path to open them again; read them from the `File` \
                            that the table was made of";
                let source = std::io::Error::new(std::io::ErrorKind::Unsupported, what);
                return Err(Error::Io { path: crate::error::FileName::MEMORY, source });
            }
            let records: Vec<Record> = rows.iter().filter_map(|&row| self.record(row as usize)).collect();
            // Records of other attributes can lie at the same places: files of one run after the other often have one layout.
            if !entry.is_current() {
                compare(&options.open(&entry.path)?, entry, &records)?;
            }
            Ok((entry.path.as_path(), entry.container, records))
        });
        let parts = parts.collect::<Result<Vec<_>>>()?;
        File::of_known_records(options, parts)
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

/// Whether a file has the records of a table, in the order of its directory.
fn compare(now: &File, entry: &FileEntry, records: &[Record]) -> Result<()> {
    let is_there = |record: &Record| {
        let found = now.records().binary_search_by_key(&record.index, |now| now.index);
        let found = found.ok().and_then(|at| now.records().get(at));
        found.is_some_and(|found| *found == Record { file: found.file, ..record.clone() })
    };
    match records.iter().find(|record| !is_there(record)) {
        Some(record) => Err(Error::Changed { path: entry.path.as_path().into(), record: record.into() }),
        None => Ok(()),
    }
}
