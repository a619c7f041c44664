//! Many records on several threads, with bounded memory.

use std::collections::VecDeque;

#[cfg(feature = "rayon")]
use rpnfst_codecs::Threads;
use rpnfst_codecs::{BaseType, Shape};

use super::{LostPlanes, ReadOptions, pack};
use crate::{error::Result, field::Field, file::opened::File, record::Record};

/// Records read at a time at most, however small.
const MAX_BATCH: usize = 4096;

impl File {
    /// Reads many records on the threads of the current rayon pool, in their order, with bounded memory.
    ///
    /// ```
    /// # fn main() -> rpnfst::Result<()> {
    /// # let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
    /// for (record, field) in file.read_many(file.records(), &Default::default()) {
    ///     println!("{} {:?}", record.nomvar(), field?.dims());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_many<'a, I>(
        &'a self,
        records: I,
        options: &ReadOptions,
    ) -> impl Iterator<Item = (&'a Record, Result<Field>)> + use<'a, I>
    where
        I: IntoIterator<Item = &'a Record>,
    {
        self.map_many(records, options, |_, field| field)
    }

    /// Like [`File::read_many`], with work on each field done on the thread that read it.
    pub fn map_many<'a, I, R, F>(
        &'a self,
        records: I,
        options: &ReadOptions,
        work: F,
    ) -> impl Iterator<Item = (&'a Record, R)> + use<'a, I, R, F>
    where
        I: IntoIterator<Item = &'a Record>,
        R: Send,
        F: Fn(&'a Record, Result<Field>) -> R + Sync,
    {
        let options = options.clone();
        let mut records = records.into_iter();
        let mut waiting = None;
        let mut ready = VecDeque::new();
        std::iter::from_fn(move || {
            if ready.is_empty() {
                let mut batch = Vec::new();
                let mut bytes = 0u64;
                while let Some(record) = waiting.take().or_else(|| records.next()) {
                    bytes = bytes.saturating_add(self.bytes_in_memory(record, &options));
                    if !batch.is_empty() && (bytes > options.batch_bytes || batch.len() >= MAX_BATCH) {
                        waiting = Some(record);
                        break;
                    }
                    batch.push(record);
                }
                ready = self.run_batch(&batch, &options, &work);
            }
            ready.pop_front()
        })
    }

    /// What a record takes while it is read: values, mask, and the payload where it is not in memory anyway.
    fn bytes_in_memory(&self, record: &Record, options: &ReadOptions) -> u64 {
        let payload = self.members.get(record.file_number()).map_or(0, |member| match member.source.as_slice() {
            Some(_) => 0,
            None => record.payload_extent().1.min(member.source.len()),
        });
        let planes = if options.lost == LostPlanes::Omit { record.planes_in_file() } else { record.nk() };
        payload.saturating_add(decoded_bytes(record, planes))
    }

    fn run_batch<'a, R, F>(&'a self, batch: &[&'a Record], options: &ReadOptions, work: &F) -> VecDeque<(&'a Record, R)>
    where
        R: Send,
        F: Fn(&'a Record, Result<Field>) -> R + Sync,
    {
        let one = |record: &&'a Record, options| (*record, work(record, self.read_with(record, options)));
        #[cfg(feature = "rayon")]
        if matches!(options.threads, Threads::Many) {
            // Records that keep all threads busy are not to be divided as well: that costs more than it gives.
            let busy = batch.len() >= rayon::current_num_threads();
            let options = options.clone().threads(if busy { Threads::One } else { Threads::Many });
            return crate::parallel::map(batch.len(), |number| one(&batch[number], &options)).into();
        }
        batch.iter().map(|record| one(record, options)).collect()
    }
}

impl Record {
    /// Bytes that the decoded values take in their natural type, with the mask of missing ones where the type can have some:
    /// as the directory says, whether or not the payload can hold them. 0 for a type that does not exist.
    pub fn decoded_bytes(&self) -> u64 {
        decoded_bytes(self, self.nk())
    }
}

fn decoded_bytes(record: &Record, planes: u32) -> u64 {
    let shape = Shape { nk: planes, ..record.shape() };
    let Ok(kind) = pack(record, &[]).element_kind() else { return 0 };
    let count = shape.len().unwrap_or(u64::MAX);
    let count = match record.data_type().base() {
        BaseType::Raw => count.saturating_mul(u64::from(record.pack_bits())).div_ceil(32),
        _ => count,
    };
    let masked = record.data_type().has_missing() || record.planes_in_file() < planes;
    count.saturating_mul(kind.size() as u64).saturating_add(if masked { count / 8 } else { 0 })
}
