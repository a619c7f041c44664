//! Writing RSF files (`docs/format/rsf.md`, sections 7 and 8).
//!
//! What existed before is never touched, except by deletes and edits. Records go to a segment of their own, which becomes
//! visible when its directory and end are there and its start says so. A writer that dies leaves a segment without a
//! directory; its records can be found by walking through it ([`recover`](super::recover)).

use std::{collections::VecDeque, sync::Arc};

use super::{
    directory::Directory,
    entry::{ENTRY_HEAD, metadata},
    flag::{EXCLUSIVE, Sharing, change_flag, without},
    marker::{START_BYTES, end_bytes, kind, start, start_bytes, u64p_bytes},
    recover::is_interrupted_create,
    segment::{ClosedSegment, fill_up, fresh_file},
};
use crate::{
    bytes::{Source, Tail, WriteAt},
    container::{
        parse::parse,
        writer::{ContainerWriter, Fill},
    },
    error::{Error, FileName, RecordError, Result},
    record::{Container, RSF_END, RSF_META_WORDS, RSF_START, Record, Words, date::Reckoning},
};

/// An RSF file open for writing.
pub(crate) struct RsfWriter {
    pub(super) tail: Tail,
    pub(super) sharing: Sharing,
    pub(super) segment: Option<OpenSegment>,
    pub(super) closed: Vec<ClosedSegment>,
    /// Directory index of the next record.
    pub(super) next: u32,
    pub(super) sync: bool,
    /// Whether the write flag counts this writer.
    flagged: bool,
    /// Deletes and edits of what is in the file already: of directory entries, and of records. A commit writes them after
    /// the new records, because those may replace deleted ones.
    pub(super) entry_patches: VecDeque<Patch>,
    pub(super) record_patches: VecDeque<Patch>,
}

/// New bytes and where they go.
type Patch = (u64, Vec<u8>);

/// The segment that records are appended to.
pub(super) struct OpenSegment {
    pub(super) start: u64,
    pub(super) first: u32,
    /// The entries of its directory, as they are stored.
    pub(super) directory: Vec<u8>,
    /// Where each of them begins.
    pub(super) entries: Vec<usize>,
    /// Parallel: where the room ends.
    pub(super) top: Option<u64>,
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
        name: FileName,
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
        name: FileName,
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

    /// Waits for the medium, if that is wanted.
    pub(super) fn sync_if_asked(&self) -> Result<()> {
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

    pub(super) fn locked(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
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

    fn name(&self) -> &FileName {
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

    fn edit(&mut self, record: &Record, words: &Words, text: Option<&str>) -> Result<Record> {
        let words = words.with_layout_of(&record.words);
        let room = 4 * usize::from(record.text_words);
        let mut bytes = words.to_le_bytes().to_vec();
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
        self.write_patches()?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{MemoryFile, hex::hex};

    #[test]
    fn a_record_with_one_value() -> Result<()> {
        let file = MemoryFile::new();
        let sink = Arc::new(file.clone());
        let mut writer = RsfWriter::create(sink, FileName::MEMORY, Sharing::Exclusive, false, false)?;
        assert_eq!(file.to_vec(), fresh_file(EXCLUSIVE));

        let words = Words::from([0x20, 0x0158, 0x0105, 0x1000, 0, 0, 0, 0, 0, 0, 0, 0xD340_0020, 0x1F40, 0, 0, 0]);
        let record = writer.append(None, &mut |payload| {
            payload.extend(1.0_f32.to_le_bytes());
            Ok(words)
        })?;
        assert_eq!((record.offset, record.length, record.index), (140 + 72, 108, 0));
        writer.close()?;
        let metadata = "
            01 01 01 00  00000000  0000 13 01  ; type 1, class 1, version 1; nothing; 19 words
            20000000 58010000 05010000 00100000 00000000 00000000 00000000 00000000
            00000000 00000000 00000000 200040D3 401F0000 00000000 00000000 00000000
            ";
        let expected = hex(&format!(
            "
            03 0000 FE  00000000 48000000  1300 00 00  ; segment start
            52534630 53544446 EFBEADDE
            00000000 40010000  00000000 84010000       ; 320 bytes, 388 with the end
            00000000 B4000000  00000000 8C000000       ; directory of 140 bytes at 72 + 108
            00000000 48000000  03 0000 FF

            01 1300 FE  00000000 6C000000  1300 00 04  ; record of 108 bytes, with 19 words of metadata
            {metadata}
            0000803F                                   ; payload: 1.0
            00000000 6C000000  01 1300 FF

            06 0100 FE  00000000 8C000000  0000 00 00  ; directory
            01000000                                   ; 1 entry
            00000000 48000000  00000000 6C000000       ; offset in the segment, length
            00000000 00000000  1300 1300  00000000
            {metadata}
            00000000 8C000000  06 0100 FF

            04 1300 FE  00000000 44000000  1300 00 00  ; segment end
            DAFABEBE DEFAFECA
            00000000 40010000  00000000 84010000
            00000000 B4000000  00000000 8C000000
            00000000 44000000  04 1300 FF"
        ));
        assert_eq!(file.to_vec()[140..], expected);
        assert_eq!(file.to_vec()[..140], fresh_file(0), "the write flag is 0 again");
        Ok(())
    }
}
