//! Calendars: the proleptic Gregorian one and the two of models without leap years.
//!
//! Source: `docs/format/record.md`, sections 3.1 (day numbers) and 3.6 (365-day and 360-day calendars).
//! Days are counted from 0000-01-01 (year 0 exists and is leap), as extended stamps do.

use std::hash::{Hash, Hasher};

use super::CivilTime;

/// Day number of 1980-01-01, the origin of new-style stamps.
pub(super) const DAY_1980: i64 = 723_180;
/// Intervals of 5 seconds in an hour, a day.
pub(super) const TICKS_PER_HOUR: i64 = 720;
pub(super) const TICKS_PER_DAY: i64 = 24 * TICKS_PER_HOUR;

/// Day number of 1970-01-01.
pub(super) const DAY_1970: i64 = 719_528;
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
pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// The calendar of a model: which days exist when hours are added to a stamp or two stamps are subtracted (section
/// 3.6).
///
/// It changes the arithmetic only: a stamp always encodes a Gregorian date. In librmn the calendar is a process-wide
/// setting; here it is an argument.
///
/// ```
/// use rpnfst::record::date::{Calendar, CivilTime, DateStamp};
/// let stamp = DateStamp::from_civil(CivilTime::new(2020, 2, 28, 12, 0, 0)?)?;
/// let day_after = |calendar| stamp.add_hours_in(24.0, calendar).and_then(DateStamp::to_civil);
/// assert_eq!(day_after(Calendar::Gregorian)?.to_string(), "2020-02-29T12:00:00Z");
/// assert_eq!(day_after(Calendar::NoLeap)?.to_string(), "2020-03-01T12:00:00Z");
/// # Ok::<(), rpnfst::record::date::DateError>(())
/// ```
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

/// The calendar that the reader of a record chose. Comparison ignores it: it is no part of the record.
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

    /// Maps Gregorian ticks (5 s since 1980) to ticks of this calendar. Only differences of the results have a meaning.
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
}
