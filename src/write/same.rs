//! Records that stand for the same field.

use super::{DEAD, Writer};
use crate::{
    error::Result,
    record::{Identity, Record},
};

impl Writer {
    /// Whether the file has a record with this identity. The first call looks at all records, later ones take no time.
    pub fn contains(&mut self, identity: &Identity) -> bool {
        self.first_same(identity.words()).is_some()
    }

    /// Deletes the records before this one that have its identity, and says how many there were.
    ///
    /// # Errors
    /// As [`Writer::delete`].
    pub fn delete_earlier(&mut self, record: &Record) -> Result<usize> {
        let identity = record.identity();
        let mut deleted = 0;
        while let Some(old) = self.first_same(identity.words()).filter(|old| old.index < record.index) {
            self.delete(&old)?;
            deleted += 1;
        }
        Ok(deleted)
    }

    /// The first live record whose words a rewrite takes for the same.
    pub(super) fn first_same(&mut self, words: &[u32; 16]) -> Option<Record> {
        let index = self.identities.exact(self.records.iter().filter(|record| record.file != DEAD), words);
        self.at(index)
    }

    /// The first live record that a classic rewrite finds.
    pub(super) fn first_classic(&mut self, words: &[u32; 16]) -> Option<Record> {
        let index = self.identities.classic(self.records.iter().filter(|record| record.file != DEAD), words);
        self.at(index)
    }

    fn at(&self, index: Option<u32>) -> Option<Record> {
        let place = self.records.binary_search_by_key(&index?, |record| record.index).ok()?;
        self.records.get(place).cloned()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Data, File, MemoryFile, NewRecord, Rewrite, WriteOptions, Writer, record::Container};

    const ALL: [Container; 3] = [Container::Xdf, Container::XdfSequential, Container::Rsf];

    fn writer(container: Container) -> (MemoryFile, Writer) {
        let memory = MemoryFile::new();
        let writer = WriteOptions::new().container(container).create_sink(memory.clone()).expect("a file");
        (memory, writer)
    }

    fn write(writer: &mut Writer, record: &NewRecord, value: f32) {
        writer.write(record, &Data::new(&[value], (1, 1, 1)).expect("a value")).expect("written");
    }

    fn file(container: Container, records: &[(NewRecord, f32)]) -> File {
        let (memory, mut writer) = writer(container);
        for (record, value) in records {
            write(&mut writer, record, *value);
        }
        writer.close().expect("closed");
        File::from_bytes(memory.to_vec()).expect("a file")
    }

    fn values(file: &File) -> Vec<(u32, f64)> {
        let value = |record| file.read(record).ok().and_then(|field| field.values().to_f64()?.first().copied());
        file.records().iter().map(|record| (record.ip1(), value(record).unwrap_or(f64::NAN))).collect()
    }

    #[test]
    fn copies_of_what_may_be_there() {
        let record = |ip1| NewRecord::new("TT").ip1(ip1);
        for (from, to) in ALL.into_iter().flat_map(|from| ALL.map(|to| (from, to))) {
            let input = file(from, &[(record(1), 10.0), (record(2), 20.0), (record(2).etiket("X"), 30.0)]);
            for (mode, expected) in [
                (Rewrite::Skip, &[(1, 1.0), (1, 2.0), (2, 20.0), (2, 30.0)][..]),
                (Rewrite::Replace, &[(1, 10.0), (2, 20.0), (2, 30.0)]),
                (Rewrite::Classic, &[(1, 2.0), (1, 10.0), (2, 20.0), (2, 30.0)]),
            ] {
                let (memory, mut writer) = writer(to);
                // Packing and container are no part of what is compared.
                write(&mut writer, &record(1).data_type(crate::DataType::new(1)).pack_bits(16), 1.0);
                write(&mut writer, &record(1), 2.0);
                for record in input.records() {
                    writer.copy_with(&input, record, None, mode).expect("copied");
                }
                writer.close().expect("closed");
                let output = File::from_bytes(memory.to_vec()).expect("a file");
                assert_eq!(values(&output), expected, "{from:?} {to:?} {mode:?}");
            }
        }
    }

    #[test]
    fn with_other_attributes() {
        let record = |ip1| NewRecord::new("TT").ip1(ip1);
        let input = file(Container::Xdf, &[(record(1), 10.0), (record(2), 20.0)]);
        let (memory, mut writer) = writer(Container::Xdf);
        for old in input.records() {
            let (attributes, known) = (NewRecord::from(old).ip1(7), writer.record_count());
            let done = writer.copy_with(&input, old, Some(&attributes), Rewrite::Skip).expect("copied");
            assert_eq!(done.is_some(), known == 0);
            assert!(writer.contains(&attributes.preview(old).expect("it can be stored").identity()));
            assert!(!writer.contains(&old.identity()));
        }
        writer.close().expect("closed");
        assert_eq!(values(&File::from_bytes(memory.to_vec()).expect("a file")), [(7, 10.0)]);
    }

    #[test]
    fn earlier_ones_are_deleted() {
        let (memory, mut writer) = writer(Container::Rsf);
        let record = NewRecord::new("TT");
        for k in 0_u8..4 {
            write(&mut writer, &record, k.into());
        }
        let third = writer.records().nth(2).cloned().expect("a record");
        assert_eq!(writer.delete_earlier(&third).expect("deleted"), 2);
        assert_eq!(writer.delete_earlier(&third).expect("none"), 0);
        assert!(writer.has_room());
        writer.close().expect("closed");
        assert_eq!(values(&File::from_bytes(memory.to_vec()).expect("a file")), [(0, 2.0), (0, 3.0)]);
    }
}
