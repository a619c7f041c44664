//! The files of a table.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    file::Member,
    record::{Container, Record},
};

/// A file of a [`RecordTable`](super::RecordTable): where it is, and by what a change of it is noticed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct FileEntry {
    /// The path by which it was opened; empty for bytes in memory and readers.
    pub path: PathBuf,
    /// The container.
    pub container: Container,
    /// Bytes of the file when its directory was read.
    pub size: u64,
    /// When it was written last before its directory was read, in nanoseconds since 1970 (UTC). `None` when size and time
    /// would not tell whether it is the same file: it was open already, was written within the two seconds before it was
    /// read, or is damaged, which is to be told again. Then the digest tells it.
    pub modified: Option<i64>,
    /// A number that changes when any record of the directory does: a hash of directory words, places and lengths.
    pub digest: u64,
    /// Number of its records that were read, the deleted ones not counted.
    pub records: u64,
}

/// Nanoseconds before a file is read: one that was written then can be written again, to the same size, without a change of
/// its time. No file system of today counts in longer steps.
const MARGIN: i64 = 2_000_000_000;

impl FileEntry {
    /// An entry with these properties.
    pub fn new(path: PathBuf, container: Container) -> Self {
        Self { path, container, size: 0, modified: None, digest: 0, records: 0 }
    }

    /// The entry of a file that is open, and when it was written last, if that settles it.
    pub(super) fn of_member(member: Member<'_>, modified: Option<i64>) -> Self {
        let path = member.path().map(Path::to_owned).unwrap_or_default();
        Self {
            size: member.size(),
            modified,
            digest: digest(member.records()),
            records: member.records().len() as u64,
            ..Self::new(path, member.container())
        }
    }

    /// Whether the file on disk has the size and the time of the entry: then it is the one that was read, unless somebody
    /// set its time back. Not so when the entry has no time: [`FileEntry::has_records_of`] tells it then.
    pub fn is_current(&self) -> bool {
        self.modified.is_some()
            && std::fs::metadata(&self.path)
                .is_ok_and(|there| there.len() == self.size && time_of(&there) == self.modified)
    }

    /// Whether both have the same records, by the digests of their directories, whatever their paths and times.
    ///
    /// ```
    /// use rpnfst::RecordTable;
    /// let table = RecordTable::of_files(["testdata/xdf/same_name.std", "testdata/xdf/masks.std"])?;
    /// assert!(!table.files()[0].has_records_of(&table.files()[1]));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn has_records_of(&self, other: &Self) -> bool {
        (self.digest, self.records, self.container) == (other.digest, other.records, other.container)
    }
}

/// When a file was written last before now, in nanoseconds since 1970. `None` when it may be written again without a change
/// of that time.
pub(super) fn settled(path: &Path) -> Option<i64> {
    let modified = time_of(&std::fs::metadata(path).ok()?)?;
    (modified < nanoseconds(SystemTime::now())?.saturating_sub(MARGIN)).then_some(modified)
}

fn time_of(there: &std::fs::Metadata) -> Option<i64> {
    nanoseconds(there.modified().ok()?)
}

fn nanoseconds(time: SystemTime) -> Option<i64> {
    let nanoseconds = |time: std::time::Duration| i64::try_from(time.as_nanos()).ok();
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => nanoseconds(after),
        Err(before) => nanoseconds(before.duration()).map(|before| -before),
    }
}

/// FNV-1a with its constants for 64 bits, two words at a time.
pub(super) fn digest(records: &[Record]) -> u64 {
    let step = |digest: u64, word: u64| (digest ^ word).wrapping_mul(0x0000_0100_0000_01b3);
    records.iter().fold(0xcbf2_9ce4_8422_2325, |digest, record| {
        let words = record.words.to_words();
        let pairs = words.as_chunks::<2>().0.iter().map(|[high, low]| u64::from(*high) << 32 | u64::from(*low));
        // Low bits of a product know nothing of high bits of its factors: half a turn brings them down.
        let digest = pairs.fold(digest, |digest, pair| step(digest.rotate_left(32), pair));
        let meta = u64::from(record.meta_words) << 16 | u64::from(record.text_words);
        [record.offset, record.length, u64::from(record.index), meta].into_iter().fold(digest, step)
    })
}
