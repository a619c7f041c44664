//! FST files being written: new ones appear complete or not at all, existing ones are appended to in place.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rpnfst::{Compression, Error, File, WriteOptions, Writer};
use tempfile::{NamedTempFile, TempPath};

use crate::{
    args::{Beside, Container, Encoding, Rules, Unlock},
    interrupt, memory,
    report::{self, Report, Result, Stop, status_of},
    sink,
};

/// A file being written.
pub(crate) struct Output {
    pub(crate) writer: Writer,
    path: PathBuf,
    place: Place,
    /// How to extend what appears under the name meanwhile, if that is wanted.
    extends: Option<(WriteOptions, Unlock)>,
}

enum Place {
    /// The file itself.
    Itself,
    Temporary(NamedTempFile),
}

/// A new file that is complete and has not got its name yet.
pub(crate) struct Draft {
    path: PathBuf,
    temporary: TempPath,
    extends: Option<(WriteOptions, Unlock)>,
}

impl Output {
    /// Begins a file. Without `force` there must be none of that name; with it, none that somebody writes to.
    pub(crate) fn create(path: &Path, options: &WriteOptions, force: bool, unlock: Unlock) -> Result<Self> {
        if force && !unlock.unlock && path.exists() {
            when_free(path, unlock, Duration::ZERO, || options.check_replaceable(path))?;
        }
        Self::begin(path, options, force)
    }

    /// Begins a file that takes the place of one that is held open for writing by this program.
    pub(crate) fn replace(path: &Path, options: &WriteOptions) -> Result<Self> {
        Self::begin(path, options, true)
    }

    fn begin(path: &Path, options: &WriteOptions, force: bool) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Err(Stop::message("FST files cannot be written to a pipe; name a file"));
        }
        let (path, temporary) = sink::temporary(path, force)?;
        match options.create(temporary.path()) {
            Ok(writer) => Ok(Self { writer, path, place: Place::Temporary(temporary), extends: None }),
            Err(e) => Err(Stop::message(final_name(&e, &temporary, &path))),
        }
    }

    /// Extends a file, or begins it when there is none: then what appears meanwhile under that name is extended.
    pub(crate) fn append(path: &Path, options: &WriteOptions, beside: Beside) -> Result<Self> {
        let options = options.clone().force(beside.unlock.unlock);
        let options = if beside.shared { options.shared(SEGMENT) } else { options };
        if !path.exists() {
            let begun = Self::begin(path, &options, false)?;
            return Ok(Self { extends: Some((options, beside.unlock)), ..begun });
        }
        let writer = when_free(path, beside.unlock, FLAG, || options.append(path))?;
        Ok(Self { writer, path: path.to_owned(), place: Place::Itself, extends: None })
    }

    /// A message of the writer, with the name that the file will have.
    pub(crate) fn message(&self, error: &Error) -> String {
        let text = match &self.place {
            Place::Itself => error.to_string(),
            Place::Temporary(temporary) => final_name(error, temporary, &self.path),
        };
        if memory::is_limit(error) { memory::with_advice(&text) } else { text }
    }

    /// Reports what the writer refused.
    pub(crate) fn report(&self, error: &Error, what: &str, report: &mut Report) {
        let message = self.message(error);
        let prefix = if what.is_empty() || message.contains(what) { String::new() } else { format!("{what}: ") };
        report.error(status_of(error), format_args!("{prefix}{message}"));
    }

    /// Completes the file on disk; a new one waits for its name.
    pub(crate) fn complete(self) -> Result<Option<Draft>> {
        let failed = |e: &io::Error| Stop::message(format!("{}: {e}", self.path.display()));
        match self.place {
            Place::Itself => {
                self.writer.close().map_err(|e| Stop::message(e.to_string()))?;
                let synced = fs::OpenOptions::new().write(true).open(&self.path).and_then(|file| file.sync_all());
                synced.map_err(|e| failed(&e))?;
                Ok(None)
            }
            Place::Temporary(temporary) => {
                let closed = self.writer.close();
                closed.map_err(|e| Stop::message(final_name(&e, &temporary, &self.path)))?;
                temporary.as_file().sync_all().map_err(|e| failed(&e))?;
                let temporary = temporary.into_temp_path();
                Ok(Some(Draft { path: self.path, temporary, extends: self.extends }))
            }
        }
    }

    /// Completes the file and gives it its name.
    pub(crate) fn finish(self, force: bool) -> Result {
        match self.complete()? {
            Some(draft) => draft.publish(force),
            None => Ok(()),
        }
    }
}

/// A message with the name that a file will have.
fn final_name(error: &Error, temporary: &NamedTempFile, path: &Path) -> String {
    error.to_string().replace(&*temporary.path().to_string_lossy(), &path.to_string_lossy())
}

/// Opens an existing file to change it in place. Nothing is created.
pub(crate) fn open_in_place(path: &Path, unlock: Unlock) -> Result<Writer> {
    let there = fs::metadata(path).map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
    if there.is_dir() {
        return Err(Stop::message(format!("{}: is a directory; one FST file is changed at a time", path.display())));
    }
    if !there.is_file() || there.len() == 0 {
        return Err(Stop::message(format!("{}: not an FST file", path.display())));
    }
    let options = WriteOptions::new().sync(true).force(unlock.unlock);
    when_free(path, unlock, Duration::ZERO, || options.append(path))
}

/// Bytes of a segment of a shared file: what is not used of it is given back as a hole.
const SEGMENT: u64 = 16 << 20;
/// How long to wait for a program that holds a lock, which is alive, and when appending for one that left a flag.
const LOCK: Duration = Duration::from_secs(60);
const FLAG: Duration = Duration::from_secs(10);

/// Does what another writer may be in the way of, and waits for that one: `flag` is for how long when it may be dead.
fn when_free<T>(
    path: &Path,
    unlock: Unlock,
    flag: Duration,
    mut attempt: impl FnMut() -> rpnfst::Result<T>,
) -> Result<T> {
    let begin = Instant::now();
    let asked = unlock.wait.map(|seconds| Duration::from_secs(seconds.into()));
    let mut told = false;
    loop {
        let error = match attempt() {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let patience = match error {
            Error::Locked { .. } => asked.unwrap_or(LOCK),
            Error::InUse { .. } => asked.unwrap_or(flag),
            // librmn: only its close ends this, if it is alive.
            Error::Unfinished { .. } => asked.unwrap_or(Duration::ZERO),
            _ => Duration::ZERO,
        };
        if begin.elapsed() >= patience {
            return Err(Stop::message(refusal(&error)));
        }
        if !told && begin.elapsed() > Duration::from_millis(500) {
            told = true;
            report::notice(format_args!("{}: waiting for another writer (--wait 0 does not)", path.display()));
        }
        interrupt::check()?;
        thread::sleep(Duration::from_millis(20));
    }
}

/// Why a file is not written to, and what may be done.
fn refusal(error: &Error) -> String {
    match error {
        Error::InUse { path, flag } => format!(
            "{path}: its write flag is {flag:#x}: another program is writing to it, or one died; \
             if none is, --unlock writes nevertheless"
        ),
        Error::Unfinished { path, bytes } => format!(
            "{path}: {bytes} bytes follow its end: another program is writing to it, or died; if none is, --unlock takes \
             the complete records in, and `rpnfst salvage` copies what can be read"
        ),
        Error::Locked { path } => format!("{path}: another program is writing to it; --wait SECONDS waits for it"),
        other => other.to_string(),
    }
}

impl Draft {
    /// Gives the file its name.
    pub(crate) fn publish(self, force: bool) -> Result {
        let Self { path, temporary, extends } = self;
        sink::keep_owner(&path, &temporary).map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
        let persisted = if force { temporary.persist(&path) } else { temporary.persist_noclobber(&path) };
        match persisted {
            Ok(()) => {}
            Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
                let Some((options, unlock)) = extends else { return Err(sink::exists(&path)) };
                return extend(&path, &e.path, &options, unlock);
            }
            Err(e) => return Err(Stop::message(format!("{}: {}", path.display(), e.error))),
        }
        // The name is on the disk too, where folders can be synced; elsewhere the system sees to it.
        #[cfg(unix)]
        let _ = fs::File::open(sink::folder_of(&path)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// Appends the records of a draft to a file that appeared under its name meanwhile.
fn extend(path: &Path, draft: &Path, options: &WriteOptions, unlock: Unlock) -> Result {
    let failed = |e: Error| {
        let text = e.to_string().replace(&*draft.to_string_lossy(), &path.to_string_lossy());
        Stop::message(text)
    };
    let draft = File::open(draft).map_err(failed)?;
    let mut writer = when_free(path, unlock, FLAG, || options.append(path))?;
    for record in draft.records() {
        writer.copy(&draft, record).map_err(failed)?;
    }
    writer.close().map_err(failed)
}

impl Container {
    /// The container of the library.
    pub(crate) fn library(self) -> rpnfst::Container {
        match self {
            Self::Xdf => rpnfst::Container::Xdf,
            Self::XdfSeq => rpnfst::Container::XdfSequential,
            Self::Rsf => rpnfst::Container::Rsf,
        }
    }
}

impl Encoding {
    /// Options to write with.
    pub(crate) fn options(&self) -> WriteOptions {
        let rules = match self.rules {
            None => rpnfst::Rules::Recommended,
            Some(Rules::Librmn19) => rpnfst::Rules::Librmn19,
            Some(Rules::Librmn20) => rpnfst::Rules::Librmn20,
        };
        let compression = if self.best { Compression::Best } else { Compression::Normal };
        WriteOptions::new().rules(rules).compression(compression)
    }
}
