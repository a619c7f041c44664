//! Types 5 and 8: IEEE reals, whole or cut to their high bits.

use alloc::vec::Vec;

use crate::element::Real;
use crate::element::each_source;
use crate::element::{Source, Target};
use crate::error::{DecodeError, EncodeError};
use crate::options::Threads;
use crate::tokens::{self, AnyPairs, MappedInput, Tokens};
use crate::tokens::{pack, pack_pairs};
use crate::types::WordOrder;

/// `width` is 1 to 32 (the high bits of an `f32`). Complex numbers are decoded as twice as many reals.
pub(crate) fn decode(tokens: Tokens<'_>, width: u8, threads: Threads, target: Target<'_>) -> Result<(), DecodeError> {
    let cut = 32 - u32::from(width.min(32));
    match target {
        Target::F32(out) => tokens.decode(threads, out, move |token| f32::from_bits(token << cut)),
        Target::F64(out) => tokens.decode(threads, out, move |token| f64::from(f32::from_bits(token << cut))),
        _ => Err(Target::unexpected()),
    }
}

/// 64-bit reals: high word first in both containers.
pub(crate) fn decode_64(pairs: &AnyPairs<'_>, threads: Threads, target: Target<'_>) -> Result<(), DecodeError> {
    match target {
        #[expect(clippy::cast_possible_truncation, reason = "nearest f32 of an f64, as documented")]
        Target::F32(out) => tokens::decode_pairs(pairs, threads, out, |pair| f64::from_bits(pair) as f32),
        Target::F64(out) => tokens::decode_pairs(pairs, threads, out, f64::from_bits),
        _ => return Err(Target::unexpected()),
    }
    Ok(())
}

/// Append the payload; the low bits of the fraction are cut off. Complex numbers are encoded as twice as many reals.
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
