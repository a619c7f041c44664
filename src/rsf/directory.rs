//! The directory record of a segment and its entries (`docs/format/rsf.md`, sections 4 and 5).

use nom::{IResult, Parser, bytes::complete::take, number::complete::le_u32};

use super::marker::{kind, u64p};
use crate::record::{Container, RSF_META_WORDS, Record};

/// Bytes of a directory entry before its metadata words.
pub(crate) const ENTRY_HEAD: u64 = 32;

/// A directory entry: where a record lies in its segment, and a copy of its metadata.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// Offset from the start of the segment; meaningless in deleted entries.
    pub(crate) offset: u64,
    pub(crate) length: u64,
    /// Metadata words in the record.
    pub(crate) record_words: u16,
    /// The metadata words of the entry, still as bytes.
    pub(crate) meta: &'a [u8],
}

pub(crate) fn entry(input: &[u8]) -> IResult<&[u8], Entry<'_>> {
    let (input, (offset, length, _entry_offset)) = (u64p, u64p, u64p).parse(input)?;
    let (input, (words, _element)) = (le_u32, le_u32).parse(input)?;
    let [a, b, c, d] = words.to_le_bytes();
    let record_words = u16::from_le_bytes([a, b]);
    let entry_words = match u16::from_le_bytes([c, d]) {
        0 => record_words,
        words => words,
    };
    let (input, meta) = take(4 * usize::from(entry_words))(input)?;
    Ok((input, Entry { offset, length, record_words, meta }))
}

/// What an entry stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Live,
    Deleted,
    EmbeddedFile,
    /// An application's own record type.
    Other(u8),
}

/// Class of embedded files.
const CLASS_FILE: u8 = 0x80;

impl Entry<'_> {
    fn word(&self, k: usize) -> u32 {
        self.meta.as_chunks().0.get(k).map_or(0, |&bytes| u32::from_le_bytes(bytes))
    }

    pub(crate) fn state(&self) -> State {
        let [record_type, class, _, _] = self.word(0).to_le_bytes();
        match (record_type, class) {
            (kind::DELETED, _) => State::Deleted,
            (kind::FILE, _) | (_, CLASS_FILE) => State::EmbeddedFile,
            (kind::DATA, _) => State::Live,
            (other, _) => State::Other(other),
        }
    }

    /// The record, or what makes it impossible. `segment` and `size` are byte offsets in the file.
    pub(crate) fn record(&self, segment: u64, index: u32, file: u32, size: u64) -> Result<Record, String> {
        let words_there = self.meta.len() / 4;
        if words_there < usize::from(RSF_META_WORDS) || self.record_words < RSF_META_WORDS {
            return Err(format!("{words_there} metadata words, a standard record has {RSF_META_WORDS} or more"));
        }
        let version = self.word(0).to_le_bytes()[2];
        // Version 0 (2024 test releases) keeps in word 1 what later ones keep in word 2.
        let (description, words_limit) = match version {
            0 => (self.word(1), usize::from(self.record_words)),
            1 => (self.word(2), words_there.min(usize::from(self.record_words))),
            _ => return Err(format!("RSF metadata version {version}, known are 0 and 1")),
        };
        let [low, high, search_words, fst_version] = description.to_le_bytes();
        if fst_version > 1 || u16::from(search_words) != RSF_META_WORDS {
            return Err(format!(
                "standard-file metadata version {fst_version} with {search_words} search words, \
                 known are versions 0 and 1 with {RSF_META_WORDS}"
            ));
        }
        let text_words = u16::from_le_bytes([low, high]);
        if usize::from(text_words) > words_limit - usize::from(RSF_META_WORDS) {
            return Err(format!("{text_words} words of extended metadata do not fit in {words_limit} words"));
        }
        let mut words = [0; 16];
        for (k, word) in words.iter_mut().enumerate() {
            *word = self.word(3 + k);
        }
        let least = 28 + 4 * u64::from(self.record_words);
        if self.length < least {
            return Err(format!("record of {} bytes, at least {least} are needed", self.length));
        }
        let offset = segment.checked_add(self.offset).filter(|&offset| offset < size);
        let offset = offset.ok_or_else(|| {
            format!("the record begins {} bytes after byte {segment}, the file has {size}", self.offset)
        })?;
        let record = Record {
            words,
            offset,
            length: self.length,
            file,
            index,
            container: Container::Rsf,
            meta_words: self.record_words,
            text_words,
        };
        let (ni, nj, nk) = (record.ni(), record.nj(), record.nk());
        let positive = |n: u32| n != 0 && i32::try_from(n).is_ok();
        if !positive(ni) || !positive(nj) || nk == 0 {
            return Err(format!("dimensions {ni} x {nj} x {nk}, they must be 1 to {}", i32::MAX));
        }
        Ok(record)
    }
}

/// First metadata word of a record: RSF metadata version 1, class 1 (data), type 1 (data).
const META_HEAD: u32 = 0x0001_0101;
/// Third metadata word without the length of the extended metadata: version 1, 19 search words.
const META_SIZES: u32 = 0x0113_0000;

/// The metadata words of a record as they are stored.
pub(super) fn metadata(words: &[u32; 16], text: Option<&str>, text_words: u16) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(76 + 4 * usize::from(text_words));
    for word in [META_HEAD, 0, META_SIZES | u32::from(text_words)] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(le_bytes(words));
    bytes.extend(text.unwrap_or_default().as_bytes());
    bytes.resize(76 + 4 * usize::from(text_words), 0);
    bytes
}

pub(super) fn le_bytes(words: &[u32; 16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
