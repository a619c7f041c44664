//! Many records, packed side by side.

use rpnfst_codecs::Threads;

use super::{
    attributes::{Attributes, add_data},
    data::Encode,
    encode::encode,
    writer::Writer,
};
use crate::{
    error::Result,
    record::{Record, Words},
};

impl Writer {
    /// Appends many records in the order given, packing them on all threads of the current rayon pool. Memory is bounded:
    /// some hundred megabytes of values at a time.
    ///
    /// # Errors
    /// As [`Writer::write`]; the records before the one that failed are written.
    pub fn write_many<'a, E: Encode + 'a>(
        &mut self,
        records: impl IntoIterator<Item = (Attributes, E)>,
    ) -> Result<Vec<Record>> {
        let mut written = Vec::new();
        let mut records = records.into_iter();
        loop {
            let batch = next_batch(&mut records);
            if batch.is_empty() {
                return Ok(written);
            }
            for packed in self.pack(&batch) {
                written.push(self.append_packed(packed)?);
            }
        }
    }

    /// Like [`Writer::write_many`], and goes on after a record that cannot be written: a result for each record.
    pub fn write_each<'a, E: Encode + 'a>(
        &mut self,
        records: impl IntoIterator<Item = (Attributes, E)>,
    ) -> Vec<Result<Record>> {
        let mut results = Vec::new();
        let mut records = records.into_iter();
        loop {
            let batch = next_batch(&mut records);
            if batch.is_empty() {
                return results;
            }
            for packed in self.pack(&batch) {
                results.push(self.append_packed(packed));
            }
        }
    }

    fn append_packed(&mut self, packed: Result<(&Attributes, Payload)>) -> Result<Record> {
        let (record, payload) = packed?;
        let text = self.new_text_of(record)?;
        let appended = self.backend.append(text.as_deref(), &mut |out| {
            out.extend_from_slice(&payload.bytes);
            Ok(payload.words)
        })?;
        Ok(self.records.register(appended))
    }

    fn pack<'r, E: Encode>(&self, batch: &'r [(Attributes, E)]) -> Vec<Result<(&'r Attributes, Payload)>> {
        let (container, options) = (self.container(), &self.options);
        let one = |(record, data): &'r (Attributes, E)| {
            let words = record.words_without_data()?;
            let mut bytes = Vec::new();
            let stored = encode(record, data, container, options, Threads::One, &mut bytes)?;
            let words = add_data(words, data.shape(), stored, container)?;
            Ok((record, Payload { words, bytes }))
        };
        #[cfg(feature = "rayon")]
        return {
            use rayon::prelude::*;
            batch.par_iter().map(one).collect()
        };
        #[cfg(not(feature = "rayon"))]
        batch.iter().map(one).collect()
    }
}

/// A packed record.
struct Payload {
    words: Words,
    bytes: Vec<u8>,
}

/// How much [`Writer::write_many`] and [`Writer::write_each`] pack at a time.
const BATCH: usize = 4096;
const BATCH_BYTES: u64 = 256 << 20;

/// The records to pack next.
fn next_batch<E: Encode>(records: &mut impl Iterator<Item = (Attributes, E)>) -> Vec<(Attributes, E)> {
    let mut batch = Vec::new();
    let mut bytes = 0_u64;
    while bytes < BATCH_BYTES && batch.len() < BATCH {
        let Some((record, data)) = records.next() else { break };
        bytes = bytes.saturating_add(data.shape().len().unwrap_or(0).saturating_mul(data.kind().size() as u64));
        batch.push((record, data));
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Data, DataType, Error, MemoryFile, WriteOptions};

    #[test]
    fn many_records_are_the_same_as_one_after_the_other() -> Result<()> {
        let [one_by_one, together] = [MemoryFile::new(), MemoryFile::new()];
        let record = |ip1| Attributes::new("TT").ip1(ip1);
        let values = [1.5_f32, 2.5];
        let mut writer = WriteOptions::new().create_sink(one_by_one.clone())?;
        for ip1 in 0..5 {
            writer.write(&record(ip1), &Data::new(&values, (2, 1, 1))?)?;
        }
        writer.close()?;
        let data = Data::new(&values, (2, 1, 1))?;
        let mut writer = WriteOptions::new().create_sink(together.clone())?;
        assert_eq!(writer.write_many((0..5).map(|ip1| (record(ip1), &data)))?.len(), 5);
        writer.close()?;
        assert_eq!(one_by_one.to_vec(), together.to_vec());
        Ok(())
    }

    #[test]
    fn records_behind_a_refused_one_are_written() -> Result<()> {
        let data = Data::new(&[1.5_f32], (1, 1, 1))?;
        let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
        let records = ["TT", "TOO LONG", "UU"].map(|name| (Attributes::new(name), &data));
        let results = writer.write_each(records);
        assert!(matches!(&results[..], [Ok(_), Err(Error::Field(_)), Ok(_)]));
        assert!(writer.write_many([(Attributes::new("VV").data_type(DataType::new(99)), &data)]).is_err());
        assert_eq!(writer.record_count(), 2);
        Ok(())
    }
}
