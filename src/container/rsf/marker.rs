//! Markers of RSF records: start, end, segment start (`docs/format/rsf.md`, sections 2 and 3).

use nom::{
    IResult, Parser,
    bytes::complete::take,
    number::complete::{le_u32, u8 as byte},
};

use crate::record::RSF_META_WORDS;

/// Bytes of a start-of-segment record.
pub(crate) const SOS_BYTES: u64 = SOS_SIZE as u64;
pub(crate) const SOS_SIZE: usize = 72;
/// Bytes of a start marker.
pub(crate) const START_BYTES: u64 = START_SIZE as u64;
pub(crate) const START_SIZE: usize = 16;
/// Bytes of an end marker.
pub(crate) const END_BYTES: u64 = 12;

/// Record types.
pub(crate) mod kind {
    pub(crate) const DATA: u8 = 1;
    pub(crate) const XDATA: u8 = 2;
    pub(crate) const SEGMENT_START: u8 = 3;
    pub(crate) const SEGMENT_END: u8 = 4;
    pub(crate) const DIRECTORY: u8 = 6;
    pub(crate) const FILE: u8 = 7;
    pub(crate) const DELETED: u8 = 0x80;
}

/// Start marker of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Start {
    pub(crate) kind: u8,
    pub(crate) meta_words: u16,
    pub(crate) mark: u8,
    pub(crate) length: u64,
    pub(crate) directory_words: u16,
}

/// End marker of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct End {
    pub(crate) length: u64,
    pub(crate) kind: u8,
    pub(crate) mark: u8,
}

/// Start-of-segment record, without its markers' constants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SegmentStart {
    pub(crate) start: Start,
    pub(crate) signature: [u8; 8],
    pub(crate) byte_order: u32,
    /// Size without the end record.
    pub(crate) size: u64,
    /// Distance to the next segment.
    pub(crate) total: u64,
    pub(crate) directory: u64,
    pub(crate) directory_size: u64,
}

impl SegmentStart {
    /// Whether the segment, which begins at byte `offset`, is being written, or was when its writer died.
    pub(crate) fn is_open(&self, offset: u64) -> bool {
        // In the first segment of a file the words are the write flag.
        let marked = offset > 0 && self.start.meta_words == RSF_META_WORDS;
        &self.signature[4..] != b"<-->" && (marked || self.size == 0 && self.directory == 0)
    }
}

/// The mark in start markers.
pub(crate) const START_MARK: u8 = 0xFE;
/// The mark in end markers.
pub(crate) const END_MARK: u8 = 0xFF;

/// A 64-bit quantity: two little-endian words, the most significant first.
pub(crate) fn u64p(input: &[u8]) -> IResult<&[u8], u64> {
    let (input, (high, low)) = (le_u32, le_u32).parse(input)?;
    Ok((input, u64::from(high) << 32 | u64::from(low)))
}

fn low_half(word: u32) -> u16 {
    let [a, b, _, _] = word.to_le_bytes();
    u16::from_le_bytes([a, b])
}

/// `rt`, `rlm` and `zr`, which share a word.
fn kind_words_mark(input: &[u8]) -> IResult<&[u8], (u8, u16, u8)> {
    let (input, (kind, low, high, mark)) = (byte, byte, byte, byte).parse(input)?;
    Ok((input, (kind, u16::from_le_bytes([low, high]), mark)))
}

pub(crate) fn start(input: &[u8]) -> IResult<&[u8], Start> {
    let (input, (kind, meta_words, mark)) = kind_words_mark(input)?;
    let (input, length) = u64p(input)?;
    let (input, last) = le_u32(input)?;
    Ok((input, Start { kind, meta_words, mark, length, directory_words: low_half(last) }))
}

pub(crate) fn end(input: &[u8]) -> IResult<&[u8], End> {
    let (input, length) = u64p(input)?;
    let (input, (kind, _, mark)) = kind_words_mark(input)?;
    Ok((input, End { length, kind, mark }))
}

pub(crate) fn segment_start(input: &[u8]) -> IResult<&[u8], SegmentStart> {
    let (input, start) = start(input)?;
    let (input, signature) = take(8usize)(input)?;
    let (input, byte_order) = le_u32(input)?;
    let (input, (size, total, directory, directory_size)) = (u64p, u64p, u64p, u64p).parse(input)?;
    let (input, _) = take(12usize)(input)?;
    let signature = signature.try_into().unwrap_or_default();
    Ok((input, SegmentStart { start, signature, byte_order, size, total, directory, directory_size }))
}

/// Bytes of a compact end-of-segment record, and of its high part.
pub(crate) const EOS_BYTES: u64 = 68;
pub(crate) const EOS_HIGH: u64 = 48;
/// What the words of a segment start say of byte order, and the signatures of the two parts of a segment end.
const BYTE_ORDER: u32 = 0xDEAD_BEEF;
const EOS_LOW_SIGN: u32 = 0xBEBE_FADA;
const EOS_HIGH_SIGN: u32 = 0xCAFE_FADE;

/// A 64-bit quantity as it is stored.
pub(crate) fn u64p_bytes(value: u64) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    [e, f, g, h, a, b, c, d]
}

/// A start marker as it is stored. `element` is the size of the payload's elements.
pub(crate) fn start_bytes(kind: u8, meta_words: u16, length: u64, directory_words: u16, element: u8) -> [u8; 16] {
    let mut bytes = [0; 16];
    let [low, high] = meta_words.to_le_bytes();
    bytes[..4].copy_from_slice(&[kind, low, high, START_MARK]);
    bytes[4..12].copy_from_slice(&u64p_bytes(length));
    bytes[12..14].copy_from_slice(&directory_words.to_le_bytes());
    bytes[15] = element;
    bytes
}

/// An end marker as it is stored.
pub(crate) fn end_bytes(kind: u8, meta_words: u16, length: u64) -> [u8; 12] {
    let mut bytes = [0; 12];
    let [low, high] = meta_words.to_le_bytes();
    bytes[..8].copy_from_slice(&u64p_bytes(length));
    bytes[8..].copy_from_slice(&[kind, low, high, END_MARK]);
    bytes
}

/// Where things are in a segment: as its start and its end say it, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Sizes {
    /// Without the end record.
    pub(crate) size: u64,
    /// Distance to the next segment.
    pub(crate) total: u64,
    pub(crate) directory: u64,
    pub(crate) directory_size: u64,
}

impl Sizes {
    fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (slot, value) in
            bytes.as_chunks_mut().0.iter_mut().zip([self.size, self.total, self.directory, self.directory_size])
        {
            *slot = u64p_bytes(value);
        }
        bytes
    }
}

/// A segment start as it is stored. `application` is `STDF`, or `<-->` for filler.
pub(crate) fn sos_bytes(application: [u8; 4], words: u16, directory_words: u16, sizes: Sizes) -> Vec<u8> {
    let mut bytes = Vec::from(start_bytes(kind::SEGMENT_START, words, SOS_BYTES, directory_words, 0));
    bytes.extend(b"RSF0");
    bytes.extend(application);
    bytes.extend(BYTE_ORDER.to_le_bytes());
    bytes.extend(sizes.to_bytes());
    bytes.extend(end_bytes(kind::SEGMENT_START, 0, SOS_BYTES));
    bytes
}

/// The low part of a segment end of `length` bytes as it is stored.
pub(crate) fn eos_low_bytes(words: u16, directory_words: u16, length: u64) -> Vec<u8> {
    let mut bytes = Vec::from(start_bytes(kind::SEGMENT_END, words, length, directory_words, 0));
    bytes.extend(EOS_LOW_SIGN.to_le_bytes());
    bytes
}

/// The high part of a segment end of `length` bytes as it is stored.
pub(crate) fn eos_high_bytes(words: u16, length: u64, sizes: Sizes) -> Vec<u8> {
    let mut bytes = Vec::from(EOS_HIGH_SIGN.to_le_bytes());
    bytes.extend(sizes.to_bytes());
    bytes.extend(end_bytes(kind::SEGMENT_END, words, length));
    bytes
}

/// What the high part of a segment end says, if these bytes are one.
pub(crate) fn eos_high(bytes: &[u8]) -> Option<Sizes> {
    let rest = bytes.strip_prefix(&EOS_HIGH_SIGN.to_le_bytes())?;
    let (rest, (size, total, directory, directory_size)) = (u64p, u64p, u64p, u64p).parse(rest).ok()?;
    let (_, marker) = end(rest).ok()?;
    let sound = marker.kind == kind::SEGMENT_END && marker.mark == END_MARK;
    sound.then_some(Sizes { size, total, directory, directory_size })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::hex::hex;

    #[test]
    fn quantities_have_their_most_significant_word_first() {
        assert_eq!(u64p(&[1, 0, 0, 0, 2, 0, 0, 0]), Ok((&[][..], 0x1_0000_0002)));
    }

    #[test]
    fn worked_example() {
        // docs/format/rsf.md, section 14: record 2.
        let bytes = [0x01, 0x39, 0x00, 0xFE, 0, 0, 0, 0, 0x28, 0x01, 0, 0, 0x39, 0, 0xAB, 4];
        assert_eq!(start_bytes(1, 57, 0x128, 57, 4)[..14], bytes[..14]);
        let expected = Start { kind: 1, meta_words: 57, mark: START_MARK, length: 0x128, directory_words: 57 };
        assert_eq!(start(&bytes), Ok((&[][..], expected)));
    }

    #[test]
    fn an_end_marker() {
        let bytes = hex("
            00000000 28010000  ; length 0x128, the high word first
            01 3900 FF         ; type 1 (data), 57 words of metadata, mark");
        assert_eq!(end_bytes(kind::DATA, 57, 0x128)[..], bytes);
        assert_eq!(end(&bytes), Ok((&[][..], End { length: 0x128, kind: kind::DATA, mark: END_MARK })));
    }

    #[test]
    fn the_start_and_the_end_of_a_segment() {
        // docs/format/rsf.md, section 14: segment 1.
        let sizes = Sizes { size: 0x390, total: 0x3D4, directory: 0x200, directory_size: 0x190 };
        let start = hex("
            03 0000 FE  00000000 48000000  1300 00 00  ; start marker: type 3, length 72, 19 words in the directory
            52534630 53544446 EFBEADDE                 ; RSF0, STDF, 0xDEADBEEF
            00000000 90030000                          ; size without the end of the segment
            00000000 D4030000                          ; size: the next segment follows
            00000000 00020000  00000000 90010000       ; place and size of the directory
            00000000 48000000  03 0000 FF              ; end marker");
        assert_eq!(sos_bytes(*b"STDF", 0, 19, sizes), start);
        let (_, found) = segment_start(&start).expect("a start");
        assert_eq!((&found.signature, found.total, found.directory), (b"RSF0STDF", 0x3D4, 0x200));
        assert!(!found.is_open(140));

        let high = hex("
            DEFAFECA                                   ; 0xCAFEFADE
            00000000 90030000  00000000 D4030000       ; as in the start
            00000000 00020000  00000000 90010000
            00000000 44000000  04 1300 FF              ; end marker: type 4, length 68");
        assert_eq!(eos_high_bytes(19, EOS_BYTES, sizes), high);
        assert_eq!(eos_high(&high), Some(sizes));
        assert_eq!(eos_high(&high[4..]), None);
    }
}
