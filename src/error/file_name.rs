//! How messages name a file.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// How messages name a file: by its path, by the name of its [`Source`](crate::Source), or as `<memory>`.
///
/// ```
/// use rpnfst::{File, Error};
/// let Err(error) = File::open("testdata/none.std") else { panic!("there is such a file") };
/// assert_eq!(error.path(), Some("testdata/none.std".as_ref()));
/// let Err(Error::NotFst { path, .. }) = File::from_bytes(*b"text") else { panic!("an FST file") };
/// assert_eq!((path.path(), path.to_string()), (None, "<memory>".to_owned()));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct FileName(Name);

#[derive(Clone, PartialEq, Eq, Hash, Default)]
enum Name {
    #[default]
    Memory,
    Path(PathBuf),
    /// Of a medium that is no file: a URL, say.
    Medium(Arc<str>),
}

impl FileName {
    /// That of bytes in memory and of other media.
    pub(crate) const MEMORY: Self = Self(Name::Memory);

    /// That of a medium that has a name and no path.
    pub(crate) fn medium(name: Arc<str>) -> Self {
        Self(Name::Medium(name))
    }

    /// The path; `None` for bytes in memory and for media that are no files.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Name::Path(path) => Some(path),
            Name::Memory | Name::Medium(_) => None,
        }
    }
}

impl From<PathBuf> for FileName {
    fn from(path: PathBuf) -> Self {
        Self(Name::Path(path))
    }
}

impl From<&Path> for FileName {
    fn from(path: &Path) -> Self {
        path.to_owned().into()
    }
}

impl From<&str> for FileName {
    fn from(path: &str) -> Self {
        Path::new(path).into()
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Name::Path(path) => path.display().fmt(f),
            Name::Medium(name) => name.fmt(f),
            Name::Memory => f.write_str("<memory>"),
        }
    }
}

/// As displayed.
impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
