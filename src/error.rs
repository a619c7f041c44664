//! Errors: which file, which record, what was expected and what was found.
//!
//! One rule for all error types of this crate and of `rpnfst-codecs`: an error's text contains the texts of its causes, and
//! [`source`](std::error::Error::source) returns none of them, so that a program which prints a chain of errors prints each
//! text once. The causes themselves are in the fields of the variants. Fields are written `r#source` where `thiserror` would
//! otherwise make a chain of the name.

mod file_name;
mod not_fst;
mod query;
mod record;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

pub use file_name::FileName;
pub use not_fst::NotFst;
pub use query::QueryError;
pub use record::{RecordError, RecordId};
use rpnfst_codecs::EncodeError;
use rpnfst_grids::levels::LevelError;

use crate::record::{
    date::{DateError, ParseCivilTimeError, ParseDateError, UnknownCalendar},
    ip::{IpError, ParseIpError},
    triplet::TripletError,
};

/// Result of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// What can go wrong: the errors of all parts of this crate convert into it.
///
/// Its `Debug` is the sentence of its `Display`, which is what a failing `main` prints:
///
/// ```no_run
/// use rpnfst::{Attributes, File, Query, record::{CivilTime, DateStamp, IpValue}};
///
/// fn main() -> rpnfst::Result<()> {
///     let start: CivilTime = "2026-11-24T12:00".parse()?;
///     let validity = DateStamp::from_civil(start)?.add_hours(6.0)?;
///     let level: IpValue = "500 hPa".parse()?;
///     Attributes::new("TT").datev(validity).level(level).ip3(level.encode_old()?).check()?;
///     let file = File::open("model.std")?;
///     println!("{} records", file.select(&Query::new().datev(validity)).count());
///     Ok(())
/// }
/// ```
///
/// A message contains those of its causes; [`source`](std::error::Error::source) does not repeat them, so that programs which
/// print a chain of errors print each once. The causes are in the fields:
///
/// ```
/// use std::error::Error as _;
/// let error = rpnfst::File::open("testdata/none.std").expect_err("no such file");
/// assert!(error.to_string().starts_with("testdata/none.std: "));
/// assert!(error.source().is_none());
/// let rpnfst::Error::Io { source, .. } = error else { panic!("an error of the system") };
/// assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// File.
        path: FileName,
        /// The system's error.
        r#source: io::Error,
    },
    /// The content is not that of an FST file.
    #[error("{path}: not an FST file: {found}")]
    NotFst {
        /// File.
        path: FileName,
        /// What it looks like.
        found: NotFst,
    },
    /// An FST file whose beginning is damaged so that nothing can be found in it.
    #[error("{path}: damaged file: {what}")]
    Damaged {
        /// File.
        path: FileName,
        /// What was expected and what was found.
        what: String,
    },
    /// A record could not be read.
    #[error("{path}: record {record}: {source}")]
    Record {
        /// File.
        path: FileName,
        /// Which record.
        record: RecordId,
        /// Why.
        r#source: Box<RecordError>,
    },
    /// A text query does not parse.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// An attribute of a record to be written cannot be stored.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The values of a record cannot be packed as asked.
    #[error("record {nomvar}: {source}")]
    Encode {
        /// Variable name.
        nomvar: String,
        /// Why.
        r#source: EncodeError,
    },
    /// Another writer of this machine holds the file.
    #[error("{path}: another program is writing to it")]
    Locked {
        /// File.
        path: FileName,
    },
    /// The file says that it is being written.
    #[error(
        "{path}: its write flag is {flag:#x}: another program is writing to it, or one died; if none is, open it with force"
    )]
    InUse {
        /// File.
        path: FileName,
        /// XDF: `rwflg`; RSF: number of writers, `0xFFFF` for an exclusive one.
        flag: u32,
    },
    /// Bytes lie behind the end that an XDF file names for itself: somebody who uses librmn, which has no lock and no flag
    /// there, is writing to it, or died while it did.
    #[error(
        "{path}: {bytes} bytes follow its end: another program is writing to it, or died; if none is, salvage it, or open \
         it with force, which takes complete records in"
    )]
    Unfinished {
        /// File.
        path: FileName,
        /// How many bytes follow.
        bytes: u64,
    },
    /// A new file would replace an existing one.
    #[error("{path}: exists already")]
    Exists {
        /// File.
        path: FileName,
    },
    /// A limit of the format is reached.
    #[error("{path}: {what}")]
    Full {
        /// File.
        path: FileName,
        /// Which limit.
        what: String,
    },
    /// The container cannot hold or do that.
    #[error("{path}: {what}")]
    Unsupported {
        /// File.
        path: FileName,
        /// What.
        what: String,
    },
    /// A record was given to a file that it does not come from, or that does not have it any more.
    #[error("record {0} does not belong to this file")]
    ForeignRecord(RecordId),
    /// A file was changed after its directory was read into a table, and does not have a record of the table any more.
    #[error("{path}: changed since its directory was read: record {record} is not in it any more")]
    Changed {
        /// File.
        path: FileName,
        /// The first record that is missing.
        record: RecordId,
    },
    /// The vertical coordinate of a record, or a surface field that it needs, is not there or cannot be used.
    #[error("record {record}: {what}")]
    Levels {
        /// Which record.
        record: RecordId,
        /// What was sought, and what was found instead.
        what: String,
    },
    /// Levels that cannot be made or computed.
    #[error(transparent)]
    LevelFormula(#[from] LevelError),
    /// A date that does not exist, has no stamp or cannot be computed.
    #[error(transparent)]
    Date(#[from] DateError),
    /// A text that is no time.
    #[error(transparent)]
    CivilTime(#[from] ParseCivilTimeError),
    /// A text that is no date.
    #[error(transparent)]
    DateText(#[from] ParseDateError),
    /// A calendar that is not known.
    #[error(transparent)]
    Calendar(#[from] UnknownCalendar),
    /// A level or time that has no code, or a code without meaning.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// A text that is no level.
    #[error(transparent)]
    Level(#[from] ParseIpError),
    /// Three codes without meaning, or values that have none.
    #[error(transparent)]
    Triplet(#[from] TripletError),
}

/// A failing `main` prints this.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An attribute of a record to be written that cannot be stored.
///
/// ```
/// let error = rpnfst::Attributes::new("TOOLONG").check().expect_err("more than 4 characters");
/// assert_eq!(error.field, "nomvar");
/// assert_eq!(error.to_string(), "nomvar: \"TOOLONG\" has 7 characters, at most 4 fit");
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{field}: {what}")]
#[non_exhaustive]
pub struct FieldError {
    /// Name of the field.
    pub field: &'static str,
    /// What was found and what can be.
    pub what: String,
}

impl Error {
    /// The file that this is about; `None` where it is about none, or about one without a path.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Io { path, .. }
            | Self::NotFst { path, .. }
            | Self::Damaged { path, .. }
            | Self::Record { path, .. }
            | Self::Locked { path }
            | Self::InUse { path, .. }
            | Self::Unfinished { path, .. }
            | Self::Exists { path }
            | Self::Full { path, .. }
            | Self::Unsupported { path, .. }
            | Self::Changed { path, .. } => path.path(),
            _ => None,
        }
    }

    /// Whether this is about a record that its own header calls deleted, although the directory lists it: no damage.
    pub fn is_deleted_record(&self) -> bool {
        matches!(self, Self::Record { source, .. } if matches!(**source, RecordError::Deleted))
    }
}

/// The name of a file in messages: its path if it has one, or what its source is called.
pub(crate) fn name_of(path: Option<&PathBuf>, of_source: impl FnOnce() -> FileName) -> FileName {
    path.map_or_else(of_source, |path| path.clone().into())
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::record::DateStamp;

    fn fails() -> Result<()> {
        DateStamp::NONE.to_civil()?;
        Ok(())
    }

    #[test]
    fn a_failing_main_prints_a_sentence() {
        let error = fails().expect_err("no date");
        assert_eq!(format!("{error:?}"), "date stamp 0 is not a date");
        let source = io::Error::new(io::ErrorKind::NotFound, "no such file");
        let error = Error::Io { path: "a.std".into(), source };
        assert_eq!(format!("{error:?}"), "a.std: no such file");
        // It is in the message already.
        assert!(error.source().is_none());
    }

    #[test]
    fn no_text_of_a_chain_contains_the_next_one() -> Result<()> {
        let io = || io::Error::new(io::ErrorKind::NotFound, "no such file");
        let decode = || {
            let payload = rpnfst_codecs::Payload {
                bytes: &[],
                order: rpnfst_codecs::WordOrder::Big,
                data_type: rpnfst_codecs::DataType::IEEE,
                pack_bits: 32,
                data_bits: 32,
                shape: rpnfst_codecs::Shape { ni: 1, nj: 1, nk: 1 },
            };
            payload.decode_into(&mut [0.0_f32], rpnfst_codecs::Threads::One).expect_err("no bytes")
        };
        let file = crate::File::open("testdata/xdf/same_name.std")?;
        let in_record = |source: RecordError| Error::Record {
            path: "a.std".into(),
            record: (&file.records()[0]).into(),
            source: Box::new(source),
        };
        let encode = EncodeError::DataType { data_type: rpnfst_codecs::DataType::new(99) };
        let level = "x".parse::<crate::record::IpValue>().expect_err("no level");
        let errors = [
            Error::Io { path: "a.std".into(), source: io() },
            in_record(decode().into()),
            in_record(RecordError::Truncated { missing: 4, source: decode() }),
            in_record(io().into()),
            Error::Encode { nomvar: "TT".to_owned(), source: encode },
            level.into(),
            fails().expect_err("no date"),
            crate::Attributes::new("TOOLONG").check().expect_err("too long").into(),
            crate::Attributes::new("TT").datev(DateStamp::from_raw(9)).check().expect_err("no date").into(),
        ];
        for error in errors {
            let mut next: &dyn std::error::Error = &error;
            while let Some(source) = next.source() {
                assert!(!next.to_string().contains(&source.to_string()), "{next} | {source}");
                next = source;
            }
        }
        // What is not chained is in the text.
        for (error, part) in [
            (in_record(decode().into()), decode().to_string()),
            (in_record(RecordError::Truncated { missing: 4, source: decode() }), decode().to_string()),
            (in_record(io().into()), io().to_string()),
        ] {
            assert!(error.to_string().contains(&part), "{error}");
        }
        Ok(())
    }

    #[test]
    fn errors_of_all_parts_convert() {
        fn text<T, E: Into<Error>>(result: Result<T, E>) -> String {
            result.err().map(|e| e.into().to_string()).unwrap_or_default()
        }
        for (found, part) in [
            (text("x".parse::<crate::record::CivilTime>()), "\"x\" is not a date"),
            (text("x".parse::<crate::record::date::DateText>()), "\"x\" is not a date"),
            (text("x".parse::<crate::record::Calendar>()), "\"x\" is not a calendar"),
            (text("x".parse::<crate::record::IpValue>()), "\"x\" is not a value with a unit"),
            (text(crate::Attributes::new("TOOLONG").check()), "nomvar"),
            (text("nomvar".parse::<crate::Query>()), "query, column 7"),
        ] {
            assert!(found.contains(part), "{found}");
        }
    }
}
