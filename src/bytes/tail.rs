//! The end of a file that grows: a buffer for appended bytes.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{read_at::read_exact_at, sink::WriteAt};
use crate::error::{Error, FileName, Result};

/// The end of a file that grows. Appended bytes wait in memory until there are many, or until they must be in the file.
pub(crate) struct Tail {
    sink: Arc<dyn WriteAt>,
    /// Name of the file in messages.
    name: FileName,
    /// Where the waiting bytes go.
    base: u64,
    waiting: Vec<u8>,
    /// Size of the file as this writer last knew it. Kept for XDF files only, where no flag keeps others from appending.
    known: Option<AtomicU64>,
}

/// Flush at 256 KiB: large enough for one system call, small enough to be in the L2 cache still.
const MANY: usize = 1 << 18;

/// Capacity that the buffer keeps after a flush.
const KEPT: usize = 32 << 20;

impl Tail {
    pub(crate) fn new(sink: Arc<dyn WriteAt>, name: FileName, position: u64) -> Self {
        Self { sink, name, base: position, waiting: Vec::new(), known: None }
    }

    /// Sets the size of the file as it was read, so that [`Tail::begin_change`] notices when another program appends.
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
    pub(crate) fn name(&self) -> &FileName {
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
        // Keep the memory for the next record: allocating anew costs more than packing. One huge record gives it back.
        self.waiting.shrink_to(KEPT);
    }

    /// Like [`flush`](Self::flush), but writes the first `head` bytes last, because they make the others visible. With
    /// `sync`, the others are on the medium before that.
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

    /// Moves the end back to `position`. Waiting bytes behind it are dropped, written ones will be overwritten.
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

    /// Overwrites bytes that wait, or bytes in the file; a range must not have some of both.
    pub(crate) fn overwrite(&mut self, bytes: &[u8], offset: u64) -> Result<()> {
        match self.waiting_at(offset, bytes.len()) {
            Some(waiting) => {
                waiting.copy_from_slice(bytes);
                Ok(())
            }
            None => self.write_all(bytes, offset),
        }
    }

    /// The `length` bytes at `offset`, if all of them wait.
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

    /// Reads bytes that wait, or bytes of the file.
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
    use crate::bytes::MemoryFile;

    #[test]
    fn a_tail_reads_and_overwrites_what_it_holds() -> Result<()> {
        let file = MemoryFile::from(vec![1; 10]);
        let mut tail = Tail::new(Arc::new(file.clone()), FileName::MEMORY, 8);
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
