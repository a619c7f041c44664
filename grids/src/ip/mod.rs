//! ip1, ip2, ip3: three integers of a record, each of which can encode a level, a time or a number in 28 bits.
//!
//! A code of the **new style** (above 32767) has a [`Kind`], such as pressure or hours, and a value with a decimal
//! exponent. A code of the **old style** (0 to 32767) has no kind: its range says whether it is a height, a sigma level
//! or a pressure. [`IpValue`] is the decoded value with its kind.
//!
//! Source: `docs/format/record.md`, sections 4.1 (kinds), 4.2 and 4.3 (new style: kind, decimal exponent and mantissa,
//! ips above 32767), 4.4 and 4.5 (old style), 4.7 (text), 4.8 (equality).
//!
//! Ips are `u32`, as in records. librmn has signed ones: its negative values are 2^31 and above here and never decode.
//!
//! ```
//! # use rpnfst_grids::ip::{self, IpValue, Kind};
//! let level = ip::decode(41394464)?;
//! assert_eq!(level, IpValue::new(500.0, Kind::Pressure));
//! assert_eq!(level.encode()?, 41394464);
//! assert_eq!(level.encode_old()?, 500);
//! assert_eq!(level.to_text(), "500 mb");
//! # Ok::<(), ip::IpError>(())
//! ```

use rpnfst_codecs::Librmn;

use thiserror::Error;

mod kind;
mod level;
mod old;
mod parse;
mod style;

pub use kind::{Kind, Order};
#[doc(hidden)]
pub use level::SearchCodes;
pub use level::{AnyEncoding, text};
#[doc(hidden)]
pub use level::{same_level, text_field};
pub use parse::ParseIpError;
#[doc(hidden)]
pub use parse::{KINDS, UNITS, unit_at};
pub use style::Style;

/// Ips up to this one are old style.
pub const LAST_OLD_STYLE: u32 = 32_767;
/// Largest magnitude of a positive mantissa, and offset of negative ones.
const MANTISSA: u32 = 1_000_000;
/// Largest value of kind 15.
const LAST_RESERVED: u32 = 2_000_000;
/// Divisor of a mantissa for each exponent code.
const DIVISORS: [f64; 16] =
    [1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 99_999_997_952.0];

/// The meaning of an ip: a single-precision value and its kind.
///
/// ```
/// use rpnfst_grids::ip::{IpValue, Kind};
/// let level: IpValue = "500 hPa".parse()?;
/// assert_eq!(level, IpValue::new(500.0, Kind::Pressure));
/// assert_eq!((level.encode()?, level.encode_old()?), (41_394_464, 500));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IpValue {
    /// The value, in the unit of the kind ([`Kind::modern_unit`]).
    pub value: f32,
    /// What it is.
    pub kind: Kind,
}

/// Why an ip does not decode, or a value does not encode.
///
/// ```
/// use rpnfst_grids::ip::{IpError, IpValue, Kind};
/// assert_eq!(IpValue::new(2.0, Kind::Hours).encode_old(), Err(IpError::NoOldStyle(Kind::Hours)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum IpError {
    /// The ip is negative (as a signed 32-bit integer).
    #[error("ip {} is negative", .0.cast_signed())]
    Negative(u32),
    /// The ip has a kind code that does not exist, or a value that its kind cannot have.
    #[error("ip {0} does not decode")]
    Undecodable(u32),
    /// No such kind.
    #[error("{0} is not a kind of ip")]
    BadKind(u8),
    /// The value is outside of the range of its kind.
    #[error("value {} is out of the range of kind {}", .0.value, .0.kind.code())]
    OutOfRange(IpValue),
    /// Kind 15 holds integers 0 to 2000000 only; kind 31 nothing.
    #[error("value {} cannot be a reserved integer of kind {}", .0.value, .0.kind.code())]
    Reserved(IpValue),
    /// The mantissa does not fit.
    #[error("value {} is too large", .0.value)]
    TooLarge(IpValue),
    /// Kinds above 3 have no old style.
    #[error("{} values have no old-style code", .0.name())]
    NoOldStyle(Kind),
    /// The style that was asked for has no code of this value, only of one near it.
    #[error("the {style} style has {nearest} instead of {wanted}")]
    Rounded {
        /// The style.
        style: Style,
        /// The value that was wanted.
        wanted: IpValue,
        /// The value of the ip of that style.
        nearest: IpValue,
    },
    /// The code is not one of a time.
    #[error("{} {} is not a number of hours", .0.value, .0.kind.modern_unit())]
    NoHours(IpValue),
}

impl IpError {
    /// The ip that librmn gives for a value that it refuses to encode: -1 or -999999.
    #[doc(hidden)]
    pub const fn classic_code(self) -> i32 {
        match self {
            Self::Reserved(_) | Self::TooLarge(_) => -1,
            _ => -999_999,
        }
    }
}

/// Decodes an ip of either style (sections 4.2 and 4.4).
///
/// # Errors
/// [`IpError::Negative`] and [`IpError::Undecodable`]. Ips up to 32767 always decode.
pub fn decode(ip: u32) -> Result<IpValue, IpError> {
    decode_in(ip, Librmn::default())
}

/// [`decode`] by the rules of a release of librmn.
///
/// # Errors
/// As [`decode`].
pub fn decode_in(ip: u32, librmn: Librmn) -> Result<IpValue, IpError> {
    if ip <= LAST_OLD_STYLE {
        return Ok(old::decode(ip));
    }
    if ip > i32::MAX.cast_unsigned() {
        return Err(IpError::Negative(ip));
    }
    decode_new(ip, librmn).ok_or(IpError::Undecodable(ip))
}

fn decode_new(ip: u32, librmn: Librmn) -> Option<IpValue> {
    let code = (ip >> 24 & 0xF) as u8;
    match code {
        15 => {
            let value = ip & 0x00FF_FFFF;
            let valid = ip >> 24 == 15 && value <= LAST_RESERVED;
            return valid.then(|| IpValue::new(value as f32, Kind::Reserved));
        }
        7 if librmn == Librmn::V19 => return None,
        0..=7 | 10 => {}
        _ => return None,
    }
    let mantissa = match f64::from(ip & 0x000F_FFFF) {
        m if m > f64::from(MANTISSA) => f64::from(MANTISSA) - m,
        m => m,
    };
    let exponent = (ip >> 20 & 0xF) as usize;
    #[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is the definition")]
    let stored = (mantissa / DIVISORS[exponent]) as f32;
    [code, code + 16].into_iter().map(Kind::from_code).find_map(|kind| {
        let scale = kind.scale(librmn);
        let v = stored / scale.factor;
        let named = !matches!(kind, Kind::Unknown(_));
        (named && v >= scale.lo && v <= scale.hi)
            .then(|| IpValue::new(if v.abs() < 1.001_f32 * scale.least { scale.replaced } else { v }, kind))
    })
}

impl IpValue {
    /// A value and its kind; nothing is checked.
    pub const fn new(value: f32, kind: Kind) -> Self {
        Self { value, kind }
    }

    /// The new-style ip of this value (section 4.3). At least 5 significant digits survive, 4 for negative values.
    ///
    /// Unnamed kinds encode as `kind mod 16` with a generic range, as in librmn: what comes out decodes
    /// as another kind or not at all.
    ///
    /// # Errors
    /// [`IpError::BadKind`], [`IpError::OutOfRange`], [`IpError::Reserved`], [`IpError::TooLarge`].
    pub fn encode(self) -> Result<u32, IpError> {
        self.encode_in(Librmn::default())
    }

    /// [`encode`](Self::encode) by the rules of a release of librmn.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_in(self, librmn: Librmn) -> Result<u32, IpError> {
        let (p, code) = (self.value, self.kind.code());
        if self.kind.is_bad() {
            return Err(IpError::BadKind(code));
        }
        if code == 2 && p == 0.0 {
            return Ok(0);
        }
        if code % 16 == 15 {
            let whole = nearest(p).filter(|n| code == 15 && *n <= LAST_RESERVED);
            return whole.map(|n| 15 << 24 | n).ok_or(IpError::Reserved(self));
        }
        let scale = self.kind.scale(librmn);
        if !(scale.lo..=scale.hi).contains(&p) {
            return Err(IpError::OutOfRange(self));
        }
        let least = f64::from(scale.least);
        let t = f64::from(p);
        let t = f64::from(scale.factor) * if t.abs() < least { least } else { t };
        let (mut t, largest, smallest, offset) =
            if t >= 0.0 { (t, 1_000_000.0, 100_000.0, 0) } else { (-t, 48_000.0, 4_800.0, MANTISSA) };
        let mut exponent = 4_u32;
        while 0 < exponent && exponent < 15 {
            if t >= largest {
                t /= 10.0;
                exponent -= 1;
            } else if t < smallest {
                t *= 10.0;
                exponent += 1;
            } else {
                break;
            }
        }
        let mantissa = if t > largest { None } else { nearest(t) };
        match mantissa {
            Some(m) => Ok(u32::from(code % 16) << 24 | exponent << 20 | (offset + m)),
            None => Err(IpError::TooLarge(self)),
        }
    }

    /// The old-style ip of this value (section 4.5), kinds 0 to 3 only. Heights are clamped to 0 ..= 99995 m and
    /// rounded to 5 m.
    ///
    /// # Errors
    /// [`IpError::NoOldStyle`], [`IpError::OutOfRange`].
    pub fn encode_old(self) -> Result<u32, IpError> {
        old::encode(self)
    }

    /// The old-style ip of this value, if its value is this one to a millionth.
    ///
    /// ```
    /// # use rpnfst_grids::ip::{IpValue, Kind};
    /// assert_eq!(IpValue::new(850.0, Kind::Pressure).encode_old_exactly(), Ok(850));
    /// let rounded = IpValue::new(1013.25, Kind::Pressure).encode_old_exactly();
    /// assert_eq!(rounded.map_err(|e| e.to_string()), Err("the old style has 1013 hPa instead of 1013.25 hPa".to_owned()));
    /// ```
    ///
    /// # Errors
    /// As [`encode_old`](Self::encode_old), and [`IpError::Rounded`].
    pub fn encode_old_exactly(self) -> Result<u32, IpError> {
        let ip = self.encode_old()?;
        let nearest = old::decode(ip);
        let (x, y) = (f64::from(self.value), f64::from(nearest.value));
        let same = nearest.kind == self.kind && (x - y).abs() <= 1e-6 * x.abs().max(y.abs());
        if same { Ok(ip) } else { Err(IpError::Rounded { style: Style::Old, wanted: self, nearest }) }
    }
}

/// Nearest integer, halves away from zero, if it is one of 0 ..= 2^24.
fn nearest(x: impl Into<f64>) -> Option<u32> {
    let n = x.into().round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an integer of that range")]
    (0.0..=16_777_216.0).contains(&n).then_some(n as u32)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::*;

    #[test]
    fn examples_of_section_4_10() {
        for (value, code, new, text, old) in [
            (500.0, 2, 41394464, "500 mb", Some(500)),
            (1000.0, 2, 39945888, "1000 mb", Some(1000)),
            (0.1, 2, 44140192, "0.10 mb", Some(1620)),
            (0.0, 2, 0, "     0 mb", Some(0)),
            (0.85, 1, 28112976, "0.85 sg", Some(10500)),
            (0.0, 1, 32505856, "0 sg", Some(2000)),
            (5.0, 17, 25122248, "5 []", None),
            (0.995, 5, 95366840, "0.995 hy", None),
            (1000.0, 21, 86083232, "1000 mp", None),
            (10.0, 0, 8488608, "10  m", Some(12003)),
            (1.5, 4, 76696048, "1.5  M", None),
            (-2.5, 4, 76522472, "-2.5  M", None),
            (300.0, 6, 108303328, "300 th", None),
            (6.0, 10, 177809344, "6  H", None),
            (12.5, 10, 176285768, "12.5  H", None),
            (42.0, 3, 59140256, "42", Some(1158)),
            (1234.0, 15, 251659474, "1234 _0", None),
        ] {
            let level = IpValue::new(value, Kind::from_code(code));
            assert_eq!(level.encode(), Ok(new), "{text}");
            assert_eq!(decode(new), Ok(level), "{text}");
            assert_eq!(super::text(new, Librmn::default()), text);
            assert_eq!(level.encode_old().ok(), old, "{text}");
        }
    }

    #[test]
    fn kinds() {
        for code in 0..=255 {
            let kind = Kind::from_code(code);
            assert_eq!(kind.code(), code);
            assert_eq!(kind.unit().len(), 2);
        }
        assert_eq!(Kind::Unknown(31).unit(), "_1");
        assert!(Kind::Depth.is_level_in(Librmn::V20) && !Kind::Depth.is_level_in(Librmn::V19));
        // Kinds without a name encode with a generic range; 31 never does, 32 and 40 are no kinds.
        assert_eq!(IpValue::new(1.0, Kind::Unknown(8)).encode().map(|ip| ip >> 24), Ok(8));
        for (code, classic) in [(31, -1), (32, -999_999), (40, -999_999), (47, -1)] {
            let refused = IpValue::new(1.0, Kind::Unknown(code)).encode();
            assert_eq!(refused.map_err(IpError::classic_code), Err(classic), "{code}");
        }
    }

    #[test]
    fn negative_and_odd_ips() {
        assert_eq!(decode(u32::MAX), Err(IpError::Negative(u32::MAX)));
        assert_eq!(decode(1 << 31), Err(IpError::Negative(1 << 31)));
        // Bits 28 to 30 are ignored, but for kind 15.
        assert_eq!(decode(41394464 + (7 << 28)), decode(41394464));
        assert!(decode(251659474 + (1 << 28)).is_err());
        assert_eq!(decode((15 << 24) + 2_000_000).map(|v| v.value), Ok(2_000_000.0));
        assert!(decode((15 << 24) + 2_000_001).is_err());
    }

    #[test]
    fn any_bits_decode_or_not_and_come_back_close() {
        let mut state = 11_u64;
        for _ in 0..400_000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            #[expect(clippy::cast_possible_truncation, reason = "random bits")]
            let (ip, kind) = ((state >> 32) as u32, Kind::from_code((state >> 24) as u8 % 48));
            for librmn in [Librmn::V20, Librmn::V19] {
                for ip in [ip, ip >> 4, ip >> 17] {
                    let _ = super::text(ip, librmn);
                    let Ok(v) = decode_in(ip, librmn) else { continue };
                    let Ok(new) = v.encode_in(librmn) else { continue };
                    let back = decode_in(new, librmn).unwrap();
                    let (x, y) = (f64::from(v.value), f64::from(back.value));
                    assert!((x - y).abs() <= 1.1e-4 * x.abs() + 1e-10 && back.kind == v.kind, "{ip} {v:?} {back:?}");
                }
                for p in [f32::from_bits(ip), f32::from_bits(ip & 0xBF7F_FFFF | 0x3800_0000)] {
                    let value = IpValue::new(p, kind);
                    let _ = (value.encode_old(), value.to_text());
                    assert!(value.encode_in(librmn).is_ok_and(|ip| ip < 1 << 28) || value.encode_in(librmn).is_err());
                }
            }
        }
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, f32::MIN_POSITIVE, -0.0] {
            for code in 0..=255 {
                let v = IpValue::new(value, Kind::from_code(code));
                let _ = (v.encode(), v.encode_old(), v.to_text());
                assert!(value.is_finite() || v.encode().is_err());
            }
        }
    }
}
