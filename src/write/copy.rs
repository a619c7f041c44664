//! Records copied from file to file without decoding.

use rpnfst_codecs::BaseType;

use super::{attributes::Attributes, rewrite::Rewrite, writer::Writer};
use crate::{
    error::{Error, RecordError, Result},
    file::File,
    record::{Container, Identity, Record, Words},
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
        let words = self.copied_words(record, None)?;
        self.append_copy(file, record, words, None)
    }

    /// Like [`Writer::copy`], with other attributes; dimensions, type and values stay, and so do extended
    /// metadata unless `attributes` says something of them.
    ///
    /// ```
    /// use rpnfst::{Attributes, Container, File, MemoryFile, WriteOptions};
    /// let file = File::open("testdata/xdf/same_name.std")?;
    /// let mut writer = WriteOptions::new().container(Container::Rsf).create_sink(MemoryFile::new())?;
    /// for record in file.records() {
    ///     let copy = writer.copy_as(&file, record, &Attributes::from(record).etiket("COPY"))?;
    ///     assert_eq!((copy.nomvar(), copy.etiket().as_str()), (record.nomvar(), "COPY"));
    /// }
    /// writer.close()?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Writer::copy`], and [`Error::Field`] when an attribute cannot be stored.
    pub fn copy_as(&mut self, file: &File, record: &Record, attributes: &Attributes) -> Result<Record> {
        let words = self.copied_words(record, Some(attributes))?;
        self.append_copy(file, record, words, attributes.metadata_text())
    }

    /// Like [`Writer::copy`], or [`Writer::copy_as`] with attributes, of a record that may be there already. Returns it as it
    /// is stored; `None` when it was skipped. [`Rewrite::Replace`] leaves one record of this identity, however many there
    /// were; [`Rewrite::Classic`] appends the record and deletes the old one, never in place.
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, File, Rewrite, Writer};
    /// # let folder = tempfile::tempdir()?;
    /// # let [morning, evening, all] = ["morning.std", "evening.std", "all.std"].map(|name| folder.path().join(name));
    /// # for (path, value) in [(&morning, 1.0), (&evening, 2.0)] {
    /// #     let mut writer = Writer::create(path)?;
    /// #     writer.write(&Attributes::new("TT"), &Array::new(&[value], (1, 1, 1))?)?;
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
        attributes: Option<&Attributes>,
        mode: Rewrite,
    ) -> Result<Option<Record>> {
        let words = self.copied_words(record, attributes)?;
        let identity = Identity::new(&words, self.container());
        let old = match mode {
            Rewrite::Skip if self.contains(&identity) => return Ok(None),
            Rewrite::Classic => self.records.first_classic(&identity),
            Rewrite::Replace | Rewrite::Skip => None,
        };
        let written = self.append_copy(file, record, words, attributes.and_then(Attributes::metadata_text))?;
        match (mode, old) {
            (Rewrite::Replace, _) => self.delete_earlier(&written).map(drop)?,
            (_, Some(old)) => self.delete(&old)?,
            (_, None) => {}
        }
        Ok(Some(written))
    }

    /// `text` instead of the extended metadata of the record, if there is one; an empty one is none.
    fn append_copy(&mut self, file: &File, record: &Record, words: Words, text: Option<&str>) -> Result<Record> {
        let text = match text {
            None => file.metadata_text(record)?,
            Some(text) => Some(text.to_owned()).filter(|text| !text.is_empty()),
        };
        if text.is_some() && self.container() != Container::Rsf {
            return Err(self.cannot_hold(record, "extended metadata"));
        }
        let payload = file.payload(record)?;
        let (_, length) = record.payload_extent();
        if (payload.len() as u64) < length {
            let missing = length - payload.len() as u64;
            let source = Box::new(RecordError::Cut { missing });
            return Err(Error::Record { path: file.member_of(record)?.name(), record: record.into(), source });
        }
        let swap = record.container().word_order() != self.container().word_order();
        let written = self.backend.append(text.as_deref(), &mut |out| {
            let start = out.len();
            out.extend_from_slice(&payload);
            if swap {
                for word in out.get_mut(start..).unwrap_or_default().as_chunks_mut::<4>().0 {
                    word.reverse();
                }
            }
            Ok(words)
        })?;
        Ok(self.records.register(written))
    }

    /// The directory words of a copy.
    fn copied_words(&self, record: &Record, attributes: Option<&Attributes>) -> Result<Words> {
        let words = self.converted(record)?;
        Ok(match attributes {
            None => words,
            Some(attributes) => attributes.words_without_data()?.with_layout_of(&words),
        })
    }

    /// The directory words of a record as this container has them.
    fn converted(&self, record: &Record) -> Result<Words> {
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
                // What XDF reserves would be high bits of ni and nj; RSF always has a width in memory.
                words = words.without_high_bits();
                words.set_data_bits(record.data_bits());
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

#[cfg(test)]
mod tests {
    use crate::{Array, Attributes, DataType, File, MemoryFile, Result, WriteOptions, record::Container};

    #[test]
    fn words_of_the_payload_change_their_byte_order() -> Result<()> {
        let [classic, copy] = [MemoryFile::new(), MemoryFile::new()];
        let mut writer = WriteOptions::new().create_sink(classic.clone())?;
        let record = Attributes::new("TT").data_type(DataType::IEEE).pack_bits(32);
        writer.write(&record, &Array::new(&[1.0_f32, -2.0], (2, 1, 1))?)?;
        writer.close()?;
        let classic = File::from_bytes(classic.to_vec())?;
        let mut writer = WriteOptions::new().container(Container::Rsf).create_sink(copy.clone())?;
        writer.copy(&classic, &classic.records()[0])?;
        writer.close()?;
        let copy = File::from_bytes(copy.to_vec())?;
        let [big, little] = [&classic, &copy].map(|file| file.payload(&file.records()[0]).map(|p| p[..8].to_vec()));
        assert_eq!(big?, [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]);
        assert_eq!(little?, [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
        assert_eq!(copy.records()[0].words.data_bits(), 32, "RSF always has the width in memory");
        Ok(())
    }
}
