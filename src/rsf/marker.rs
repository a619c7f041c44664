//! Markers of RSF records: start, end, segment start (`docs/format/rsf.md`, sections 2 and 3).

use nom::{
    IResult, Parser,
    bytes::complete::take,
    number::complete::{le_u32, u8 as byte},
};

/// Bytes of a start-of-segment record.
pub(crate) const SOS_BYTES: u64 = 72;
/// Bytes of a start marker.
pub(crate) const START_BYTES: u64 = 16;
/// Bytes of an end marker.
pub(crate) const END_BYTES: u64 = 12;

/// Record types.
pub(crate) mod kind {
    pub(crate) const DATA: u8 = 1;
    pub(crate) const SEGMENT_START: u8 = 3;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_their_most_significant_word_first() {
        assert_eq!(u64p(&[1, 0, 0, 0, 2, 0, 0, 0]), Ok((&[][..], 0x1_0000_0002)));
    }

    #[test]
    fn worked_example() {
        // docs/format/rsf.md, section 14: record 2.
        let bytes = [0x01, 0x39, 0x00, 0xFE, 0, 0, 0, 0, 0x28, 0x01, 0, 0, 0x39, 0, 0xAB, 4];
        let expected = Start { kind: 1, meta_words: 57, mark: START_MARK, length: 0x128, directory_words: 57 };
        assert_eq!(start(&bytes), Ok((&[][..], expected)));
    }
}
