//! The segment that a writer appends records to: how it begins and how it is closed (`docs/format/rsf.md`, sections 7 and 8).

use super::{
    entry::ENTRY_HEAD,
    flag::Sharing,
    marker::{EOS_BYTES, EOS_HIGH, SOS_BYTES, START_BYTES, Sizes, eos_high, eos_high_bytes, eos_low_bytes, sos_bytes},
    segment::{ClosedSegment, DIRECTORY_BYTES, STANDARD, fill_up, seal, segment_ending},
    write::{OpenSegment, RsfWriter},
};
use crate::{
    error::{Error, Result},
    record::RSF_META_WORDS,
};

/// Parallel segments end on multiples of this many bytes.
const MEBIBYTE: u64 = 1 << 20;
/// Room that the end of a parallel segment needs beside records and directory: its end, a filler's start and end, and
/// the reserve that the reference library keeps.
const ENDING: u64 = EOS_BYTES + SOS_BYTES + EOS_BYTES + 4096;

impl RsfWriter {
    /// When there is no segment, or not enough room in it, puts the record that waits from `begin` on into a new one.
    pub(super) fn make_room(&mut self, begin: usize, length: u64, meta: u64) -> Result<()> {
        let more = DIRECTORY_BYTES + ENTRY_HEAD + meta + ENDING;
        let fits = match &self.segment {
            None => false,
            Some(OpenSegment { top: None, .. }) => true,
            Some(OpenSegment { start, directory, top: Some(top), .. }) => {
                self.tail.position() - start + directory.len() as u64 + more <= top - start
            }
        };
        if !fits {
            let record = self.tail.waiting().split_off(begin);
            self.close_segment()?;
            self.begin_segment(SOS_BYTES + length + more)?;
            self.tail.waiting().extend(record);
        }
        Ok(())
    }

    /// Starts a segment at the end of the file, with room for `needed` bytes when others write too.
    fn begin_segment(&mut self, needed: u64) -> Result<()> {
        self.locked(|writer| {
            let size = writer.tail.sink().size().map_err(|e| writer.tail.error(e))?;
            let mut last = [0; 48];
            let sound = match size.checked_sub(EOS_HIGH) {
                Some(at) => writer.tail.read(&mut last, at).is_ok() && eos_high(&last).is_some(),
                None => false,
            };
            if !sound {
                let what = "the file does not end with the end of a segment: a writer died; open it with force";
                return Err(Error::Damaged { path: writer.tail.name().to_owned(), what: what.to_owned() });
            }
            let mut begin = Vec::new();
            let top = match writer.sharing {
                Sharing::Exclusive => {
                    begin.extend(sos_bytes(STANDARD, RSF_META_WORDS, RSF_META_WORDS, Sizes::default()));
                    // A place-holder: the first record goes over it.
                    begin.extend(eos_low_bytes(RSF_META_WORDS, 0, EOS_BYTES));
                    begin.extend(eos_high_bytes(RSF_META_WORDS, EOS_BYTES, Sizes::default()));
                    None
                }
                Sharing::Parallel { segment_bytes } => {
                    let top = (size + segment_bytes.max(needed).max(1)).next_multiple_of(MEBIBYTE);
                    let sizes = Sizes { total: top - size, ..Sizes::default() };
                    let length = sizes.total - SOS_BYTES;
                    begin.extend(sos_bytes(STANDARD, RSF_META_WORDS, RSF_META_WORDS, sizes));
                    begin.extend(eos_low_bytes(0, 0, length));
                    Some((top, eos_high_bytes(0, length, sizes)))
                }
            };
            // The start first: what follows it is then known to be part of a segment.
            let begun = writer.tail.write_all(&begin, size).and_then(|()| writer.sync_if_asked());
            let written = begun.and_then(|()| match &top {
                Some((top, high)) => writer.tail.write_all(high, top - EOS_HIGH).and_then(|()| writer.sync_if_asked()),
                None => Ok(()),
            });
            if let Err(e) = written {
                // A segment without an end would keep everybody from writing.
                let _ = writer.tail.sink().set_size(size);
                return Err(e);
            }
            let top = top.map(|(top, _)| top);
            writer.tail.seek(size + SOS_BYTES);
            let first = writer.next;
            writer.segment = Some(OpenSegment { start: size, first, directory: Vec::new(), entries: Vec::new(), top });
            Ok(())
        })
    }

    /// Makes the records of the segment visible.
    pub(super) fn close_segment(&mut self) -> Result<()> {
        let Some(segment) = &self.segment else { return Ok(()) };
        let count = u32::try_from(segment.entries.len()).unwrap_or(u32::MAX);
        let directory = self.tail.position();
        let (start, top, first) = (segment.start, segment.top, segment.first);
        let ending = segment_ending(start, directory, count, &segment.directory);
        let (sizes, directory_bytes) = (ending.sizes, ending.sizes.directory_size);
        self.tail.waiting().extend(ending.bytes);
        let filled = top.map_or(Ok(()), |top| fill_up(&mut self.tail, top));
        let written = filled.and_then(|()| self.tail.flush()).and_then(|()| self.sync_if_asked());
        if let Err(e) = written.and_then(|()| seal(&self.tail, start, sizes)) {
            self.tail.take_back(directory); // a retry makes the ending again
            return Err(e);
        }
        let head = START_BYTES + 4;
        let entries = segment.entries.iter().map(|&at| directory + head + at as u64).collect();
        self.closed.push(ClosedSegment { first, count, directory, directory_bytes, entries: Some(entries) });
        self.segment = None;
        Ok(())
    }
}
