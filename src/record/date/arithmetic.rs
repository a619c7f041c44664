//! Adding hours to stamps, and their differences (sections 3.4 to 3.6).

use super::{
    Calendar, DateError, DateStamp, HOUR_1901, LAST_TICK, MAX_HOURS, Parts, SHORT_DAYS, TICK_1900, TICK_2000,
    calendar::{DAY_1980, TICKS_PER_HOUR},
    hour_number,
};

impl DateStamp {
    /// This stamp plus a number of hours (section 3.4), to the nearest 5 seconds (before 1980 and for extended stamps:
    /// to the nearest hour). Sums that leave 1900..=2235 become extended stamps. The upper end is not checked, as in
    /// librmn: a sum after the year 9999 gives a stamp that [`to_civil`](Self::to_civil) refuses.
    ///
    /// # Errors
    /// When this stamp is no date, the result has no encoding, or `hours` is not finite. librmn
    /// answers [`CLASSIC_ERROR`](Self::CLASSIC_ERROR) in all these cases.
    pub fn add_hours(self, hours: f64) -> Result<Self, DateError> {
        self.add(hours, false, Calendar::Gregorian)
    }

    /// The whole-hour variant of [`add_hours`](Self::add_hours): this stamp and `hours` are rounded to hours first
    /// (halves away from zero, from 1980 for the stamp).
    ///
    /// # Errors
    /// As [`add_hours`](Self::add_hours).
    pub fn add_hours_rounded(self, hours: f64) -> Result<Self, DateError> {
        self.add(hours, true, Calendar::Gregorian)
    }

    /// [`add_hours`](Self::add_hours) counted in a calendar (section 3.6).
    ///
    /// # Errors
    /// As [`add_hours`](Self::add_hours); under a calendar without leap years also for extended stamps and for results
    /// outside of the years 1900 to 2235.
    pub fn add_hours_in(self, hours: f64, calendar: Calendar) -> Result<Self, DateError> {
        self.add(hours, false, calendar)
    }

    /// Like [`add_hours_in`](Self::add_hours_in), but a sum that stamps can express only when rounded is an error.
    ///
    /// # Errors
    /// As [`add_hours_in`](Self::add_hours_in), [`DateError::Between`], and [`DateError::NotInCalendar`] when this is
    /// no date of the calendar.
    pub fn add_hours_exactly_in(self, hours: f64, calendar: Calendar) -> Result<Self, DateError> {
        let sum = self.checked_in(calendar)?.add_hours_in(hours, calendar)?;
        let moved = match calendar {
            Calendar::Gregorian => sum.to_civil()?.seconds_since(self.to_civil()?) as f64,
            _ => sum.hours_since_in(self, calendar)? * 3600.0,
        };
        // Hours such as 1/3 are not a whole number of seconds in binary.
        if (moved - hours * 3600.0).abs() > 0.01 { Err(DateError::Between) } else { Ok(sum) }
    }

    fn add(self, hours: f64, whole: bool, calendar: Calendar) -> Result<Self, DateError> {
        self.parts()?;
        self.add_by_digits(hours, whole, calendar)
    }

    /// Like librmn: dummies count by their digits.
    pub(super) fn add_by_digits(self, hours: f64, whole: bool, calendar: Calendar) -> Result<Self, DateError> {
        let whole_hours = nearest(hours, MAX_HOURS)?;
        let (ticks, run) = match self.parts_by_digits()? {
            Parts::Extended { hours } if calendar == Calendar::Gregorian => {
                return Self::from_hours(hours + whole_hours);
            }
            Parts::Extended { .. } => return Err(DateError::ExtendedStamp(self.0)),
            Parts::Old { ticks, run } => (ticks, run),
            Parts::New { ticks } => (ticks, 0),
        };
        let (start, step) = if whole || ticks < 0 {
            (round_to_hour(ticks), TICKS_PER_HOUR * whole_hours)
        } else {
            (ticks, nearest(720.0 * hours, 720.0 * MAX_HOURS)?)
        };
        let end = calendar.gregorian(calendar.linear(start) + step);
        if (TICK_1900..=LAST_TICK).contains(&end) {
            return Self::from_ticks(end, run);
        }
        if calendar != Calendar::Gregorian {
            return Err(DateError::OutOfRange);
        }
        Self::from_hours(hour_number(self.to_civil_by_digits()?) + whole_hours)
    }

    /// Hours from `other` to this stamp (section 3.5), exact to 5 seconds. When one of them is extended both are first
    /// cut to the hour.
    ///
    /// # Errors
    /// When one of them is no date (librmn answers 2^30).
    pub fn hours_since(self, other: Self) -> Result<f64, DateError> {
        self.hours_since_in(other, Calendar::Gregorian)
    }

    /// [`hours_since`](Self::hours_since) counted in a calendar (section 3.6).
    ///
    /// # Errors
    /// As [`hours_since`](Self::hours_since); under a calendar without leap years also for extended stamps.
    pub fn hours_since_in(self, other: Self, calendar: Calendar) -> Result<f64, DateError> {
        let (a, b) = (self.parts()?, other.parts()?);
        match (a.ticks(), b.ticks()) {
            (Some(a), Some(b)) => Ok((calendar.linear(a) - calendar.linear(b)) as f64 / 720.0),
            (None, _) if calendar != Calendar::Gregorian => Err(DateError::ExtendedStamp(self.0)),
            (_, None) if calendar != Calendar::Gregorian => Err(DateError::ExtendedStamp(other.0)),
            _ => Ok((hour_number(self.to_civil()?) - hour_number(other.to_civil()?)) as f64),
        }
    }

    /// The whole-hour variant of [`hours_since`](Self::hours_since): both stamps are rounded to hours first (single
    /// precision, as in librmn: hours beyond 2^24 lose their last digits).
    ///
    /// # Errors
    /// As [`hours_since`](Self::hours_since).
    pub fn hours_since_rounded(self, other: Self) -> Result<i64, DateError> {
        let (a, b) = (self.parts()?, other.parts()?);
        if let (Some(a), Some(b)) = (a.ticks(), b.ticks()) {
            let hours = (round_to_hour(a) - round_to_hour(b)) as f32 / 720.0;
            return nearest(f64::from(hours), MAX_HOURS);
        }
        Ok(hour_number(self.to_civil()?) - hour_number(other.to_civil()?))
    }

    /// "T to stamp" of section 3.4.
    pub(super) fn from_ticks(ticks: i64, run: u8) -> Result<Self, DateError> {
        let on_the_hour = ticks % TICKS_PER_HOUR == 0;
        if ticks < 0 && !(ticks >= TICK_1900 && on_the_hour) {
            Err(DateError::NotOnTheHour)
        } else if ticks >= TICK_2000 || !on_the_hour {
            Self::new_style(ticks)
        } else {
            Self::old_style(ticks, run)
        }
    }

    /// "H to stamp" of section 3.4.
    fn from_hours(hours: i64) -> Result<Self, DateError> {
        if hours == HOUR_1901 || !SHORT_DAYS.contains(&hours.div_euclid(24)) {
            Self::extended(hours)
        } else {
            Self::from_ticks((hours - DAY_1980 * 24) * TICKS_PER_HOUR, 0)
        }
    }
}

fn round_to_hour(ticks: i64) -> i64 {
    (ticks + 360 * ticks.signum()) / TICKS_PER_HOUR * TICKS_PER_HOUR
}

/// Nearest integer, halves away from zero, of a number whose magnitude is at most `limit` (far below 2^63).
pub(super) fn nearest(x: f64, limit: f64) -> Result<i64, DateError> {
    if !x.is_finite() {
        Err(DateError::HoursNotFinite)
    } else if x.abs() > limit {
        Err(DateError::OutOfRange)
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "an integer below the limit")]
        Ok(x.round() as i64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::*;
    use crate::record::CivilTime;

    #[test]
    fn exact_sums() {
        let stamp = |text: &str| DateStamp::from_civil(text.parse::<CivilTime>().unwrap()).unwrap();
        let add = |text: &str, hours, calendar| {
            let sum = stamp(text).add_hours_exactly_in(hours, calendar)?;
            sum.to_civil().map(|time| time.to_string())
        };
        assert_eq!(add("2020-06-15", 1.0 / 3.0, Calendar::Gregorian), Ok("2020-06-15T00:20:00Z".to_owned()));
        assert_eq!(add("2000-02-28", 24.0, Calendar::NoLeap), Ok("2000-03-01T00:00:00Z".to_owned()));
        assert_eq!(add("1950-06-15", 24.0, Calendar::Gregorian), Ok("1950-06-16T00:00:00Z".to_owned()));
        assert_eq!(add("2020-06-15", 1.0 / 720.0, Calendar::Gregorian), Ok("2020-06-15T00:00:05Z".to_owned()));
        for hours in [1.0 / 3600.0, 0.0001, 7.0 / 3600.0] {
            assert_eq!(add("2020-06-15", hours, Calendar::Gregorian), Err(DateError::Between), "{hours}");
        }
        let leap = |calendar| DateError::NotInCalendar { time: "2000-02-29".parse().unwrap(), calendar };
        for calendar in [Calendar::NoLeap, Calendar::Days360] {
            assert_eq!(add("2000-02-29", 24.0, calendar), Err(leap(calendar)));
        }
        assert_eq!(add("1950-06-15", 0.5, Calendar::Gregorian), Err(DateError::Between));
        assert_eq!(add("2300-06-15", 0.5, Calendar::Gregorian), Err(DateError::Between));
        assert_eq!(add("2235-12-31T23:30", 1.0, Calendar::Gregorian), Err(DateError::Between));
    }
}
