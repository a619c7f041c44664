//! Date stamps: 32-bit integers that stand for a date and a time of day.
//!
//! A record stores one stamp, that of its **validity** (datev): the moment that its values are of. Its **origin**
//! (dateo), the moment at which the model run began, follows from it: it is `deet * npas` seconds earlier.
//! [`DateStamp`] is the stored integer, [`CivilTime`] the year, month, day, hour, minute and second, [`DateText`] what
//! a person writes.
//!
//! Source: `docs/format/record.md`, sections 1.1 (origin and validity) and 3 (stamps), and
//! `docs/format/xdf.md`, section 5.2 (stored form). A stamp has three encodings:
//!
//! | raw value | kind | resolution | years |
//! |---|---|---|---|
//! | 1 ..= 123199999 | old: digits MMDDYYHHR (R is a run number) | 1 h | 1900-1999 |
//! | 123200000 .. | new: 5-second intervals since 1980 | 5 s | 1980-2235 |
//! | below -1 | extended: hours since year 0 | 1 h | 0-9999 |
//!
//! 0 means "no date" and -1 "any date". Two old stamps, of 1910 and 1901, mean "no date" too: [`DateStamp::is_dummy`].
//!
//! ```
//! # use rpnfst::record::date::{CivilTime, DateStamp};
//! let stamp = DateStamp::from_civil(CivilTime::new(2024, 2, 29, 12, 34, 55)?)?;
//! assert_eq!(stamp.raw(), 471619323);
//! assert_eq!(stamp.add_hours(24.0)?.to_civil()?.to_string(), "2024-03-01T12:34:55Z");
//! # Ok::<(), rpnfst::record::date::DateError>(())
//! ```

use std::fmt;

use thiserror::Error;

mod arithmetic;
mod calendar;
mod civil;
mod convert;
mod origin;
mod setting;
#[cfg(test)]
mod tests;
mod text;

pub use calendar::Calendar;
pub(crate) use calendar::Reckoning;
use calendar::{DAY_1980, TICKS_PER_DAY, TICKS_PER_HOUR};
pub use civil::{CivilTime, ParseCivilTimeError};
pub(crate) use origin::{origin_by_digits, origin_of_stored};
pub use origin::{origin_in, origin_of, validity_in, validity_of};
pub use setting::UnknownCalendar;
pub use text::{DateText, ParseDateError};

/// First raw value of the new encoding.
const NEW_BASE: i64 = 123_200_000;
/// First unsigned value of the extended encoding, and the number of its codes.
const EXTENDED_BASE: i64 = 3_000_000_000;
const EXTENDED_CODES: i64 = 109_572_750;
/// A tick is 5 seconds; ticks count from 1980-01-01. Ticks of 1900-01-01, of 2000-01-01, and the largest result.
const TICK_1900: i64 = -504_904_320;
const TICK_2000: i64 = 126_230_400;
const LAST_TICK: i64 = 1_615_714_548;
/// 1901-01-01T01, which is always written as an extended stamp.
const HOUR_1901: i64 = 16_663_825;
/// Days that old and new stamps cover: 1900-01-01 up to, not including, 2236-01-01.
const SHORT_DAYS: std::ops::Range<i64> = 693_961..816_682;
/// More hours than any two stamps are apart.
const MAX_HOURS: f64 = 2.0e9;

/// The stored form of a stamp without its last digit: what librmn compares when it searches for a validity date. Two
/// stamps share it when they are of the same 40 seconds (old ones: of the same hour, whatever the run number).
pub(crate) const fn without_run(stored: u32) -> u32 {
    stored >> 3
}

/// Why a date stamp could not be made or understood.
///
/// ```
/// use rpnfst::record::date::{CivilTime, DateError, DateStamp};
/// assert_eq!(DateStamp::NONE.to_civil(), Err(DateError::NoDate(0)));
/// assert!(matches!(CivilTime::new(2021, 2, 29, 0, 0, 0), Err(DateError::InvalidCivil(_))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DateError {
    /// The stamp is 0 ("no date"), -1 ("any date") or one that [stands for](DateStamp::is_dummy) "no date".
    #[error("date stamp {0} is not a date")]
    NoDate(i32),
    /// The stamp belongs to no encoding, or its digits are no date.
    #[error("date stamp {0} does not decode")]
    Undecodable(i32),
    /// A calendar date that does not exist, or a year outside of 0..=9999.
    #[error("{0} is not a valid date")]
    InvalidCivil(CivilTime),
    /// The result is before 1980 (or 1900) and not on the hour: no encoding can express it.
    #[error("a date before 1980 must be on the hour")]
    NotOnTheHour,
    /// The result is outside of what stamps (under this calendar) can express.
    #[error("the date is out of the range of date stamps")]
    OutOfRange,
    /// Extended stamps have no arithmetic under the 365-day and 360-day calendars.
    #[error("date stamp {0} is an extended one, which calendars without leap years do not support")]
    ExtendedStamp(i32),
    /// No stamp expresses the sum exactly.
    #[error(
        "the sum is between two dates that stamps can hold: they count 5 seconds, before 1980 and after 2235 hours"
    )]
    Between,
    /// The date does not exist in the calendar of the model ([`Calendar::has`]).
    #[error("{time} is no date of the {calendar} calendar")]
    NotInCalendar {
        /// The date.
        time: CivilTime,
        /// The calendar.
        calendar: Calendar,
    },
    /// The year is not within 0 to 9999, or not within what another type of time holds.
    #[error("the year is out of range")]
    YearOutOfRange,
    /// The number of hours is a NaN or infinite.
    #[error("the number of hours is not finite")]
    HoursNotFinite,
    /// No stamp has exactly this time.
    #[error("{wanted} cannot be stored, {stored} can")]
    Inexact {
        /// The time that was wanted.
        wanted: CivilTime,
        /// The time that its stamp would have.
        stored: CivilTime,
    },
}

/// A date stamp as records store it: a 32-bit integer. Any value is allowed, also one that is no date.
///
/// `==` and `<` compare the raw integers: an old and a new stamp of the same time differ. To compare times, compare
/// [`to_civil`](Self::to_civil) or use [`hours_since`](Self::hours_since).
///
/// ```
/// use rpnfst::record::date::{CivilTime, DateStamp};
/// let stamp = DateStamp::from_raw(442_372_400);
/// assert_eq!(stamp.to_civil()?, CivilTime::new(2020, 6, 15, 12, 0, 0)?);
/// assert!(DateStamp::NONE.to_civil().is_err());
/// # Ok::<(), rpnfst::record::date::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct DateStamp(i32);

/// A stamp by its encoding. The digits of old ones are not validated here (section 3.4, step 1).
enum Parts {
    Old { ticks: i64, run: u8 },
    New { ticks: i64 },
    Extended { hours: i64 },
}

impl DateStamp {
    /// 0: no date.
    pub const NONE: Self = Self(0);
    /// -1: the wildcard of searches.
    pub const ANY: Self = Self(-1);
    /// 101010101: the result of librmn's date arithmetic where ours returns an error. Its digits read 1910-10-10T10,
    /// run 1, but it is no date ([`is_dummy`](Self::is_dummy)).
    pub const CLASSIC_ERROR: Self = Self(101_010_101);
    /// 10101011, or 010101011 in nine digits: the same in older systems. Its digits read 1901-01-01T01, run 1.
    const OLD_ERROR: Self = Self(10_101_011);

    /// The stamp with this raw value.
    pub const fn from_raw(raw: i32) -> Self {
        Self(raw)
    }

    /// The raw value.
    pub const fn raw(self) -> i32 {
        self.0
    }

    /// True for 0, "no date".
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether the stamp is 101010101, or 10101011 (the same number as 010101011, which has nine digits as old stamps do).
    /// Other programs store these when they cannot compute a date. Here
    /// they count as no date, whatever their digits say; copies and edits keep them unchanged.
    pub const fn is_dummy(self) -> bool {
        self.0 == Self::CLASSIC_ERROR.0 || self.0 == Self::OLD_ERROR.0
    }

    /// The form in which files hold a stamp: `8*(d div 10) + d mod 10` of the unsigned value d.
    ///
    /// A last decimal digit of 8 or 9 (old stamps with such a run number) does not survive: it comes back as the next
    /// multiple of 10.
    pub const fn to_stored(self) -> u32 {
        let d = self.0.cast_unsigned();
        8 * (d / 10) + d % 10
    }

    /// Inverse of [`to_stored`](Self::to_stored): `(word >> 3)*10 + (word & 7)` modulo 2^32. Any word is accepted.
    pub const fn from_stored(word: u32) -> Self {
        Self((word >> 3).wrapping_mul(10).wrapping_add(word & 7).cast_signed())
    }

    /// The run number (0-9) of an old stamp; `None` for the other encodings and for no date.
    pub fn run_number(self) -> Option<u8> {
        match self.parts() {
            Ok(Parts::Old { run, .. }) => Some(run),
            _ => None,
        }
    }

    fn parts(self) -> Result<Parts, DateError> {
        if self.is_dummy() { Err(DateError::NoDate(self.0)) } else { self.parts_by_digits() }
    }

    /// Like librmn: dummies count by their digits.
    fn parts_by_digits(self) -> Result<Parts, DateError> {
        let raw = i64::from(self.0);
        if raw >= NEW_BASE {
            return Ok(Parts::New { ticks: units(raw - NEW_BASE) });
        }
        if raw < -1 {
            let code = i64::from(self.0.cast_unsigned()) - EXTENDED_BASE;
            return if (0..EXTENDED_CODES).contains(&code) {
                Ok(Parts::Extended { hours: units(code) })
            } else {
                Err(DateError::Undecodable(self.0))
            };
        }
        if raw < 1 {
            return Err(DateError::NoDate(self.0));
        }
        let [month, day, year, hour, run] = old_digits(self.0);
        let day = calendar::day_number(1900 + i64::from(year), i64::from(month), i64::from(day));
        let ticks = (day - DAY_1980) * TICKS_PER_DAY + i64::from(hour) * TICKS_PER_HOUR;
        if ticks < TICK_1900 { Err(DateError::Undecodable(self.0)) } else { Ok(Parts::Old { ticks, run }) }
    }

    /// The calendar date and time (section 3.3). Run numbers are ignored.
    ///
    /// # Errors
    /// [`DateError::NoDate`] for 0, -1 and [dummies](Self::is_dummy); [`DateError::Undecodable`] for old stamps whose
    /// digits are no date, new ones after 2235, and values of no encoding.
    pub fn to_civil(self) -> Result<CivilTime, DateError> {
        self.civil_of(&self.parts()?)
    }

    /// The stamp itself, if it is no date or a date that exists in a calendar.
    ///
    /// # Errors
    /// [`DateError::NotInCalendar`].
    pub fn checked_in(self, calendar: Calendar) -> Result<Self, DateError> {
        match self.to_civil() {
            Ok(time) if !calendar.has(time) => Err(DateError::NotInCalendar { time, calendar }),
            _ => Ok(self),
        }
    }

    /// Like librmn shows the stamp: a dummy by its digits.
    pub(crate) fn to_civil_by_digits(self) -> Result<CivilTime, DateError> {
        self.civil_of(&self.parts_by_digits()?)
    }

    fn civil_of(self, parts: &Parts) -> Result<CivilTime, DateError> {
        let time = match *parts {
            Parts::Old { .. } => {
                let [month, day, year, hour, _] = old_digits(self.0);
                Some(CivilTime { year: 1900 + i32::from(year), month, day, hour, minute: 0, second: 0 })
                    .filter(|t| t.has_valid_hour())
            }
            Parts::New { ticks } => civil_of_ticks(ticks).filter(|t| t.year < 2236),
            // The last codes, with a digit of 8 or 9 that no writer makes, would be of the year 10000.
            Parts::Extended { hours } => {
                CivilTime::from_day(hours / 24, hours % 24 * 3600).filter(|time| time.year <= 9999)
            }
        };
        time.ok_or(DateError::Undecodable(self.0))
    }

    /// The stamp of a calendar time (section 3.2). Old encoding: before 1980, and whole hours until 1999. New encoding:
    /// until 2235. Extended encoding: other years from 0 to 9999, and 1901-01-01T01:00:00; minutes are dropped.
    ///
    /// Seconds are rounded down to a multiple of 5; before 1980 minutes and seconds are dropped. Minutes and seconds
    /// above 59 carry over.
    ///
    /// # Errors
    /// [`DateError::InvalidCivil`] when the date does not exist, the hour is above 23 or the year outside of 0..=9999.
    pub fn from_civil(time: CivilTime) -> Result<Self, DateError> {
        let on_the_hour = time.minute == 0 && time.second == 0;
        let special = time.yyyymmdd() == 19_010_101 && time.hhmmss() == 10_000;
        if !(1900..2236).contains(&time.year) || special {
            return Self::from_civil_extended(time);
        }
        if !time.has_valid_hour() {
            return Err(DateError::InvalidCivil(time));
        }
        let ticks = (time.day_number() - DAY_1980) * TICKS_PER_DAY
            + i64::from(time.hour) * TICKS_PER_HOUR
            + (i64::from(time.minute) * 60 + i64::from(time.second)) / 5;
        if time.year >= 2000 || (time.year >= 1980 && !on_the_hour) {
            Self::new_style(ticks)
        } else {
            Self::old_style(ticks, 0)
        }
    }

    /// The extended stamp of a calendar time, whatever its year (`newdate` mode 5). Minutes are dropped.
    ///
    /// # Errors
    /// As [`from_civil`](Self::from_civil).
    pub fn from_civil_extended(time: CivilTime) -> Result<Self, DateError> {
        if time.has_valid_hour() { Self::extended(hour_number(time)) } else { Err(DateError::InvalidCivil(time)) }
    }

    fn new_style(ticks: i64) -> Result<Self, DateError> {
        i32::try_from(NEW_BASE + code(ticks)).map(Self).map_err(|_| DateError::OutOfRange)
    }

    fn extended(hours: i64) -> Result<Self, DateError> {
        match u32::try_from(EXTENDED_BASE + code(hours)) {
            // u32::MAX is -1, the wildcard.
            Ok(unsigned) if hours >= 0 && unsigned < u32::MAX => Ok(Self(unsigned.cast_signed())),
            _ => Err(DateError::OutOfRange),
        }
    }

    fn old_style(ticks: i64, run: u8) -> Result<Self, DateError> {
        let t = civil_of_ticks(ticks).ok_or(DateError::OutOfRange)?;
        let day = i32::from(t.month) * 10_000_000 + i32::from(t.day) * 100_000;
        Ok(Self(day + (t.year - 1900) * 1000 + i32::from(t.hour) * 10 + i32::from(run)))
    }
}

impl fmt::Display for DateStamp {
    /// The raw integer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Parts {
    fn ticks(&self) -> Option<i64> {
        match *self {
            Self::Old { ticks, .. } | Self::New { ticks } => Some(ticks),
            Self::Extended { .. } => None,
        }
    }
}

/// Month, day, year - 1900, hour, run of an old stamp (1 ..= 123199999).
fn old_digits(raw: i32) -> [u8; 5] {
    // At most 99 each, because of the remainders and of the range of old stamps.
    [raw / 10_000_000, raw / 100_000 % 100, raw / 1000 % 100, raw / 10 % 100, raw % 10]
        .map(|n| u8::try_from(n).unwrap_or(u8::MAX))
}

/// Units of a code whose last decimal digit counts eighths, and back.
const fn units(code: i64) -> i64 {
    code / 10 * 8 + code % 10
}

const fn code(units: i64) -> i64 {
    units / 8 * 10 + units % 8
}

/// Hours since year 0. Minutes are dropped; 60 or more of them carry over.
fn hour_number(time: CivilTime) -> i64 {
    time.day_number() * 24 + i64::from(time.hour) + i64::from(time.minute / 60)
}

fn civil_of_ticks(ticks: i64) -> Option<CivilTime> {
    let (day, tick) = (ticks.div_euclid(TICKS_PER_DAY), ticks.rem_euclid(TICKS_PER_DAY));
    CivilTime::from_day(day + DAY_1980, tick * 5)
}
