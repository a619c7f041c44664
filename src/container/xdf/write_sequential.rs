//! Writing sequential XDF files (`docs/format/xdf.md`, section 9).
//!
//! New records overwrite the end mark, and a new mark follows them. The bytes that overwrite the old mark are written last,
//! so that the file ends with one of the two marks at every moment. Deletes come after that, because a new record may replace
//! a deleted one.

use std::sync::Arc;

use super::{
    entry::{ENTRY_BYTES, Entry, State, entry, entry_bytes},
    header::{HEADER_BYTES, Header, key_descriptors, type_and_length},
    limits::{check_limits, units},
};
use crate::{
    bytes::{Source, Tail, WriteAt},
    container::{
        parse::parse,
        writer::{ContainerWriter, Fill},
    },
    error::{Error, FileName, Result},
    record::{Container, Record, Words, XDF_PREFIX},
};

/// Bytes behind each record, and at the end.
const POSTFIX: u64 = 16;
const END_MARK: u64 = 8;

/// A sequential file open for writing: records go over the end mark, and a new one behind them.
pub(crate) struct SequentialWriter {
    tail: Tail,
    header: Header,
    stored: Header,
    /// Directory index of the next record.
    next: u32,
    /// Offsets of deleted records that do not say so on disk yet.
    deleted: Vec<u64>,
    /// Whether bytes lie behind the end mark.
    leftovers: bool,
    /// Whether the file has an end mark: new ones have none before their first record.
    marked: bool,
    sync: bool,
}

impl SequentialWriter {
    /// A new file, written at once.
    pub(crate) fn create(sink: Arc<dyn WriteAt>, name: FileName, sync: bool) -> Result<Self> {
        let header = Header::fresh(false);
        let mut tail = Tail::new(sink, name, 0);
        tail.waiting().extend(header.to_bytes());
        tail.waiting().extend(key_descriptors());
        let mut writer =
            Self { tail, header, stored: header, next: 0, deleted: Vec::new(), leftovers: false, marked: false, sync };
        writer.tail.flush()?;
        Ok(writer)
    }

    /// An existing file, which has been walked through without finding damage.
    pub(crate) fn open(
        sink: Arc<dyn WriteAt>,
        name: FileName,
        source: &Source,
        header: &Header,
        (sync, force): (bool, bool),
    ) -> Result<(Self, u64)> {
        let failed = |source| Error::Io { path: name.clone(), source };
        let begin = 8 * u64::from(header.length);
        let found = walk(source, begin.max(HEADER_BYTES)).map_err(failed)?;
        let bytes = source.len().saturating_sub(found.end + END_MARK);
        if bytes > 0 && !force {
            return Err(Error::Unfinished { path: name, bytes });
        }
        let stored = *header;
        let mut header = Header { write_flag: 0, records: found.live, ..stored };
        if found.records > header.extensions {
            // A writer died before it counted its records.
            header.extensions = found.records;
            header.file_size = header.length.saturating_add(found.units);
            header.longest = header.longest.max(found.longest);
        }
        let writer = Self {
            tail: Tail::new(sink, name, found.end).of_size(source.len()),
            header,
            stored,
            next: found.records,
            deleted: Vec::new(),
            leftovers: bytes > 0,
            marked: source.len() >= found.end + END_MARK,
            sync,
        };
        Ok((writer, bytes))
    }

    fn try_append(&mut self, fill: Fill<'_>) -> Result<Record> {
        let offset = self.tail.position();
        let waiting = self.tail.waiting();
        let start = waiting.len();
        waiting.resize(start + usize::try_from(XDF_PREFIX).unwrap_or(80), 0);
        let words = fill(waiting)?;
        let bare = ((waiting.len() - start) as u64).next_multiple_of(8);
        let end = offset + bare + POSTFIX;
        let length = bare + end.next_multiple_of(cluster(end)) - end;
        check_limits(self.tail.name(), offset, length)?;
        let waiting = self.tail.waiting();
        waiting.resize(start + usize::try_from(length).unwrap_or(usize::MAX), 0);
        let entry = entry_bytes(1, units(length), units(offset) + 1, &words);
        if let Some(head) = waiting.get_mut(start..start + entry.len()) {
            head.copy_from_slice(&entry);
        }
        for word in [2, u32::MAX, 1 << 24 | units(length), units(offset) + 1] {
            waiting.extend(word.to_be_bytes());
        }
        let header = &mut self.header;
        (header.records, header.extensions) = (header.records + 1, header.extensions + 1);
        header.file_size = header.file_size.saturating_add(units(length));
        header.longest = header.longest.max(units(length));
        let index = self.next;
        self.next += 1;
        Ok(Entry::new(&entry).record(offset, index, 0, Container::XdfSequential))
    }

    /// Waits for the medium, if that is wanted.
    fn sync_if_asked(&self) -> Result<()> {
        if self.sync { self.tail.sync() } else { Ok(()) }
    }

    /// Writes the records that wait and an end mark, what goes over the old mark last.
    fn write_waiting(&mut self) -> Result<()> {
        let begin = self.tail.position() - self.tail.waiting().len() as u64;
        if !self.marked {
            self.tail.write_all(&end_mark(begin), begin)?;
            self.sync_if_asked()?;
            self.marked = true;
        }
        let end = self.tail.position();
        self.tail.waiting().extend(end_mark(end));
        let written = self.tail.flush_head_last(end_mark(end).len(), self.sync).inspect_err(|_| {
            // What was written of it lies behind the old mark, where it would seem to be another program's.
            let _ = self.tail.cut_at(begin + END_MARK);
        });
        self.tail.take_back(end); // the mark is not part of the records
        written
    }
}

impl ContainerWriter for SequentialWriter {
    fn container(&self) -> Container {
        Container::XdfSequential
    }

    fn name(&self) -> &FileName {
        self.tail.name()
    }

    fn append(&mut self, _metadata: Option<&str>, fill: Fill<'_>) -> Result<Record> {
        if self.tail.is_long() {
            self.commit()?;
        }
        let before = self.tail.position();
        self.try_append(fill).inspect_err(|_| self.tail.take_back(before))
    }

    fn delete(&mut self, record: &Record) -> Result<()> {
        let mut bytes = [0; 72];
        self.tail.read(&mut bytes, record.offset)?;
        let own = Entry::new(&bytes);
        if own.state() != State::Live || own.bytes() != record.length {
            return Err(Error::ForeignRecord(record.into()));
        }
        self.deleted.push(record.offset);
        (self.header.erasures, self.header.records) =
            (self.header.erasures.saturating_add(1), self.header.records.saturating_sub(1));
        Ok(())
    }

    fn edit(&mut self, _record: &Record, _words: &Words, _metadata: Option<&str>) -> Result<Record> {
        let what = "records of sequential files cannot be edited".to_owned();
        Err(Error::Unsupported { path: self.tail.name().to_owned(), what })
    }

    fn has_room(&self) -> bool {
        check_limits(self.tail.name(), self.tail.position(), XDF_PREFIX + POSTFIX + 512).is_ok()
    }

    fn commit(&mut self) -> Result<()> {
        if self.tail.waiting().is_empty() && !self.leftovers && self.deleted.is_empty() && self.header == self.stored {
            return Ok(());
        }
        self.tail.begin_change()?;
        if !self.tail.waiting().is_empty() {
            self.write_waiting()?;
        }
        if self.leftovers {
            let end = self.tail.position() + END_MARK;
            self.tail.cut_at(end)?;
            self.leftovers = false;
        }
        if !self.deleted.is_empty() {
            self.sync_if_asked()?;
        }
        while let Some(offset) = self.deleted.last() {
            self.tail.write_all(&[255], *offset)?;
            self.deleted.pop();
        }
        if self.header != self.stored {
            self.sync_if_asked()?;
            self.tail.write_all(&self.header.to_bytes(), 0)?;
            self.stored = self.header;
        }
        self.sync_if_asked()
    }
}

/// The mark at the end of the records.
fn end_mark(offset: u64) -> [u8; 8] {
    let [kind, address] = [0x7F00_0001, units(offset) + 1].map(u32::to_be_bytes);
    [kind[0], kind[1], kind[2], kind[3], address[0], address[1], address[2], address[3]]
}

/// Records and their postfixes end on multiples of so many bytes: the further from the beginning, the larger.
fn cluster(end: u64) -> u64 {
    match end / 4 {
        e if e < 32 << 18 => 8,
        e if e < 128 << 18 => 32,
        e if e < 512 << 18 => 128,
        _ => 512,
    }
}

/// What is in a file.
struct Found {
    /// Where the end mark is or would be.
    end: u64,
    /// Records, deleted ones included.
    records: u32,
    live: u32,
    /// Their length, all together and the longest.
    units: u32,
    longest: u32,
}

fn walk(source: &Source, begin: u64) -> std::io::Result<Found> {
    let mut found = Found { end: begin, records: 0, live: 0, units: 0, longest: 0 };
    loop {
        let bytes = source.get_up_to(found.end, ENTRY_BYTES)?;
        let Some(first) = bytes.first_chunk().map(|&word| u32::from_be_bytes(word)) else { return Ok(found) };
        let (kind, length) = type_and_length(first);
        let record = match kind {
            1..=111 => parse(entry, &bytes).is_some(),
            254 | 255 => true,
            _ => false,
        };
        let step = match kind {
            _ if record => length,
            0 => length,
            112..=126 => 1,
            _ => 0,
        };
        if step == 0 {
            return Ok(found);
        }
        if record {
            found.records += 1;
            found.live += u32::from(kind < 112);
            found.units = found.units.saturating_add(length);
            found.longest = found.longest.max(length);
        }
        found.end += 8 * u64::from(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{MemoryFile, hex::hex};

    #[test]
    fn a_record_with_one_value() -> Result<()> {
        let file = MemoryFile::new();
        let mut writer = SequentialWriter::create(Arc::new(file.clone()), FileName::MEMORY, false)?;
        assert_eq!(file.to_vec().len(), 208, "a header, and no mark before the first record");
        let words = Words::from([0x20, 0x0158, 0x0105, 0x1000, 0, 0, 0, 0, 0, 0, 0, 0xD340_0020, 0x1F40, 0, 0, 0]);
        let record = writer.append(None, &mut |payload| {
            payload.extend(1.0_f32.to_be_bytes());
            Ok(words)
        })?;
        writer.commit()?;
        let expected = hex("
            0100000B 0000001B  ; live, length 11 units of 8 bytes, address 27
            00000020 00000158 00000105 00001000 00000000 00000000 00000000 00000000
            00000000 00000000 00000000 D3400020 00001F40 00000000 00000000 00000000
            00000000 00000000  ; auxiliary keys
            3F800000 00000000  ; payload
            00000002 FFFFFFFF  ; postfix, with length and address of the record
            0100000B 0000001B
            7F000001 00000028  ; end mark, at address 40");
        assert_eq!(file.to_vec()[208..], expected);
        assert_eq!(file.to_vec()[16..20], hex("00000025"), "26 units of header, 11 of records");

        writer.delete(&record)?;
        writer.commit()?;
        assert_eq!(file.to_vec()[208], 255);
        Ok(())
    }
}
