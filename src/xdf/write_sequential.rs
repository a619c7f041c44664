//! Writing sequential XDF files (`docs/format/xdf.md`, section 9).

use std::sync::Arc;

use super::{
    entry::{ENTRY_BYTES, Entry, State, entry},
    header::{HEADER_BYTES, Header, key_descriptors, type_and_length},
    write::{entry_bytes, full, units},
};
use crate::{
    container::{Contents, Details, parse},
    error::{Error, Result},
    record::{Container, Record, XDF_PREFIX},
    sink::{Tail, WriteAt},
    source::Source,
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
    /// Whether bytes lie behind the end mark.
    leftovers: bool,
    /// Whether the end mark is missing on disk.
    unmarked: bool,
    sync: bool,
}

impl SequentialWriter {
    /// A new file, written at once.
    pub(crate) fn create(sink: Arc<dyn WriteAt>, name: String, sync: bool) -> Result<Self> {
        let header = Header::fresh(false);
        let mut tail = Tail::new(sink, name, 0);
        tail.waiting().extend(header.to_bytes());
        tail.waiting().extend(key_descriptors());
        let mut writer = Self { tail, header, stored: header, next: 0, leftovers: false, unmarked: true, sync };
        writer.commit()?;
        Ok(writer)
    }

    /// An existing file, which has been walked through without finding damage.
    pub(crate) fn open(
        sink: Arc<dyn WriteAt>,
        name: String,
        source: &Source,
        contents: &Contents,
        sync: bool,
    ) -> Result<Self> {
        let Details::Xdf { header, .. } = &contents.details else {
            return Err(Error::Damaged { path: name, what: "no XDF header".to_owned() });
        };
        let failed = |source| Error::Io { path: name.clone(), source };
        let begin = 8 * u64::from(header.length);
        let (end, next) = end_of(source, begin.max(HEADER_BYTES)).map_err(failed)?;
        let leftovers = source.len() != end + END_MARK;
        let tail = Tail::new(sink, name, end);
        let stored = *header;
        let header = Header { write_flag: 0, ..stored };
        Ok(Self { tail, header, stored, next, leftovers, unmarked: false, sync })
    }

    pub(crate) fn name(&self) -> &str {
        self.tail.name()
    }

    /// Appends a record; `fill` appends its payload and gives the directory words 2 to 17.
    pub(crate) fn append(&mut self, fill: &mut dyn FnMut(&mut Vec<u8>) -> Result<[u32; 16]>) -> Result<Record> {
        let before = self.tail.waiting().len();
        let record = self.try_append(fill).inspect_err(|_| self.tail.waiting().truncate(before))?;
        if self.tail.is_long() {
            self.commit()?;
        }
        Ok(record)
    }

    fn try_append(&mut self, fill: &mut dyn FnMut(&mut Vec<u8>) -> Result<[u32; 16]>) -> Result<Record> {
        let offset = self.tail.position();
        let waiting = self.tail.waiting();
        let start = waiting.len();
        waiting.resize(start + usize::try_from(XDF_PREFIX).unwrap_or(80), 0);
        let words = fill(waiting)?;
        let bare = ((waiting.len() - start) as u64).next_multiple_of(8);
        let end = offset + bare + POSTFIX;
        let length = bare + end.next_multiple_of(cluster(end)) - end;
        waiting.resize(start + usize::try_from(length).unwrap_or(usize::MAX), 0);
        if length / 8 > 0xFF_FFFF {
            return Err(full(self.tail.name(), "an XDF record has at most 128 MiB; use RSF"));
        }
        if (offset + length) / 8 > 1 << 30 {
            return Err(full(self.tail.name(), "an XDF file has at most 8 GiB; use RSF"));
        }
        let entry = entry_bytes(1, units(length), units(offset) + 1, &words);
        if let Some(head) = waiting.get_mut(start..start + entry.len()) {
            head.copy_from_slice(&entry);
        }
        for word in [2, u32::MAX, 1 << 24 | units(length), units(offset) + 1] {
            waiting.extend(word.to_be_bytes());
        }
        self.unmarked = true;
        let header = &mut self.header;
        (header.records, header.extensions) = (header.records + 1, header.extensions + 1);
        header.file_size = header.file_size.saturating_add(units(length));
        header.longest = header.longest.max(units(length));
        let index = self.next;
        self.next += 1;
        Ok(Entry::new(&entry).record(offset, index, 0, Container::XdfSequential))
    }

    /// Marks a record as deleted, at once.
    pub(crate) fn delete(&mut self, record: &Record) -> Result<()> {
        let mut bytes = [0; 72];
        self.tail.read(&mut bytes, record.offset)?;
        let own = Entry::new(&bytes);
        if own.state() != State::Live || own.bytes() != record.length {
            return Err(Error::ForeignRecord(record.into()));
        }
        self.tail.overwrite(&[255], record.offset)?;
        (self.header.erasures, self.header.records) =
            (self.header.erasures.saturating_add(1), self.header.records.saturating_sub(1));
        Ok(())
    }

    /// Brings the file up to date on disk.
    pub(crate) fn commit(&mut self) -> Result<()> {
        if self.unmarked {
            let end = self.tail.position();
            for word in [0x7F00_0001, units(end) + 1] {
                self.tail.waiting().extend(word.to_be_bytes());
            }
            let flushed = self.tail.flush();
            let marked = self.tail.waiting().len();
            self.tail.waiting().truncate(marked.saturating_sub(8)); // still there if it failed
            flushed?;
            self.tail.seek(end);
            self.unmarked = false;
        }
        if self.leftovers {
            let end = self.tail.position() + END_MARK;
            self.tail.sink().set_size(end).map_err(|e| self.tail.error(e))?;
            self.leftovers = false;
        }
        if self.header != self.stored {
            if self.sync {
                self.tail.sync()?;
            }
            self.tail.write_all(&self.header.to_bytes(), 0)?;
            self.stored = self.header;
        }
        if self.sync { self.tail.sync() } else { Ok(()) }
    }
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

/// Where the end mark is or would be, and how many records are before it, deleted ones included.
fn end_of(source: &Source, begin: u64) -> std::io::Result<(u64, u32)> {
    let (mut offset, mut records) = (begin, 0);
    loop {
        let bytes = source.get_up_to(offset, ENTRY_BYTES)?;
        let Some(first) = bytes.first_chunk().map(|&word| u32::from_be_bytes(word)) else {
            return Ok((offset, records));
        };
        let (kind, length) = type_and_length(first);
        let step = match kind {
            1..=111 if parse(entry, &bytes).is_some() => {
                records += 1;
                u64::from(length) * 8
            }
            254 | 255 => {
                records += 1;
                u64::from(length) * 8
            }
            0 => u64::from(length) * 8,
            112..=126 => 8,
            _ => return Ok((offset, records)),
        };
        if step == 0 {
            return Ok((offset, records));
        }
        offset += step;
    }
}
