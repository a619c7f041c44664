//! Conversion of a code to the other style: the same level or time.

use std::fmt;

use super::{IpError, IpValue, Kind, LAST_OLD_STYLE, decode, same_level};

/// The two styles of codes.
///
/// ```
/// use rpnfst_grids::ip::Style;
/// assert_eq!((Style::New.level(500)?, Style::Old.level(41_394_464)?), (41_394_464, 500));
/// assert_eq!(Style::Old.hours(177_809_344)?, 6);
/// # Ok::<(), rpnfst_grids::ip::IpError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// 0 to 32767, without a kind.
    Old,
    /// Kind, exponent and mantissa, above 32767 (but 0 hPa, which is 0 in both).
    New,
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Old => "old",
            Self::New => "new",
        })
    }
}

impl Style {
    /// Whether a code is of this style.
    const fn has(self, ip: u32) -> bool {
        (ip <= LAST_OLD_STYLE) == matches!(self, Self::Old)
    }

    /// The code of this style that means the same level as a code of either style.
    ///
    /// # Errors
    /// When the code means no level, or no code of this style means the same ([`IpError::Rounded`],
    /// [`IpError::NoOldStyle`], [`IpError::OutOfRange`]).
    pub fn level(self, ip: u32) -> Result<u32, IpError> {
        let value = decode(ip)?;
        if self.has(ip) {
            return Ok(ip);
        }
        match self {
            Self::Old => value.encode_old_exactly(),
            Self::New => {
                let code = value.encode()?;
                if same_level(code, ip) { Ok(code) } else { Err(self.rounded(value, decode(code)?)) }
            }
        }
    }

    const fn rounded(self, wanted: IpValue, nearest: IpValue) -> IpError {
        IpError::Rounded { style: self, wanted, nearest }
    }

    /// The code of this style that means the same time as an ip2; a plain number of hours is the old style.
    ///
    /// # Errors
    /// When a new code means no time, or when the hours are not whole or have no code.
    pub fn hours(self, ip: u32) -> Result<u32, IpError> {
        let value = if ip <= LAST_OLD_STYLE { IpValue::new(ip as f32, Kind::Hours) } else { decode(ip)? };
        if value.kind != Kind::Hours {
            return Err(IpError::NoHours(value));
        }
        if self.has(ip) {
            return Ok(ip);
        }
        match self {
            Self::New => {
                let code = value.encode()?;
                let nearest = decode(code)?;
                if nearest == value { Ok(code) } else { Err(self.rounded(value, nearest)) }
            }
            Self::Old => {
                let whole = super::nearest(value.value).unwrap_or(LAST_OLD_STYLE).min(LAST_OLD_STYLE);
                let nearest = IpValue::new(whole as f32, Kind::Hours);
                if nearest == value { Ok(whole) } else { Err(self.rounded(value, nearest)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_old_level_has_a_new_code_and_comes_back() {
        for ip in 0..=LAST_OLD_STYLE {
            let new = Style::New.level(ip).expect("a new code");
            assert!(same_level(ip, new), "{ip} {new}");
            assert_eq!(Style::New.level(new), Ok(new));
            // librmn encodes pressures below 0.001 hPa as 0, and codes above 32000 are numbers, of which it encodes
            // those up to 100.
            let tiny = decode(ip).is_ok_and(|v| v.kind == Kind::Pressure && (1e-6..0.001).contains(&v.value));
            if ip <= 32_000 && !tiny {
                let old = Style::Old.level(new).expect("an old code");
                assert!(same_level(ip, old), "{ip} {old}");
            }
        }
    }

    #[test]
    fn levels_that_old_codes_cannot_hold() {
        let code = |value, kind| IpValue::new(value, kind).encode().expect("a code");
        for (value, kind) in [
            (487.35, Kind::Pressure),
            (1100.0, Kind::Pressure),
            (0.12345, Kind::Sigma),
            (7.0, Kind::Height),
            (99_998.0, Kind::Height),
            (101.0, Kind::Arbitrary),
            (0.995, Kind::Hybrid),
            (2.0, Kind::HeightAboveGround),
            (6.0, Kind::Hours),
        ] {
            assert!(Style::Old.level(code(value, kind)).is_err(), "{value} {kind:?}");
        }
        assert_eq!(Style::Old.level(code(500.0, Kind::Pressure)), Ok(500));
        assert_eq!(Style::Old.level(code(0.995, Kind::Sigma)), Ok(11_950));
        assert_eq!(Style::New.level(1 << 27), Err(IpError::Undecodable(1 << 27)));
    }

    #[test]
    fn times() {
        for hours in [0, 6, 240, 32_767] {
            let new = Style::New.hours(hours).expect("a code");
            assert!(new > LAST_OLD_STYLE, "{hours}");
            assert_eq!(Style::Old.hours(new), Ok(hours));
            assert_eq!((Style::New.hours(new), Style::Old.hours(hours)), (Ok(new), Ok(hours)));
        }
        let half = IpValue::new(0.5, Kind::Hours);
        let message = |value: IpValue| value.encode().and_then(|ip| Style::Old.hours(ip)).map_err(|e| e.to_string());
        assert_eq!(message(half), Err("the old style has 1 h instead of 0.5 h".to_owned()));
        let long = IpValue::new(40_000.0, Kind::Hours);
        assert_eq!(message(long), Err("the old style has 32767 h instead of 40000 h".to_owned()));
        let level = IpValue::new(500.0, Kind::Pressure);
        assert_eq!(level.encode().and_then(|ip| Style::Old.hours(ip)), Err(IpError::NoHours(level)));
    }
}
