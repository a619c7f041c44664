//! Levels and times as people write them, such as `500 hPa` and `1.5 m agl`: the one table of units and names of kinds.

use std::{fmt, str::FromStr};

use super::{IpValue, Kind};

/// Units and names of the kinds: those of listings ([`Kind::short_unit`]), the two letters of classic listings, and
/// names in words. A blank matches blanks and underscores.
const TEXTS: &[(&str, Kind)] = &[
    ("mb", Kind::Pressure),
    ("hpa", Kind::Pressure),
    ("pressure", Kind::Pressure),
    ("sg", Kind::Sigma),
    ("sigma", Kind::Sigma),
    ("hy", Kind::Hybrid),
    ("hybrid", Kind::Hybrid),
    ("m", Kind::Height),
    ("m asl", Kind::Height),
    ("masl", Kind::Height),
    ("height above sea", Kind::Height),
    ("height above sea level", Kind::Height),
    ("m agl", Kind::HeightAboveGround),
    ("magl", Kind::HeightAboveGround),
    ("height above ground", Kind::HeightAboveGround),
    ("m deep", Kind::Depth),
    ("m-", Kind::Depth),
    ("depth", Kind::Depth),
    ("k", Kind::Theta),
    ("th", Kind::Theta),
    ("theta", Kind::Theta),
    ("potential temperature", Kind::Theta),
    ("mp", Kind::MetrePressure),
    ("metre pressure", Kind::MetrePressure),
    ("metre-pressure", Kind::MetrePressure),
    ("arbitrary", Kind::Arbitrary),
    ("arbitrary code", Kind::Arbitrary),
    ("reserved", Kind::Reserved),
    ("reserved integer", Kind::Reserved),
    ("_0", Kind::Reserved),
    ("[]", Kind::Index),
    ("index", Kind::Index),
    ("h", Kind::Hours),
    ("hours", Kind::Hours),
    ("time", Kind::Hours),
];

/// The units, for messages.
pub const UNITS: &str = "hPa mb sg hy m `m agl` `m deep` K th mp [] h arbitrary reserved";

/// The kinds that decoding gives.
pub const KINDS: [Kind; 12] = [
    Kind::Height,
    Kind::Sigma,
    Kind::Pressure,
    Kind::Arbitrary,
    Kind::HeightAboveGround,
    Kind::Hybrid,
    Kind::Theta,
    Kind::Depth,
    Kind::Hours,
    Kind::Reserved,
    Kind::Index,
    Kind::MetrePressure,
];

impl Kind {
    /// The kind with this unit or name, in any case: as listings show it (`hPa sg hy m`, `m agl`, `m deep`, `K mp []
    /// h`), in classic listings (`mb th m- _0`, and `M`, which is above ground), or in words such as `pressure`,
    /// `depth`,
    /// `arbitrary`. Blanks in it may be underscores.
    ///
    /// ```
    /// use rpnfst_grids::ip::Kind;
    /// assert_eq!(Kind::from_name("m agl"), Some(Kind::HeightAboveGround));
    /// assert_eq!((Kind::from_name("MB"), Kind::from_name("parsec")), (Some(Kind::Pressure), None));
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        unit_at(name.trim()).and_then(|(rest, kind)| rest.is_empty().then_some(kind))
    }
}

/// The longest unit or name of a kind that a text begins with, and the rest of it.
pub fn unit_at(text: &str) -> Option<(&str, Kind)> {
    let found = TEXTS.iter().filter_map(|&(known, kind)| Some((rest_after(text, known)?, known, kind)));
    let (rest, known, kind) = found.min_by_key(|(rest, ..)| rest.len())?;
    // The classic ` M`.
    let above_ground = known == "m" && text.starts_with('M');
    Some((rest, if above_ground { Kind::HeightAboveGround } else { kind }))
}

/// What follows the words, if the text begins with them.
fn rest_after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let blank = |c: char| c == ' ' || c == '_';
    let mut rest = text;
    for known in words.chars() {
        rest = match known {
            ' ' => Some(rest.trim_start_matches(blank)).filter(|after| after.len() < rest.len())?,
            known => rest.strip_prefix(|c: char| c.eq_ignore_ascii_case(&known))?,
        };
    }
    // Not the beginning of a longer word.
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let inside = words.ends_with(word) && rest.starts_with(word);
    (!inside).then_some(rest)
}

/// The error of a text that is no level or time.
///
/// ```
/// use rpnfst_grids::ip::IpValue;
/// assert!("500".parse::<IpValue>().is_err()); // no unit
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a value with a unit such as `500 hPa`; units: {UNITS}")]
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
        let value = split.and_then(|(value, unit)| Some(Self::new(value, Kind::from_name(unit)?)));
        value.ok_or_else(|| ParseIpError { text: text.to_owned() })
    }
}

/// As listings show it, and [`FromStr`] reads it: the shortest number that gives the value back, and
/// [`Kind::short_unit`] (which arbitrary codes do not have).
impl fmt::Display for IpValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, kind } = self;
        f.pad(format!("{value} {}", kind.short_unit()).trim_end())
    }
}

/// Longer texts are refused.
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
            ("1.5  M", 1.5, Kind::HeightAboveGround),
            ("1.5 m agl", 1.5, Kind::HeightAboveGround),
            ("1.5 M_AGL", 1.5, Kind::HeightAboveGround),
            ("10 m asl", 10.0, Kind::Height),
            ("4.94 m deep", 4.94, Kind::Depth),
            ("4.94 m-", 4.94, Kind::Depth),
            ("5 []", 5.0, Kind::Index),
            ("1234 _0", 1234.0, Kind::Reserved),
            (".995 sg", 0.995, Kind::Sigma),
            ("6 h", 6.0, Kind::Hours),
            ("6 H", 6.0, Kind::Hours),
        ] {
            let level = IpValue::new(value, kind);
            assert_eq!(text.parse(), Ok(level), "{text}");
            assert_eq!(level.to_string().parse(), Ok(level), "{level}");
        }
        for text in
            ["", "500", "hPa", "500 furlongs", "inf m", "5 5 m", "é m", "5 m aglx", "5 m_", "5 m above", "5 mbar"]
        {
            assert!(text.parse::<IpValue>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_kind_is_found_by_its_texts() {
        for kind in KINDS {
            assert_eq!(Kind::from_code(kind.code()), kind);
            assert_eq!(Kind::from_name(kind.name()), Some(kind), "{}", kind.name());
            for unit in [kind.short_unit(), kind.unit().trim()] {
                let expected = if unit.is_empty() { None } else { Some(kind) };
                assert_eq!(Kind::from_name(unit), expected, "{unit}");
            }
        }
        // The kinds that decode are all there.
        assert!(
            (0..1 << 28).step_by(997).filter_map(|ip| super::super::decode(ip).ok()).all(|v| KINDS.contains(&v.kind))
        );
    }
}
