//! The oracle alone: dates and levels, with the examples of `record.md`.

use rpnfst_oracle::dates::{BAD_DIFFERENCE, BAD_STAMP, Calendar};
use rpnfst_oracle::harness;
use rpnfst_oracle::ip::{FloatIp, IpStyle, IpValue};

#[test]
fn date_examples() {
    harness::in_child("self_values::date_examples", |librmn| {
        for (date, time, stamp) in [
            (19500615, 12000000, 61550120),
            (19800101, 0, 10180000),
            (19800101, 500, 123200001),
            (19991231, 23000000, 123199230),
            (20000101, 0, 280988000),
            (20131125, 18000000, 390667400),
            (20240229, 12345500, 471619323),
            (18000101, 0, -1275244186),
            (19010101, 1000000, -1274137515),
            (22360101, 0, -1270466836),
            (99991231, 23000000, -1185394549),
        ] {
            assert_eq!(librmn.stamp_from_date(date, time), Some(stamp));
            assert_eq!(librmn.date_from_stamp(stamp), Some((date, time)));
        }
        assert_eq!(librmn.add_hours(123199230, 1.0, Calendar::Gregorian), 280988000);
        assert_eq!(librmn.date_from_stamp(0), None);
        assert_eq!(librmn.newdate(0, 0, 0, 4), None);
    });
}

#[test]
fn date_arithmetic() {
    harness::in_child("self_values::date_arithmetic", |librmn| {
        let day = |date| librmn.stamp_from_date(date, 0).unwrap_or(BAD_STAMP);
        let (before, after) = (day(20240228), day(20240301));
        let between = |calendar| librmn.hours_between(after, before, calendar);
        assert!((between(Calendar::Gregorian) - 48.0).abs() < 1e-9);
        assert!((between(Calendar::NoLeap) - 24.0).abs() < 1e-9);
        assert!((between(Calendar::Days360) - 24.0).abs() < 1e-9);
        // The calendar of a call is gone after it.
        assert_eq!(librmn.add_hours(before, 48.0, Calendar::Gregorian), after);
        assert_eq!(librmn.add_hours(before, 24.0, Calendar::NoLeap), after);
        assert_eq!(librmn.add_hours_rounded(before, 47.6), after);
        assert!((librmn.hours_between_rounded(after, before) - 48.0).abs() < 1e-9);
        assert_eq!(librmn.add_hours(0, 1.0, Calendar::Gregorian), BAD_STAMP);
        assert_eq!(librmn.hours_between(0, before, Calendar::Gregorian).to_bits(), BAD_DIFFERENCE.to_bits());
    });
}

#[test]
fn level_examples() {
    harness::in_child("self_values::level_examples", |librmn| {
        let pressure = IpValue { value: 850.0, kind: 2 };
        assert_eq!(librmn.encode_ip(pressure, IpStyle::New), 41744464);
        assert_eq!(librmn.encode_ip(pressure, IpStyle::Old), 850);
        let (decoded, text) = librmn.decode_ip(41744464);
        assert_eq!(decoded, pressure);
        assert_eq!(text.trim(), "850 mb");
        assert_eq!(librmn.decode_ip(850).0, pressure);
        assert_eq!(librmn.encode_ip(IpValue { value: 1.0e30, kind: 2 }, IpStyle::New), -999_999);
    });
}

#[test]
fn triplet_examples() {
    let Some(librmn) = harness::librmn_or_skip() else { return };
    let value = |value, kind| IpValue { value, kind };
    let layer = [value(1000.0, 2), value(500.0, 2), value(24.0, 10)];
    let encoded = librmn.encode_three(layer);
    assert_eq!(encoded.status & 64, 0);
    let decoded = librmn.decode_three(encoded.values);
    assert_eq!(decoded.status, 0);
    assert_eq!(decoded.values, [layer[0], layer[2], layer[1]]);
    let interval = |lo, hi, kind| FloatIp { lo, hi, kind };
    let intervals = [interval(500.0, 500.0, 2), interval(12.0, 24.0, 10), interval(0.0, 0.0, 3)];
    let encoded = librmn.encode_intervals(intervals);
    assert_eq!(encoded.status & 64, 0);
    let decoded = librmn.decode_intervals(encoded.values);
    assert_eq!(decoded.values[0], intervals[0]);
    assert_eq!((decoded.values[1].lo, decoded.values[1].hi), (12.0, 24.0));
}
