//! Types 0, 2 and 4: raw words, unsigned and signed integers (sections 3.1 to 3.3 and 3.6 of the format's description).
//!
//! A token is the low bits of the integer. Signed integers have an offset added, so that the smallest one is token 0.

use alloc::vec::Vec;

use crate::cast::{FromInteger, IntoToken};
use crate::element::{Source, Target, each_source, each_target};
use crate::error::{DecodeError, EncodeError};
use crate::options::Threads;
use crate::tokens::{self, AnyPairs, MappedInput, Tokens, pack, pack_pairs, pack_words};
use crate::types::WordOrder;

/// Decode type 0: words without interpretation.
pub(crate) fn decode_raw(tokens: Tokens<'_>, threads: Threads, out: &mut [u32]) -> Result<(), DecodeError> {
    tokens.decode(threads, out, |word| word)
}

/// Decode types 2 and 130. `mask` has the low bits that are kept of a compressed token.
pub(crate) fn decode_unsigned(
    tokens: Tokens<'_>,
    mask: u32,
    threads: Threads,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    each_target!(unsigned target, out => {
        match tokens {
            Tokens::Plain(_) => tokens.decode(threads, out, FromInteger::from_u32),
            Tokens::Turbo(_) => tokens.decode(threads, out, move |token| FromInteger::from_u32(token & mask)),
        }
    })
}

/// Decode type 4 of `width` bits (1 to 32), in offset binary.
pub(crate) fn decode_signed(
    tokens: Tokens<'_>,
    width: u8,
    threads: Threads,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    each_target!(signed target, out => {
        let offset = 1_u32 << (width - 1);
        tokens.decode(threads, out, move |token| {
            FromInteger::from_i32(token.wrapping_sub(offset).cast_signed())
        })
    })
}

/// Decode 64-bit integers, whose low word comes first. (64-bit reals have the high word first.)
pub(crate) fn decode_64(
    pairs: &AnyPairs<'_>,
    signed: bool,
    threads: Threads,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    if signed {
        each_target!(signed target, out => {
            tokens::decode_pairs(pairs, threads, out, |pair| FromInteger::from_i64(pair.rotate_left(32).cast_signed()));
            Ok(())
        })
    } else {
        each_target!(unsigned target, out => {
            tokens::decode_pairs(pairs, threads, out, |pair| FromInteger::from_u64(pair.rotate_left(32)));
            Ok(())
        })
    }
}

/// Append the payload of type 0.
pub(crate) fn encode_raw(order: WordOrder, source: Source<'_>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Source::U32(words) = source else { return Err(Source::unexpected()) };
    pack_words(order, out, words, |word| word);
    Ok(())
}

/// Append the payload of type 2: the low `width` bits (1 to 32, or 64) of each value.
pub(crate) fn encode_unsigned(
    order: WordOrder,
    source: Source<'_>,
    width: u8,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if let (Source::U32(words), 32) = (source, width) {
        pack_words(order, out, words, |word| word);
        return Ok(());
    }
    each_source!(unsigned source, values => {
        if width == 64 {
            encode_64(order, values, out);
        } else {
            pack(order, out, 0, u32::from(width), &MappedInput(values, IntoToken::token));
        }
        Ok(())
    })
}

/// Append the payload of type 4: offset binary of `width` bits (1 to 32), or two's complement of 64 bits.
pub(crate) fn encode_signed(
    order: WordOrder,
    source: Source<'_>,
    width: u8,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    each_source!(signed source, values => {
        if width == 64 {
            encode_64(order, values, out);
        } else {
            let offset = 1_u32 << (width - 1);
            pack(order, out, 0, u32::from(width), &MappedInput(values, move |value| IntoToken::token(value).wrapping_add(offset)));
        }
        Ok(())
    })
}

/// Append 64-bit integers, the low word of each first.
fn encode_64<T: IntoToken>(order: WordOrder, values: &[T], out: &mut Vec<u8>) {
    pack_pairs(order, out, values, |value| value.bits64().rotate_left(32));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::Words;
    use crate::example::rsf;
    use crate::order::{Big, Little};
    use crate::tokens::EraseOrder;

    /// Example E1 of docs/format/codecs.md, section 16: type 2, 5 bits.
    #[test]
    fn unsigned_integers_are_a_stream_of_their_low_bits() {
        let values = [1_u32, 2, 3, 31, 0, 17, 9];
        // 00001 00010 00011 11111 00000 10001 01001, then zeros to the end of the word
        let xdf = [0x08, 0x87, 0xf0, 0x45, 0x20, 0, 0, 0];
        for (order, bytes) in [(WordOrder::Big, xdf.to_vec()), (WordOrder::Little, rsf(&xdf))] {
            let mut out = Vec::new();
            encode_unsigned(order, Source::U32(&values), 5, &mut out).unwrap();
            assert_eq!(out, bytes);
        }
        let mut out = [0; 7];
        let stream = Big::any_stream(Words::new(&xdf), 0, 5, 7).unwrap();
        decode_unsigned(Tokens::Plain(&stream), u32::MAX, Threads::One, Target::U32(&mut out)).unwrap();
        assert_eq!(out, values);
    }

    /// Example E2 of docs/format/codecs.md, section 16: type 4, 6 bits.
    #[test]
    fn signed_integers_are_stored_with_an_offset_of_half_their_range() {
        let values = [-3, 0, 5, -32, 31];
        // 29 = 011101, 32 = 100000, 37 = 100101, 0 = 000000, 63 = 111111, and two bits unused
        let xdf = [0x76, 0x09, 0x40, 0xfc];
        let mut out = Vec::new();
        encode_signed(WordOrder::Big, Source::I32(&values), 6, &mut out).unwrap();
        assert_eq!(out, xdf);
        let mut out = [0; 5];
        let stream = Big::any_stream(Words::new(&xdf), 0, 6, 5).unwrap();
        decode_signed(Tokens::Plain(&stream), 6, Threads::One, Target::I32(&mut out)).unwrap();
        assert_eq!(out, values);
    }

    /// Section 3.6 of docs/format/codecs.md: only in RSF files, whose words are little-endian.
    #[test]
    fn integers_of_64_bits_are_native_without_an_offset() {
        let values = [0x0102_0304_0506_0708_i64, -2];
        let rsf = [
            8, 7, 6, 5, 4, 3, 2, 1, // low word, high word
            0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        ];
        let mut out = Vec::new();
        encode_signed(WordOrder::Little, Source::I64(&values), 64, &mut out).unwrap();
        assert_eq!(out, rsf);
        let mut out = [0; 2];
        let pairs = Little::any_pairs(Words::new(&rsf), 2).unwrap();
        decode_64(&pairs, true, Threads::One, Target::I64(&mut out)).unwrap();
        assert_eq!(out, values);
    }
}
