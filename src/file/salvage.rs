//! Damaged files: the records that the directory lists, and those that a search finds.

use std::{
    collections::{HashMap, HashSet},
    io,
    ops::Range,
    path::Path,
};

use super::{opened::File, options::OpenOptions};
use crate::{
    bytes::Source,
    container::{Directory, Scan, detect, is_believable, record_header, scan},
    error::{Error, Result, name_of},
    record::{Container, Record},
};

/// Where a record of a [`Salvage`] comes from.
///
/// ```
/// use rpnfst::{File, Origin};
/// let salvage = File::salvage("testdata/rsf/unclosed.rsf")?;
/// assert!(salvage.records().any(|(_, origin)| origin == Origin::Found));
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The directory lists it.
    Directory,
    /// It is in no directory; a search through the file found it.
    Found,
    /// A search found it, and it was deleted.
    Deleted,
}

/// A damaged file, with all records that its directory lists and those that a search through the whole file finds
/// besides: of a lost directory, behind damaged stretches, of writers that died, deleted ones.
///
/// Where directory and record contradict each other, and no checksum says which is right, the record is here twice: as the
/// directory says, then as it says itself. Where more than eight records claim the same bytes, eight are here. That a
/// record is here does not mean that its values can be read: read it.
///
/// ```
/// # fn main() -> rpnfst::Result<()> {
/// let salvage = rpnfst::File::salvage("testdata/rsf/unclosed.rsf")?;
/// for (record, origin) in salvage.records() {
///     match salvage.file().read(record) {
///         Ok(field) => println!("{} {origin:?} {:?}", record.nomvar(), field.dims()),
///         Err(error) => println!("lost: {error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Salvage {
    file: File,
    /// One for each record of `file`.
    origins: Vec<Origin>,
    gaps: Vec<Range<u64>>,
}

impl File {
    /// Opens a damaged file and searches all of it for records.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read; as [`File::open`] when no record is found in it.
    pub fn salvage(path: impl AsRef<Path>) -> Result<Salvage> {
        OpenOptions::new().salvage(path)
    }
}

impl OpenOptions {
    /// Like [`File::salvage`], with options.
    ///
    /// # Errors
    /// See [`File::salvage`].
    pub fn salvage(&self, path: impl AsRef<Path>) -> Result<Salvage> {
        let path = path.as_ref().to_owned();
        let source = self.source(&path)?;
        self.salvage_in(Some(path), source)
    }

    /// Like [`File::salvage`], from any source of bytes.
    ///
    /// # Errors
    /// See [`File::salvage`].
    pub fn salvage_source(&self, source: Source) -> Result<Salvage> {
        self.salvage_in(None, source)
    }

    fn salvage_in(&self, path: Option<std::path::PathBuf>, source: Source) -> Result<Salvage> {
        let name = name_of(path.as_ref(), || source.name());
        let failed = |source| Error::Io { path: name.clone(), source };
        let (directory, scan) = match (Directory::read(&name, &source, 0), detect(&source).map_err(failed)?) {
            (Ok(directory), _) => {
                let scan = scan(&source, directory.container()).map_err(failed)?;
                (directory, scan)
            }
            (Err(e @ Error::Io { .. }), _) => return Err(e),
            (Err(_), Ok(container)) => (Directory::empty(container), scan(&source, container).map_err(failed)?),
            // Nothing says what it is: what is in it does.
            (Err(e), Err(_)) => {
                let xdf = scan(&source, Container::Xdf).map_err(failed)?;
                let rsf = scan(&source, Container::Rsf).map_err(failed)?;
                match (xdf.found.len(), rsf.found.len()) {
                    (0, 0) => return Err(e),
                    (x, r) if x >= r => (Directory::empty(Container::Xdf), xdf),
                    _ => (Directory::empty(Container::Rsf), rsf),
                }
            }
        };
        let merged = merge(&source, directory, scan).map_err(failed)?;
        let Merged { directory, origins, unverified, gaps } = merged;
        let file = File::with_directory(self.clone(), path, source, directory, unverified)?;
        Ok(Salvage { file, origins, gaps })
    }
}

struct Merged {
    directory: Directory,
    origins: Vec<Origin>,
    /// Directory indices of records whose own header contradicts what is known of them.
    unverified: HashSet<u32>,
    gaps: Vec<Range<u64>>,
}

/// Puts together what the directory says and what was found, each record once.
fn merge(source: &Source, mut directory: Directory, scan: Scan) -> io::Result<Merged> {
    let mut unverified = HashSet::new();
    let next = directory.contents().records.last().map_or(0, |record| record.index.saturating_add(1));
    let at: HashMap<_, _> = scan.found.iter().map(|found| (found.record.offset, found)).collect();
    let (mut kept, mut conflicting, mut pages) = (Vec::new(), HashSet::new(), HashMap::new());
    for mut record in directory.take_records() {
        let sequential = record.container == Container::XdfSequential;
        let own = at.get(&record.offset);
        let found = own.is_some();
        // Of sequential files nothing but the records themselves says where they are.
        let sound = if sequential { found } else { record_header(source, &record).is_ok() };
        if !sound {
            if own.is_some_and(|own| !own.corrected) {
                continue; // its own header is right: what follows the record fits the length in it
            }
            if is_believable(source, &record)? {
                unverified.insert(record.index);
            } else if found || sequential {
                continue; // there is no such record
            }
        }
        // If directory and record differ, one of them is wrong. A right checksum says that it is not the directory; without
        // one, the record is listed twice.
        if let Some(own) = own.map(|own| &own.record.words).filter(|words| **words != record.words) {
            match directory.is_checksum_right(source, record.index, &mut pages)? {
                Some(true) => {}
                Some(false) => {
                    record.words = record.words.with_layout_of(own);
                    if record.words != *own {
                        conflicting.insert(record.offset);
                    }
                }
                None => {
                    conflicting.insert(record.offset);
                }
            }
        }
        if record.container != Container::Rsf && record.offset + record.length > source.len() {
            record.length = source.len() - record.offset; // perhaps only padding is cut
            unverified.insert(record.index);
        }
        kept.push(record);
    }
    let mut origins = vec![Origin::Directory; kept.len()];
    let listed: HashSet<_> = kept.iter().map(|record| record.offset).filter(|at| !conflicting.contains(at)).collect();
    let mut gaps = scan.gaps;
    let covered = Covered::new(&kept);
    gaps.retain(|gap| !covered.reaches_into(gap));
    let fresh = scan.found.into_iter().filter(|found| !listed.contains(&found.record.offset));
    for (index, found) in (next..).zip(fresh) {
        if found.corrected || found.deleted {
            unverified.insert(index);
        }
        origins.push(if found.deleted { Origin::Deleted } else { Origin::Found });
        kept.push(Record { index, ..found.record });
    }
    drop_excess(&mut kept, &mut origins);
    directory.contents_mut().records = kept;
    Ok(Merged { directory, origins, unverified, gaps })
}

/// Records that may claim the same bytes: damage leads to two or three descriptions of one.
const MOST_CLAIMS: usize = 8;

/// Drops the records that begin where as many as may be already claim the bytes: to copy all records is then a few times
/// the work of reading the file, however they were piled up.
fn drop_excess(records: &mut Vec<Record>, origins: &mut Vec<Origin>) {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|&k| records[k].offset);
    let mut ends: Vec<u64> = Vec::with_capacity(MOST_CLAIMS);
    let mut keep = vec![true; records.len()];
    for k in order {
        let record = &records[k];
        ends.retain(|&end| end > record.offset);
        if ends.len() < MOST_CLAIMS {
            ends.push(record.offset.saturating_add(record.length));
        } else {
            keep[k] = false;
        }
    }
    let (mut of_records, mut of_origins) = (keep.iter(), keep.iter());
    records.retain(|_| of_records.next() == Some(&true));
    origins.retain(|_| of_origins.next() == Some(&true));
}

/// Where records are: by their offset, how far they and those before reach.
struct Covered(Vec<(u64, u64)>);

impl Covered {
    fn new(records: &[Record]) -> Self {
        let mut reach: Vec<_> = records.iter().map(|r| (r.offset, r.offset.saturating_add(r.length))).collect();
        reach.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut reach {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Self(reach)
    }

    fn reaches_into(&self, gap: &Range<u64>) -> bool {
        let before = self.0.partition_point(|(offset, _)| *offset < gap.end);
        before.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|(_, end)| *end > gap.start)
    }
}

impl Salvage {
    /// The file with all of the records, deleted ones too: to read them, or to [copy](crate::Writer::copy) them.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The records and where they come from: first those of the directory, then those found, in the order of the file.
    pub fn records(&self) -> impl Iterator<Item = (&Record, Origin)> {
        self.file.records().iter().zip(self.origins.iter().copied())
    }

    /// Stretches of the file, in bytes, in which nothing was recognised.
    pub fn gaps(&self) -> &[Range<u64>] {
        &self.gaps
    }
}
