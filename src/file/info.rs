//! What is known of a file besides its records.

use std::path::PathBuf;

use super::opened::File;
use crate::{container::Details, record::Container};

/// What is known of one file besides its records.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Info {
    /// Path; `None` for bytes in memory and readers.
    pub path: Option<PathBuf>,
    /// Container.
    pub container: Container,
    /// Bytes of the file.
    pub size: u64,
    /// Live records.
    pub records: usize,
    /// Deleted records.
    pub deleted: u64,
    /// Bytes that nothing uses: deleted records, leftovers of interrupted writes, holes.
    pub wasted_bytes: u64,
    /// What only this container has: pages or segments, counters.
    pub details: Details,
}

impl File {
    /// What is known of one of the files besides its records.
    pub fn info(&self, file: usize) -> Option<Info> {
        let member = self.members.get(file)?;
        let (contents, size) = (member.directory.contents(), member.source.len());
        let wasted_bytes = match contents.container {
            // Postfixes and marks lie between the records there.
            Container::XdfSequential => contents.deleted_bytes,
            Container::Xdf | Container::Rsf => member.directory.extents(self.records_of(file)).unused(size),
        };
        Some(Info {
            path: member.path.clone(),
            container: contents.container,
            size,
            records: member.records.len(),
            deleted: contents.deleted,
            wasted_bytes,
            details: member.directory.details(),
        })
    }
}
