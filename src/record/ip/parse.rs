//! Levels from the text of a person: `500 hPa`, `0.995 sg`, `1.5 magl`.

use std::str::FromStr;

use super::{IpValue, Kind};

/// Units and names of the kinds of level.
const KINDS: &[(&str, Kind)] = &[
    ("mb", Kind::Pressure),
    ("hpa", Kind::Pressure),
    ("pressure", Kind::Pressure),
    ("sg", Kind::Sigma),
    ("sigma", Kind::Sigma),
    ("hy", Kind::Hybrid),
    ("hybrid", Kind::Hybrid),
    ("m", Kind::Height),
    ("height_above_sea", Kind::Height),
    ("magl", Kind::HeightAboveGround),
    ("height_above_ground", Kind::HeightAboveGround),
    ("depth", Kind::Depth),
    ("th", Kind::Theta),
    ("k", Kind::Theta),
    ("theta", Kind::Theta),
    ("mp", Kind::MetrePressure),
    ("metre_pressure", Kind::MetrePressure),
    ("arbitrary", Kind::Arbitrary),
    ("index", Kind::Index),
    ("h", Kind::Hours),
    ("time", Kind::Hours),
];

impl Kind {
    /// The kind with this unit or name: `hPa mb sg hy m magl depth K th mp arbitrary index h` or words such as
    /// `pressure`, in any case; but the classic `M` is above ground.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "M" {
            return Some(Self::HeightAboveGround);
        }
        KINDS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, kind)| *kind)
    }
}

/// A text that is no level or time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a value with a unit such as `500 hPa`; units: hPa mb sg hy m magl depth K th mp arbitrary index h"
)]
pub struct ParseIpError {
    /// The text that was given.
    pub text: String,
}

/// A number and a unit as [`Kind::from_name`] knows them: `500 hPa`.
impl FromStr for IpValue {
    type Err = ParseIpError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let number = |end: usize| Some((trimmed.get(..end)?.trim_end().parse::<f32>().ok()?, trimmed.get(end..)?));
        // The longest number that the text begins with.
        let split = (1..trimmed.len().min(MAX_TEXT)).rev().find_map(number).filter(|(value, _)| value.is_finite());
        let value = split.and_then(|(value, unit)| Some(Self::new(value, Kind::from_name(unit.trim())?)));
        value.ok_or_else(|| ParseIpError { text: text.to_owned() })
    }
}

/// Longer texts are no levels.
const MAX_TEXT: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        for (text, value, kind) in [
            ("500 hPa", 500.0, Kind::Pressure),
            ("500mb", 500.0, Kind::Pressure),
            (" -2.5e1  m ", -25.0, Kind::Height),
            ("1.5 M", 1.5, Kind::HeightAboveGround),
            (".995 sg", 0.995, Kind::Sigma),
            ("6 h", 6.0, Kind::Hours),
        ] {
            assert_eq!(text.parse(), Ok(IpValue::new(value, kind)), "{text}");
        }
        for text in ["", "500", "hPa", "500 furlongs", "inf m", "5 5 m", "é m"] {
            assert!(text.parse::<IpValue>().is_err(), "{text}");
        }
    }
}
