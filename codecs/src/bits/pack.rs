//! Writing of fixed-width streams, the inverse of [`unpack`](super::unpack).

use core::marker::PhantomData;

use super::{Order, index};
use crate::simd::{self, OVERHANG, wide};

/// Store words from the word position `first` on; those beyond the end of `payload` are dropped.
pub(crate) fn put_words<O: Order>(payload: &mut [u8], first: usize, words: impl IntoIterator<Item = u32>) {
    for (bytes, word) in payload.as_chunks_mut::<4>().0.iter_mut().skip(first).zip(words) {
        *bytes = O::word_bytes(word);
    }
}

/// Pack one token of `width` bits (1 to 32; higher bits are cut off) for each value from bit `start` on, which is the first
/// of a word or the 25th. What lies before `start` stays, the unused bits of the last word become zero.
pub(crate) fn pack<O: Order, T: Copy>(
    payload: &mut [u8],
    start: u64,
    width: u32,
    values: &[T],
    map: impl Fn(T) -> u32 + Copy,
) {
    debug_assert!((1..=32).contains(&width));
    let (stream, _) = payload.as_chunks_mut::<4>();
    let stream = stream.get_mut(index(start / 32)..).unwrap_or_default();
    debug_assert!((start % 32 + values.len() as u64 * u64::from(width)).div_ceil(32) <= stream.len() as u64);
    let (offset, order) = (start % 32, PhantomData::<O>);
    wide!(pack_words; order, stream, offset, width, values, map);
}

#[inline(always)]
fn pack_words<O: Order, T: Copy>(
    _: PhantomData<O>,
    stream: &mut [[u8; 4]],
    offset: u64,
    width: u32,
    values: &[T],
    map: impl Fn(T) -> u32 + Copy,
) {
    match (offset, width) {
        (0, 8) => {
            let (groups, rest) = values.as_chunks::<4>();
            let byte = |value| map(value).to_be_bytes()[3];
            let word = |group: &[T; 4]| O::word_bytes(u32::from_be_bytes(group.map(byte)));
            for (bytes, group) in stream.iter_mut().zip(groups) {
                *bytes = word(group);
            }
            if let (Some(bytes), [_, ..]) = (stream.get_mut(groups.len()), rest) {
                let mut last = [0; 4];
                last.iter_mut().zip(rest).for_each(|(last, &value)| *last = byte(value));
                *bytes = O::word_bytes(u32::from_be_bytes(last));
            }
        }
        (0, 16) => {
            let (groups, rest) = values.as_chunks::<2>();
            for (bytes, &[high, low]) in stream.iter_mut().zip(groups) {
                *bytes = O::word_bytes(map(high) << 16 | map(low) & 0xFFFF);
            }
            if let (Some(bytes), &[last]) = (stream.get_mut(groups.len()), rest) {
                *bytes = O::word_bytes(map(last) << 16);
            }
        }
        (0, 32) => {
            for (bytes, &value) in stream.iter_mut().zip(values) {
                *bytes = O::word_bytes(map(value));
            }
        }
        _ => pack_blocks::<O, T>(stream, index(offset / 8), width, values, map),
    }
}

/// Tokens that are packed together. Any number of eights would do: they fill whole bytes.
const BLOCK: usize = 256;

/// Tokens of any width, behind the first `kept` bytes of the first word.
#[inline(always)]
fn pack_blocks<O: Order, T: Copy>(
    stream: &mut [[u8; 4]],
    kept: usize,
    width: u32,
    values: &[T],
    map: impl Fn(T) -> u32 + Copy,
) {
    debug_assert!(kept < 4);
    let mask = u32::MAX >> (32 - width);
    let mut tokens = [0; BLOCK];
    // The stream in byte order: what is kept of the word before, the tokens, and what the last store writes too much.
    let mut bytes = [0; 4 + BLOCK * 4 + OVERHANG];
    if let Some(&first) = stream.first() {
        bytes[..4].copy_from_slice(&O::word(first).to_be_bytes());
    }
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let whole = BLOCK / 32 * width as usize;
    let mut stream = stream;
    for block in blocks {
        for (token, &value) in tokens.iter_mut().zip(block) {
            *token = map(value) & mask;
        }
        eights(&tokens, width, &mut bytes[kept..]);
        let Some((now, later)) = stream.split_at_mut_checked(whole) else { return };
        for (word, bytes) in now.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *word = O::word_bytes(u32::from_be_bytes(*bytes));
        }
        bytes.copy_within(4 * whole..4 * whole + 4, 0);
        stream = later;
    }
    tokens.fill(0);
    for (token, &value) in tokens.iter_mut().zip(rest) {
        *token = map(value) & mask;
    }
    eights(&tokens, width, &mut bytes[kept..]);
    let used = (8 * kept + rest.len() * width as usize).div_ceil(32);
    for (word, bytes) in stream.iter_mut().zip(&bytes.as_chunks::<4>().0[..used]) {
        *word = O::word_bytes(u32::from_be_bytes(*bytes));
    }
}

/// Pack tokens into `width` bytes for each eight of them; zeros follow.
///
/// Tokens become pairs and fours, and these are shifted to where they are to lie: that is done with vectors. The stores
/// overlap, each puts right what the one before wrote too much.
#[inline(always)]
fn eights(tokens: &[u32; BLOCK], width: u32, out: &mut [u8]) {
    if simd::pack(tokens.as_chunks().0, width, out) {
        return;
    }
    let step = width as usize;
    let mut store = |at: usize, halves: [u64; 2]| {
        if let Some(bytes) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<OVERHANG>) {
            bytes.copy_from_slice(halves.map(u64::to_be_bytes).as_flattened());
        }
    };
    let mut pairs = [0; BLOCK / 2];
    for (pair, &[a, b]) in pairs.iter_mut().zip(tokens.as_chunks::<2>().0) {
        *pair = u64::from(a) << width | u64::from(b);
    }
    if width <= 16 {
        let mut all = [[0; 2]; BLOCK / 8];
        for (eight, &[a, b, c, d]) in all.iter_mut().zip(pairs.as_chunks::<4>().0) {
            *eight = joined(a << (2 * width) | b, c << (2 * width) | d, 4 * width);
        }
        for (i, eight) in all.into_iter().enumerate() {
            store(i * step, eight);
        }
        return;
    }
    // Four tokens of an odd width end in the middle of a byte, so the next ones start with its first half.
    let odd = width % 2;
    let mut all = [[[0; 2]; 2]; BLOCK / 8];
    for (eight, &[a, b, c, d]) in all.iter_mut().zip(pairs.as_chunks::<4>().0) {
        let [high, low] = joined(c, d, 2 * width);
        let down = 4 * odd;
        let before = (b & u64::from(15 * odd)) << 60;
        let later = [before | high >> down, high << 1 << (63 - down) | low >> down];
        *eight = [joined(a, b, 2 * width), later];
    }
    for (i, [now, later]) in all.into_iter().enumerate() {
        store(i * step, now);
        store(i * step + step / 2, later);
    }
}

/// Two numbers of `bits` bits (1 to 64), one after the other from the highest bit of 128 down.
#[inline(always)]
fn joined(a: u64, b: u64, bits: u32) -> [u64; 2] {
    let up = 64 - bits;
    [a << up | (b << up) >> 1 >> (bits - 1), b << up << up]
}

#[cfg(test)]
mod tests {
    use super::super::{Big, Little, Words, unpack};
    use super::*;
    use crate::packed::Threads;
    use proptest::prelude::*;

    fn check<O: Order>(tokens: &[u32], start: u64, width: u32) {
        let words = index((start + tokens.len() as u64 * u64::from(width)).div_ceil(32));
        let mut payload = vec![0xFF; words * 4 + 8];
        pack::<O, _>(&mut payload, start, width, tokens, |token| token);
        let mut read = vec![0; tokens.len()];
        unpack(Words::<O>::new(&payload), start, width, Threads::One, &mut read, |token| token).unwrap();
        let mask = u32::MAX >> (32 - width);
        assert_eq!(read, tokens.iter().map(|token| token & mask).collect::<Vec<_>>(), "{start} {width}");
        // What is before stays, the rest of the last word is zero, and what follows stays.
        let read = Words::<O>::new(&payload);
        let end = start + tokens.len() as u64 * u64::from(width);
        assert!((0..start).all(|bit| read.token(bit, 1) == 1));
        assert!(tokens.is_empty() || (end..words as u64 * 32).all(|bit| read.token(bit, 1) == 0));
        assert_eq!(payload[words * 4..], [0xFF; 8]);
    }

    proptest! {
        #[test]
        fn unpack_is_the_inverse(tokens in proptest::collection::vec(any::<u32>(), 0..600), words in 0_u64..4) {
            for width in 1..=32 {
                for start in [32 * words, 32 * words + 24] {
                    check::<Big>(&tokens, start, width);
                    check::<Little>(&tokens, start, width);
                }
            }
        }
    }

    #[test]
    fn words_are_put_in_place() {
        let mut payload = [0; 12];
        put_words::<Little>(&mut payload, 1, [1, 2, 3]);
        assert_eq!(payload, [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]);
    }
}
