//! Whether two names lead to one file: outputs must not take the place of what a command reads.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use crate::report::{Result, Stop};

/// The same for all paths that lead to one file, by links of either kind.
#[cfg(unix)]
pub(crate) type FileId = (u64, u64);

/// The same for all paths that lead to one file, but for hard links.
#[cfg(not(unix))]
pub(crate) type FileId = PathBuf;

/// Which file a path leads to; `None` when there is none.
#[cfg(unix)]
pub(crate) fn id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).ok().map(|there| (there.dev(), there.ino()))
}

#[cfg(not(unix))]
pub(crate) fn id(path: &Path) -> Option<FileId> {
    fs::canonicalize(path).ok()
}

/// Files that a command reads.
#[derive(Debug, Default)]
pub(crate) struct FilesRead(HashMap<FileId, PathBuf>);

impl FilesRead {
    /// Those of these that are there.
    pub(crate) fn new<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Self {
        let known = |path: P| Some((id(path.as_ref())?, path.as_ref().to_owned()));
        Self(paths.into_iter().filter_map(known).collect())
    }

    /// An error when an output would take the place of one.
    pub(crate) fn keep(&self, output: &Path) -> Result {
        match id(output).and_then(|id| self.0.get(&id)) {
            Some(input) => {
                let what = "is an input and the output; name another output";
                Err(Stop::message(format!("{}: {what}", input.display())))
            }
            None => Ok(()),
        }
    }
}
