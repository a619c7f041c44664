//! The records of a file that is being written: which of them are live, and which of them stand for the same field.

use bitvec::vec::BitVec;

use super::identities::Identities;
use crate::{
    error::{Error, Result},
    record::{Identity, Record},
};

/// The records of a file in directory order, deleted ones included.
pub(super) struct Records {
    list: Vec<Record>,
    /// One bit for each record of `list`: set in deleted ones.
    deleted: BitVec,
    /// Live ones, by what a rewrite compares.
    identities: Identities,
}

/// A way to look for the directory index of a record.
type Find = fn(&mut Identities, &mut dyn Iterator<Item = &Record>, &Identity) -> Option<u32>;

impl Records {
    pub(super) fn new(list: Vec<Record>) -> Self {
        Self { deleted: BitVec::repeat(false, list.len()), list, identities: Identities::default() }
    }

    /// The live records.
    pub(super) fn live(&self) -> impl Iterator<Item = &Record> {
        live(&self.list, &self.deleted)
    }

    /// Number of live records.
    pub(super) fn count(&self) -> usize {
        self.deleted.count_zeros()
    }

    /// Position of a live record.
    ///
    /// # Errors
    /// [`Error::ForeignRecord`] when the file does not have it, or not any more.
    pub(super) fn place(&self, record: &Record) -> Result<usize> {
        let place = self.list.binary_search_by_key(&record.index, |known| known.index);
        let place = place.ok().filter(|&place| {
            let known = &self.list[place];
            !self.deleted[place] && known.offset == record.offset && known.words == record.words
        });
        place.ok_or_else(|| Error::ForeignRecord(record.into()))
    }

    /// Adds a record that was appended to the file.
    pub(super) fn register(&mut self, record: Record) -> Record {
        self.identities.insert(&record);
        self.list.push(record.clone());
        self.deleted.push(false);
        record
    }

    /// Puts a record that was changed in place where it was.
    pub(super) fn replace(&mut self, place: usize, record: Record) -> Record {
        self.identities.remove(&self.list[place]);
        self.identities.insert(&record);
        self.list[place] = record.clone();
        record
    }

    /// Marks a record as deleted.
    pub(super) fn delete(&mut self, place: usize) {
        self.identities.remove(&self.list[place]);
        self.deleted.set(place, true);
    }

    /// The first live record with this identity.
    pub(super) fn first_same(&mut self, identity: &Identity) -> Option<Record> {
        self.first(identity, Identities::exact)
    }

    /// The first live record that a classic rewrite takes for the same.
    pub(super) fn first_classic(&mut self, identity: &Identity) -> Option<Record> {
        self.first(identity, Identities::classic)
    }

    fn first(&mut self, identity: &Identity, find: Find) -> Option<Record> {
        let index = find(&mut self.identities, &mut live(&self.list, &self.deleted), identity)?;
        let place = self.list.binary_search_by_key(&index, |record| record.index).ok()?;
        self.list.get(place).cloned()
    }
}

fn live<'a>(list: &'a [Record], deleted: &'a BitVec) -> impl Iterator<Item = &'a Record> {
    list.iter().zip(deleted.iter().by_vals()).filter(|(_, deleted)| !deleted).map(|(record, _)| record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Container, Words, date::Reckoning};

    fn record(index: u32, ip1: u32) -> Record {
        let mut words = Words::default();
        words.set_ip1(ip1);
        let (offset, length, container) = (1000 + 80 * u64::from(index), 80, Container::Xdf);
        let reckoning = Reckoning::default();
        Record { words, offset, length, file: 0, index, container, meta_words: 0, text_words: 0, reckoning }
    }

    #[test]
    fn deleted_records_are_found_no_more() {
        let mut records = Records::new(vec![record(0, 500), record(1, 500)]);
        let third = records.register(record(2, 700));
        assert_eq!(records.first_same(&record(9, 500).identity()), Some(record(0, 500)));
        let place = records.place(&record(0, 500)).expect("it is there");
        records.delete(place);
        assert!(records.place(&record(0, 500)).is_err());
        assert_eq!(records.first_same(&record(9, 500).identity()), Some(record(1, 500)));
        let place = records.place(&third).expect("it is there");
        records.replace(place, record(2, 850));
        assert!(records.place(&third).is_err() && records.first_same(&third.identity()).is_none());
        assert_eq!(records.live().map(|record| record.index).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(records.count(), 2);
    }
}
