//! Opening files for writing.

use std::{io, path::Path, sync::Arc};

use super::{
    claim::{at_path, lock_writer, refuse_in_use},
    options::WriteOptions,
    writer::Writer,
};
use crate::{
    bytes::{Source, WriteAt},
    container::{self, Appending, Directory, Severity, detect, is_interrupted_create, rsf},
    error::{Error, FileName, NotFst, Result},
    file::read_settled,
    record::Container,
};

impl WriteOptions {
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
        self.create_in(Arc::new(sink), FileName::MEMORY)
    }

    /// Opens a file of any medium to append to it.
    ///
    /// # Errors
    /// As [`WriteOptions::append`].
    pub fn append_sink(&self, sink: impl WriteAt + 'static) -> Result<Writer> {
        self.append_in(Arc::new(sink), FileName::MEMORY)
    }

    fn create_in(&self, sink: Arc<dyn WriteAt>, name: FileName) -> Result<Writer> {
        // What is replaced may be an XDF file that has a writer.
        if self.container != Container::Rsf || self.overwrite {
            lock_writer(&*sink, &name)?;
        }
        self.create_locked(self.container, sink, name, self.overwrite)
    }

    fn create_locked(
        &self,
        container: Container,
        sink: Arc<dyn WriteAt>,
        name: FileName,
        overwrite: bool,
    ) -> Result<Writer> {
        let failed = |source| Error::Io { path: name.clone(), source };
        let old = Source::reader(Arc::clone(&sink)).map_err(failed)?;
        if overwrite && !self.force {
            refuse_in_use(&name, &old)?;
        }
        let backend = container::create(container, sink, name, (self.sharing(), self.sync, overwrite))?;
        Ok(Writer::new(backend, Vec::new(), self.clone()))
    }

    fn append_in(&self, sink: Arc<dyn WriteAt>, name: FileName) -> Result<Writer> {
        let failed = |source| Error::Io { path: name.clone(), source };
        let source = Source::reader(Arc::clone(&sink)).map_err(failed)?;
        match self.state(&source).map_err(failed)? {
            State::Sound(Container::Rsf) => return self.append_rsf(&sink, &name),
            State::New(Container::Rsf) => {
                return match self.create_locked(Container::Rsf, Arc::clone(&sink), name.clone(), false) {
                    // Another writer that shares it was quicker.
                    Err(Error::Exists { .. }) => self.append_rsf(&sink, &name),
                    created => created,
                };
            }
            State::NotFst(found) => return Err(Error::NotFst { path: name, found }),
            _ => lock_writer(&*sink, &name)?,
        }
        // Only now nobody changes it any more.
        let source = Source::reader(Arc::clone(&sink)).map_err(failed)?;
        match self.state(&source).map_err(failed)? {
            State::New(container) => self.create_locked(container, sink, name, true),
            State::NotFst(found) => Err(Error::NotFst { path: name, found }),
            State::Sound(Container::Rsf) => self.append_rsf(&sink, &name),
            State::Sound(_) => {
                let (source, directory) = directory(&name, &sink, source)?;
                let flag = directory.write_flag();
                if flag != 0 && !self.force {
                    return Err(Error::InUse { path: name, flag });
                }
                refuse_damaged(&name, &directory)?;
                self.writer(sink, name, &source, directory)
            }
        }
    }

    /// A writer of a file whose directory has been read.
    fn writer(
        &self,
        sink: Arc<dyn WriteAt>,
        name: FileName,
        source: &Source,
        mut directory: Directory,
    ) -> Result<Writer> {
        let mut records = directory.take_records();
        let listed = records.len();
        let how = Appending { sharing: self.sharing(), sync: self.sync, force: self.force };
        let (backend, cut_off) = directory.writer(sink, name, source, &mut records, how)?;
        let taken_in = records.len() - listed;
        let mut writer = Writer::new(backend, records, self.clone());
        (writer.taken_in, writer.cut_off) = (taken_in, cut_off);
        Ok(writer)
    }

    /// What there is to append to.
    fn state(&self, source: &Source) -> io::Result<State> {
        let detected = detect(source)?;
        if detected == Err(NotFst::Empty) {
            return Ok(State::New(self.container));
        }
        for container in [self.container, Container::Xdf, Container::XdfSequential, Container::Rsf] {
            if is_interrupted_create(source, container)? {
                return Ok(State::New(container));
            }
        }
        Ok(detected.map_or_else(State::NotFst, State::Sound))
    }

    fn append_rsf(&self, sink: &Arc<dyn WriteAt>, name: &FileName) -> Result<Writer> {
        let sharing = self.sharing();
        rsf::enter(sink, name, sharing, self.force)?;
        let opened = || {
            let failed = |source| Error::Io { path: name.to_owned(), source };
            let size = sink.size().map_err(failed)?;
            let taken_in = if self.force { rsf::recover(sink, name)? } else { 0 };
            let cut_off = size.saturating_sub(sink.size().map_err(failed)?);
            let source = Source::reader(Arc::clone(sink)).map_err(failed)?;
            let (source, directory) = directory(name, sink, source)?;
            refuse_damaged(name, &directory)?;
            let mut writer = self.writer(Arc::clone(sink), name.to_owned(), &source, directory)?;
            (writer.taken_in, writer.cut_off) = (taken_in, cut_off);
            Ok(writer)
        };
        opened().inspect_err(|_| {
            let _ = rsf::leave(sink, name, sharing); // the first error is the one to tell
        })
    }
}

/// The directory of a file that others may be changing.
fn directory(name: &FileName, sink: &Arc<dyn WriteAt>, source: Source) -> Result<(Source, Directory)> {
    let failed = |source| Error::Io { path: name.to_owned(), source };
    read_settled(name, source, 0, |_| Source::reader(Arc::clone(sink)).map(Some).map_err(failed))
}

/// Refuses to write to a file whose structure is damaged.
fn refuse_damaged(name: &FileName, directory: &Directory) -> Result<()> {
    let problems = &directory.contents().problems;
    match problems.list.iter().find(|problem| problem.severity == Severity::Damage) {
        Some(problem) => Err(Error::Damaged { path: name.to_owned(), what: format!("{problem}; salvage it first") }),
        None => Ok(()),
    }
}

/// What a file is when it is opened.
enum State {
    /// Empty, or killed while it was created.
    New(Container),
    Sound(Container),
    NotFst(NotFst),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, Attributes, File, MemoryFile};

    #[test]
    fn a_file_whose_creation_was_interrupted_is_begun_anew() -> Result<()> {
        for container in [Container::Xdf, Container::XdfSequential, Container::Rsf] {
            let options = WriteOptions::new().container(container);
            let memory = MemoryFile::new();
            options.create_sink(memory.clone())?.close()?;
            let cut = MemoryFile::from(memory.to_vec()[..100].to_vec());
            // Bytes of no container are not touched.
            let other = MemoryFile::from(b"no FST file".to_vec());
            assert!(matches!(options.append_sink(other), Err(Error::NotFst { .. })));
            let mut writer = options.append_sink(cut.clone())?;
            writer.write(&Attributes::new("TT"), &Array::new(&[1.0_f32], (1, 1, 1))?)?;
            writer.close()?;
            let file = File::from_bytes(cut.to_vec())?;
            assert_eq!((file.records().len(), file.first().map(crate::Member::container)), (1, Some(container)));
        }
        Ok(())
    }
}
