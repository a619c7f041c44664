//! Files of other formats.

use std::fmt;

/// What a file that is not a readable FST file looks like.
///
/// ```
/// use rpnfst::{Error, File, NotFst};
/// let found = match File::from_bytes(*b"CDF\x01, and so on") {
///     Err(Error::NotFst { found, .. }) => found,
///     other => panic!("{other:?}"),
/// };
/// assert!(matches!(found, NotFst::Known(_)));
/// println!("{found}");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum NotFst {
    /// No byte at all.
    Empty,
    /// Standard file of 1989.
    Fst89,
    /// BURP observation file.
    Burp,
    /// XDF container with another application signature.
    OtherXdf,
    /// RSF container with another application code.
    OtherRsf,
    /// RSF container of a big-endian machine.
    BigEndianRsf,
    /// A format known by its magic number.
    Known(&'static str),
    /// A git-lfs pointer file.
    GitLfsPointer,
    /// Text.
    Text,
    /// Nothing that we know.
    Unknown,
}

impl fmt::Display for NotFst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty",
            Self::Fst89 => "it is a 1989 standard file (FSTD89), not supported; convert it with the classic tools",
            Self::Burp => "it is a BURP observation file",
            Self::OtherXdf => "it is an XDF file of another application",
            Self::OtherRsf => "it is an RSF file of another application",
            Self::BigEndianRsf => "it is an RSF file written on a big-endian machine, not supported",
            Self::Known(name) => return write!(f, "it looks like {name}"),
            Self::GitLfsPointer => "it is a git-lfs pointer, not the file itself; run `git lfs pull`",
            Self::Text => "it looks like text",
            Self::Unknown => "its content has no signature that is known here",
        })
    }
}
