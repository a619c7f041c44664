//! A file that is open, or several as one, and the records in it.

use std::{
    collections::HashSet,
    ops::Range,
    path::{Path, PathBuf},
};

use super::{
    derived::Derived,
    options::{Limits, OpenOptions},
};
use crate::{
    bytes::Source,
    container::Directory,
    error::{Error, Result},
    query::{Metadata, Query},
    record::{Calendar, Container, Record, date::Reckoning},
};

/// One or more standard files, opened for reading.
///
/// All methods take `&self` and no lock: any number of threads may search and read one `File`.
///
/// ```
/// use rpnfst::{File, Query};
/// let file = File::open("testdata/xdf/same_name.std")?;
/// let query: Query = "nomvar=TT and level=500 hPa".parse()?;
/// for record in file.select(&query) {
///     println!("{} {:?}", record.nomvar(), file.read(record)?.dims());
/// }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct File {
    pub(crate) members: Vec<Part>,
    pub(super) records: Vec<Record>,
    pub(super) options: OpenOptions,
    pub(crate) derived: Derived,
}

/// One of the files of a [`File`], without what [`super::Member`] refers to.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) path: Option<PathBuf>,
    pub(crate) source: Source,
    /// Without its records, which are in `File::records`.
    pub(super) directory: Directory,
    /// Which of the records are of this file.
    pub(super) records: Range<usize>,
    /// Directory indices of records that are read although their own header contradicts the directory. Of salvages only.
    pub(crate) unverified: HashSet<u32>,
}

/// A file whose directory has been read.
pub(super) struct Opened {
    pub(super) path: Option<PathBuf>,
    pub(super) source: Source,
    pub(super) directory: Directory,
    pub(super) unverified: HashSet<u32>,
}

impl File {
    /// A file whose directory is known; see [`Part::unverified`].
    pub(crate) fn with_directory(
        options: OpenOptions,
        path: Option<PathBuf>,
        source: Source,
        directory: Directory,
        unverified: HashSet<u32>,
    ) -> Result<Self> {
        Self::join(options, [Ok(Opened { path, source: source.after_opening(), directory, unverified })])
    }

    /// The files one after the other; the first error if there is one.
    pub(super) fn join(options: OpenOptions, opened: impl IntoIterator<Item = Result<Opened>>) -> Result<Self> {
        let opened = opened.into_iter().collect::<Result<Vec<_>>>()?;
        let mut file = Self {
            members: Vec::with_capacity(opened.len()),
            records: Vec::new(),
            options,
            derived: Derived::default(),
        };
        if opened.len() > 1 {
            file.records.reserve_exact(opened.iter().map(|one| one.directory.contents().records.len()).sum());
        }
        for Opened { path, source, mut directory, unverified } in opened {
            let start = file.records.len();
            let own = directory.take_records(); // with their memory, which `append` would leave behind
            if file.records.capacity() == 0 {
                file.records = own;
            } else {
                file.records.extend(own);
            }
            let records = start..file.records.len();
            file.members.push(Part { path, source, directory, records, unverified });
        }
        if file.options.calendar != Calendar::Gregorian {
            file.records.iter_mut().for_each(|record| record.reckoning = Reckoning(file.options.calendar));
        }
        Ok(file)
    }

    /// Files whose records are known, those of each file in the order of its directory: they are opened, and nothing of them
    /// is read. The records get the numbers of their files here.
    pub(crate) fn of_known_records(options: OpenOptions, files: Vec<(&Path, Container, Vec<Record>)>) -> Result<Self> {
        let open = |(number, (path, container, mut records)): (u32, (&Path, Container, Vec<Record>))| {
            for record in &mut records {
                record.file = number;
            }
            let mut directory = Directory::empty(container);
            directory.contents_mut().records = records;
            let source = options.source(path)?.after_opening();
            Ok(Opened { path: Some(path.to_owned()), source, directory, unverified: HashSet::new() })
        };
        let opened: Vec<_> = (0..).zip(files).map(open).collect();
        Self::join(options, opened)
    }

    /// The calendar of the records, see [`OpenOptions::calendar`].
    pub(crate) fn calendar(&self) -> Calendar {
        self.options.calendar
    }

    /// The live records in directory order, file after file: the order of librmn's search without criteria.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The records that a query matches, in directory order.
    pub fn select<'a, 'q>(&'a self, query: &'q Query) -> impl Iterator<Item = &'a Record> + use<'a, 'q> {
        self.records.iter().filter(move |record| query.holds(record, &|record| self.metadata_of(record)))
    }

    /// The extended metadata of a record, where they can be read.
    fn metadata_of(&self, record: &Record) -> Option<Metadata> {
        #[cfg(feature = "serde")]
        return self.metadata(record).ok().flatten();
        #[cfg(not(feature = "serde"))]
        return self.member(record).ok().and(None);
    }

    /// The first record that a query matches.
    ///
    /// ```
    /// use rpnfst::{File, Query};
    /// let file = File::open("testdata/xdf/same_name.std")?;
    /// assert!(file.find(&Query::new().nomvar("TT")).is_some());
    /// assert!(file.find(&Query::new().nomvar("NONE")).is_none());
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn find(&self, query: &Query) -> Option<&Record> {
        self.select(query).next()
    }

    pub(crate) fn member(&self, record: &Record) -> Result<&Part> {
        // Files of one run often have the same layout, so that all of the record is compared. Positions in a directory
        // ascend.
        let member = self.members.get(record.file_number());
        let same = |member: &&Part| {
            let own = self.records.get(member.records.clone()).unwrap_or_default();
            let place = own.binary_search_by_key(&record.index, |own| own.index).ok();
            place.and_then(|place| own.get(place)).is_some_and(|own| own == record)
        };
        member.filter(same).ok_or_else(|| Error::ForeignRecord(record.into()))
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.options.limits
    }
}
