//! What is wrong with a file that nevertheless opens.

use std::fmt;

use crate::{error::RecordId, record::Record};

/// Bytes of the longest record of an XDF file: 24 bits of units of 8 bytes.
const LONGEST_XDF_RECORD: u64 = 8 << 24;

/// How bad a [`Problem`] is.
///
/// ```
/// use rpnfst::Severity;
/// assert!(Severity::Damage > Severity::Note);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Note,
    /// Something is damaged or missing.
    Damage,
}

/// Something found wrong in one file, and where.
///
/// ```
/// use rpnfst::{File, Severity};
/// let bytes = std::fs::read("testdata/xdf/same_name.std")?;
/// let cut = File::from_bytes(bytes[..31000].to_vec())?;
/// for problem in cut.check()? {
///     println!("byte {}: {}", problem.offset, problem.what);
/// }
/// assert!(cut.check()?.iter().any(|problem| problem.severity == Severity::Damage));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Byte offset in the file.
    pub offset: u64,
    /// Which record, when it is one record's trouble.
    pub record: Option<RecordId>,
    /// What was expected and what was found.
    pub what: String,
}

impl Problem {
    pub(crate) fn note(offset: u64, what: impl Into<String>) -> Self {
        Self { severity: Severity::Note, offset, record: None, what: what.into() }
    }

    pub(crate) fn damage(offset: u64, what: impl Into<String>) -> Self {
        Self { severity: Severity::Damage, ..Self::note(offset, what) }
    }

    /// What there is to say of a record whose planes are not all in the file ([`Record::lost_planes`]); `None` of others. It
    /// is damage where more is missing than librmn 19 can have lost.
    pub fn of_lost_planes(record: &Record) -> Option<Self> {
        let (kept, all) = (record.planes_in_file(), record.nk());
        if kept >= all {
            return None;
        }
        // librmn 19 made room for the packed values of all planes in the record, then compressed the first one.
        let packed = record.element_count().and_then(|n| n.checked_mul(u64::from(record.pack_bits())));
        let written = packed.is_some_and(|bits| bits / 8 <= LONGEST_XDF_RECORD);
        let levels = if all == kept + 1 { format!("level {all}") } else { format!("levels {} to {all}", kept + 1) };
        let what = if written {
            format!("{levels} of {all} are not in the file: librmn 19 keeps the first one only when it compresses them")
        } else {
            format!("{levels} of {all} are not in the file, which are more than a library can have lost")
        };
        let severity = if written { Severity::Note } else { Severity::Damage };
        Some(Self { severity, ..Self::note(record.offset, what) }.of(record))
    }

    fn is_note(&self) -> bool {
        self.severity == Severity::Note
    }

    pub(crate) fn of(mut self, record: impl Into<RecordId>) -> Self {
        self.record = Some(record.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.severity == Severity::Note { "note" } else { "damage" };
        match &self.record {
            Some(record) => write!(f, "{severity}: record {record}: {}", self.what),
            None => write!(f, "{severity}: byte {}: {}", self.offset, self.what),
        }
    }
}

/// Collects problems. A hostile file could have millions: the first thousand are kept, the others are counted, notes and
/// damage apart. Damage takes the place of a note that is kept, so that notes never hide it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Problems {
    /// Those kept one by one. Where there is damage, some of it is here.
    pub(crate) list: Vec<Problem>,
    /// Notes among them.
    notes: usize,
    /// Of each severity, how many are counted only, and what says so.
    more: [Option<(u64, Problem)>; 2],
}

/// Problems kept one by one for a file.
const KEPT: usize = 1000;

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        let is_note = problem.severity == Severity::Note;
        if self.list.len() >= KEPT {
            let last = if is_note || self.notes == 0 { None } else { self.list.iter().rposition(Problem::is_note) };
            // Damage takes the place of a note.
            let Some(last) = last else { return self.count(&problem) };
            let note = self.list.remove(last);
            self.notes -= 1;
            self.count(&note);
        }
        self.notes += usize::from(is_note);
        self.list.push(problem);
    }

    fn count(&mut self, problem: &Problem) {
        let (place, what) = if problem.is_note() { (0, "notes") } else { (1, "problems") };
        let (count, more) = self.more[place].get_or_insert_with(|| (0, Problem { record: None, ..problem.clone() }));
        *count += 1;
        more.what = format!("{count} more {what}");
    }

    /// All of them, and at the end how many there are more of each severity.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter().chain(self.more.iter().flatten().map(|(_, more)| more))
    }

    /// As [`Problems::iter`].
    pub(crate) fn into_vec(mut self) -> Vec<Problem> {
        self.list.extend(self.more.into_iter().flatten().map(|(_, more)| more));
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted() {
        let mut problems = Problems::default();
        for k in 0..KEPT as u64 + 5 {
            problems.push(Problem::damage(k, "x"));
        }
        assert!(problems.iter().eq(&problems.clone().into_vec()));
        let list = problems.into_vec();
        assert_eq!(list.len(), KEPT + 1);
        assert_eq!(list[KEPT].to_string(), "damage: byte 1000: 5 more problems");
    }

    #[test]
    fn the_worst_decides_and_not_the_number() {
        let mut problems = Problems::default();
        for k in 0..KEPT as u64 + 5 {
            problems.push(Problem::note(k, "x"));
        }
        assert!(problems.iter().all(|problem| problem.severity == Severity::Note));
        // Damage behind a flood of notes is seen.
        problems.push(Problem::damage(7, "y"));
        problems.push(Problem::damage(8, "z"));
        let list = problems.into_vec();
        let damage: Vec<_> = list.iter().filter(|problem| problem.severity == Severity::Damage).collect();
        assert_eq!(damage.iter().map(|problem| problem.what.as_str()).collect::<Vec<_>>(), ["y", "z"]);
        assert_eq!((list.len(), list[KEPT].to_string().as_str()), (KEPT + 1, "note: byte 1000: 7 more notes"));
    }
}
