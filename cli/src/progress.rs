//! A progress bar on the standard error, for a person.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};
use rpnfst::table::Scanned;

use crate::report::Report;

/// A bar over `total` records. Shown only when the standard error is a terminal, and `quiet` is not set: lines that
/// stream to the same terminal are progress enough.
pub(crate) fn records(total: usize, what: &str, quiet: bool, report: &mut Report) -> ProgressBar {
    if quiet || report.is_quiet() || total < 2 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total as u64);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    report.set_bar(Some(bar.clone()));
    bar
}

/// A bar over files whose directories are read, with the files and records of a second.
pub(crate) fn files(total: usize, what: &str, report: &mut Report) -> ProgressBar {
    let bar = records(total, what, false, report);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} files {prefix} {eta}") {
        bar.set_style(style);
    }
    bar
}

/// Moves the bar of [`files`].
pub(crate) fn scanned(bar: &ProgressBar, done: Scanned) {
    let seconds = bar.elapsed().as_secs_f64().max(1e-3);
    let a_second = |count: usize| count as f64 / seconds;
    bar.set_prefix(format!("{:.0} files/s {:.0} records/s", a_second(done.files), a_second(done.records)));
    bar.set_position(done.files as u64);
}

/// Takes the bar away.
pub(crate) fn done(bar: &ProgressBar, report: &mut Report) {
    bar.finish_and_clear();
    report.set_bar(None);
}
