//! Tables of files: their directories are read on all cores, and the files are closed again.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{FileEntry, RecordTable, columns::Builder, entry};
use crate::{
    error::{Error, Result},
    file::{File, OpenOptions},
    record::Container,
};

/// Files whose directories are read before their records are appended: so many are open or in memory at a time.
const WINDOW: usize = 256;

/// What [`OpenOptions::scan`] found.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Scan {
    /// The records of the files that could be read.
    pub table: RecordTable,
    /// Why the others could not: by [`Error::NotFst`] those that are something else.
    pub errors: Vec<Error>,
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
    /// See [`File::open`]; the first one in the order of the files. [`OpenOptions::scan`] goes on behind an error.
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
        let (mut files, mut errors, mut builder) = (Vec::with_capacity(paths.len()), Vec::new(), Builder::default());
        let mut done = Scanned::default();
        for window in paths.chunks(WINDOW) {
            for found in directories(self, window) {
                done.files += 1;
                match found {
                    Ok((entry, file)) => {
                        let number = u32::try_from(files.len()).unwrap_or(u32::MAX);
                        let records = file.records();
                        done.records += records.len();
                        for record in records {
                            builder.push(record, number);
                        }
                        files.push(entry);
                    }
                    Err(error) => errors.push(error),
                }
            }
            progress(done);
        }
        let table = RecordTable {
            files: Arc::new(files),
            columns: Arc::new(builder.finish()),
            calendar: self.calendar_of_records(),
        };
        Scan { table, errors }
    }
}

/// The directories of some files, in their order.
fn directories<P: AsRef<Path> + Sync>(options: &OpenOptions, paths: &[P]) -> Vec<Result<(FileEntry, File)>> {
    // A map costs more than the few pieces of a directory.
    let options = options.clone().mmap(false);
    let read = |path: &P| {
        // Before the file is read: what is written later makes it newer than its entry.
        let modified = entry::modified(path.as_ref());
        let file = options.open(path)?;
        let entry = file.first().map(FileEntry::of_member);
        let entry = entry.unwrap_or_else(|| FileEntry::new(PathBuf::new(), Container::Xdf));
        Ok((FileEntry { modified, ..entry }, file))
    };
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        paths.par_iter().map(read).collect()
    }
    #[cfg(not(feature = "rayon"))]
    paths.iter().map(read).collect()
}
