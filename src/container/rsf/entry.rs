//! The directory record of a segment and its entries (`docs/format/rsf.md`, sections 4 and 5).

use nom::{
    IResult,
    bytes::complete::take,
    error::{Error, ErrorKind},
};

use super::marker::kind;
use crate::record::{Container, RSF_META_WORDS, Record, Words, date::Reckoning, words::dims};

/// Bytes of a directory entry before its metadata words.
pub(crate) const ENTRY_HEAD: u64 = ENTRY_HEAD_SIZE as u64;
const ENTRY_HEAD_SIZE: usize = 32;

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

/// The entry at the beginning of `input`.
#[inline]
pub(crate) fn entry(input: &[u8]) -> IResult<&[u8], Entry<'_>> {
    let cut = || nom::Err::Error(Error::new(input, ErrorKind::Eof));
    let (head, input) = input.split_first_chunk::<ENTRY_HEAD_SIZE>().ok_or_else(cut)?;
    // Two-word quantities have their most significant word first; the third is the entry's own place.
    let [a, b, c, d, _, _, counts, _element] = head.as_chunks().0 else { return Err(cut()) };
    let quantity = |high, low| u64::from(u32::from_le_bytes(high)) << 32 | u64::from(u32::from_le_bytes(low));
    let (offset, length) = (quantity(*a, *b), quantity(*c, *d));
    let [e, f, g, h] = *counts;
    let record_words = u16::from_le_bytes([e, f]);
    let entry_words = match u16::from_le_bytes([g, h]) {
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

/// Where a sound record lies, and the length of its extended metadata in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    text_words: u16,
}

impl Entry<'_> {
    #[inline]
    fn word(&self, k: usize) -> u32 {
        self.meta.as_chunks().0.get(k).map_or(0, |&bytes| u32::from_le_bytes(bytes))
    }

    /// The metadata words that every standard record has.
    #[inline]
    fn words(&self) -> Option<&[[u8; 4]; RSF_META_WORDS as usize]> {
        self.meta.as_chunks().0.first_chunk()
    }

    #[inline]
    pub(crate) fn state(&self) -> State {
        let [record_type, class, _, _] = self.word(0).to_le_bytes();
        match (record_type, class) {
            (kind::DELETED, _) => State::Deleted,
            (kind::FILE, _) | (_, CLASS_FILE) => State::EmbeddedFile,
            (kind::DATA, _) => State::Live,
            (other, _) => State::Other(other),
        }
    }

    /// The word that describes the metadata, and how many words of them count; `None` in unknown versions.
    #[inline]
    fn description(&self) -> Option<([u8; 4], u16)> {
        let words_there = u16::try_from(self.meta.len() / 4).unwrap_or(u16::MAX);
        // Version 0 (2024 test releases) keeps in word 1 what later ones keep in word 2.
        match self.word(0).to_le_bytes()[2] {
            0 => Some((self.word(1).to_le_bytes(), self.record_words)),
            1 => Some((self.word(2).to_le_bytes(), self.record_words.min(words_there))),
            _ => None,
        }
    }

    /// Least bytes of a record with such metadata.
    #[inline]
    fn least(&self) -> u64 {
        28 + 4 * u64::from(self.record_words)
    }

    /// Dimensions with their high bits (`docs/format/rsf.md`, section 5).
    #[inline]
    fn dims(&self) -> [u32; 3] {
        dims(Container::Rsf, |k| self.word(3 + k))
    }

    /// Where the record lies; `None` when it is impossible. `segment` and `size` are byte offsets in the file.
    #[inline]
    pub(crate) fn place(&self, segment: u64, size: u64) -> Option<Place> {
        let ([low, high, search_words, fst_version], words) = self.description()?;
        let text_words = u16::from_le_bytes([low, high]);
        let offset = segment.checked_add(self.offset)?;
        let sound = self.words().is_some()
            && self.record_words >= RSF_META_WORDS
            && fst_version <= 1
            && u16::from(search_words) == RSF_META_WORDS
            && text_words <= words.saturating_sub(RSF_META_WORDS)
            && self.length >= self.least()
            && offset < size
            && self.dims().iter().all(|&n| n != 0 && i32::try_from(n).is_ok());
        sound.then_some(Place { offset, text_words })
    }

    /// Why there is no place.
    #[cold]
    pub(crate) fn trouble(&self, segment: u64, size: u64) -> String {
        let words_there = self.meta.len() / 4;
        if self.words().is_none() || self.record_words < RSF_META_WORDS {
            return format!("{words_there} metadata words, a standard record has {RSF_META_WORDS} or more");
        }
        let Some(([low, high, search_words, fst_version], words)) = self.description() else {
            let version = self.word(0).to_le_bytes()[2];
            return format!("RSF metadata version {version}, known are 0 and 1");
        };
        if fst_version > 1 || u16::from(search_words) != RSF_META_WORDS {
            return format!(
                "standard-file metadata version {fst_version} with {search_words} search words, \
                 known are versions 0 and 1 with {RSF_META_WORDS}"
            );
        }
        let text_words = u16::from_le_bytes([low, high]);
        if text_words > words.saturating_sub(RSF_META_WORDS) {
            return format!("{text_words} words of extended metadata do not fit in {words} words");
        }
        if self.length < self.least() {
            return format!("record of {} bytes, at least {} are needed", self.length, self.least());
        }
        if segment.checked_add(self.offset).is_none_or(|offset| offset >= size) {
            return format!("the record begins {} bytes after byte {segment}, the file has {size}", self.offset);
        }
        let [ni, nj, nk] = self.dims();
        format!("dimensions {ni} x {nj} x {nk}, they must be 1 to {}", i32::MAX)
    }

    /// The record at its place.
    #[inline]
    pub(crate) fn record(&self, place: Place, index: u32, file: u32) -> Record {
        let words = self.words().and_then(|words| words.last_chunk()).unwrap_or(&[[0; 4]; 16]);
        Record {
            words: Words::from_le(words),
            offset: place.offset,
            length: self.length,
            file,
            index,
            container: Container::Rsf,
            meta_words: self.record_words,
            text_words: place.text_words,
            reckoning: Reckoning::default(),
        }
    }
}

/// First metadata word of a record: RSF metadata version 1, class 1 (data), type 1 (data).
const META_HEAD: u32 = 0x0001_0101;
/// Third metadata word without the length of the extended metadata: version 1, 19 search words.
const META_SIZES: u32 = 0x0113_0000;

/// The metadata words of a record as they are stored.
pub(super) fn metadata(words: &Words, text: Option<&str>, text_words: u16) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(76 + 4 * usize::from(text_words));
    for word in [META_HEAD, 0, META_SIZES | u32::from(text_words)] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(words.to_le_bytes());
    bytes.extend(text.unwrap_or_default().as_bytes());
    bytes.resize(76 + 4 * usize::from(text_words), 0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::hex::hex;

    #[test]
    fn an_entry_and_its_record() {
        // docs/format/rsf.md, section 14: entry 1.
        let bytes = hex("
            00000000 48000000  ; offset 0x48 in the segment, the high word first
            00000000 90000000  ; length 0x90
            00000000 00000000
            1300 1300          ; 19 words of metadata in the record, 19 here
            00000000
            01 01 01 00        ; type 1, class 1 (data), RSF version 1
            00000000
            0000 13 01         ; no extended metadata, 19 search words, standard-file version 1
            202C0100           ; deet 300, nbits 32
            58030000 02020000  ; ni 3, grtyp X; nj 2, datyp 2
            00100000 00060000  ; nk 1; npas 24
            00040000 00010000  ; ig4 4; ig1 1
            02030000           ; ig3 3, ig2 2
            BC2C5BA2 00000000  ; etiket 'HELLO'
            00000C00 200040D3  ; typvar 'P'; nomvar 'TT', 32 bits in memory
            401F0000 20000000  ; ip1 500; ip2 2
            30000000 60131815  ; ip3 3; validity date");
        let (rest, own) = entry(&bytes).expect("an entry");
        assert!(rest.is_empty() && own.state() == State::Live);
        // The segment begins at byte 0x8C of a file of 1120 bytes.
        let place = own.place(0x8C, 1120).expect("a place");
        let record = own.record(place, 0, 0);
        assert_eq!((record.offset, record.length), (0xD4, 0x90));
        assert_eq!((record.nomvar().as_str(), record.etiket().as_str()), ("TT", "HELLO"));
        assert_eq!((record.ni(), record.nj(), record.nk(), record.ip1()), (3, 2, 1, 500));
        assert_eq!(metadata(&record.words, None, 0), bytes[32..]);
        assert!(entry(&bytes[..bytes.len() - 1]).is_err());
        assert_eq!(own.place(0x8C, 0xD4), None);
        assert!(own.trouble(0x8C, 0xD4).starts_with("the record begins 72 bytes after byte 140"));
    }

    #[test]
    fn extended_metadata_follow_the_words() {
        let bytes = metadata(&Words::default(), Some("{}"), 1);
        assert_eq!(bytes[8..12], hex("0100 13 01"), "1 word of extended metadata");
        assert_eq!(bytes[76..], *b"{}\0\0");
    }
}
