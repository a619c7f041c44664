//! Tests of stamps: the examples of the specification, values that are no dates, any bits.
#![allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]

use super::*;

fn civil(text: &str) -> CivilTime {
    text.parse().unwrap()
}

#[test]
fn no_date_is_beyond_the_year_9999() {
    assert_eq!(DateStamp::from_raw(-1185394549).to_civil(), Ok(civil("9999-12-31T23:00")));
    // Found by fuzzing.
    let beyond = DateStamp::from_raw(-1185394547);
    assert_eq!(beyond.to_civil(), Err(DateError::Undecodable(-1185394547)));
}

#[test]
fn examples_of_section_3_8() {
    for (text, raw) in [
        ("1950-06-15T12:00", 61550120),
        ("1980-01-01", 10180000),
        ("1980-01-01T00:00:05", 123200001),
        ("1999-12-31T23:00", 123199230),
        ("2000-01-01", 280988000),
        ("2013-11-25T18:00", 390667400),
        ("2024-02-29T12:34:55", 471619323),
        ("1800-01-01", -1275244186),
        ("1901-01-01T01:00", -1274137515),
        ("2236-01-01", -1270466836),
        ("0000-01-01", -1294967296),
        ("9999-12-31T23:00", -1185394549),
    ] {
        let stamp = DateStamp::from_raw(raw);
        assert_eq!(DateStamp::from_civil(civil(text)), Ok(stamp), "{text}");
        assert_eq!(stamp.to_civil(), Ok(civil(text)), "{text}");
        assert_eq!(DateStamp::from_stored(stamp.to_stored()), stamp);
    }
    assert_eq!(DateStamp::from_raw(123199230).add_hours(1.0), Ok(DateStamp::from_raw(280988000)));
    let extended = DateStamp::from_civil_extended(civil("2000-01-01T06:59")).unwrap();
    assert!(extended.raw() < -1);
    assert_eq!(extended.to_civil(), Ok(civil("2000-01-01T06:00")));
}

#[test]
fn special_values() {
    assert_eq!(DateStamp::ANY.to_stored(), 0xCCCC_CCCD);
    assert_eq!(DateStamp::from_stored(0xCCCC_CCCD), DateStamp::ANY);
    assert_eq!(DateStamp::NONE.to_civil(), Err(DateError::NoDate(0)));
    assert_eq!(DateStamp::from_raw(61550127).run_number(), Some(7));
    // Section 1.1: what cannot be expressed is no date.
    assert_eq!(origin_of(DateStamp::NONE, 450, 5), Err(DateError::NoDate(0)));
    assert_eq!(origin_of(DateStamp::from_raw(10180000), 450, 5), Err(DateError::NotOnTheHour));
    assert_eq!(validity_of(DateStamp::ANY, 0, 5), Ok(DateStamp::ANY));
    // Minutes and seconds are not validated: they add up.
    let late = CivilTime { minute: 99, second: 99, ..civil("2020-01-01T23") };
    assert_eq!(DateStamp::from_civil(late).unwrap().to_civil(), Ok(civil("2020-01-02T00:40:35")));
    let early = CivilTime { minute: 60, ..civil("1950-12-31T23") };
    assert_eq!(DateStamp::from_civil(early).unwrap().to_civil(), Ok(civil("1951-01-01")));
}

#[test]
fn dummies_are_no_dates() {
    for (raw, digits) in [(101_010_101, "1910-10-10T10"), (10_101_011, "1901-01-01T01")] {
        let (stamp, no_date) = (DateStamp::from_raw(raw), DateError::NoDate(raw));
        assert!(stamp.is_dummy() && !stamp.is_none());
        assert_eq!(stamp.to_civil(), Err(no_date));
        assert_eq!(stamp.to_civil_by_digits(), Ok(civil(digits)));
        assert_eq!(stamp.run_number(), None);
        assert_eq!(stamp.add_hours(0.0), Err(no_date));
        assert_eq!(stamp.add_hours_rounded(6.0), Err(no_date));
        assert_eq!(stamp.hours_since(DateStamp::from_raw(10180000)), Err(no_date));
        assert_eq!(DateStamp::from_raw(10180000).hours_since_rounded(stamp), Err(no_date));
        assert_eq!(origin_of(stamp, 300, 72), Err(no_date));
        // What is stored stays: an origin without a step is the validity.
        assert_eq!(origin_of(stamp, 300, 0), Ok(stamp));
        assert_eq!(DateStamp::from_stored(stamp.to_stored()), stamp);
    }
    // Their neighbours are dates.
    assert_eq!(DateStamp::from_raw(101_010_100).to_civil(), Ok(civil("1910-10-10T10")));
    assert_eq!(DateStamp::from_raw(101_010_102).to_civil(), Ok(civil("1910-10-10T10")));
    assert_eq!(DateStamp::from_raw(10_101_010).to_civil(), Ok(civil("1901-01-01T01")));
    // librmn subtracts from the digits.
    assert_eq!(origin_by_digits(DateStamp::CLASSIC_ERROR, 300, 72, Calendar::Gregorian).raw(), 101_010_041);
    assert_eq!(origin_by_digits(DateStamp::NONE, 300, 72, Calendar::Gregorian), DateStamp::CLASSIC_ERROR);
}

#[test]
fn any_bits_give_a_date_or_an_error() {
    let (mut state, mut last) = (7_u64, DateStamp::NONE);
    let edges =
        [i32::MIN, -1294967297, -1294967296, -1185394547, -1185394546, -2, -1, 0, 1, 123199999, 123200000, i32::MAX];
    let hours = [0.0, -0.0, 0.5, -1e6, 1e9, -3e9, 1e300, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE];
    for n in 0..200_000_usize {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let raw = edges.get(n).copied().unwrap_or((state >> 32) as i32);
        let stamp = DateStamp::from_raw(raw);
        if let Ok(time) = stamp.to_civil() {
            let again = DateStamp::from_civil(time).map(DateStamp::to_civil);
            assert!(again == Ok(Ok(time)) || time.year > 9999, "{raw}");
        }
        let h = if n % 2 == 0 { hours[n % hours.len()] } else { f64::from_bits(state) };
        for calendar in [Calendar::Gregorian, Calendar::NoLeap, Calendar::Days360] {
            let _ = (stamp.add_hours_in(h, calendar), stamp.hours_since_in(last, calendar));
        }
        let _ = (stamp.add_hours_rounded(h), stamp.hours_since_rounded(last), stamp.run_number());
        last = stamp;
    }
}
