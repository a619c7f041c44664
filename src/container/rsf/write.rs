//! Writing RSF files (`docs/format/rsf.md`, sections 7 and 8).
//!
//! What existed before is never touched, except by deletes and edits. Records go to a segment of their own, which becomes
//! visible when its directory and end are there and its start says so. A writer that dies leaves a segment without a
//! directory; its records can be found by walking through it ([`recover`](super::recover)).

use std::{collections::VecDeque, sync::Arc};

use super::{
    directory::Directory,
    entry::{ENTRY_HEAD, le_bytes, metadata},
    flag::{EXCLUSIVE, Sharing, change_flag, without},
    marker::{
        EOS_BYTES, EOS_HIGH, SOS_BYTES, START_BYTES, Sizes, end_bytes, eos_high, eos_high_bytes, eos_low_bytes, kind,
        sos_bytes, start, start_bytes, u64p_bytes,
    },
    recover::is_interrupted_create,
    segment::{ClosedSegment, DIRECTORY_BYTES, STANDARD, fill_up, fresh_file, seal, segment_ending},
};
use crate::{
    bytes::{Source, Tail, WriteAt},
    container::{
        parse::parse,
        writer::{ContainerWriter, Fill},
    },
    error::{Error, RecordError, Result},
    record::{Container, RSF_END, RSF_META_WORDS, RSF_START, Record, date::Reckoning, words::keep_layout},
};

/// Parallel segments end on multiples of this many bytes.
const MEBIBYTE: u64 = 1 << 20;
/// Room that the end of a parallel segment needs beside records and directory: its end, a filler's start and end, and
/// the reserve that the reference library keeps.
const ENDING: u64 = EOS_BYTES + SOS_BYTES + EOS_BYTES + 4096;

/// An RSF file open for writing.
pub(crate) struct RsfWriter {
    tail: Tail,
    sharing: Sharing,
    segment: Option<OpenSegment>,
    closed: Vec<ClosedSegment>,
    /// Directory index of the next record.
    next: u32,
    sync: bool,
    /// Whether the write flag counts this writer.
    flagged: bool,
    /// Deletes and edits of what is on disk: they go there after the records that may replace deleted ones; those of
    /// directories first, so that no directory lists a deleted record.
    entry_patches: VecDeque<Patch>,
    record_patches: VecDeque<Patch>,
}

/// New bytes and where they go.
type Patch = (u64, Vec<u8>);

/// The segment that records are appended to.
struct OpenSegment {
    start: u64,
    first: u32,
    /// The entries of its directory, as they are stored.
    directory: Vec<u8>,
    /// Where each of them begins.
    entries: Vec<usize>,
    /// Parallel: where the room ends.
    top: Option<u64>,
}

impl RsfWriter {
    fn new(tail: Tail, sharing: Sharing, sync: bool) -> Self {
        Self {
            tail,
            sharing,
            segment: None,
            closed: Vec::new(),
            next: 0,
            sync,
            flagged: true,
            entry_patches: VecDeque::new(),
            record_patches: VecDeque::new(),
        }
    }

    /// A new file.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is one already, or another writer was quicker, unless it may be replaced.
    pub(crate) fn create(
        sink: Arc<dyn WriteAt>,
        name: String,
        sharing: Sharing,
        sync: bool,
        replace: bool,
    ) -> Result<Self> {
        let mut writer = Self::new(Tail::new(Arc::clone(&sink), name, 0), sharing, sync);
        writer.locked(|writer| {
            let failed = |e| writer.tail.error(e);
            let there = Source::reader(sink).map_err(failed)?;
            if !there.is_empty() {
                if !replace && !is_interrupted_create(&there).map_err(failed)? {
                    return Err(Error::Exists { path: writer.tail.name().to_owned() });
                }
                writer.tail.sink().set_size(0).map_err(failed)?;
            }
            writer.tail.write_all(&fresh_file(if sharing == Sharing::Exclusive { EXCLUSIVE } else { 1 }), 0)
        })?;
        Ok(writer)
    }

    /// An existing file whose write flag counts this writer already ([`enter`]) and whose directories have been read.
    pub(crate) fn open(
        sink: Arc<dyn WriteAt>,
        name: String,
        directory: &Directory,
        sharing: Sharing,
        sync: bool,
    ) -> Self {
        let mut writer = Self::new(Tail::new(sink, name, 0), sharing, sync);
        for segment in &directory.segments {
            writer.closed.push(ClosedSegment {
                first: writer.next,
                count: segment.entries,
                directory: segment.directory_offset,
                directory_bytes: segment.directory_bytes,
                entries: None,
            });
            writer.next += segment.entries;
        }
        writer
    }

    fn try_append(&mut self, text: Option<&str>, fill: Fill<'_>) -> Result<Record> {
        let too_long = || Error::Full { path: self.tail.name().to_owned(), what: "too much metadata".to_owned() };
        // A NUL ends the text.
        let text_words = text.map_or(0, |text| (text.len() + 1).div_ceil(4));
        let text_words = u16::try_from(text_words).map_err(|_| too_long())?;
        let meta_words = RSF_META_WORDS.checked_add(text_words).ok_or_else(too_long)?;
        let meta_bytes = 4 * usize::from(meta_words);

        let head = usize::try_from(START_BYTES).unwrap_or(16);
        let waiting = self.tail.waiting();
        let begin = waiting.len();
        waiting.resize(begin + head + meta_bytes, 0);
        let words = fill(waiting)?;
        waiting.resize(begin + (waiting.len() - begin).next_multiple_of(4), 0);
        let length = (waiting.len() - begin) as u64 + RSF_END;
        waiting.extend(end_bytes(kind::DATA, meta_words, length));
        let marker = start_bytes(kind::DATA, meta_words, length, meta_words, 4);
        let meta = metadata(&words, text, text_words);
        if let Some(start) = waiting.get_mut(begin..begin + head + meta_bytes) {
            start[..head].copy_from_slice(&marker);
            start[head..].copy_from_slice(&meta);
        }
        self.make_room(begin, length, meta.len() as u64)?;

        let end = self.tail.position();
        let Some(segment) = &mut self.segment else { return Err(no_segment(&self.tail)) };
        let (offset, index) = (end - length, self.next);
        let directory = &mut segment.directory;
        segment.entries.push(directory.len());
        for value in [offset - segment.start, length, 0] {
            directory.extend(u64p_bytes(value));
        }
        directory.extend((u32::from(meta_words) << 16 | u32::from(meta_words)).to_le_bytes());
        directory.extend([0; 4]);
        directory.extend(meta);
        self.next += 1;
        let (container, reckoning) = (Container::Rsf, Reckoning::default());
        Ok(Record { words, offset, length, file: 0, index, container, meta_words, text_words, reckoning })
    }

    /// When there is no segment, or not enough room in it, puts the record that waits from `begin` on into a new one.
    fn make_room(&mut self, begin: usize, length: u64, meta: u64) -> Result<()> {
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
    fn close_segment(&mut self) -> Result<()> {
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

    /// Writes over bytes of a record: now if they wait in memory, else with the next commit.
    fn patch(&mut self, bytes: Vec<u8>, offset: u64) {
        match self.tail.waiting_at(offset, bytes.len()) {
            Some(waiting) => waiting.copy_from_slice(&bytes),
            None => self.record_patches.push_back((offset, bytes)),
        }
    }

    /// Writes over bytes of the directory entry of a record.
    fn patch_entry(&mut self, record: &Record, at: u64, bytes: &[u8]) -> Result<()> {
        let foreign = || Error::ForeignRecord(record.into());
        let index = record.index;
        if let Some(segment) = self.segment.as_mut().filter(|segment| index >= segment.first) {
            let entry = *segment.entries.get((index - segment.first) as usize).ok_or_else(foreign)?;
            let start = entry + usize::try_from(at).unwrap_or(usize::MAX);
            let place = segment.directory.get_mut(start..start + bytes.len()).ok_or_else(foreign)?;
            place.copy_from_slice(bytes);
            return Ok(());
        }
        let entry = self.closed_entry(record)?;
        self.entry_patches.push_back((entry + at, bytes.to_vec()));
        Ok(())
    }

    /// Where the directory entry of a record of a closed segment is.
    fn closed_entry(&mut self, record: &Record) -> Result<u64> {
        let (index, foreign) = (record.index, || Error::ForeignRecord(record.into()));
        // Of segments with the same first record, all but the last are empty.
        let after = self.closed.partition_point(|s| s.first <= index);
        let segment = after.checked_sub(1).and_then(|at| self.closed.get_mut(at));
        let segment = segment.filter(|s| index - s.first < s.count).ok_or_else(foreign)?;
        if segment.entries.is_none() {
            segment.entries = Some(segment.entry_offsets(&self.tail)?);
        }
        let entry = segment.entries.as_ref().and_then(|entries| entries.get((index - segment.first) as usize));
        entry.copied().ok_or_else(foreign)
    }

    /// Waits for the medium, if that is wanted.
    fn sync_if_asked(&self) -> Result<()> {
        if self.sync { self.tail.sync() } else { Ok(()) }
    }

    /// Takes this writer out of the write flag.
    fn leave(&mut self) -> Result<()> {
        if std::mem::take(&mut self.flagged) {
            let sharing = self.sharing;
            self.locked(|writer| change_flag(&writer.tail, |flag| without(flag, sharing)))
                .inspect_err(|_| self.flagged = true)?;
        }
        Ok(())
    }

    fn locked(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.tail.sink().lock_turn().map_err(|e| self.tail.error(e))?;
        let done = work(self);
        let unlocked = self.tail.sink().unlock_turn().map_err(|e| self.tail.error(e));
        done.and(unlocked)
    }
}

impl ContainerWriter for RsfWriter {
    fn container(&self) -> Container {
        Container::Rsf
    }

    fn name(&self) -> &str {
        self.tail.name()
    }

    fn append(&mut self, text: Option<&str>, fill: Fill<'_>) -> Result<Record> {
        if self.tail.is_long() {
            self.tail.flush()?;
        }
        let before = self.tail.position();
        self.try_append(text, fill).inspect_err(|_| self.tail.take_back(before))
    }

    fn delete(&mut self, record: &Record) -> Result<()> {
        let mut bytes = [0; 16];
        self.tail.read(&mut bytes, record.offset)?;
        let same = parse(start, &bytes).is_some_and(|marker| {
            // librmn deletes a record of a flushed segment in its header only: then the directory is to follow.
            matches!(marker.kind, kind::DATA | kind::DELETED)
                && (marker.length, marker.meta_words) == (record.length, record.meta_words)
        });
        if !same {
            return Err(Error::ForeignRecord(record.into()));
        }
        self.patch_entry(record, ENTRY_HEAD, &[kind::DELETED])?;
        self.patch(vec![kind::DELETED], record.offset);
        Ok(())
    }

    fn edit(&mut self, record: &Record, words: &[u32; 16], text: Option<&str>) -> Result<Record> {
        let words = keep_layout(&record.words, words);
        let room = 4 * usize::from(record.text_words);
        let mut bytes = le_bytes(&words);
        if let Some(text) = text.filter(|text| room > 0 || !text.is_empty()) {
            if text.len() + 1 > room {
                let what = format!("{} bytes in a room of {room}", text.len() + 1);
                let source = Box::new(RecordError::Metadata(what));
                return Err(Error::Record { path: self.tail.name().to_owned(), record: record.into(), source });
            }
            bytes.extend(text.as_bytes());
            bytes.push(0);
        }
        let mut head = [0; 4];
        self.tail.read(&mut head, record.offset + RSF_START)?;
        // Version 0 keeps its text in the record only.
        let listed = if head[2] == 0 { &bytes[..64] } else { &bytes[..] };
        self.patch_entry(record, ENTRY_HEAD + 12, listed)?;
        self.patch(bytes, record.offset + RSF_START + 12);
        Ok(Record { words, ..record.clone() })
    }

    fn commit(&mut self) -> Result<()> {
        self.close_segment()?;
        for patches in [&mut self.entry_patches, &mut self.record_patches] {
            if self.sync && !patches.is_empty() {
                self.tail.sync()?;
            }
            while let Some((offset, bytes)) = patches.front() {
                self.tail.write_all(bytes, *offset)?;
                patches.pop_front();
            }
        }
        self.sync_if_asked()
    }

    fn close(&mut self) -> Result<()> {
        self.commit()?;
        self.leave()?;
        self.sync_if_asked()
    }

    fn abandon(&mut self) -> Result<()> {
        if let Some(segment) = self.segment.take() {
            self.tail.take_back(segment.start);
            match segment.top {
                None => self.tail.cut_at(segment.start)?,
                // Others may have segments behind it.
                Some(top) => {
                    fill_up(&mut self.tail, top)?;
                    self.tail.flush()?;
                }
            }
        }
        self.leave()
    }
}

fn no_segment(tail: &Tail) -> Error {
    Error::Damaged { path: tail.name().to_owned(), what: "no open segment".to_owned() }
}
