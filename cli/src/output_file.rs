//! FST files being written: new ones appear complete or not at all, existing ones are appended to in place.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rpnfst::{Claim, Compression, Error, File, Record, Rewrite, Severity, WriteOptions, Writer};
use tempfile::{NamedTempFile, TempPath};

use crate::{
    args::{Beside, Container, Encoding, NewFile, Rules, Unlock},
    input, interrupt, memory,
    number::records,
    remote,
    report::{self, Report, Result, Stop, status_of},
    sink, unfinished,
};

/// A file being written.
pub(crate) struct Output {
    pub(crate) writer: Writer,
    path: PathBuf,
    place: Place,
    taken: Taken,
}

/// What to do when the name is taken.
enum Taken {
    /// By a file that appears meanwhile: an error. By one that this program holds open: replace it.
    AsForced,
    /// Replace what has no writer.
    Claim(WriteOptions, Unlock),
    /// Append to it; with a mode, as [`Writer::copy_with`] has it.
    Extend(WriteOptions, Unlock, Option<Rewrite>),
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
    taken: Taken,
}

impl Output {
    /// Begins a file. Without `force` there must be none of that name; with it, none that somebody writes to.
    pub(crate) fn create(path: &Path, options: &WriteOptions, force: bool, unlock: Unlock) -> Result<Self> {
        let options = options.clone().force(unlock.unlock);
        if force {
            // Once more when the file is complete; this one spares the work.
            drop(claim(path, &options, unlock)?);
        }
        let begun = Self::begin(path, &options, force)?;
        Ok(Self { taken: if force { Taken::Claim(options, unlock) } else { Taken::AsForced }, ..begun })
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
            Ok(writer) => Ok(Self { writer, path, place: Place::Temporary(temporary), taken: Taken::AsForced }),
            Err(e) => Err(Stop::message(final_name(&e, &temporary, &path))),
        }
    }

    /// Extends a file, or begins it when there is none: then what appears meanwhile under that name is extended.
    pub(crate) fn append(
        path: &Path,
        options: &WriteOptions,
        beside: Beside,
        mode: Option<Rewrite>,
        report: &mut Report,
    ) -> Result<Self> {
        let options = options.clone().force(beside.unlock.unlock);
        let options = if beside.shared { options.shared(SEGMENT) } else { options };
        if !path.exists() {
            let begun = Self::begin(path, &options, false)?;
            return Ok(Self { taken: Taken::Extend(options, beside.unlock, mode), ..begun });
        }
        let writer = when_free(path, beside.unlock, || options.append(path))?;
        tell_unlocked(path, &writer, report);
        Ok(Self { writer, path: path.to_owned(), place: Place::Itself, taken: Taken::AsForced })
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
                Ok(Some(Draft { path: self.path, temporary, taken: self.taken }))
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
pub(crate) fn open_in_place(path: &Path, unlock: Unlock, report: &mut Report) -> Result<Writer> {
    remote::refuse(path)?;
    let there = fs::metadata(path).map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
    if there.is_dir() {
        return Err(Stop::message(format!("{}: is a directory; one FST file is changed at a time", path.display())));
    }
    if !there.is_file() || there.len() == 0 {
        return Err(Stop::message(format!("{}: not an FST file", path.display())));
    }
    let options = WriteOptions::new().sync(true).force(unlock.unlock);
    let writer = when_free(path, unlock, || options.append(path))?;
    tell_unlocked(path, &writer, report);
    Ok(writer)
}

/// Says what opening with --unlock does to the file.
fn tell_unlocked(path: &Path, writer: &Writer, report: &mut Report) {
    let (n, bytes) = (writer.taken_in(), writer.cut_off());
    let taken = (n > 0).then(|| format!("{} taken in as they are", records(n)));
    let cut = (bytes > 0).then(|| format!("{bytes} bytes of an incomplete record cut off"));
    let done: Vec<_> = taken.into_iter().chain(cut).collect();
    if !done.is_empty() {
        report.note(format_args!("{}: of a writer that died: {}", path.display(), done.join(", ")));
    }
}

/// What a dry run knows of what stands between a file and its change.
pub(crate) struct Hindrance {
    damaged: bool,
    refusal: Option<Error>,
    unlock: bool,
}

impl Hindrance {
    /// Looked for in dry runs only. Other programs are not waited for.
    pub(crate) fn of(path: &Path, file: &File, unlock: Unlock, dry: bool) -> Self {
        let damaged = dry && file.problems().any(|(_, problem)| problem.severity == Severity::Damage);
        let refusal = if dry { WriteOptions::new().claim(path).err() } else { None };
        Self { damaged, refusal, unlock: unlock.unlock }
    }

    /// Why the change would be refused.
    pub(crate) fn what(&self) -> Option<String> {
        match &self.refusal {
            _ if self.damaged => Some("not before `rpnfst salvage`".to_owned()),
            Some(error) if !self.unlock => Some(format!("but {}", refusal(error))),
            _ => None,
        }
    }

    /// What a dry run with --unlock does not show.
    pub(crate) fn unseen(&self) -> Option<&'static str> {
        (self.unlock && self.refusal.is_some()).then_some(input::UNSEEN)
    }
}

/// Bytes of a segment of a shared file: what is not used of it is given back as a hole.
const SEGMENT: u64 = 16 << 20;
/// How long to wait for a program that holds a lock, which is alive, and for one that left a flag, which may be dead.
const LOCK: Duration = Duration::from_secs(60);
const FLAG: Duration = Duration::from_secs(10);

/// Does what another writer may be in the way of, and waits for that one.
fn when_free<T>(path: &Path, unlock: Unlock, mut attempt: impl FnMut() -> rpnfst::Result<T>) -> Result<T> {
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
            Error::InUse { .. } => asked.unwrap_or(FLAG),
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
        let Self { path, temporary, taken } = self;
        // Held until the file has its name: who waits for it finds the new one then.
        let _claim = match &taken {
            Taken::Claim(options, unlock) => claim(&path, options, *unlock)?,
            Taken::AsForced | Taken::Extend(..) => None,
        };
        sink::keep_owner(&path, &temporary).map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
        let persisted = if force { temporary.persist(&path) } else { temporary.persist_noclobber(&path) };
        match persisted {
            Ok(()) => {}
            Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
                let Taken::Extend(options, unlock, mode) = taken else { return Err(sink::exists(&path)) };
                return extend(&path, &e.path, &options, unlock, mode);
            }
            Err(e) => return Err(Stop::message(format!("{}: {}", path.display(), e.error))),
        }
        // The name is on the disk too, where folders can be synced; elsewhere the system sees to it.
        #[cfg(unix)]
        let _ = fs::File::open(unfinished::folder_of(&path)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// Keeps others from writing to a file that is to be replaced; nothing when there is none.
fn claim(path: &Path, options: &WriteOptions, unlock: Unlock) -> Result<Option<Claim>> {
    if !fs::metadata(path).is_ok_and(|there| there.is_file()) {
        return Ok(None);
    }
    when_free(path, unlock, || options.claim(path)).map(Some)
}

/// Appends the records of a draft to a file that appeared under its name meanwhile.
fn extend(path: &Path, draft: &Path, options: &WriteOptions, unlock: Unlock, mode: Option<Rewrite>) -> Result {
    let failed = |e: Error| {
        let text = e.to_string().replace(&*draft.to_string_lossy(), &path.to_string_lossy());
        Stop::message(text)
    };
    let draft = File::open(draft).map_err(failed)?;
    let mut writer = when_free(path, unlock, || options.append(path))?;
    if writer.container() != rpnfst::Container::Rsf && draft.records().iter().any(Record::has_metadata) {
        let what = "appeared meanwhile as an XDF file, which cannot hold extended metadata; nothing is appended";
        return Err(Stop::message(format!("{}: {what}", path.display())));
    }
    for record in draft.records() {
        match mode {
            Some(mode) => writer.copy_with(&draft, record, None, mode).map(drop).map_err(failed)?,
            None => writer.copy(&draft, record).map(drop).map_err(failed)?,
        }
    }
    writer.close().map_err(failed)
}

impl NewFile {
    /// Begins a file in the container that is asked for, or that of an input.
    pub(crate) fn begin(&self, path: &Path, of_input: Option<rpnfst::Container>) -> Result<Output> {
        let container = self.container.map(Container::library).or(of_input).unwrap_or(rpnfst::Container::Xdf);
        Output::create(path, &self.encoding.options().container(container), self.force, Unlock::default())
    }
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
            Some(Rules::Librmn19) => rpnfst::Rules::Like(rpnfst::Librmn::V19),
            Some(Rules::Librmn20) => rpnfst::Rules::Like(rpnfst::Librmn::V20),
        };
        let compression = if self.best { Compression::Best } else { Compression::Normal };
        WriteOptions::new().rules(rules).compression(compression)
    }
}
