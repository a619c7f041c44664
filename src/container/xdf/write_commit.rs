//! What a commit of a random XDF file writes, and in which order (`docs/format/xdf.md`, section 8):
//!
//! 1. records and new directory pages, behind everything that exists;
//! 2. the header, which claims their space;
//! 3. the directory pages that list the records: entries before counts, the last page first;
//! 4. the header again, which counts the records;
//! 5. deletes, in the order of steps 3 and 4. They come last because a new record may replace a deleted one.
//!
//! If the writer is killed after any of these steps, every record that the old directory listed can still be read.

use super::{
    entry::{ENTRY, Entry},
    header::{Header, PAGE_HEADER_SIZE, PAGE_SIZE, SLOTS},
    write::XdfWriter,
};
use crate::error::Result;

impl XdfWriter {
    /// Writes everything that the file does not have yet.
    pub(super) fn write_changes(&mut self) -> Result<()> {
        if self.is_on_disk() && self.tail.waiting().is_empty() && !self.leftovers {
            return Ok(());
        }
        self.tail.begin_change()?;
        if self.leftovers {
            self.tail.cut()?;
            self.leftovers = false;
        }
        // New pages are in no chain yet: they go with the records.
        for page in self.pages.iter_mut().filter(|page| !page.changed.is_empty()) {
            if let Some(waiting) = self.tail.waiting_at(page.offset, PAGE_SIZE) {
                page.seal();
                waiting.copy_from_slice(&page.bytes);
                page.changed = 0..0;
            }
        }
        self.tail.flush()?;
        if self.is_on_disk() {
            return Ok(());
        }
        self.sync_if_asked()?;
        if self.header.file_size != self.stored.file_size {
            self.write_header(Header { file_size: self.header.file_size, ..self.stored })?;
            self.sync_if_asked()?;
        }
        self.write_directory()?;
        if !self.pending_deletes.is_empty() {
            self.sync_if_asked()?;
            self.apply_deletes();
            self.write_directory()?;
        }
        self.sync_if_asked()
    }

    /// Marks the entries of deleted records.
    fn apply_deletes(&mut self) {
        for index in self.pending_deletes.drain(..) {
            let Some(page) = self.pages.get_mut((index / SLOTS) as usize) else { continue };
            let entry = page.change((index % SLOTS) as usize);
            let [kind, ..] = entry else { continue };
            *kind = 255;
            let offset = entry.first_chunk().map_or(0, |entry| Entry::new(entry).offset());
            self.deleted.push((offset, entry.first_chunk().copied().unwrap_or_default()));
            self.header.erasures = self.header.erasures.saturating_add(1);
            self.header.records = self.header.records.saturating_sub(1);
        }
    }

    /// Whether header and directory on disk are as they should be.
    fn is_on_disk(&self) -> bool {
        let unchanged = self.header == self.stored && self.pages.iter().all(|page| page.changed.is_empty());
        unchanged && self.pending_deletes.is_empty() && self.deleted.is_empty()
    }

    /// Waits for the medium, if that is wanted.
    fn sync_if_asked(&self) -> Result<()> {
        if self.sync { self.tail.sync() } else { Ok(()) }
    }

    fn write_header(&mut self, header: Header) -> Result<()> {
        self.tail.write_all(&header.to_bytes(), 0)?;
        self.stored = header;
        Ok(())
    }

    /// Writes the pages that changed, the heads of deleted records, and the header.
    fn write_directory(&mut self) -> Result<()> {
        for page in self.pages.iter_mut().filter(|page| !page.changed.is_empty()) {
            page.seal();
            let start = PAGE_HEADER_SIZE + ENTRY * page.changed.start;
            let slots = page.bytes.get(start..PAGE_HEADER_SIZE + ENTRY * page.changed.end).unwrap_or_default();
            self.tail.write_all(slots, page.offset + start as u64)?;
        }
        self.sync_if_asked()?;
        for page in self.pages.iter_mut().rev().filter(|page| !page.changed.is_empty()) {
            self.tail.write_all(&page.bytes[..PAGE_HEADER_SIZE], page.offset)?;
            page.changed = 0..0;
        }
        self.sync_if_asked()?;
        while let Some((offset, head)) = self.deleted.last() {
            self.tail.write_all(head, *offset)?;
            self.deleted.pop();
        }
        self.write_header(self.header)
    }
}
