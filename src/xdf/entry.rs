//! A directory entry: the 18 words that also begin the record itself.

use nom::{IResult, bytes::complete::take};

use super::header::type_and_length;
use crate::record::{Container, Record};

/// Bytes of a directory entry.
pub(crate) const ENTRY_BYTES: u64 = 72;

/// An entry as stored (`docs/format/xdf.md`, section 5).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) idtyp: u8,
    /// Length of the record in units of 64 bits.
    pub(crate) length: u32,
    /// Its address: unit number, the first is 1.
    pub(crate) address: u32,
    pub(crate) words: [u32; 16],
}

/// What an entry stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Live,
    Deleted,
    Invalid,
}

pub(crate) fn entry(input: &[u8]) -> IResult<&[u8], Entry> {
    let (input, bytes) = take(72usize)(input)?;
    let mut words = [0; 18];
    for (word, chunk) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_be_bytes(*chunk);
    }
    let [first, address, words @ ..] = words;
    let (idtyp, length) = type_and_length(first);
    Ok((input, Entry { idtyp, length, address, words }))
}

impl Entry {
    pub(crate) fn state(&self) -> State {
        match self.idtyp {
            1..=111 => State::Live,
            126 | 254 | 255 => State::Deleted,
            _ => State::Invalid,
        }
    }

    /// Byte offset of the record; address 0 is no place.
    pub(crate) fn offset(&self) -> Option<u64> {
        Some(8 * u64::from(self.address.checked_sub(1)?))
    }

    /// Bytes of the record.
    pub(crate) fn bytes(&self) -> u64 {
        8 * u64::from(self.length)
    }

    /// The record at byte `offset`, or what makes it impossible.
    pub(crate) fn record(
        &self,
        offset: u64,
        index: u32,
        file: u32,
        container: Container,
        size: u64,
    ) -> Result<Record, String> {
        if self.length < 10 {
            return Err(format!("length of {} units of 64 bits, at least 10 are needed", self.length));
        }
        if offset >= size {
            return Err(format!("begins at byte {offset}, the file has {size} bytes"));
        }
        let record = Record {
            words: self.words,
            offset,
            length: self.bytes(),
            file,
            index,
            container,
            meta_words: 0,
            text_words: 0,
        };
        let (ni, nj, nk) = (record.ni(), record.nj(), record.nk());
        if ni == 0 || nj == 0 || nk == 0 {
            return Err(format!("dimensions {ni} x {nj} x {nk}, none may be 0"));
        }
        Ok(record)
    }
}
