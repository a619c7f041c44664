//! Many records, packed side by side.

use rpnfst_codecs::Threads;

use super::{
    attributes::{Attributes, add_data},
    encode::encode,
    writer::Writer,
};
use crate::{
    error::Result,
    field::Writable,
    record::{Record, Words},
};

impl Writer {
    /// Appends many records in the order given, packing them on all threads of the current rayon pool. Memory is bounded:
    /// some hundred megabytes of values at a time.
    ///
    /// The iterator gives a result for each record, and writes the record when the result is taken: nothing is written before.
    /// A program that goes on after an error writes the records behind the one that was refused; one that stops does not.
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, MemoryFile, Record, Result, WriteOptions};
    /// let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    /// let data = Array::new(&[1.0_f32, 2.0], (2, 1, 1))?;
    /// let levels = [250, 500, 850].map(|level| (Attributes::new("TT").ip1(level), &data));
    /// let written = writer.write_many(levels).collect::<Result<Vec<Record>>>()?; // up to the first error
    /// assert_eq!(written.len(), 3);
    ///
    /// let names = ["UU", "TOO LONG", "VV"].map(|name| (Attributes::new(name), &data));
    /// let refused = writer.write_many(names).filter(Result::is_err).count(); // all that can be written
    /// assert_eq!((refused, writer.record_count()), (1, 5));
    /// writer.close()?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// [`File::read_many`](crate::File::read_many) reads what is to be written. The results here are those of writing: errors of
    /// reading have to be counted where they come.
    ///
    /// ```
    /// use rpnfst::{Attributes, File, MemoryFile, ReadOptions, WriteOptions};
    /// let file = File::open("testdata/xdf/miss198_f4.std")?;
    /// let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    /// let mut unread = 0;
    /// let records = file.read_many(file.records(), &ReadOptions::new()).filter_map(|(record, field)| match field {
    ///     // XDF files have no extended metadata: `File::attributes` reads those for an RSF file.
    ///     Ok(field) => Some((Attributes::from(record).without_metadata().etiket("AGAIN"), field)),
    ///     Err(_) => {
    ///         unread += 1;
    ///         None
    ///     }
    /// });
    /// let refused = writer.write_many(records).filter(|written| written.is_err()).count();
    /// assert_eq!((unread, refused, writer.record_count()), (0, 0, file.records().len()));
    /// writer.close()?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// Each result is that of [`Writer::write`].
    pub fn write_many<E: Writable>(
        &mut self,
        records: impl IntoIterator<Item = (Attributes, E)>,
    ) -> impl Iterator<Item = Result<Record>> {
        let mut records = records.into_iter();
        let mut packed = Vec::new().into_iter();
        std::iter::from_fn(move || {
            if packed.len() == 0 {
                packed = self.pack(&next_batch(&mut records)).into_iter();
            }
            packed.next().map(|packed| self.append_packed(packed))
        })
    }

    fn append_packed(&mut self, packed: Result<Packed>) -> Result<Record> {
        let Packed { words, bytes, metadata } = packed?;
        let metadata = self.storable(metadata.as_deref())?;
        let appended = self.backend.append(metadata.as_deref(), &mut |out| {
            out.extend_from_slice(&bytes);
            Ok(words)
        })?;
        Ok(self.records.register(appended))
    }

    fn pack<E: Writable>(&self, batch: &[(Attributes, E)]) -> Vec<Result<Packed>> {
        let (container, options) = (self.container(), &self.options);
        let one = |(attributes, data): &(Attributes, E)| {
            let words = attributes.words_without_data()?;
            let mut bytes = Vec::new();
            let stored = encode(attributes, data, container, options, Threads::One, &mut bytes)?;
            let words = add_data(words, data.shape(), stored, container)?;
            Ok(Packed { words, bytes, metadata: attributes.new_metadata()?.map(str::to_owned) })
        };
        crate::parallel::map(batch.len(), |number| one(&batch[number]))
    }
}

/// A packed record.
struct Packed {
    words: Words,
    bytes: Vec<u8>,
    metadata: Option<String>,
}

/// How much [`Writer::write_many`] packs at a time.
const BATCH: usize = 4096;
const BATCH_BYTES: u64 = 256 << 20;

/// The records to pack next.
fn next_batch<E: Writable>(records: &mut impl Iterator<Item = (Attributes, E)>) -> Vec<(Attributes, E)> {
    let mut batch = Vec::new();
    let mut bytes = 0_u64;
    while bytes < BATCH_BYTES && batch.len() < BATCH {
        let Some((attributes, data)) = records.next() else { break };
        bytes = bytes.saturating_add(data.shape().len().unwrap_or(0).saturating_mul(data.kind().size() as u64));
        batch.push((attributes, data));
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, DataType, Error, MemoryFile, WriteOptions};

    #[test]
    fn many_records_are_the_same_as_one_after_the_other() -> Result<()> {
        let [one_by_one, together] = [MemoryFile::new(), MemoryFile::new()];
        let record = |ip1| Attributes::new("TT").ip1(ip1);
        let values = [1.5_f32, 2.5];
        let mut writer = WriteOptions::new().create_sink(one_by_one.clone())?;
        for ip1 in 0..5 {
            writer.write(&record(ip1), &Array::new(&values, (2, 1, 1))?)?;
        }
        writer.close()?;
        let data = Array::new(&values, (2, 1, 1))?;
        let mut writer = WriteOptions::new().create_sink(together.clone())?;
        assert_eq!(writer.write_many((0..5).map(|ip1| (record(ip1), &data))).collect::<Result<Vec<_>>>()?.len(), 5);
        writer.close()?;
        assert_eq!(one_by_one.to_vec(), together.to_vec());
        Ok(())
    }

    #[test]
    fn records_behind_a_refused_one_are_written() -> Result<()> {
        let data = Array::new(&[1.5_f32], (1, 1, 1))?;
        let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
        let records = ["TT", "TOO LONG", "UU"].map(|name| (Attributes::new(name), &data));
        let results: Vec<_> = writer.write_many(records).collect();
        assert!(matches!(&results[..], [Ok(_), Err(Error::Field(_)), Ok(_)]));
        let refused = [(Attributes::new("VV").data_type(DataType::new(99)), &data)];
        assert!(writer.write_many(refused).all(|result| result.is_err()));
        assert_eq!(writer.record_count(), 2);
        Ok(())
    }
}
