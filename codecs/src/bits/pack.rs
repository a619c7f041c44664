//! Writing of fixed-width streams, the inverse of [`unpack`](super::unpack).

use super::{GROUP, Order, index};

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
    map: impl Fn(T) -> u32,
) {
    debug_assert!((1..=32).contains(&width));
    let (stream, _) = payload.as_chunks_mut::<4>();
    let stream = stream.get_mut(index(start / 32)..).unwrap_or_default();
    debug_assert!((start % 32 + values.len() as u64 * u64::from(width)).div_ceil(32) <= stream.len() as u64);
    match (start % 32, width) {
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
        (0, _) => pack_groups::<O, T, 0>(stream, width, values, map),
        (offset, _) => {
            debug_assert_eq!(offset, 24);
            pack_groups::<O, T, 24>(stream, width, values, map);
        }
    }
}

/// Groups of 32 tokens: as many words as a token has bits, and all shifts known.
#[inline(always)]
fn pack_groups<O: Order, T: Copy, const OFFSET: usize>(
    stream: &mut [[u8; 4]],
    width: u32,
    values: &[T],
    map: impl Fn(T) -> u32,
) {
    // The bits before the group in its first word.
    let mut before = stream.first().map_or(0, |&bytes| O::word(bytes)) & !(u32::MAX >> OFFSET);
    let mut tokens = [0; GROUP];
    let group = groups::select::<O, OFFSET>(width);
    let width = width as usize;
    let (chunks, rest) = values.as_chunks::<GROUP>();
    let mut stream = stream;
    for chunk in chunks {
        for (token, &value) in tokens.iter_mut().zip(chunk) {
            *token = map(value);
        }
        let Some((now, later)) = stream.split_at_mut_checked(width) else { return };
        before = group(&tokens, before, now);
        stream = later;
    }
    tokens = [0; GROUP];
    for (token, &value) in tokens.iter_mut().zip(rest) {
        *token = map(value);
    }
    let mut last = [[0; 4]; GROUP + 1];
    last[width] = O::word_bytes(group(&tokens, before, &mut last));
    let used = (OFFSET + rest.len() * width).div_ceil(32);
    for (bytes, last) in stream.iter_mut().zip(&last[..used]) {
        *bytes = *last;
    }
}

mod groups {
    //! One function per token width, with all shifts known at compile time.

    use super::{GROUP, Order};

    /// Packs 32 tokens behind the bits that are in their first word already; returns those for the next group.
    pub(super) type Group = fn(&[u32; GROUP], u32, &mut [[u8; 4]]) -> u32;

    #[inline(always)]
    fn token<const WIDTH: usize, const OFFSET: usize>(words: &mut [u32; GROUP + 2], i: usize, token: u32) {
        let (word, shift) = ((OFFSET + i * WIDTH) / 32, (OFFSET + i * WIDTH) % 32);
        let high = (token << (32 - WIDTH)) >> shift;
        // The first token of a word clears it.
        words[word] = if shift == 0 { high } else { words[word] | high };
        if shift + WIDTH > 32 {
            words[word + 1] = token << (64 - WIDTH - shift);
        }
    }

    fn group<O: Order, const WIDTH: usize, const OFFSET: usize>(
        tokens: &[u32; GROUP],
        before: u32,
        out: &mut [[u8; 4]],
    ) -> u32 {
        let mut words = [0; GROUP + 2];
        words[0] = before;
        macro_rules! all {
            ($($i:literal)*) => { $( token::<WIDTH, OFFSET>(&mut words, $i, tokens[$i]); )* };
        }
        all!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
        if let Some(out) = out.first_chunk_mut::<WIDTH>() {
            for (bytes, word) in out.iter_mut().zip(words) {
                *bytes = O::word_bytes(word);
            }
        }
        if OFFSET == 0 { 0 } else { words[WIDTH] }
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
    use super::super::{Big, Little, Words, unpack};
    use super::*;
    use proptest::prelude::*;

    fn check<O: Order>(tokens: &[u32], start: u64, width: u32) {
        let words = index((start + tokens.len() as u64 * u64::from(width)).div_ceil(32));
        let mut payload = vec![0xFF; words * 4 + 8];
        pack::<O, _>(&mut payload, start, width, tokens, |token| token);
        let mut read = vec![0; tokens.len()];
        unpack(Words::<O>::new(&payload), start, width, &mut read, |token| token).unwrap();
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
        fn unpack_is_the_inverse(tokens in proptest::collection::vec(any::<u32>(), 0..150), words in 0_u64..4) {
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
