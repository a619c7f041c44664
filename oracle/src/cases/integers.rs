//! Integer arrays.

use super::Request;
use crate::data::{Data, Element};
use crate::rng::Rng;

/// Values of the requested element type that fit the requested width, except for the pattern `overflow` (plain types of
/// 32-bit elements: librmn keeps the low bits).
pub(crate) fn random_integers(rng: &mut Rng, count: usize, ni: usize, request: &Request) -> (Data, &'static str) {
    let signed = matches!(request.element, Element::I8 | Element::I16 | Element::I32);
    let bits = request.nbits;
    let (low, high) = if signed { (-(1_i64 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1_i64 << bits) - 1) };
    let may_overflow = request.datyp & (64 | 128) == 0 && matches!(request.element, Element::U32 | Element::I32);
    let pattern = *rng.pick(&["constant", "noise", "ramp", "smooth", "steps", "spikes", "few", "extremes", "overflow"]);
    let pattern = if pattern == "overflow" && !may_overflow { "noise" } else { pattern };
    let mut values = pattern_values(rng, pattern, count, ni, low, high);
    if request.datyp & 64 != 0 {
        add_missing(rng, &mut values, request.element);
    }
    (narrow(&values, request.element), pattern)
}

fn pattern_values(rng: &mut Rng, pattern: &str, count: usize, ni: usize, low: i64, high: i64) -> Vec<i64> {
    let base = rng.between(low, high);
    let small = (high - low).min(20);
    let clamp = |value: i64| value.clamp(low, high);
    let palette: Vec<i64> = (0..4).map(|_| rng.between(low, high)).collect();
    let slope = (rng.int(0, 5), rng.int(0, 5));
    (0..count)
        .map(|k| {
            let (i, j) = (signed(k % ni), signed(k / ni));
            match pattern {
                "constant" => base,
                "noise" => rng.between(low, high),
                "ramp" => clamp(base / 2 + i * i64::from(slope.0) + j * i64::from(slope.1)),
                "smooth" => clamp(low + (i * j + i * i / 7) % (high - low + 1).max(1)),
                "steps" => clamp(low + i / 8 + j / 8 * 3),
                "spikes" if rng.chance(2) => rng.between(low, high),
                "spikes" => clamp(base + rng.between(0, small)),
                "extremes" => *rng.pick(&[low, high, clamp(low + 1), clamp(high - 1)]),
                "overflow" => rng.between(i64::from(i32::MIN), i64::from(u32::MAX)),
                _ => *rng.pick(&palette),
            }
        })
        .collect()
}

/// Puts librmn's default missing value of the element type at some places, sometimes everywhere or nowhere.
fn add_missing(rng: &mut Rng, values: &mut [i64], element: Element) {
    let flag = match element {
        Element::I8 => i64::from(i8::MIN),
        Element::I16 => i64::from(i16::MIN),
        Element::I32 => i64::from(i32::MIN),
        Element::U8 => i64::from(u8::MAX),
        Element::U16 => i64::from(u16::MAX),
        _ => i64::from(u32::MAX),
    };
    let percent = *rng.pick(&[0, 1, 10, 50, 90]);
    for value in values {
        if rng.chance(percent) {
            *value = flag;
        }
    }
}

/// Low bits, as a C conversion does.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "truncation is the point")]
fn narrow(values: &[i64], element: Element) -> Data {
    let values = values.iter();
    match element {
        Element::I8 => Data::I8(values.map(|&v| v as i8).collect()),
        Element::U8 => Data::U8(values.map(|&v| v as u8).collect()),
        Element::I16 => Data::I16(values.map(|&v| v as i16).collect()),
        Element::U16 => Data::U16(values.map(|&v| v as u16).collect()),
        Element::I32 => Data::I32(values.map(|&v| v as i32).collect()),
        _ => Data::U32(values.map(|&v| v as u32).collect()),
    }
}

fn signed(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}
