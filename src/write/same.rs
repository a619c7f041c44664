//! Records that stand for the same field.

use super::{DEAD, Writer};
use crate::{
    error::Result,
    record::{Identity, Record},
};

impl Writer {
    /// Whether the file has a record with this identity. The first call looks at all records, later ones take no time.
    pub fn contains(&mut self, identity: &Identity) -> bool {
        self.first_same(identity.words()).is_some()
    }

    /// Deletes the records before this one that have its identity, and says how many there were.
    ///
    /// # Errors
    /// As [`Writer::delete`].
    pub fn delete_earlier(&mut self, record: &Record) -> Result<usize> {
        let identity = record.identity();
        let mut deleted = 0;
        while let Some(old) = self.first_same(identity.words()).filter(|old| old.index < record.index) {
            self.delete(&old)?;
            deleted += 1;
        }
        Ok(deleted)
    }

    /// The first live record whose words a rewrite takes for the same.
    pub(super) fn first_same(&mut self, words: &[u32; 16]) -> Option<Record> {
        let index = self.identities.exact(self.records.iter().filter(|record| record.file != DEAD), words);
        self.at(index)
    }

    /// The first live record that a classic rewrite finds.
    pub(super) fn first_classic(&mut self, words: &[u32; 16]) -> Option<Record> {
        let index = self.identities.classic(self.records.iter().filter(|record| record.file != DEAD), words);
        self.at(index)
    }

    fn at(&self, index: Option<u32>) -> Option<Record> {
        let place = self.records.binary_search_by_key(&index?, |record| record.index).ok()?;
        self.records.get(place).cloned()
    }
}
