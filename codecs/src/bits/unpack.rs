//! Reading of fixed-width streams, the inverse of [`pack`](super::pack).

use super::{GROUP, Order, Words, index};
use crate::error::DecodeError;
use crate::packed::Threads;
#[cfg(feature = "rayon")]
use crate::parallel;
use crate::simd::{self, wide};

/// Unpack `out.len()` tokens of `width` bits (1 to 32) that start at bit `start`, one `map` for each.
pub(crate) fn unpack<O: Order, T: Send>(
    words: Words<'_, O>,
    start: u64,
    width: u32,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    debug_assert!((1..=32).contains(&width));
    let end = (out.len() as u64).saturating_mul(u64::from(width)).saturating_add(start);
    words.check_end("token", end)?;
    in_blocks(threads, out, |first, block| unpack_block(words, start + first * u64::from(width), width, block, map))
}

/// Do the work on all of `out`, or on several threads on parts of it, given their first element: a multiple of
/// [`GROUP`].
fn in_blocks<T: Send>(
    threads: Threads,
    out: &mut [T],
    work: impl Fn(u64, &mut [T]) -> Result<(), DecodeError> + Sync,
) -> Result<(), DecodeError> {
    #[cfg(feature = "rayon")]
    if parallel::worthwhile(threads, out.len(), parallel::SMALLEST) {
        return parallel::blocks(out, work);
    }
    let _ = threads;
    work(0, out)
}

/// The tokens of a block that the stream holds.
fn unpack_block<O: Order, T>(
    words: Words<'_, O>,
    start: u64,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> Result<(), DecodeError> {
    let stream = words.from(start / 32)?;
    let offset = start % 32;
    let mut done = {
        let out = &mut *out;
        wide!(aligned; stream, offset, width, out, map)
    };
    if done == 0 && offset.is_multiple_of(8) {
        done = simd::unpack::<O, T>(stream.bytes, index(offset / 8), width, out, map);
    }
    if done == 0 {
        done = match offset {
            0 => unpack_groups(stream.bytes, width, groups::select::<O, 0>(width), out, map),
            24 => unpack_groups(stream.bytes, width, groups::select::<O, 24>(width), out, map),
            _ => 0,
        };
    }
    let mut bit = offset + done as u64 * u64::from(width);
    for value in &mut out[done..] {
        *value = map(stream.token(bit, width));
        bit += u64::from(width);
    }
    Ok(())
}

/// Unpack `out.len()` tokens of 64 bits, the first word of each in its high half.
pub(crate) fn unpack_pairs<O: Order, T: Send>(
    words: Words<'_, O>,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(u64) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    words.check_end("token", (out.len() as u64).saturating_mul(64))?;
    in_blocks(threads, out, |first, block| {
        let words = words.from(2 * first)?;
        wide!(pairs; words, block, map);
        Ok(())
    })
}

#[inline(always)]
fn pairs<O: Order, T>(words: Words<'_, O>, out: &mut [T], map: impl Fn(u64) -> T + Copy) {
    for (value, pair) in out.iter_mut().zip(words.pairs()) {
        *value = map(pair);
    }
}

/// Tokens that are parts of words, if they are; returns how many that were.
#[inline(always)]
fn aligned<O: Order, T>(
    stream: Words<'_, O>,
    offset: u64,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    match (offset, width) {
        (0, 8) => {
            let (groups, _) = out.as_chunks_mut::<4>();
            for (group, word) in groups.iter_mut().zip(stream.iter()) {
                *group = word.to_be_bytes().map(|byte| map(u32::from(byte)));
            }
            groups.len() * 4
        }
        (0, 16) => {
            let (groups, _) = out.as_chunks_mut::<2>();
            for (group, word) in groups.iter_mut().zip(stream.iter()) {
                *group = [map(word >> 16), map(word & 0xFFFF)];
            }
            groups.len() * 2
        }
        (0, 32) => {
            for (value, word) in out.iter_mut().zip(stream.iter()) {
                *value = map(word);
            }
            out.len()
        }
        _ => 0,
    }
}

/// Whole groups of 32 tokens; returns how many tokens that were. The group lies in the first-level cache: separating
/// the shifts (constant per width) from the mapping (one per use) keeps the number of compiled loops small.
#[inline(always)]
fn unpack_groups<T>(
    bytes: &[u8],
    width: u32,
    group: groups::Group,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    let (chunks, _) = out.as_chunks_mut::<GROUP>();
    let mut tokens = [0; GROUP];
    let stride = 4 * width as usize;
    for (i, chunk) in chunks.iter_mut().enumerate() {
        group(&bytes[i * stride..], &mut tokens);
        for (value, token) in chunk.iter_mut().zip(tokens) {
            *value = map(token);
        }
    }
    chunks.len() * GROUP
}

mod groups {
    //! One function per token width, with all shifts known at compile time.

    use super::{GROUP, Order};

    /// Unpacks the 32 tokens that start `OFFSET` bits after the start of a slice.
    pub(super) type Group = fn(&[u8], &mut [u32; GROUP]);

    #[inline(always)]
    fn token<O: Order, const WIDTH: usize, const OFFSET: usize>(bytes: &[u8], i: usize) -> u32 {
        let bit = OFFSET + i * WIDTH;
        let (word, shift) = (bit / 32, bit % 32);
        let at = |k: usize| O::word([bytes[4 * k], bytes[4 * k + 1], bytes[4 * k + 2], bytes[4 * k + 3]]);
        let high = at(word) << shift;
        let both = if shift + WIDTH > 32 { high | at(word + 1) >> (32 - shift) } else { high };
        both >> (32 - WIDTH)
    }

    fn group<O: Order, const WIDTH: usize, const OFFSET: usize>(bytes: &[u8], out: &mut [u32; GROUP]) {
        // The only length check: everything below has constant indices.
        let bytes = &bytes[..4 * (WIDTH + OFFSET.div_ceil(32))];
        macro_rules! all {
            ($($i:literal)*) => { $( out[$i] = token::<O, WIDTH, OFFSET>(bytes, $i); )* };
        }
        all!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
    }

    pub(super) fn select<O: Order, const OFFSET: usize>(width: u32) -> Group {
        macro_rules! widths {
            ($($width:literal)*) => {
                match width {
                    $( $width => group::<O, $width, OFFSET>, )*
                    _ => group::<O, 32, OFFSET>,
                }
            };
        }
        widths!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Big, Little};
    use super::*;
    use proptest::prelude::*;

    /// Bit by bit, straight from the definition.
    fn naive(words: &[u32], start: u64, width: u32, n: usize) -> Vec<u32> {
        let bit = |b: u64| (words[index(b / 32)] >> (31 - b % 32)) & 1;
        (0..n as u64)
            .map(|k| (0..u64::from(width)).fold(0, |token, i| token << 1 | bit(start + k * u64::from(width) + i)))
            .collect()
    }

    fn check<O: Order>(words: &[u32], bytes: &[u8], start: u64, width: u32, n: usize) {
        let expected = naive(words, start, width, n);
        let mut out = vec![0; n];
        unpack(Words::<O>::new(bytes), start, width, Threads::One, &mut out, |t| t).unwrap();
        assert_eq!(out, expected);
        for (k, &token) in expected.iter().enumerate() {
            assert_eq!(Words::<O>::new(bytes).token(start + k as u64 * u64::from(width), width), token);
        }
    }

    fn both_orders(words: &[u32], start: u64, width: u32, n: usize) {
        let big: Vec<u8> = words.iter().flat_map(|w| w.to_be_bytes()).collect();
        let little: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        check::<Big>(words, &big, start, width, n);
        check::<Little>(words, &little, start, width, n);
    }

    #[test]
    fn every_width_at_the_offsets_in_use() {
        let words: Vec<u32> = (0..320_u32).map(|i| i.wrapping_mul(0x9E37_79B9) ^ 0x5A5A_1234).collect();
        for width in 1..=32 {
            for start in [0, 24, 32, 120] {
                for n in [0, 1, 31, 32, 33, 64, 101, 128, 301] {
                    both_orders(&words, start, width, n);
                }
            }
        }
    }

    #[test]
    fn reading_stops_at_the_last_bit() {
        let bytes = [0xFF; 12];
        let words = Words::<Big>::new(&bytes);
        assert!(unpack(words, 0, 32, Threads::One, &mut [0; 3], |t| t).is_ok());
        assert!(unpack(words, 0, 32, Threads::One, &mut [0; 4], |t| t).is_err());
        assert!(unpack(words, 1, 19, Threads::One, &mut [0; 5], |t| t).is_ok());
        assert!(unpack(words, 2, 19, Threads::One, &mut [0; 5], |t| t).is_err());
        assert!(unpack(words, u64::MAX, 1, Threads::One, &mut [0; 1], |t| t).is_err());
        assert_eq!(words.window(64), 0xFFFF_FFFF_0000_0000);
        assert_eq!(words.window(96), 0);
        assert_eq!(words.window(1 << 40), 0);
    }

    proptest! {
        #[test]
        fn unpack_equals_bit_by_bit(
            words in proptest::collection::vec(any::<u32>(), 1..80), start in 0_u64..200, width in 1_u32..=32,
        ) {
            let bits = words.len() as u64 * 32;
            let start = start % bits;
            let n = index((bits - start) / u64::from(width));
            both_orders(&words, start, width, n);
        }
    }
}
