//! Locks on the file at a path, while it is opened for writing or replaced.

use std::{fs, io, path::Path, sync::Arc};

use super::{options::WriteOptions, writer::Writer};
use crate::{
    bytes::{Source, WriteAt, open_regular},
    container::Directory,
    error::{Error, FileName, Result},
};

impl WriteOptions {
    /// Keeps other writers of rpnfst away from a file that is about to be replaced by another one of its name, for as long
    /// as the result lives.
    ///
    /// ```
    /// use rpnfst::{Error, WriteOptions, Writer};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("old.std");
    /// Writer::create(&path)?.close()?;
    /// let claim = WriteOptions::new().claim(&path)?;
    /// assert!(matches!(Writer::append(&path), Err(Error::Locked { .. })));
    /// drop(claim); // the file has been replaced
    /// Writer::append(&path)?.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::InUse`] and [`Error::Unfinished`] when somebody writes to the file, as far as that can be
    /// known (the last two not with [`WriteOptions::force`]), [`Error::Io`] when it cannot be opened.
    pub fn claim(&self, path: impl AsRef<Path>) -> Result<Claim> {
        let name = FileName::from(path.as_ref());
        let failed = |source| Error::Io { path: name.clone(), source };
        open_regular(path.as_ref()).map_err(failed)?;
        // Writers of RSF files take turns by a lock that needs the permission to write.
        let writable = fs::OpenOptions::new().read(true).write(true).open(path.as_ref());
        let locks = writable.is_ok();
        let file = Arc::new(writable.or_else(|_| fs::File::open(path.as_ref())).map_err(failed)?);
        lock_writer(&*file, &name)?;
        if locks {
            WriteAt::lock_turn(&*file).map_err(failed)?;
        }
        if !self.force {
            refuse_in_use(&name, &Source::reader(Arc::clone(&file)).map_err(failed)?)?;
        }
        Ok(Claim(file))
    }
}

/// Refuses to replace a file that says that somebody writes to it.
pub(super) fn refuse_in_use(name: &FileName, there: &Source) -> Result<()> {
    // What cannot be read has no writer that could be harmed.
    let Ok(directory) = Directory::read(name, there, 0) else { return Ok(()) };
    let flag = directory.write_flag();
    if flag != 0 {
        return Err(Error::InUse { path: name.to_owned(), flag });
    }
    match directory.bytes_behind_end(&directory.contents().records, there.len()) {
        0 => Ok(()),
        bytes => Err(Error::Unfinished { path: name.to_owned(), bytes }),
    }
}

pub(super) fn lock_writer(sink: &dyn WriteAt, name: &FileName) -> Result<()> {
    match sink.lock_writer() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::Locked { path: name.to_owned() }),
        Err(source) => Err(Error::Io { path: name.to_owned(), source }),
    }
}

/// A file that other writers of rpnfst are kept away from: see [`WriteOptions::claim`].
#[derive(Debug)]
#[must_use = "the file is free again when this is dropped"]
pub struct Claim(#[expect(dead_code, reason = "it has the lock")] Arc<fs::File>);

/// Opens the file at a path for writing; once more when, before the lock was ours, another file took its path or it was
/// deleted.
pub(super) fn at_path(path: &Path, open: impl Fn(Arc<dyn WriteAt>, FileName) -> Result<Writer>) -> Result<Writer> {
    loop {
        let (file, name) = open_file(path)?;
        let writer = open(Arc::clone(&file) as Arc<dyn WriteAt>, name)?;
        if is_at(&file, path) {
            return Ok(writer);
        }
    }
}

fn open_file(path: &Path) -> Result<(Arc<fs::File>, FileName)> {
    let name = FileName::from(path);
    let file = fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    match file {
        Ok(file) => Ok((Arc::new(file), name)),
        Err(source) => Err(Error::Io { path: name, source }),
    }
}

/// Whether a path still leads to a file.
#[cfg(unix)]
fn is_at(file: &fs::File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(own), Ok(there)) => (own.dev(), own.ino()) == (there.dev(), there.ino()),
        (_, Err(e)) => e.kind() != io::ErrorKind::NotFound,
        _ => true,
    }
}

/// Other systems do not give an open file's name away.
#[cfg(not(unix))]
fn is_at(_: &fs::File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, Attributes, MemoryFile};

    #[test]
    fn a_file_with_a_writer_is_not_replaced() -> Result<()> {
        let file = MemoryFile::new();
        let mut writer = WriteOptions::new().create_sink(file.clone())?;
        writer.write(&Attributes::new("TT"), &Array::new(&[1.0_f32], (1, 1, 1))?)?;
        writer.close()?;
        let refused =
            |bytes: Vec<u8>| refuse_in_use(&"a.std".into(), &Source::bytes(bytes)).err().map(|e| e.to_string());
        let whole = file.to_vec();
        assert_eq!(refused(whole.clone()), None);
        let mut flagged = whole.clone();
        flagged[59] = 1; // rwflg, word 14 of the header
        assert!(refused(flagged).is_some_and(|what| what.contains("write flag is 0x1")));
        let appended = [whole, vec![0; 8]].concat();
        assert!(refused(appended).is_some_and(|what| what.contains("8 bytes follow its end")));
        assert_eq!(refused(b"no FST file".to_vec()), None);
        Ok(())
    }
}
