//! FST files being written: new ones appear complete or not at all, existing ones are appended to in place.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rpnfst::{Compression, Error, WriteOptions, Writer};
use tempfile::{NamedTempFile, TempPath};

use crate::{
    args::{Container, Encoding, Rules, Unlock},
    memory,
    report::{Report, Result, Stop, status_of},
    sink,
};

/// A file being written.
pub(crate) struct Output {
    pub(crate) writer: Writer,
    path: PathBuf,
    place: Place,
}

enum Place {
    /// The file itself.
    Itself,
    Temporary(NamedTempFile),
}

/// A new file that is complete and has not got its name yet.
pub(crate) struct Draft {
    path: PathBuf,
    temporary: TempPath,
}

impl Output {
    /// Begins a file. Without `force` there must be none of that name.
    pub(crate) fn create(path: &Path, options: &WriteOptions, force: bool) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Err(Stop::message("FST files cannot be written to a pipe; name a file"));
        }
        let (path, temporary) = sink::temporary(path, force)?;
        match options.create(temporary.path()) {
            Ok(writer) => Ok(Self { writer, path, place: Place::Temporary(temporary) }),
            Err(e) => Err(Stop::message(final_name(&e, &temporary, &path))),
        }
    }

    /// Extends a file, or begins it when there is none.
    pub(crate) fn append(path: &Path, options: &WriteOptions) -> Result<Self> {
        if !path.exists() {
            return Self::create(path, options, false);
        }
        let writer = options.append(path).map_err(|e| Stop::message(e.to_string()))?;
        Ok(Self { writer, path: path.to_owned(), place: Place::Itself })
    }

    /// A message of the writer, with the name that the file will have.
    pub(crate) fn message(&self, error: &Error) -> String {
        let text = match &self.place {
            Place::Itself => error.to_string(),
            Place::Temporary(temporary) => final_name(error, temporary, &self.path),
        };
        if memory::is_limit(error) { memory::with_advice(&text) } else { text }
    }

    /// Reports what the writer refused.
    pub(crate) fn report(&self, error: &Error, what: &str, report: &mut Report) {
        let message = self.message(error);
        let prefix = if what.is_empty() || message.contains(what) { String::new() } else { format!("{what}: ") };
        report.error(status_of(error), format_args!("{prefix}{message}"));
    }

    /// Completes the file on disk; a new one waits for its name.
    pub(crate) fn complete(self) -> Result<Option<Draft>> {
        let failed = |e: &dyn std::fmt::Display| Stop::message(format!("{}: {e}", self.path.display()));
        match self.place {
            Place::Itself => {
                self.writer.close().map_err(|e| Stop::message(e.to_string()))?;
                let synced = fs::OpenOptions::new().write(true).open(&self.path).and_then(|file| file.sync_all());
                synced.map_err(|e| failed(&e))?;
                Ok(None)
            }
            Place::Temporary(temporary) => {
                self.writer.close().map_err(|e| failed(&e))?;
                temporary.as_file().sync_all().map_err(|e| failed(&e))?;
                Ok(Some(Draft { path: self.path, temporary: temporary.into_temp_path() }))
            }
        }
    }

    /// Completes the file and gives it its name.
    pub(crate) fn finish(self, force: bool) -> Result {
        match self.complete()? {
            Some(draft) => draft.publish(force),
            None => Ok(()),
        }
    }
}

/// A message with the name that a file will have.
fn final_name(error: &Error, temporary: &NamedTempFile, path: &Path) -> String {
    error.to_string().replace(&*temporary.path().to_string_lossy(), &path.to_string_lossy())
}

/// Opens an existing file to change it in place. Nothing is created.
pub(crate) fn open_in_place(path: &Path, unlock: Unlock) -> Result<Writer> {
    let there = fs::metadata(path).map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
    if !there.is_file() || there.len() == 0 {
        return Err(Stop::message(format!("{}: not an FST file", path.display())));
    }
    let opened = WriteOptions::new().sync(true).force(unlock.unlock).append(path);
    opened.map_err(|e| match e {
        Error::InUse { path, flag } => Stop::message(format!(
            "{path}: its write flag is {flag:#x}: another program is writing to it, or one died; \
             if none is, --unlock writes nevertheless"
        )),
        e => Stop::message(e.to_string()),
    })
}

impl Draft {
    /// Gives the file its name.
    pub(crate) fn publish(self, force: bool) -> Result {
        let Self { path, temporary } = self;
        sink::keep_owner(&path, &temporary).map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
        let persisted = if force { temporary.persist(&path) } else { temporary.persist_noclobber(&path) };
        match persisted {
            Ok(()) => {}
            Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => return Err(sink::exists(&path)),
            Err(e) => return Err(Stop::message(format!("{}: {}", path.display(), e.error))),
        }
        // The name is on the disk too, where folders can be synced; elsewhere the system sees to it.
        #[cfg(unix)]
        let _ = fs::File::open(sink::folder_of(&path)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Container {
    /// The container of the library.
    pub(crate) fn library(self) -> rpnfst::Container {
        match self {
            Self::Xdf => rpnfst::Container::Xdf,
            Self::XdfSeq => rpnfst::Container::XdfSequential,
            Self::Rsf => rpnfst::Container::Rsf,
        }
    }
}

impl Encoding {
    /// Options to write with.
    pub(crate) fn options(&self) -> WriteOptions {
        let rules = match self.rules {
            None => rpnfst::Rules::Recommended,
            Some(Rules::Librmn19) => rpnfst::Rules::Librmn19,
            Some(Rules::Librmn20) => rpnfst::Rules::Librmn20,
        };
        let compression = if self.best { Compression::Best } else { Compression::Normal };
        WriteOptions::new().rules(rules).compression(compression)
    }
}
