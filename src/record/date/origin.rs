//! Origin from validity and validity from origin: they are `deet * npas` seconds apart (section 1.1).

use super::{Calendar, DateError, DateStamp, LAST_TICK, Parts, TICK_1900};

/// The origin date (dateo) of a record: its validity date minus `deet * npas` seconds (section 1.1, reading). Fast:
/// integers only for new-style stamps.
///
/// ```
/// use rpnfst::record::date::{DateStamp, origin_of};
/// let datev = DateStamp::from_raw(438_792_200);
/// assert_eq!(origin_of(datev, 300, 72)?, DateStamp::from_raw(438_786_800)); // 6 hours earlier
/// assert!(origin_of(DateStamp::NONE, 300, 72).is_err());
/// # Ok::<(), rpnfst::record::date::DateError>(())
/// ```
///
/// # Errors
/// As [`DateStamp::add_hours`]: without a validity date, or with an origin before 1980 off the hour. (librmn
/// answers [`DateStamp::CLASSIC_ERROR`] then.) Never when the product is 0: the origin is the validity, date or not.
pub fn origin_of(datev: DateStamp, deet: u32, npas: u32) -> Result<DateStamp, DateError> {
    origin_in(datev, deet, npas, Calendar::Gregorian)
}

/// [`origin_of`] in the calendar of the model.
///
/// # Errors
/// As [`DateStamp::add_hours_in`]. Never when the product is 0.
pub fn origin_in(datev: DateStamp, deet: u32, npas: u32, calendar: Calendar) -> Result<DateStamp, DateError> {
    match step_seconds(deet, npas) {
        0 => Ok(datev),
        seconds => shift(datev, -seconds, calendar),
    }
}

/// The origin as librmn computes it: dummies count by their digits, and a failure gives [`DateStamp::CLASSIC_ERROR`].
pub(crate) fn origin_by_digits(datev: DateStamp, deet: u32, npas: u32, calendar: Calendar) -> DateStamp {
    let origin = match step_seconds(deet, npas) {
        0 => Ok(datev),
        seconds => datev.add_by_digits(-seconds as f64 / 3600.0, false, calendar),
    };
    origin.unwrap_or(DateStamp::CLASSIC_ERROR)
}

/// The validity date (datev) of a record: its origin date plus `deet * npas` seconds (section 1.1, writing).
///
/// ```
/// use rpnfst::record::date::{DateStamp, validity_of};
/// let dateo = DateStamp::from_raw(438_786_800);
/// assert_eq!(validity_of(dateo, 300, 72)?, DateStamp::from_raw(438_792_200)); // 6 hours later
/// # Ok::<(), rpnfst::record::date::DateError>(())
/// ```
///
/// # Errors
/// As [`DateStamp::add_hours`]. (librmn stores [`DateStamp::CLASSIC_ERROR`] then.) Never when the product is
/// 0: the validity is the origin, date or not.
pub fn validity_of(dateo: DateStamp, deet: u32, npas: u32) -> Result<DateStamp, DateError> {
    validity_in(dateo, deet, npas, Calendar::Gregorian)
}

/// [`validity_of`] in the calendar of the model.
///
/// # Errors
/// As [`DateStamp::add_hours_in`]. Never when the product is 0.
pub fn validity_in(dateo: DateStamp, deet: u32, npas: u32, calendar: Calendar) -> Result<DateStamp, DateError> {
    match step_seconds(deet, npas) {
        0 => Ok(dateo),
        seconds => shift(dateo, seconds, calendar),
    }
}

/// [`origin_of`] for a validity in its stored form. In that form a new stamp is ticks plus an offset, so that no
/// division by ten is needed.
#[inline]
pub(crate) fn origin_of_stored(word: u32, deet: u32, npas: u32) -> Result<DateStamp, DateError> {
    // NEW_BASE + TICK_2000 and NEW_BASE + LAST_TICK in that form.
    const FIRST: u32 = 224_790_400;
    const LAST: u32 = 1_714_274_548;
    // Ticks that fit are of less than 2^48 seconds: see `shift`.
    let ticks = u32::try_from((u64::from(deet) * u64::from(npas) + 2) / 5);
    if word <= LAST
        && let Ok(ticks) = ticks
        && let Some(end @ FIRST..=LAST) = word.checked_sub(ticks)
    {
        return Ok(DateStamp::from_stored(end));
    }
    origin_of(DateStamp::from_stored(word), deet, npas)
}

/// The product in 64 bits; one above 2^63 is out of the range of dates anyway.
fn step_seconds(deet: u32, npas: u32) -> i64 {
    i64::try_from(u64::from(deet) * u64::from(npas)).unwrap_or(i64::MAX)
}

/// `add_hours(stamp, seconds/3600.0)` in a calendar.
///
/// For new stamps `nint(720*(seconds/3600.0))` is `nint(seconds/5)`: fifths are never closer than 0.1 to a half, and
/// the two roundings of the double-precision form are off by less than that below 2^48.
fn shift(stamp: DateStamp, seconds: i64, calendar: Calendar) -> Result<DateStamp, DateError> {
    let exact = calendar == Calendar::Gregorian && seconds.unsigned_abs() < 1 << 48;
    if let (Ok(Parts::New { ticks }), true) = (stamp.parts(), exact) {
        let end = ticks + nearest_fifth(seconds);
        if (TICK_1900..=LAST_TICK).contains(&end) {
            return DateStamp::from_ticks(end, 0);
        }
    }
    stamp.add_hours_in(seconds as f64 / 3600.0, calendar)
}

const fn nearest_fifth(seconds: i64) -> i64 {
    (seconds + 2 * seconds.signum()) / 5
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::*;
    use crate::record::date::arithmetic::nearest;

    #[test]
    fn origins_of_stored_forms() {
        for stamp in [0, -1, 10180000, 123200001, 280988000, 280988007, 390667400, i32::MAX, -1275244186] {
            for (deet, npas) in [(0, 5), (300, 0), (300, 72), (7, 1), (8, 1), (3600, 200_000), (0xFF_FFFF, 0x3FF_FFFF)]
            {
                let stamp = DateStamp::from_raw(stamp);
                let (fast, slow) = (origin_of_stored(stamp.to_stored(), deet, npas), origin_of(stamp, deet, npas));
                assert_eq!(fast, slow, "{stamp} {deet} {npas}");
            }
        }
    }

    #[test]
    fn integer_path_equals_double_precision() {
        let double = |s: i64| nearest(720.0 * (s as f64 / 3600.0), f64::MAX).unwrap();
        let mut state = 1_u64;
        for small in 0..1_000_000_i64 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let large = i64::try_from(state >> 16).unwrap();
            for s in [small, -small, large, -large, (1 << 48) - small] {
                assert_eq!(nearest_fifth(s), double(s), "{s}");
            }
        }
        for raw in [123200000, 123200007, 123200008, 280988001, 471619323, 2140000000, i32::MAX] {
            let stamp = DateStamp::from_raw(raw);
            for (deet, npas) in (0..4000).map(|n| (n, n * 7919)).chain([(u32::MAX, u32::MAX), (1 << 24, 1 << 26)]) {
                let hours = (u64::from(deet) * u64::from(npas)) as f64 / 3600.0;
                if hours > 0.0 {
                    assert_eq!(origin_of(stamp, deet, npas), stamp.add_hours(-hours), "{raw} {deet} {npas}");
                    assert_eq!(validity_of(stamp, deet, npas), stamp.add_hours(hours), "{raw} {deet} {npas}");
                }
            }
        }
    }
}
