//! Reading of a payload's words as one sequence of bits, and writing of single words.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::cast::{index, low32};
use crate::error::DecodeError;
use crate::order::Order;
use crate::types::WordOrder;

/// Bytes that [`Words::stage`] returns: a part of a stream that fits into the first-level cache.
pub(crate) const STAGE: usize = 2048;

/// Whole words of (a part of) a payload.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a, O> {
    pub(super) bytes: &'a [u8],
    /// Position of the first word in the payload. Only errors use it.
    first: u64,
    order: PhantomData<O>,
}

impl<'a, O: Order> Words<'a, O> {
    /// The whole words of a payload; up to three bytes at the end are ignored.
    pub(crate) fn new(payload: &'a [u8]) -> Self {
        let bytes = &payload[..payload.len() / 4 * 4];
        Self { bytes, first: 0, order: PhantomData }
    }

    /// Number of words.
    pub(crate) fn len(self) -> u64 {
        self.bytes.len() as u64 / 4
    }

    /// Number of bits.
    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        self.bytes.len() as u64 * 8
    }

    /// Position in the whole payload, for errors, of a bit position here.
    pub(crate) fn absolute(self, bit: u64) -> u64 {
        self.first * 32 + bit
    }

    /// Position in the whole payload, for errors, of a word position here.
    pub(crate) fn absolute_word(self, word: u64) -> u64 {
        self.first + word
    }

    /// The word at a position.
    pub(crate) fn get(self, word: u64) -> Result<u32, DecodeError> {
        self.bytes
            .get(index(word * 4)..)
            .and_then(<[u8]>::first_chunk)
            .map(|&bytes| O::word(bytes))
            .ok_or_else(|| self.too_short(word + 1))
    }

    /// All words from a position on.
    pub(crate) fn from(self, word: u64) -> Result<Self, DecodeError> {
        let bytes = self.bytes.get(index(word.saturating_mul(4))..).ok_or_else(|| self.too_short(word))?;
        Ok(Self { bytes, first: self.first + word, order: PhantomData })
    }

    /// The first `words` words.
    pub(crate) fn take(self, words: u64) -> Result<Self, DecodeError> {
        let bytes = self.bytes.get(..index(words.saturating_mul(4))).ok_or_else(|| self.too_short(words))?;
        Ok(Self { bytes, ..self })
    }

    fn too_short(self, words: u64) -> DecodeError {
        DecodeError::PayloadLength { needed: self.first.saturating_add(words), found: self.first + self.len() }
    }

    /// All words in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = u32> + 'a {
        self.bytes.as_chunks::<4>().0.iter().map(|&bytes| O::word(bytes))
    }

    /// Words two by two; a last single word is left out.
    pub(crate) fn pairs(self) -> impl Iterator<Item = u64> + 'a {
        self.bytes.as_chunks::<8>().0.iter().map(|&bytes| O::pair(bytes))
    }

    /// Error unless the stream ends at `bit` or later.
    #[inline]
    pub(crate) fn check_end(self, section: &'static str, bit: u64) -> Result<(), DecodeError> {
        if bit <= self.bits() {
            return Ok(());
        }
        Err(DecodeError::StreamEnd { section, needed: self.absolute(bit), end: self.absolute(self.bits()) })
    }

    /// The bits from a position on, left-aligned. At least the first 33 are valid.
    ///
    /// Beyond the last word zeros are returned, not an error: callers check the end position once per row of tiles
    /// ([`check_end`](Self::check_end)), not once per token.
    #[inline(always)]
    pub(crate) fn window(self, bit: u64) -> u64 {
        let start = index((bit >> 5) << 2);
        let pair = match self.bytes.get(start..).and_then(<[u8]>::first_chunk) {
            Some(&bytes) => O::pair(bytes),
            None => self.last_word(start),
        };
        pair << (bit & 31)
    }

    #[cold]
    #[inline(never)]
    fn last_word(self, start: usize) -> u64 {
        self.bytes.get(start..).and_then(<[u8]>::first_chunk).map_or(0, |&bytes| u64::from(O::word(bytes)) << 32)
    }

    /// Bytes in the order of the bits, from the word that holds a position on. At least `length` of them are valid (at most
    /// [`STAGE`]); beyond the last word they are zero.
    ///
    /// They are borrowed from the payload if its words are big-endian and enough are left, otherwise copied to `copy`.
    #[inline(always)]
    pub(crate) fn stage<'c>(self, bit: u64, length: usize, copy: &'c mut [u8; STAGE]) -> &'c [u8; STAGE]
    where
        'a: 'c,
    {
        let rest = self.bytes.get(index((bit >> 5) << 2)..).unwrap_or_default();
        if O::IN_ORDER
            && let Some(bytes) = rest.first_chunk()
        {
            return bytes;
        }
        let words = rest.as_chunks::<4>().0;
        let (flipped, beyond) = copy.as_chunks_mut::<4>().0.split_at_mut(words.len().min(length.div_ceil(4)));
        for (flipped, &word) in flipped.iter_mut().zip(words) {
            *flipped = O::word(word).to_be_bytes();
        }
        if flipped.len() == words.len() {
            beyond.as_flattened_mut().fill(0);
        }
        copy
    }

    /// The token of `width` bits (0 to 32) at a position. Bits beyond the last word are zero.
    #[inline(always)]
    pub(crate) fn token(self, bit: u64, width: u32) -> u32 {
        low32((self.window(bit) >> 1) >> (63 - width))
    }
}

/// Append words to a payload.
pub(crate) fn put_words(order: WordOrder, out: &mut Vec<u8>, words: impl IntoIterator<Item = u32>) {
    for word in words {
        out.extend_from_slice(&word_bytes(order, word));
    }
}

/// The bytes of a word.
pub(crate) fn word_bytes(order: WordOrder, word: u32) -> [u8; 4] {
    match order {
        WordOrder::Big => word.to_be_bytes(),
        WordOrder::Little => word.to_le_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::rsf;
    use crate::order::{Big, Little};

    const XDF: [u8; 10] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff, 0xff];

    fn check<O: Order>(bytes: &[u8]) {
        // Bytes that are no whole word are ignored.
        let words = Words::<O>::new(bytes);
        assert_eq!((words.len(), words.get(1)), (2, Ok(0x89ab_cdef)));
        assert_eq!(words.get(2), Err(DecodeError::PayloadLength { needed: 3, found: 2 }));
        // A token may lie in two words: bits 24 to 39.
        assert_eq!(words.token(24, 16), 0x6789);
        assert_eq!(words.window(24) >> 32, 0x6789_abcd);
        assert!(words.pairs().eq([0x0123_4567_89ab_cdef]));
        let mut copy = [0; STAGE];
        assert_eq!(words.stage(33, 8, &mut copy)[..8], [0x89, 0xab, 0xcd, 0xef, 0, 0, 0, 0]);
        // Positions in errors count from the start of the payload.
        assert_eq!(words.from(1).and_then(|rest| rest.get(1)), words.get(2));
    }

    #[test]
    fn bits_count_from_the_most_significant_of_a_word_down_in_both_orders() {
        check::<Big>(&XDF);
        check::<Little>(&[rsf(&XDF[..8]), vec![0xff]].concat());
    }

    #[test]
    fn words_are_appended() {
        let mut payload = vec![7];
        put_words(WordOrder::Little, &mut payload, [1, 2]);
        assert_eq!(payload, [7, 1, 0, 0, 0, 2, 0, 0, 0]);
    }
}
