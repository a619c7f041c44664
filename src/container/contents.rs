//! What opening a file of either container gives.

use crate::{
    container::{
        problem::{Problem, Problems},
        rsf, xdf,
    },
    record::{Container, Record},
};

/// Directory of one file, and what was noticed while reading it.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    pub(crate) container: Container,
    pub(crate) records: Vec<Record>,
    pub(crate) deleted: u64,
    pub(crate) deleted_bytes: u64,
    pub(crate) problems: Problems,
    pub(crate) details: Details,
}

/// What only one of the containers has.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Details {
    /// Classic file.
    #[non_exhaustive]
    Xdf {
        /// File header.
        header: xdf::Header,
        /// Directory pages; none in sequential files.
        pages: Vec<xdf::Page>,
    },
    /// RSF file.
    #[non_exhaustive]
    Rsf {
        /// Segments in file order.
        segments: Vec<rsf::Segment>,
        /// Number of writers that have the file open: 0 none, `0xFFFF` an exclusive one, else parallel ones.
        write_flag: u16,
        /// Embedded files, which are no records.
        embedded_files: u64,
    },
}

impl Contents {
    pub(crate) fn new(container: Container, details: Details) -> Self {
        Self { container, records: Vec::new(), deleted: 0, deleted_bytes: 0, problems: Problems::default(), details }
    }

    /// `rwflg` of an XDF file.
    pub(crate) fn xdf_write_flag(&self) -> Option<u32> {
        match &self.details {
            Details::Xdf { header, .. } => Some(header.write_flag),
            Details::Rsf { .. } => None,
        }
    }

    /// How many writers an RSF file says that it has.
    pub(crate) fn rsf_writers(&self) -> u16 {
        match &self.details {
            Details::Rsf { write_flag, .. } => *write_flag,
            Details::Xdf { .. } => 0,
        }
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
