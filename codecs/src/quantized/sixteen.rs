//! Type 6: 16-bit tokens that share one exponent.

use crate::bits::{Order, Words, unpack};
use crate::error::DecodeError;

/// Words of the header.
pub(crate) const HEADER_WORDS: u64 = 3;

/// What the tokens mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    minimum: i32,
    shift: u32,
    /// Reference exponent, 0 to 255.
    exponent: u32,
    /// `2^(exponent - 150)`, zero if the exponent is zero.
    unit: f32,
}

impl Scale {
    /// Read the header that starts at word 0 of `words`, of a field of one of these numbers of elements.
    pub(crate) fn parse<O: Order>(words: Words<'_, O>, counts: &[u64]) -> Result<Self, DecodeError> {
        let [w0, w1, w2] = [words.get(0)?, words.get(1)?, words.get(2)?];
        let header = |field, word, expected, found: u32| DecodeError::Header {
            field,
            word: words.absolute_word(word),
            expected,
            found: u64::from(found),
        };
        if w0 >> 20 != 0xEFF {
            return Err(header("type 6 marker", 0, "0xEFF", w0 >> 20));
        }
        let shift = w0 & 0xFF;
        if shift > 31 {
            return Err(header("shift", 0, "0 to 31", shift));
        }
        if !counts.contains(&u64::from(w2)) {
            return Err(header("element count", 2, "the number of elements of the record", w2));
        }
        let exponent = (w0 >> 8) & 0xFF;
        let unit = f32::from_bits(match exponent {
            0 => 0,
            // Subnormal units: the products are subnormal or small, and exact all the same.
            1..=23 => 1 << (exponent - 1),
            _ => (exponent - 23) << 23,
        });
        Ok(Self { minimum: w1.cast_signed(), shift, exponent, unit })
    }

    /// Whether the field held infinities: then [`special`](Self::special) gives the values, else [`value`](Self::value).
    pub(crate) fn is_special(self) -> bool {
        self.exponent == 255
    }

    #[inline(always)]
    fn mantissa(self, token: u32) -> i32 {
        (token << self.shift).cast_signed().wrapping_add(self.minimum)
    }

    /// The value of a token: shift, add, one conversion, one multiplication by a power of two.
    ///
    /// Mantissas of up to 24 bits convert exactly; larger ones are to be cut to 24 ones, and because their conversion
    /// cannot round below 2^24 this can be done on the float, which needs no integer minimum.
    #[inline(always)]
    pub(crate) fn value(self, token: u32) -> f32 {
        const LIMIT: f32 = 16_777_215.0;
        let mantissa = self.mantissa(token) as f32;
        let mantissa = if mantissa > LIMIT { LIMIT } else { mantissa };
        let mantissa = if mantissa < -LIMIT { -LIMIT } else { mantissa };
        // The sum turns the -0.0 of a zero unit into +0.0 and changes nothing else.
        mantissa * self.unit + 0.0
    }

    /// The value of a token when the exponent is that of infinity: infinity and NaN only.
    pub(crate) fn special(self, token: u32) -> f32 {
        let mantissa = self.mantissa(token);
        let magnitude = mantissa.unsigned_abs().min(0xFF_FFFF);
        if magnitude & 0x80_0000 == 0 {
            return f32::NAN;
        }
        f32::from_bits(mantissa.cast_unsigned() & 0x8000_0000 | 0x7F80_0000 | magnitude & 0x7F_FFFF)
    }
}

/// Type 6 into 32-bit reals, each passed through `widen`.
pub(crate) fn decode<O: Order, T>(
    words: Words<'_, O>,
    out: &mut [T],
    widen: impl Fn(f32) -> T,
) -> Result<(), DecodeError> {
    let scale = Scale::parse(words, &[out.len() as u64])?;
    let start = HEADER_WORDS * 32;
    if scale.is_special() {
        unpack(words, start, 16, out, |token| widen(scale.special(token)))
    } else {
        unpack(words, start, 16, out, |token| widen(scale.value(token)))
    }
}
