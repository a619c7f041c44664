//! Opening files.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Mutex,
};

use super::{
    opened::{File, Opened},
    options::OpenOptions,
    settle::read_settled,
};
use crate::{
    bytes::Source,
    container::detect,
    error::{Error, Result, name_of},
    parallel,
    record::Container,
};

impl OpenOptions {
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
        let opened = if paths.len() > 1 {
            // The files keep them: no copies.
            let (count, paths) = (paths.len(), Mutex::new(paths));
            let take = |number| paths.lock().ok().as_mut().and_then(|paths| paths.get_mut(number).map(std::mem::take));
            parallel::map(count, |number| open((number, take(number).unwrap_or_default())))
        } else {
            paths.into_iter().enumerate().map(open).collect()
        };
        File::join(self.clone(), opened)
    }

    /// Reads an FST file from any source of bytes.
    ///
    /// # Errors
    /// See [`File::open`].
    pub fn open_source(&self, source: Source) -> Result<File> {
        File::join(self.clone(), [self.opened(None, source, 0)])
    }

    /// Reads the directory of a source.
    pub(super) fn opened(&self, path: Option<PathBuf>, source: Source, number: usize) -> Result<Opened> {
        let again = |known: &Source| self.again(path.as_deref(), known);
        let file = u32::try_from(number).unwrap_or(u32::MAX);
        let name = name_of(path.as_ref(), || source.name());
        let (source, directory) = read_settled(&name, source, file, again)?;
        Ok(Opened { source: source.after_opening(), directory, unverified: HashSet::new(), path })
    }
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

    /// The container of a file, by its first bytes: nothing else of it is read.
    ///
    /// ```
    /// use rpnfst::{Container, File};
    /// assert_eq!(File::container_of("testdata/xdf/sequential.seq.std")?, Container::XdfSequential);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::NotFst`] when it is something else.
    pub fn container_of(path: impl AsRef<Path>) -> Result<Container> {
        let path = path.as_ref();
        let failed = |source| Error::Io { path: path.into(), source };
        let found = Source::file(path).and_then(|source| detect(&source)).map_err(failed)?;
        found.map_err(|found| Error::NotFst { path: path.into(), found })
    }
}
