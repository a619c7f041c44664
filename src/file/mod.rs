//! Opening files and finding records in them.

mod check;

use std::{
    collections::HashSet,
    ops::Range,
    path::{Path, PathBuf},
};

use crate::{
    container::{Contents, Details},
    detect::detect,
    directory::{not_fst, read_settled},
    error::{Error, Result, name_of},
    extents::Extents,
    problem::Problem,
    query::Query,
    record::{Calendar, Container, Descriptors, Record, date::Reckoning},
    rsf,
    source::Source,
    xdf,
};

/// How to open files, and how much a hostile one may cost.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Read with `pread`, although files could be mapped.
    pread: bool,
    limits: Limits,
    calendar: Calendar,
}

/// Caps on what reading may cost, beyond what the bytes of the file justify.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one decoded array; 16 GiB by default.
    pub max_decoded_bytes: u64,
    /// Bytes of planes in it that are not in the file ([`Record::lost_planes`]); 1 GiB by default. No payload vouches for
    /// them: 250 kB of file can claim 16 GB.
    pub max_lost_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_decoded_bytes: 16 << 30, max_lost_bytes: 1 << 30 }
    }
}

impl OpenOptions {
    /// The defaults: memory maps where the build has them, default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether to map files into memory (fastest) or to read them with `pread` (for network disks and for files that
    /// others cut short while we read).
    #[must_use]
    pub fn mmap(mut self, yes: bool) -> Self {
        self.pread = !yes;
        self
    }

    /// Limits for hostile files.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The calendar of the model that wrote the files, which they do not say: in it the origin dates of records follow
    /// from the validity dates, which are what is stored. The Gregorian one by default.
    #[must_use]
    pub fn calendar(mut self, calendar: Calendar) -> Self {
        self.calendar = calendar;
        self
    }

    /// Opens one file.
    ///
    /// # Errors
    /// See [`File::open`].
    pub fn open(&self, path: impl AsRef<Path>) -> Result<File> {
        self.link([path])
    }

    /// Opens several files as one: their records one after the other, in the order given. Their directories are read on
    /// the threads of the current rayon pool.
    ///
    /// # Errors
    /// See [`File::open`]; the first one in the order of the files.
    pub fn link<P: AsRef<Path>>(&self, paths: impl IntoIterator<Item = P>) -> Result<File> {
        let open = |(number, path): (usize, PathBuf)| {
            let source = self.source(&path)?;
            self.opened(Some(path), source, number)
        };
        let paths: Vec<PathBuf> = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
        #[cfg(feature = "rayon")]
        if paths.len() > 1 {
            use rayon::prelude::*;
            let opened: Vec<_> = paths.into_par_iter().enumerate().map(open).collect();
            return File::join(self.clone(), opened);
        }
        File::join(self.clone(), paths.into_iter().enumerate().map(open))
    }

    /// Reads an FST file from any source of bytes.
    ///
    /// # Errors
    /// See [`File::open`].
    pub fn open_source(&self, source: Source) -> Result<File> {
        File::join(self.clone(), [self.opened(None, source, 0)])
    }

    /// Reads the directory of a source.
    fn opened(&self, path: Option<PathBuf>, source: Source, number: usize) -> Result<Opened> {
        let again = |known: &Source| self.again(path.as_deref(), known);
        let file = u32::try_from(number).unwrap_or(u32::MAX);
        let (source, contents) = read_settled(&name_of(path.as_ref()), source, file, again)?;
        Ok(Opened { source: source.settled(), contents, unverified: HashSet::new(), path })
    }

    /// A source as it is now, if it may be another than the one that is known.
    fn again(&self, path: Option<&Path>, known: &Source) -> Result<Option<Source>> {
        let Some(path) = path else {
            let now = known.refreshed().map_err(|source| Error::Io { path: name_of(None), source })?;
            return Ok(Some(now).filter(|now| now.len() != known.len()));
        };
        self.source(path).map(Some)
    }

    pub(crate) fn source(&self, path: &Path) -> Result<Source> {
        let mapped = cfg!(feature = "mmap") && !self.pread;
        let opened = if mapped { Source::mapped(path) } else { Source::file(path) };
        opened.map_err(|source| Error::Io { path: path.display().to_string(), source })
    }
}

/// One or more standard files, opened for reading.
///
/// All methods take `&self` and no lock: any number of threads may search and read one `File`.
#[derive(Clone, Debug)]
pub struct File {
    pub(crate) members: Vec<Member>,
    records: Vec<Record>,
    options: OpenOptions,
}

/// One of the files of a [`File`].
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) path: Option<PathBuf>,
    pub(crate) source: Source,
    /// Everything but the records, which are in `File::records`.
    contents: Contents,
    /// Which of the records are of this file.
    records: Range<usize>,
    /// Directory indices of records that are read although their own header says something else.
    pub(crate) unverified: HashSet<u32>,
}

/// A file whose directory has been read.
struct Opened {
    path: Option<PathBuf>,
    source: Source,
    contents: Contents,
    unverified: HashSet<u32>,
}

/// What is known of one file besides its records.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Info {
    /// Path; `None` for bytes in memory and readers.
    pub path: Option<PathBuf>,
    /// Container.
    pub container: Container,
    /// Bytes of the file.
    pub size: u64,
    /// Live records.
    pub records: usize,
    /// Deleted records.
    pub deleted: u64,
    /// Bytes that nothing uses: deleted records, leftovers of interrupted writes, holes.
    pub wasted_bytes: u64,
    /// What only this container has: pages or segments, counters.
    pub details: Details,
}

impl File {
    /// Opens a file, whatever its container; only the directory is read.
    ///
    /// A damaged file opens as far as it is sound; [`File::problems`] says what was noticed.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::NotFst`] when it is something else (the message says what),
    /// [`Error::Damaged`] when its header is unusable.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        OpenOptions::new().open(path)
    }

    /// Opens several files as one: their records one after the other, in the order given.
    ///
    /// # Errors
    /// See [`File::open`].
    pub fn link<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Self> {
        OpenOptions::new().link(paths)
    }

    /// Reads a file that is in memory.
    ///
    /// # Errors
    /// See [`File::open`].
    pub fn from_bytes(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Result<Self> {
        OpenOptions::new().open_source(Source::bytes(bytes))
    }

    /// A file whose directory is known; see [`Member::unverified`].
    pub(crate) fn with_contents(
        options: OpenOptions,
        path: Option<PathBuf>,
        source: Source,
        contents: Contents,
        unverified: HashSet<u32>,
    ) -> Result<Self> {
        Self::join(options, [Ok(Opened { path, source: source.settled(), contents, unverified })])
    }

    /// The files one after the other; the first error if there is one.
    fn join(options: OpenOptions, opened: impl IntoIterator<Item = Result<Opened>>) -> Result<Self> {
        let opened = opened.into_iter().collect::<Result<Vec<_>>>()?;
        let mut file = Self { members: Vec::with_capacity(opened.len()), records: Vec::new(), options };
        if opened.len() > 1 {
            file.records.reserve_exact(opened.iter().map(|one| one.contents.records.len()).sum());
        }
        for Opened { path, source, mut contents, unverified } in opened {
            let start = file.records.len();
            let own = std::mem::take(&mut contents.records); // with their memory, which `append` would leave behind
            if file.records.capacity() == 0 {
                file.records = own;
            } else {
                file.records.extend(own);
            }
            let records = start..file.records.len();
            file.members.push(Member { path, source, contents, records, unverified });
        }
        if file.options.calendar != Calendar::Gregorian {
            file.records.iter_mut().for_each(|record| record.reckoning = Reckoning(file.options.calendar));
        }
        Ok(file)
    }

    /// The live records in directory order, file after file: the order of librmn's search without criteria.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The records that a query matches, in directory order.
    pub fn select<'a, 'q>(&'a self, query: &'q Query) -> impl Iterator<Item = &'a Record> + use<'a, 'q> {
        self.records.iter().filter(move |record| query.holds(record, Some(self)))
    }

    /// The first record that a query matches.
    pub fn find(&self, query: &Query) -> Option<&Record> {
        self.select(query).next()
    }

    /// The records that one refers to: axes of its grid, its vertical coordinate, its mask. For many records make
    /// [`Descriptors`] once.
    pub fn descriptors_of(&self, record: &Record) -> Vec<&Record> {
        Descriptors::new(&self.records).of(record)
    }

    /// What was found wrong while opening, file after file. For a thorough look see [`File::check`].
    pub fn problems(&self) -> impl Iterator<Item = (usize, &Problem)> {
        self.members.iter().enumerate().flat_map(|(k, m)| m.contents.problems.iter().map(move |p| (k, p)))
    }

    /// Number of files opened as one.
    pub fn file_count(&self) -> usize {
        self.members.len()
    }

    /// The name of a file in messages: its path, or `<memory>`.
    pub fn file_name(&self, file: usize) -> String {
        name_of(self.members.get(file).and_then(|m| m.path.as_ref()))
    }

    /// What is known of one of the files besides its records.
    pub fn info(&self, file: usize) -> Option<Info> {
        let member = self.members.get(file)?;
        let size = member.source.len();
        let wasted_bytes = match member.contents.container {
            // Postfixes and marks lie between the records there.
            Container::XdfSequential => member.contents.deleted_bytes,
            _ => self.extents(file, member).unused(size),
        };
        Some(Info {
            path: member.path.clone(),
            container: member.contents.container,
            size,
            records: member.records.len(),
            deleted: member.contents.deleted,
            wasted_bytes,
            details: member.contents.details.clone(),
        })
    }

    /// The path of one of the files; `None` for bytes in memory and readers.
    pub fn path(&self, file: usize) -> Option<&Path> {
        self.members.get(file).and_then(|member| member.path.as_deref())
    }

    /// The container of a file, by its first bytes: nothing else of it is read.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::NotFst`] when it is something else.
    pub fn container_of(path: impl AsRef<Path>) -> Result<Container> {
        let path = path.as_ref();
        let failed = |source| Error::Io { path: path.display().to_string(), source };
        let found = Source::file(path).and_then(|source| detect(&source)).map_err(failed)?;
        found.map_err(|found| not_fst(&path.display().to_string(), found))
    }

    /// The records of one of the files.
    pub fn records_of(&self, file: usize) -> &[Record] {
        let own = self.members.get(file).and_then(|member| self.records.get(member.records.clone()));
        own.unwrap_or_default()
    }

    fn extents(&self, file: usize, member: &Member) -> Extents {
        let mut extents = match member.contents.container {
            Container::Rsf => rsf::extents(&member.contents),
            _ => xdf::extents(&member.contents),
        };
        extents.add_records(self.records_of(file));
        extents
    }

    /// Looks again at the files on disk and takes in what other processes appended, deleted or edited since they were
    /// opened. Returns how many records there are more (or fewer) than before. On an error nothing changes.
    ///
    /// # Errors
    /// See [`File::open`].
    pub fn refresh(&mut self) -> Result<isize> {
        let look = |(number, member): (usize, &Member)| {
            let source = match &member.path {
                Some(path) => self.options.source(path)?,
                None => member.source.refreshed().map_err(|source| Error::Io { path: name_of(None), source })?,
            };
            self.options.opened(member.path.clone(), source, number)
        };
        let fresh = Self::join(self.options.clone(), self.members.iter().enumerate().map(look))?;
        let more = fresh.records.len().wrapping_sub(self.records.len());
        *self = fresh;
        Ok(more.cast_signed())
    }

    pub(crate) fn member(&self, record: &Record) -> Result<&Member> {
        // Files of one run often have the same layout, so that all of the record is compared. Positions in a directory
        // ascend.
        let own = self.records_of(record.file_number());
        let place = own.binary_search_by_key(&record.index, |own| own.index).ok();
        let same = place.and_then(|place| own.get(place)).is_some_and(|own| own == record);
        let member = self.members.get(record.file_number()).filter(|_| same);
        member.ok_or_else(|| Error::ForeignRecord(record.into()))
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.options.limits
    }
}
