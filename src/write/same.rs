//! Records with the same identity.

use super::writer::Writer;
use crate::{
    error::Result,
    record::{Identity, Record},
};

impl Writer {
    /// Whether the file has a record with this identity. The first call looks at all records, later ones take no time.
    pub fn contains(&mut self, identity: &Identity) -> bool {
        self.records.first_same(identity).is_some()
    }

    /// Deletes the records before this one that have its identity, and says how many there were.
    ///
    /// # Errors
    /// As [`Writer::delete`].
    pub fn delete_earlier(&mut self, record: &Record) -> Result<usize> {
        let identity = record.identity();
        let mut deleted = 0;
        while let Some(old) = self.records.first_same(&identity).filter(|old| old.index < record.index) {
            self.delete(&old)?;
            deleted += 1;
        }
        Ok(deleted)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Array, Attributes, File, MemoryFile, Rewrite, WriteOptions, Writer, record::Container};

    const ALL: [Container; 3] = [Container::Xdf, Container::XdfSequential, Container::Rsf];

    fn writer(container: Container) -> (MemoryFile, Writer) {
        let memory = MemoryFile::new();
        let writer = WriteOptions::new().container(container).create_sink(memory.clone()).expect("a file");
        (memory, writer)
    }

    fn write(writer: &mut Writer, record: &Attributes, value: f32) {
        writer.write(record, &Array::new(&[value], (1, 1, 1)).expect("a value")).expect("written");
    }

    fn file(container: Container, records: &[(Attributes, f32)]) -> File {
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
        let record = |ip1| Attributes::new("TT").ip1(ip1);
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
        let record = |ip1| Attributes::new("TT").ip1(ip1);
        let input = file(Container::Xdf, &[(record(1), 10.0), (record(2), 20.0)]);
        let (memory, mut writer) = writer(Container::Xdf);
        for old in input.records() {
            let (attributes, known) = (Attributes::from(old).ip1(7), writer.record_count());
            let done = writer.copy_with(&input, old, Some(&attributes), Rewrite::Skip).expect("copied");
            assert_eq!(done.is_some(), known == 0);
            assert!(writer.contains(&attributes.preview(old).expect("it can be stored").identity()));
            assert!(!writer.contains(&old.identity()));
        }
        writer.close().expect("closed");
        assert_eq!(values(&File::from_bytes(memory.to_vec()).expect("a file")), [(7, 10.0)]);
    }

    /// All bits of directory words that XDF reserves. The checksum of the page stays right for an even number of records.
    fn with_reserved_bits(file: &File, mut bytes: Vec<u8>) -> Vec<u8> {
        for record in file.records() {
            let at = usize::try_from(record.file_offset()).expect("small");
            let entry = bytes[at..at + 72].to_vec();
            for at in (0..bytes.len() - 71).step_by(8).filter(|at| bytes[*at..].starts_with(&entry)).collect::<Vec<_>>()
            {
                for (word, bits) in [(3, 0xFFF), (4, 0x3F), (8, 3), (9, 3), (10, 0xFF), (12, 0xF), (13, 0xF), (14, 0xF)]
                {
                    let at = at + 8 + 4 * word;
                    let word: u32 = u32::from_be_bytes(bytes[at..at + 4].try_into().expect("a word")) | bits;
                    bytes[at..at + 4].copy_from_slice(&word.to_be_bytes());
                }
            }
        }
        bytes
    }

    /// Their copies, and what is written with the same attributes, were taken for other records.
    #[test]
    fn reserved_bits_make_no_other_record() {
        let records = [1, 2].map(|ip1| Attributes::new("TT").etiket("LABEL").ip1(ip1));
        for (from, to) in ALL[..2].iter().flat_map(|from| ALL.map(|to| (*from, to))) {
            let (memory, mut plain) = writer(from);
            for record in &records {
                write(&mut plain, record, 1.0);
            }
            plain.close().expect("closed");
            let bytes = memory.to_vec();
            let bytes = with_reserved_bits(&File::from_bytes(bytes.clone()).expect("a file"), bytes);
            let input = File::from_bytes(bytes).expect("a file");
            for mode in [Rewrite::Skip, Rewrite::Replace, Rewrite::Classic] {
                let (_, mut writer) = writer(to);
                for _ in 0..2 {
                    for record in input.records() {
                        writer.copy_with(&input, record, None, mode).expect("copied");
                        assert!(writer.contains(&record.identity()), "{from:?} {to:?} {mode:?}");
                    }
                }
                assert_eq!(writer.record_count(), 2, "{from:?} {to:?} {mode:?}");
                for record in &records {
                    let value = Array::new(&[2.0_f32], (1, 1, 1)).expect("a value");
                    let written = writer.rewrite(record, &value, mode).expect("written");
                    assert_eq!(written.is_some(), mode != Rewrite::Skip);
                }
                assert_eq!(writer.record_count(), 2, "{from:?} {to:?} {mode:?}");
                let copied = input.records().first().map(|record| writer.copy(&input, record).expect("copied"));
                assert_eq!(writer.delete_earlier(&copied.expect("a record")).expect("deleted"), 1);
            }
        }
    }

    #[test]
    fn earlier_ones_are_deleted() {
        let (memory, mut writer) = writer(Container::Rsf);
        let record = Attributes::new("TT");
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
