//! The three ips of a record together: a level and a time, a layer between two levels, or an interval between two
//! times.
//!
//! Source: `docs/format/record.md`, section 4.9. ip1 holds the level, ip2 the time; ip3 is free, or the second level
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

mod intervals;
mod of_record;
mod status;

pub use intervals::{
    Interval, Intervals, decode_intervals, decode_intervals_with, encode_intervals, encode_intervals_with,
};
use rpnfst_codecs::Librmn;

use status::Gather;
pub use status::{IpStatus, TripletError, TripletProblem};

use super::ip::{IpError, IpValue, Kind, LAST_OLD_STYLE, Order, decode_in};

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

/// The value of ip3. In old style it is a guess: hours up to 240 (librmn 19.5), else a plain number.
fn third(gather: &mut Gather, ip: u32, librmn: Librmn) -> Result<IpValue, TripletError> {
    if !is_old(ip) {
        return gather.check(decode_in(ip, librmn));
    }
    let hours = librmn == Librmn::V19 && ip <= 240;
    gather.note(if hours { IpStatus::BAD_GUESS } else { IpStatus::TERRIBLE_GUESS }, true);
    Ok(IpValue::new(ip as f32, if hours { Kind::Hours } else { Kind::Arbitrary }))
}

/// Three decoded values, ordered: level, time (or second level), rest.
///
/// ```
/// use rpnfst::record::{IpValue, Kind, triplet};
/// let decoded = triplet::decode([500, 6, 0])?; // old style
/// assert_eq!(decoded.values[..2], [IpValue::new(500.0, Kind::Pressure), IpValue::new(6.0, Kind::Hours)]);
/// # Ok::<(), rpnfst::record::triplet::TripletError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Decoded {
    /// The values:
    ///
    /// | what the ips mean | first | second | third |
    /// |---|---|---|---|
    /// | level and time | level | time | the value of ip3 |
    /// | layer | bound nearer to the ground | time | other bound |
    /// | time interval | level | end | start |
    pub values: [IpValue; 3],
    /// Which values were guessed.
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
    decode_with(ips, Librmn::default())
}

/// [`decode`] by the rules of a release of librmn.
///
/// # Errors
/// As [`decode`].
pub fn decode_with(ips: [u32; 3], librmn: Librmn) -> Result<Decoded, TripletError> {
    let mut gather = Gather::default();
    refuse_negative(&gather, ips)?;
    let [mut ip1, mut ip2, ip3] = ips;
    let mut a = decode_in(ip1, librmn);
    if a.is_ok_and(|v| v.kind.is_time()) {
        (ip1, ip2) = (ip2, ip1);
        a = decode_in(ip1, librmn);
        gather.note(IpStatus::WARNING, true);
    }
    let mut a = gather.check(a)?;
    gather.note(IpStatus::GOOD_GUESS, is_old(ip1));
    if !a.kind.is_level_in(librmn) {
        return gather.fail(TripletProblem::NotALevel(a.kind));
    }

    let mut b = if is_old(ip2) {
        gather.note(IpStatus::GOOD_GUESS, true);
        IpValue::new(ip2 as f32, Kind::Hours)
    } else {
        gather.check(decode_in(ip2, librmn))?
    };
    gather.note(IpStatus::WARNING, b.kind.is_level_in(librmn));
    if !b.kind.is_time() && !b.kind.is_level_in(librmn) {
        return gather.fail(TripletProblem::NotATime(b.kind));
    }

    let mut c = third(&mut gather, ip3, librmn)?;
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

/// Three encoded ips. Each is a result of its own: a value out of the range of its kind has no code.
///
/// ```
/// use rpnfst::record::{IpValue, Kind, triplet};
/// let values = [(500.0, Kind::Pressure), (6.0, Kind::Hours), (0.0, Kind::Arbitrary)];
/// let encoded = triplet::encode(values.map(|(value, kind)| IpValue::new(value, kind)))?;
/// assert_eq!(encoded.ips[0], Ok(41_394_464));
/// # Ok::<(), rpnfst::record::triplet::TripletError>(())
/// ```
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

    /// The ips as librmn gives them: a refusal is -1 or -999999.
    #[doc(hidden)]
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
    encode_with(values, Librmn::default())
}

/// [`encode`] by the rules of a release of librmn.
///
/// # Errors
/// As [`encode`].
pub fn encode_with(values: [IpValue; 3], librmn: Librmn) -> Result<Encoded, TripletError> {
    let mut gather = Gather::default();
    for v in values {
        gather.known(v.kind)?;
    }
    let [a, b, c] = values;
    if !a.kind.is_level_in(librmn) {
        return gather.fail(TripletProblem::NotALevel(a.kind));
    }
    gather.note(IpStatus::WARNING, b.kind.is_level_in(librmn));
    if !b.kind.is_time() && !b.kind.is_level_in(librmn) {
        return gather.fail(TripletProblem::NotATime(b.kind));
    }
    let mut ips = values.map(|v| v.encode_in(librmn));
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
        let v = decode_with([500, 6, 12], Librmn::V19).unwrap();
        assert_eq!(v.status.bits(), 2 | 4);
        assert_eq!(v.values.map(|v| (v.value, v.kind.code())), [(500.0, 2), (12.0, 10), (6.0, 10)]);
        assert_eq!(decode_with([500, 6, 241], Librmn::V19).unwrap().status.bits(), 2 | 8);
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
            for librmn in [Librmn::V20, Librmn::V19] {
                let _ = decode_intervals_with(ips, librmn);
                if let Ok(v) = decode_with(ips, librmn) {
                    assert!(encode_with(v.values, librmn).is_ok());
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
