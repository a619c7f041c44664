//! Reading at an offset.

use std::{io, path::Path, sync::Arc};

/// Reading at an offset, without a position that threads would have to share.
///
/// Implement it for whatever holds a file: a remote object, a member of an archive, a block device.
///
/// ```
/// use std::io;
/// use rpnfst::{OpenOptions, ReadAt, Source};
///
/// /// A file inside of another one.
/// struct Part {
///     archive: std::fs::File,
///     start: u64,
///     length: u64,
/// }
///
/// impl ReadAt for Part {
///     fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
///         let left = usize::try_from(self.length.saturating_sub(offset)).unwrap_or(usize::MAX);
///         let length = buf.len().min(left);
///         self.archive.read_at(&mut buf[..length], self.start + offset)
///     }
///
///     fn size(&self) -> io::Result<u64> {
///         Ok(self.length)
///     }
/// }
///
/// let archive = std::fs::File::open("testdata/xdf/masks.std")?;
/// let part = Part { start: 0, length: archive.metadata()?.len(), archive };
/// assert!(!OpenOptions::new().open_source(Source::reader(part)?)?.records().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ReadAt: Send + Sync {
    /// Reads up to `buf.len()` bytes at `offset`; 0 only at the end.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Length in bytes, now.
    ///
    /// # Errors
    /// Whatever the medium says.
    fn size(&self) -> io::Result<u64>;
}

impl ReadAt for std::fs::File {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(self, buf, offset);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(self, buf, offset);
        #[cfg(not(any(unix, windows)))]
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("no positioned reads here ({} bytes at {offset})", buf.len()),
        ));
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl<T: ReadAt + ?Sized> ReadAt for Arc<T> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }
}

pub(crate) fn read_exact_at(reader: &dyn ReadAt, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buf.is_empty() {
        match reader.read_at(buf, offset) {
            Ok(0) => {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("the file ends at byte {offset}")));
            }
            Ok(n) => {
                let n = n.min(buf.len());
                buf = &mut buf[n..];
                offset += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

pub(crate) fn open_regular(path: &Path) -> io::Result<std::fs::File> {
    // Asked before opening, which a pipe would let wait for its writer.
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory"));
    }
    if !kind.is_file() {
        let what = "is a pipe or a device, which cannot be read at any place; copy it to a file first";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    std::fs::File::open(path)
}
