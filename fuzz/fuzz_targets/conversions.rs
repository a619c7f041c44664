//! Dates, levels and texts: any integer decodes or is refused, and what decodes encodes again.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rpnfst::record::{Calendar, CivilTime, DateStamp, IpValue, Kind, Nomvar, date, ip, triplet};

#[derive(Arbitrary, Debug)]
struct Input {
    stamp: i32,
    other: i32,
    hours: f64,
    deet: u32,
    npas: u32,
    ips: [u32; 3],
    value: f32,
    kind: u8,
    text: String,
}

fuzz_target!(|input: Input| {
    let stamp = DateStamp::from_raw(input.stamp);
    if let Ok(civil) = stamp.to_civil() {
        let again = DateStamp::from_civil(civil).expect("a date that was decoded encodes");
        assert_eq!(again.to_civil(), Ok(civil));
        let text = civil.to_string();
        assert_eq!(text.parse::<CivilTime>().ok(), Some(civil), "{text}");
    }
    for calendar in [Calendar::Gregorian, Calendar::NoLeap, Calendar::Days360] {
        let _ = stamp.add_hours_in(input.hours, calendar);
        let _ = stamp.hours_since_in(DateStamp::from_raw(input.other), calendar);
    }
    let _ = stamp.add_hours_rounded(input.hours);
    let origin = date::origin_of(stamp, input.deet, input.npas);
    let _ = date::validity_of(origin.unwrap_or(DateStamp::NONE), input.deet, input.npas);
    let _ = input.text.parse::<CivilTime>();

    for code in input.ips {
        if let Ok(value) = ip::decode(code)
            && let Ok(again) = value.encode()
        {
            let decoded = ip::decode(again).expect("what was encoded decodes");
            let near = (decoded.value - value.value).abs() <= 2e-4 * value.value.abs().max(1.0);
            assert!(decoded.kind == value.kind && near, "{code}: {value:?} {decoded:?}");
        }
        let _ = ip::text(code, rpnfst::Librmn::default());
    }
    let _ = IpValue::new(input.value, Kind::from_code(input.kind)).encode();
    let _ = IpValue::new(input.value, Kind::from_code(input.kind)).encode_old();
    let _ = triplet::decode(input.ips);
    let _ = Nomvar::new(&input.text);
});
