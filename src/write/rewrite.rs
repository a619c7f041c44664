//! Writing a record that may exist already.

use rpnfst_codecs::{DataType, Stored};

use super::{attributes::Attributes, encode::encode, writer::Writer};
use crate::{
    error::Result,
    field::Writable,
    record::{Identity, Record},
};

/// What [`Writer::rewrite`] and [`Writer::copy_with`] do when the record exists.
///
/// ```
/// use rpnfst::{Attributes, Array, MemoryFile, Rewrite, WriteOptions};
/// let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
/// let (attributes, data) = (Attributes::new("TT").ip1(500), Array::new(&[1.0_f32], (1, 1, 1))?);
/// assert!(writer.rewrite(&attributes, &data, Rewrite::Replace)?.is_some()); // there was none
/// assert!(writer.rewrite(&attributes, &data, Rewrite::Skip)?.is_none()); // there is one now
/// assert_eq!(writer.record_count(), 1);
/// # Ok::<(), rpnfst::Error>(())
/// ```
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

/// Placeholder packing: the identity of a record does not depend on it.
const NO_PACKING: Stored = Stored { data_type: DataType::RAW, pack_bits: 0, data_bits: 0 };

impl Writer {
    /// Writes a record that may be there already. Returns it as it is stored; `None` when it was skipped.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn rewrite(
        &mut self,
        attributes: &Attributes,
        data: &(impl Writable + ?Sized),
        mode: Rewrite,
    ) -> Result<Option<Record>> {
        let container = self.container();
        // What the values decide is no part of the identity.
        let identity = Identity::new(&attributes.words(data.shape(), NO_PACKING, container)?, container);
        let existing = match mode {
            Rewrite::Replace | Rewrite::Skip => self.records.first_same(&identity),
            Rewrite::Classic => self.records.first_classic(&identity),
        };
        match (existing, mode) {
            (None, _) => self.write(attributes, data).map(Some),
            (Some(_), Rewrite::Skip) => Ok(None),
            (Some(old), Rewrite::Classic) => self.write_over(attributes, data, &old).map(Some),
            (Some(old), Rewrite::Replace) => {
                let written = self.write(attributes, data)?;
                self.delete(&old)?;
                Ok(Some(written))
            }
        }
    }

    fn write_over(&mut self, attributes: &Attributes, data: &(impl Writable + ?Sized), old: &Record) -> Result<Record> {
        let container = self.container();
        if !self.backend.can_replace() {
            let written = self.write(attributes, data)?;
            self.delete(old)?;
            return Ok(written);
        }
        let text = self.new_text_of(attributes)?;
        let mut payload = Vec::new();
        let stored = encode(attributes, data, container, &self.options, self.options.threads_here(), &mut payload)?;
        let words = attributes.words(data.shape(), stored, container)?;
        let place = self.records.place(old)?;
        if let Some(replaced) = self.backend.replace(old, &words, &payload)? {
            return Ok(self.records.replace(place, replaced));
        }
        let appended = self.backend.append(text.as_deref(), &mut |out| {
            out.extend_from_slice(&payload);
            Ok(words)
        })?;
        let written = self.records.register(appended);
        self.delete(old)?;
        self.backend.count_rewrite();
        Ok(written)
    }
}
