//! Type 1: `value = token * 2^s * C + minimum` in 64-bit arithmetic, then rounded to 32 bits.

use crate::bits::{Order, Words, unpack};
use crate::error::DecodeError;

/// Bits of the header in front of the stream of a type 1 record.
pub(crate) const HEADER_BITS: u64 = 120;

/// Which of the two headers is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Type 1: the stream starts within word 3.
    Short,
    /// Type 129: four whole words.
    Long,
}

/// What the tokens mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Token width, 1 to 32.
    pub(crate) width: u32,
    unit: f64,
    minimum: f64,
}

/// Not quite one: the writer's guard against truncation, kept for bit equality.
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
        // The second marker of each form ("all ones is missing") is never written, its layout is the same.
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

    /// The value of a token, not yet rounded to 32 bits.
    ///
    /// Three operations, each rounded: no fused multiply-add here. The format gives token 0 the minimum itself, which
    /// is what the formula yields, but for the sign of a minimum of -0.0.
    #[inline(always)]
    pub(crate) fn wide(self, token: u32) -> f64 {
        let value = f64::from(token) * self.unit * FACTOR + self.minimum;
        if token == 0 { self.minimum } else { value }
    }

    /// The value of a token.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "nearest f32, as the format says")]
    pub(crate) fn value(self, token: u32) -> f32 {
        self.wide(token) as f32
    }

    /// As [`value`](Self::value), as `f64`.
    #[inline(always)]
    pub(crate) fn rounded(self, token: u32) -> f64 {
        f64::from(self.value(token))
    }
}

/// `2^exponent` for the exponents that data can have: down to the smallest subnormal, and so far up that no 32-bit
/// token overflows.
fn power_of_two(exponent: i64) -> Option<f64> {
    let bits = match exponent {
        -1022..=991 => u64::try_from(exponent + 1023).ok()? << 52,
        -1074..=-1023 => 1 << (exponent + 1074),
        _ => return None,
    };
    Some(f64::from_bits(bits))
}

/// Type 1 into 32-bit reals.
pub(crate) fn decode_f32<O: Order>(words: Words<'_, O>, out: &mut [f32]) -> Result<(), DecodeError> {
    let scale = Scale::parse(words, Form::Short)?;
    unpack(words, HEADER_BITS, scale.width, out, |token| scale.value(token))
}

/// Type 1 into 64-bit reals, of 32-bit precision if `rounded`.
pub(crate) fn decode_f64<O: Order>(words: Words<'_, O>, rounded: bool, out: &mut [f64]) -> Result<(), DecodeError> {
    let scale = Scale::parse(words, Form::Short)?;
    if rounded {
        unpack(words, HEADER_BITS, scale.width, out, |token| scale.rounded(token))
    } else {
        unpack(words, HEADER_BITS, scale.width, out, |token| scale.wide(token))
    }
}
