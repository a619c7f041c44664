//! The exponential function as a loop that the compiler turns into vectors: no branch, no table.

/// Added to a double below 2^51 it rounds it to a whole number, which then stands in the lowest bits.
const ROUNDER: f64 = 1.5 * (1_u64 << 52) as f64;
/// ln 2 in two parts; the first one has zeros at its end, so that its products with exponents are exact.
const LN2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);
/// Beyond these the result is 0 or infinity. (Doubles reach a little further.)
const LEAST: f64 = -708.0;
const MOST: f64 = 709.0;

/// e^x, wrong by at most one unit of the last place; NaN for NaN.
///
/// x = k ln 2 + r with |r| <= ln 2 / 2; the series of e^r to r^13 is exact to 4e-18.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the loops around it become vectors only then")]
pub(super) fn exp(x: f64) -> f64 {
    let shifted = x * std::f64::consts::LOG2_E + ROUNDER;
    let k = shifted - ROUNDER;
    let r = (x - k * LN2_HIGH) - k * LN2_LOW;
    let r2 = r * r;
    let r4 = r2 * r2;
    let low = (C2 + C3 * r) + r2 * (C4 + C5 * r);
    let middle = (C6 + C7 * r) + r2 * (C8 + C9 * r);
    let high = (C10 + C11 * r) + r2 * (C12 + C13 * r);
    let power = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)));
    let scale = f64::from_bits((shifted.to_bits().wrapping_add(1023)) << 52);
    let value = power * scale;
    let value = if x < LEAST { 0.0 } else { value };
    if x > MOST { f64::INFINITY } else { value }
}

const C2: f64 = 1.0 / 2.0;
const C3: f64 = C2 / 3.0;
const C4: f64 = C3 / 4.0;
const C5: f64 = C4 / 5.0;
const C6: f64 = C5 / 6.0;
const C7: f64 = C6 / 7.0;
const C8: f64 = C7 / 8.0;
const C9: f64 = C8 / 9.0;
const C10: f64 = C9 / 10.0;
const C11: f64 = C10 / 11.0;
const C12: f64 = C11 / 12.0;
const C13: f64 = C12 / 13.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_that_of_the_system() {
        for n in -700_000..700_000 {
            let x = f64::from(n) * 1.000_123e-3;
            let (ours, theirs) = (exp(x), x.exp());
            assert!((ours - theirs).abs() <= 2.3e-16 * theirs, "{x} {ours} {theirs}");
        }
        assert_eq!((exp(0.0), exp(-1e9), exp(f64::NEG_INFINITY)), (1.0, 0.0, 0.0));
        assert_eq!((exp(800.0), exp(f64::INFINITY), exp(1e300)), (f64::INFINITY, f64::INFINITY, f64::INFINITY));
        assert!(exp(f64::NAN).is_nan());
    }
}
