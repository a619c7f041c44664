//! A directory entry: the 18 words that also begin the record itself.

use nom::{IResult, Parser, bytes::complete::take, combinator::map_opt};

use super::header::type_and_length;
use crate::record::{Container, Record, date::Reckoning};

/// Bytes of a directory entry.
pub(crate) const ENTRY_BYTES: u64 = ENTRY as u64;
pub(super) const ENTRY: usize = 72;

/// An entry as stored (`docs/format/xdf.md`, section 5): a view of its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) idtyp: u8,
    /// Length of the record in units of 64 bits.
    pub(crate) length: u32,
    /// Its address: unit number, the first is 1.
    pub(crate) address: u32,
    /// Words 2 to 17, still big-endian.
    rest: &'a [[u8; 4]; 16],
}

/// What an entry stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Live,
    Deleted,
    Invalid,
}

/// The entry at the beginning of `input`.
pub(crate) fn entry(input: &[u8]) -> IResult<&[u8], Entry<'_>> {
    map_opt(take(72usize), |bytes: &[u8]| bytes.first_chunk().map(Entry::new)).parse(input)
}

impl<'a> Entry<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a [u8; 72]) -> Self {
        let [first, address, rest @ ..] = bytes.as_chunks().0 else { return Self::default() }; // there are 18 words
        let (idtyp, length) = type_and_length(u32::from_be_bytes(*first));
        let address = u32::from_be_bytes(*address);
        Self { idtyp, length, address, rest: rest.first_chunk().unwrap_or(&[[0; 4]; 16]) }
    }
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self { idtyp: 0, length: 0, address: 0, rest: &[[0; 4]; 16] }
    }
}

impl Entry<'_> {
    /// Word `2 + k` of the entry.
    #[inline]
    pub(crate) fn word(&self, k: usize) -> u32 {
        self.rest.get(k).map_or(0, |&bytes| u32::from_be_bytes(bytes))
    }

    #[inline]
    fn dims(&self) -> [u32; 3] {
        [self.word(1) >> 8, self.word(2) >> 8, self.word(3) >> 12]
    }

    #[inline]
    pub(crate) fn state(&self) -> State {
        match self.idtyp {
            1..=111 => State::Live,
            126 | 254 | 255 => State::Deleted,
            _ => State::Invalid,
        }
    }

    /// Byte offset of the record. Address 0 is no place, `is_sound` refuses it.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        8 * u64::from(self.address.saturating_sub(1))
    }

    /// Bytes of the record.
    #[inline]
    pub(crate) fn bytes(&self) -> u64 {
        8 * u64::from(self.length)
    }

    /// Whether a record at byte `offset` of a file of `size` bytes is possible.
    #[inline]
    pub(crate) fn is_sound(&self, offset: u64, size: u64) -> bool {
        self.address != 0 && self.length >= 10 && offset < size && !self.dims().contains(&0)
    }

    /// Whether the record is live, possible and whole in a file of `size` bytes.
    #[inline]
    #[allow(clippy::needless_bitwise_bool, reason = "without branches, since nearly all are")]
    pub(crate) fn is_plain(&self, size: u64) -> bool {
        let [ni, nj, nk] = self.dims();
        (self.idtyp.wrapping_sub(1) < 111)
            & (self.address != 0)
            & (self.length >= 10)
            & (self.offset() + self.bytes() <= size)
            & (ni != 0)
            & (nj != 0)
            & (nk != 0)
    }

    /// Why it is not sound.
    #[cold]
    pub(crate) fn trouble(&self, offset: u64, size: u64) -> String {
        if self.address == 0 {
            return "address 0".to_owned();
        }
        if self.length < 10 {
            return format!("length of {} units of 64 bits, at least 10 are needed", self.length);
        }
        if offset >= size {
            return format!("begins at byte {offset}, the file has {size} bytes");
        }
        let [ni, nj, nk] = self.dims();
        format!("dimensions {ni} x {nj} x {nk}, none may be 0")
    }

    /// The record at byte `offset`, if there can be one.
    #[inline]
    pub(crate) fn record(&self, offset: u64, index: u32, file: u32, container: Container) -> Record {
        Record {
            words: self.rest.map(u32::from_be_bytes),
            offset,
            length: self.bytes(),
            file,
            index,
            container,
            meta_words: 0,
            text_words: 0,
            reckoning: Reckoning::default(),
        }
    }
}

/// An entry as it is stored.
pub(super) fn entry_bytes(kind: u8, length: u32, address: u32, words: &[u32; 16]) -> [u8; ENTRY] {
    let mut bytes = [0; ENTRY];
    put(&mut bytes, 0, u32::from(kind) << 24 | length);
    put(&mut bytes, 4, address);
    for (k, word) in words.iter().enumerate() {
        put(&mut bytes, 8 + 4 * k, *word);
    }
    bytes
}

/// Puts a word at byte `at`, if there is room.
pub(super) fn put(bytes: &mut [u8], at: usize, word: u32) {
    if let Some(slot) = bytes.get_mut(at..at + 4) {
        slot.copy_from_slice(&word.to_be_bytes());
    }
}
