//! Types 5 and 8: IEEE reals and complex numbers, whole or cut to their high bits (section 3.5 of the format's description).
//!
//! A complex number is two reals.

use alloc::vec::Vec;

use crate::element::{Real, Source, Target, each_source};
use crate::error::{DecodeError, EncodeError};
use crate::options::Threads;
use crate::tokens::{self, AnyPairs, MappedInput, Tokens, pack, pack_pairs};
use crate::types::WordOrder;

/// Decode tokens that are the `width` high bits (1 to 32) of an `f32`.
pub(crate) fn decode(tokens: Tokens<'_>, width: u8, threads: Threads, target: Target<'_>) -> Result<(), DecodeError> {
    let cut = 32 - u32::from(width.min(32));
    match target {
        Target::F32(out) => tokens.decode(threads, out, move |token| f32::from_bits(token << cut)),
        Target::F64(out) => tokens.decode(threads, out, move |token| f64::from(f32::from_bits(token << cut))),
        _ => Err(Target::unexpected()),
    }
}

/// Decode 64-bit reals, whose high word comes first in both containers.
pub(crate) fn decode_64(pairs: &AnyPairs<'_>, threads: Threads, target: Target<'_>) -> Result<(), DecodeError> {
    match target {
        #[expect(clippy::cast_possible_truncation, reason = "nearest f32 of an f64, as documented")]
        Target::F32(out) => tokens::decode_pairs(pairs, threads, out, |pair| f64::from_bits(pair) as f32),
        Target::F64(out) => tokens::decode_pairs(pairs, threads, out, f64::from_bits),
        _ => return Err(Target::unexpected()),
    }
    Ok(())
}

/// Append the payload: the `width` high bits (1 to 32) of each value as `f32`, or 64-bit reals. Low bits are cut off, without
/// rounding.
pub(crate) fn encode(order: WordOrder, source: Source<'_>, width: u8, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if width == 64 {
        let Source::F64(values) = source else { return Err(Source::unexpected()) };
        pack_pairs(order, out, values, f64::to_bits);
        return Ok(());
    }
    let width = u32::from(width);
    let cut = 32 - width;
    each_source!(real source, values => {
        pack(order, out, 0, width, &MappedInput(values, move |value| Real::single(value).to_bits() >> cut));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::Words;
    use crate::example::rsf;
    use crate::order::{Big, Little};
    use crate::tokens::EraseOrder;

    /// Example E3 of docs/format/codecs.md, section 16: type 5, 20 bits.
    #[test]
    fn reals_of_fewer_bits_lose_the_low_bits_of_their_fraction() {
        let values = [1.0, -2.5, f32::from_bits(0x4049_0fd0)];
        // 3f800|000, c0200|000, 40490|fd0: five digits of each are stored, 4 bits are unused
        let xdf = [0x3f, 0x80, 0x0c, 0x02, 0x00, 0x40, 0x49, 0x00];
        let mut out = Vec::new();
        encode(WordOrder::Big, Source::F32(&values), 20, &mut out).unwrap();
        assert_eq!(out, xdf);
        let mut out = [0.0; 3];
        let stream = Big::any_stream(Words::new(&xdf), 0, 20, 3).unwrap();
        decode(Tokens::Plain(&stream), 20, Threads::One, Target::F32(&mut out)).unwrap();
        assert_eq!(out.map(f32::to_bits), [0x3f80_0000, 0xc020_0000, 0x4049_0000]);
    }

    /// Section 3.5 of docs/format/codecs.md.
    #[test]
    fn reals_of_64_bits_are_two_words_the_high_one_first() {
        let values = [-2.5, 0.1];
        let xdf = [
            0xc0, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, // -2.5: sign, exponent and fraction; the rest of it
            0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a, // 0.1
        ];
        // In RSF each word is little-endian: this is no native f64.
        let little = rsf(&xdf);
        assert_eq!(little[8..], [0x99, 0x99, 0xb9, 0x3f, 0x9a, 0x99, 0x99, 0x99]);
        let mut out = Vec::new();
        encode(WordOrder::Little, Source::F64(&values), 64, &mut out).unwrap();
        assert_eq!(out, little);
        let mut out = [0.0; 2];
        let pairs = Little::any_pairs(Words::new(&little), 2).unwrap();
        decode_64(&pairs, Threads::One, Target::F64(&mut out)).unwrap();
        assert_eq!(out.map(f64::to_bits), values.map(f64::to_bits));
    }
}
