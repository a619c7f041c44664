//! Writing of tokens of different widths.

use alloc::vec;
use alloc::vec::Vec;

use crate::cast::index;
use crate::kernels::avx2_or_not;
use crate::types::WordOrder;

/// Takes the tokens of a stream one after the other: to write them, or only to count their bits.
pub(crate) trait BitSink {
    /// Append a token of `width` bits (1 to 64). Higher bits of `value` must be zero.
    fn put(&mut self, value: u64, width: u32);
    /// Number of bits so far.
    fn len(&self) -> u64;
    /// Make sure that the next `room` bits fit: see [`BitWriter::new`].
    fn make_room(&mut self);
}

/// Counts bits and stores none.
#[derive(Default)]
pub(crate) struct BitCounter(u64);

impl BitSink for BitCounter {
    #[inline(always)]
    fn put(&mut self, _: u64, width: u32) {
        self.0 += u64::from(width);
    }
    fn len(&self) -> u64 {
        self.0
    }
    fn make_room(&mut self) {}
}

/// Writes tokens to the end of a byte vector, most significant bit first.
///
/// Tokens go into a buffer of fixed size, as pairs of big-endian words. So [`put`](BitSink::put) never grows a vector. The
/// caller calls [`make_room`](BitSink::make_room) before it has put more than `room` bits, which moves the buffer to the
/// output when it is nearly full.
pub(crate) struct BitWriter<'o> {
    out: &'o mut Vec<u8>,
    buffer: Vec<[u8; 8]>,
    /// Pairs that must fit into the buffer after [`make_room`](BitSink::make_room).
    room: usize,
    /// Complete pairs in the buffer.
    filled: usize,
    /// The incomplete pair, left-aligned.
    pair: u64,
    /// Bits in the incomplete pair, 0 to 63.
    bits: u32,
    /// Pairs that were moved to the output.
    flushed: u64,
    /// Byte order of the words in the output.
    order: WordOrder,
}

impl<'o> BitWriter<'o> {
    /// Start a stream at the end of `out`. At most `room` bits may be put between calls of [`make_room`](BitSink::make_room).
    pub(crate) fn new(order: WordOrder, out: &'o mut Vec<u8>, room: u64) -> Self {
        let room = index(room / 64 + 2);
        // Twice the room, so that only every other call has to flush.
        let buffer = vec![[0; 8]; room.saturating_mul(2)];
        Self { out, buffer, room, filled: 0, pair: 0, bits: 0, flushed: 0, order }
    }

    /// End the stream without padding: append the complete pairs, and return the incomplete one and its number of bits.
    pub(crate) fn finish_pairs(mut self) -> (u64, u32) {
        self.flush();
        (self.pair, self.bits)
    }

    /// Append pairs of big-endian words, which another writer has made, at the current bit position.
    pub(crate) fn put_pairs(&mut self, pairs: &[[u8; 8]]) {
        self.flush();
        for pairs in pairs.chunks(self.buffer.len()) {
            for (bytes, &pair) in self.buffer.iter_mut().zip(pairs) {
                let next = u64::from_be_bytes(pair);
                *bytes = (self.pair | next >> self.bits).to_be_bytes();
                self.pair = next << (63 - self.bits) << 1;
            }
            self.filled = pairs.len();
            self.flush();
        }
    }

    /// Move the complete pairs to the output.
    fn flush(&mut self) {
        let pairs = &mut self.buffer[..self.filled];
        append_words(self.order == WordOrder::Little, self.out, pairs.as_flattened_mut().as_chunks_mut().0);
        self.flushed += self.filled as u64;
        self.filled = 0;
    }

    /// End the stream: append everything, with zeros up to the end of the last word.
    pub(crate) fn finish(mut self) {
        self.flush();
        let words = self.bits.div_ceil(32) as usize;
        let mut pair = self.pair.to_be_bytes();
        append_words(self.order == WordOrder::Little, self.out, &mut pair.as_chunks_mut().0[..words]);
    }
}

impl BitSink for BitWriter<'_> {
    #[inline(always)]
    fn len(&self) -> u64 {
        (self.flushed + self.filled as u64) * 64 + u64::from(self.bits)
    }

    /// Stores the pair on every call and advances `filled` by 0 or 1. The loop-carried dependency is one conditional move,
    /// with no branch to mispredict.
    #[inline(always)]
    fn put(&mut self, value: u64, width: u32) {
        debug_assert!((1..=64).contains(&width) && (width == 64 || value >> width == 0));
        let value = value << (64 - width);
        let pair = self.pair | value >> self.bits;
        if let Some(bytes) = self.buffer.get_mut(self.filled) {
            *bytes = pair.to_be_bytes();
        } else {
            debug_assert!(false, "no room");
        }
        let rest = value << (63 - self.bits) << 1;
        let bits = self.bits + width;
        self.pair = if bits >= 64 { rest } else { pair };
        self.filled += (bits >> 6) as usize;
        self.bits = bits & 63;
    }

    #[inline(always)]
    fn make_room(&mut self) {
        if self.buffer.len() - self.filled < self.room {
            self.flush();
        }
    }
}

#[inline(always)]
fn reverse(words: &mut [[u8; 4]]) {
    for word in words {
        *word = u32::from_be_bytes(*word).to_le_bytes();
    }
}

/// Append big-endian words, or little-endian ones if `flip`: then their bytes are reversed in place first.
#[inline(always)]
pub(crate) fn append_words(flip: bool, out: &mut Vec<u8>, words: &mut [[u8; 4]]) {
    if flip {
        let words = &mut *words;
        avx2_or_not!(reverse; words);
    }
    out.extend_from_slice(words.as_flattened());
}

#[cfg(test)]
mod tests {
    use super::super::Words;
    use super::*;
    use crate::example::rsf;
    use crate::order::{Big, Little, Order};
    use proptest::prelude::*;

    #[test]
    fn tokens_of_any_width_follow_each_other() {
        let tokens = [(0b101, 3), (0x1234, 16), (0, 1), (0b1111, 4)];
        // 101 0001001000110100 0 1111, and 8 bits unused
        let xdf = [0b1010_0010, 0b0100_0110, 0b1000_1111, 0];
        for (order, expected) in [(WordOrder::Big, xdf.to_vec()), (WordOrder::Little, rsf(&xdf))] {
            let mut out = Vec::new();
            let mut writer = BitWriter::new(order, &mut out, 24);
            let mut counter = BitCounter::default();
            for (value, width) in tokens {
                writer.put(value, width);
                counter.put(value, width);
            }
            assert_eq!((writer.len(), counter.len()), (24, 24));
            writer.finish();
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn pairs_of_words_are_joined_to_what_is_there() {
        let mut out = Vec::new();
        let mut writer = BitWriter::new(WordOrder::Big, &mut out, 64);
        writer.put(0xa, 4);
        writer.put_pairs(&[[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]]);
        assert_eq!(writer.finish_pairs(), (0xf << 60, 4));
        assert_eq!(out, [0xa0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde]);
    }

    fn check<O: Order>(order: WordOrder, tokens: &[(u64, u32)]) {
        let mut out = vec![9; 3];
        let mut writer = BitWriter::new(order, &mut out, 192);
        let mut bits = 0;
        for (i, &(value, width)) in tokens.iter().enumerate() {
            let value = if width == 64 { value } else { value & ((1 << width) - 1) };
            writer.put(value, width);
            if i % 3 > 0 {
                writer.make_room();
            }
            bits += u64::from(width);
            assert_eq!(writer.len(), bits);
        }
        writer.finish();
        assert_eq!((out.len() as u64 - 3) / 4, bits.div_ceil(32));
        let words = Words::<O>::new(&out[3..]);
        let mut at = 0;
        for &(value, width) in tokens {
            let bit = |i: u64| u64::from(words.token(at + i, 1));
            let read = (0..u64::from(width)).fold(0, |read, i| read << 1 | bit(i));
            assert_eq!(read, if width == 64 { value } else { value & ((1 << width) - 1) });
            at += u64::from(width);
        }
        assert!((at..words.bits()).all(|bit| words.token(bit, 1) == 0));
    }

    proptest! {
        #[test]
        fn tokens_are_read_back(tokens in proptest::collection::vec((any::<u64>(), 1_u32..=64), 0..60)) {
            check::<Big>(WordOrder::Big, &tokens);
            check::<Little>(WordOrder::Little, &tokens);
        }
    }
}
