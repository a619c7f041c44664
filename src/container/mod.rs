//! The two containers of standard files, XDF and RSF, behind one set of functions.
//!
//! A container says where the records of a file lie, and keeps a copy of their attributes in a directory. The modules
//! [`xdf`] and [`rsf`] each know one container and nothing of the other. This module alone decides which of them a call is
//! for: everything above works with a [`Directory`] and a [`ContainerWriter`], whatever the container.

mod contents;
mod detect;
mod extents;
mod parse;
mod problem;
pub(crate) mod rsf;
mod scan;
mod writer;
pub(crate) mod xdf;

use std::{io, sync::Arc, time::Duration};

pub use self::problem::{Problem, Severity};
pub(crate) use self::{
    contents::Contents,
    detect::detect,
    extents::{Extents, Piece},
    problem::Problems,
    rsf::Sharing,
    scan::Scan,
    writer::ContainerWriter,
};
use crate::{
    bytes::{Source, WriteAt},
    error::{Error, FileName, RecordError, Result},
    record::{Container, Record},
};

/// The directory of a file.
#[derive(Clone, Debug)]
pub(crate) enum Directory {
    Xdf(xdf::Directory),
    Rsf(rsf::Directory),
}

/// What only one of the containers has.
///
/// ```
/// use rpnfst::{File, info::Details};
/// let file = File::open("testdata/xdf/same_name.std")?;
/// let Some(Details::Xdf { header, pages, .. }) = file.first().map(|member| member.info().details) else {
///     panic!("an XDF file")
/// };
/// assert_eq!((header.random, pages.len()), (true, 1));
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Details {
    /// Classic file.
    #[non_exhaustive]
    Xdf {
        /// File header.
        header: xdf::Header,
        /// Directory pages; none in sequential files.
        pages: Vec<xdf::Page>,
    },
    /// RSF file.
    #[non_exhaustive]
    Rsf {
        /// Segments in file order.
        segments: Vec<rsf::Segment>,
        /// Number of writers that have the file open: 0 none, `0xFFFF` an exclusive one, else parallel ones.
        write_flag: u16,
        /// Embedded files, which are no records.
        embedded_files: u64,
    },
}

impl Directory {
    /// Reads the directory of a file as it is now. The records get `file` as their file number.
    ///
    /// # Errors
    /// [`Error::NotFst`] when the content is that of another format; [`Error::Damaged`] when no directory can be found.
    /// Other damage is listed in [`Contents::problems`].
    pub(crate) fn read(name: &FileName, source: &Source, file: u32) -> Result<Self> {
        let failed = |source: io::Error| Error::Io { path: name.to_owned(), source };
        let opened = match detect(source).map_err(failed)? {
            Ok(Container::Xdf | Container::XdfSequential) => xdf::open(source, file).map_err(failed)?.map(Self::Xdf),
            Ok(Container::Rsf) => rsf::open(source, file).map_err(failed)?.map(Self::Rsf),
            Err(found) => return Err(Error::NotFst { path: name.to_owned(), found }),
        };
        opened.map_err(|what| Error::Damaged { path: name.to_owned(), what })
    }

    /// The directory of a file of which nothing is known but its container.
    pub(crate) fn empty(container: Container) -> Self {
        match container {
            Container::Xdf | Container::XdfSequential => {
                Self::Xdf(xdf::Directory::new(xdf::Header::fresh(container == Container::Xdf)))
            }
            Container::Rsf => Self::Rsf(rsf::Directory::new()),
        }
    }

    /// The records, and what was noticed.
    pub(crate) fn contents(&self) -> &Contents {
        match self {
            Self::Xdf(directory) => &directory.contents,
            Self::Rsf(directory) => &directory.contents,
        }
    }

    /// Takes the records out.
    pub(crate) fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.contents_mut().records)
    }

    pub(crate) fn contents_mut(&mut self) -> &mut Contents {
        match self {
            Self::Xdf(directory) => &mut directory.contents,
            Self::Rsf(directory) => &mut directory.contents,
        }
    }

    pub(crate) fn container(&self) -> Container {
        self.contents().container
    }

    pub(crate) fn details(&self) -> Details {
        match self {
            Self::Xdf(directory) => Details::Xdf { header: directory.header, pages: directory.pages.clone() },
            Self::Rsf(directory) => Details::Rsf {
                segments: directory.segments.clone(),
                write_flag: directory.write_flag,
                embedded_files: directory.embedded_files,
            },
        }
    }

    /// Walks through the whole structure of the file, payloads apart, and lists what is wrong; what [`Directory::read`]
    /// noticed is not repeated. `records` are those of the directory. Waits up to `patience` for a writer that is at work.
    pub(crate) fn check(
        &self,
        source: &Source,
        records: &[Record],
        problems: &mut Problems,
        patience: Duration,
    ) -> io::Result<()> {
        match self {
            Self::Xdf(directory) => xdf::check(source, directory, records, problems, patience),
            Self::Rsf(directory) => rsf::check(source, directory, records, problems),
        }
    }

    /// The parts of the file that are in use: structure and records.
    pub(crate) fn extents(&self, records: &[Record]) -> Extents {
        let mut extents = match self {
            Self::Xdf(directory) => xdf::extents(directory),
            Self::Rsf(directory) => rsf::extents(directory),
        };
        extents.add_records(records);
        extents
    }

    /// What the file says of a writer that has it open: not 0 when there is one.
    pub(crate) fn write_flag(&self) -> u32 {
        match self {
            Self::Xdf(directory) => directory.header.write_flag,
            Self::Rsf(directory) => directory.write_flag.into(),
        }
    }

    /// Bytes behind the end that the file names for itself: random XDF files have no other sign of a writer that uses librmn.
    pub(crate) fn bytes_behind_end(&self, records: &[Record], size: u64) -> u64 {
        match self {
            Self::Xdf(directory) if directory.header.random => size.saturating_sub(xdf::end_of(directory, records)),
            Self::Xdf(_) | Self::Rsf(_) => 0,
        }
    }

    /// Whether the checksum of the part of the directory that lists record number `index` holds. `known` keeps the answers.
    /// `None` where the directory has no checksums.
    pub(crate) fn is_checksum_right(
        &self,
        source: &Source,
        index: u32,
        known: &mut std::collections::HashMap<u32, bool>,
    ) -> io::Result<Option<bool>> {
        match self {
            Self::Xdf(directory) => xdf::is_page_sound(source, directory, index, known).map(Some),
            Self::Rsf(_) => Ok(None),
        }
    }

    /// A writer that appends to the file, and how many bytes behind its end the first change will cut off. `records` are
    /// those of the directory; with `force`, complete records that it does not list are added to them. (Those of RSF files
    /// were added by [`rsf::recover`].)
    pub(crate) fn writer(
        &self,
        sink: Arc<dyn WriteAt>,
        name: FileName,
        source: &Source,
        records: &mut Vec<Record>,
        how: Appending,
    ) -> Result<(Box<dyn ContainerWriter>, u64)> {
        let Appending { sharing, sync, force } = how;
        Ok(match self {
            Self::Xdf(directory) if directory.header.random => {
                let (writer, cut_off) = xdf::XdfWriter::open(sink, name, source, directory, records, (sync, force))?;
                (Box::new(writer), cut_off)
            }
            Self::Xdf(directory) => {
                let (writer, cut_off) =
                    xdf::SequentialWriter::open(sink, name, source, &directory.header, (sync, force))?;
                (Box::new(writer), cut_off)
            }
            Self::Rsf(directory) => (Box::new(rsf::RsfWriter::open(sink, name, directory, sharing, sync)), 0),
        })
    }
}

/// How a writer opens an existing file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Appending {
    pub(crate) sharing: Sharing,
    /// Whether every step waits until the medium has the bytes of the one before.
    pub(crate) sync: bool,
    /// Whether to take in, or cut off, what a writer that died left behind the end.
    pub(crate) force: bool,
}

/// Creates a file. With `replace` there may be one, which is emptied first.
///
/// # Errors
/// [`Error::Exists`].
pub(crate) fn create(
    container: Container,
    sink: Arc<dyn WriteAt>,
    name: FileName,
    (sharing, sync, replace): (Sharing, bool, bool),
) -> Result<Box<dyn ContainerWriter>> {
    if container == Container::Rsf {
        // Under the lock by which writers of RSF files take turns.
        return Ok(Box::new(rsf::RsfWriter::create(sink, name, sharing, sync, replace)?));
    }
    let failed = |source| Error::Io { path: name.clone(), source };
    if sink.size().map_err(failed)? > 0 {
        if !replace {
            return Err(Error::Exists { path: name });
        }
        sink.set_size(0).map_err(failed)?;
    }
    Ok(match container {
        Container::Xdf => Box::new(xdf::XdfWriter::create(sink, name, sync)?),
        _ => Box::new(xdf::SequentialWriter::create(sink, name, sync)?),
    })
}

/// Whether these are the first bytes of a file of a container, and nothing else: what a writer leaves that is killed while it
/// creates a file.
pub(crate) fn is_interrupted_create(source: &Source, container: Container) -> io::Result<bool> {
    match container {
        Container::Xdf | Container::XdfSequential => xdf::is_interrupted_create(source, container),
        Container::Rsf => rsf::is_interrupted_create(source),
    }
}

/// Searches a whole file for records.
pub(crate) fn scan(source: &Source, container: Container) -> io::Result<Scan> {
    match container {
        Container::Xdf | Container::XdfSequential => xdf::scan(source, container),
        Container::Rsf => rsf::scan(source),
    }
}

/// Compares the header that a record itself has with the directory.
pub(crate) fn record_header(source: &Source, record: &Record) -> Result<(), RecordError> {
    match record.container() {
        Container::Xdf | Container::XdfSequential => xdf::record_header(source, record),
        Container::Rsf => rsf::record_header(source, record),
    }
}

/// Whether a record of the directory lies where it should although its own header says something else.
pub(crate) fn is_believable(source: &Source, record: &Record) -> io::Result<bool> {
    match record.container() {
        Container::Xdf | Container::XdfSequential => xdf::is_believable(source, record),
        Container::Rsf => rsf::is_believable(source, record),
    }
}
