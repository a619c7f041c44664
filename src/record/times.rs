//! Dates of a record: its validity, which is stored, and its origin, which is computed.

use super::{Calendar, CivilTime, DateStamp, Record, date};

impl Record {
    /// Length of a time step, seconds.
    pub fn deet(&self) -> u32 {
        self.words.deet()
    }

    /// Time step number.
    pub fn npas(&self) -> u32 {
        self.words.npas()
    }

    /// Validity date: the one that is stored.
    pub fn datev(&self) -> DateStamp {
        self.words.datev()
    }

    /// Origin date, computed: validity minus `deet * npas` seconds, in the [calendar](Self::calendar) of the record.
    ///
    /// # Errors
    /// When the record has no validity date, or no stamp can express the origin. Never when the product is 0: the
    /// origin is the validity, date or not.
    #[inline]
    pub fn dateo(&self) -> Result<DateStamp, date::DateError> {
        match self.calendar() {
            Calendar::Gregorian => date::origin_of_stored(self.words.stored_date(), self.deet(), self.npas()),
            calendar => date::origin_in(self.datev(), self.deet(), self.npas(), calendar),
        }
    }

    /// When the record is valid; `None` when its validity date is none or does not decode.
    ///
    /// ```
    /// # let file = rpnfst::File::open("testdata/cases/intervals.std")?;
    /// let record = &file.records()[0];
    /// if let (Some(origin), Some(valid)) = (record.origin_time(), record.valid_time()) {
    ///     assert_eq!(valid.seconds_since(origin), (record.hour() * 3600.0) as i64);
    ///     println!("{valid}"); // such as 2020-06-15T12:00:00Z
    /// }
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn valid_time(&self) -> Option<CivilTime> {
        self.datev().to_civil().ok()
    }

    /// When the run of the record began; `None` when there is no origin date or it cannot be computed, see
    /// [`Record::dateo`].
    pub fn origin_time(&self) -> Option<CivilTime> {
        self.dateo().and_then(DateStamp::to_civil).ok()
    }

    /// Origin date as librmn computes it. Where [`Record::dateo`] is an error it is computed from the digits of a
    /// [dummy](DateStamp::is_dummy), or else librmn's error value 101010101.
    pub fn dateo_classic(&self) -> DateStamp {
        let classic = || date::origin_by_digits(self.datev(), self.deet(), self.npas(), self.calendar());
        self.dateo().unwrap_or_else(|_| classic())
    }

    /// The calendar in which the origin follows from the validity. Files do not say it: it is the Gregorian one unless
    /// [`OpenOptions::calendar`](crate::OpenOptions::calendar) says another.
    pub fn calendar(&self) -> Calendar {
        self.reckoning.0
    }

    /// The record with another calendar, in which its origin is computed.
    #[must_use]
    pub fn with_calendar(mut self, calendar: Calendar) -> Self {
        self.reckoning = date::Reckoning(calendar);
        self
    }

    /// Time since the origin in hours, `deet * npas / 3600`.
    pub fn hour(&self) -> f64 {
        // 24 + 26 bits: exact.
        (u64::from(self.deet()) * u64::from(self.npas())) as f64 / 3600.0
    }
}

impl DateStamp {
    /// The stamp that [`DateStamp::from_civil`] makes of the same moment, without the run number: stamps of one moment
    /// become equal, whatever their encoding. A stamp that is no date stays as it is.
    #[must_use]
    pub fn canonical(self) -> Self {
        self.to_civil().and_then(Self::from_civil).unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::DateStamp;

    #[test]
    fn stamps_of_one_moment() {
        // 12 h on 12 January 1949.
        for (stamp, run) in [(11_249_120, 0), (11_249_122, 2), (11_249_129, 9)] {
            let stamp = DateStamp::from_raw(stamp);
            assert_eq!(stamp.run_number(), Some(run));
            assert_eq!(stamp.canonical().run_number(), Some(0));
        }
        let raw = [0, -1, 101_010_101, 10_101_011, 442_372_400, 11_249_122, 438_792_200, i32::MIN, i32::MAX];
        for stamp in raw.into_iter().chain((i32::MIN..i32::MAX).step_by(99_991)).map(DateStamp::from_raw) {
            let canonical = stamp.canonical();
            assert_eq!(canonical.to_civil().ok(), stamp.to_civil().ok(), "{stamp}");
            assert_eq!(canonical.canonical(), canonical, "{stamp}");
            assert!(stamp.to_civil().is_ok() || canonical == stamp, "{stamp}");
        }
    }
}
