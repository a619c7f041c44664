//! Writing random XDF files (`docs/format/xdf.md`, section 8): appends, edits and deletes in memory. What a commit writes,
//! and in which order, is in `write_commit.rs`.

use std::sync::Arc;

use super::{
    behind,
    directory::Directory,
    entry::{ENTRY, Entry, State, entry_bytes, put},
    header::{Header, MAX_PAGES, PAGE_BYTES, SLOTS, key_descriptors, page_checksum},
    limits::{MAX_UNITS, check_limits, full, units},
    page::Page,
};
use crate::{
    bytes::{Source, Tail, WriteAt},
    container::writer::{ContainerWriter, Fill},
    error::{Error, FileName, Result},
    record::{Container, Record, Words, XDF_PREFIX},
};

/// Slots of a page, as a length.
const PAGE_SLOTS: usize = SLOTS as usize;
/// A random file open for writing.
pub(crate) struct XdfWriter {
    pub(super) tail: Tail,
    pub(super) header: Header,
    /// The header on disk.
    pub(super) stored: Header,
    pub(super) pages: Vec<Page>,
    /// Directory indices of deleted records whose directory entries still say that they are live.
    pub(super) pending_deletes: Vec<u32>,
    /// Offsets of deleted records whose own headers still say that they are live, and the first words to write there.
    pub(super) deleted: Vec<(u64, [u8; 8])>,
    /// Whether bytes that nothing uses lie behind the end.
    pub(super) leftovers: bool,
    pub(super) sync: bool,
}

impl XdfWriter {
    /// A new file, written at once with an empty directory.
    pub(crate) fn create(sink: Arc<dyn WriteAt>, name: FileName, sync: bool) -> Result<Self> {
        let header = Header::fresh(true);
        let mut writer = Self {
            tail: Tail::new(sink, name, 0),
            header,
            stored: header,
            pages: Vec::new(),
            pending_deletes: Vec::new(),
            deleted: Vec::new(),
            leftovers: false,
            sync,
        };
        writer.tail.waiting().extend(header.to_bytes());
        writer.tail.waiting().extend(key_descriptors());
        writer.add_page()?;
        // One write of a whole, sound file: the checksum of an empty page is that of its zeros.
        let header = writer.header.to_bytes();
        writer.tail.overwrite(&header, 0)?;
        if let Some(page) = writer.pages.first_mut() {
            page.seal();
            writer.tail.overwrite(&page.bytes, page.offset)?;
        }
        writer.tail.flush()?;
        writer.stored = writer.header;
        Ok(writer)
    }

    /// An existing file, whose directory has been read. `records` are those that it lists; with `force` complete ones
    /// behind its end are taken in, too. With the number of bytes behind those, which go.
    pub(crate) fn open(
        sink: Arc<dyn WriteAt>,
        name: FileName,
        source: &Source,
        directory: &Directory,
        records: &mut Vec<Record>,
        (sync, force): (bool, bool),
    ) -> Result<(Self, u64)> {
        let Directory { header, pages: found, .. } = directory;
        let failed = |source| Error::Io { path: name.clone(), source };
        let end = behind::end_of(directory, records);
        let bytes = source.len().saturating_sub(end);
        if bytes > 0 && !force {
            return Err(Error::Unfinished { path: name, bytes });
        }
        let unlisted = behind::unlisted(source, end).map_err(failed)?;
        let end = unlisted.last().map_or(end, |last| last.offset + last.length);
        let mut pages = Vec::with_capacity(found.len());
        let stored = *header;
        // After a writer that died the directory may be ahead of the header.
        let mut header = Header { records: 0, extensions: 0, write_flag: 0, ..stored };
        for page in found {
            let bytes = source.get(page.offset, PAGE_BYTES).map_err(failed)?;
            header.records += page.live;
            header.extensions += page.used;
            header.last_page = units(page.offset) + 1;
            // It may have died between the entries and the checksum of a page.
            let changed = if page_checksum(&bytes) == 0 { 0..0 } else { 0..1 };
            pages.push(Page { offset: page.offset, bytes: bytes.into_owned(), changed });
        }
        for record in &*records {
            header.longest = header.longest.max(units(record.length));
        }
        if end / 8 > MAX_UNITS {
            return Err(full(&name, "a file of more than 8 GiB cannot grow"));
        }
        header.file_size = units(end);
        let mut writer = Self {
            leftovers: source.len() > end,
            tail: Tail::new(sink, name, end).of_size(source.len()),
            header,
            stored,
            pages,
            pending_deletes: Vec::new(),
            deleted: Vec::new(),
            sync,
        };
        for found in &unlisted {
            writer.room_for_one()?;
            records.push(writer.list(&found.entry, found.offset, found.length)?);
        }
        if !unlisted.is_empty() {
            writer.header.file_size = units(writer.tail.position());
            writer.commit()?;
        }
        Ok((writer, source.len().saturating_sub(end)))
    }

    fn try_append(&mut self, fill: Fill<'_>) -> Result<Record> {
        self.room_for_one()?;
        let offset = self.tail.position();
        let waiting = self.tail.waiting();
        let start = waiting.len();
        waiting.resize(start + usize::try_from(XDF_PREFIX).unwrap_or(80), 0);
        let words = fill(waiting)?;
        waiting.resize(start + (waiting.len() - start).next_multiple_of(8), 0);
        let length = (waiting.len() - start) as u64;
        check_limits(self.tail.name(), offset, length)?;
        let entry = entry_bytes(1, units(length), units(offset) + 1, &words);
        if let Some(head) = self.tail.waiting().get_mut(start..start + ENTRY) {
            head.copy_from_slice(&entry);
        }
        let record = self.list(&entry, offset, length)?;
        self.header.file_size = units(offset + length);
        Ok(record)
    }

    /// Adds a directory page when the last one is full.
    fn room_for_one(&mut self) -> Result<()> {
        if self.pages.last().is_none_or(|page| page.used() >= PAGE_SLOTS) { self.add_page() } else { Ok(()) }
    }

    /// Lists a record in the last page, which has a free slot.
    fn list(&mut self, entry: &[u8; ENTRY], offset: u64, length: u64) -> Result<Record> {
        let number = u32::try_from(self.pages.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let Some(page) = self.pages.last_mut() else { return Err(full(self.tail.name(), "no directory page")) };
        let slot = page.used();
        put(&mut page.bytes, 20, u32::try_from(slot + 1).unwrap_or(SLOTS));
        page.change(slot).copy_from_slice(entry);
        let header = &mut self.header;
        (header.records, header.extensions) = (header.records + 1, header.extensions + 1);
        header.longest = header.longest.max(units(length));
        let index = number * SLOTS + u32::try_from(slot).unwrap_or(0);
        Ok(Entry::new(entry).record(offset, index, 0, Container::Xdf))
    }

    fn add_page(&mut self) -> Result<()> {
        if self.pages.len() >= MAX_PAGES as usize {
            return Err(full(
                self.tail.name(),
                "an XDF file has at most 262144 records, deleted ones included; use RSF",
            ));
        }
        let page = Page::fresh(self.tail.position());
        let address = units(page.offset) + 1;
        if let Some(before) = self.pages.last_mut() {
            put(&mut before.bytes, 16, address);
            // Its header, which has the link to the new page, is written with its last slot.
            before.change(PAGE_SLOTS - 1);
        }
        self.tail.waiting().extend(&page.bytes);
        self.header.pages += 1;
        self.header.last_page = address;
        self.header.file_size = units(self.tail.position());
        self.pages.push(page);
        Ok(())
    }

    fn slot_of(&mut self, record: &Record) -> Result<(&mut Page, usize)> {
        let (page, slot) = (record.index / SLOTS, (record.index % SLOTS) as usize);
        let foreign = || Error::ForeignRecord(record.into());
        let page = self.pages.get_mut(page as usize).ok_or_else(foreign)?;
        let entry = Entry::new(page.slot(slot).ok_or_else(foreign)?);
        if entry.state() == State::Live && entry.offset() == record.offset { Ok((page, slot)) } else { Err(foreign()) }
    }
}

impl ContainerWriter for XdfWriter {
    fn container(&self) -> Container {
        Container::Xdf
    }

    fn name(&self) -> &FileName {
        self.tail.name()
    }

    fn append(&mut self, _metadata: Option<&str>, fill: Fill<'_>) -> Result<Record> {
        if self.tail.is_long() {
            self.commit()?;
        }
        let (header, pages, start) = (self.header, self.pages.len(), self.tail.position());
        self.try_append(fill).inspect_err(|_| {
            // Take back what was appended to memory, a page included.
            self.header = header;
            self.tail.take_back(start);
            self.pages.truncate(pages);
            if let Some(page) = self.pages.last_mut() {
                put(&mut page.bytes, 16, 0);
            }
        })
    }

    fn delete(&mut self, record: &Record) -> Result<()> {
        self.slot_of(record)?;
        self.pending_deletes.push(record.index);
        Ok(())
    }

    fn edit(&mut self, record: &Record, words: &Words, _metadata: Option<&str>) -> Result<Record> {
        let words = words.with_layout_of(&record.words);
        let (page, slot) = self.slot_of(record)?;
        page.change(slot)[8..].copy_from_slice(&words.to_be_bytes());
        Ok(Record { words, ..record.clone() })
    }

    fn has_room(&self) -> bool {
        let slot =
            self.pages.len() < MAX_PAGES as usize || self.pages.last().is_some_and(|page| page.used() < PAGE_SLOTS);
        slot && check_limits(self.tail.name(), self.tail.position(), XDF_PREFIX).is_ok()
    }

    fn can_replace(&self) -> bool {
        true
    }

    fn replace(&mut self, record: &Record, words: &Words, payload: &[u8]) -> Result<Option<Record>> {
        let length = XDF_PREFIX + payload.len() as u64;
        if length != record.length {
            return Ok(None);
        }
        let entry = entry_bytes(1, units(length), units(record.offset) + 1, words);
        self.slot_of(record)?;
        let mut bytes = Vec::with_capacity(payload.len() + 80);
        bytes.extend(entry);
        bytes.extend([0; 8]);
        bytes.extend(payload);
        self.tail.overwrite(&bytes, record.offset)?;
        let (page, slot) = self.slot_of(record)?;
        page.change(slot).copy_from_slice(&entry);
        self.header.erasures = self.header.erasures.saturating_add(1);
        self.count_rewrite();
        Ok(Some(Entry::new(&entry).record(record.offset, record.index, 0, Container::Xdf)))
    }

    fn count_rewrite(&mut self) {
        self.header.rewrites = self.header.rewrites.saturating_add(1);
    }

    fn commit(&mut self) -> Result<()> {
        self.write_changes()
    }

    fn abandon(&mut self) -> Result<()> {
        self.tail.begin_change()?;
        let end = 8 * u64::from(self.stored.file_size);
        let size = self.tail.sink().size().map_err(|e| self.tail.error(e))?;
        // A new file has no end before its first record.
        if size > end && self.stored.pages > 0 { self.tail.cut_at(end) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{MemoryFile, hex::hex};

    #[test]
    fn a_record_with_one_value() -> Result<()> {
        let file = MemoryFile::new();
        let mut writer = XdfWriter::create(Arc::new(file.clone()), FileName::MEMORY, false)?;
        let empty = file.to_vec();
        assert_eq!(empty.len(), 208 + 18_464, "header and an empty page");
        assert_eq!(
            empty[16..36],
            hex("0000091E 00000000 00000000 00000001 0000001B"),
            "2334 units, 1 page, at address 27"
        );

        let words = Words::from([0x20, 0x0158, 0x0105, 0x1000, 0, 0, 0, 0, 0, 0, 0, 0xD340_0020, 0x1F40, 0, 0, 0]);
        let record = writer.append(None, &mut |payload| {
            payload.extend(1.0_f32.to_be_bytes());
            Ok(words)
        })?;
        assert_eq!((record.offset, record.length, record.index), (18_672, 88, 0));
        assert_eq!(file.to_vec(), empty, "the record waits in memory");
        writer.commit()?;
        let bytes = file.to_vec();
        let header = hex("
            00000929  ; file size: 2345 units of 8 bytes
            00000000  ; rewrites
            00000001  ; records ever appended
            00000001  ; directory pages
            0000001B  ; address of the last page
            0000000B  ; longest record: 11 units
            00100009 00020001
            00000000  ; erasures
            00000001  ; live records");
        assert_eq!(bytes[16..56], header);
        let entry = hex("
            0100000B 0000091F  ; live, length 11, address 2335
            00000020 00000158 00000105 00001000 00000000 00000000 00000000 00000000
            00000000 00000000 00000000 D3400020 00001F40 00000000 00000000 00000000");
        assert_eq!(bytes[240..312], entry, "the first slot of the page");
        assert_eq!(bytes[18_672..], [entry, hex("00000000 00000000  3F800000 00000000")].concat());

        writer.delete(&record)?;
        writer.commit()?;
        let bytes = file.to_vec();
        assert_eq!((bytes[240], bytes[18_672]), (255, 255), "both copies of the entry");
        assert_eq!(bytes[48..56], hex("00000001 00000000"), "one erasure, no live record");
        Ok(())
    }
}
