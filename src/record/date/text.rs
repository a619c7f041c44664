//! Dates from the text of a person: digits are a date before they are a stamp.

use std::str::FromStr;

use thiserror::Error;

use super::{CivilTime, DateError, DateStamp};

/// What a text of a date stands for.
///
/// | text | means |
/// |---|---|
/// | `2020-06-15`, `2020-06-15T12`, `2020-06-15T12:30:15Z` | that day, hour, minute or second |
/// | 8 or 10 digits that are a date of the years 1900 to 2100: `20200615`, `2020061512` | that day or hour |
/// | 12 or 14 digits that are a date: `202006151230`, `20200615123015` | that minute or second |
/// | `stamp:442372400` | that date stamp, whatever it says |
/// | other digits that are a date stamp: `442372400`, `-1275244186` | that date stamp |
/// | `none`, `0` | no date, stamp 0 |
///
/// Other digits are an error, so that a date with a slip of the finger is not taken for a stamp of another century.
///
/// ```
/// # use rpnfst::record::date::{DateStamp, DateText};
/// let day: DateText = "20200615".parse()?;
/// assert_eq!(day, "2020-06-15".parse()?);
/// assert_eq!(day.to_stamp()?.raw(), 442361600);
/// assert_eq!("442361600".parse(), Ok(DateText::Stamp(DateStamp::from_raw(442361600))));
/// assert!("2020063112".parse::<DateText>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateText {
    /// This very stamp. Its digits need not be a date when the text says `stamp:`.
    Stamp(DateStamp),
    /// A calendar time, as exact as the text: a day, hour, minute or second.
    Time {
        /// When it begins.
        start: CivilTime,
        /// The first second after it; `None` at the end of the year 9999.
        end: Option<CivilTime>,
    },
}

/// A text that [`DateText`] does not understand.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseDateError {
    /// Neither a date nor a number.
    #[error(
        "{0:?} is not a date: expected 2020-06-15, 2020-06-15T14:30:15Z, 20200615, 2020061514, 202006151430, a date \
         stamp (stamp:442372400) or none"
    )]
    NoDate(String),
    /// Digits that are neither a date nor a date stamp.
    #[error(
        "{0} is neither a date (YYYYMMDD, YYYYMMDDHH, YYYYMMDDHHMM of the years 1900 to 2100) nor a date stamp; a stamp \
         as it is: stamp:{0}"
    )]
    Digits(String),
}

const WORD: &str = "stamp:";

impl FromStr for DateText {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let no_date = || ParseDateError::NoDate(text.to_owned());
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::Stamp(DateStamp::NONE));
        }
        if let Some((word, stamp)) = text.split_at_checked(WORD.len())
            && word.eq_ignore_ascii_case(WORD)
        {
            let raw = stamp.trim().parse().map_err(|_| no_date())?;
            return Ok(Self::Stamp(DateStamp::from_raw(raw)));
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse().map(Self::time).map_err(|_| no_date());
        }
        let short = matches!(text.len(), 8 | 10);
        let of_this_age = text.get(..4).and_then(|year| year.parse().ok()).is_some_and(is_of_this_age);
        match text.parse() {
            Ok(time) if !short || of_this_age => return Ok(Self::time(time)),
            _ => {}
        }
        let stamp = text.parse().ok().map(DateStamp::from_raw);
        // Digits that begin with a year of this age and are no date: a slip, and no stamp of the year 1900 (eight digits)
        // or of the 23rd century (ten) is meant.
        let slip = short && of_this_age;
        let known = |stamp: &DateStamp| stamp.is_none() || stamp.is_dummy() || (!slip && stamp.to_civil().is_ok());
        let stamp = stamp.filter(known);
        stamp.map(Self::Stamp).ok_or_else(|| ParseDateError::Digits(text.to_owned()))
    }
}

fn is_of_this_age(year: i32) -> bool {
    (1900..=2100).contains(&year)
}

impl DateText {
    /// The time, as long as the digits of its text leave open.
    fn time(stated: Stated) -> Self {
        Self::Time { start: stated.time, end: stated.time.add_seconds(stated.seconds) }
    }

    /// The stamp to be stored: that of the beginning of a day, hour or minute.
    ///
    /// # Errors
    /// When the stamp is no date and not 0, or when no stamp has exactly this time.
    pub fn to_stamp(self) -> Result<DateStamp, DateError> {
        match self {
            Self::Stamp(stamp) if stamp.is_none() => Ok(stamp),
            Self::Stamp(stamp) => stamp.to_civil().map(|_| stamp),
            Self::Time { start, .. } => {
                let stamp = DateStamp::from_civil(start)?;
                let stored = stamp.to_civil()?;
                if stored == start { Ok(stamp) } else { Err(DateError::Inexact { wanted: start, stored }) }
            }
        }
    }

    /// The times that it names: from the first to before the second (`None`: there is no later one). Of a stamp: its
    /// second.
    ///
    /// # Errors
    /// When a stamp is no date.
    pub fn times(self) -> Result<(CivilTime, Option<CivilTime>), DateError> {
        match self {
            Self::Stamp(stamp) => stamp.to_civil().map(|time| (time, time.add_seconds(1))),
            Self::Time { start, end } => Ok((start, end)),
        }
    }
}

/// A time and how many seconds its text leaves open.
#[derive(Clone, Copy)]
struct Stated {
    time: CivilTime,
    seconds: i64,
}

impl FromStr for Stated {
    type Err = super::ParseCivilTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds = match text.bytes().filter(u8::is_ascii_digit).count() {
            0..=8 => 86400,
            9 | 10 => 3600,
            11 | 12 => 60,
            _ => 1,
        };
        text.parse().map(|time| Self { time, seconds })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::*;

    fn times(text: &str) -> (String, String) {
        let (start, end) = text.parse::<DateText>().unwrap().times().unwrap();
        (start.to_string(), end.unwrap().to_string())
    }

    #[test]
    fn digits_are_a_date_first() {
        for (text, start, end) in [
            ("20200615", "2020-06-15T00:00:00Z", "2020-06-16T00:00:00Z"),
            ("2020061512", "2020-06-15T12:00:00Z", "2020-06-15T13:00:00Z"),
            ("202006151230", "2020-06-15T12:30:00Z", "2020-06-15T12:31:00Z"),
            ("20200615123015", "2020-06-15T12:30:15Z", "2020-06-15T12:30:16Z"),
            ("2020-06-15", "2020-06-15T00:00:00Z", "2020-06-16T00:00:00Z"),
            (" 2020-06-15T12Z ", "2020-06-15T12:00:00Z", "2020-06-15T13:00:00Z"),
            ("19000101", "1900-01-01T00:00:00Z", "1900-01-02T00:00:00Z"),
            ("2100123123", "2100-12-31T23:00:00Z", "2101-01-01T00:00:00Z"),
            ("442372400", "2020-06-15T12:00:00Z", "2020-06-15T12:00:01Z"),
            // An old stamp whose digits are no date of this age: 1993-02-01, 12 h.
            ("20193120", "1993-02-01T12:00:00Z", "1993-02-01T12:00:01Z"),
            ("STAMP:2020061512", "2220-06-08T15:54:10Z", "2220-06-08T15:54:11Z"),
        ] {
            assert_eq!(times(text), (start.to_owned(), end.to_owned()), "{text}");
        }
        for (text, raw) in [
            ("0", 0),
            ("none", 0),
            ("-1275244186", -1_275_244_186),
            ("stamp: 20200615", 20_200_615),
            ("101010101", 101_010_101),
        ] {
            assert_eq!(text.parse(), Ok(DateText::Stamp(DateStamp::from_raw(raw))), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for text in ["2020063112", "20201340", "2020", "202006", "-1", "-20200615", "99999999", "99999999999999999999"]
        {
            assert_eq!(text.parse::<DateText>(), Err(ParseDateError::Digits(text.to_owned())), "{text}");
        }
        for text in ["", "-", "now", "2020-06", "stamp:", "stamp:x", "stamp:2020-06-15", "é2020061", "2020-06-31"] {
            assert_eq!(text.parse::<DateText>(), Err(ParseDateError::NoDate(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn stamps_to_be_stored() {
        let stamp = |text: &str| text.parse::<DateText>().unwrap().to_stamp().map(DateStamp::raw);
        assert_eq!(stamp("2020061512"), Ok(442_372_400));
        assert_eq!(stamp("none"), Ok(0));
        assert_eq!(stamp("stamp:20200615"), Err(DateError::Undecodable(20_200_615)));
        let inexact = stamp("2026-11-24T12:00:07").map_err(|e| e.to_string());
        assert_eq!(inexact, Err("2026-11-24T12:00:07Z cannot be stored, 2026-11-24T12:00:05Z can".to_owned()));
    }
}
