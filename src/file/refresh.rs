//! Looking at open files again.

use std::cmp::Ordering;

use super::opened::{File, Part};
use crate::{
    error::{Error, Result},
    record::Record,
};

/// What [`File::refresh`] found: how many records are new, gone, or changed.
///
/// A record is known by its place in the directory of its file ([`Record::file_index`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Changes {
    /// Records at places where there were none.
    pub added: usize,
    /// Records that are not there any more.
    pub removed: usize,
    /// Records that differ from those at the same places before: they were edited, or the file was made anew.
    pub changed: usize,
}

impl Changes {
    /// Whether all records are as they were.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Adds what became of the records of one file. Positions in a directory ascend.
    fn compare(&mut self, mut before: &[Record], mut after: &[Record]) {
        while let (Some((old, olds)), Some((new, news))) = (before.split_first(), after.split_first()) {
            let order = old.index.cmp(&new.index);
            match order {
                Ordering::Less => self.removed += 1,
                Ordering::Greater => self.added += 1,
                Ordering::Equal => self.changed += usize::from(old != new),
            }
            if order.is_le() {
                before = olds;
            }
            if order.is_ge() {
                after = news;
            }
        }
        self.removed += before.len();
        self.added += after.len();
    }
}

impl File {
    /// Looks again at the files on disk and takes in what other processes appended, deleted or edited since they were
    /// opened. Returns what changed. On an error nothing does.
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, File, Writer};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("growing.std");
    /// # let data = Array::new(&[1.0_f32], (1, 1, 1))?;
    /// # let mut writer = Writer::create(&path)?;
    /// writer.write(&Attributes::new("TT"), &data)?;
    /// writer.commit()?;
    /// let mut file = File::open(&path)?;
    /// assert!(file.refresh()?.is_none());
    /// writer.write(&Attributes::new("UU"), &data)?;
    /// writer.commit()?;
    /// assert_eq!(file.refresh()?.added, 1);
    /// # writer.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`File::open`].
    pub fn refresh(&mut self) -> Result<Changes> {
        let look = |(number, part): (usize, &Part)| {
            let source = match &part.path {
                Some(path) => self.options.source(path)?,
                None => part.source.refreshed().map_err(|source| Error::Io { path: part.source.name(), source })?,
            };
            self.options.opened(part.path.clone(), source, number)
        };
        let fresh = Self::join(self.options.clone(), self.members.iter().enumerate().map(look))?;
        let mut changes = Changes::default();
        for (before, after) in self.members().zip(fresh.members()) {
            changes.compare(before.records(), after.records());
        }
        *self = fresh;
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::Changes;
    use crate::{Array, Attributes, File, MemoryFile, Result, WriteOptions};

    #[test]
    fn records_are_compared_by_their_places() -> Result<()> {
        let (memory, data) = (MemoryFile::new(), Array::new(&[1.0_f32], (1, 1, 1))?);
        let mut writer = WriteOptions::new().create_sink(memory.clone())?;
        let names = ["A", "B", "C"].map(Attributes::new);
        let written = names.iter().map(|name| writer.write(name, &data)).collect::<Result<Vec<_>>>()?;
        writer.commit()?;
        let before = File::from_bytes(memory.to_vec())?;
        writer.delete(&written[0])?;
        writer.edit(&written[2], &Attributes::new("E"))?;
        writer.write(&Attributes::new("D"), &data)?;
        writer.close()?;
        let after = File::from_bytes(memory.to_vec())?;
        let mut changes = Changes::default();
        changes.compare(before.records(), after.records());
        assert_eq!(changes, Changes { added: 1, removed: 1, changed: 1 });
        changes = Changes::default();
        changes.compare(after.records(), after.records());
        assert!(changes.is_none());
        Ok(())
    }
}
