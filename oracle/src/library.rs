//! Loading the library, and the one lock in front of it.

use std::env;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use libloading::Library;

use crate::error::OracleError;
use crate::spec::{Missing, Turbo};
use crate::symbols::Symbols;

/// Environment variable that holds the path of the shared library.
pub const VARIABLE: &str = "RPNFST_LIBRMN";

/// A loaded librmn. Copies are free; all of them are the one library of the process.
#[derive(Clone, Copy)]
pub struct Librmn {
    symbols: &'static Symbols,
}

/// Global modes as they were last set, to spare librmn (and its messages) useless changes.
struct Modes {
    turbo: Option<Turbo>,
}

static MODES: Mutex<Modes> = Mutex::new(Modes { turbo: None });

/// Proof that the process-wide lock is held.
pub(crate) struct Session {
    symbols: &'static Symbols,
    modes: MutexGuard<'static, Modes>,
}

impl std::ops::Deref for Session {
    type Target = Symbols;
    fn deref(&self) -> &Symbols {
        self.symbols
    }
}

impl Librmn {
    /// Loads the library named by `RPNFST_LIBRMN` once per process and throws its messages away. `Ok(None)` when the
    /// variable is not set or empty: the caller then skips its work.
    ///
    /// # Errors
    /// The file cannot be loaded, or is not a librmn.
    pub fn load() -> Result<Option<Self>, OracleError> {
        Self::load_with(true)
    }

    /// Like [`load`](Self::load), with messages left on standard output: for the child that captures a listing. The first
    /// call of a process decides.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_loud() -> Result<Option<Self>, OracleError> {
        Self::load_with(false)
    }

    fn load_with(quiet: bool) -> Result<Option<Self>, OracleError> {
        static LIBRARY: OnceLock<Symbols> = OnceLock::new();
        let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) else {
            return Ok(None);
        };
        let mut modes = MODES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(symbols) = LIBRARY.get() {
            return Ok(Some(Self { symbols }));
        }
        // SAFETY: the initialisers of librmn and of the Fortran run-time library only set up their own state.
        let library = unsafe { Library::new(&path) };
        let library =
            library.map_err(|source| OracleError::Library { what: Path::new(&path).display().to_string(), source })?;
        // Never unloaded: the Fortran run-time library registers exit handlers.
        let library = ManuallyDrop::new(library);
        let symbols = Symbols::resolve(&library)?;
        let symbols = LIBRARY.get_or_init(|| symbols);
        if quiet {
            silence_c_output();
        }
        initialise(symbols);
        modes.turbo = None;
        Ok(Some(Self { symbols }))
    }

    /// Version number that the library gives of its standard-file layer.
    pub fn version(&self) -> i32 {
        let session = self.lock();
        // SAFETY: no argument; the lock is held.
        unsafe { (session.fst_version)() }
    }

    pub(crate) fn lock(self) -> Session {
        Session { symbols: self.symbols, modes: MODES.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

impl Session {
    /// Sets the width in memory (1, 2, 4 or 8 bytes) of the elements of the next read or write.
    pub(crate) fn set_width(&self, bytes: c_int) {
        // SAFETY: plain integer argument; the lock is held.
        unsafe { (self.fst_data_length)(bytes) };
    }

    /// Switches the replacement of missing values on or off.
    pub(crate) fn set_missing(&self, missing: Missing) {
        // SAFETY: plain integer argument; the lock is held.
        unsafe { (self.force_missing_value_used)(c_int::from(missing == Missing::Flags)) };
    }

    /// Chooses the level of the second compression stage.
    pub(crate) fn set_turbo(&mut self, turbo: Turbo) {
        if self.modes.turbo != Some(turbo) {
            // SAFETY: plain integer argument; the lock is held.
            unsafe { (self.setlevel)(c_int::from(turbo == Turbo::Best)) };
            self.modes.turbo = Some(turbo);
        }
    }
}

/// Message level as high as it goes, and the default missing-value flags (which the environment could have changed).
fn initialise(symbols: &Symbols) {
    let (mut f32, mut f64) = (-1.0e38, -1.0e38);
    let (mut i32, mut i16, mut i8) = (i32::MIN, i16::MIN, i8::MIN);
    let (mut u32, mut u16, mut u8) = (u32::MAX, u16::MAX, u8::MAX);
    // SAFETY: NUL-terminated strings; live numbers of the right types; the caller holds the lock.
    unsafe {
        (symbols.fstopc)(c"MSGLVL".as_ptr(), c"SYSTEM".as_ptr(), 0);
        (symbols.set_missing_value_flags)(
            &raw mut f32,
            &raw mut i32,
            &raw mut u32,
            &raw mut f64,
            &raw mut i16,
            &raw mut u16,
            &raw mut i8,
            &raw mut u8,
        );
        (symbols.force_missing_value_used)(0);
    }
}

/// Points the C streams `stdout` and `stderr` at the null device. Rust writes to the file descriptors without them, so
/// only what C code prints disappears. Does nothing where the streams are not variables.
fn silence_c_output() {
    type Open = unsafe extern "C" fn(*const c_char, *const c_char) -> *mut c_void;
    let process = libloading::os::unix::Library::this();
    for name in ["stdout", "stderr"] {
        // SAFETY: with the C library of Linux, `stdout` and `stderr` are assignable variables of type FILE *, and
        // `fopen` has the type above. No other thread runs C code that prints: the lock is held.
        unsafe {
            let (Ok(stream), Ok(open)) = (process.get::<*mut *mut c_void>(name), process.get::<Open>("fopen")) else {
                return;
            };
            let null = open(c"/dev/null".as_ptr(), c"w".as_ptr());
            if !null.is_null() {
                **stream = null;
            }
        }
    }
}

/// A C string, or the error that names the text.
pub(crate) fn c_string(text: &str) -> Result<CString, OracleError> {
    CString::new(text).map_err(|_| OracleError::Text(text.to_owned()))
}

/// A path as a C string.
pub(crate) fn c_path(path: &Path) -> Result<CString, OracleError> {
    c_string(path.to_str().ok_or_else(|| OracleError::Text(path.display().to_string()))?)
}

/// Text of a buffer that C or Fortran filled: up to the first NUL, bytes outside ASCII as they are (Latin-1).
pub(crate) fn text_of(buffer: &[u8]) -> String {
    let end = CStr::from_bytes_until_nul(buffer).map_or(buffer.len(), CStr::count_bytes);
    buffer[..end].iter().map(|&byte| char::from(byte)).collect()
}
