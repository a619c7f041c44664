//! Many records, packed side by side.

use rpnfst_codecs::Threads;

use super::{
    attributes::{NewRecord, add_data},
    data::Encode,
    encode::encode,
    writer::Writer,
};
use crate::{error::Result, record::Record};

impl Writer {
    /// Appends many records in the order given, packing them on all threads of the current rayon pool. Memory is bounded:
    /// some hundred megabytes of values at a time.
    ///
    /// # Errors
    /// As [`Writer::write`]; the records before the one that failed are written.
    pub fn write_many<'a, E: Encode + 'a>(
        &mut self,
        records: impl IntoIterator<Item = (NewRecord, E)>,
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
        records: impl IntoIterator<Item = (NewRecord, E)>,
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

    fn append_packed(&mut self, packed: Result<(&NewRecord, Payload)>) -> Result<Record> {
        let (record, payload) = packed?;
        let text = self.text_of(record)?;
        let appended = self.backend.append(text.as_deref(), &mut |out| {
            out.extend_from_slice(&payload.bytes);
            Ok(payload.words)
        })?;
        Ok(self.records.register(appended))
    }

    fn pack<'r, E: Encode>(&self, batch: &'r [(NewRecord, E)]) -> Vec<Result<(&'r NewRecord, Payload)>> {
        let (container, options) = (self.container(), &self.options);
        let one = |(record, data): &'r (NewRecord, E)| {
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
    words: [u32; 16],
    bytes: Vec<u8>,
}

/// How much [`Writer::write_many`] and [`Writer::write_each`] pack at a time.
const BATCH: usize = 4096;
const BATCH_BYTES: u64 = 256 << 20;

/// The records to pack next.
fn next_batch<E: Encode>(records: &mut impl Iterator<Item = (NewRecord, E)>) -> Vec<(NewRecord, E)> {
    let mut batch = Vec::new();
    let mut bytes = 0_u64;
    while bytes < BATCH_BYTES && batch.len() < BATCH {
        let Some((record, data)) = records.next() else { break };
        bytes = bytes.saturating_add(data.shape().len().unwrap_or(0).saturating_mul(data.kind().size() as u64));
        batch.push((record, data));
    }
    batch
}
