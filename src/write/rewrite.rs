//! Writing a record that may exist already.

use std::collections::BTreeSet;

use rpnfst_codecs::{DataType, Stored};

use super::{Backend, Writer, attributes::NewRecord, data::Encode, encode};
use crate::{
    error::Result,
    record::{Identity, Record, TextField},
};

/// What [`Writer::rewrite`] and [`Writer::copy_with`] do when the record exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Rewrite {
    /// The new record takes the place of the one with the same [identity](crate::record::Identity): nomvar, typvar, etiket,
    /// ips, dates, dimensions and grid (librmn 20's mode "yes"). It is appended, then the old one is deleted.
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

/// Where to find live records by what must be equal for a rewrite. Each list is made when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// For [`Rewrite::Replace`] and [`Rewrite::Skip`].
    exact: Option<Indices<Identity>>,
    /// For [`Rewrite::Classic`], by which of nomvar, typvar and etiket may be any.
    classic: [Option<Indices<ClassicKey>>; 8],
}

/// Keys with directory indices, in order: however many records have the same key, the first is near.
type Indices<K> = BTreeSet<(K, u32)>;

/// The ips, and nomvar, typvar and etiket unless they may be any.
type ClassicKey = [u32; 8];

impl Identities {
    pub(super) fn exact(&mut self, live: &mut dyn Iterator<Item = &Record>, wanted: &Identity) -> Option<u32> {
        let all = || live.map(|record| (record.identity(), record.index)).collect();
        first(self.exact.get_or_insert_with(all), *wanted)
    }

    pub(super) fn classic(&mut self, live: &mut dyn Iterator<Item = &Record>, wanted: &Identity) -> Option<u32> {
        let any = any(wanted);
        let all = || live.map(|record| (classic_key(&record.identity(), any), record.index)).collect();
        first(self.classic.get_mut(any)?.get_or_insert_with(all), classic_key(wanted, any))
    }

    pub(super) fn insert(&mut self, record: &Record) {
        let identity = record.identity();
        if let Some(exact) = &mut self.exact {
            exact.insert((identity, record.index));
        }
        for (any, classic) in self.classic.iter_mut().enumerate() {
            if let Some(classic) = classic {
                classic.insert((classic_key(&identity, any), record.index));
            }
        }
    }

    pub(super) fn remove(&mut self, record: &Record) {
        let identity = record.identity();
        if let Some(exact) = &mut self.exact {
            exact.remove(&(identity, record.index));
        }
        for (any, classic) in self.classic.iter_mut().enumerate() {
            if let Some(classic) = classic {
                classic.remove(&(classic_key(&identity, any), record.index));
            }
        }
    }
}

/// The first record with a key.
fn first<K: Ord + Copy>(indices: &Indices<K>, key: K) -> Option<u32> {
    indices.range((key, 0)..=(key, u32::MAX)).next().map(|(_, index)| *index)
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
        let container = self.container();
        // What the values decide is no part of the identity.
        let identity = Identity::new(&record.words(data.shape(), UNSAID, container)?, container);
        let existing = match mode {
            Rewrite::Replace | Rewrite::Skip => self.first_same(&identity),
            Rewrite::Classic => self.first_classic(&identity),
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
            self.identities.remove(old);
            self.identities.insert(&replaced);
            self.records[place] = replaced.clone();
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

/// Which of nomvar, typvar and etiket are blank, those of any record for [`Rewrite::Classic`]: one bit each. Ten blank
/// characters make a blank etiket.
fn any(identity: &Identity) -> usize {
    let [nomvar, typvar, etiket] = texts(identity);
    let blank = [nomvar[0] == 0, typvar[0] == 0, etiket[..2] == [0, 0]];
    blank.into_iter().enumerate().map(|(bit, blank)| usize::from(blank) << bit).sum()
}

fn classic_key(identity: &Identity, any: usize) -> ClassicKey {
    let words = identity.words();
    let unless = |bit: usize, codes: u32| if any >> bit & 1 == 1 { 0 } else { codes };
    let [[nomvar, ..], [typvar, ..], etiket] = texts(identity);
    let [a, b, c] = etiket.map(|codes| unless(2, codes));
    [words.ip1(), words.ip2(), words.ip3(), unless(0, nomvar), unless(1, typvar), a, b, c]
}

fn texts(identity: &Identity) -> [[u32; 3]; 3] {
    [TextField::Nomvar, TextField::Typvar, TextField::Etiket].map(|field| identity.words().codes(field))
}
