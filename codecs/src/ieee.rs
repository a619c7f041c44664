//! Types 5 and 8: IEEE reals, whole or cut to their high bits.

use alloc::vec::Vec;

use crate::bits::{Order, Words, pack, pack_pairs, unpack, unpack_pairs};
use crate::element::{Source, Target};
use crate::error::{DecodeError, EncodeError};
use crate::integer::each_source;
use crate::packed::Threads;
use crate::quantized::Real;

/// `width` is 1 to 32 (the high bits of an `f32`), or 64. Complex numbers are decoded as twice as many reals.
pub(crate) fn decode<O: Order>(
    words: Words<'_, O>,
    width: u8,
    threads: Threads,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    let cut = 32 - u32::from(width.min(32));
    match target {
        #[expect(clippy::cast_possible_truncation, reason = "nearest f32 of an f64, as documented")]
        Target::F32(out) if width == 64 => decode_wide(words, threads, out, |value| value as f32),
        Target::F32(out) => unpack(words, 0, u32::from(width), threads, out, move |token| f32::from_bits(token << cut)),
        Target::F64(out) if width == 64 => decode_wide(words, threads, out, |value| value),
        Target::F64(out) => {
            unpack(words, 0, u32::from(width), threads, out, move |token| f64::from(f32::from_bits(token << cut)))
        }
        _ => Err(Target::unexpected()),
    }
}

/// 64-bit reals: high word first in both containers.
fn decode_wide<O: Order, T: Send>(
    words: Words<'_, O>,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(f64) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    unpack_pairs(words, threads, out, move |pair| map(f64::from_bits(pair)))
}

/// Append the payload; the low bits of the fraction are cut off. Complex numbers are encoded as twice as many reals.
pub(crate) fn encode<O: Order>(source: Source<'_>, width: u8, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if width == 64 {
        let Source::F64(values) = source else { return Err(Source::unexpected()) };
        pack_pairs::<O, _>(out, values, f64::to_bits);
        return Ok(());
    }
    let width = u32::from(width);
    let cut = 32 - width;
    each_source!(real source, values => {
        pack::<O, _, _>(out, 0, width, values, move |value| value.single().to_bits() >> cut);
        Ok(())
    })
}
