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
