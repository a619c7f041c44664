//! Opening files for writing.

use std::{io, path::Path, sync::Arc};

use rpnfst_codecs::{Compression, Rules, Threads};

use super::{
    claim::{at_path, claim, refuse_in_use},
    writer::{Backend, Writer},
};
use crate::{
    bytes::{Source, WriteAt},
    container::{
        contents::Contents,
        detect::{Foreign, detect},
        problem::Severity,
        rsf::{self, RsfWriter, Sharing},
        xdf::{self, SequentialWriter, XdfWriter},
    },
    error::{Error, Result},
    file::settle::{not_fst, read_settled},
    record::Container,
};

/// How to open files for writing, and how records are packed.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    container: Container,
    pub(super) rules: Rules,
    pub(super) compression: Compression,
    threads: Threads,
    sync: bool,
    pub(super) force: bool,
    overwrite: bool,
    segment_bytes: Option<u64>,
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
    #[must_use]
    pub fn container(mut self, container: Container) -> Self {
        self.container = container;
        self
    }

    /// Whose decisions on types and widths are followed, where releases of librmn differ.
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Effort of the second-stage compression.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Whether one large record is compressed on one thread or on several. The default is several; the bytes are the same.
    /// On a thread of a rayon pool it is one in any case, and [`Writer::write_many`] packs records side by side.
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

    /// Creates a file.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is one that is not empty (but see [`WriteOptions::overwrite`]); [`Error::Locked`] and
    /// [`Error::InUse`] when another program writes to it; [`Error::Io`] when the system refuses.
    pub fn create(&self, path: impl AsRef<Path>) -> Result<Writer> {
        at_path(path.as_ref(), |file, name| self.create_in(file, name))
    }

    /// Opens a file to append to it; creates it when there is none, or an empty one.
    ///
    /// # Errors
    /// [`Error::Locked`] and [`Error::InUse`] when another program writes to it, [`Error::Damaged`] when its structure is
    /// (salvage it first), [`Error::NotFst`] when it is something else, [`Error::Io`] when the system refuses.
    pub fn append(&self, path: impl AsRef<Path>) -> Result<Writer> {
        at_path(path.as_ref(), |file, name| self.append_in(file, name))
    }

    /// Creates a file in any medium.
    ///
    /// # Errors
    /// As [`WriteOptions::create`].
    pub fn create_sink(&self, sink: impl WriteAt + 'static) -> Result<Writer> {
        self.create_in(Arc::new(sink), "<memory>".to_owned())
    }

    /// Opens a file of any medium to append to it.
    ///
    /// # Errors
    /// As [`WriteOptions::append`].
    pub fn append_sink(&self, sink: impl WriteAt + 'static) -> Result<Writer> {
        self.append_in(Arc::new(sink), "<memory>".to_owned())
    }

    /// A thread of a pool takes up other work while it waits: that may want the same writer, behind a lock that is held here.
    pub(super) fn threads_here(&self) -> Threads {
        #[cfg(feature = "rayon")]
        if rayon::current_thread_index().is_some() {
            return Threads::One;
        }
        self.threads
    }

    fn sharing(&self) -> Sharing {
        self.segment_bytes.map_or(Sharing::Exclusive, |segment_bytes| Sharing::Parallel { segment_bytes })
    }

    fn create_in(&self, sink: Arc<dyn WriteAt>, name: String) -> Result<Writer> {
        // What is replaced may be an XDF file that has a writer.
        if self.container != Container::Rsf || self.overwrite {
            claim(&*sink, &name)?;
        }
        self.create_claimed(self.container, sink, name, self.overwrite)
    }

    fn create_claimed(
        &self,
        container: Container,
        sink: Arc<dyn WriteAt>,
        name: String,
        overwrite: bool,
    ) -> Result<Writer> {
        let failed = |source| Error::Io { path: name.clone(), source };
        let old = Source::reader(Arc::clone(&sink)).map_err(failed)?;
        if overwrite && !self.force {
            refuse_in_use(&name, &old)?;
        }
        if container == Container::Rsf {
            let writer = RsfWriter::create(sink, name, self.sharing(), self.sync, overwrite)?;
            return Ok(Writer::new(Backend::Rsf(writer), Vec::new(), self.clone()));
        }
        if sink.size().map_err(failed)? > 0 {
            if !overwrite {
                return Err(Error::Exists { path: name });
            }
            sink.set_size(0).map_err(failed)?;
        }
        let backend = match container {
            Container::Xdf => Backend::Xdf(Box::new(XdfWriter::create(sink, name, self.sync)?)),
            _ => Backend::Sequential(SequentialWriter::create(sink, name, self.sync)?),
        };
        Ok(Writer::new(backend, Vec::new(), self.clone()))
    }

    fn append_in(&self, sink: Arc<dyn WriteAt>, name: String) -> Result<Writer> {
        let failed = |source| Error::Io { path: name.clone(), source };
        let source = Source::reader(Arc::clone(&sink)).map_err(failed)?;
        match self.state(&source).map_err(failed)? {
            State::Sound(Container::Rsf) => return self.append_rsf(&sink, &name),
            State::New(Container::Rsf) => {
                return match self.create_claimed(Container::Rsf, Arc::clone(&sink), name.clone(), false) {
                    // Another writer that shares it was quicker.
                    Err(Error::Exists { .. }) => self.append_rsf(&sink, &name),
                    created => created,
                };
            }
            State::Foreign(found) => return Err(not_fst(&name, found)),
            _ => claim(&*sink, &name)?,
        }
        // Only now nobody changes it any more.
        let source = Source::reader(Arc::clone(&sink)).map_err(failed)?;
        match self.state(&source).map_err(failed)? {
            State::New(container) => self.create_claimed(container, sink, name, true),
            State::Foreign(found) => Err(not_fst(&name, found)),
            State::Sound(container) => {
                let (source, mut contents) = self.directory(&name, &sink, source)?;
                let mut records = std::mem::take(&mut contents.records);
                let (how, listed) = ((self.sync, self.force), records.len());
                let (backend, cut_off) = if container == Container::Xdf {
                    let (writer, cut_off) = XdfWriter::open(sink, name, &source, &contents, &mut records, how)?;
                    (Backend::Xdf(Box::new(writer)), cut_off)
                } else {
                    let (writer, cut_off) = SequentialWriter::open(sink, name, &source, &contents, how)?;
                    (Backend::Sequential(writer), cut_off)
                };
                let taken_in = records.len() - listed;
                let mut writer = Writer::new(backend, records, self.clone());
                (writer.taken_in, writer.cut_off) = (taken_in, cut_off);
                Ok(writer)
            }
        }
    }

    /// What there is to append to.
    fn state(&self, source: &Source) -> io::Result<State> {
        let detected = detect(source)?;
        if detected == Err(Foreign::Empty) {
            return Ok(State::New(self.container));
        }
        for container in [self.container, Container::Xdf, Container::XdfSequential, Container::Rsf] {
            let unborn = match container {
                Container::Rsf => rsf::is_unborn(source)?,
                _ => xdf::is_unborn(source, container)?,
            };
            if unborn {
                return Ok(State::New(container));
            }
        }
        Ok(detected.map_or_else(State::Foreign, State::Sound))
    }

    fn append_rsf(&self, sink: &Arc<dyn WriteAt>, name: &str) -> Result<Writer> {
        let sharing = self.sharing();
        rsf::enter(sink, name, sharing, self.force)?;
        let opened = || {
            let failed = |source| Error::Io { path: name.to_owned(), source };
            let size = sink.size().map_err(failed)?;
            let taken_in = if self.force { rsf::recover(sink, name)? } else { 0 };
            let cut_off = size.saturating_sub(sink.size().map_err(failed)?);
            let source = Source::reader(Arc::clone(sink)).map_err(failed)?;
            let (_, mut contents) = self.directory(name, sink, source)?;
            let records = std::mem::take(&mut contents.records);
            let writer = RsfWriter::open(Arc::clone(sink), name.to_owned(), &contents, sharing, self.sync);
            let mut writer = Writer::new(Backend::Rsf(writer), records, self.clone());
            (writer.taken_in, writer.cut_off) = (taken_in, cut_off);
            Ok(writer)
        };
        opened().inspect_err(|_| {
            let _ = rsf::leave(sink, name, sharing); // the first error is the one to tell
        })
    }

    /// The directory of a file that is sound enough to write to.
    fn directory(&self, name: &str, sink: &Arc<dyn WriteAt>, source: Source) -> Result<(Source, Contents)> {
        let failed = |source| Error::Io { path: name.to_owned(), source };
        let again = |_: &Source| Source::reader(Arc::clone(sink)).map(Some).map_err(failed);
        let (source, contents) = read_settled(name, source, 0, again)?;
        if let Some(flag) = contents.xdf_write_flag().filter(|&flag| flag != 0 && !self.force) {
            return Err(Error::InUse { path: name.to_owned(), flag });
        }
        let damage = contents.problems.list.iter().find(|problem| problem.severity == Severity::Damage);
        match damage {
            Some(problem) => {
                Err(Error::Damaged { path: name.to_owned(), what: format!("{problem}; salvage it first") })
            }
            None => Ok((source, contents)),
        }
    }
}

/// What a file is when it is opened.
enum State {
    /// Empty, or killed while it was created.
    New(Container),
    Sound(Container),
    Foreign(Foreign),
}

impl Writer {
    /// Creates a random XDF file; for other containers and ways to pack see [`WriteOptions`].
    ///
    /// # Errors
    /// As [`WriteOptions::create`].
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        WriteOptions::new().create(path)
    }

    /// Opens a file of any container to append to it; creates a random XDF file when there is none.
    ///
    /// # Errors
    /// As [`WriteOptions::append`].
    pub fn append(path: impl AsRef<Path>) -> Result<Self> {
        WriteOptions::new().append(path)
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
