//! The files of a [`File`], one by one.

use std::{fmt, path::Path};

use super::opened::{File, Part};
use crate::{
    container::Problem,
    error::{FileName, Result, name_of},
    record::{Container, Record},
};

/// One of the files of a [`File`]: its path, its records, what is known of it.
///
/// ```
/// let file = rpnfst::File::link(["testdata/xdf/same_name.std", "testdata/rsf/masks.rsf"])?;
/// for member in file.members() {
///     println!("{}: {}, {} records", member.name(), member.container().name(), member.records().len());
///     assert!(member.check()?.is_empty(), "sound");
/// }
/// let last = &file.records()[file.records().len() - 1];
/// assert_eq!(file.member_of(last)?.number(), 1);
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Member<'a> {
    pub(super) file: &'a File,
    pub(super) part: &'a Part,
    pub(super) number: usize,
}

impl File {
    /// The files that were opened as one, in the order given: [`Record::file_number`] counts them.
    pub fn members(&self) -> impl ExactSizeIterator<Item = Member<'_>> + DoubleEndedIterator {
        self.members.iter().enumerate().map(|(number, part)| Member { file: self, part, number })
    }

    /// The first file: the only one unless several were [linked](File::link). `None` when none was.
    pub fn first(&self) -> Option<Member<'_>> {
        self.members().next()
    }

    /// The file that a record is in.
    ///
    /// # Errors
    /// [`Error::ForeignRecord`](crate::Error::ForeignRecord) when it is in none of them.
    pub fn member_of(&self, record: &Record) -> Result<Member<'_>> {
        self.member(record).map(|part| Member { file: self, part, number: record.file_number() })
    }

    /// What was found wrong while opening, and where, file after file. For a thorough look see [`File::check`].
    pub fn problems(&self) -> impl Iterator<Item = (Member<'_>, &Problem)> {
        self.members().flat_map(|member| member.problems().map(move |problem| (member, problem)))
    }
}

impl<'a> Member<'a> {
    /// Which of the files this is, from 0: the [`Record::file_number`] of its records.
    pub fn number(self) -> usize {
        self.number
    }

    /// The name in messages: the path, the [name of the source](crate::Source::named), or `<memory>`.
    pub fn name(self) -> FileName {
        name_of(self.part.path.as_ref(), || self.part.source.name())
    }

    /// The path; `None` for bytes in memory and readers.
    pub fn path(self) -> Option<&'a Path> {
        self.part.path.as_deref()
    }

    /// The container.
    pub fn container(self) -> Container {
        self.part.directory.container()
    }

    /// Bytes of the file.
    pub fn size(self) -> u64 {
        self.part.source.len()
    }

    /// The live records of the file, in directory order.
    pub fn records(self) -> &'a [Record] {
        self.file.records.get(self.part.records.clone()).unwrap_or_default()
    }

    /// What was found wrong while opening the file. For a thorough look see [`Member::check`].
    pub fn problems(self) -> impl Iterator<Item = &'a Problem> {
        self.part.directory.contents().problems.iter()
    }
}

/// The name and what is in the file.
impl fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member({}, {}, {} records)", self.name(), self.container().name(), self.records().len())
    }
}
