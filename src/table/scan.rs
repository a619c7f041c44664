//! Tables of files: their directories are read on all cores, and the files are closed again.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use super::{Columns, FileEntry, RecordTable, columns::Builder, entry};
use crate::{
    container::{Problem, Severity},
    error::{Error, Result},
    file::OpenOptions,
    parallel,
    record::Container,
};

/// Files whose directories are read before their records are appended: so many are open or in memory at a time.
const WINDOW: usize = 512;
/// Files that one thread reads at a time.
const PART: usize = 16;
/// Records for which room is made beforehand: later files may have fewer.
const MOST_RESERVED: usize = 4 << 20;

/// What [`OpenOptions::scan`] found.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Scan {
    /// The records of the files that could be read.
    pub table: RecordTable,
    /// Why the others could not: by [`Error::NotFst`] those that are something else.
    pub errors: Vec<Error>,
    /// What [`File::problems`](crate::File::problems) says of those that could be read, with their numbers in the table.
    pub problems: Vec<(usize, Problem)>,
}

/// How far a scan is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Scanned {
    /// Files that are done.
    pub files: usize,
    /// Records found in them.
    pub records: usize,
}

impl RecordTable {
    /// The table of the records of some files, in their order. The directories are read on the threads of the current rayon
    /// pool; no file stays open.
    ///
    /// # Errors
    /// See [`File::open`](crate::File::open); the first one in the order of the files. [`OpenOptions::scan`] goes on behind
    /// an error.
    pub fn of_files<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Self> {
        let paths: Vec<PathBuf> = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
        let scan = OpenOptions::new().scan(&paths, |_| ());
        scan.errors.into_iter().next().map_or(Ok(scan.table), Err)
    }
}

impl OpenOptions {
    /// The table of the records of those of the files that can be read, and the errors of the others. `progress` is called
    /// now and then.
    ///
    /// ```
    /// use rpnfst::OpenOptions;
    /// let scan = OpenOptions::new().scan(&["testdata/xdf/same_name.std", "Cargo.toml"], |_| ());
    /// assert_eq!((scan.table.files().len(), scan.errors.len()), (1, 1));
    /// ```
    pub fn scan<P: AsRef<Path> + Sync>(&self, paths: &[P], mut progress: impl FnMut(Scanned)) -> Scan {
        let (mut files, mut errors, mut problems) = (Vec::with_capacity(paths.len()), Vec::new(), Vec::new());
        let (mut done, mut builder) = (Scanned::default(), Mutex::new(Builder::default()));
        // The files of a window are read while the records of the one before are appended.
        let mut read: Vec<(Columns, u32)> = Vec::new();
        for window in paths.chunks(WINDOW).map(Some).chain([None]) {
            let now = directories(self, window.unwrap_or_default(), || {
                if let Ok(mut builder) = builder.lock() {
                    for (columns, first_file) in &read {
                        builder.append(columns, *first_file);
                    }
                }
            });
            read.clear();
            for (found, columns) in now {
                done.files += found.len();
                done.records += columns.len();
                read.push((columns, u32::try_from(files.len()).unwrap_or(u32::MAX)));
                for entry in found {
                    match entry {
                        Ok((entry, found)) => {
                            problems.extend(found.into_iter().map(|problem| (files.len(), problem)));
                            files.push(entry);
                        }
                        Err(error) => errors.push(error),
                    }
                }
            }
            let first = window.filter(|window| done.files == window.len());
            if let (Some(window), Ok(builder)) = (first, builder.get_mut()) {
                // Files of one archive are much alike: room for all of them, instead of moving what is there again and again.
                let all = done.records.saturating_mul(paths.len()) / window.len();
                builder.reserve(all.min(MOST_RESERVED));
            }
            progress(done);
        }
        let builder = builder.into_inner().unwrap_or_default();
        let table = RecordTable {
            files: Arc::new(files),
            columns: Arc::new(builder.finish()),
            calendar: self.calendar_of_records(),
        };
        Scan { table, errors, problems }
    }
}

/// Some files: an entry and what is wrong, or an error, for each; and the records of those without an error, whose files are
/// counted from 0.
type Part = (Vec<Result<(FileEntry, Vec<Problem>)>>, Columns);

/// The files of a window, a part of them after the other; `meanwhile` runs beside.
fn directories<P: AsRef<Path> + Sync>(options: &OpenOptions, paths: &[P], meanwhile: impl Fn() + Sync) -> Vec<Part> {
    // A map costs more than the few pieces of a directory.
    let options = options.clone().mmap(false);
    let read = |paths: &[P]| {
        let (mut builder, mut number) = (Builder::default(), 0);
        let mut read = |path: &P| {
            // Before the file is read: what is written later makes it newer than its entry.
            let modified = entry::settled(path.as_ref());
            let file = options.open(path)?;
            let problems: Vec<_> = file.problems().map(|(_, problem)| problem.clone()).collect();
            let is_sound = problems.iter().all(|problem| problem.severity != Severity::Damage);
            let entry = file.first().map(|member| FileEntry::of_member(member, modified.filter(|_| is_sound)));
            for record in file.records() {
                builder.push(record, number);
            }
            number += 1;
            let entry = entry.unwrap_or_else(|| FileEntry::new(PathBuf::new(), Container::Xdf));
            Ok((entry, problems))
        };
        let entries = paths.iter().map(&mut read).collect();
        (entries, builder.columns())
    };
    let parts: Vec<&[P]> = paths.chunks(PART).collect();
    let read = |number: usize| match number.checked_sub(1) {
        None => {
            meanwhile();
            None
        }
        Some(number) => parts.get(number).map(|paths| read(paths)),
    };
    parallel::map(parts.len() + 1, read).into_iter().flatten().collect()
}
