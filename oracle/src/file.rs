//! Standard files through librmn.

mod linked;
mod read;
mod write;

use std::ffi::{CStr, c_int};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{OracleError, check};
use crate::library::{Librmn, c_path};

pub use linked::LinkedFiles;

/// The two forms of an XDF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// With a directory (`STD+RND`).
    Random,
    /// Records one after the other (`STD+SEQ`).
    Sequential,
}

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Read,
    Update,
}

/// A file that librmn has opened; closed when dropped.
pub struct OracleFile {
    librmn: Librmn,
    unit: c_int,
    container: Container,
    path: PathBuf,
    open: bool,
}

impl Librmn {
    /// Creates a file. An existing file of that name is removed first.
    ///
    /// # Errors
    /// A path that is not UTF-8, or librmn's refusal.
    pub fn create(&self, path: &Path, container: Container) -> Result<OracleFile, OracleError> {
        if path.exists() {
            fs::remove_file(path)?;
        }
        self.open_as(path, container, Mode::Update)
    }

    /// Opens an existing file for reading and writing. Appending to a sequential file starts after its last record.
    ///
    /// # Errors
    /// The file is missing, is not a standard file, or is refused by librmn.
    pub fn update(&self, path: &Path) -> Result<OracleFile, OracleError> {
        let container = container_of(path)?;
        let file = self.open_as(path, container, Mode::Update)?;
        if container == Container::Sequential {
            let session = self.lock();
            // SAFETY: the unit is open; the option is a C string; the lock is held.
            check("fstapp", unsafe { (session.fstapp)(file.unit, c" ".as_ptr()) })?;
        }
        Ok(file)
    }

    /// Opens an existing file for reading.
    ///
    /// # Errors
    /// As [`update`](Self::update). Files that librmn would end the process on are recognised by their signature and
    /// refused; damage further inside is not: use [`crate::child`].
    pub fn open(&self, path: &Path) -> Result<OracleFile, OracleError> {
        self.open_as(path, container_of(path)?, Mode::Read)
    }

    /// Opens any file as a random standard file, without looking at it first. librmn may end the process: for children.
    ///
    /// # Errors
    /// librmn's code, if it comes back.
    pub fn open_unchecked(&self, path: &Path) -> Result<OracleFile, OracleError> {
        self.open_as(path, container_of(path).unwrap_or(Container::Random), Mode::Read)
    }

    fn open_as(self, path: &Path, container: Container, mode: Mode) -> Result<OracleFile, OracleError> {
        let name = c_path(path)?;
        let (kind, option): (&CStr, &CStr) = match (container, mode) {
            (Container::Random, Mode::Update) => (c"STD+RND+R/W", c"RND"),
            (Container::Random, Mode::Read) => (c"STD+RND+OLD+R/O", c"RND+R/O"),
            (Container::Sequential, Mode::Update) => (c"STD+SEQ+R/W", c"SEQ"),
            (Container::Sequential, Mode::Read) => (c"STD+SEQ+OLD+R/O", c"SEQ+R/O"),
        };
        let session = self.lock();
        let mut unit = 0;
        // SAFETY: C strings and a live integer; the lock is held.
        check("fnom", unsafe { (session.fnom)(&raw mut unit, name.as_ptr(), kind.as_ptr(), 0) })?;
        // SAFETY: the unit was just connected; the lock is held.
        let opened = check("fstouv", unsafe { (session.fstouv)(unit, option.as_ptr()) });
        if let Err(error) = opened {
            // SAFETY: disconnects the unit of the line above.
            unsafe { (session.fclos)(unit) };
            return Err(error);
        }
        Ok(OracleFile { librmn: self, unit, container, path: path.to_owned(), open: true })
    }
}

impl OracleFile {
    /// Path given at opening.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Random or sequential.
    pub fn container(&self) -> Container {
        self.container
    }

    /// Number of live records, as librmn counts them.
    pub fn record_count(&self) -> i32 {
        let session = self.librmn.lock();
        // SAFETY: the unit is open; the lock is held.
        unsafe { (session.fstnbrv)(self.unit) }
    }

    /// Writes what is in memory and keeps the file open.
    ///
    /// # Errors
    /// librmn's code.
    pub fn checkpoint(&mut self) -> Result<(), OracleError> {
        let session = self.librmn.lock();
        // SAFETY: the unit is open; the lock is held.
        check("fstckp", unsafe { (session.fstckp)(self.unit) }).map(drop)
    }

    /// Closes the file and reports how that went.
    ///
    /// # Errors
    /// librmn's code.
    pub fn close(mut self) -> Result<(), OracleError> {
        self.shut()
    }

    /// Prints the listing of the file on the standard output of the process, in librmn's words. Useful in a child only.
    ///
    /// # Errors
    /// A style with a NUL, or librmn's code.
    pub fn print_listing(&self, style: &str) -> Result<(), OracleError> {
        let style = crate::library::c_string(style)?;
        let session = self.librmn.lock();
        // SAFETY: the unit is open; C string; the lock is held.
        check("fstvoi", unsafe { (session.fstvoi)(self.unit, style.as_ptr()) }).map(drop)
    }

    fn shut(&mut self) -> Result<(), OracleError> {
        if !std::mem::replace(&mut self.open, false) {
            return Ok(());
        }
        let session = self.librmn.lock();
        // SAFETY: the unit is open and is used no more after this; the lock is held.
        let (closed, disconnected) = unsafe { ((session.fstfrm)(self.unit), (session.fclos)(self.unit)) };
        check("fstfrm", closed)?;
        check("fclos", disconnected).map(drop)
    }
}

impl Drop for OracleFile {
    fn drop(&mut self) {
        // A test that cares calls `close`.
        let _ = self.shut();
    }
}

/// Looks at the signature: librmn ends the process when it is asked to open anything else.
fn container_of(path: &Path) -> Result<Container, OracleError> {
    let mut start = Vec::new();
    fs::File::open(path)?.take(16).read_to_end(&mut start)?;
    match start.get(8..16) {
        Some(b"XDF0STDR") => Ok(Container::Random),
        Some(b"XDF0STDS") => Ok(Container::Sequential),
        _ => Err(OracleError::NotStandardFile(path.to_owned())),
    }
}
