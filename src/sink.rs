//! Where the bytes of a file go: a file on disk, memory, or any object that writes at an offset.

#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};
use std::{
    fs, io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    error::{Error, Result},
    source::{ReadAt, read_exact_at},
};

/// Writing at an offset, beside reading: what a [`Writer`](crate::Writer) needs of its file.
///
/// Implemented for [`std::fs::File`] and [`MemoryFile`]; implement it for whatever else holds a file.
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
    fn claim(&self) -> io::Result<bool> {
        Ok(true)
    }

    /// Waits for the lock under which writers of one RSF file take turns (for an instant each).
    ///
    /// # Errors
    /// `WouldBlock` when somebody keeps it for a minute; whatever else the medium says.
    fn lock(&self) -> io::Result<()> {
        Ok(())
    }

    /// Gives the lock of [`WriteAt::lock`] back.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn unlock(&self) -> io::Result<()> {
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

    fn claim(&self) -> io::Result<bool> {
        match self.try_lock() {
            Ok(()) => Ok(true),
            Err(fs::TryLockError::WouldBlock) => Ok(false),
            // A file system without locks does not keep anybody from writing.
            Err(fs::TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(true),
            Err(fs::TryLockError::Error(e)) => Err(e),
        }
    }

    #[cfg(target_os = "linux")]
    fn lock(&self) -> io::Result<()> {
        open_description_lock(self, true)
    }

    #[cfg(target_os = "linux")]
    fn unlock(&self) -> io::Result<()> {
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
            // Not with the waiting call: a program that was stopped while it had the lock would stop all others.
            Err(nix::errno::Errno::EAGAIN | nix::errno::Errno::EACCES) if begin.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(nix::errno::Errno::EINTR) => {}
            Err(e) => return Err(e.into()),
        }
    }
}

/// How long to wait for a lock that is kept for an instant.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(60);

/// A file in memory, to write to and to read from. Clones are the same file.
#[derive(Clone, Default, Debug)]
pub struct MemoryFile(Arc<Mutex<Vec<u8>>>);

impl MemoryFile {
    /// An empty file.
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy of its bytes, now.
    pub fn to_vec(&self) -> Vec<u8> {
        self.bytes().clone()
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Vec<u8>> for MemoryFile {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(bytes)))
    }
}

impl ReadAt for MemoryFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let bytes = self.bytes();
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let n = buf.len().min(bytes.len() - start);
        buf[..n].copy_from_slice(&bytes[start..start + n]);
        Ok(n)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.bytes().len() as u64)
    }
}

impl WriteAt for MemoryFile {
    fn write_at(&self, new: &[u8], offset: u64) -> io::Result<usize> {
        let full = || io::Error::from(io::ErrorKind::OutOfMemory);
        let start = usize::try_from(offset).map_err(|_| full())?;
        let end = start.checked_add(new.len()).ok_or_else(full)?;
        let mut bytes = self.bytes();
        if end > bytes.len() {
            let more = end - bytes.len();
            bytes.try_reserve(more).map_err(|_| full())?;
            bytes.resize(end, 0);
        }
        bytes[start..end].copy_from_slice(new);
        Ok(new.len())
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        let size = usize::try_from(size).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        self.bytes().resize(size, 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// The end of a file that grows: bytes wait in memory until there are many, or until something must be on the medium.
pub(crate) struct Tail {
    sink: Arc<dyn WriteAt>,
    /// Name of the file in messages.
    name: String,
    /// Where the waiting bytes go.
    base: u64,
    waiting: Vec<u8>,
    /// The size of the file as far as this writer knows it, where nothing keeps others from appending.
    known: Option<AtomicU64>,
}

/// So many waiting bytes are worth a system call, and still in the processor's cache.
const MANY: usize = 1 << 18;

/// So much memory is kept for the next records.
const KEPT: usize = 32 << 20;

impl Tail {
    pub(crate) fn new(sink: Arc<dyn WriteAt>, name: String, position: u64) -> Self {
        Self { sink, name, base: position, waiting: Vec::new(), known: None }
    }

    /// For a file without a flag that keeps others away: its size as it was read.
    pub(crate) fn of_size(self, size: u64) -> Self {
        Self { known: Some(size.into()), ..self }
    }

    /// Refuses a change when somebody else has appended to the file: librmn takes no lock on XDF files.
    pub(crate) fn begin_change(&self) -> Result<()> {
        let Some(known) = &self.known else { return Ok(()) };
        let size = self.sink.size().map_err(|e| self.error(e))?;
        match size.checked_sub(known.load(Ordering::Relaxed)) {
            None | Some(0) => Ok(()),
            Some(bytes) => Err(Error::Unfinished { path: self.name.clone(), bytes }),
        }
    }

    /// Name of the file in messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What the medium said, with the name of the file.
    pub(crate) fn error(&self, source: io::Error) -> Error {
        let path = self.name.clone();
        if source.kind() == io::ErrorKind::WouldBlock { Error::Locked { path } } else { Error::Io { path, source } }
    }

    pub(crate) fn sink(&self) -> &dyn WriteAt {
        &*self.sink
    }

    /// Where the next byte goes.
    pub(crate) fn position(&self) -> u64 {
        self.base + self.waiting.len() as u64
    }

    /// The waiting bytes, to append to (or to take back what was appended).
    pub(crate) fn waiting(&mut self) -> &mut Vec<u8> {
        &mut self.waiting
    }

    /// Whether to [`flush`](Self::flush) at the next occasion.
    pub(crate) fn is_long(&self) -> bool {
        self.waiting.len() >= MANY
    }

    /// Hands the waiting bytes to the medium. On an error they go on waiting, and what was written of them is cut off:
    /// bytes behind the end would seem to be another program's.
    pub(crate) fn flush(&mut self) -> Result<()> {
        if let Err(e) = self.write_all(&self.waiting, self.base) {
            if self.known.is_some() {
                let _ = self.cut();
            }
            return Err(e);
        }
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        self.base += self.waiting.len() as u64;
        self.waiting.clear();
        // A very large record must not hold its memory for ever; fresh memory for each large one would cost more than packing.
        self.waiting.shrink_to(KEPT);
    }

    /// Like [`flush`](Self::flush), the first `head` bytes last, since they make the others visible: with `sync` when those
    /// are on the medium.
    pub(crate) fn flush_head_last(&mut self, head: usize, sync: bool) -> Result<()> {
        let (first, rest) = self.waiting.split_at(head.min(self.waiting.len()));
        self.write_all(rest, self.base + first.len() as u64)?;
        if sync {
            self.sync()?;
        }
        self.write_all(first, self.base)?;
        self.forget();
        Ok(())
    }

    /// Goes on at another place; nothing may be waiting.
    pub(crate) fn seek(&mut self, position: u64) {
        debug_assert!(self.waiting.is_empty());
        self.base = position;
    }

    /// Goes back to an earlier place, waiting or not: what follows it is to be written again.
    pub(crate) fn take_back(&mut self, position: u64) {
        let waiting = position.saturating_sub(self.base);
        self.waiting.truncate(usize::try_from(waiting).unwrap_or(usize::MAX));
        self.base = self.base.min(position);
    }

    /// Waits until everything handed over is on the medium.
    pub(crate) fn sync(&self) -> Result<()> {
        self.sink.sync().map_err(|e| self.error(e))
    }

    /// Cuts the file where the waiting bytes will go.
    pub(crate) fn cut(&self) -> Result<()> {
        self.cut_at(self.base)
    }

    /// Cuts the file.
    pub(crate) fn cut_at(&self, size: u64) -> Result<()> {
        self.sink.set_size(size).map_err(|e| self.error(e))?;
        if let Some(known) = &self.known {
            known.store(size, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Writes over bytes, waiting ones or not (those before the waiting ones must not run into them).
    pub(crate) fn overwrite(&mut self, bytes: &[u8], offset: u64) -> Result<()> {
        match self.waiting_at(offset, bytes.len()) {
            Some(waiting) => {
                waiting.copy_from_slice(bytes);
                Ok(())
            }
            None => self.write_all(bytes, offset),
        }
    }

    /// Bytes of the file that wait.
    pub(crate) fn waiting_at(&mut self, offset: u64, length: usize) -> Option<&mut [u8]> {
        let start = usize::try_from(offset.checked_sub(self.base)?).ok()?;
        self.waiting.get_mut(start..start.checked_add(length)?)
    }

    /// Writes to the medium at once.
    pub(crate) fn write_all(&self, mut bytes: &[u8], mut offset: u64) -> Result<()> {
        while !bytes.is_empty() {
            match self.sink.write_at(bytes, offset) {
                Ok(0) => return Err(self.error(io::ErrorKind::WriteZero.into())),
                Ok(n) => {
                    bytes = bytes.get(n..).unwrap_or_default();
                    offset += n as u64;
                    if let Some(known) = &self.known {
                        known.fetch_max(offset, Ordering::Relaxed);
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.error(e)),
            }
        }
        Ok(())
    }

    /// Reads what was written, waiting or not.
    pub(crate) fn read(&self, bytes: &mut [u8], offset: u64) -> Result<()> {
        let waiting = offset.checked_sub(self.base).and_then(|start| {
            let start = usize::try_from(start).ok()?;
            self.waiting.get(start..start.checked_add(bytes.len())?)
        });
        match waiting {
            Some(there) => {
                bytes.copy_from_slice(there);
                Ok(())
            }
            None => read_exact_at(&*self.sink, bytes, offset).map_err(|e| self.error(e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_reads_and_overwrites_what_it_holds() -> Result<()> {
        let file = MemoryFile::from(vec![1; 10]);
        let mut tail = Tail::new(Arc::new(file.clone()), String::new(), 8);
        tail.waiting().extend([2; 6]);
        assert_eq!((tail.position(), file.to_vec()), (14, vec![1; 10]));
        tail.overwrite(&[3, 3], 10)?;
        tail.overwrite(&[4], 0)?;
        let mut there = [0; 4];
        tail.read(&mut there, 8)?;
        assert_eq!(there, [2, 2, 3, 3]);
        tail.flush()?;
        assert_eq!(file.to_vec(), [4, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 2, 2]);
        tail.read(&mut there, 10)?;
        assert_eq!(there, [3, 3, 2, 2]);
        assert_eq!(tail.position(), 14);
        Ok(())
    }
}
