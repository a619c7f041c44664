//! Reading the directory of a file that may be growing.
//!
//! A reader asks for the size once and reads afterwards. What a live writer does between the two looks like damage: a
//! segment that reaches beyond the size, a start without a rest. So damage counts only when a second reading shows the same.

use std::time::Duration;

use crate::{
    bytes::Source,
    container::{Directory, Severity},
    error::{FileName, Result},
};

/// How often a file that changes from one reading to the next is read, before the last reading counts.
pub(super) const READINGS: usize = 20;

/// Waits a moment, after the first three readings, for a writer that changes the file all the time.
pub(super) fn pause(reading: usize) {
    if reading > 2 {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Reads a directory; while it seems damaged and goes on changing, reads it again from what `again` gives
/// for the source that was read.
pub(crate) fn read_settled(
    name: &FileName,
    mut source: Source,
    file: u32,
    again: impl Fn(&Source) -> Result<Option<Source>>,
) -> Result<(Source, Directory)> {
    let mut seen = Directory::read(name, &source, file);
    for reading in 0..READINGS {
        if seen.as_ref().is_ok_and(is_settled) {
            break;
        }
        let Some(fresh) = again(&source)? else { break };
        let now = Directory::read(name, &fresh, file);
        let same = fresh.len() == source.len() && is_same(&seen, &now);
        (source, seen) = (fresh, now);
        if same {
            break;
        }
        pause(reading);
    }
    seen.map(|directory| (source, directory))
}

/// Whether there is no reason to read again.
fn is_settled(directory: &Directory) -> bool {
    directory.contents().problems.list.iter().all(|problem| problem.severity == Severity::Note)
}

/// Whether two readings show the same.
fn is_same(one: &Result<Directory>, other: &Result<Directory>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            let (one, other) = (one.contents(), other.contents());
            one.problems.list == other.problems.list && one.records.len() == other.records.len()
        }
        (Err(one), Err(other)) => one.to_string() == other.to_string(),
        _ => false,
    }
}
