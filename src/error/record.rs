//! Why a record could not be read, and how messages name a record.

use std::{fmt, io};

use rpnfst_codecs::DecodeError;

use crate::record::{Nomvar, Record};

/// Names a record in messages.
///
/// ```
/// use rpnfst::{File, RecordId};
/// let file = File::open("testdata/xdf/masks.std")?;
/// let id = RecordId::from(&file.records()[0]);
/// assert_eq!((id.index, id.nomvar), (0, file.records()[0].nomvar()));
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct RecordId {
    /// Position in the directory, deleted records included.
    pub index: u32,
    /// Variable name.
    pub nomvar: Nomvar,
    /// Byte offset in the file.
    pub offset: u64,
}

impl From<&Record> for RecordId {
    fn from(record: &Record) -> Self {
        Self { index: record.index, nomvar: record.nomvar(), offset: record.offset }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} at byte {})", self.index, self.nomvar, self.offset)
    }
}

/// Why a record could not be read.
///
/// ```
/// use rpnfst::{Error, File, RecordError};
/// let bytes = std::fs::read("testdata/xdf/same_name.std")?;
/// let cut = File::from_bytes(bytes[..31000].to_vec())?;
/// let lost = cut.records().iter().filter_map(|record| match cut.read(record) {
///     Err(Error::Record { source, .. }) => Some(*source),
///     _ => None,
/// });
/// let reasons: Vec<RecordError> = lost.collect();
/// assert!(matches!(reasons[0], RecordError::Cut { .. } | RecordError::Truncated { .. }), "{reasons:?}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// What gives the record a place is not there: axes, a table of levels, a surface field.
    #[error("{sought} not found; {found}")]
    Lacking {
        /// What was sought: names and conditions.
        sought: String,
        /// What is there instead.
        found: String,
    },
    /// What gives the record a place contradicts itself, or is not known.
    #[error(transparent)]
    Place(#[from] rpnfst_grids::Error),
    /// The payload is damaged or of an unknown type.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The payload is damaged, and the file ends before the record does.
    #[error("the file ends {missing} bytes before the record does: {source}")]
    Truncated {
        /// Bytes that are not there.
        missing: u64,
        /// What the decoder says of those that are.
        r#source: DecodeError,
    },
    /// The file ends before the record does.
    #[error("the file ends {missing} bytes before the record does")]
    Cut {
        /// Bytes that are not there.
        missing: u64,
    },
    /// The record's own header contradicts the directory.
    #[error("record header: {field} is {found}, the directory says {expected}")]
    Header {
        /// Field of the header.
        field: &'static str,
        /// Value in the directory.
        expected: u64,
        /// Value in the record.
        found: u64,
    },
    /// The record's own header says that it is deleted. librmn 20.1 leaves it so when a program writes, flushes and
    /// deletes.
    #[error("deleted: its own header says so, the directory does not")]
    Deleted,
    /// Both auxiliary words are set: the record needs software that does not exist yet.
    #[error("both auxiliary keys are set: written by a newer, unknown software version")]
    NewerVersion,
    /// Decoding would need more memory than the limits allow.
    #[error("needs {needed} bytes, the limit is {limit}")]
    Limit {
        /// Bytes of the decoded array.
        needed: u64,
        /// [`Limits::max_decoded_bytes`](crate::Limits::max_decoded_bytes).
        limit: u64,
    },
    /// Planes that are not in the file would need more memory than the limits allow.
    #[error(
        "{planes} of {of} planes are not in the file; an array that has them needs {needed} bytes more, the limit is {limit}"
    )]
    LostPlanes {
        /// How many.
        planes: u32,
        /// Of how many.
        of: u32,
        /// Bytes of their values.
        needed: u64,
        /// [`Limits::max_lost_bytes`](crate::Limits::max_lost_bytes).
        limit: u64,
    },
    /// The extended metadata is not what it should be.
    #[error("extended metadata: {0}")]
    Metadata(String),
    /// The operating system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}
