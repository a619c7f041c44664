//! Encoding of type 1: reals to tokens, and the header.

use super::Form;
use crate::cast::{low16, low32};
use crate::kernels::Number;
use crate::quantized::Unfit;

/// Largest magnitude. Beyond it librmn ends the process.
const LIMIT: f64 = 1.0e38;

/// How the values of a field become tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quantizer {
    /// Bits per token.
    width: u32,
    /// Smallest value of the field.
    minimum: f64,
    /// Tokens per unit, a power of two.
    factor: f64,
    /// Binary exponent of twice the range of the field.
    exponent: i32,
}

impl Quantizer {
    /// The quantizer for values between a minimum and a maximum, and tokens of `width` bits (1 to 32).
    pub(crate) fn new(range: Option<(f64, f64)>, width: u32) -> Result<Self, Unfit> {
        let (low, high) = range.ok_or(Unfit::NotFinite)?;
        if low < -LIMIT || high > LIMIT {
            return Err(Unfit::Beyond(LIMIT));
        }
        let range = (high - low) * 2.0;
        let exponent = match exponent_field(range) {
            0 => 0,
            field => field - 1023,
        };
        let power = i64::from(width) - i64::from(exponent);
        // The header cannot express scales of such small ranges (1e-290 and less): store the field as a constant.
        let (exponent, factor) = match u64::try_from(power + 1023) {
            Ok(field @ 1..=2046) => (exponent, f64::from_bits(field << 52)),
            _ => (0, 0.0),
        };
        Ok(Self { width, minimum: low, factor, exponent })
    }

    /// The token of a value: the integer part of [`distance`](Self::distance).
    #[inline(always)]
    pub(crate) fn token(self, value: f64) -> u32 {
        self.distance(value).token()
    }

    /// The distance of a value from the minimum, in units. The subtraction rounds, the multiplication by a power of two is exact.
    #[inline(always)]
    pub(crate) fn distance(self, value: f64) -> f64 {
        (value - self.minimum) * self.factor
    }

    /// The header of a field of `n` elements.
    pub(crate) fn header(self, form: Form, n: u64) -> [u32; 4] {
        let width = self.width << 8;
        let (marker, last) = match form {
            Form::Short => (0x7FF0_0000, width),
            Form::Long => (0xFFF0_0000, width | low32(n >> 20) & 0xFF),
        };
        let scale = i64::from(self.exponent) - i64::from(self.width) + 4096;
        let scale = u32::from(low16(low32(scale.cast_unsigned()))) << 16;
        let (magnitude, sign, fraction) = if self.minimum == 0.0 {
            (0x111, 0, 0)
        } else {
            let magnitude = (exponent_field(self.minimum) - 47).max(0).cast_unsigned();
            let fraction = low32(self.minimum.to_bits() >> 29) & 0x7F_FFFF;
            (magnitude, u32::from(self.minimum < 0.0), 0x8000_0000 | fraction << 8)
        };
        [marker | low32(n) & 0xF_FFFF, scale | magnitude << 4 | sign, fraction, last]
    }
}

/// The 11 exponent bits of a number.
fn exponent_field(value: f64) -> i32 {
    i32::from(low16(low32(value.to_bits() >> 52) & 0x7FF).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::super::{EXAMPLE, KEPT};
    use super::*;
    use crate::bits::put_words;
    use crate::tokens::{MappedInput, pack};
    use crate::types::WordOrder;
    use proptest::prelude::*;

    #[test]
    fn tokens_are_distances_from_the_minimum_in_units() {
        let values = [1.0, 2.5, -3.25, 10.0, 0.1];
        let quantizer = Quantizer::new(Some((-3.25, 10.0)), 12).unwrap();
        let tokens = values.map(|value| quantizer.token(value));
        assert_eq!(tokens, [0x440, 0x5c0, 0, 0xd40, 0x359]);
        let mut out = Vec::new();
        put_words(WordOrder::Big, &mut out, quantizer.header(Form::Short, 5));
        pack(WordOrder::Big, &mut out, KEPT, 12, &MappedInput(&values, |value| quantizer.distance(value)));
        assert_eq!(out, EXAMPLE);
    }

    proptest! {
        #[test]
        fn tokens_are_integer_parts(width in 1_u32..=32, values in proptest::collection::vec(-1.0e30_f64..1.0e30, 2..20), down in 0..200) {
            let values: Vec<f64> = values.iter().map(|value| value * (-f64::from(down)).exp2()).collect();
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let quantizer = Quantizer::new(Some((low, high)), width).unwrap();
            for value in values {
                let exact = (value - low) * quantizer.factor;
                prop_assert!(exact.floor() < f64::from(width).exp2());
                prop_assert_eq!(f64::from(quantizer.token(value)).to_bits(), exact.floor().to_bits());
            }
        }
    }

    #[test]
    fn limits() {
        assert!(Quantizer::new(Some((-1.0e38, 1.0e38)), 24).is_ok());
        assert!(matches!(Quantizer::new(Some((0.0, 1.1e38)), 24), Err(Unfit::Beyond(_))));
        assert!(matches!(Quantizer::new(None, 24), Err(Unfit::NotFinite)));
        // Too narrow a range for the header.
        let tiny = Quantizer::new(Some((0.0, 1.0e-305)), 30).unwrap();
        assert_eq!((tiny.token(1.0e-305), tiny.header(Form::Short, 7)[1] >> 16), (0, 4096 - 30));
    }

    #[test]
    fn long_headers_hold_28_bits_of_the_count() {
        let quantizer = Quantizer::new(Some((-3.25, 10.0)), 12).unwrap();
        assert_eq!(quantizer.header(Form::Short, 5), [0x7ff0_0005, 0x0ff8_3d11, 0xd000_0000, 0xc00]);
        assert_eq!(quantizer.header(Form::Long, 0xAB0_0005), [0xfff0_0005, 0x0ff8_3d11, 0xd000_0000, 0xcab]);
    }
}
