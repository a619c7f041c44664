//! What can go wrong between us and the oracle.

use std::fmt;
use std::path::PathBuf;

/// An oracle call that did not give a result.
#[derive(Debug)]
#[non_exhaustive]
pub enum OracleError {
    /// The library named by `RPNFST_LIBRMN` cannot be loaded, or lacks a symbol.
    Library {
        /// Path or symbol.
        what: String,
        /// The dynamic loader's answer.
        source: libloading::Error,
    },
    /// A librmn function returned a negative code.
    Call {
        /// Name of the C or Fortran function.
        function: &'static str,
        /// Its return code (`record.md`, section 9).
        code: i32,
    },
    /// A path or string that cannot be handed to C (not UTF-8, or with a NUL).
    Text(String),
    /// The file is not an XDF standard file: librmn would end the process on it. Use [`crate::child`].
    NotStandardFile(PathBuf),
    /// The array does not have the number of elements that the record asks for.
    Length {
        /// Elements that the record needs.
        expected: usize,
        /// Elements that were given.
        found: usize,
    },
    /// Operating-system error.
    Io(std::io::Error),
}

impl fmt::Display for OracleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Library { what, .. } => write!(f, "cannot load {what}"),
            Self::Call { function, code } => write!(f, "{function} returned {code}"),
            Self::Text(text) => write!(f, "{text:?} cannot be a C string"),
            Self::NotStandardFile(path) => {
                write!(f, "{} is not an XDF standard file", path.display())
            }
            Self::Length { expected, found } => {
                write!(f, "{found} elements given, {expected} expected")
            }
            Self::Io(_) => write!(f, "input/output error"),
        }
    }
}

impl std::error::Error for OracleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Library { source, .. } => Some(source),
            Self::Io(source) => Some(source),
            _ => None,
        }
    }
}

impl From<std::io::Error> for OracleError {
    fn from(source: std::io::Error) -> Self {
        Self::Io(source)
    }
}

/// `Ok(code)` when a librmn return code is not negative.
pub(crate) fn check(function: &'static str, code: i32) -> Result<i32, OracleError> {
    if code < 0 { Err(OracleError::Call { function, code }) } else { Ok(code) }
}
