//! Writing of streams whose tokens have different widths.

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

use super::{Order, low32};

/// A stream that is being written, most significant bit first.
///
/// Words go to a buffer of fixed size first, without a question asked per token; [`flush`](Self::flush), to be called at
/// least once per [`room`](Self::new), appends the whole ones to the output.
pub(crate) struct Writer<'o, O> {
    out: &'o mut Vec<u8>,
    buffer: Vec<u8>,
    /// Bytes of whole words in the buffer.
    filled: usize,
    /// The word that is being filled, in the high bits.
    word: u64,
    /// Bits of it that are there, below 32.
    bits: u32,
    /// Words that were flushed.
    flushed: u64,
    order: PhantomData<O>,
}

/// What the longest token writes at once.
const STORE: usize = 16;

impl<'o, O: Order> Writer<'o, O> {
    /// A stream at the end of `out`, with room for so many bits between flushes.
    pub(crate) fn new(out: &'o mut Vec<u8>, room: usize) -> Self {
        Self { out, buffer: vec![0; room / 8 + 2 * STORE], filled: 0, word: 0, bits: 0, flushed: 0, order: PhantomData }
    }

    /// Number of bits written.
    pub(crate) fn len(&self) -> u64 {
        self.flushed * 32 + self.filled as u64 * 8 + u64::from(self.bits)
    }

    /// Write the low `width` bits (1 to 32) of a value that has no others.
    #[inline(always)]
    pub(crate) fn put(&mut self, value: u64, width: u32) {
        debug_assert!((1..=32).contains(&width) && value >> width == 0);
        let word = self.word | value << (64 - self.bits - width);
        if let Some(bytes) = self.buffer.get_mut(self.filled..).and_then(<[u8]>::first_chunk_mut) {
            *bytes = O::pair_bytes(word);
        } else {
            debug_assert!(false, "no room");
        }
        let bits = self.bits + width;
        self.word = word << (bits & 32);
        self.filled += (bits >> 5 << 2) as usize;
        self.bits = bits & 31;
    }

    /// As [`put`](Self::put), of 1 to 64 bits.
    #[inline(always)]
    pub(crate) fn put_wide(&mut self, value: u64, width: u32) {
        debug_assert!((1..=64).contains(&width) && (width == 64 || value >> width == 0));
        let value = value << (64 - width);
        let high = self.word | value >> self.bits;
        let low = value << (63 - self.bits) << 1;
        if let Some(bytes) = self.buffer.get_mut(self.filled..).and_then(<[u8]>::first_chunk_mut::<STORE>) {
            let (first, second) = bytes.split_at_mut(8);
            first.copy_from_slice(&O::pair_bytes(high));
            second.copy_from_slice(&O::pair_bytes(low));
        } else {
            debug_assert!(false, "no room");
        }
        let bits = self.bits + width;
        self.word = match bits >> 5 {
            0 => high,
            1 => high << 32 | low >> 32,
            _ => low,
        };
        self.filled += (bits >> 5 << 2) as usize;
        self.bits = bits & 31;
    }

    /// Append the whole words to the output.
    pub(crate) fn flush(&mut self) {
        self.out.extend_from_slice(&self.buffer[..self.filled]);
        self.flushed += self.filled as u64 / 4;
        self.filled = 0;
    }

    /// Append everything, the last word filled up with zeros.
    pub(crate) fn finish(mut self) {
        self.flush();
        if self.bits > 0 {
            self.out.extend_from_slice(&O::word_bytes(low32(self.word >> 32)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Big, Little, Words};
    use super::*;
    use proptest::prelude::*;

    fn check<O: Order>(tokens: &[(u64, u32)]) {
        let mut out = vec![9; 3];
        let mut writer = Writer::<O>::new(&mut out, 64);
        let mut bits = 0;
        for (i, &(value, width)) in tokens.iter().enumerate() {
            let value = if width == 64 { value } else { value & ((1 << width) - 1) };
            if width <= 32 && i % 3 > 0 {
                writer.put(value, width)
            } else {
                writer.put_wide(value, width)
            }
            writer.flush();
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
            check::<Big>(&tokens);
            check::<Little>(&tokens);
        }
    }
}
