//! The status of a decoded triplet (what was guessed), and its errors.

use std::fmt;
use std::ops::BitOrAssign;

use thiserror::Error;

use crate::record::ip::{IpError, Kind};

/// Bits that say what was guessed in a decoding, and what was odd.
///
/// ```
/// use rpnfst::record::triplet::{self, IpStatus};
/// let decoded = triplet::decode([500, 6, 0])?;
/// assert!(decoded.status.contains(IpStatus::GOOD_GUESS)); // old-style ips do not say their kind
/// # Ok::<(), rpnfst::record::triplet::TripletError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct IpStatus(u8);

impl IpStatus {
    /// Nothing to report.
    pub const OK: Self = Self(0);
    /// An old-style value was decoded, which is probably right.
    pub const GOOD_GUESS: Self = Self(2);
    /// An old-style ip3 was decoded as hours (librmn 19.5).
    pub const BAD_GUESS: Self = Self(4);
    /// An old-style ip3 was decoded as an arbitrary number.
    pub const TERRIBLE_GUESS: Self = Self(8);
    /// ip1 and ip2 had changed places, or ip2 is not a time.
    pub const WARNING: Self = Self(32);
    /// There is no result.
    pub const ERROR: Self = Self(64);

    /// The status as librmn returns it.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOrAssign for IpStatus {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Display for IpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::ERROR, "error"),
            (Self::WARNING, "warning"),
            (Self::TERRIBLE_GUESS, "terrible guess"),
            (Self::BAD_GUESS, "bad guess"),
            (Self::GOOD_GUESS, "good guess"),
        ];
        let mut separator = "";
        for (_, name) in names.iter().filter(|(bit, _)| self.contains(*bit)) {
            write!(f, "{separator}{name}")?;
            separator = ", ";
        }
        if self.0 == 0 { f.write_str("ok") } else { Ok(()) }
    }
}

/// Why three ips have no meaning together, or three values no ips.
///
/// ```
/// use rpnfst::record::{ip::IpError, triplet::{self, TripletProblem}};
/// let error = triplet::decode([500, 6, u32::MAX]).unwrap_err();
/// assert_eq!(error.reason, TripletProblem::Ip(IpError::Negative(u32::MAX)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("{reason}")]
#[non_exhaustive]
pub struct TripletError {
    /// The bits gathered before the error, with [`IpStatus::ERROR`].
    pub status: IpStatus,
    /// What was wrong.
    pub reason: TripletProblem,
}

/// What was wrong with a triplet.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum TripletProblem {
    /// One of the ips does not decode, or a kind is no kind.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The first is not a level (or not one that intervals may have).
    #[error("{} is not a level", .0.name())]
    NotALevel(Kind),
    /// The second is neither a time nor (outside of intervals) a level.
    #[error("{} is not a time", .0.name())]
    NotATime(Kind),
    /// A layer and a time interval do not fit in three ips.
    #[error("a layer and a time interval at once")]
    TwoIntervals,
    /// No interval, and no third value either.
    #[error("neither an interval nor a third value")]
    NoThird,
}

/// Gathers status bits and turns a problem into an error that carries them.
#[derive(Default)]
pub(super) struct Gather(pub(super) IpStatus);

impl Gather {
    pub(super) fn note(&mut self, bit: IpStatus, when: bool) {
        if when {
            self.0 |= bit;
        }
    }

    pub(super) fn fail<T>(&self, reason: impl Into<TripletProblem>) -> Result<T, TripletError> {
        let mut status = self.0;
        status |= IpStatus::ERROR;
        Err(TripletError { status, reason: reason.into() })
    }

    pub(super) fn check<T>(&self, result: Result<T, IpError>) -> Result<T, TripletError> {
        result.or_else(|e| self.fail(e))
    }

    pub(super) fn known(&self, kind: Kind) -> Result<(), TripletError> {
        if kind.is_bad() { self.fail(IpError::BadKind(kind.code())) } else { Ok(()) }
    }
}
