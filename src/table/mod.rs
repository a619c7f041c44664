//! One table of the records of many files.
//!
//! A [`File`] holds its files open and gives values. A [`RecordTable`] holds none open: it has the directory
//! fields of the records of any number of files, column by column, and where the records lie. Selecting, sorting and
//! grouping make other tables; [`RecordTable::file`] opens what is left of it.
//!
//! | to do | take |
//! |---|---|
//! | read one file, or a few as one | [`File::open`](crate::File::open), [`File::link`](crate::File::link) |
//! | say how files are opened | [`OpenOptions`](crate::OpenOptions), for both |
//! | ask what is in many files | [`RecordTable::of_files`], [`OpenOptions::scan`](crate::OpenOptions::scan) |
//! | ask again tomorrow without reading the files | the saved index of the crate `rpnfst-arrow` |
//!
//! ```
//! use rpnfst::{Query, RecordTable, record::Column};
//! let table = RecordTable::of_files(["testdata/xdf/same_name.std", "testdata/cases/intervals.std"])?;
//! let query: Query = "nomvar=PR and hour>=6".parse()?;
//! let rain = table.filter(&query).sort(&[Column::ValidTime.into()]);
//! let file = rain.file()?;
//! for record in file.records() {
//!     println!("{:?} {:?}", record.valid_time(), file.read(record)?.dims());
//! }
//! # Ok::<(), rpnfst::Error>(())
//! ```

mod columns;
mod data;
mod distinct;
mod entry;
mod files;
mod filter;
mod group;
mod memo;
mod names;
mod open;
mod order;
mod scan;

use std::sync::Arc;

pub use self::{
    columns::Columns,
    data::{ColumnData, ColumnValues},
    entry::FileEntry,
    group::Group,
    names::Names,
    order::SortBy,
    scan::{Scan, Scanned},
};
use crate::{
    file::{File, Member},
    record::{Calendar, Container, Record, date::Reckoning},
};

/// The records of many files, column by column. Cheap to clone.
///
/// Rows are counted from 0 and have the order of the files and of their directories, until they are sorted.
///
/// ```
/// use rpnfst::RecordTable;
/// let table = RecordTable::of_files(["testdata/cases/intervals.std"])?;
/// let rows = table.group(&[rpnfst::record::Column::Nomvar]);
/// for group in rows {
///     println!("{} records of {}", group.rows.len(), table.record(group.rows[0] as usize).expect("a row").nomvar());
/// }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct RecordTable {
    files: Arc<Vec<FileEntry>>,
    columns: Arc<Columns>,
    calendar: Calendar,
}

impl RecordTable {
    /// A table of fields that are there, such as those of a saved index. `None` when the vectors have different lengths, a
    /// record is of a file that is not there, or there are 2^32 records or more.
    pub fn from_columns(files: Vec<FileEntry>, columns: Columns, calendar: Calendar) -> Option<Self> {
        columns.is_sound(files.len()).then(|| Self { files: Arc::new(files), columns: Arc::new(columns), calendar })
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The files, those without records too. [`Columns::file`] counts them.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// The directory fields, a vector for each.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The calendar in which origin dates are computed, see [`OpenOptions::calendar`](crate::OpenOptions::calendar).
    pub fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// The same records, whose origin dates are computed in another calendar.
    #[must_use]
    pub fn with_calendar(self, calendar: Calendar) -> Self {
        Self { calendar, ..self }
    }

    /// The file that a record is in; `None` when there is no such row.
    pub fn file_of(&self, row: usize) -> Option<&FileEntry> {
        self.files.get(*self.columns.file.get(row)? as usize)
    }

    /// A record, as its file gives it; `None` when there is no such row. Its [number of the
    /// file](Record::file_number) counts [`RecordTable::files`].
    pub fn record(&self, row: usize) -> Option<Record> {
        let container = self.file_of(row).map_or(Container::Xdf, |file| file.container);
        self.columns.record(row, container, Reckoning(self.calendar))
    }

    /// The records, in the order of the rows.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        (0..self.len()).filter_map(|row| self.record(row))
    }

    /// The rows of these numbers, in this order; numbers that are no row are left out.
    #[must_use]
    pub fn take(&self, rows: &[u32]) -> Self {
        Self { columns: Arc::new(self.columns.take(rows)), ..self.clone() }
    }

    /// The records of several tables, one after the other, with the files of all of them. The calendar is that of the first.
    ///
    /// ```
    /// use rpnfst::RecordTable;
    /// let one = RecordTable::of_files(["testdata/xdf/same_name.std"])?;
    /// let other = RecordTable::of_files(["testdata/cases/intervals.std"])?;
    /// assert_eq!(RecordTable::concat([&one, &other]).len(), one.len() + other.len());
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn concat<'a>(tables: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut tables: Vec<&Self> = tables.into_iter().collect();
        let calendar = tables.first().map(|table| table.calendar).unwrap_or_default();
        tables.retain(|table| !table.files.is_empty());
        if let [one] = *tables {
            return one.clone().with_calendar(calendar);
        }
        let (mut files, mut builder) = (Vec::new(), columns::Builder::default());
        for table in tables {
            let first = u32::try_from(files.len()).unwrap_or(u32::MAX);
            files.extend(table.files.iter().cloned());
            builder.append(&table.columns, first);
        }
        Self { files: Arc::new(files), columns: Arc::new(builder.finish()), calendar }
    }
}

/// The records of open files.
///
/// ```
/// use rpnfst::{File, RecordTable};
/// let file = File::open("testdata/xdf/same_name.std")?;
/// let table = RecordTable::from(&file);
/// assert!(table.records().eq(file.records().iter().cloned()));
/// # Ok::<(), rpnfst::Error>(())
/// ```
impl From<&File> for RecordTable {
    fn from(file: &File) -> Self {
        // The file may be another one by now, and these may be some of its records only.
        let entry = |member: Member<'_>| FileEntry::of_member(member, None);
        let mut builder = columns::Builder::default();
        builder.reserve(file.records().len());
        file.records().iter().for_each(|record| builder.push(record, record.file));
        Self {
            files: Arc::new(file.members().map(entry).collect()),
            columns: Arc::new(builder.finish()),
            calendar: file.calendar(),
        }
    }
}
