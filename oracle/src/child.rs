//! Jobs in child processes: librmn ends the process, or crashes, on some inputs, and prints listings on standard output.
//!
//! Two ways: the program `oracle-child` with a ready-made [`Job`], or the running test binary started again for one test
//! ([`rerun_test`]), which then can do anything.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Variable that a process started by [`rerun_test`] finds its job in.
pub const JOB_VARIABLE: &str = "RPNFST_ORACLE_JOB";

/// Variable that says where the program `oracle-child` is.
pub const PROGRAM_VARIABLE: &str = "RPNFST_ORACLE_CHILD";

/// What the program `oracle-child` can do.
#[derive(Clone, Debug)]
pub enum Job<'a> {
    /// Print the listing of a file in a style (`fstvoi`).
    Voir {
        /// The file.
        path: &'a Path,
        /// Style string, `record.md`, section 7.1.
        style: &'a str,
    },
    /// Open a file that may be damaged, list its records and read each; one line per record, see [`crate::child`]'s
    /// program. What was reached before a crash is reported.
    Survey {
        /// The file.
        path: &'a Path,
    },
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this code.
    Exit(i32),
    /// By a signal (a crash), with its number.
    Signal(i32),
    /// We ended it after the time limit.
    TimedOut,
}

/// What a child left.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// Its standard output, bytes outside ASCII as Latin-1.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// The report that it wrote beside its messages; empty for [`Job::Voir`].
    pub report: String,
}

impl Outcome {
    /// Ended by itself without complaint.
    pub fn is_success(&self) -> bool {
        self.end == End::Exit(0)
    }

    /// The lines of a listing that describe records: a right-justified number and a dash in front.
    pub fn record_lines(&self) -> Vec<&str> {
        let is_record = |line: &&str| {
            line.trim_start()
                .split_once('-')
                .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        self.stdout.lines().filter(is_record).collect()
    }
}

/// Runs the program `oracle-child`, which Cargo puts beside the tests of this crate (`cargo build -p rpnfst-oracle` for
/// others).
///
/// # Errors
/// The program is missing, or cannot be started.
pub fn run(job: &Job<'_>, limit: Duration) -> io::Result<Outcome> {
    let report = env::temp_dir().join(format!("rpnfst-oracle-{}-{:?}", std::process::id(), thread::current().id()));
    let mut command = Command::new(program()?);
    match job {
        Job::Voir { path, style } => command.args([&OsString::from("voir"), path.as_os_str(), style.as_ref()]),
        Job::Survey { path } => command.args([&OsString::from("survey"), path.as_os_str(), report.as_os_str()]),
    };
    let mut outcome = finish(&mut command, limit)?;
    if let Ok(text) = fs::read(&report) {
        outcome.report = latin1(&text);
        fs::remove_file(&report)?;
    }
    Ok(outcome)
}

/// Starts the running test binary again for the one test `name`, with `job` in [`JOB_VARIABLE`]: the test finds it with
/// [`job`] and does the dangerous part.
///
/// # Errors
/// The binary cannot be started.
pub fn rerun_test(name: &str, job: &str, limit: Duration) -> io::Result<Outcome> {
    let mut command = Command::new(env::current_exe()?);
    command.args([name, "--exact", "--nocapture", "--test-threads=1"]).env(JOB_VARIABLE, job);
    finish(&mut command, limit)
}

/// The job that this process was started for, if [`rerun_test`] started it.
pub fn job() -> Option<String> {
    env::var(JOB_VARIABLE).ok()
}

/// Where [`PROGRAM_VARIABLE`] says, beside the running program, or one directory up (tests and benches run in `deps`).
fn program() -> io::Result<PathBuf> {
    if let Some(path) = env::var_os(PROGRAM_VARIABLE) {
        return Ok(path.into());
    }
    let current = env::current_exe()?;
    let name = format!("oracle-child{}", env::consts::EXE_SUFFIX);
    let found = current.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|path| path.is_file());
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("{name}: cargo build -p rpnfst-oracle")))
}

fn finish(command: &mut Command, limit: Duration) -> io::Result<Outcome> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // Both pipes are emptied while the child runs, else it would wait for us.
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let end = wait(&mut child, limit)?;
    let text = |reader: thread::JoinHandle<Vec<u8>>| latin1(&reader.join().unwrap_or_default());
    Ok(Outcome { end, stdout: text(stdout), stderr: text(stderr), report: String::new() })
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is still worth having.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<End> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(end_of(status));
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(End::TimedOut);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(unix)]
fn end_of(status: ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt;
    status.code().map_or_else(|| End::Signal(status.signal().unwrap_or(0)), End::Exit)
}

#[cfg(not(unix))]
fn end_of(status: ExitStatus) -> End {
    End::Exit(status.code().unwrap_or(-1))
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}
