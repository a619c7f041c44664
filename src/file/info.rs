//! What is known of a file besides its records.

use std::path::PathBuf;

use super::member::Member;
use crate::{container::Details, record::Container};

/// What is known of one file besides its records.
///
/// ```
/// let file = rpnfst::File::open("testdata/xdf/deleted.std")?;
/// let info = file.first().expect("one file").info();
/// assert_eq!(info.records, file.records().len());
/// assert!(info.deleted > 0 && info.wasted_bytes > 0);
/// # Ok::<(), rpnfst::Error>(())
/// ```
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

impl Member<'_> {
    /// What is known of the file besides its records.
    ///
    /// ```
    /// use rpnfst::{Container, File, info::Details};
    /// let file = File::open("testdata/rsf/unclosed.rsf")?;
    /// for info in file.members().map(rpnfst::Member::info) {
    ///     assert_eq!((info.container, info.deleted), (Container::Rsf, 0));
    ///     let Details::Rsf { segments, .. } = info.details else { unreachable!("an RSF file") };
    ///     println!("{} segments, {} bytes wasted", segments.len(), info.wasted_bytes);
    /// }
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn info(self) -> Info {
        let (directory, size) = (&self.part.directory, self.size());
        let contents = directory.contents();
        let wasted_bytes = match contents.container {
            // Postfixes and marks lie between the records there.
            Container::XdfSequential => contents.deleted_bytes,
            Container::Xdf | Container::Rsf => directory.extents(self.records()).unused(size),
        };
        Info {
            path: self.part.path.clone(),
            container: contents.container,
            size,
            records: self.records().len(),
            deleted: contents.deleted,
            wasted_bytes,
            details: directory.details(),
        }
    }
}
