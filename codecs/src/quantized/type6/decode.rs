//! Decoding of type 6: tokens to reals.

use crate::bits::Words;
use crate::element::Target;
use crate::error::DecodeError;
use crate::options::Threads;
use crate::order::Order;
use crate::tokens::Tokens;

/// The header of a field: how tokens become values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Smallest mantissa.
    minimum: i32,
    /// How far left a token is shifted, 0 to 31.
    shift: u32,
    /// Exponent field that all mantissas share, 0 to 255.
    exponent: u32,
    /// `2^(exponent - 150)`, zero if the exponent is zero.
    unit: f32,
}

impl Scale {
    /// Read the header that starts at word 0 of `words`. Its number of elements must be one of `counts`.
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
            // The unit is subnormal. Products are exact all the same.
            1..=23 => 1 << (exponent - 1),
            _ => (exponent - 23) << 23,
        });
        Ok(Self { minimum: w1.cast_signed(), shift, exponent, unit })
    }

    /// Whether the field had infinities when it was written. Then [`special`](Self::special) decodes it, else
    /// [`value`](Self::value).
    fn is_special(self) -> bool {
        self.exponent == 255
    }

    /// The mantissa of a token, in wrapping arithmetic.
    #[inline(always)]
    fn mantissa(self, token: u32) -> i32 {
        (token << self.shift).cast_signed().wrapping_add(self.minimum)
    }

    /// The value of a token: shift, add, convert to `f32`, multiply by a power of two.
    ///
    /// Mantissas of up to 24 bits convert exactly. The format clamps larger ones to 2^24 - 1. Their conversion cannot round
    /// below 2^24, so the clamp can be done on the float, where SSE2 has the instruction.
    #[inline(always)]
    fn value(self, token: u32) -> f32 {
        const LIMIT: f32 = 16_777_215.0;
        let mantissa = self.mantissa(token);
        // i32::MIN has no magnitude in 32 bits; librmn takes it for zero. Only damaged records have it.
        let mantissa = if mantissa == i32::MIN { 0 } else { mantissa } as f32;
        let mantissa = if mantissa > LIMIT { LIMIT } else { mantissa };
        let mantissa = if mantissa < -LIMIT { -LIMIT } else { mantissa };
        // Adding +0.0 turns -0.0, the product of a negative mantissa and a zero unit, into +0.0.
        mantissa * self.unit + 0.0
    }

    /// The value of a token if the exponent is 255: an infinity or NaN.
    fn special(self, token: u32) -> f32 {
        let mantissa = self.mantissa(token);
        let magnitude = mantissa.unsigned_abs().min(0xFF_FFFF);
        if magnitude & 0x80_0000 == 0 {
            return f32::NAN;
        }
        f32::from_bits(mantissa.cast_unsigned() & 0x8000_0000 | 0x7F80_0000 | magnitude & 0x7F_FFFF)
    }
}

/// Decode into `f32` or `f64`.
pub(crate) fn decode(
    scale: Scale,
    tokens: Tokens<'_>,
    threads: Threads,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    match target {
        // All zeros. Do not read the tokens: librmn 19 wrote negative ones there, which damaged compressed streams.
        Target::F32(out) if scale.exponent == 0 => out.fill(0.0),
        Target::F64(out) if scale.exponent == 0 => out.fill(0.0),
        Target::F32(out) if scale.is_special() => {
            return tokens.decode(threads, out, move |token| scale.special(token));
        }
        Target::F32(out) => return tokens.decode(threads, out, move |token| scale.value(token)),
        Target::F64(out) if scale.is_special() => {
            return tokens.decode(threads, out, move |token| scale.special(token).into());
        }
        Target::F64(out) => return tokens.decode(threads, out, move |token| scale.value(token).into()),
        _ => return Err(Target::unexpected()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{EXAMPLE, HEADER_WORDS};
    use super::*;
    use crate::order::Big;
    use crate::tokens::EraseOrder;
    use proptest::prelude::*;

    #[test]
    fn a_value_is_its_mantissa_times_a_power_of_two() {
        let words = Words::<Big>::new(&EXAMPLE);
        let scale = Scale::parse(words, &[5]).unwrap();
        assert_eq!((scale.minimum, scale.shift, scale.exponent), (-0x34_0000, 12, 130));
        let stream = Big::any_stream(words, HEADER_WORDS * 32, 16, 5).unwrap();
        let mut out = [0.0_f32; 5];
        decode(scale, Tokens::Plain(&stream), Threads::One, Target::F32(&mut out)).unwrap();
        // (0x35a - 0x340) << 12 at exponent 130, whose unit is 2^-20: the nearest to 0.1.
        assert_eq!(out, [1.0, 2.5, -3.25, 10.0, 0.1015625]);
    }

    /// As librmn has it: found by the fuzz target `differential`.
    #[test]
    fn the_magnitude_of_the_smallest_mantissa_is_lost() {
        let values = [0x8000, 0x7FFF, 0x8001].map(|token| scale(0x87, 16, 0).value(token).to_bits());
        assert_eq!(values, [0.0, 511.999_97, -511.999_97_f32].map(f32::to_bits));
    }

    fn scale(exponent: u32, shift: u32, minimum: i32) -> Scale {
        let words = [0xEFFF_0000 | exponent << 8 | shift, minimum.cast_unsigned(), 7];
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        Scale::parse(Words::<Big>::new(&bytes), &[9, 7]).unwrap()
    }

    /// The bits of a value, put together as the format's description does: no float arithmetic.
    fn bits(exponent: u32, shift: u32, minimum: i32, token: u32) -> u32 {
        let mantissa = (token << shift).cast_signed().wrapping_add(minimum);
        let magnitude = mantissa.unsigned_abs().min(0xFF_FFFF);
        let sign = mantissa.cast_unsigned() & 0x8000_0000;
        if exponent == 0 || magnitude == 0 || mantissa == i32::MIN {
            return 0;
        }
        // Shift the leading one to bit 23, or as far as the exponent allows.
        let up = (magnitude.leading_zeros() - 8).min(exponent - 1);
        let magnitude = magnitude << up;
        let field = if magnitude < 0x80_0000 { 0 } else { exponent - up };
        sign | field << 23 | magnitude & 0x7F_FFFF
    }

    proptest! {
        #[test]
        fn floats_equal_the_bit_definition(
            exponent in 0_u32..=254, shift in 0_u32..=31, minimum in any::<i32>(), token in 0_u32..=0xFFFF, small in 0_u32..32,
        ) {
            let minimum = minimum >> small;
            for exponent in [exponent, exponent % 26] {
                for minimum in [minimum, minimum.wrapping_sub((token << shift).cast_signed()), i32::MIN, 0] {
                    let value = scale(exponent, shift, minimum).value(token);
                    prop_assert_eq!(value.to_bits(), bits(exponent, shift, minimum, token));
                }
            }
        }
    }

    #[test]
    fn the_edges_of_the_mantissa() {
        for exponent in [1, 2, 22, 23, 24, 25, 127, 150, 253, 254] {
            for minimum in
                [0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0x100_0001, 0x1FF_FFFF, i32::MAX, 0x7F_FFFF, 0x80_0000, 1, 0]
            {
                for minimum in [minimum, -minimum] {
                    let value = scale(exponent, 0, minimum).value(0);
                    assert_eq!(value.to_bits(), bits(exponent, 0, minimum, 0), "{exponent} {minimum}");
                }
            }
        }
        // Zero is +0.0 even if the mantissa is negative.
        assert_eq!(scale(0, 3, -5).value(0).to_bits(), 0);
    }

    #[test]
    fn fields_with_infinities() {
        let infinite = scale(255, 0, 0x80_0000);
        assert!(infinite.is_special());
        assert_eq!(infinite.special(0).to_bits(), 0x7F80_0000);
        assert!(infinite.special(1).is_nan());
        assert_eq!(scale(255, 0, -0x80_0000).special(0).to_bits(), 0xFF80_0000);
        assert!(scale(255, 0, 5).special(0).is_nan());
    }

    #[test]
    fn headers_are_checked() {
        let parse = |words: [u32; 3]| {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            Scale::parse(Words::<Big>::new(&bytes), &[3])
        };
        assert!(parse([0xEFF0_801F, 0, 3]).is_ok());
        for words in [[0xEFE0_8000, 0, 3], [0xEFF0_8020, 0, 3], [0xEFF0_8000, 0, 4]] {
            assert!(matches!(parse(words), Err(DecodeError::Header { .. })));
        }
    }
}
