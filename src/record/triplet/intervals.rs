//! Layers and time intervals in three ips.

use rpnfst_codecs::Librmn;

use super::{Encoded, Gather, IpStatus, TripletError, TripletProblem, is_old, refuse_negative, reversed, third};
use crate::record::ip::{IpValue, Kind, decode_in};

/// A layer or a time interval; its two bounds are equal when it is a single level or time.
///
/// ```
/// use rpnfst::record::{Kind, triplet::Interval};
/// let layer = Interval::new(1000.0, 850.0, Kind::Pressure);
/// assert_eq!((layer.lo, layer.hi), (1000.0, 850.0));
/// ```
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
    pub(super) fn is_interval(&self) -> bool {
        self.hi != self.lo
    }

    fn bounds(&self) -> (IpValue, IpValue) {
        (IpValue::new(self.lo, self.kind), IpValue::new(self.hi, self.kind))
    }
}

/// The meaning of three ips in terms of intervals: at most one of the first two is a true interval.
///
/// ```
/// use rpnfst::record::{IpValue, Kind, triplet::{self, Interval, Intervals}};
/// let level = Interval::point(IpValue::new(500.0, Kind::Pressure));
/// let time = Interval::new(6.0, 12.0, Kind::Hours);
/// let ips = triplet::encode_intervals(&Intervals { level, time, third: None })?.all()?;
/// assert_eq!(triplet::decode_intervals(ips)?.0.time, time);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
/// As [`decode`](super::decode), but ip1 must be the level and ip2 the time; and levels of kinds above 6 are refused,
/// as in librmn.
pub fn decode_intervals(ips: [u32; 3]) -> Result<(Intervals, IpStatus), TripletError> {
    decode_intervals_with(ips, Librmn::default())
}

/// [`decode_intervals`] by the rules of a release of librmn.
///
/// # Errors
/// As [`decode_intervals`].
pub fn decode_intervals_with(ips: [u32; 3], librmn: Librmn) -> Result<(Intervals, IpStatus), TripletError> {
    let mut gather = Gather::default();
    refuse_negative(&gather, ips)?;
    let [ip1, ip2, ip3] = ips;
    let a = gather.check(decode_in(ip1, librmn))?;
    gather.note(IpStatus::GOOD_GUESS, is_old(ip1));
    if !a.kind.is_level_in(librmn) {
        return gather.fail(TripletProblem::NotALevel(a.kind));
    }
    let b = if is_old(ip2) {
        gather.note(IpStatus::GOOD_GUESS, true);
        IpValue::new(ip2 as f32, Kind::Hours)
    } else {
        gather.check(decode_in(ip2, librmn))?
    };
    if !b.kind.is_time() {
        return gather.fail(TripletProblem::NotATime(b.kind));
    }
    let c = third(&mut gather, ip3, librmn)?;

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
    encode_intervals_with(intervals, Librmn::default())
}

/// [`encode_intervals`] by the rules of a release of librmn.
///
/// # Errors
/// As [`encode_intervals`].
pub fn encode_intervals_with(intervals: &Intervals, librmn: Librmn) -> Result<Encoded, TripletError> {
    let gather = Gather::default();
    let Intervals { level, time, third } = intervals;
    gather.known(level.kind)?;
    gather.known(time.kind)?;
    if !level.kind.is_level_in(librmn) {
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
    Ok(Encoded { ips: values.map(|v| v.encode_in(librmn)), status: gather.0 })
}
