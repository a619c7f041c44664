//! A file in memory.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{read_at::ReadAt, sink::WriteAt};

/// A file in memory, to write to and to read from. Clones are the same file.
///
/// ```
/// use rpnfst::{Attributes, Array, File, MemoryFile, WriteOptions};
/// let memory = MemoryFile::new();
/// let mut writer = WriteOptions::new().create_sink(memory.clone())?;
/// writer.write(&Attributes::new("TT"), &Array::new(&[1.0_f32], (1, 1, 1))?)?;
/// writer.close()?;
/// assert_eq!(File::from_bytes(memory.to_vec())?.records().len(), 1);
/// # Ok::<(), rpnfst::Error>(())
/// ```
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_beyond_the_end_leaves_zeros() -> io::Result<()> {
        let file = MemoryFile::new();
        assert_eq!(file.write_at(b"ab", 3)?, 2);
        assert_eq!(file.to_vec(), b"\0\0\0ab");
        let mut two = [0; 2];
        assert_eq!((file.read_at(&mut two, 4)?, file.read_at(&mut two, 9)?), (1, 0));
        file.set_size(1)?;
        assert_eq!((file.size()?, file.write_at(b"x", u64::MAX).is_err()), (1, true));
        Ok(())
    }
}
