//! What can go wrong between here and an object.

use std::{io, time::Duration};

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong.
///
/// ```
/// let error = rpnfst_remote::open("ftp://example.com/a.std").expect_err("no such scheme");
/// assert_eq!(error.to_string(), "ftp://example.com/a.std: not a URL that can be read: scheme `ftp`; http, https, s3, gs, az and file are known");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The object cannot be had.
    #[error("{url}: {trouble}")]
    Remote {
        /// The URL, without user, password and query.
        url: String,
        /// What happened.
        trouble: Trouble,
    },
    /// The object is no FST file, or a damaged one.
    #[error(transparent)]
    Fst(#[from] rpnfst::Error),
}

/// What happened to a request. The [`io::Error`] of a read holds one of these.
///
/// ```
/// use rpnfst_remote::{Error, Trouble};
/// let Err(Error::Remote { trouble, .. }) = rpnfst_remote::open("https://") else { panic!("no host") };
/// assert!(matches!(trouble, Trouble::Url(_)));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// No URL, or one of a kind that is not known, or a setting that does not fit.
    #[error("not a URL that can be read: {0}")]
    Url(String),
    /// There is no such object.
    #[error("there is no such object")]
    NotFound,
    /// The server wants other credentials.
    #[error("access denied: {0}")]
    Denied(String),
    /// The object is another one than at opening.
    #[error("the object changed while it was read ({0}); open it again")]
    Changed(String),
    /// The server names no version, so that a change would not be seen.
    #[error(
        "the server sends neither ETag nor Last-Modified, so that a change of the object would not be seen; allow it with \
         `Options::unversioned`, or download the file first"
    )]
    Unversioned,
    /// The server does not answer range requests.
    #[error("the server ignores ranges ({0}); download the file first")]
    NoRanges(String),
    /// An answer had another length than was promised.
    #[error("the answer to bytes {offset}+{expected} has {found} bytes")]
    Cut {
        /// Offset of the request.
        offset: u64,
        /// Bytes that were asked for.
        expected: u64,
        /// Bytes that came.
        found: u64,
    },
    /// No complete answer in time.
    #[error("no complete answer within {}{last}", seconds(*after))]
    Deadline {
        /// The time that was allowed.
        after: Duration,
        /// What the last attempt said, behind a comma; empty if it said nothing.
        last: String,
    },
    /// Something else: the network, the server, the runtime.
    #[error("{0}")]
    Request(String),
}

impl Trouble {
    /// What an error of [`rpnfst::ReadAt`] says; [`Trouble::Request`] with its text if it comes from elsewhere.
    pub fn of_io(error: &io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        inner.cloned().unwrap_or_else(|| Self::Request(error.to_string()))
    }

    /// Whether another attempt may do better.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Cut { .. } | Self::Request(_))
    }
}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        let kind = match trouble {
            Trouble::Url(_) => io::ErrorKind::InvalidInput,
            Trouble::NotFound => io::ErrorKind::NotFound,
            Trouble::Denied(_) => io::ErrorKind::PermissionDenied,
            Trouble::Changed(_) | Trouble::Unversioned => io::ErrorKind::InvalidData,
            Trouble::NoRanges(_) => io::ErrorKind::Unsupported,
            Trouble::Cut { .. } => io::ErrorKind::UnexpectedEof,
            Trouble::Deadline { .. } => io::ErrorKind::TimedOut,
            Trouble::Request(_) => io::ErrorKind::Other,
        };
        Self::new(kind, trouble)
    }
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_survives_the_way_through_an_io_error() {
        let trouble = Trouble::Deadline { after: Duration::from_millis(1500), last: String::new() };
        let error = io::Error::from(trouble.clone());
        assert_eq!((error.kind(), error.to_string()), (io::ErrorKind::TimedOut, trouble.to_string()));
        assert_eq!(trouble.to_string(), "no complete answer within 1.5 s");
        assert_eq!(Trouble::of_io(&error), trouble);
        assert_eq!(Trouble::of_io(&io::Error::other("x")), Trouble::Request("x".into()));
    }
}
