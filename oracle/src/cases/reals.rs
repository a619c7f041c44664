//! Real and complex arrays.

use super::{Profile, Request};
use crate::data::{Data, Element};
use crate::rng::Rng;
use crate::spec::base_type;

/// Largest magnitude for types that librmn refuses above 1e38.
const LIMIT: f64 = 9.0e37;

/// Largest magnitude when missing values are replaced by something above the maximum.
const LIMIT_WITH_MISSING: f64 = 1.0e36;

const PATTERNS: [&str; 19] = [
    "constant",
    "smooth",
    "noise",
    "ramp",
    "spikes",
    "tiny",
    "huge",
    "negative",
    "zeros",
    "signed zeros",
    "subnormal",
    "mixed exponents",
    "same sign",
    "few",
    "steps",
    "random bits",
    "wave",
    "integers",
    "special",
];

/// Values for a request. Patterns are made in double precision, then rounded to the element type.
pub(crate) fn random_reals(
    rng: &mut Rng,
    count: usize,
    ni: usize,
    request: &Request,
    profile: &Profile,
) -> (Data, &'static str) {
    let exact = base_type(request.datyp) == 5 && request.datyp & 64 == 0 || request.datyp == 8;
    let mut pattern = *rng.pick(&PATTERNS);
    if pattern == "special" && !(exact && profile.special) {
        pattern = "smooth";
    }
    let limit = match request.datyp {
        datyp if datyp & 64 != 0 => LIMIT_WITH_MISSING,
        datyp if base_type(datyp) == 5 || datyp == 8 => f64::from(f32::MAX),
        _ => LIMIT,
    };
    let parts = if matches!(request.element, Element::Complex32 | Element::Complex64) { 2 } else { 1 };
    let mut values = pattern_values(rng, pattern, count * parts, ni, limit);
    if request.datyp & 64 != 0 {
        add_missing(rng, &mut values);
    }
    let data = match request.element {
        Element::F64 => Data::F64(values),
        Element::Complex64 => Data::Complex64(values.as_chunks().0.to_vec()),
        Element::Complex32 => Data::Complex32(single(&values).as_chunks().0.to_vec()),
        _ => Data::F32(single(&values)),
    };
    (data, pattern)
}

fn pattern_values(rng: &mut Rng, pattern: &str, count: usize, ni: usize, limit: f64) -> Vec<f64> {
    // Up to 1e36 away: the patterns stay below the limit by themselves, and are cut there anyway.
    let scale = 10_f64.powi(rng.int(-6, 6));
    let base = (rng.unit() - 0.5) * 600.0;
    let period = 3.0 + rng.unit() * 40.0;
    let palette: Vec<f64> = (0..4).map(|_| base + rng.unit() * scale).collect();
    (0..count)
        .map(|k| {
            let (i, j) = (real(k % ni), real(k / ni));
            let value = match pattern {
                "smooth" => base + scale * ((i / period).sin() + (j / period).cos()),
                "noise" => base + scale * (rng.unit() - 0.5),
                "ramp" => base + scale * (i + 0.37 * j),
                "spikes" if rng.chance(2) => base + scale * 1.0e4 * rng.unit(),
                "spikes" | "constant" => base,
                "tiny" => (rng.unit() - 0.3) * 1.0e-37,
                "huge" => (rng.unit() - 0.5) * 2.0 * limit,
                "negative" => -1.0 - scale * rng.unit(),
                "zeros" => 0.0,
                "signed zeros" => *rng.pick(&[0.0, -0.0, 0.0, 1.5, -1.5]),
                "subnormal" => (rng.unit() - 0.5) * 1.0e-39,
                "mixed exponents" => (rng.unit() - 0.5) * 2_f64.powi(rng.int(-140, 120)),
                "same sign" => 101_325.0 + scale * rng.unit(),
                "steps" => base + scale * ((i / 8.0).floor() - (j / 8.0).floor()),
                "random bits" => finite(f32::from_bits(rng.bits32())),
                "wave" => scale * (i * 0.2).sin() * (j * 0.15).cos(),
                "integers" => f64::from(rng.int(-1000, 1000)),
                "special" => special(rng, base),
                _ => *rng.pick(&palette),
            };
            if pattern == "special" { value } else { value.clamp(-limit, limit) }
        })
        .collect()
}

/// NaN and infinities among ordinary values.
fn special(rng: &mut Rng, base: f64) -> f64 {
    match rng.int(0, 20) {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => f64::NEG_INFINITY,
        _ => base + rng.unit(),
    }
}

fn finite(value: f32) -> f64 {
    if value.is_finite() { f64::from(value) } else { 1.0 }
}

/// Puts the default missing value at some places; the first element always stays, because a field that is all missing
/// ends the process for types 1 and 129.
fn add_missing(rng: &mut Rng, values: &mut [f64]) {
    let percent = *rng.pick(&[0, 1, 10, 50, 90]);
    for value in values.iter_mut().skip(1) {
        if rng.chance(percent) {
            *value = -1.0e38;
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "rounding to single precision is the point")]
fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}

#[allow(clippy::cast_precision_loss, reason = "indices are small")]
fn real(index: usize) -> f64 {
    index as f64
}
