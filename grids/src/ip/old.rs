//! Old-style ips, 0 to 32767: one table of ranges (sections 4.4 and 4.5 of `docs/format/record.md`).

use super::{IpError, IpValue, Kind, nearest};

/// The value of an old-style ip; larger ones count as arbitrary codes (section 4.4).
pub(super) fn decode(ip: u32) -> IpValue {
    // Every code is below 2^24: exact in single precision.
    let above = |base: u32| (ip - base) as f32;
    match ip {
        0..=1099 => IpValue::new(ip as f32, Kind::Pressure),
        1100..=1200 => IpValue::new((1200 - ip) as f32, Kind::Arbitrary),
        1201..=1399 => pressure(ip - 1200, 20_000),
        1400..=1599 => pressure(ip - 1400, 2000),
        1600..=1799 => pressure(ip - 1600, 200),
        1800..=1999 => pressure(ip - 1800, 20),
        2000..=12_000 => IpValue::new(above(2000) / 10_000.0, Kind::Sigma),
        12_001..=32_000 => IpValue::new(above(12_001) * 5.0, Kind::Height),
        _ => IpValue::new(ip as f32, Kind::Arbitrary),
    }
}

fn pressure(n: u32, per_mb: u32) -> IpValue {
    #[expect(clippy::cast_possible_truncation, reason = "a double division rounded to single is the definition")]
    IpValue::new((f64::from(n) / f64::from(per_mb)) as f32, Kind::Pressure)
}

/// Value text of an old-style ip, width 6 (section 4.4); `None` above 32000, which has no text.
pub(super) fn value_text(ip: u32) -> Option<String> {
    let value = decode(ip).value;
    Some(match ip {
        // The Fortran format f6.5 has no room for the zero before the point.
        1201..=1399 => format!("{value:.5}").trim_start_matches('0').to_owned(),
        1400..=1599 | 2000..=12_000 => format!("{value:6.4}"),
        1600..=1799 => format!("{value:6.3}"),
        1800..=1999 => format!("{value:6.2}"),
        0..=32_000 => format!("{value:6}"),
        _ => return None,
    })
}

/// Old-style encoding, in single precision throughout.
pub(super) fn encode(value: IpValue) -> Result<u32, IpError> {
    let p = value.value;
    let code = match value.kind.code() {
        0 if p.is_finite() => nearest((p / 5.0 + 12_001.0).clamp(12_001.0, 32_000.0)),
        1 if (0.0..=1.0).contains(&p) => nearest(p * 10_000.0).map(|n| n + 2000),
        2 if (0.0..1100.0).contains(&p) => encode_pressure(value),
        3 => nearest(p).and_then(|n| 1200_u32.checked_sub(n)).filter(|ip| *ip >= 1100),
        0..=3 => None,
        _ => return Err(IpError::NoOldStyle(value.kind)),
    };
    code.ok_or(IpError::OutOfRange(value))
}

fn encode_pressure(value: IpValue) -> Option<u32> {
    const STEPS: [(f32, f32, u32); 5] = [
        (0.999999e+1, 1.0, 0),
        (0.999999, 20.0, 1800),
        (0.999999e-1, 200.0, 1600),
        (0.999999e-2, 2000.0, 1400),
        (0.999999e-3, 20_000.0, 1200),
    ];
    let p = value.value;
    match STEPS.iter().find(|(least, ..)| p >= *least) {
        Some(&(_, factor, base)) => nearest(p * factor).map(|n| n + base),
        None => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_old_code_decodes_and_most_come_back() {
        for ip in 0..=32_767 {
            let value = decode(ip);
            assert!(value.value.is_finite());
            assert_eq!(value_text(ip).is_some(), ip <= 32_000);
            // Some values have two codes (1 mb is 1 and 1820): compare values. Pressures below 0.001 mb become 0.
            if let Ok(again) = encode(value) {
                let there = decode(again);
                let close = (there.value - value.value).abs() <= 1e-4 * value.value.abs().max(10.0);
                assert!(there.kind == value.kind && close, "{ip} {again}");
            }
        }
    }

    #[test]
    fn widths() {
        for (ip, text) in
            [(500, "   500"), (1316, ".00580"), (1158, "    42"), (1620, " 0.100"), (1820, "  1.00"), (1420, "0.0100")]
        {
            assert_eq!(value_text(ip).as_deref(), Some(text));
        }
        assert_eq!(value_text(10_500).as_deref(), Some("0.8500"));
        assert_eq!(value_text(32_000).as_deref(), Some(" 99995"));
    }

    #[test]
    fn refusals() {
        for (value, kind) in
            [(f32::NAN, 0), (f32::INFINITY, 0), (1.1, 1), (-0.1, 1), (1100.0, 2), (f32::NAN, 2), (101.0, 3), (-1.0, 3)]
        {
            assert!(encode(IpValue::new(value, Kind::from_code(kind))).is_err(), "{value} {kind}");
        }
        assert_eq!(encode(IpValue::new(6.0, Kind::Hours)), Err(IpError::NoOldStyle(Kind::Hours)));
        assert_eq!(encode(IpValue::new(-1e30, Kind::Height)), Ok(12_001));
        assert_eq!(encode(IpValue::new(1e30, Kind::Height)), Ok(32_000));
    }
}
