//! Files that are read with `pread`. The first 128 stay open; later ones are opened again for each read, because a process
//! may have few file descriptors.

use std::{
    fs::{File, Metadata},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::read_at::{ReadAt, open_regular};

/// How many files stay open; some systems allow a process 256.
const KEPT: usize = 128;

static KEPT_NOW: AtomicUsize = AtomicUsize::new(0);

/// A file that is open while its directory is read.
pub(crate) struct OnDisk {
    path: PathBuf,
    file: Arc<File>,
}

impl OnDisk {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // The program may change its working folder later.
        let absolute = std::path::absolute(path)?;
        Ok(Self { path: absolute, file: Arc::new(open_regular(path)?) })
    }

    /// Reads the records once the directory is read: keeps the file open, or opens it again for each read.
    pub(crate) fn reader(&self) -> Arc<dyn ReadAt> {
        let place = Place::take();
        let identity = || self.file.metadata().ok().and_then(|there| identity(&there));
        match if place.is_none() { identity() } else { None } {
            Some(identity) => Arc::new(Reopened { path: self.path.clone(), identity }),
            None => Arc::new(Kept { file: Arc::clone(&self.file), _place: place }),
        }
    }
}

impl ReadAt for OnDisk {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }
}

/// A file that stays open.
struct Kept {
    file: Arc<File>,
    _place: Option<Place>,
}

impl ReadAt for Kept {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }
}

/// The right to keep one file open; there are [`KEPT`] of them.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let more = |now| (now < KEPT).then_some(now + 1);
        KEPT_NOW.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(|_| Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        KEPT_NOW.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A file that is opened again for each read. Reading fails when another file has its name meanwhile.
struct Reopened {
    path: PathBuf,
    identity: (u64, u64),
}

impl Reopened {
    fn open(&self) -> io::Result<File> {
        let file = open_regular(&self.path)?;
        if identity(&file.metadata()?) == Some(self.identity) {
            return Ok(file);
        }
        Err(io::Error::other("another file has its name since it was opened"))
    }
}

impl ReadAt for Reopened {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.open()?.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.open()?.size()
    }
}

/// What a file is known by; `None` on systems where all stay open.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems have none")]
fn identity(there: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn another_file_of_the_same_name_is_not_read() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (path, other) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&path, "one")?;
        std::fs::write(&other, "two")?;
        let on_disk = OnDisk::open(&path)?;
        let identity = identity(&on_disk.file.metadata()?).expect("there is one");
        let reopened = Reopened { path: on_disk.path.clone(), identity };
        let mut buf = [0; 3];
        assert_eq!((reopened.read_at(&mut buf, 0)?, &buf, reopened.size()?), (3, b"one", 3));
        std::fs::rename(&other, &path)?;
        let error = reopened.read_at(&mut buf, 0).expect_err("another file");
        assert!(error.to_string().contains("another file"), "{error}");
        assert_eq!((on_disk.reader().read_at(&mut buf, 0)?, &buf), (3, b"one"), "an open one stays");
        Ok(())
    }
}
