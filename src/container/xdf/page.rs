//! A directory page in memory, for writing (`docs/format/xdf.md`, section 4).

use std::ops::Range;

use super::{
    entry::{ENTRY, put},
    header::{PAGE_BYTES, PAGE_HEADER_SIZE, PAGE_SIZE, SLOTS, page_checksum},
    limits::units,
};

/// A directory page as it is stored, and what of it differs from the disk.
pub(super) struct Page {
    pub(super) offset: u64,
    pub(super) bytes: Vec<u8>,
    /// Slots that the disk does not have yet.
    pub(super) changed: Range<usize>,
}

impl Page {
    pub(super) fn fresh(offset: u64) -> Self {
        let mut bytes = vec![0; PAGE_SIZE];
        put(&mut bytes, 0, units(PAGE_BYTES));
        put(&mut bytes, 4, units(offset) + 1);
        Self { offset, bytes, changed: 0..0 }
    }

    pub(super) fn used(&self) -> usize {
        let count = self.bytes.get(20..).and_then(<[u8]>::first_chunk).map_or(0, |&bytes| u32::from_be_bytes(bytes));
        count.min(SLOTS) as usize
    }

    pub(super) fn slot(&self, slot: usize) -> Option<&[u8; ENTRY]> {
        let start = PAGE_HEADER_SIZE + slot * ENTRY;
        self.bytes.get(start..)?.first_chunk().filter(|_| slot < self.used())
    }

    /// Where a slot is to be changed.
    pub(super) fn change(&mut self, slot: usize) -> &mut [u8] {
        self.changed = if self.changed.is_empty() {
            slot..slot + 1
        } else {
            self.changed.start.min(slot)..self.changed.end.max(slot + 1)
        };
        let start = PAGE_HEADER_SIZE + slot * ENTRY;
        self.bytes.get_mut(start..start + ENTRY).unwrap_or_default()
    }

    /// Makes the exclusive-or of all words from byte 16 on zero.
    pub(super) fn seal(&mut self) {
        put(&mut self.bytes, 24, 0);
        let sum = page_checksum(&self.bytes);
        put(&mut self.bytes, 24, sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bytes::hex::hex, container::xdf::entry::entry_bytes};

    #[test]
    fn a_page_with_one_entry() {
        let mut page = Page::fresh(208);
        put(&mut page.bytes, 20, 1);
        let words =
            crate::record::Words::from([0x20, 0x0158, 0x0102, 0x1000, 0, 0, 0, 0, 0, 0, 0, 0xD340_0000, 0, 0, 0, 0]);
        page.change(0).copy_from_slice(&entry_bytes(1, 11, 2335, &words));
        page.seal();
        let expected = hex("
            00000904 0000001B  ; idtyp 0, length 2308, address 27
            00000000 00000000
            00000000 00000001  ; no next page, 1 slot used
            D240196F 00000000  ; checksum
            0100000B 0000091F  ; the entry: live, length 11, address 2335
            00000020 00000158 00000102 00001000 00000000 00000000 00000000 00000000
            00000000 00000000 00000000 D3400000 00000000 00000000 00000000 00000000");
        assert_eq!(page.bytes[..expected.len()], expected);
        assert_eq!((page.bytes.len(), page.used(), page.changed.clone()), (18_464, 1, 0..1));
        assert!(page.slot(0).is_some() && page.slot(1).is_none());
        assert_eq!(page_checksum(&page.bytes), 0);
    }
}
