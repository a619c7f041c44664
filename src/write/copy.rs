//! Records copied from file to file without decoding.

use rpnfst_codecs::BaseType;

use super::{Rewrite, Writer, attributes::NewRecord};
use crate::{
    error::{Error, RecordError, Result},
    file::File,
    record::{Container, Record},
    xdf::keep_layout,
};

impl Writer {
    /// Appends a record of another file as it is: the payload bit for bit, all attributes, the extended metadata. Between
    /// containers the payload's words change their byte order, nothing else.
    ///
    /// # Errors
    /// [`Error::Record`] when the record is damaged or cut by the end of its file; [`Error::Unsupported`] when this
    /// container cannot hold it (extended metadata, integers of 64 bits, dimensions above 16777215 in XDF); as
    /// [`Writer::write`].
    pub fn copy(&mut self, file: &File, record: &Record) -> Result<Record> {
        let words = self.converted(record)?;
        let text = file.metadata_text(record)?;
        self.append_copy(file, record, words, text.as_deref())
    }

    /// Like [`Writer::copy`], with other attributes; dimensions, type and values stay. Extended metadata is that of
    /// `attributes`, if it says anything of it.
    ///
    /// # Errors
    /// As [`Writer::copy`], and [`Error::Field`] when an attribute cannot be stored.
    pub fn copy_as(&mut self, file: &File, record: &Record, attributes: &NewRecord) -> Result<Record> {
        let words = keep_layout(&self.converted(record)?, &attributes.words_without_data()?);
        let text = match attributes.metadata_text() {
            None => file.metadata_text(record)?,
            Some(text) => Some(text.to_owned()).filter(|text| !text.is_empty()),
        };
        self.append_copy(file, record, words, text.as_deref())
    }

    /// Like [`Writer::copy`], or [`Writer::copy_as`] with attributes, of a record that may be there already. Returns it as it
    /// is stored; `None` when it was skipped. [`Rewrite::Replace`] leaves one record of this identity, however many there
    /// were; [`Rewrite::Classic`] appends the record and deletes the old one, never in place.
    ///
    /// ```
    /// use rpnfst::{Data, File, NewRecord, Rewrite, Writer};
    /// # let folder = tempfile::tempdir()?;
    /// # let [morning, evening, all] = ["morning.std", "evening.std", "all.std"].map(|name| folder.path().join(name));
    /// # for (path, value) in [(&morning, 1.0), (&evening, 2.0)] {
    /// #     let mut writer = Writer::create(path)?;
    /// #     writer.write(&NewRecord::new("TT"), &Data::new(&[value], (1, 1, 1))?)?;
    /// #     writer.close()?;
    /// # }
    /// let mut writer = Writer::create(&all)?;
    /// for path in [&morning, &evening] {
    ///     let file = File::open(path)?;
    ///     for record in file.records() {
    ///         writer.copy_with(&file, record, None, Rewrite::Replace)?; // the last one wins
    ///     }
    /// }
    /// assert_eq!(writer.record_count(), 1);
    /// # writer.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Writer::copy_as`] and [`Writer::delete`].
    pub fn copy_with(
        &mut self,
        file: &File,
        record: &Record,
        attributes: Option<&NewRecord>,
        mode: Rewrite,
    ) -> Result<Option<Record>> {
        let mut words = self.converted(record)?;
        if let Some(attributes) = attributes {
            words = keep_layout(&words, &attributes.words_without_data()?);
        }
        let old = match mode {
            Rewrite::Skip if self.first_same(&words).is_some() => return Ok(None),
            Rewrite::Classic => self.first_classic(&words),
            Rewrite::Replace | Rewrite::Skip => None,
        };
        let written = match attributes {
            None => self.copy(file, record),
            Some(attributes) => self.copy_as(file, record, attributes),
        }?;
        match (mode, old) {
            (Rewrite::Replace, _) => self.delete_earlier(&written).map(drop)?,
            (_, Some(old)) => self.delete(&old)?,
            (_, None) => {}
        }
        Ok(Some(written))
    }

    fn append_copy(&mut self, file: &File, record: &Record, words: [u32; 16], text: Option<&str>) -> Result<Record> {
        if text.is_some() && self.container() != Container::Rsf {
            return Err(self.cannot_hold(record, "extended metadata"));
        }
        let payload = file.payload(record)?;
        let (_, length) = record.payload_extent();
        if (payload.len() as u64) < length {
            let missing = length - payload.len() as u64;
            let source = Box::new(RecordError::Cut { missing });
            return Err(Error::Record { path: file.file_name(record.file_number()), record: record.into(), source });
        }
        let swap = record.container().word_order() != self.container().word_order();
        let written = self.backend.append(text, &mut |out| {
            let start = out.len();
            out.extend_from_slice(&payload);
            if swap {
                for word in out.get_mut(start..).unwrap_or_default().as_chunks_mut::<4>().0 {
                    word.reverse();
                }
            }
            Ok(words)
        })?;
        Ok(self.note(written))
    }

    /// The directory words of a record as this container has them.
    fn converted(&self, record: &Record) -> Result<[u32; 16]> {
        let mut words = record.words;
        match (record.container(), self.container()) {
            (Container::Rsf, Container::Rsf) => {}
            (Container::Rsf, _) => {
                let base = record.data_type().base();
                if matches!(base, BaseType::Unsigned | BaseType::Signed) && record.pack_bits() > 32 {
                    return Err(self.cannot_hold(record, "integers of 64 bits"));
                }
                if record.ni() >> 24 != 0 || record.nj() >> 24 != 0 {
                    return Err(self.cannot_hold(record, "dimensions above 16777215"));
                }
            }
            (_, Container::Rsf) => {
                // RSF has the high bits of ni and nj where XDF has nothing, and always a width in memory.
                words[10] &= !0xFF;
                words[13] &= !0xF;
                words[14] &= !0xF;
                words[11] = words[11] & !0xFF | u32::from(record.data_bits());
            }
            (_, _) => {}
        }
        Ok(words)
    }

    fn cannot_hold(&self, record: &Record, what: &str) -> Error {
        let what = format!("record {} cannot be copied: XDF files cannot hold {what}", record.nomvar());
        Error::Unsupported { path: self.name().to_owned(), what }
    }
}
