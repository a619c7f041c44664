//! Output files that appear complete or not at all.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    report::{Result, Stop},
    unfinished::{self, folder_of},
};

/// A file being written under a temporary name next to its own.
pub(crate) struct Sink {
    path: PathBuf,
    force: bool,
    inner: Inner,
}

enum Inner {
    Temporary(BufWriter<Nameless>),
    /// Devices and pipes are written to, never replaced.
    Device(BufWriter<fs::File>),
}

/// A temporary file whose name is in no error.
struct Nameless(NamedTempFile);

impl Write for Nameless {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_file_mut().flush()
    }
}

impl Sink {
    /// Begins a file. Without `force` there must be none of that name.
    pub(crate) fn create(path: &Path, force: bool) -> Result<Self> {
        let failed = |e: io::Error| Stop::message(format!("{}: {e}", path.display()));
        if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
            let device = fs::OpenOptions::new().write(true).open(path).map_err(failed)?;
            return Ok(Self { path: path.to_owned(), force, inner: Inner::Device(BufWriter::new(device)) });
        }
        let (path, temporary) = temporary(path, force)?;
        Ok(Self { path, force, inner: Inner::Temporary(BufWriter::new(Nameless(temporary))) })
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> Result {
        let Self { path, force, inner } = self;
        let failed = |e: io::Error| Stop::message(format!("{}: {e}", path.display()));
        let temporary = match inner {
            Inner::Device(mut device) => return device.flush().map_err(|e| named(e.into(), &path)),
            Inner::Temporary(writer) => writer.into_inner().map_err(|e| failed(e.into_error()))?.0,
        };
        keep_owner(&path, temporary.path()).map_err(failed)?;
        let persisted = if force { temporary.persist(&path) } else { temporary.persist_noclobber(&path) };
        match persisted {
            Ok(_) => Ok(()),
            Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(&path)),
            Err(e) => Err(failed(e.error)),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::Temporary(writer) => writer.write(bytes),
            Inner::Device(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.inner {
            Inner::Temporary(writer) => writer.flush(),
            Inner::Device(writer) => writer.flush(),
        }
    }
}

/// A temporary file next to `path`, and what `path` really is: a link stays one, what it points to is replaced.
pub(crate) fn temporary(path: &Path, force: bool) -> Result<(PathBuf, NamedTempFile)> {
    let failed = |e: io::Error| Stop::message(format!("{}: {e}", path.display()));
    let there = fs::metadata(path).ok();
    match &there {
        Some(there) if there.is_dir() => return Err(Stop::message(format!("{}: is a folder", path.display()))),
        Some(there) if !there.is_file() => {
            return Err(Stop::message(format!("{}: is not a regular file", path.display())));
        }
        Some(_) if !force => return Err(exists(path)),
        _ => {}
    }
    let path = if there.is_some() { fs::canonicalize(path).map_err(failed)? } else { path.to_owned() };
    let folder = folder_of(&path);
    if !folder.is_dir() {
        return Err(Stop::message(format!("{}: there is no folder {}", path.display(), folder.display())));
    }
    let temporary = unfinished::create(&path).map_err(failed)?;
    Ok((path, temporary))
}

/// Gives a file the permissions of the one that it replaces, if there is one, and its owner where that is allowed.
pub(crate) fn keep_owner(replaced: &Path, new: &Path) -> io::Result<()> {
    let Ok(there) = fs::metadata(replaced) else { return Ok(()) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        // Before the permissions, which a change of owner may cut.
        if chown(new, Some(there.uid()), Some(there.gid())).is_err() {
            let _ = chown(new, None, Some(there.gid()));
        }
    }
    fs::set_permissions(new, there.permissions())
}

pub(crate) fn exists(path: &Path) -> Stop {
    Stop::message(format!("{}: exists already; -f overwrites it", path.display()))
}

/// Says which file could not be written.
pub(crate) fn named(stop: Stop, path: &Path) -> Stop {
    match stop {
        Stop::Message(message) => Stop::Message(format!("{}: {message}", path.display())),
        Stop::BrokenPipe => Stop::BrokenPipe,
    }
}
