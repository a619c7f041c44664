//! Closing the segments that a killed writer left open (`docs/format/rsf.md`, section 11).

use std::sync::Arc;

use super::{
    entry::ENTRY_HEAD,
    marker::{
        END_BYTES, END_MARK, EOS_BYTES, EOS_HIGH, SOS_BYTES, START_BYTES, START_MARK, end, eos_high, kind,
        segment_start, start, u64p_bytes,
    },
    segment::{fill_up, fresh_file, seal, segment_ending},
};
use crate::{
    bytes::{Source, Tail, WriteAt},
    container::parse::parse,
    error::{Error, FileName, Result},
};

/// Closes the segments that were left open, with all complete records in them, and cuts off what is no segment. For a
/// file that nobody else writes to. Gives the number of those records.
pub(crate) fn recover(sink: &Arc<dyn WriteAt>, name: &FileName) -> Result<usize> {
    let source = Source::reader(Arc::clone(sink)).map_err(|source| Error::Io { path: name.to_owned(), source })?;
    let mut tail = Tail::new(Arc::clone(sink), name.to_owned(), 0);
    let failed = |source| Error::Io { path: name.to_owned(), source };
    let (mut offset, mut backwards, mut taken_in) = (0, Backwards::default(), 0);
    while offset < source.len() {
        let head = source.get_up_to(offset, SOS_BYTES).map_err(failed)?;
        let Some(sos) = parse(segment_start, &head) else {
            // The start of a segment that was not even written whole.
            return sink.set_size(offset).map(|()| taken_in).map_err(failed);
        };
        if sos.start.kind != kind::SEGMENT_START || sos.start.mark != START_MARK {
            if !is_unwritten(&head) {
                return Ok(taken_in); // damage of another kind: opening will say
            }
            let Some(end) = backwards.end_of(&source, offset).map_err(failed)? else {
                let nothing = is_zero_from(&source, offset).map_err(failed)?;
                if nothing {
                    sink.set_size(offset).map_err(failed)?;
                }
                return Ok(taken_in);
            };
            tail.seek(offset);
            fill_up(&mut tail, end)?;
            tail.flush()?;
            offset = end;
            continue;
        }
        let end = match (sos.total, offset.checked_add(sos.total)) {
            (0, _) => source.len(),
            (_, Some(end)) if sos.total >= SOS_BYTES => end,
            _ => return Ok(taken_in),
        };
        if sos.is_open(offset) {
            let found = records_from(&source, offset, end.min(source.len())).map_err(failed)?;
            tail.seek(found.end);
            let ending = segment_ending(offset, found.end, found.count, &found.entries);
            tail.waiting().extend(ending.bytes);
            match (sos.total, end.checked_sub(tail.position())) {
                (0, _) => sink.set_size(found.end).map_err(failed)?,
                (_, Some(0)) => {} // it died just before it said so
                (_, Some(room)) if room >= SOS_BYTES + EOS_BYTES => fill_up(&mut tail, end)?,
                _ => return Ok(taken_in), // it went beyond its room
            }
            tail.flush()?;
            seal(&tail, offset, ending.sizes)?;
            taken_in += found.count as usize;
        }
        offset = end;
    }
    Ok(taken_in)
}

/// Whether the place of a segment start holds nothing yet. librmn marks the end of a parallel segment before it writes the
/// start; the file reads as zeros in between.
pub(super) fn is_unwritten(head: &[u8]) -> bool {
    (head.len() as u64) < SOS_BYTES || head.iter().all(|&byte| byte == 0)
}

/// Finds where a segment ends whose start was not written. The end of each segment repeats the size of the segment, so that
/// a walk backwards from the end of the file passes through all of them. It is done once, for the first such segment.
#[derive(Default)]
pub(super) struct Backwards(Option<Vec<(u64, u64)>>);

impl Backwards {
    /// The end of the segment that begins at byte `offset`, which never gets smaller from one call to the next.
    pub(super) fn end_of(&mut self, source: &Source, offset: u64) -> std::io::Result<Option<u64>> {
        if self.0.is_none() {
            self.0 = Some(segments_from_end(source, offset)?);
        }
        let segments = self.0.get_or_insert_default();
        while segments.last().is_some_and(|(start, _)| *start < offset) {
            segments.pop();
        }
        Ok(segments.last().filter(|(start, _)| *start == offset).map(|(_, end)| *end))
    }
}

/// Starts and ends of the segments from the end of the file down to byte `least`, as far as their ends are sound.
fn segments_from_end(source: &Source, least: u64) -> std::io::Result<Vec<(u64, u64)>> {
    let mut segments = Vec::new();
    let mut end = source.len();
    while let Some(at) = end.checked_sub(EOS_HIGH).filter(|&at| at >= least) {
        let Some(sizes) = eos_high(&source.get(at, EOS_HIGH)?) else { break };
        let start = end.checked_sub(sizes.total).filter(|_| sizes.total >= SOS_BYTES + EOS_BYTES);
        let Some(start) = start.filter(|&start| start >= least) else { break };
        segments.push((start, end));
        end = start;
    }
    Ok(segments)
}

/// Whether nothing but zeros follows: bytes that a machine lost when it went down, or the room of a segment that was never
/// begun.
fn is_zero_from(source: &Source, mut offset: u64) -> std::io::Result<bool> {
    const CHUNK: u64 = 1 << 20;
    while offset < source.len() {
        let bytes = source.get_up_to(offset, CHUNK)?;
        if bytes.iter().any(|&byte| byte != 0) {
            return Ok(false);
        }
        offset += bytes.len() as u64;
    }
    Ok(true)
}

/// The complete records of a segment without a directory.
pub(crate) struct Found {
    pub(crate) count: u32,
    /// Their directory entries, as they are stored.
    pub(crate) entries: Vec<u8>,
    /// Where the last one ends.
    pub(crate) end: u64,
}

/// Walks through the records of the segment at `offset`, up to the first one that is not whole.
pub(crate) fn records_from(source: &Source, offset: u64, limit: u64) -> std::io::Result<Found> {
    let mut found = Found { count: 0, entries: Vec::new(), end: offset + SOS_BYTES };
    loop {
        let at = found.end;
        let Some(marker) = parse(start, &source.get_up_to(at, START_BYTES)?) else { return Ok(found) };
        let known = matches!(marker.kind, 0 | kind::DATA | kind::DELETED | kind::FILE | kind::XDATA);
        let least = START_BYTES + END_BYTES + 4 * u64::from(marker.meta_words);
        let whole = at.checked_add(marker.length).filter(|&end| end <= limit);
        let (true, true, Some(next)) = (known && marker.mark == START_MARK, marker.length >= least, whole) else {
            return Ok(found);
        };
        let last = parse(end, &source.get(next - END_BYTES, END_BYTES)?);
        if !last.is_some_and(|last| last.mark == END_MARK && last.length == marker.length) {
            return Ok(found);
        }
        found.end = next;
        if marker.kind == 0 {
            continue; // a filler record has no entry
        }
        let listed = marker.directory_words.min(marker.meta_words);
        let meta = source.get(at + START_BYTES, 4 * u64::from(listed))?;
        let begin = found.entries.len();
        for value in [at - offset, marker.length, 0] {
            found.entries.extend(u64p_bytes(value));
        }
        found.entries.extend((u32::from(listed) << 16 | u32::from(marker.meta_words)).to_le_bytes());
        found.entries.extend([u8::from(marker.kind == kind::FILE), 0, 0, 0]);
        found.entries.extend_from_slice(&meta);
        if marker.kind == kind::DELETED
            && let Some(kind_byte) = found.entries.get_mut(begin + usize::try_from(ENTRY_HEAD).unwrap_or(32))
        {
            *kind_byte = kind::DELETED;
        }
        found.count += 1;
    }
}

/// Whether these are the first bytes of a file that was killed while it was created, and nothing else.
pub(crate) fn is_interrupted_create(source: &Source) -> std::io::Result<bool> {
    let fresh = fresh_file(0);
    if source.is_empty() || source.len() >= fresh.len() as u64 {
        return Ok(false);
    }
    let there = source.get(0, source.len())?;
    // The write flag may be anything.
    let same = |(k, (a, b)): (usize, (&u8, &u8))| a == b || k == 1 || k == 2;
    Ok(there.iter().zip(&fresh).enumerate().all(same))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bytes::MemoryFile,
        container::rsf::{flag::Sharing, open, write::RsfWriter},
        container::writer::ContainerWriter as _,
    };

    #[test]
    fn a_segment_that_a_killed_writer_left_open() -> Result<()> {
        let file = MemoryFile::new();
        let sink: Arc<dyn WriteAt> = Arc::new(file.clone());
        let mut writer = RsfWriter::create(Arc::clone(&sink), FileName::MEMORY, Sharing::Exclusive, false, false)?;
        let words = crate::record::Words::from([
            0x20,
            0x0158,
            0x0105,
            0x1000,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0xD340_0020,
            0x1F40,
            0,
            0,
            0,
        ]);
        for _ in 0..2 {
            writer.append(None, &mut |_| Ok(words))?;
        }
        writer.close()?;
        // As it was before the directory was written: two records, the second one cut.
        let whole = file.to_vec();
        let mut killed = whole[..140 + 72 + 104 + 100].to_vec();
        killed[140 + 28..140 + 60].fill(0); // the sizes in the start of the segment
        let listed = |bytes: Vec<u8>| open(&Source::bytes(bytes), 0).ok()?.ok().map(|d| d.contents.records.len());
        assert_eq!((listed(whole), listed(killed.clone())), (Some(2), Some(0)));

        let file = MemoryFile::from(killed);
        let sink: Arc<dyn WriteAt> = Arc::new(file.clone());
        assert_eq!(recover(&sink, &FileName::MEMORY)?, 1);
        assert_eq!(listed(file.to_vec()), Some(1));
        Ok(())
    }
}
