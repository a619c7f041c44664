//! Where the bytes of a file come from: a memory map, memory, or any object that reads at an offset.

use std::{borrow::Cow, fmt, io, path::Path, sync::Arc};

use super::{
    on_disk::OnDisk,
    read_at::{ReadAt, read_exact_at},
};
use crate::error::FileName;

/// The bytes of one file. Cheap to clone; clones share the bytes.
///
/// ```
/// use rpnfst::{OpenOptions, Source};
/// let whole = std::fs::read("testdata/xdf/masks.std")?;
/// let file = OpenOptions::new().open_source(Source::bytes(whole))?;
/// assert!(file.members().all(|member| member.path().is_none()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Source {
    kind: Kind,
    /// What messages call it where it has no path.
    name: Option<Arc<str>>,
}

#[derive(Clone)]
enum Kind {
    Memory {
        bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
        /// The file that is mapped, until [`Source::after_opening`].
        file: Option<Arc<std::fs::File>>,
    },
    Reader {
        reader: Arc<dyn ReadAt>,
        size: u64,
        /// The file that it reads, until [`Source::after_opening`].
        file: Option<Arc<OnDisk>>,
    },
}

impl Source {
    fn of(kind: Kind) -> Self {
        Self { kind, name: None }
    }

    /// Gives the source a name, which messages call the file by: a URL, say. Files that are opened by a path have theirs.
    ///
    /// ```
    /// use rpnfst::{OpenOptions, Source};
    /// let source = Source::bytes(*b"text").named("letter.txt in mail.zip");
    /// let error = OpenOptions::new().open_source(source).expect_err("no FST file");
    /// assert!(error.to_string().starts_with("letter.txt in mail.zip: not an FST file"));
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What messages call a file that has no path.
    pub(crate) fn name(&self) -> FileName {
        self.name.clone().map_or(FileName::MEMORY, FileName::medium)
    }

    /// Bytes in memory: a `Vec<u8>`, a `&'static [u8]`, any shared buffer.
    pub fn bytes(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::of(Kind::Memory { bytes: Arc::new(bytes), file: None })
    }

    /// Any object that reads at an offset. Its size is asked once, here.
    ///
    /// # Errors
    /// When the size cannot be had.
    pub fn reader(reader: impl ReadAt + 'static) -> io::Result<Self> {
        let size = reader.size()?;
        Ok(Self::of(Kind::Reader { reader: Arc::new(reader), size, file: None }))
    }

    /// A file on disk, read with positioned reads (`pread`): nothing is mapped, a file that shrinks gives an error.
    ///
    /// The first 128 files of a process that are opened so stay open. On Unix systems, which let a process open few, the
    /// others are opened again for each read, and one whose name another file got meanwhile gives an error.
    ///
    /// # Errors
    /// When the file cannot be opened or is no regular file.
    pub fn file(path: &Path) -> io::Result<Self> {
        let file = Arc::new(OnDisk::open(path)?);
        Ok(Self::of(Kind::Reader {
            size: file.size()?,
            reader: Arc::clone(&file) as Arc<dyn ReadAt>,
            file: Some(file),
        }))
    }

    /// Without the feature `mmap`: [`Source::file`].
    ///
    /// # Errors
    /// When the file cannot be opened or is no regular file.
    #[cfg(not(feature = "mmap"))]
    pub fn mapped(path: &Path) -> io::Result<Self> {
        Self::file(path)
    }

    /// A file on disk, mapped into memory: the fastest, and what zero-copy views need.
    ///
    /// A program that cuts the file short while it is mapped kills every process that touches the missing part
    /// (`SIGBUS`); for files that others rewrite in place use [`Source::file`]. Without the feature `mmap` it is that.
    ///
    /// # Errors
    /// When the file cannot be opened or mapped, or is no regular file.
    #[cfg(feature = "mmap")]
    pub fn mapped(path: &Path) -> io::Result<Self> {
        let file = super::read_at::open_regular(path)?;
        let length = file.metadata()?.len();
        if length == 0 {
            return Ok(Self::bytes(Vec::new())); // an empty mapping is refused by some systems
        }
        Ok(Self::of(Kind::Memory { bytes: Arc::new(map(&file, to_usize(length)?)?), file: Some(Arc::new(file)) }))
    }

    /// The same source with its size asked again: a reader's object may have grown.
    pub(crate) fn refreshed(&self) -> io::Result<Self> {
        match &self.kind {
            Kind::Memory { .. } => Ok(self.clone()),
            Kind::Reader { reader, file, .. } => {
                let kind = Kind::Reader { size: reader.size()?, reader: Arc::clone(reader), file: file.clone() };
                Ok(Self { kind, name: self.name.clone() })
            }
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match &self.kind {
            Kind::Memory { bytes, .. } => (**bytes).as_ref().len() as u64,
            Kind::Reader { size, .. } => *size,
        }
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All bytes, when they are in memory or mapped.
    pub fn as_slice(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::Memory { bytes, .. } => Some((**bytes).as_ref()),
            Kind::Reader { .. } => None,
        }
    }

    /// `length` bytes at `offset`, borrowed when they are in memory.
    ///
    /// # Errors
    /// `UnexpectedEof` when the range is not inside of the file (nothing is allocated then); whatever the medium says.
    pub fn get(&self, offset: u64, length: u64) -> io::Result<Cow<'_, [u8]>> {
        let end = offset.checked_add(length).filter(|&end| end <= self.len()).ok_or_else(|| {
            let message = format!("bytes {offset}+{length} are beyond the end of the file ({} bytes)", self.len());
            io::Error::new(io::ErrorKind::UnexpectedEof, message)
        })?;
        let (start, end) = (to_usize(offset)?, to_usize(end)?);
        match &self.kind {
            Kind::Memory { bytes, .. } => {
                (**bytes).as_ref().get(start..end).map(Cow::Borrowed).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
            }
            Kind::Reader { reader, .. } => read_vec(&**reader, offset, end - start).map(Cow::Owned),
        }
    }

    /// Up to `length` bytes at `offset`: fewer, or none, at the end of the file.
    ///
    /// # Errors
    /// Whatever the medium says.
    pub fn get_up_to(&self, offset: u64, length: u64) -> io::Result<Cow<'_, [u8]>> {
        let there = self.len().saturating_sub(offset);
        if there == 0 { Ok(Cow::Borrowed(&[])) } else { self.get(offset, length.min(there)) }
    }

    /// The source to read records from, once the directory is read. Releases file descriptors: a program may have many
    /// files open at a time, and a process may have few descriptors.
    pub(crate) fn after_opening(mut self) -> Self {
        match &mut self.kind {
            Kind::Memory { file, .. } => *file = None,
            Kind::Reader { reader, file, .. } => {
                if let Some(file) = file.take() {
                    *reader = file.reader();
                }
            }
        }
        self
    }

    /// Returns up to `buffer.len()` bytes at `offset` (fewer at the end of the file): borrowed if the file is in memory,
    /// otherwise read into `buffer`.
    ///
    /// For small pieces scattered over a file. A mapped file is read with a system call here, because a page fault, which
    /// maps the neighbourhood of each piece, costs several times more.
    pub(crate) fn peek<'a>(&'a self, offset: u64, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
        let there = self.len().saturating_sub(offset).min(buffer.len() as u64);
        let reader: &dyn ReadAt = match &self.kind {
            Kind::Memory { file: Some(file), .. } => file,
            Kind::Memory { bytes, file: None } => {
                let start = to_usize(offset.min(self.len()))?;
                return Ok((**bytes).as_ref().get(start..start + to_usize(there)?).unwrap_or_default());
            }
            Kind::Reader { reader, .. } => &**reader,
        };
        let buffer = &mut buffer[..to_usize(there)?];
        read_exact_at(reader, buffer, offset)?;
        Ok(buffer)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.as_slice().is_some() { "memory" } else { "reader" };
        write!(f, "Source({kind}, {} bytes)", self.len())
    }
}

fn to_usize(value: u64) -> io::Result<usize> {
    usize::try_from(value)
        .map_err(|_| io::Error::new(io::ErrorKind::Unsupported, "beyond this machine's address space"))
}

/// Reads `length` bytes into new memory, piece by piece when there are many. A sparse file promises bytes that take no
/// space, and a file may have shrunk: memory that cannot be had must be an error, and not end the process.
fn read_vec(reader: &dyn ReadAt, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    const PIECE: usize = 64 << 20;
    let mut buffer = vec![0; length.min(PIECE)];
    read_exact_at(reader, &mut buffer, offset)?;
    if length > PIECE {
        buffer.try_reserve_exact(length - PIECE).map_err(|_| io::ErrorKind::OutOfMemory)?;
        while buffer.len() < length {
            let start = buffer.len();
            buffer.resize(length.min(start + PIECE), 0);
            read_exact_at(reader, &mut buffer[start..], offset + start as u64)?;
        }
    }
    Ok(buffer)
}

#[cfg(feature = "mmap")]
#[allow(unsafe_code)]
fn map(file: &std::fs::File, length: usize) -> io::Result<memmap2::Mmap> {
    // SAFETY: the mapping is read-only and private to this module. What the compiler may assume of `&[u8]` (that the
    // bytes do not change) can be broken by another process that writes to the file; the parsers and decoders read each
    // value once and check it after loading, so that changed bytes give other values or an error, never memory misuse.
    // A file that shrinks raises SIGBUS, as documented in `Source::mapped`.
    unsafe { memmap2::MmapOptions::new().len(length).map(file) }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dribble(Vec<u8>);

    impl ReadAt for Dribble {
        fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
            let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
            let n = buf.len().min(3).min(self.0.len() - from);
            buf[..n].copy_from_slice(&self.0[from..from + n]);
            Ok(n)
        }

        fn size(&self) -> io::Result<u64> {
            Ok(self.0.len() as u64)
        }
    }

    #[test]
    fn all_sources_give_the_same() -> io::Result<()> {
        let bytes: Vec<u8> = (0..100).collect();
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("file");
        std::fs::write(&path, &bytes)?;
        let sources = [
            Source::bytes(bytes.clone()),
            Source::reader(Dribble(bytes.clone()))?,
            Source::file(&path)?,
            #[cfg(feature = "mmap")]
            Source::mapped(&path)?,
        ];
        for source in sources {
            assert_eq!(source.len(), 100);
            assert_eq!(&*source.get(10, 20)?, &bytes[10..30]);
            assert_eq!(&*source.get_up_to(95, 20)?, &bytes[95..]);
            assert_eq!(&*source.get_up_to(1000, 20)?, b"");
            for (offset, length) in [(90, 11), (u64::MAX, 2), (0, u64::MAX), (101, 0)] {
                let error = source.get(offset, length).map(|b| b.len()).expect_err("outside");
                assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
            }
            let mut buffer = [0; 20];
            assert_eq!(source.peek(10, &mut buffer)?, &bytes[10..30]);
            assert_eq!(source.peek(95, &mut buffer)?, &bytes[95..]);
            assert_eq!(source.peek(u64::MAX, &mut buffer)?, b"");
        }
        assert!(Source::file(dir.path()).is_err_and(|e| e.kind() == io::ErrorKind::IsADirectory));
        Ok(())
    }
}
