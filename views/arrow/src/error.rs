//! Errors: which file, and what is wrong with it.
//!
//! As in `rpnfst`, an error's text contains the texts of its causes, and `source` returns none.

use std::{io, path::PathBuf};

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use rpnfst::FileName;

/// Result of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// What can go wrong.
///
/// ```
/// use rpnfst_arrow::Error;
/// let Err(error) = rpnfst_arrow::read_index("../../testdata/xdf/same_name.std") else { panic!("no index") };
/// assert!(matches!(error, Error::NotIndex { .. }));
/// assert!(error.to_string().starts_with("../../testdata/xdf/same_name.std: "));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// Index.
        path: FileName,
        /// The system's error.
        r#source: io::Error,
    },
    /// The file is something else.
    #[error("{path}: not an index of FST files: {what}")]
    NotIndex {
        /// File.
        path: FileName,
        /// What is found.
        what: String,
    },
    /// The index was cut or changed, or contradicts itself.
    #[error("{path}: damaged index: {what}")]
    Damaged {
        /// Index.
        path: FileName,
        /// What is wrong.
        what: String,
    },
    /// A later version of this crate wrote the index.
    #[error("{path}: an index of version {version}; this program reads version {known}")]
    Version {
        /// Index.
        path: FileName,
        /// Its version.
        version: u32,
        /// The version that can be read.
        known: u32,
    },
    /// The path of an FST file has no portable form.
    #[error("{}: this path cannot be stored in an index", file.display())]
    Path {
        /// FST file.
        file: PathBuf,
    },
    /// The index could not be written.
    #[error("{path}: {source}")]
    Write {
        /// Index.
        path: FileName,
        /// Why.
        r#source: ParquetError,
    },
    /// The table does not fit in arrays.
    #[error("no Arrow arrays of this table: {0}")]
    Arrow(ArrowError),
}

impl From<ArrowError> for Error {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

/// For `map_err`: the system's refusal about a file.
pub(crate) fn io(path: &std::path::Path) -> impl Fn(io::Error) -> Error + '_ {
    |source| Error::Io { path: path.into(), source }
}

/// The error of an index that is wrong.
pub(crate) fn damaged(path: &std::path::Path, what: impl Into<String>) -> Error {
    Error::Damaged { path: path.into(), what: what.into() }
}
