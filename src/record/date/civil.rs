//! Dates and times of day as people write them: [`CivilTime`] and its text form.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{
    DateError,
    calendar::{DAY_1970, date_of_day, day_number, days_in_month},
};

const SECONDS_PER_DAY: i64 = 86_400;

/// A date and time of day, UTC, proleptic Gregorian calendar.
///
/// The fields are plain numbers; [`CivilTime::new`] checks them. Ordering is chronological for checked values.
/// Text form: ISO 8601, `2020-06-15T14:00:00Z`. Reading text accepts `2020-06-15`, `2020-06-15T14`,
/// `2020-06-15T14:30`, `2020-06-15T14:30:15` (a final `Z`, and a space for the `T`, are allowed) and the compact
/// `20200615`, `2020061514`, `202006151430`, `20200615143015`.
///
/// ```
/// use rpnfst::record::CivilTime;
/// let time: CivilTime = "2020-06-15T14".parse()?;
/// assert_eq!(time, CivilTime::new(2020, 6, 15, 14, 0, 0)?);
/// assert_eq!(time.add_hours(10).map(|time| time.to_string()), Some("2020-06-16T00:00:00Z".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilTime {
    /// Year, 0 to 9999 (year 0 is 1 BC).
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
}

impl CivilTime {
    /// A time from its fields, which are checked.
    ///
    /// # Errors
    /// [`DateError::InvalidCivil`] when a field is out of its range or the day does not exist.
    pub fn new(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Result<Self, DateError> {
        let time = Self { year, month, day, hour, minute, second };
        if time.has_valid_hour() && minute < 60 && second < 60 { Ok(time) } else { Err(DateError::InvalidCivil(time)) }
    }

    /// Whether date and hour exist. Like librmn, this does not look at minute and second (section 3.2).
    pub(super) fn has_valid_hour(self) -> bool {
        let (y, m, d) = (i64::from(self.year), i64::from(self.month), i64::from(self.day));
        (0..=9999).contains(&y) && (1..=days_in_month(y, m)).contains(&d) && self.hour < 24
    }

    /// Days since 0000-01-01.
    pub(super) fn day_number(self) -> i64 {
        day_number(i64::from(self.year), i64::from(self.month), i64::from(self.day))
    }

    /// The time `second` seconds after 00:00 of a day number (`None` when the year does not fit).
    pub(super) fn from_day(day: i64, second: i64) -> Option<Self> {
        let (year, month, of_month) = date_of_day(day);
        let byte = |n: i64| u8::try_from(n).ok();
        Some(Self {
            year: i32::try_from(year).ok()?,
            month: byte(month)?,
            day: byte(of_month)?,
            hour: byte(second / 3600)?,
            minute: byte(second / 60 % 60)?,
            second: byte(second % 60)?,
        })
    }

    /// The date as the decimal number YYYYMMDD (a four-digit year is assumed; others saturate).
    pub fn yyyymmdd(self) -> i32 {
        self.year.saturating_mul(10_000).saturating_add(i32::from(self.month) * 100 + i32::from(self.day))
    }

    /// The time of day as the decimal number HHMMSS.
    pub fn hhmmss(self) -> i32 {
        i32::from(self.hour) * 10_000 + i32::from(self.minute) * 100 + i32::from(self.second)
    }

    /// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
    pub fn unix_seconds(self) -> i64 {
        (self.day_number() - DAY_1970) * SECONDS_PER_DAY
            + i64::from(self.hour) * 3600
            + i64::from(self.minute) * 60
            + i64::from(self.second)
    }

    /// Inverse of [`unix_seconds`](Self::unix_seconds); `None` outside of the years 0 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        let day = seconds.div_euclid(SECONDS_PER_DAY) + DAY_1970;
        Self::from_day(day, seconds.rem_euclid(SECONDS_PER_DAY)).filter(|t| (0..=9999).contains(&t.year))
    }

    /// This time plus a number of seconds, exactly; `None` outside of the years 0 to 9999.
    pub fn add_seconds(self, seconds: i64) -> Option<Self> {
        Self::from_unix_seconds(self.unix_seconds().checked_add(seconds)?)
    }

    /// This time plus a number of whole hours, exactly; `None` outside of the years 0 to 9999.
    pub fn add_hours(self, hours: i64) -> Option<Self> {
        self.add_seconds(hours.checked_mul(3600)?)
    }

    /// Seconds from `earlier` to this time (negative when `earlier` is later).
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.unix_seconds() - earlier.unix_seconds()
    }
}

impl fmt::Display for CivilTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// A text that [`CivilTime`] does not understand.
///
/// ```
/// use rpnfst::record::CivilTime;
/// let error = "2021-02-29".parse::<CivilTime>().unwrap_err();
/// assert_eq!(error.text, "2021-02-29");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not a date: expected 2020-06-15, 2020-06-15T14:30:15Z, 20200615 or 2020061514")]
pub struct ParseCivilTimeError {
    /// The text that was given.
    pub text: String,
}

impl FromStr for CivilTime {
    type Err = ParseCivilTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim().as_bytes()).ok_or_else(|| ParseCivilTimeError { text: text.to_owned() })
    }
}

fn parse(text: &[u8]) -> Option<CivilTime> {
    // `_` stands for a digit; a form may be cut after the date or after any part of the time.
    const ISO: (&[u8], &[usize]) = (b"____-__-__T__:__:__", &[10, 13, 16, 19]);
    const COMPACT: (&[u8], &[usize]) = (b"______________", &[8, 10, 12, 14]);
    let (text, zulu) = match text {
        [head @ .., b'Z' | b'z'] => (head, true),
        _ => (text, false),
    };
    let (form, ends) = if text.get(4) == Some(&b'-') { ISO } else { COMPACT };
    if !ends.contains(&text.len()) || (zulu && text.len() == ends[0]) {
        return None;
    }
    let mut digits = [b'0'; 14];
    let mut places = digits.iter_mut();
    for (&c, &want) in text.iter().zip(form) {
        match want {
            b'_' if c.is_ascii_digit() => *places.next()? = c,
            b'T' if matches!(c, b'T' | b't' | b' ') => {}
            _ if c == want => {}
            _ => return None,
        }
    }
    let pair = |at: usize| Some((digits.get(at)? - b'0') * 10 + (digits.get(at + 1)? - b'0'));
    let year = i32::from(pair(0)?) * 100 + i32::from(pair(2)?);
    CivilTime::new(year, pair(4)?, pair(6)?, pair(8)?, pair(10)?, pair(12)?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let time = CivilTime::new(2020, 6, 15, 14, 30, 15).unwrap();
        for text in ["2020-06-15T14:30:15Z", "2020-06-15 14:30:15", "20200615143015", " 20200615143015Z "] {
            assert_eq!(text.parse(), Ok(time), "{text}");
        }
        for (text, want) in [
            ("2020-06-15", "2020-06-15T00:00:00Z"),
            ("2020-06-15T14", "2020-06-15T14:00:00Z"),
            ("2020-06-15T14:30Z", "2020-06-15T14:30:00Z"),
            ("20200615", "2020-06-15T00:00:00Z"),
            ("2020061514", "2020-06-15T14:00:00Z"),
            ("00000229", "0000-02-29T00:00:00Z"),
        ] {
            assert_eq!(text.parse::<CivilTime>().unwrap().to_string(), want);
        }
        for text in [
            "",
            "2020",
            "2020-6-15",
            "2021-02-29",
            "2020-06-15T24",
            "2020-06-15T14:60",
            "2020-06-15Z",
            "é0200615",
            "202006151",
        ] {
            assert!(text.parse::<CivilTime>().is_err(), "{text}");
        }
        assert_eq!((time.yyyymmdd(), time.hhmmss()), (20_200_615, 143_015));
    }

    #[test]
    fn arithmetic() {
        let a: CivilTime = "1999-12-31T23:59:59".parse().unwrap();
        let b = a.add_seconds(1).unwrap();
        assert_eq!(b.to_string(), "2000-01-01T00:00:00Z");
        assert_eq!(b.unix_seconds(), 946_684_800);
        assert_eq!((b.seconds_since(a), a < b), (1, true));
        assert_eq!(b.add_hours(-24), "1999-12-31".parse().ok());
        assert_eq!(b.add_hours(i64::MAX), None);
        assert_eq!(b.add_seconds(i64::MIN), None);
        assert_eq!(CivilTime::from_unix_seconds(i64::MAX), None);
        assert_eq!(CivilTime::from_unix_seconds(i64::MIN), None);
        // Unchecked fields must not panic.
        let odd = CivilTime { year: i32::MIN, month: 255, day: 0, hour: 255, minute: 255, second: 255 };
        let _ = (odd.unix_seconds(), odd.yyyymmdd(), odd.hhmmss(), odd.to_string(), odd.add_hours(1));
    }
}
