//! Writing of tokens that all have the same width, the inverse of [`Stream`](crate::bits::Stream).
//!
//! Tokens of 8, 16 and 32 bits are written as words directly. Others are packed by blocks, in the order of the bits, and
//! each block is flipped to the byte order of the payload when it is appended.

use alloc::vec::Vec;
use core::ops::Range;

use super::{MappedInput, StreamSource, append_each};
use crate::bits::{append_words, put_words};
use crate::kernels::avx2_or_not;
use crate::kernels::pack::OVERHANG;
use crate::kernels::pack::generic::{self, WHOLE};
use crate::order::{Little, Order};
use crate::types::WordOrder;

/// Tokens per block.
const BLOCK: usize = 512;

/// Append two words for each value, the word with its high 32 bits first.
pub(crate) fn pack_pairs<T: Copy>(order: WordOrder, out: &mut Vec<u8>, values: &[T], map: impl Fn(T) -> u64 + Copy) {
    let flip = order == WordOrder::Little;
    avx2_or_not!(append_pairs; flip, out, values, map);
}

#[inline(always)]
fn append_pairs<T: Copy>(flip: bool, out: &mut Vec<u8>, values: &[T], map: impl Fn(T) -> u64 + Copy) {
    if flip {
        append_each(out, values, move |&[value]| Little::pair_bytes(map(value)));
    } else {
        append_each(out, values, move |&[value]| map(value).to_be_bytes());
    }
}

/// Append the words that values are. The compiler makes one copy of it where the machine has the order of the words.
pub(crate) fn pack_words<T: Copy + Sync>(
    order: WordOrder,
    out: &mut Vec<u8>,
    values: &[T],
    word: impl Fn(T) -> u32 + Copy + Sync,
) {
    match order {
        WordOrder::Little => out.extend(values.iter().flat_map(|&value| word(value).to_le_bytes())),
        WordOrder::Big => pack(order, out, 0, 32, &MappedInput(values, word)),
    }
}

/// Append one token of `width` bits (1 to 32; higher bits are cut off) for each value, behind the first `kept` bytes (0 to 3) of
/// the last word of `out`. The unused bits of the new last word are zero.
pub(crate) fn pack(order: WordOrder, out: &mut Vec<u8>, kept: usize, width: u32, values: &dyn StreamSource) {
    debug_assert!((1..=32).contains(&width) && kept < 4);
    match (kept, width) {
        (0, 8 | 16 | 32) => pack_bytes(order, out, width, values),
        _ => pack_blocks(order, out, kept, width, values),
    }
}

/// Pack tokens of 8, 16 or 32 bits: a word holds a whole number of them.
fn pack_bytes(order: WordOrder, out: &mut Vec<u8>, width: u32, values: &dyn StreamSource) {
    values.append(width, order, out);
    let per_word = 32 / width as usize;
    let n = values.len() / per_word * per_word;
    let mut last = [0; 4];
    let last = &mut last[..values.len() - n];
    if !last.is_empty() {
        values.tokens(n, last);
        let bits = (0..).zip(last).fold(0, |bits, (i, &mut token)| bits | token << (32 - width) >> (width * i));
        put_words(order, out, [bits]);
    }
}

/// Pack tokens of any width.
fn pack_blocks(order: WordOrder, out: &mut Vec<u8>, kept: usize, width: u32, values: &dyn StreamSource) {
    let flip = order == WordOrder::Little;
    // One block in the order of the bits: the bytes kept from the word before, the tokens, and the overhang of the last store.
    let mut bytes = [0; 4 + BLOCK * 4 + OVERHANG];
    if kept > 0
        && let Some(&last) = out.last_chunk::<4>()
    {
        bytes[..4].copy_from_slice(&last);
        if flip {
            bytes[..4].reverse();
        }
        out.truncate(out.len() - 4);
    }
    let n = values.len();
    let whole = n / WHOLE * WHOLE;
    for first in (0..whole).step_by(BLOCK) {
        let part = first..whole.min(first + BLOCK);
        let words = part.len() / WHOLE * width as usize;
        eights(values, part, width, &mut bytes[kept..]);
        let begun = [0, 1, 2, 3].map(|byte| bytes[4 * words + byte]);
        append_words(flip, out, &mut bytes.as_chunks_mut().0[..words]);
        bytes[..4].copy_from_slice(&begun);
    }
    let mut tokens = [0; WHOLE];
    values.tokens(whole, &mut tokens[..n - whole]);
    eights(&MappedInput(&tokens, |token: u32| token), 0..WHOLE, width, &mut bytes[kept..]);
    let used = 8 * kept + (n - whole) * width as usize;
    let (words, _) = bytes.as_chunks_mut::<4>();
    let words = &mut words[..used.div_ceil(32)];
    let unused = words.len() * 32 - used;
    if let Some(last) = words.last_mut() {
        *last = (u32::from_be_bytes(*last) >> unused << unused).to_be_bytes();
    }
    append_words(flip, out, words);
}

/// Pack the tokens of `part`, `width` bytes for each eight of them. Zeros follow. The length of `part` is a multiple of
/// [`WHOLE`], and a block at most.
fn eights(values: &dyn StreamSource, part: Range<usize>, width: u32, out: &mut [u8]) {
    if values.pack(part.clone(), width, out) {
        return;
    }
    for first in part.clone().step_by(WHOLE) {
        let mut tokens = [0; WHOLE];
        values.tokens(first, &mut tokens);
        let out = &mut out[(first - part.start) / 8 * width as usize..];
        let tokens = &tokens;
        avx2_or_not!(generic::pack; tokens, width, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::{Words, unpack};
    use crate::order::Big;
    use proptest::prelude::*;

    /// Example E6 of docs/format/codecs.md, section 16: the header of type 1 ends after three bytes of its last word.
    #[test]
    fn a_stream_may_start_within_a_word() {
        let tokens = [0x440, 0x5c0, 0, 0xd40, 0x359];
        let mut out = vec![0x00, 0x00, 0x0c, 0xff];
        pack(WordOrder::Big, &mut out, 3, 12, &MappedInput(&tokens, |token: u32| token));
        assert_eq!(out, [0x00, 0x00, 0x0c, 0x44, 0x05, 0xc0, 0x00, 0x0d, 0x40, 0x35, 0x90, 0x00]);
        // In RSF files the first three bytes in the order of the bits are the last three of the word.
        let mut out = vec![0xff, 0x0c, 0x00, 0x00];
        pack(WordOrder::Little, &mut out, 3, 12, &MappedInput(&tokens, |token: u32| token));
        assert_eq!(out, [0x44, 0x0c, 0x00, 0x00, 0x0d, 0x00, 0xc0, 0x05, 0x00, 0x90, 0x35, 0x40]);
    }

    fn check<O: Order>(tokens: &[u32], words: usize, kept: usize, width: u32) {
        let mut payload = vec![0xFF; 4 * (words + usize::from(kept > 0))];
        let before = payload.len();
        pack(
            if O::IN_ORDER { WordOrder::Big } else { WordOrder::Little },
            &mut payload,
            kept,
            width,
            &MappedInput(tokens, |token| token),
        );
        let start = (words * 32 + kept * 8) as u64;
        let end = start + tokens.len() as u64 * u64::from(width);
        assert_eq!(payload.len() as u64, (end.div_ceil(32) * 4).max(before as u64));
        let mut read = vec![0; tokens.len()];
        unpack(Words::<O>::new(&payload), start, width, &mut read).unwrap();
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
        fn pairs_are_words(values in proptest::collection::vec(any::<u64>(), 0..1100)) {
            let (mut big, mut little) = (vec![1], vec![1]);
            pack_pairs(WordOrder::Big, &mut big, &values, |value| value);
            pack_pairs(WordOrder::Little, &mut little, &values, |value| value);
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
}
