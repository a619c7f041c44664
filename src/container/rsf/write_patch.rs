//! Bytes that a writer changes in what exists already: deletes and edits.

use super::write::RsfWriter;
use crate::{
    error::{Error, Result},
    record::Record,
};

impl RsfWriter {
    /// Writes over bytes of a record: now if they wait in memory, else with the next commit.
    pub(super) fn patch(&mut self, bytes: Vec<u8>, offset: u64) {
        match self.tail.waiting_at(offset, bytes.len()) {
            Some(waiting) => waiting.copy_from_slice(&bytes),
            None => self.record_patches.push_back((offset, bytes)),
        }
    }

    /// Writes over bytes of the directory entry of a record.
    pub(super) fn patch_entry(&mut self, record: &Record, at: u64, bytes: &[u8]) -> Result<()> {
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

    /// Writes the patches to the file: those of directories first, so that no directory lists a deleted record.
    pub(super) fn write_patches(&mut self) -> Result<()> {
        for patches in [&mut self.entry_patches, &mut self.record_patches] {
            if self.sync && !patches.is_empty() {
                self.tail.sync()?;
            }
            while let Some((offset, bytes)) = patches.front() {
                self.tail.write_all(bytes, *offset)?;
                patches.pop_front();
            }
        }
        Ok(())
    }
}
