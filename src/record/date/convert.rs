//! Conversions between [`CivilTime`] and other types of time: [`SystemTime`], and with the feature `jiff` the types of
//! that crate.
//!
//! Fractions of a second are dropped (rounded towards the past): dates of records have none.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{CivilTime, DateError};

impl CivilTime {
    /// The time itself, if it exists: the fields are public and can hold anything.
    fn checked(self) -> Result<Self, DateError> {
        Self::new(self.year, self.month, self.day, self.hour, self.minute, self.second)
    }
}

/// ```
/// use std::time::{Duration, SystemTime};
/// use rpnfst::record::CivilTime;
/// let time = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_800);
/// assert_eq!(CivilTime::try_from(time)?.to_string(), "2000-01-01T00:00:00Z");
/// # Ok::<(), rpnfst::record::date::DateError>(())
/// ```
impl TryFrom<SystemTime> for CivilTime {
    type Error = DateError;

    fn try_from(time: SystemTime) -> Result<Self, DateError> {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).ok(),
            Err(error) => {
                let before = error.duration();
                let whole = before.as_secs() + u64::from(before.subsec_nanos() > 0);
                i64::try_from(whole).ok().map(|seconds| -seconds)
            }
        };
        seconds.and_then(Self::from_unix_seconds).ok_or(DateError::YearOutOfRange)
    }
}

impl TryFrom<CivilTime> for SystemTime {
    type Error = DateError;

    fn try_from(time: CivilTime) -> Result<Self, DateError> {
        let seconds = time.checked()?.unix_seconds();
        let distance = Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        time.ok_or(DateError::YearOutOfRange)
    }
}

#[cfg(feature = "jiff")]
mod of_jiff {
    use jiff::{Timestamp, civil::DateTime};

    use super::{CivilTime, DateError};

    /// Needs the feature `jiff`.
    ///
    /// ```
    /// use rpnfst::record::CivilTime;
    /// let time: jiff::civil::DateTime = CivilTime::new(2020, 2, 29, 12, 0, 0)?.try_into()?;
    /// assert_eq!(time, jiff::civil::date(2020, 2, 29).at(12, 0, 0, 0));
    /// # Ok::<(), rpnfst::record::date::DateError>(())
    /// ```
    impl TryFrom<CivilTime> for DateTime {
        type Error = DateError;

        fn try_from(time: CivilTime) -> Result<Self, DateError> {
            let invalid = DateError::InvalidCivil(time);
            let year = i16::try_from(time.checked()?.year).map_err(|_| invalid)?;
            let [month, day, hour, minute, second] =
                [time.month, time.day, time.hour, time.minute, time.second].map(u8::cast_signed);
            Self::new(year, month, day, hour, minute, second, 0).map_err(|_| invalid)
        }
    }

    /// Needs the feature `jiff`.
    impl TryFrom<DateTime> for CivilTime {
        type Error = DateError;

        fn try_from(time: DateTime) -> Result<Self, DateError> {
            if time.year() < 0 {
                return Err(DateError::YearOutOfRange);
            }
            let [month, day, hour, minute, second] =
                [time.month(), time.day(), time.hour(), time.minute(), time.second()].map(i8::cast_unsigned);
            Self::new(time.year().into(), month, day, hour, minute, second)
        }
    }

    /// Needs the feature `jiff`.
    impl TryFrom<CivilTime> for Timestamp {
        type Error = DateError;

        fn try_from(time: CivilTime) -> Result<Self, DateError> {
            Self::from_second(time.checked()?.unix_seconds()).map_err(|_| DateError::YearOutOfRange)
        }
    }

    /// Needs the feature `jiff`.
    impl TryFrom<Timestamp> for CivilTime {
        type Error = DateError;

        fn try_from(time: Timestamp) -> Result<Self, DateError> {
            let seconds = i64::try_from(time.as_nanosecond().div_euclid(1_000_000_000));
            seconds.ok().and_then(Self::from_unix_seconds).ok_or(DateError::YearOutOfRange)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::*;

    const TIMES: [&str; 6] =
        ["0000-01-01", "1969-12-31T23:59:59", "1970-01-01", "2020-02-29T12:34:56", "2400-02-29", "9999-12-30T21:59:59"];

    #[test]
    fn system_time() {
        for text in TIMES {
            let time: CivilTime = text.parse().unwrap();
            assert_eq!(SystemTime::try_from(time).and_then(CivilTime::try_from), Ok(time), "{text}");
        }
        let nearly = UNIX_EPOCH - Duration::from_nanos(1);
        assert_eq!(CivilTime::try_from(nearly).unwrap().to_string(), "1969-12-31T23:59:59Z");
        let far = UNIX_EPOCH + Duration::from_secs(253_402_300_800); // 10000-01-01
        assert_eq!(CivilTime::try_from(far), Err(DateError::YearOutOfRange));
        let odd = CivilTime { year: 2021, month: 2, day: 29, hour: 0, minute: 0, second: 0 };
        assert_eq!(SystemTime::try_from(odd), Err(DateError::InvalidCivil(odd)));
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff() {
        use jiff::{Timestamp, civil::DateTime};
        for text in TIMES {
            let time: CivilTime = text.parse().unwrap();
            assert_eq!(DateTime::try_from(time).and_then(CivilTime::try_from), Ok(time), "{text}");
            assert_eq!(Timestamp::try_from(time).and_then(CivilTime::try_from), Ok(time), "{text}");
            assert_eq!(Timestamp::try_from(time).unwrap().to_string(), time.to_string());
        }
        let last: CivilTime = "9999-12-31T23:59:59".parse().unwrap();
        assert_eq!(Timestamp::try_from(last), Err(DateError::YearOutOfRange));
        assert!(DateTime::try_from(last).is_ok());
        assert_eq!(CivilTime::try_from(DateTime::MIN), Err(DateError::YearOutOfRange));
        let odd = CivilTime { year: i32::MAX, month: 255, day: 0, hour: 0, minute: 0, second: 0 };
        assert_eq!(DateTime::try_from(odd), Err(DateError::InvalidCivil(odd)));
        let nearly = Timestamp::from_nanosecond(-1).unwrap();
        assert_eq!(CivilTime::try_from(nearly).unwrap().to_string(), "1969-12-31T23:59:59Z");
    }
}
