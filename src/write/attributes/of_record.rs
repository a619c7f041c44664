//! The attributes of a record that exists, and what becomes of its extended metadata.

use super::{Attributes, Date, Ip, Label, Steps};
use crate::{
    error::{FieldError, Result},
    file::File,
    record::Record,
};

/// What is said of extended metadata.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Metadata {
    /// Nothing: a new record has none, a record that is edited or copied keeps its own.
    Unsaid,
    /// As [`Metadata::Unsaid`], but the record that the attributes come from has some, whose text is not here: a new record
    /// would lose them.
    OfRecord,
    /// A record gets this text.
    Text(String),
    /// A record gets none.
    Without,
}

/// The attributes of a record, to change some of them: for [`Writer::edit`](crate::Writer::edit),
/// [`Writer::copy_as`](crate::Writer::copy_as), or a new record with other values.
///
/// # Data type
///
/// Type and bits are those of the record. Values that were read and are written again are packed again: types 1 and 6, which
/// round, may round once more. [`Writer::copy`](crate::Writer::copy) moves a record without decoding it, and
/// [`copy_as`](crate::Writer::copy_as) with other attributes. To pack in another way, set [both](Attributes::data_type), or neither with
/// [`without_data_type`](Attributes::without_data_type).
///
/// # Extended metadata
///
/// A [`Record`] knows whether it has extended metadata; their text is in the file. So these attributes are without the text,
/// and never lose it silently: [`edit`](crate::Writer::edit) and [`copy_as`](crate::Writer::copy_as) keep the metadata of the
/// record that is edited or copied; [`write`](crate::Writer::write), [`write_many`](crate::Writer::write_many) and
/// [`rewrite`](crate::Writer::rewrite), which have no such record, refuse attributes of a record with metadata until
/// [`metadata`](Attributes::metadata) or [`without_metadata`](Attributes::without_metadata) says what is meant.
/// [`File::attributes`] reads the text too.
impl From<&Record> for Attributes {
    fn from(record: &Record) -> Self {
        Self {
            nomvar: Label::new("nomvar", record.nomvar().as_str()),
            typvar: Label::new("typvar", record.typvar().as_str()),
            etiket: Label::new("etiket", record.etiket().as_str()),
            grtyp: record.grtyp(),
            date: Date::Validity(record.datev()),
            calendar: record.calendar(),
            deet: record.deet(),
            steps: Steps::Count(record.npas()),
            ips: [record.ip1(), record.ip2(), record.ip3()].map(Ip::Code),
            igs: [record.ig1(), record.ig2(), record.ig3(), record.ig4()],
            data_type: Some(record.data_type()),
            pack_bits: Some(record.pack_bits()),
            metadata: if record.has_metadata() { Metadata::OfRecord } else { Metadata::Unsaid },
        }
    }
}

impl File {
    /// All attributes of a record, its extended metadata included: for a new record with other values.
    ///
    /// ```
    /// use rpnfst::{Container, File, MemoryFile, WriteOptions};
    /// let file = File::open("testdata/rsf/extended_metadata.rsf")?;
    /// let mut writer = WriteOptions::new().container(Container::Rsf).create_sink(MemoryFile::new())?;
    /// for record in file.records() {
    ///     let field = file.read(record)?;
    ///     writer.write(&file.attributes(record)?.etiket("AGAIN"), &field)?;
    /// }
    /// writer.close()?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`File::metadata_text`].
    pub fn attributes(&self, record: &Record) -> Result<Attributes> {
        let attributes = Attributes::from(record);
        Ok(match self.metadata_text(record)? {
            Some(text) => attributes.metadata(text),
            // An edit in place may have left room for a text, but no text.
            None => attributes.without_metadata(),
        })
    }
}

impl Attributes {
    /// Type and bits chosen anew, by the values: takes back [`Attributes::data_type`] and [`Attributes::pack_bits`], as of
    /// attributes that come from a record.
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, DataType, MemoryFile, WriteOptions};
    /// # let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    /// let packed = Attributes::new("TT").data_type(DataType::QUANTIZED_TURBO).pack_bits(12);
    /// let record = writer.write(&packed, &Array::new(&[1.0_f32, 2.0], (2, 1, 1))?)?;
    /// let exact = Attributes::from(&record).without_data_type();
    /// let record = writer.write(&exact, &Array::new(&[1.000_001_f32, 2.0], (2, 1, 1))?)?;
    /// assert_eq!((record.data_type().code() & 7, record.pack_bits()), (5, 32)); // IEEE reals, without loss
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn without_data_type(mut self) -> Self {
        (self.data_type, self.pack_bits) = (None, None);
        self
    }

    /// The text for a record that has metadata of its own: `None` to keep them, empty for none.
    pub(in crate::write) fn metadata_text(&self) -> Option<&str> {
        match &self.metadata {
            Metadata::Unsaid | Metadata::OfRecord => None,
            Metadata::Text(text) => Some(text),
            Metadata::Without => Some(""),
        }
    }

    /// The text for a new record, if it gets one.
    ///
    /// # Errors
    /// When metadata would be lost that nobody gave up.
    pub(in crate::write) fn new_metadata(&self) -> Result<Option<&str>, FieldError> {
        if self.metadata == Metadata::OfRecord {
            let what = "the record that the attributes come from has extended metadata, whose text is not here: \
                        `File::attributes` reads it, `Attributes::without_metadata` gives it up";
            return Err(FieldError { field: "metadata", what: what.to_owned() });
        }
        Ok(self.metadata_text().filter(|text| !text.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Array, Attributes, Container, Error, File, MemoryFile, Result, Rewrite, WriteOptions, Writer};

    const TEXT: &str = "{\"a\":1}";

    fn rsf(memory: &MemoryFile) -> Result<Writer> {
        WriteOptions::new().container(Container::Rsf).create_sink(memory.clone())
    }

    /// The text of every record of a file.
    fn texts(memory: &MemoryFile) -> Result<Vec<Option<String>>> {
        let file = File::from_bytes(memory.to_vec())?;
        file.records().iter().map(|record| file.metadata_text(record)).collect()
    }

    #[test]
    fn extended_metadata_are_kept_carried_or_refused() -> Result<()> {
        let (memory, data) = (MemoryFile::new(), Array::new(&[1.0_f32], (1, 1, 1))?);
        let mut writer = rsf(&memory)?;
        let with = writer.write(&Attributes::new("TT").metadata(TEXT), &data)?;
        let edited = writer.edit(&with, &Attributes::from(&with).etiket("EDITED"))?;
        writer.close()?;
        assert_eq!(texts(&memory)?, [Some(TEXT.to_owned())], "an edit keeps them");

        // An edit that takes the text away leaves its room, which is no reason to refuse the attributes.
        let emptied = MemoryFile::new();
        let mut writer = rsf(&emptied)?;
        let record = writer.write(&Attributes::new("TT").metadata(TEXT), &data)?;
        writer.edit(&record, &Attributes::from(&record).without_metadata())?;
        writer.close()?;
        let file = File::from_bytes(emptied.to_vec())?;
        rsf(&MemoryFile::new())?.write(&file.attributes(&file.records()[0])?, &data)?;

        let (file, copy) = (File::from_bytes(memory.to_vec())?, MemoryFile::new());
        let mut writer = rsf(&copy)?;
        let attributes = Attributes::from(&edited);
        writer.copy_as(&file, &file.records()[0], &attributes.clone().nomvar("C"))?;
        writer.write(&file.attributes(&file.records()[0])?.nomvar("W"), &data)?;
        let refused = |result: Result<()>| matches!(result, Err(Error::Field(e)) if e.field == "metadata");
        assert!(refused(writer.write(&attributes, &data).map(drop)));
        assert!(refused(writer.rewrite(&attributes, &data, Rewrite::Replace).map(drop)));
        assert!(refused(writer.write_many([(attributes.clone(), &data)]).collect::<Result<Vec<_>>>().map(drop)));
        writer.write(&attributes.without_metadata(), &data)?;
        writer.close()?;
        assert_eq!(texts(&copy)?, [Some(TEXT.to_owned()), Some(TEXT.to_owned()), None]);
        Ok(())
    }
}
