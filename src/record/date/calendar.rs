//! Calendars: the proleptic Gregorian one, the two model calendars without leap years, and [`CivilTime`].
//!
//! Source: the record specification, sections 3.1 (day numbers) and 3.6 (365-day and 360-day calendars).
//! Days are counted from 0000-01-01 (year 0 exists and is leap), as extended stamps do.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use thiserror::Error;

use super::DateError;

/// Day number of 1980-01-01, the origin of new-style stamps.
pub(super) const DAY_1980: i64 = 723_180;
/// Intervals of 5 seconds in an hour, a day.
pub(super) const TICKS_PER_HOUR: i64 = 720;
pub(super) const TICKS_PER_DAY: i64 = 24 * TICKS_PER_HOUR;

/// Day number of 1970-01-01.
const DAY_1970: i64 = 719_528;
const SECONDS_PER_DAY: i64 = 86_400;
/// Days before each month of a year without February 29.
const DAYS_BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Days since 0000-01-01 of a proleptic Gregorian date; months and days out of range extrapolate (month 0 is
/// December of the year before, day 0 the last day of the month before).
pub(super) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March put the leap day last.
    let months = year * 12 + month - 3;
    let (y, m) = (months.div_euclid(12), months.rem_euclid(12));
    365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day + 59
}

/// Inverse of [`day_number`]: year, month 1-12, day 1-31.
pub(super) fn date_of_day(day: i64) -> (i64, i64, i64) {
    let z = day - 60;
    let (era, of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let y = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * y + y / 4 - y / 100);
    let m = (5 * of_year + 2) / 153;
    let d = of_year - (153 * m + 2) / 5 + 1;
    let (month, carry) = if m < 10 { (m + 3, 0) } else { (m - 9, 1) };
    (era * 400 + y + carry, month, d)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Number of days of a month in the Gregorian calendar; 0 for a month out of 1..=12.
fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// How hours are counted when they are added to a stamp or when two stamps are subtracted (section 3.6).
///
/// It changes the arithmetic only: a stamp always encodes a Gregorian date. The reference library keeps this in a
/// process-wide setting; here it is an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Calendar {
    /// The proleptic Gregorian calendar.
    #[default]
    Gregorian,
    /// 365 days a year: February 29 does not exist (and counts as March 1 when found in data).
    NoLeap,
    /// Twelve months of 30 days, mapped on real dates: (2, 1) is January 31, (2, d) is February d-1, (2, 30) is March
    /// 1, (3, d) is March d+1. February 29 and the 31st of May to December do not occur in such data; when they do,
    /// they count as the day after the one before them.
    Days360,
}

/// The calendar of a record's reader. No part of what the record is: two records are equal whatever theirs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reckoning(pub(crate) Calendar);

impl PartialEq for Reckoning {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Reckoning {}

impl Hash for Reckoning {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Calendar {
    /// Whether a date exists in this calendar: no February 29 without leap years, of months of 30 days no 31st after
    /// March either (January 31 and March 31 stand for days that Gregorian Februaries do not have).
    pub const fn has(self, time: CivilTime) -> bool {
        match self {
            Self::Gregorian => true,
            Self::NoLeap => !matches!((time.month, time.day), (2, 29)),
            Self::Days360 => !matches!((time.month, time.day), (2, 29) | (4.., 31)),
        }
    }

    /// Ticks (5 s) of this calendar's own time line for Gregorian ticks since 1980; only differences have a meaning.
    pub(super) fn linear(self, ticks: i64) -> i64 {
        let (day, tick) = (ticks.div_euclid(TICKS_PER_DAY), ticks.rem_euclid(TICKS_PER_DAY));
        let (y, m, d) = date_of_day(day + DAY_1980);
        let ordinal = match self {
            Self::Gregorian => return ticks,
            Self::NoLeap => 365 * y + days_before(m) + d - 1,
            Self::Days360 => {
                let (m, d) = match (m, d) {
                    (1, 31) => (2, 1),
                    (2, d) => (2, d + 1),
                    (3, 1) => (2, 30),
                    (3, d) => (3, d - 1),
                    other => other,
                };
                360 * y + 30 * (m - 1) + d - 1
            }
        };
        ordinal * TICKS_PER_DAY + tick
    }

    /// Inverse of [`linear`](Self::linear).
    pub(super) fn gregorian(self, linear: i64) -> i64 {
        let (ordinal, tick) = (linear.div_euclid(TICKS_PER_DAY), linear.rem_euclid(TICKS_PER_DAY));
        let (y, m, d) = match self {
            Self::Gregorian => return linear,
            Self::NoLeap => {
                let (y, of_year) = (ordinal.div_euclid(365), ordinal.rem_euclid(365));
                let m = (1..=12).rev().find(|&m| days_before(m) <= of_year).unwrap_or(1);
                (y, m, of_year - days_before(m) + 1)
            }
            Self::Days360 => {
                let (y, of_year) = (ordinal.div_euclid(360), ordinal.rem_euclid(360));
                match (of_year / 30 + 1, of_year % 30 + 1) {
                    (2, 1) => (y, 1, 31),
                    (2, 30) => (y, 3, 1),
                    (2, d) => (y, 2, d - 1),
                    (3, d) => (y, 3, d + 1),
                    (m, d) => (y, m, d),
                }
            }
        };
        (day_number(y, m, d) - DAY_1980) * TICKS_PER_DAY + tick
    }
}

fn days_before(month: i64) -> i64 {
    usize::try_from(month - 1).ok().and_then(|m| DAYS_BEFORE.get(m)).copied().unwrap_or(0)
}

/// A date and time of day, UTC, proleptic Gregorian calendar.
///
/// The fields are plain numbers; [`CivilTime::new`] checks them. Ordering is chronological for checked values.
/// Text form: ISO 8601, `2020-06-15T14:00:00Z`. Reading text accepts `2020-06-15`, `2020-06-15T14`,
/// `2020-06-15T14:30`, `2020-06-15T14:30:15` (a final `Z`, and a space for the `T`, are allowed) and the compact
/// `20200615`, `2020061514`, `202006151430`, `20200615143015`.
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
    /// A checked time.
    ///
    /// # Errors
    /// [`DateError::InvalidCivil`] when a field is out of its range or the day does not exist.
    pub fn new(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Result<Self, DateError> {
        let time = Self { year, month, day, hour, minute, second };
        if time.has_valid_hour() && minute < 60 && second < 60 { Ok(time) } else { Err(DateError::InvalidCivil(time)) }
    }

    /// What the reference library validates: the date and the hour, not the minute and the second (section 3.2).
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

    /// The day-number formula of section 3.4, with C division.
    fn section_3_4(y: i64, m: i64, d: i64) -> i64 {
        let q = (m - 14) / 12;
        d - 32075 + (1461 * (y + 4800 + q)) / 4 + (367 * (m - 2 - 12 * q)) / 12
            - (3 * ((y + 4900 + q) / 100)) / 4
            - 1_721_060
    }

    #[test]
    fn day_numbers_follow_the_text() {
        assert_eq!(day_number(0, 1, 1), 0);
        assert_eq!(day_number(1900, 1, 1), 693_961);
        assert_eq!(day_number(1970, 1, 1), DAY_1970);
        assert_eq!(day_number(1980, 1, 1), DAY_1980);
        assert_eq!(day_number(2236, 1, 1), 816_682);
        for y in 0..2400 {
            for m in 0..=13 {
                for d in [0, 1, 15, 31, 99] {
                    assert_eq!(day_number(y, m, d), section_3_4(y, m, d), "{y} {m} {d}");
                }
            }
        }
        for day in -400_000..4_000_000 {
            let (y, m, d) = date_of_day(day);
            assert!((1..=12).contains(&m) && (1..=days_in_month(y, m)).contains(&d));
            assert_eq!(day_number(y, m, d), day);
        }
    }

    #[test]
    fn calendars_are_invertible() {
        for calendar in [Calendar::Gregorian, Calendar::NoLeap, Calendar::Days360] {
            for day in 0..400_000 {
                let linear = day * TICKS_PER_DAY + day % TICKS_PER_DAY;
                assert_eq!(calendar.linear(calendar.gregorian(linear)), linear, "{calendar:?} {day}");
            }
        }
    }

    #[test]
    fn days_of_a_year() {
        for (calendar, year, expected) in [
            (Calendar::Gregorian, 2000, 366),
            (Calendar::NoLeap, 2000, 365),
            (Calendar::NoLeap, 2001, 365),
            (Calendar::Days360, 2000, 360),
            (Calendar::Days360, 2001, 360),
        ] {
            let first = day_number(year, 1, 1);
            let days = (first..day_number(year + 1, 1, 1)).map(|day| CivilTime::from_day(day, 0).unwrap());
            let days: Vec<_> = days.filter(|&day| calendar.has(day)).collect();
            assert_eq!(days.len(), expected, "{calendar} {year}");
            // Each is followed by the next.
            let linear = |day: &CivilTime| calendar.linear((day.day_number() - DAY_1980) * TICKS_PER_DAY);
            assert!(days.windows(2).all(|pair| linear(&pair[1]) - linear(&pair[0]) == TICKS_PER_DAY), "{calendar}");
        }
    }

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
