//! Date stamps through librmn (`record.md`, section 3).

use std::ffi::c_char;

use crate::library::{Librmn, Session};

/// Calendar in which hours are added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Calendar {
    /// The default.
    #[default]
    Gregorian,
    /// 365 days in every year.
    NoLeap,
    /// Twelve months of 30 days.
    Days360,
}

/// Answer of librmn for an addition that has no result.
pub const BAD_STAMP: i32 = 101_010_101;

/// Answer of librmn for a difference that has no result.
pub const BAD_DIFFERENCE: f64 = 1_073_741_824.0;

impl Librmn {
    /// `newdate` with any mode but 4 and -4: the three arguments after the call, `None` when it reports an error.
    pub fn newdate(&self, mut dat1: i32, mut dat2: i32, mut dat3: i32, mut mode: i32) -> Option<(i32, i32, i32)> {
        if matches!(mode, 4 | -4) {
            return None;
        }
        let session = self.lock();
        // SAFETY: live integers; the modes that take an array are excluded above; the lock is held.
        let code = unsafe { (session.newdate)(&raw mut dat1, &raw mut dat2, &raw mut dat3, &raw mut mode) };
        (code == 0).then_some((dat1, dat2, dat3))
    }

    /// YYYYMMDD and `HHMMSShh` to a stamp (mode 3).
    pub fn stamp_from_date(&self, date: i32, time: i32) -> Option<i32> {
        self.newdate(0, date, time, 3).map(|(stamp, _, _)| stamp)
    }

    /// A stamp to YYYYMMDD and `HHMMSShh` (mode -3).
    pub fn date_from_stamp(&self, stamp: i32) -> Option<(i32, i32)> {
        self.newdate(stamp, 0, 0, -3).map(|(_, date, time)| (date, time))
    }

    /// A stamp plus hours (`incdatr`); [`BAD_STAMP`] when there is no result.
    pub fn add_hours(&self, mut stamp: i32, mut hours: f64, calendar: Calendar) -> i32 {
        let session = self.lock();
        let mut result = 0;
        with_calendar(&session, calendar, || {
            // SAFETY: live numbers; the lock is held.
            unsafe { (session.incdatr)(&raw mut result, &raw mut stamp, &raw mut hours) };
        });
        result
    }

    /// The whole-hour variant (`incdati`).
    pub fn add_hours_rounded(&self, mut stamp: i32, mut hours: f64) -> i32 {
        let session = self.lock();
        let mut result = 0;
        // SAFETY: live numbers; the lock is held.
        unsafe { (session.incdati)(&raw mut result, &raw mut stamp, &raw mut hours) };
        result
    }

    /// First stamp minus second stamp in hours (`difdatr`); [`BAD_DIFFERENCE`] when there is no result.
    pub fn hours_between(&self, mut first: i32, mut second: i32, calendar: Calendar) -> f64 {
        let session = self.lock();
        let mut hours = 0.0;
        with_calendar(&session, calendar, || {
            // SAFETY: live numbers; the lock is held.
            unsafe { (session.difdatr)(&raw mut first, &raw mut second, &raw mut hours) };
        });
        hours
    }

    /// The whole-hour variant (`difdati`).
    pub fn hours_between_rounded(&self, mut first: i32, mut second: i32) -> f64 {
        let session = self.lock();
        let mut hours = 0.0;
        // SAFETY: live numbers; the lock is held.
        unsafe { (session.difdati)(&raw mut first, &raw mut second, &raw mut hours) };
        hours
    }
}

/// Runs a call under a calendar, and puts the Gregorian one back.
fn with_calendar(session: &Session, calendar: Calendar, call: impl FnOnce()) {
    let option: Option<&[u8]> = match calendar {
        Calendar::Gregorian => None,
        Calendar::NoLeap => Some(b"year=365_day"),
        Calendar::Days360 => Some(b"year=360_day"),
    };
    if let Some(option) = option {
        set_option(session, option);
    }
    call();
    if option.is_some() {
        set_option(session, b"year=gregorian");
    }
}

fn set_option(session: &Session, option: &[u8]) {
    let (mut value, mut command) = (option.to_vec(), b"set".to_vec());
    // SAFETY: two character arguments with their lengths; the lock is held.
    unsafe {
        (session.newdate_options)(
            value.as_mut_ptr().cast::<c_char>(),
            command.as_mut_ptr().cast::<c_char>(),
            value.len(),
            command.len(),
        );
    }
}
