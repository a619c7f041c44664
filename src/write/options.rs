//! How files are written.

use rpnfst_codecs::{Compression, Rules, Threads};

use crate::{container::Sharing, record::Container};

/// How to open files for writing, and how records are packed.
///
/// ```
/// use rpnfst::{Attributes, Compression, Container, Array, MemoryFile, WriteOptions};
/// let options = WriteOptions::new().container(Container::Rsf).compression(Compression::Best);
/// let mut writer = options.create_sink(MemoryFile::new())?; // `create` and `append` take paths
/// writer.write(&Attributes::new("TT"), &Array::new(&[1.0_f32, 2.0], (2, 1, 1))?)?;
/// writer.close()?;
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WriteOptions {
    pub(super) container: Container,
    pub(super) rules: Rules,
    pub(super) compression: Compression,
    pub(super) threads: Threads,
    pub(super) sync: bool,
    pub(super) force: bool,
    pub(super) overwrite: bool,
    pub(super) segment_bytes: Option<u64>,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            container: Container::Xdf,
            rules: Rules::default(),
            compression: Compression::default(),
            threads: Threads::Many,
            sync: false,
            force: false,
            overwrite: false,
            segment_bytes: None,
        }
    }
}

impl WriteOptions {
    /// The defaults: random XDF files, which every librmn reads; the packing that serves the data.
    pub fn new() -> Self {
        Self::default()
    }

    /// Container of new files. Existing files keep theirs.
    ///
    /// ```
    /// use rpnfst::{Container, MemoryFile, WriteOptions};
    /// let writer = WriteOptions::new().container(Container::XdfSequential).create_sink(MemoryFile::new())?;
    /// assert_eq!(writer.container(), Container::XdfSequential);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn container(mut self, container: Container) -> Self {
        self.container = container;
        self
    }

    /// Whose decisions on types and widths are followed, where releases of librmn differ.
    ///
    /// ```
    /// use rpnfst::{Librmn, MemoryFile, Rules, WriteOptions};
    /// let writer = WriteOptions::new().rules(Rules::Like(Librmn::V19)).create_sink(MemoryFile::new())?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Effort of the second-stage compression.
    ///
    /// ```
    /// use rpnfst::{Attributes, Compression, Array, MemoryFile, WriteOptions};
    /// let values: Vec<f32> = (0..4096).map(|k| (k as f32 / 100.0).sin()).collect();
    /// let bytes = |compression| -> rpnfst::Result<u64> {
    ///     let mut writer = WriteOptions::new().compression(compression).create_sink(MemoryFile::new())?;
    ///     let written = writer.write(&Attributes::new("TT").pack_bits(16), &Array::new(&values, (64, 64, 1))?)?;
    ///     Ok(written.total_stored_bytes())
    /// };
    /// assert!(bytes(Compression::Best)? <= bytes(Compression::Normal)?);
    /// assert!(bytes(Compression::Normal)? <= bytes(Compression::Fast)?);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Whether one large record is compressed on one thread or on several. The default is several; the bytes are the same.
    /// On a thread of a rayon pool it is one in any case, and [`Writer::write_many`](crate::Writer::write_many) packs records side by side.
    ///
    /// ```
    /// use rpnfst::{MemoryFile, Threads, WriteOptions};
    /// let writer = WriteOptions::new().threads(Threads::One).create_sink(MemoryFile::new())?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn threads(mut self, threads: Threads) -> Self {
        self.threads = threads;
        self
    }

    /// Whether every commit waits until the medium has the bytes, each step before the next one, so that a power failure
    /// loses no more than a kill does. Costs some milliseconds a commit.
    #[must_use]
    pub fn sync(mut self, yes: bool) -> Self {
        self.sync = yes;
        self
    }

    /// Opens a file although its write flag says that somebody writes: for one whose writer died. The complete records
    /// that a dead writer left behind the end of the file are taken in. (In a sequential XDF file there is no telling
    /// where they begin: what lies behind its end mark is cut off.)
    #[must_use]
    pub fn force(mut self, yes: bool) -> Self {
        self.force = yes;
        self
    }

    /// Whether [`WriteOptions::create`] may replace an existing file.
    ///
    /// ```
    /// use rpnfst::{Error, WriteOptions, Writer};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("new.std");
    /// Writer::create(&path)?.close()?;
    /// assert!(matches!(Writer::create(&path), Err(Error::Exists { .. })));
    /// WriteOptions::new().overwrite(true).create(&path)?.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn overwrite(mut self, yes: bool) -> Self {
        self.overwrite = yes;
        self
    }

    /// Lets other processes (rpnfst or librmn 20) append to the same RSF file at the same time. Each takes segments of
    /// about `segment_bytes` (librmn's default: 1000 * 2^20), larger ones for larger records.
    #[must_use]
    pub fn shared(mut self, segment_bytes: u64) -> Self {
        self.segment_bytes = Some(segment_bytes);
        self
    }

    /// Threads to pack one record on: one on a thread of a rayon pool. Never wait for the pool from inside it: while we wait,
    /// rayon may run another task on this thread that locks the same writer, a deadlock.
    pub(super) fn threads_here(&self) -> Threads {
        #[cfg(feature = "rayon")]
        if rayon::current_thread_index().is_some() {
            return Threads::One;
        }
        self.threads
    }

    pub(super) fn sharing(&self) -> Sharing {
        self.segment_bytes.map_or(Sharing::Exclusive, |segment_bytes| Sharing::Parallel { segment_bytes })
    }
}

#[cfg(all(test, feature = "rayon"))]
mod tests {
    use super::*;

    /// Without that, threads of a pool that share a writer behind a lock wait for themselves sooner or later.
    #[test]
    fn threads_of_a_pool_write_alone() {
        let options = WriteOptions::new();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
        assert_eq!((options.threads_here(), pool.install(|| options.threads_here())), (Threads::Many, Threads::One));
    }
}
