//! Encoding of type 133: which streams are needed, and when compression is given up.

use alloc::vec::Vec;

use super::{FRACTION, STEP, signs};
use crate::bits::{put_words, word_bytes};
use crate::kernels::avx2_or_not;
use crate::options::Threads;
use crate::tokens::MappedInput;
use crate::turbopack::parallelogram::{self, Scheme};
use crate::turbopack::{Limits, Plane};
use crate::types::WordOrder;

/// Least dimensions of a plane.
const SMALLEST: usize = 16;
/// Bits of sign and exponent, which are always kept.
const HEAD: u32 = 9;

/// What decides which streams are needed.
struct Survey {
    /// Smallest exponent field.
    smallest: u32,
    /// Bits of the largest exponent field less the smallest.
    width: u32,
    /// Whether there are negative values, and whether there are others.
    signs: (bool, bool),
}

impl Survey {
    fn new<T: Copy>(values: &[T], bits: impl Fn(T) -> u32 + Copy) -> Self {
        avx2_or_not!(Self::of; values, bits)
    }

    /// The loop of [`new`](Self::new).
    #[inline(always)]
    fn of<T: Copy>(values: &[T], bits: impl Fn(T) -> u32 + Copy) -> Self {
        let (mut any, mut all, mut low, mut high) = (0, u32::MAX, i32::MAX, 0);
        for &value in values {
            let bits = bits(value);
            any |= bits;
            all &= bits;
            let field = (bits >> FRACTION & 0xFF).cast_signed();
            low = low.min(field);
            high = high.max(field);
        }
        let width = 32 - (high - low).leading_zeros();
        Self { smallest: low.cast_unsigned(), width, signs: (any >> 31 == 1, all >> 31 == 0) }
    }
}

/// Append a compressed plane of the `nbits` high bits of each value, header included. `bits` returns the 32 bits of a value.
///
/// Returns the length in bytes as the format counts it. `None` if the plane is not to be compressed; `out` holds a part of it
/// then.
pub(crate) fn encode<T: Copy + Sync>(
    order: WordOrder,
    plane: Plane,
    nbits: u32,
    values: &[T],
    bits: impl Fn(T) -> u32 + Copy + Sync,
    threads: Threads,
    out: &mut Vec<u8>,
) -> Option<u64> {
    let width = nbits.checked_sub(HEAD)?;
    if plane.ni < SMALLEST || plane.nj < SMALLEST {
        return None;
    }
    let n = values.len() as u64;
    let survey = Survey::new(values, bits);
    let sign_code = match survey.signs {
        (false, _) => 0x00,
        (true, false) => 0x10,
        (true, true) => 0x20,
    };
    let exponent_code = if survey.width > 0 { 0x08 } else { 0 };
    let start = out.len();
    let header = survey.smallest << 16 | survey.width << 8 | sign_code | exponent_code;
    put_words(order, out, [0x0008_8195 + (width << 10), header]);
    let mut sign_bytes = 0;
    if sign_code == 0x20 {
        sign_bytes = section(order, out, |out| {
            signs::encode(order, values, bits, out);
            Some(())
        })?;
    }
    if survey.width > 0 {
        section(order, out, |out| {
            let scheme = Scheme { step: STEP, width: survey.width, field: 4, joined: false };
            let limits = Limits { words: (n - 1) / 4, guard: None };
            let smallest = survey.smallest;
            let field = move |value| (bits(value) >> FRACTION & 0xFF) - smallest;
            parallelogram::encode(order, plane, scheme, &MappedInput(values, field), limits, threads, out).ok()
        })?;
    }
    // The format repeats the length of the signs where that of the mantissas should be.
    put_words(order, out, [sign_bytes]);
    let before = (out.len() - start) as u64 / 4;
    let scheme = Scheme { step: STEP, width, field: 5, joined: false };
    let room = (n * u64::from(nbits) / 32).saturating_sub(before);
    let limits = Limits { words: u64::MAX, guard: Some(room) };
    let mantissa = move |value| (bits(value) & ((1 << FRACTION) - 1)) >> (FRACTION - width);
    parallelogram::encode(order, plane, scheme, &MappedInput(values, mantissa), limits, threads, out).ok()?;
    put_words(order, out, [0]);
    Some((out.len() - start) as u64)
}

/// Append a section: its length in bytes, what `write` appends, and a zero word. Returns the length, which counts that word.
fn section(order: WordOrder, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<u32> {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out)?;
    out.extend_from_slice(&[0; 4]);
    let length = u32::try_from(out.len() - start - 4).ok()?;
    out[start..start + 4].copy_from_slice(&word_bytes(order, length));
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::super::EXAMPLE;
    use super::*;
    use crate::example::rsf;

    fn encoded(order: WordOrder, nbits: u32, ni: usize, values: &[f32]) -> Option<(u64, Vec<u8>)> {
        let (mut out, plane) = (Vec::new(), Plane { ni, nj: values.len() / ni });
        let length = encode(order, plane, nbits, values, f32::to_bits, Threads::One, &mut out)?;
        Some((length, out))
    }

    #[test]
    fn streams_that_would_say_nothing_are_left_out() {
        assert_eq!(encoded(WordOrder::Big, 16, 16, &[-1.0; 256]), Some((60, EXAMPLE.to_vec())));
        assert_eq!(encoded(WordOrder::Little, 16, 16, &[-1.0; 256]), Some((60, rsf(&EXAMPLE))));
    }

    /// Section 8.5 of docs/format/codecs.md.
    #[test]
    fn small_planes_and_noise_are_not_compressed() {
        assert_eq!(encoded(WordOrder::Big, 16, 15, &[-1.0; 15 * 16]), None);
        let noise: Vec<f32> = (1..=256_u32).map(|k| f32::from_bits(k.wrapping_mul(0x9e37_79b9))).collect();
        assert_eq!(encoded(WordOrder::Big, 32, 16, &noise), None);
    }
}
