//! [`Writer`]: appends, deletes and edits records of one file.

use super::{
    attributes::{Attributes, add_data},
    encode::encode,
    options::WriteOptions,
    records::Records,
};
use crate::{
    container::ContainerWriter,
    error::{Error, FileName, Result},
    field::Writable,
    record::{Container, Record},
};

/// Writes a file: new records, rewrites, deletes, edits.
///
/// ```
/// use rpnfst::{Attributes, Array, File, Writer};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("new.std");
/// let values: Vec<f32> = (0..12).map(|k| k as f32).collect();
/// let mut writer = Writer::create(&path)?;
/// writer.write(&Attributes::new("TT").typvar("P").ip1(500), &Array::new(&values, (4, 3, 1))?)?;
/// writer.close()?;
///
/// let file = File::open(&path)?;
/// assert_eq!(file.read(&file.records()[0])?.as_slice(), Some(&values[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is on disk
///
/// Records wait in memory until there are 256 KiB of them. With the next one, and at every [`Writer::commit`], they are written,
/// in an order that leaves a sound file at every moment: a program that is killed loses what was waiting, and nothing
/// that was there before. XDF files show their new records from then on; RSF files show them when the writer commits
/// or closes, since each commit ends a segment (records of a writer that died are found again by
/// [`WriteOptions::force`]). The system's caches are flushed to the medium only with [`WriteOptions::sync`]: after a
/// power failure without it, the last seconds may be missing or, as after any unsynced write, mixed.
///
/// One writer has the file: a lock keeps other rpnfst writers of the machine out of XDF files, the write flag keeps
/// everybody out of RSF files. librmn has no locks on XDF files.
///
/// A writer that is dropped closes the file, without a way to say that it failed: use [`Writer::close`]. Where the medium
/// refuses, as a full disk does, records that were not committed are taken back, and the file is as it was before them.
pub struct Writer {
    pub(super) backend: Box<dyn ContainerWriter>,
    pub(super) records: Records,
    pub(super) options: WriteOptions,
    open: bool,
    pub(super) taken_in: usize,
    pub(super) cut_off: u64,
}

impl Writer {
    pub(super) fn new(backend: Box<dyn ContainerWriter>, records: Vec<Record>, options: WriteOptions) -> Self {
        Self { backend, records: Records::new(records), options, open: true, taken_in: 0, cut_off: 0 }
    }

    /// The container that is written.
    pub fn container(&self) -> Container {
        self.backend.container()
    }

    /// Name of the file in messages.
    pub fn name(&self) -> &FileName {
        self.backend.name()
    }

    /// The live records, those that only this writer sees yet included, in directory order.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.live()
    }

    /// Number of records of a dead writer that were taken in when the file was opened with [`WriteOptions::force`].
    pub fn taken_in(&self) -> usize {
        self.taken_in
    }

    /// Bytes of a record that a dead writer did not complete, behind those that were [taken in](Self::taken_in): the first
    /// change of the file cuts them off.
    pub fn cut_off(&self) -> u64 {
        self.cut_off
    }

    /// Number of live records.
    pub fn record_count(&self) -> usize {
        self.records.count()
    }

    /// Appends a record. Returns it as it is stored: type and bits may differ from what was asked.
    ///
    /// # Errors
    /// [`Error::Field`] when an attribute cannot be stored, [`Error::Encode`] when the values cannot be packed as asked,
    /// [`Error::Full`] when a limit of the container is reached, [`Error::Unsupported`] for what it cannot hold,
    /// [`Error::Io`] when the medium refuses the records that wait. The record of the call is not written then; those
    /// that wait go on waiting.
    pub fn write(&mut self, attributes: &Attributes, data: &(impl Writable + ?Sized)) -> Result<Record> {
        let container = self.container();
        let metadata = self.new_text_of(attributes)?;
        let (options, threads) = (&self.options, self.options.threads_here());
        let words = attributes.words_without_data()?;
        let mut fill = |out: &mut Vec<u8>| {
            let stored = encode(attributes, data, container, options, threads, out)?;
            Ok(add_data(words, data.shape(), stored, container)?)
        };
        let written = self.backend.append(metadata.as_deref(), &mut fill)?;
        Ok(self.records.register(written))
    }

    /// The extended metadata of a new record.
    pub(super) fn new_text_of(&self, attributes: &Attributes) -> Result<Option<String>> {
        self.storable(attributes.new_metadata()?)
    }

    /// The text, if this container holds some.
    pub(super) fn storable(&self, text: Option<&str>) -> Result<Option<String>> {
        if text.is_some_and(|text| !text.is_empty()) && self.container() != Container::Rsf {
            let what = "XDF files cannot hold extended metadata".to_owned();
            return Err(Error::Unsupported { path: self.name().to_owned(), what });
        }
        Ok(text.map(str::to_owned))
    }

    /// Deletes a record. Its space is not used again. (librmn 19 lists a sequential file up to its first deleted record
    /// only, whoever deleted it.)
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, MemoryFile, Record, WriteOptions};
    /// let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    /// writer.write(&Attributes::new("TT"), &Array::new(&[1.0_f32], (1, 1, 1))?)?;
    /// let old: Vec<Record> = writer.records().filter(|record| record.nomvar() == "TT").cloned().collect();
    /// for record in &old {
    ///     writer.delete(record)?;
    /// }
    /// assert_eq!(writer.record_count(), 0);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ForeignRecord`] when the file does not have it, or not any more; [`Error::Io`] when the medium refuses.
    pub fn delete(&mut self, record: &Record) -> Result<()> {
        let place = self.records.place(record)?;
        self.backend.delete(record)?;
        self.records.delete(place);
        Ok(())
    }

    /// Changes the attributes of a record in place: names, dates, levels, grid. Dimensions, type and values stay, and so do
    /// extended metadata unless `attributes` says something of them; new ones must fit where the old ones were.
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, MemoryFile, WriteOptions};
    /// let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    /// let old = writer.write(&Attributes::new("TT").etiket("RUN1"), &Array::new(&[1.0_f32], (1, 1, 1))?)?;
    /// let new = writer.edit(&old, &Attributes::from(&old).etiket("RUN2"))?;
    /// assert_eq!((new.etiket().as_str(), new.nomvar()), ("RUN2", old.nomvar()));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Field`] when an attribute cannot be stored, [`Error::ForeignRecord`] when the file does not have the
    /// record, [`Error::Record`] when the metadata do not fit, [`Error::Unsupported`] for sequential files.
    pub fn edit(&mut self, record: &Record, attributes: &Attributes) -> Result<Record> {
        let place = self.records.place(record)?;
        let words = attributes.words_without_data()?;
        let text = self.storable(attributes.metadata_text())?;
        let edited = self.backend.edit(record, &words, text.as_deref())?;
        Ok(self.records.replace(place, edited))
    }

    /// Whether the container takes one more record, however short: after an [`Error::Full`] without it none will be written.
    pub fn has_room(&self) -> bool {
        self.backend.has_room()
    }

    /// Brings the file up to date on disk, so that readers see everything and a kill loses nothing.
    ///
    /// # Errors
    /// [`Error::Io`] when the medium refuses. Committing again tries again.
    pub fn commit(&mut self) -> Result<()> {
        self.backend.commit()
    }

    /// Commits and closes the file.
    ///
    /// # Errors
    /// [`Error::Io`] when the medium refuses.
    pub fn close(mut self) -> Result<()> {
        self.finish()
    }

    fn finish(&mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        self.backend.close()?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // `close` is there for those who want to know.
        if self.finish().is_err() {
            // What cannot be completed must not keep others from writing.
            let _ = self.backend.abandon();
        }
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writer({}, {}, {} records)", self.name(), self.container().name(), self.record_count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, File, MemoryFile};

    #[test]
    fn records_wait_in_memory_until_a_commit() -> Result<()> {
        for container in [Container::Xdf, Container::XdfSequential, Container::Rsf] {
            let memory = MemoryFile::new();
            let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
            let seen = || File::from_bytes(memory.to_vec()).map(|file| file.records().len());
            let record = writer.write(&Attributes::new("TT"), &Array::new(&[1.0_f32], (1, 1, 1))?)?;
            assert_eq!((writer.record_count(), seen()?), (1, 0), "{container:?}");
            writer.commit()?;
            assert_eq!(seen()?, 1, "{container:?}");
            writer.delete(&record)?;
            assert_eq!((writer.record_count(), seen()?), (0, 1), "{container:?}");
            writer.close()?;
            assert_eq!(seen()?, 0, "{container:?}");
        }
        Ok(())
    }
}
