//! Writing a record that may exist already.

use std::collections::HashMap;

use rpnfst_codecs::{DataType, Stored};

use super::{
    Backend, DEAD, Writer,
    attributes::{NewRecord, identity},
    data::Encode,
    encode,
};
use crate::{
    error::Result,
    record::{Nomvar, Record, Text, Typvar},
};

/// What [`Writer::rewrite`] does when the record exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Rewrite {
    /// The new record takes the place of the one with the same nomvar, typvar, etiket, ips, dates, dimensions and grid
    /// (librmn 20's mode "yes"): it is appended, then the old one is deleted.
    Replace,
    /// The old record stays, nothing is written (librmn 20's mode "skip").
    Skip,
    /// As `fstecr` with its rewrite flag: the first record with the same nomvar, typvar, etiket and ips is replaced,
    /// whatever its dates, dimensions and grid; a blank nomvar, typvar or etiket is that of any record. In an XDF file a
    /// record of the same length is written over the old one in place, which a kill can interrupt; others are appended.
    Classic,
}

/// Packing that is no part of an identity.
const UNSAID: Stored = Stored { data_type: DataType::RAW, pack_bits: 0, data_bits: 0 };

/// Where to find live records by what must be equal for a rewrite.
#[derive(Debug, Default)]
pub(super) struct Identities(HashMap<[u32; 16], Vec<u32>>);

impl Identities {
    fn new<'r>(records: impl Iterator<Item = &'r Record>) -> Self {
        let mut identities = Self::default();
        records.for_each(|record| identities.insert(record));
        identities
    }

    pub(super) fn insert(&mut self, record: &Record) {
        self.0.entry(identity(&record.words)).or_default().push(record.index);
    }

    pub(super) fn remove(&mut self, record: &Record) {
        if let Some(same) = self.0.get_mut(&identity(&record.words)) {
            same.retain(|&index| index != record.index);
        }
    }

    fn first(&self, words: &[u32; 16]) -> Option<u32> {
        self.0.get(&identity(words))?.first().copied()
    }
}

impl Writer {
    /// Writes a record that may be there already. Returns it as it is stored; `None` when it was skipped.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn rewrite(
        &mut self,
        record: &NewRecord,
        data: &(impl Encode + ?Sized),
        mode: Rewrite,
    ) -> Result<Option<Record>> {
        let shape = data.shape();
        // What the values decide is no part of the identity.
        let key = record.words(shape, UNSAID, self.container())?;
        let existing = match mode {
            Rewrite::Replace | Rewrite::Skip => {
                if self.identities.is_none() {
                    self.identities = Some(Identities::new(self.records.iter().filter(|r| r.file != DEAD)));
                }
                let index = self.identities.as_ref().and_then(|known| known.first(&key));
                let place = index.and_then(|i| self.records.binary_search_by_key(&i, |r| r.index).ok());
                place.and_then(|place| self.records.get(place)).cloned()
            }
            Rewrite::Classic => self.records().find(|old| classic_match(old, &key)).cloned(),
        };
        match (existing, mode) {
            (None, _) => self.write(record, data).map(Some),
            (Some(_), Rewrite::Skip) => Ok(None),
            (Some(old), Rewrite::Classic) => self.write_over(record, data, &old).map(Some),
            (Some(old), Rewrite::Replace) => {
                let written = self.write(record, data)?;
                self.delete(&old)?;
                Ok(Some(written))
            }
        }
    }

    fn write_over(&mut self, record: &NewRecord, data: &(impl Encode + ?Sized), old: &Record) -> Result<Record> {
        let container = self.container();
        if !matches!(self.backend, Backend::Xdf(_)) {
            let written = self.write(record, data)?;
            self.delete(old)?;
            return Ok(written);
        }
        let text = self.text_of(record)?;
        let mut payload = Vec::new();
        let stored = encode(record, data, container, &self.options, self.options.threads_here(), &mut payload)?;
        let words = record.words(data.shape(), stored, container)?;
        let place = self.place(old)?;
        if old.payload_extent().1 == payload.len() as u64
            && let Backend::Xdf(writer) = &mut self.backend
        {
            let replaced = writer.replace(old, &words, &payload)?;
            self.records[place] = replaced.clone();
            self.identities = None;
            return Ok(replaced);
        }
        let appended = self.backend.append(text.as_deref(), &mut |out| {
            out.extend_from_slice(&payload);
            Ok(words)
        })?;
        let written = self.note(appended);
        self.delete(old)?;
        if let Backend::Xdf(writer) = &mut self.backend {
            writer.count_rewrite();
        }
        Ok(written)
    }
}

/// Equality of nomvar, typvar, etiket and ips, where blank texts of the new record stand for any.
fn classic_match(old: &Record, new: &[u32; 16]) -> bool {
    let ips = |words: &[u32; 16]| [words[12] >> 4, words[13] >> 4, words[14] >> 4];
    let nomvar: Nomvar = Text::from_codes([new[11] >> 8]);
    let typvar: Typvar = Text::from_codes([new[10] >> 8]);
    let blank_etiket = new[8] == 0 && new[9] == 0; // ten characters
    ips(&old.words) == ips(new)
        && (nomvar.is_blank() || old.nomvar() == nomvar)
        && (typvar.is_blank() || old.typvar() == typvar)
        && (blank_etiket || (old.words[8], old.words[9], old.words[10] >> 20) == (new[8], new[9], new[10] >> 20))
}
