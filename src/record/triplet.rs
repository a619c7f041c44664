//! The three ips of a record together: a level and a time, or a layer, or a time interval.
//!
//! Source: the record specification, section 4.9. ip1 holds the level, ip2 the time; ip3 is free, or the second level
//! of a layer, or the start of a time interval.
//!
//! ```
//! # use rpnfst::record::{ip::{IpValue, Kind}, triplet};
//! let level = IpValue::new(0.85, Kind::Sigma);
//! let time = IpValue::new(6.0, Kind::Hours);
//! let number = IpValue::new(42.0, Kind::Arbitrary);
//! let ips = triplet::encode([level, time, number])?.all()?;
//! assert_eq!(ips, [28112976, 177809344, 59140256]);
//! assert_eq!(triplet::decode(ips)?.values, [level, time, number]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::ops::BitOrAssign;

use thiserror::Error;

use super::ip::{Dialect, IpError, IpValue, Kind, LAST_OLD_STYLE, Order, decode_in};

/// How sure a decoding is, and what was odd: bits that are OR-ed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct IpStatus(u8);

impl IpStatus {
    /// Nothing to report.
    pub const OK: Self = Self(0);
    /// An old-style value was interpreted, probably rightly.
    pub const GOOD_GUESS: Self = Self(2);
    /// An old-style ip3 was taken for hours (librmn 19.5).
    pub const BAD_GUESS: Self = Self(4);
    /// An old-style ip3 was taken for an arbitrary number.
    pub const TERRIBLE_GUESS: Self = Self(8);
    /// ip1 and ip2 had changed places, or ip2 is not a time.
    pub const WARNING: Self = Self(32);
    /// There is no result.
    pub const ERROR: Self = Self(64);

    /// The status as the reference library returns it.
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
struct Gather(IpStatus);

impl Gather {
    fn note(&mut self, bit: IpStatus, when: bool) {
        if when {
            self.0 |= bit;
        }
    }

    fn fail<T>(&self, reason: impl Into<TripletProblem>) -> Result<T, TripletError> {
        let mut status = self.0;
        status |= IpStatus::ERROR;
        Err(TripletError { status, reason: reason.into() })
    }

    fn check<T>(&self, result: Result<T, IpError>) -> Result<T, TripletError> {
        result.or_else(|e| self.fail(e))
    }

    fn known(&self, kind: Kind) -> Result<(), TripletError> {
        if kind.is_bad() { self.fail(IpError::BadKind(kind.code())) } else { Ok(()) }
    }
}

/// Whether a pair of levels is the wrong way round for its kind.
fn reversed(kind: Kind, first: f32, second: f32) -> bool {
    match kind.order() {
        Some(Order::Ascending) => first > second,
        Some(Order::Descending) => first < second,
        None => false,
    }
}

fn is_old(ip: u32) -> bool {
    ip <= LAST_OLD_STYLE
}

fn refuse_negative(gather: &Gather, ips: [u32; 3]) -> Result<(), TripletError> {
    match ips.iter().find(|ip| **ip > i32::MAX.cast_unsigned()) {
        Some(&ip) => gather.fail(IpError::Negative(ip)),
        None => Ok(()),
    }
}

/// ip3, where old style is a guess: hours up to 240 in 19.5, else the number itself.
fn third(gather: &mut Gather, ip: u32, dialect: Dialect) -> Result<IpValue, TripletError> {
    if !is_old(ip) {
        return gather.check(decode_in(ip, dialect));
    }
    let hours = dialect == Dialect::Release19 && ip <= 240;
    gather.note(if hours { IpStatus::BAD_GUESS } else { IpStatus::TERRIBLE_GUESS }, true);
    Ok(IpValue::new(ip as f32, if hours { Kind::Hours } else { Kind::Arbitrary }))
}

/// Three decoded values, ordered: level, time (or second level), rest.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Decoded {
    /// The values. Of a layer: first and third. Of a time interval: second (end) and third (start).
    pub values: [IpValue; 3],
    /// How sure they are.
    pub status: IpStatus,
}

/// Decodes the three ips of a record together.
///
/// An old-style ip2 is hours. An old-style ip3 is taken as a number of kind [`Kind::Arbitrary`] (librmn 20.1 returns an
/// undefined value there).
///
/// # Errors
/// When an ip is negative or does not decode, the level is no level, or the second value neither a time nor a level.
pub fn decode(ips: [u32; 3]) -> Result<Decoded, TripletError> {
    decode_with(ips, Dialect::default())
}

/// [`decode`] as a given release does it.
///
/// # Errors
/// As [`decode`].
pub fn decode_with(ips: [u32; 3], dialect: Dialect) -> Result<Decoded, TripletError> {
    let mut gather = Gather::default();
    refuse_negative(&gather, ips)?;
    let [mut ip1, mut ip2, ip3] = ips;
    let mut a = decode_in(ip1, dialect);
    if a.is_ok_and(|v| v.kind.is_time()) {
        (ip1, ip2) = (ip2, ip1);
        a = decode_in(ip1, dialect);
        gather.note(IpStatus::WARNING, true);
    }
    let mut a = gather.check(a)?;
    gather.note(IpStatus::GOOD_GUESS, is_old(ip1));
    if !a.kind.is_level_in(dialect) {
        return gather.fail(TripletProblem::NotALevel(a.kind));
    }

    let mut b = if is_old(ip2) {
        gather.note(IpStatus::GOOD_GUESS, true);
        IpValue::new(ip2 as f32, Kind::Hours)
    } else {
        gather.check(decode_in(ip2, dialect))?
    };
    gather.note(IpStatus::WARNING, b.kind.is_level_in(dialect));
    if !b.kind.is_time() && !b.kind.is_level_in(dialect) {
        return gather.fail(TripletProblem::NotATime(b.kind));
    }

    let mut c = third(&mut gather, ip3, dialect)?;
    if a.kind == b.kind && c.kind.is_time() {
        (b, c) = (c, b);
    }
    if a.kind == c.kind && reversed(a.kind, a.value, c.value) {
        (a, c) = (c, a);
    }
    if b.kind.is_time() && c.kind.is_time() && b.value < c.value {
        (b, c) = (c, b);
    }
    Ok(Decoded { values: [a, b, c], status: gather.0 })
}

/// Three encoded ips. A value that its kind cannot have is refused on its own: look at each.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Encoded {
    /// ip1, ip2, ip3.
    pub ips: [Result<u32, IpError>; 3],
    /// [`IpStatus::WARNING`] when the second value is not a time.
    pub status: IpStatus,
}

impl Encoded {
    /// The three ips if all were encoded.
    ///
    /// # Errors
    /// The first refusal.
    pub fn all(self) -> Result<[u32; 3], IpError> {
        let [a, b, c] = self.ips;
        Ok([a?, b?, c?])
    }

    /// The ips as the reference library gives them: a refusal is -1 or -999999.
    pub fn classic(self) -> [i32; 3] {
        self.ips.map(|ip| ip.map_or_else(IpError::classic_code, u32::cast_signed))
    }
}

/// Encodes three values, new style, in the order that the conventions want: a second level goes to ip3, of two times
/// the later goes to ip2, and the levels of a layer are put in the order of their kind.
///
/// # Errors
/// When a kind does not exist, the first value is no level, or the second neither a time nor a level. A value out of
/// range is not an error here but in [`Encoded::ips`].
pub fn encode(values: [IpValue; 3]) -> Result<Encoded, TripletError> {
    encode_with(values, Dialect::default())
}

/// [`encode`] as a given release does it.
///
/// # Errors
/// As [`encode`].
pub fn encode_with(values: [IpValue; 3], dialect: Dialect) -> Result<Encoded, TripletError> {
    let mut gather = Gather::default();
    for v in values {
        gather.known(v.kind)?;
    }
    let [a, b, c] = values;
    if !a.kind.is_level_in(dialect) {
        return gather.fail(TripletProblem::NotALevel(a.kind));
    }
    gather.note(IpStatus::WARNING, b.kind.is_level_in(dialect));
    if !b.kind.is_time() && !b.kind.is_level_in(dialect) {
        return gather.fail(TripletProblem::NotATime(b.kind));
    }
    let mut ips = values.map(|v| v.encode_in(dialect));
    if a.kind == b.kind && c.kind.is_time() {
        ips.swap(1, 2);
        if reversed(a.kind, a.value, b.value) {
            ips.swap(0, 2);
        }
    } else if b.kind.is_time() && c.kind.is_time() && b.value < c.value {
        ips.swap(1, 2);
    }
    Ok(Encoded { ips, status: gather.0 })
}

/// A level or a time with two bounds, equal when it is not an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound of a layer (the one nearer to the ground), start of a time interval.
    pub lo: f32,
    /// Upper bound of a layer, end of a time interval.
    pub hi: f32,
    /// Kind of both.
    pub kind: Kind,
}

impl Interval {
    /// Two bounds.
    pub const fn new(lo: f32, hi: f32, kind: Kind) -> Self {
        Self { lo, hi, kind }
    }

    /// A single value.
    pub const fn point(value: IpValue) -> Self {
        Self { lo: value.value, hi: value.value, kind: value.kind }
    }

    #[expect(clippy::float_cmp, reason = "equal bounds are what says that there is no interval")]
    fn is_interval(&self) -> bool {
        self.hi != self.lo
    }

    fn bounds(&self) -> (IpValue, IpValue) {
        (IpValue::new(self.lo, self.kind), IpValue::new(self.hi, self.kind))
    }
}

/// The meaning of three ips in terms of intervals: at most one of the first two is a true interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// Level or layer.
    pub level: Interval,
    /// Time or time interval, hours.
    pub time: Interval,
    /// What ip3 holds when it is not a bound (`lo` counts); `None` when it is.
    pub third: Option<Interval>,
}

/// Decodes three ips into a level, a time and intervals of them.
///
/// # Errors
/// As [`decode`], but ip1 must be the level and ip2 the time; and levels of kinds above 6 are refused, as in the
/// reference library.
pub fn decode_intervals(ips: [u32; 3]) -> Result<(Intervals, IpStatus), TripletError> {
    decode_intervals_with(ips, Dialect::default())
}

/// [`decode_intervals`] as a given release does it.
///
/// # Errors
/// As [`decode_intervals`].
pub fn decode_intervals_with(ips: [u32; 3], dialect: Dialect) -> Result<(Intervals, IpStatus), TripletError> {
    let mut gather = Gather::default();
    refuse_negative(&gather, ips)?;
    let [ip1, ip2, ip3] = ips;
    let a = gather.check(decode_in(ip1, dialect))?;
    gather.note(IpStatus::GOOD_GUESS, is_old(ip1));
    if !a.kind.is_level_in(dialect) {
        return gather.fail(TripletProblem::NotALevel(a.kind));
    }
    let b = if is_old(ip2) {
        gather.note(IpStatus::GOOD_GUESS, true);
        IpValue::new(ip2 as f32, Kind::Hours)
    } else {
        gather.check(decode_in(ip2, dialect))?
    };
    if !b.kind.is_time() {
        return gather.fail(TripletProblem::NotATime(b.kind));
    }
    let c = third(&mut gather, ip3, dialect)?;

    let (mut level, mut time, mut rest) = (Interval::point(a), Interval::point(b), None);
    if !is_old(ip3) && c.kind.is_time() && !is_old(ip2) {
        (time.lo, time.hi) = if c.value > b.value { (b.value, c.value) } else { (c.value, b.value) };
    } else if !is_old(ip3) && c.kind == a.kind && c.kind.code() <= 6 {
        let turned = reversed(a.kind, a.value, c.value);
        (level.lo, level.hi) = if turned { (c.value, a.value) } else { (a.value, c.value) };
    } else {
        rest = Some(Interval::point(c));
    }
    if a.kind.code() > 6 {
        return gather.fail(TripletProblem::NotALevel(a.kind));
    }
    Ok((Intervals { level, time, third: rest }, gather.0))
}

/// Encodes a level, a time and intervals of them, new style: the second bound goes to ip3; ip2 is the later time.
///
/// # Errors
/// When a kind does not exist, the level is no level, the time no time, both are intervals, or none is and there is no
/// third value. A value out of range is not an error here but in [`Encoded::ips`].
pub fn encode_intervals(intervals: &Intervals) -> Result<Encoded, TripletError> {
    encode_intervals_with(intervals, Dialect::default())
}

/// [`encode_intervals`] as a given release does it.
///
/// # Errors
/// As [`encode_intervals`].
pub fn encode_intervals_with(intervals: &Intervals, dialect: Dialect) -> Result<Encoded, TripletError> {
    let gather = Gather::default();
    let Intervals { level, time, third } = intervals;
    gather.known(level.kind)?;
    gather.known(time.kind)?;
    if !level.kind.is_level_in(dialect) {
        return gather.fail(TripletProblem::NotALevel(level.kind));
    }
    if !time.kind.is_time() {
        return gather.fail(TripletProblem::NotATime(time.kind));
    }
    let ((a_lo, a_hi), (b_lo, b_hi)) = (level.bounds(), time.bounds());
    let values = match (level.is_interval(), time.is_interval(), third) {
        (true, true, _) => return gather.fail(TripletProblem::TwoIntervals),
        (true, false, _) if reversed(level.kind, level.lo, level.hi) => [a_hi, b_lo, a_lo],
        (true, false, _) => [a_lo, b_lo, a_hi],
        (false, true, _) if time.hi > time.lo => [a_lo, b_hi, b_lo],
        (false, true, _) => [a_lo, b_lo, b_hi],
        (false, false, None) => return gather.fail(TripletProblem::NoThird),
        (false, false, Some(third)) => {
            gather.known(third.kind)?;
            [a_lo, b_lo, third.bounds().0]
        }
    };
    Ok(Encoded { ips: values.map(|v| v.encode_in(dialect)), status: gather.0 })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp, reason = "tests: exact values, and a surprise must stop them")]
mod tests {
    use super::*;

    fn ip(value: f32, kind: Kind) -> u32 {
        IpValue::new(value, kind).encode().unwrap()
    }

    #[test]
    fn old_style_is_guessed() {
        let v = decode([500, 12, 7]).unwrap();
        assert_eq!(v.status.bits(), 2 | 8);
        assert_eq!(v.values.map(|v| (v.value, v.kind.code())), [(500.0, 2), (12.0, 10), (7.0, 3)]);
        // 19.5 takes small ip3 for hours, and then orders the times.
        let v = decode_with([500, 6, 12], Dialect::Release19).unwrap();
        assert_eq!(v.status.bits(), 2 | 4);
        assert_eq!(v.values.map(|v| (v.value, v.kind.code())), [(500.0, 2), (12.0, 10), (6.0, 10)]);
        assert_eq!(decode_with([500, 6, 241], Dialect::Release19).unwrap().status.bits(), 2 | 8);
        let (v, status) = decode_intervals([500, 12, 7]).unwrap();
        assert_eq!((v.third.map(|t| t.lo), status.to_string()), (Some(7.0), "terrible guess, good guess".to_owned()));
    }

    #[test]
    fn errors_keep_their_bits() {
        let hours = ip(6.0, Kind::Hours);
        // ip1 and ip2 exchanged, then an ip3 that does not decode.
        let e = decode([hours, 500, 0x800_0001]).unwrap_err();
        assert_eq!(e.status.bits(), 64 | 32 | 2);
        assert_eq!(e.reason, TripletProblem::Ip(IpError::Undecodable(0x800_0001)));
        assert_eq!(decode([0, 0, u32::MAX]).unwrap_err().status, IpStatus::ERROR);
        // Kind 21 encodes as a layer but does not decode as an interval.
        let layer = Intervals {
            level: Interval::new(10.0, 20.0, Kind::MetrePressure),
            time: Interval::point(IpValue::new(6.0, Kind::Hours)),
            third: None,
        };
        let ips = encode_intervals(&layer).unwrap().all().unwrap();
        assert!(decode_intervals(ips).is_err());
        assert_eq!(decode(ips).unwrap().values.map(|v| v.value), [10.0, 6.0, 20.0]);
        let nothing = Intervals { level: Interval::new(1.0, 1.0, Kind::Hybrid), ..layer };
        assert_eq!(encode_intervals(&nothing).unwrap_err().reason, TripletProblem::NoThird);
    }

    #[test]
    fn any_bits() {
        let mut state = 5_u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 32) as u32
        };
        for n in 0..200_000_u32 {
            let ips = [next(), next(), next()].map(|ip| if n % 3 == 0 { ip } else { ip >> (4 + n % 14) });
            for dialect in [Dialect::Release20, Dialect::Release19] {
                let _ = decode_intervals_with(ips, dialect);
                if let Ok(v) = decode_with(ips, dialect) {
                    assert!(encode_with(v.values, dialect).is_ok());
                }
            }
            let [a, b, c] =
                ips.map(|ip| IpValue::new(f32::from_bits(ip), Kind::from_code(u8::try_from(n % 256).unwrap())));
            let _ = encode([a, b, c]);
            let level = Interval::new(a.value, b.value, a.kind);
            let _ = encode_intervals(&Intervals { level, time: Interval::point(c), third: Some(level) });
        }
    }
}
