//! Dates as people write them. Digits that can be a date are a date, and only otherwise a stamp.

use std::{fmt, str::FromStr, time::SystemTime};

use thiserror::Error;

use super::{CivilTime, DateError, DateStamp};

/// The meaning of a date that a person wrote.
///
/// | text | means |
/// |---|---|
/// | `2020-06-15`, `2020-06-15T12`, `2020-06-15T12:30:15Z` | that day, hour, minute or second |
/// | 8, 10, 12 or 14 digits that are a date of the years 1900 to 2100: `20200615`, `2020061512` | that day, hour, minute, second |
/// | `stamp:442372400` | that date stamp, whatever it says |
/// | other digits that are a date stamp: `442372400`, `-1275244186` | that date stamp |
/// | `now` | this moment, cut to the 5 seconds that stamps count |
/// | `none`, `0` | no date, stamp 0 |
///
/// Other digits are an error, so that a mistyped date does not become a stamp of another century. Two cases:
///
/// * Digits that begin with a year from 1900 to 2100 and are no date: `2020063112`.
/// * Digits that read as a date of another year, even if they are a stamp too: `1850010100`. Write `1850-01-01T00` or
///   `stamp:1850010100`. Years from 3000 on do not count here: 61550120 is an old stamp, of 1950.
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
    /// This stamp. It need not decode when the text says `stamp:`.
    Stamp(DateStamp),
    /// A calendar time that lasts as long as the text leaves open: a day, hour, minute or second.
    Time {
        /// When it begins.
        start: CivilTime,
        /// The first second after it; `None` at the end of the year 9999.
        end: Option<CivilTime>,
    },
}

/// A text that [`DateText`] does not understand.
///
/// ```
/// use rpnfst::record::date::{DateText, ParseDateError};
/// assert!(matches!("yesterday".parse::<DateText>(), Err(ParseDateError::NoDate(_))));
/// assert!(matches!("1850010100".parse::<DateText>(), Err(ParseDateError::OtherAge(_))));
/// ```
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
        "{0} is neither a date (YYYYMMDD, YYYYMMDDHH, YYYYMMDDHHMM of the years 1900 to 2100) nor a date stamp{stamp}",
        stamp = AsItIs("; a stamp as it is: ", .0)
    )]
    Digits(String),
    /// Digits that read as a date of a year before 1900 or after 2100.
    #[error(
        "{0} is not taken for a date, as it is not of the years 1900 to 2100: write {iso}{stamp}",
        iso = Iso(.0), stamp = AsItIs(" or ", .0)
    )]
    OtherAge(String),
}

/// `stamp:N` after some words, if that is a date.
struct AsItIs<'a>(&'static str, &'a str);

impl fmt::Display for AsItIs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(words, digits) = self;
        match digits.parse().map(DateStamp::from_raw) {
            Ok(stamp) if stamp.to_civil().is_ok() => write!(f, "{words}{WORD}{digits}"),
            _ => Ok(()),
        }
    }
}

/// The digits of a date as ISO 8601 has them.
struct Iso<'a>(&'a str);

impl fmt::Display for Iso<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.chars().enumerate() {
            f.write_str(match place {
                4 | 6 => "-",
                8 => "T",
                10 | 12 => ":",
                _ => "",
            })?;
            write!(f, "{digit}")?;
        }
        Ok(())
    }
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
        if text.eq_ignore_ascii_case("now") {
            return now().ok_or_else(no_date);
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
        let no_stamp = || ParseDateError::Digits(text.to_owned());
        let stamp = text.parse().ok().map(DateStamp::from_raw);
        let is_stamp = |stamp: &DateStamp| stamp.is_none() || stamp.is_dummy() || stamp.to_civil().is_ok();
        let as_stamp = || stamp.filter(is_stamp).map(Self::Stamp).ok_or_else(no_stamp);
        let Some((year, month_and_day)) = year_of(text) else { return as_stamp() };
        match text.parse() {
            Ok(time) if is_of_this_age(year) => Ok(Self::time(time)),
            // A slip: no stamp of the year 1900 (eight digits) or of the 23rd century (ten) is meant.
            _ if is_of_this_age(year) => Err(no_stamp()),
            _ if stamp.is_some_and(|stamp| stamp.is_dummy() || year > LAST_YEAR && is_stamp(&stamp)) => as_stamp(),
            Ok(_) => Err(ParseDateError::OtherAge(text.to_owned())),
            // Nor is a February 30 of 1850.
            Err(_) if month_and_day && text.len() == 8 => Err(no_stamp()),
            Err(_) => as_stamp(),
        }
    }
}

/// The last year that digits without separators can mean.
const LAST_YEAR: i32 = 2999;

fn is_of_this_age(year: i32) -> bool {
    (1900..=2100).contains(&year)
}

/// The year of digits that may be YYYYMMDD and more, and whether they have a month from 1 to 12 and a day from 1 to 31.
fn year_of(digits: &str) -> Option<(i32, bool)> {
    if digits.starts_with('-') || !matches!(digits.len(), 8 | 10 | 12 | 14) {
        return None;
    }
    let [year, month, day] = [0..4, 4..6, 6..8].map(|place| digits.get(place).and_then(|part| part.parse().ok()));
    Some((year?, (1..=12).contains(&month?) && (1..=31).contains(&day?)))
}

/// This moment, cut to 5 seconds.
fn now() -> Option<DateText> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let start = CivilTime::from_unix_seconds(i64::try_from(since.as_secs() / 5 * 5).ok()?)?;
    Some(DateText::Time { start, end: start.add_seconds(5) })
}

impl DateText {
    /// A time that lasts as long as its text leaves open.
    fn time(stated: Stated) -> Self {
        Self::Time { start: stated.time, end: stated.time.add_seconds(stated.seconds) }
    }

    /// The stamp to store: of a day, hour or minute, that of its beginning.
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

    /// The times that the text covers: from the first, included, to the second, excluded (`None`: no end). A stamp
    /// covers one second.
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
            // Old stamps: of a year that nobody means, with a month 31, of nine digits.
            ("61550120", "1950-06-15T12:00:00Z", "1950-06-15T12:00:01Z"),
            ("10293120", "1993-01-02T12:00:00Z", "1993-01-02T12:00:01Z"),
            ("123193120", "1993-12-31T12:00:00Z", "1993-12-31T12:00:01Z"),
            // Of ten digits: an hour 26, a month 67.
            ("1326010126", "2132-06-17T15:41:50Z", "2132-06-17T15:41:51Z"),
            ("1567671200", "2163-02-03T16:00:00Z", "2163-02-03T16:00:01Z"),
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
            ("10101011", 10_101_011),
        ] {
            assert_eq!(text.parse(), Ok(DateText::Stamp(DateStamp::from_raw(raw))), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for text in [
            "2020063112",
            "20201340",
            "20200000",
            "20193120",
            "2020023000",
            "18500231",
            "21020230",
            "2020",
            "202006",
            "-1",
            "-20200615",
            "99999999",
            "99999999999999999999",
        ] {
            assert_eq!(text.parse::<DateText>(), Err(ParseDateError::Digits(text.to_owned())), "{text}");
        }
        for text in ["", "-", "2020-06", "stamp:", "stamp:x", "stamp:2020-06-15", "é2020061", "2020-06-31"] {
            assert_eq!(text.parse::<DateText>(), Err(ParseDateError::NoDate(text.to_owned())), "{text}");
        }
    }

    /// What a message offers is understood, and can be stored.
    #[test]
    fn digits_of_other_years_are_neither_a_date_nor_a_stamp() {
        let other = |text: &str, spellings: &[&str]| {
            let message = text.parse::<DateText>().unwrap_err().to_string();
            assert!(message.ends_with(&format!("write {}", spellings.join(" or "))), "{message}");
            for spelling in spellings {
                assert!(spelling.parse::<DateText>().unwrap().to_stamp().is_ok(), "{spelling}");
            }
        };
        other("1850010100", &["1850-01-01T00", "stamp:1850010100"]);
        other("2101010100", &["2101-01-01T00", "stamp:2101010100"]);
        other("21010101", &["2101-01-01", "stamp:21010101"]);
        other("10100123", &["1010-01-23", "stamp:10100123"]);
        other("18500101", &["1850-01-01"]);
        other("85000101", &["8500-01-01"]);
        other("00010101", &["0001-01-01"]);
        other("210101010030", &["2101-01-01T00:30"]);
    }

    #[test]
    fn no_stamp_is_offered_that_is_refused() {
        for text in ["2020063112", "20201340", "20200000", "2020023000", "20203100", "18500231", "21020230"] {
            let message = text.parse::<DateText>().unwrap_err().to_string();
            let offered = message.split_once("as it is: ").map(|(_, offered)| offered);
            let stamp: DateText = format!("stamp:{text}").parse().unwrap();
            assert_eq!(offered.is_some(), stamp.to_stamp().is_ok(), "{message}");
        }
    }

    #[test]
    fn now() {
        let stamp = "NOW".parse::<DateText>().unwrap().to_stamp().unwrap();
        assert!(stamp.raw() > 438_786_800);
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
