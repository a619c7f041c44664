//! What goes to the standard error, and the exit status that results.

use std::{
    fmt,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use anstyle::{AnsiColor, Style};
use indicatif::ProgressBar;

use crate::{args::When, output::printable, said::Said};

/// Exit status when something is damaged, could not be read, or when nothing was selected.
pub(crate) const DAMAGED: u8 = 1;
/// Exit status of wrong usage, of files that are no FST files or cannot be opened, of outputs that cannot be written.
pub(crate) const UNUSABLE: u8 = 2;

/// Exit status of a comparison or check whose output nobody read to its end, as of programs that a closed pipe stops.
pub(crate) const UNKNOWN: u8 = 141;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody reads the output any more. Not an error.
    BrokenPipe,
    /// Said on the standard error; exit status [`UNUSABLE`].
    Message(String),
}

/// Result of a command.
pub(crate) type Result<T = (), E = Stop> = std::result::Result<T, E>;

impl Stop {
    /// An early end with a message.
    pub(crate) fn message(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }
}

/// For writing to the standard output; other files are named in their messages.
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Message(format!("cannot write the output: {error}")),
        }
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

/// Messages and the worst exit status so far.
#[derive(Debug)]
pub(crate) struct Report {
    worst: u8,
    color: When,
    /// Errors only.
    quiet: bool,
    bar: Option<ProgressBar>,
    said: Said,
}

impl Report {
    /// Nothing wrong so far.
    pub(crate) fn new(color: When, quiet: bool) -> Self {
        Self { worst: 0, color, quiet, bar: None, said: Said::default() }
    }

    /// Messages from now on go above this progress bar.
    pub(crate) fn set_bar(&mut self, bar: Option<ProgressBar>) {
        self.bar = bar;
    }

    /// Whether only errors are said.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Raises the exit status.
    pub(crate) fn raise(&mut self, status: u8) {
        self.worst = self.worst.max(status);
    }

    /// Says what went wrong.
    pub(crate) fn error(&mut self, status: u8, message: impl fmt::Display) {
        self.raise(status);
        self.say(AnsiColor::Red, "", &message);
    }

    /// Says what the library says, with the status that fits it.
    pub(crate) fn library_error(&mut self, error: &rpnfst::Error) {
        if error.is_deleted_record() {
            // By another program, since the directory was read.
            return self.note(error);
        }
        self.error(status_of(error), crate::memory::explained(error));
    }

    /// Says what is damaged although the work goes on.
    pub(crate) fn warning(&mut self, status: u8, message: impl fmt::Display) {
        self.raise(status);
        if !self.quiet {
            self.say(AnsiColor::Yellow, "warning: ", &message);
        }
    }

    /// Says what is worth knowing; nothing is wrong.
    pub(crate) fn note(&mut self, message: impl fmt::Display) {
        if !self.quiet {
            self.say(AnsiColor::Cyan, "note: ", &message);
        }
    }

    fn say(&mut self, color: AnsiColor, kind: &str, message: &dyn fmt::Display) {
        let text = clean(&format!("{kind}{message}"));
        if self.said.is_news(&text) {
            self.write(color, &text);
        }
    }

    fn write(&self, color: AnsiColor, text: &str) {
        let style = Style::new().bold().fg_color(Some(color.into()));
        let write = || {
            let mut stderr = anstream::AutoStream::new(io::stderr(), self.color.choice(&io::stderr()));
            // Nowhere to complain when this fails.
            let _ = writeln!(stderr, "{style}rpnfst:{style:#} {text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Whether nothing was wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.worst == 0
    }

    /// Says how many messages were not repeated. The status to end with.
    pub(crate) fn end(mut self) -> ExitCode {
        for text in std::mem::take(&mut self.said).counts() {
            self.write(AnsiColor::Yellow, &text);
        }
        ExitCode::from(self.worst)
    }
}

/// Tells a person at the terminal what the program is doing; nothing where nobody sits.
pub(crate) fn notice(message: impl fmt::Display) {
    if io::stderr().is_terminal() {
        let _ = writeln!(io::stderr(), "rpnfst: {}", clean(&message.to_string()));
    }
}

/// Messages name paths and bytes of files: line by line, nothing else may reach the terminal.
fn clean(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// The exit status that goes with an error of the library.
pub(crate) fn status_of(error: &rpnfst::Error) -> u8 {
    use rpnfst::Error;
    match error {
        Error::Io { .. } | Error::NotFst { .. } | Error::Query(_) => UNUSABLE,
        _ => DAMAGED,
    }
}

/// Shows what clap found: help and version on the standard output, errors in our way on the standard error.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Help into a closed pipe is no trouble.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = clean(&error.to_string());
    let _ = match text.strip_prefix("error: ") {
        Some(message) => write!(io::stderr(), "rpnfst: {message}"),
        // The help, for a command line without a command.
        None => write!(io::stderr(), "{text}"),
    };
    ExitCode::from(UNUSABLE)
}
