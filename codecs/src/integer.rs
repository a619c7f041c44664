//! Types 0, 2 and 4: raw words, unsigned and signed integers.

use alloc::vec::Vec;

use crate::cast::{FromInteger, IntoToken};
use crate::element::{Source, Target, each_source, each_target};
use crate::error::{DecodeError, EncodeError};
use crate::options::Threads;
use crate::tokens::{self, AnyPairs, MappedInput, Tokens};
use crate::tokens::{pack, pack_pairs};
use crate::types::WordOrder;

/// Type 0: words without interpretation.
pub(crate) fn decode_raw(tokens: Tokens<'_>, threads: Threads, out: &mut [u32]) -> Result<(), DecodeError> {
    tokens.decode(threads, out, |word| word)
}

/// Types 2 and 130.
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

/// Type 4: offset binary of `width` bits, 1 to 32.
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

/// 64-bit integers: low word first, unlike every other type.
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
    pack(order, out, 0, 32, &MappedInput(words, |word| word));
    Ok(())
}

/// Append the payload of type 2: `width` is 1 to 32, or 64; the low bits are stored.
pub(crate) fn encode_unsigned(
    order: WordOrder,
    source: Source<'_>,
    width: u8,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    each_source!(unsigned source, values => {
        if width == 64 {
            encode_64(order, values, out);
        } else {
            pack(order, out, 0, u32::from(width), &MappedInput(values, IntoToken::token));
        }
        Ok(())
    })
}

/// Append the payload of type 4: `width` is 1 to 32 (offset binary), or 64 (native).
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

/// 64-bit integers: low word first, unlike every other type.
fn encode_64<T: IntoToken>(order: WordOrder, values: &[T], out: &mut Vec<u8>) {
    pack_pairs(order, out, values, |value| value.bits64().rotate_left(32));
}
