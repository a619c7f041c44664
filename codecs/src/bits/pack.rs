//! Writing of fixed-width streams, the inverse of [`unpack`](super::unpack).

use alloc::vec::Vec;
use core::marker::PhantomData;

use super::Order;
use crate::simd::{self, Number, OVERHANG, wide};

/// Append words.
pub(crate) fn put_words<O: Order>(out: &mut Vec<u8>, words: impl IntoIterator<Item = u32>) {
    for word in words {
        out.extend_from_slice(&O::word_bytes(word));
    }
}

/// Append one token of `width` bits (1 to 32; higher bits are cut off) for each value, behind the first `kept` bytes (0 to 3) of
/// the last word of `out`. The unused bits of the new last word are zero.
pub(crate) fn pack<O: Order, T: Copy, N: Number>(
    out: &mut Vec<u8>,
    kept: usize,
    width: u32,
    values: &[T],
    map: impl Fn(T) -> N + Copy,
) {
    debug_assert!((1..=32).contains(&width) && kept < 4);
    let order = PhantomData::<O>;
    wide!(pack_tokens; order, out, kept, width, values, map);
}

#[inline(always)]
fn pack_tokens<O: Order, T: Copy, N: Number>(
    _: PhantomData<O>,
    out: &mut Vec<u8>,
    kept: usize,
    width: u32,
    values: &[T],
    map: impl Fn(T) -> N + Copy,
) {
    match (kept, width) {
        (0, 8) => {
            let byte = move |value| map(value).token().to_be_bytes()[3];
            let (groups, rest) = values.as_chunks::<4>();
            append_each(out, groups, move |group| O::word_bytes(u32::from_be_bytes(group.map(byte))));
            if !rest.is_empty() {
                let mut last = [0; 4];
                last.iter_mut().zip(rest).for_each(|(last, &value)| *last = byte(value));
                put_words::<O>(out, [u32::from_be_bytes(last)]);
            }
        }
        (0, 16) => {
            let (groups, rest) = values.as_chunks::<2>();
            append_each(out, groups, move |&[high, low]| {
                O::word_bytes(map(high).token() << 16 | map(low).token() & 0xFFFF)
            });
            put_words::<O>(out, rest.iter().map(|&last| map(last).token() << 16));
        }
        (0, 32) => append_each(out, values, move |&value| O::word_bytes(map(value).token())),
        _ => pack_blocks::<O, T, N>(out, kept, width, values, map),
    }
}

/// Append two words for each value, the high half of its 64 bits first.
pub(crate) fn pack_pairs<O: Order, T: Copy>(out: &mut Vec<u8>, values: &[T], map: impl Fn(T) -> u64 + Copy) {
    let order = PhantomData::<O>;
    wide!(append_pairs; order, out, values, map);
}

#[inline(always)]
fn append_pairs<O: Order, T: Copy>(_: PhantomData<O>, out: &mut Vec<u8>, values: &[T], map: impl Fn(T) -> u64 + Copy) {
    append_each(out, values, move |&value| O::pair_bytes(map(value)));
}

/// Append the bytes of each value. They pass through a block in the first-level cache: memory that is to be overwritten would
/// have to be filled with zeros first.
#[inline(always)]
fn append_each<const N: usize, T: Copy>(out: &mut Vec<u8>, values: &[T], bytes: impl Fn(&T) -> [u8; N] + Copy) {
    let mut block = [[0; N]; 512];
    for values in values.chunks(block.len()) {
        let block = &mut block[..values.len()];
        for (block, value) in block.iter_mut().zip(values) {
            *block = bytes(value);
        }
        out.extend_from_slice(block.as_flattened());
    }
}

/// Tokens that are packed together. Any multiple of 32 would do: they fill whole words.
const BLOCK: usize = 256;

/// Tokens of any width.
#[inline(always)]
fn pack_blocks<O: Order, T: Copy, N: Number>(
    out: &mut Vec<u8>,
    kept: usize,
    width: u32,
    values: &[T],
    map: impl Fn(T) -> N + Copy,
) {
    // The stream in byte order: what is kept of the word before, the tokens, and what the last store writes too much.
    let mut bytes = [0; 4 + BLOCK * 4 + OVERHANG];
    if kept > 0
        && let Some(&last) = out.last_chunk()
    {
        bytes[..4].copy_from_slice(&O::word(last).to_be_bytes());
        out.truncate(out.len() - 4);
    }
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let whole = BLOCK / 32 * width as usize;
    for block in blocks {
        eights(block, width, map, &mut bytes[kept..]);
        let begun = [0, 1, 2, 3].map(|byte| bytes[4 * whole + byte]);
        append_words::<O>(out, &mut bytes.as_chunks_mut().0[..whole]);
        bytes[..4].copy_from_slice(&begun);
    }
    let mut tokens = [0; BLOCK];
    for (token, &value) in tokens.iter_mut().zip(rest) {
        *token = map(value).token();
    }
    eights(&tokens[..rest.len().next_multiple_of(16)], width, |token| token, &mut bytes[kept..]);
    let used = 8 * kept + rest.len() * width as usize;
    let (words, _) = bytes.as_chunks_mut::<4>();
    let words = &mut words[..used.div_ceil(32)];
    let unused = words.len() * 32 - used;
    if let Some(last) = words.last_mut() {
        *last = (u32::from_be_bytes(*last) >> unused << unused).to_be_bytes();
    }
    append_words::<O>(out, words);
}

/// Append words that are given in byte order, which are overwritten.
#[inline(always)]
fn append_words<O: Order>(out: &mut Vec<u8>, words: &mut [[u8; 4]]) {
    if !O::IN_ORDER {
        for word in &mut *words {
            *word = O::word_bytes(u32::from_be_bytes(*word));
        }
    }
    out.extend_from_slice(words.as_flattened());
}

/// Pack tokens, a multiple of 16 and a block at most, into `width` bytes for each eight of them; zeros follow.
///
/// Tokens become pairs and fours, and these are shifted to where they are to lie: that is done with vectors. The stores
/// overlap, each puts right what the one before wrote too much.
#[inline(always)]
fn eights<T: Copy, N: Number>(values: &[T], width: u32, map: impl Fn(T) -> N + Copy, out: &mut [u8]) {
    if simd::pack(values.as_chunks().0, width, map, out) {
        return;
    }
    let mask = u32::MAX >> (32 - width);
    let mut tokens = [0; BLOCK];
    for (token, &value) in tokens.iter_mut().zip(values) {
        *token = map(value).token() & mask;
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

    fn check<O: Order>(tokens: &[u32], words: usize, kept: usize, width: u32) {
        let mut payload = vec![0xFF; 4 * (words + usize::from(kept > 0))];
        let before = payload.len();
        pack::<O, _, _>(&mut payload, kept, width, tokens, |token| token);
        let start = (words * 32 + kept * 8) as u64;
        let end = start + tokens.len() as u64 * u64::from(width);
        assert_eq!(payload.len() as u64, (end.div_ceil(32) * 4).max(before as u64));
        let mut read = vec![0; tokens.len()];
        unpack(Words::<O>::new(&payload), start, width, Threads::One, &mut read, |token| token).unwrap();
        let mask = u32::MAX >> (32 - width);
        assert_eq!(read, tokens.iter().map(|token| token & mask).collect::<Vec<_>>(), "{start} {width}");
        // What is before stays, the rest of the last word is zero.
        let read = Words::<O>::new(&payload);
        assert!((0..start).all(|bit| read.token(bit, 1) == 1));
        assert!((end..read.bits()).all(|bit| read.token(bit, 1) == 0));
    }

    proptest! {
        #[test]
        fn unpack_is_the_inverse(tokens in proptest::collection::vec(any::<u32>(), 0..600), words in 0_usize..4) {
            for width in 1..=32 {
                for kept in [0, 3] {
                    check::<Big>(&tokens, words, kept, width);
                    check::<Little>(&tokens, words, kept, width);
                }
            }
        }

        #[test]
        fn reals_become_their_integer_parts(reals in proptest::collection::vec(0.0..2_147_483_648.0, 0..600)) {
            for width in 1..=32 {
                let (mut payload, mut expected) = (Vec::new(), Vec::new());
                pack::<Big, _, _>(&mut payload, 0, width, &reals, |real| real);
                pack::<Big, _, _>(&mut expected, 0, width, &reals, |real: f64| real.token());
                prop_assert_eq!(&payload, &expected);
                // Without vectors.
                prop_assert!(reals.iter().all(|real| f64::from(real.token()).to_bits() == real.floor().to_bits()));
            }
        }

        #[test]
        fn pairs_are_words(values in proptest::collection::vec(any::<u64>(), 0..1100)) {
            let (mut big, mut little) = (vec![1], vec![1]);
            pack_pairs::<Big, _>(&mut big, &values, |value| value);
            pack_pairs::<Little, _>(&mut little, &values, |value| value);
            prop_assert!(Words::<Big>::new(&big[1..]).pairs().eq(values.iter().copied()));
            prop_assert!(Words::<Little>::new(&little[1..]).pairs().eq(values));
        }
    }

    #[test]
    fn nothing_of_the_block_before_is_left() {
        let tokens = [u32::MAX; BLOCK + 40];
        for width in 1..=32 {
            for n in BLOCK..tokens.len() {
                check::<Big>(&tokens[..n], 0, 3, width);
            }
        }
    }

    #[test]
    fn words_are_appended() {
        let mut payload = vec![7];
        put_words::<Little>(&mut payload, [1, 2]);
        assert_eq!(payload, [7, 1, 0, 0, 0, 2, 0, 0, 0]);
    }
}
