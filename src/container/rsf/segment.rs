//! How segments begin and end (`docs/format/rsf.md`, section 3).

use super::{
    entry::entry,
    marker::{
        EOS_BYTES, EOS_HIGH, SOS_BYTES, START_BYTES, Sizes, end_bytes, eos_high_bytes, eos_low_bytes, kind, sos_bytes,
        start_bytes,
    },
};
use crate::{
    bytes::Tail,
    error::Result,
    record::{RSF_END, RSF_META_WORDS},
};

/// Applications of segments: standard files, and none.
pub(super) const STANDARD: [u8; 4] = *b"STDF";
const FILLER: [u8; 4] = *b"<-->";
/// Bytes of a directory record without its entries.
pub(super) const DIRECTORY_BYTES: u64 = START_BYTES + 4 + RSF_END;

/// An empty segment, as every file begins.
pub(crate) fn fresh_file(flag: u16) -> Vec<u8> {
    let sizes = Sizes { size: SOS_BYTES, total: SOS_BYTES + EOS_BYTES, ..Sizes::default() };
    let mut bytes = sos_bytes(STANDARD, flag, RSF_META_WORDS, sizes);
    bytes.extend(eos_low_bytes(0, 0, EOS_BYTES));
    bytes.extend(eos_high_bytes(0, EOS_BYTES, sizes));
    bytes
}

/// The directory and the end of a segment.
pub(super) struct Ending {
    pub(super) bytes: Vec<u8>,
    pub(super) sizes: Sizes,
}

/// What stands behind the last record of a segment that starts at `start`, at byte `at` of the file.
pub(super) fn segment_ending(start: u64, at: u64, count: u32, entries: &[u8]) -> Ending {
    let mut bytes = Vec::with_capacity(entries.len() + 100);
    let mut directory_size = 0;
    if count > 0 {
        directory_size = DIRECTORY_BYTES + entries.len() as u64;
        bytes.extend(start_bytes(kind::DIRECTORY, 1, directory_size, 0, 0));
        bytes.extend(count.to_le_bytes());
        bytes.extend(entries);
        bytes.extend(end_bytes(kind::DIRECTORY, 1, directory_size));
    }
    let size = at + directory_size - start;
    let directory = if count > 0 { at - start } else { 0 };
    let sizes = Sizes { size, total: size + EOS_BYTES, directory, directory_size };
    bytes.extend(eos_low_bytes(RSF_META_WORDS, RSF_META_WORDS, EOS_BYTES));
    bytes.extend(eos_high_bytes(RSF_META_WORDS, EOS_BYTES, sizes));
    Ending { bytes, sizes }
}

/// Says in the start of a segment that it is closed: last of all, in its first words.
pub(super) fn seal(tail: &Tail, start: u64, sizes: Sizes) -> Result<()> {
    let bytes = sos_bytes(STANDARD, 0, RSF_META_WORDS, sizes);
    let (first, rest) = bytes.split_at(usize::try_from(START_BYTES).unwrap_or(16));
    tail.write_all(rest, start + START_BYTES)?;
    tail.write_all(first, start)
}

/// Makes what is left of a parallel segment, behind its end, a filler segment.
pub(super) fn fill_up(tail: &mut Tail, top: u64) -> Result<()> {
    let total = top - tail.position();
    let sizes = Sizes { total, ..Sizes::default() };
    let length = total - SOS_BYTES;
    tail.write_all(&eos_high_bytes(0, length, sizes), top - EOS_HIGH)?;
    tail.waiting().extend(sos_bytes(FILLER, 0, 0, sizes));
    tail.waiting().extend(eos_low_bytes(0, 0, length));
    Ok(())
}

/// A segment whose directory is on disk.
pub(super) struct ClosedSegment {
    pub(super) first: u32,
    pub(super) count: u32,
    pub(super) directory: u64,
    pub(super) directory_bytes: u64,
    /// Where each entry begins in the file, once that was needed.
    pub(super) entries: Option<Vec<u64>>,
}

impl ClosedSegment {
    /// Where the entries of a directory on disk begin.
    pub(super) fn entry_offsets(&self, tail: &Tail) -> Result<Vec<u64>> {
        let size = usize::try_from(self.directory_bytes).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        let memory = |_| tail.error(std::io::ErrorKind::OutOfMemory.into());
        bytes.try_reserve_exact(size).map_err(memory)?;
        bytes.resize(size, 0);
        tail.read(&mut bytes, self.directory)?;
        let head = START_BYTES + 4;
        let mut rest = bytes.get(usize::try_from(head).unwrap_or(20)..).unwrap_or_default();
        let mut at = self.directory + head;
        let mut offsets = Vec::new();
        while let (true, Ok((after, _))) = (offsets.len() < self.count as usize, entry(rest)) {
            offsets.push(at);
            at += (rest.len() - after.len()) as u64;
            rest = after;
        }
        Ok(offsets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::hex::hex;

    #[test]
    fn a_new_file() {
        // docs/format/rsf.md, section 14: segment 0, which has no records.
        let expected = hex("
            03 0000 FE  00000000 48000000  1300 00 00  ; segment start: write flag 0, 19 words of metadata
            52534630 53544446 EFBEADDE                 ; RSF0, STDF, byte order
            00000000 48000000  00000000 8C000000       ; 72 bytes, 140 with the end
            00000000 00000000  00000000 00000000       ; no directory
            00000000 48000000  03 0000 FF
            04 0000 FE  00000000 44000000  00000000    ; segment end: 68 bytes
            DAFABEBE DEFAFECA
            00000000 48000000  00000000 8C000000
            00000000 00000000  00000000 00000000
            00000000 44000000  04 0000 FF");
        assert_eq!(fresh_file(0), expected);
    }

    #[test]
    fn the_ending_of_a_segment_without_records() {
        let Ending { bytes, sizes } = segment_ending(140, 212, 0, &[]);
        assert_eq!(sizes, Sizes { size: 72, total: 140, directory: 0, directory_size: 0 });
        assert_eq!(bytes.len() as u64, EOS_BYTES, "no directory");
    }
}
