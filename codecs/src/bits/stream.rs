//! Reading of tokens that all have the same width, the inverse of [`pack`](crate::tokens::pack()).

use super::Words;
use crate::cast::index;
use crate::error::DecodeError;
use crate::kernels::unpack::generic::GROUP;
use crate::kernels::{self, avx2_or_not};
use crate::order::Order;

/// Tokens that are unpacked to a buffer in the first-level cache, before they are mapped.
const TILE: usize = 256;

/// Tokens of one width. All of them are known to lie within the payload.
pub(crate) struct Stream<'a, O> {
    words: Words<'a, O>,
    start: u64,
    width: u32,
}

impl<'a, O: Order> Stream<'a, O> {
    /// `n` tokens of `width` bits (1 to 32) that start at bit `start`. An error if the payload ends before the last one.
    pub(crate) fn new(words: Words<'a, O>, start: u64, width: u32, n: usize) -> Result<Self, DecodeError> {
        debug_assert!((1..=32).contains(&width));
        let end = (n as u64).saturating_mul(u64::from(width)).saturating_add(start);
        words.check_end("token", end)?;
        Ok(Self { words, start, width })
    }
}

impl<O: Order> Stream<'_, O> {
    /// Fill `out` with the mapped tokens from token `first` on.
    ///
    /// Tokens of 8, 16 or 32 bits at a word boundary are taken from whole words; others go through the AVX2 kernel if they
    /// start at a byte. The rest is read by groups, or one by one if it is short.
    pub(crate) fn read<T>(&self, first: u64, out: &mut [T], map: impl Fn(u32) -> T + Copy) {
        let (words, width) = (self.words, self.width);
        let start = self.start + first * u64::from(width);
        let stream = words.from(start / 32).unwrap_or(words);
        let offset = start % 32;
        let mut done = {
            let out = &mut *out;
            avx2_or_not!(aligned; stream, offset, width, out, map)
        };
        if done == 0 && offset.is_multiple_of(8) {
            done = kernels::unpack::<O, T>(stream.bytes, index(offset / 8), width, out, map);
        }
        let rest = &mut out[done..];
        let bit = offset + done as u64 * u64::from(width);
        if rest.len() < GROUP {
            for (value, i) in rest.iter_mut().zip(0..) {
                *value = map(stream.token(bit + i * u64::from(width), width));
            }
        } else {
            self.read_tiles(start - offset + bit, rest, map);
        }
    }

    /// Fill `out` with the mapped tokens from bit `start` on, by way of a buffer: the unpacking is not compiled per `T` and map.
    #[inline(never)]
    fn read_tiles<T>(&self, start: u64, out: &mut [T], map: impl Fn(u32) -> T + Copy) {
        let mut tile = [0; TILE];
        let mut bit = start;
        for out in out.chunks_mut(TILE) {
            let tokens = &mut tile[..out.len()];
            self.read_tile(bit, tokens);
            bit += out.len() as u64 * u64::from(self.width);
            for (value, &token) in out.iter_mut().zip(&*tokens) {
                *value = map(token);
            }
        }
    }

    /// Unpack tokens from bit `start` on, without AVX2.
    #[inline(never)]
    fn read_tile(&self, start: u64, out: &mut [u32]) {
        let (words, width) = (self.words, self.width);
        let stream = words.from(start / 32).unwrap_or(words);
        let offset = start % 32;
        let done = kernels::unpack::generic::unpack::<O>(stream.bytes, offset, width, out);
        let mut bit = offset + done as u64 * u64::from(width);
        for value in &mut out[done..] {
            *value = stream.token(bit, width);
            bit += u64::from(width);
        }
    }
}

/// Unpack `out.len()` tokens of `width` bits (1 to 32) that start at bit `start`.
pub(crate) fn unpack<O: Order>(
    words: Words<'_, O>,
    start: u64,
    width: u32,
    out: &mut [u32],
) -> Result<(), DecodeError> {
    Stream::new(words, start, width, out.len())?.read(0, out, |token| token);
    Ok(())
}

/// Tokens of two words, as 64-bit numbers with the first word in the high half. All of them are known to lie within the
/// payload.
pub(crate) struct Pairs<'a, O>(Words<'a, O>);

impl<'a, O: Order> Pairs<'a, O> {
    /// The first `n` pairs of words. An error if the payload ends before the last one.
    pub(crate) fn new(words: Words<'a, O>, n: usize) -> Result<Self, DecodeError> {
        words.check_end("token", (n as u64).saturating_mul(64))?;
        Ok(Self(words))
    }
}

impl<O: Order> Pairs<'_, O> {
    /// Fill `out` with the mapped pairs from pair `first` on.
    pub(crate) fn read<T>(&self, first: u64, out: &mut [T], map: impl Fn(u64) -> T + Copy) {
        let words = self.0.from(2 * first).unwrap_or(self.0);
        avx2_or_not!(pairs; words, out, map);
    }
}

#[inline(always)]
fn pairs<O: Order, T>(words: Words<'_, O>, out: &mut [T], map: impl Fn(u64) -> T) {
    for (value, pair) in out.iter_mut().zip(words.pairs()) {
        *value = map(pair);
    }
}

/// Map tokens of 8, 16 or 32 bits that start at a word boundary, from whole words. Returns how many: 0 for other streams.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Big, Little};
    use proptest::prelude::*;

    #[test]
    fn tokens_follow_each_other_without_gaps() {
        // 00001 00010 00011 11111 00000 10001 01001, and 29 bits unused
        let words = Words::<Big>::new(&[0x08, 0x87, 0xf0, 0x45, 0x20, 0, 0, 0]);
        let mut out = [0; 7];
        unpack(words, 0, 5, &mut out).unwrap();
        assert_eq!(out, [1, 2, 3, 31, 0, 17, 9]);
        let mut pairs = [0; 1];
        Pairs::new(words, 1).unwrap().read(0, &mut pairs, |pair| pair);
        assert_eq!(pairs, [0x0887_f045_2000_0000]);
        assert!(Pairs::new(words, 2).is_err());
    }

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
        unpack(Words::<O>::new(bytes), start, width, &mut out).unwrap();
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
        assert!(unpack(words, 0, 32, &mut [0; 3]).is_ok());
        assert!(unpack(words, 0, 32, &mut [0; 4]).is_err());
        assert!(unpack(words, 1, 19, &mut [0; 5]).is_ok());
        assert!(unpack(words, 2, 19, &mut [0; 5]).is_err());
        assert!(unpack(words, u64::MAX, 1, &mut [0; 1]).is_err());
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
