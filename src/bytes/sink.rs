//! Writing at an offset, and the two locks of a file that is being written.

#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};
use std::{fs, io};

use super::read_at::ReadAt;

/// Writing at an offset, beside reading: what a [`Writer`](crate::Writer) needs of its file.
///
/// Implemented for [`std::fs::File`] and [`MemoryFile`](crate::MemoryFile); implement it for whatever else holds a file.
///
/// ```
/// use rpnfst::WriteOptions;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("new.std");
/// let medium = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
/// WriteOptions::new().create_sink(medium)?.close()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait WriteAt: ReadAt {
    /// Writes up to `bytes.len()` bytes at `offset`, which may lie beyond the end; returns how many, never 0.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize>;

    /// Cuts or extends the file.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn set_size(&self, size: u64) -> io::Result<()>;

    /// Waits until everything written is on the medium.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn sync(&self) -> io::Result<()>;

    /// Takes the exclusive lock that marks a file as having a writer, for as long as the object lives; `false` when
    /// somebody else has it. Media without locks say `true`.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn lock_writer(&self) -> io::Result<bool> {
        Ok(true)
    }

    /// Waits for the lock under which writers of one RSF file take turns (for an instant each).
    ///
    /// # Errors
    /// `WouldBlock` when somebody keeps it for a minute; whatever else the medium says.
    fn lock_turn(&self) -> io::Result<()> {
        Ok(())
    }

    /// Gives the lock of [`WriteAt::lock_turn`] back.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn unlock_turn(&self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteAt for fs::File {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::write_at(self, bytes, offset);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_write(self, bytes, offset);
        #[cfg(not(any(unix, windows)))]
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("no positioned writes here ({} bytes at {offset})", bytes.len()),
        ));
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        self.set_len(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn lock_writer(&self) -> io::Result<bool> {
        match self.try_lock() {
            Ok(()) => Ok(true),
            Err(fs::TryLockError::WouldBlock) => Ok(false),
            // A file system without locks does not keep anybody from writing.
            Err(fs::TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(true),
            Err(fs::TryLockError::Error(e)) => Err(e),
        }
    }

    #[cfg(target_os = "linux")]
    fn lock_turn(&self) -> io::Result<()> {
        open_description_lock(self, true)
    }

    #[cfg(target_os = "linux")]
    fn unlock_turn(&self) -> io::Result<()> {
        open_description_lock(self, false)
    }
}

/// The lock of `docs/format/rsf.md`, section 8.1: on the whole file, bound to the open file description.
#[cfg(target_os = "linux")]
fn open_description_lock(file: &fs::File, take: bool) -> io::Result<()> {
    use nix::{fcntl, libc};
    let kind = if take { libc::F_WRLCK } else { libc::F_UNLCK };
    let lock = libc::flock {
        l_type: i16::try_from(kind).unwrap_or_default(),
        l_whence: i16::try_from(libc::SEEK_SET).unwrap_or_default(),
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    let begin = Instant::now();
    loop {
        match fcntl::fcntl(file, fcntl::FcntlArg::F_OFD_SETLK(&lock)) {
            Ok(_) => return Ok(()),
            // Poll: in the blocking call, one process that was stopped while it held the lock would stop all others.
            Err(nix::errno::Errno::EAGAIN | nix::errno::Errno::EACCES) if begin.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(nix::errno::Errno::EINTR) => {}
            Err(e) => return Err(e.into()),
        }
    }
}

/// How long to wait for a lock that each writer holds for microseconds.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writer_has_a_file() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.std");
        let [one, other] = [fs::File::create(&path)?, fs::OpenOptions::new().write(true).open(&path)?];
        assert!(one.lock_writer()? && !other.lock_writer()?);
        // The lock by which writers take turns is another one.
        one.lock_turn()?;
        one.unlock_turn()?;
        other.lock_turn()?;
        other.unlock_turn()?;
        drop(one);
        assert!(other.lock_writer()?);
        Ok(())
    }
}
