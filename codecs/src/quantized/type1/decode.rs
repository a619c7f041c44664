//! Decoding of type 1: tokens to reals.

use super::Form;
use crate::bits::Words;
use crate::element::Target;
use crate::error::DecodeError;
use crate::options::Threads;
use crate::order::Order;
use crate::tokens::Tokens;

/// The header of a field: how tokens become values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Token width, 1 to 32.
    pub(crate) width: u32,
    /// Distance of the values of neighbouring tokens, a power of two.
    unit: f64,
    /// Value of token 0.
    minimum: f64,
}

/// The constant `C`, slightly above one. librmn multiplies by it, so it is needed for equal bits.
const FACTOR: f64 = f64::from_bits(0x3FF0_0000_0000_01C2);

impl Scale {
    /// Read the header that starts at word 0 of `words`.
    pub(crate) fn parse<O: Order>(words: Words<'_, O>, form: Form) -> Result<Self, DecodeError> {
        let [w0, w1, w2, w3] = [words.get(0)?, words.get(1)?, words.get(2)?, words.get(3)?];
        let header = |field, word, expected, found: u32| DecodeError::Header {
            field,
            word: words.absolute_word(word),
            expected,
            found: u64::from(found),
        };
        // Each form has a second marker, for "the token of all ones is missing". No file has it; the layout is the same.
        let marker = w0 >> 20;
        match form {
            Form::Short if marker != 0x7FF && marker != 0x7EF => {
                return Err(header("type 1 marker", 0, "0x7FF or 0x7EF", marker));
            }
            Form::Long if marker != 0xFFF && marker != 0xFEF => {
                return Err(header("type 129 marker", 0, "0xFFF or 0xFEF", marker));
            }
            _ => {}
        }
        let width = (w3 >> 8) & 0xFF;
        if !(1..=32).contains(&width) {
            return Err(header("token width", 3, "1 to 32", width));
        }
        let exponent = w1 >> 16;
        let unit = power_of_two(i64::from(exponent) - 4096)
            .ok_or_else(|| header("scale exponent", 1, "4096-1074 to 4096+991", exponent))?;
        let magnitude = (w1 >> 4) & 0xFFF;
        let minimum = if w2 == 0 || magnitude < 849 {
            0.0
        } else {
            let bits = (w1 & 1) << 31 | ((magnitude - 849) & 0xFF) << 23 | (w2 >> 8) & 0x7F_FFFF;
            f64::from(f32::from_bits(bits))
        };
        Ok(Self { width, unit, minimum })
    }

    /// The value of a token, before rounding to `f32`. Requires that the minimum is not -0.0 and that the token has at most 31
    /// bits: then it is converted as a signed number, for which SSE2 has a vector instruction.
    ///
    /// The three operations are rounded one by one. A fused multiply-add would change the result.
    #[inline(always)]
    fn plain(self, token: u32) -> f64 {
        self.formula(token.cast_signed())
    }

    #[inline(always)]
    fn formula(self, token: impl Into<f64>) -> f64 {
        token.into() * self.unit * FACTOR + self.minimum
    }

    /// The value of any token, before rounding to `f32`. Token 0 is the minimum itself by definition. The formula gives the
    /// same, except that it turns a minimum of -0.0 into +0.0.
    #[inline(always)]
    fn value(self, token: u32) -> f64 {
        if token == 0 { self.minimum } else { self.formula(token) }
    }
}

/// Nearest `f32`.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "as the format says")]
fn round(value: f64) -> f32 {
    value as f32
}

/// `2^exponent`. `None` below the smallest subnormal, and above the exponent at which a 32-bit token would overflow.
fn power_of_two(exponent: i64) -> Option<f64> {
    let bits = match exponent {
        -1022..=991 => u64::try_from(exponent + 1023).ok()? << 52,
        -1074..=-1023 => 1 << (exponent + 1074),
        _ => return None,
    };
    Some(f64::from_bits(bits))
}

/// Decode into `f32` or `f64`. If `rounded`, values for `f64` are rounded to `f32` first.
pub(crate) fn decode(
    scale: Scale,
    tokens: Tokens<'_>,
    threads: Threads,
    rounded: bool,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    // The test for token 0 costs a third of the time, and is needed only if the minimum is -0.0.
    let plain = scale.minimum.to_bits() != (-0.0_f64).to_bits() && scale.width < 32;
    match target {
        Target::F32(out) if plain => tokens.decode(threads, out, move |token| round(scale.plain(token))),
        Target::F32(out) => tokens.decode(threads, out, move |token| round(scale.value(token))),
        Target::F64(out) if plain && rounded => {
            tokens.decode(threads, out, move |token| round(scale.plain(token)).into())
        }
        Target::F64(out) if plain => tokens.decode(threads, out, move |token| scale.plain(token)),
        Target::F64(out) if rounded => tokens.decode(threads, out, move |token| round(scale.value(token)).into()),
        Target::F64(out) => tokens.decode(threads, out, move |token| scale.value(token)),
        _ => Err(Target::unexpected()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EXAMPLE, HEADER_BITS};
    use super::*;
    use crate::order::Big;
    use crate::tokens::EraseOrder;

    fn scale(words: [u32; 4], form: Form) -> Result<Scale, DecodeError> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        Scale::parse(Words::<Big>::new(&bytes), form)
    }

    const SHORT: u32 = 0x7FF0_0000;

    #[test]
    fn a_value_is_its_token_times_the_unit_plus_the_minimum() {
        let words = Words::<Big>::new(&EXAMPLE);
        let scale = Scale::parse(words, Form::Short).unwrap();
        assert_eq!((scale.width, scale.unit, scale.minimum), (12, 1.0 / 256.0, -3.25));
        let stream = Big::any_stream(words, HEADER_BITS, scale.width, 5).unwrap();
        let mut out = [0.0_f32; 5];
        decode(scale, Tokens::Plain(&stream), Threads::One, true, Target::F32(&mut out)).unwrap();
        // 0x359 / 256 - 3.25 is the nearest below 0.1.
        assert_eq!(out, [1.0, 2.5, -3.25, 10.0, 0.09765625]);
    }

    #[test]
    fn powers_of_two_are_exact_down_to_the_smallest() {
        assert_eq!(power_of_two(0), Some(1.0));
        assert_eq!(power_of_two(-1), Some(0.5));
        assert_eq!(power_of_two(-1022), Some(f64::MIN_POSITIVE));
        assert_eq!(power_of_two(-1023).map(f64::to_bits), Some(1 << 51));
        assert_eq!(power_of_two(-1074).map(f64::to_bits), Some(1));
        assert_eq!(power_of_two(991).map(|p| p * f64::from(u32::MAX) < f64::INFINITY), Some(true));
        assert_eq!((power_of_two(-1075), power_of_two(992)), (None, None));
    }

    #[test]
    fn token_zero_is_the_minimum_itself() {
        // Sign bit and nothing else: -0.0, which a sum would turn into +0.0.
        let negative_zero = scale([SHORT, 4096 << 16 | 849 << 4 | 1, 0x8000_0000, 8 << 8], Form::Short).unwrap();
        assert_eq!(negative_zero.value(0).to_bits(), 1 << 63);
        assert!((negative_zero.value(1) - 1.0).abs() < 1e-6);
        let mut out = [7.0_f32; 3];
        let bytes = [0, 1, 0, 9];
        let stream = Big::any_stream(Words::<Big>::new(&bytes), 0, 8, 3).unwrap();
        decode(negative_zero, Tokens::Plain(&stream), Threads::One, true, Target::F32(&mut out)).unwrap();
        assert_eq!(out.map(f32::to_bits), [0x8000_0000, 0x3F80_0000, 0x8000_0000]);
        // Without its second word, or below what the header can say, the minimum is +0.0.
        for (w1, w2) in [(4096 << 16 | 977 << 4 | 1, 0), (4096 << 16 | 848 << 4 | 1, 0x8000_0000)] {
            assert_eq!(scale([SHORT, w1, w2, 8 << 8], Form::Short).unwrap().value(0).to_bits(), 0);
        }
    }

    #[test]
    fn tokens_of_32_bits_are_unsigned() {
        let scale = scale([SHORT, (4096 - 31) << 16, 0, 32 << 8], Form::Short).unwrap();
        assert!((scale.value(u32::MAX) - 2.0).abs() < 1e-6);
        assert!((scale.value(0x8000_0000) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn headers_are_checked() {
        let ok = [SHORT, 4096 << 16, 0, 16 << 8];
        assert!(scale(ok, Form::Short).is_ok());
        assert!(scale([0x7EF0_0000, ok[1], 0, ok[3]], Form::Short).is_ok());
        assert!(scale([0xFEF0_0000, ok[1], 0, ok[3]], Form::Long).is_ok());
        for (words, form) in [
            (ok, Form::Long),
            ([0xFFF0_0000, ok[1], 0, ok[3]], Form::Short),
            ([SHORT, (4096 + 992) << 16, 0, ok[3]], Form::Short),
            ([SHORT, (4096 - 1075) << 16, 0, ok[3]], Form::Short),
            ([SHORT, ok[1], 0, 0], Form::Short),
            ([SHORT, ok[1], 0, 33 << 8], Form::Short),
        ] {
            assert!(matches!(scale(words, form), Err(DecodeError::Header { .. })), "{words:x?}");
        }
    }
}
