//! What the directory of a file of either container says.

use super::problem::{Problem, Problems};
use crate::record::{Container, Record};

/// The records of one file, and what was noticed while its directory was read.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    pub(crate) container: Container,
    pub(crate) records: Vec<Record>,
    pub(crate) deleted: u64,
    pub(crate) deleted_bytes: u64,
    pub(crate) problems: Problems,
}

impl Contents {
    pub(crate) fn new(container: Container) -> Self {
        Self { container, records: Vec::new(), deleted: 0, deleted_bytes: 0, problems: Problems::default() }
    }

    /// Notes a record that the end of the file, which has `size` bytes, cuts.
    pub(crate) fn note_truncated(&mut self, record: &Record, size: u64) {
        let end = record.offset.saturating_add(record.length);
        if end > size {
            let what = format!("truncated: ends at byte {end}, the file has {size} bytes");
            self.problems.push(Problem::damage(record.offset, what).of(record));
        }
    }

    /// Counts a deleted record.
    pub(crate) fn delete(&mut self, bytes: u64) {
        self.deleted += 1;
        self.deleted_bytes = self.deleted_bytes.saturating_add(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Words, date::Reckoning};

    #[test]
    fn a_record_that_the_end_of_the_file_cuts() {
        let mut contents = Contents::new(Container::Xdf);
        let mut record = Record {
            words: Words::default(),
            offset: 80,
            length: 88,
            file: 0,
            index: 0,
            container: Container::Xdf,
            meta_words: 0,
            text_words: 0,
            reckoning: Reckoning::default(),
        };
        contents.note_truncated(&record, 168);
        assert!(contents.problems.list.is_empty());
        record.offset = 88;
        contents.note_truncated(&record, 168);
        let problems: Vec<_> = contents.problems.iter().map(|problem| problem.what.as_str()).collect();
        assert_eq!(problems, ["truncated: ends at byte 176, the file has 168 bytes"]);
        contents.delete(u64::MAX);
        contents.delete(8);
        assert_eq!((contents.deleted, contents.deleted_bytes), (2, u64::MAX));
    }
}
