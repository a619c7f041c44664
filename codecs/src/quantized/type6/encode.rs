//! Encoding of type 6: reals to tokens, and the header.

use crate::cast::low32;
use crate::options::{Librmn, Rules};
use crate::quantized::Unfit;

/// Below this exponent the fast formula is not exact, and the bit operations of the definition are used.
const SMALL: u32 = 24;

/// How the values of a field become tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quantizer {
    /// Bits per token.
    width: u32,
    /// Exponent field that all mantissas share, 0 to 254.
    exponent: u32,
    /// Mantissa of the smallest value, at that exponent.
    minimum: i32,
    /// How far right mantissas are shifted.
    shift: u32,
    /// Added to a mantissa before the shift: minus the minimum, plus half a unit for rounding.
    offset: i32,
    /// Largest token.
    largest: i32,
    /// `2^(150 - exponent)`, unless the exponent is small.
    factor: f32,
    /// Whether subnormals get a hidden bit as if they were normal, as in librmn 19.
    hidden_bit_always: bool,
}

/// The 8 exponent bits of a number.
fn exponent_field(value: f32) -> u32 {
    value.to_bits() >> 23 & 0xFF
}

/// The 23 fraction bits of a number.
fn fraction(value: f32) -> u32 {
    value.to_bits() & 0x7F_FFFF
}

/// A magnitude with the sign of `value`.
fn with_sign(magnitude: u32, value: f32) -> i32 {
    let magnitude = magnitude.cast_signed();
    if value.is_sign_negative() { -magnitude } else { magnitude }
}

impl Quantizer {
    /// The quantizer for values between a minimum and a maximum, and tokens of `width` bits (1 to 16).
    pub(crate) fn new(range: Option<(f32, f32)>, width: u32, rules: Rules) -> Result<Self, Unfit> {
        let (low, high) = range.ok_or(Unfit::NotFinite)?;
        let exponent = exponent_field(low).max(exponent_field(high));
        let mantissa = |value: f32| match exponent_field(value) {
            0 => 0,
            field => with_sign((0x80_0000 | fraction(value)) >> (exponent - field).min(31), value),
        };
        let minimum = mantissa(low);
        let range = (mantissa(high) - minimum).cast_unsigned();
        let shift = (32 - range.leading_zeros()).saturating_sub(width);
        let half = if shift > 0 { 1 << (shift - 1) } else { 0 };
        Ok(Self {
            width,
            exponent,
            minimum,
            shift,
            offset: half - minimum,
            largest: (1 << width) - 1,
            factor: if exponent < SMALL { 0.0 } else { f32::from_bits((277 - exponent) << 23) },
            hidden_bit_always: rules == Rules::Like(Librmn::V19),
        })
    }

    /// Whether the values are so small that [`small_token`](Self::small_token) must be used.
    pub(crate) fn is_small(self) -> bool {
        self.exponent < SMALL
    }

    /// The token of a value, unless the field [is small](Self::is_small).
    ///
    /// The mantissa at the shared exponent is `value * factor`, truncated. The product is exact, or less than one. Adding 2^23
    /// rounds it to an integer; subtract 1 if it was rounded up. Products of 2^23 and more are integers already. All this is
    /// vectorised; a saturating conversion to `i32` would be slower.
    #[inline(always)]
    pub(crate) fn token(self, value: f32) -> u32 {
        const SHIFTER: f32 = 8_388_608.0;
        let product = (value * self.factor).abs();
        let shifted = product + SHIFTER;
        let upwards = u32::from(shifted - SHIFTER > product);
        let cut = shifted.to_bits().wrapping_sub(SHIFTER.to_bits() + upwards);
        let whole = product.to_bits().wrapping_sub(SHIFTER.to_bits() - 0x80_0000);
        let magnitude = if product < SHIFTER { cut } else { whole };
        let sign = value.to_bits().cast_signed() >> 31;
        self.scale((magnitude.cast_signed() ^ sign).wrapping_sub(sign))
    }

    /// The token of a mantissa: subtract the minimum, round, clamp.
    #[inline(always)]
    fn scale(self, mantissa: i32) -> u32 {
        (mantissa.wrapping_add(self.offset) >> self.shift).min(self.largest).cast_unsigned()
    }

    /// The token of a value in a field of tiny values, by the definition: subnormals matter there.
    ///
    /// Where librmn gets a negative token, which spills into its neighbour, this one is zero.
    pub(crate) fn small_token(self, value: f32) -> u32 {
        let magnitude = match exponent_field(value) {
            0 if !self.hidden_bit_always => 2 * fraction(value),
            _ => 0x80_0000 | fraction(value),
        };
        let down = (self.exponent - exponent_field(value)).min(31);
        self.scale(with_sign(magnitude >> down, value).max(self.minimum))
    }

    /// The token of a value in any field.
    pub(crate) fn any_token(self, value: f32) -> u32 {
        if self.is_small() { self.small_token(value) } else { self.token(value) }
    }

    /// The header of a field of `n` elements.
    pub(crate) fn header(self, n: u64) -> [u32; 3] {
        let first = 0xEFF0_0000 | (self.width - 1) << 16 | self.exponent << 8 | self.shift;
        [first, self.minimum.cast_unsigned(), low32(n)]
    }
}

#[cfg(test)]
mod tests {
    use super::super::EXAMPLE;
    use super::*;
    use crate::bits::put_words;
    use crate::tokens::{MappedInput, pack};
    use crate::types::WordOrder;

    #[test]
    fn tokens_are_mantissas_at_the_exponent_of_the_largest_value() {
        let values = [1.0, 2.5, -3.25, 10.0, 0.1];
        let quantizer = Quantizer::new(Some((-3.25, 10.0)), 12, Rules::Recommended).unwrap();
        let mut out = Vec::new();
        put_words(WordOrder::Big, &mut out, quantizer.header(5));
        pack(WordOrder::Big, &mut out, 0, 16, &MappedInput(&values, |value| quantizer.token(value)));
        assert_eq!(out, EXAMPLE);
        // 0.1 = 0xcccccd * 2^-27: shifted down by 7 to 0x019999, moved up by the minimum, and rounded.
        assert_eq!(quantizer.token(0.1), (0x01_9999 + 0x34_0000 + 0x800) >> 12);
    }

    /// Section 5.3 of docs/format/codecs.md: both decode to zeros.
    #[test]
    fn zeros_have_other_tokens_in_librmn_19() {
        let token = |rules| Quantizer::new(Some((0.0, 0.0)), 16, rules).unwrap().any_token(0.0);
        assert_eq!([Rules::Like(Librmn::V19), Rules::Like(Librmn::V20)].map(token), [0xffff, 0]);
    }
}
