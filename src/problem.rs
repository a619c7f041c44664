//! What is wrong with a file that nevertheless opens.

use std::fmt;

use crate::error::RecordId;

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Note,
    /// Something is damaged or missing.
    Damage,
}

/// Something found wrong in one file, and where.
#[derive(Clone, PartialEq, Debug)]
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

/// Collects problems; a hostile file could have millions, so that only the first ones are kept one by one.
#[derive(Clone, Default, Debug)]
pub(crate) struct Problems {
    pub(crate) list: Vec<Problem>,
    dropped: u64,
}

/// Problems kept one by one for a file.
const KEPT: usize = 1000;

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.list.len() < KEPT {
            self.list.push(problem);
        } else {
            self.dropped += 1;
            let what = format!("{} more problems", self.dropped);
            if self.dropped == 1 {
                self.list.push(Problem::damage(problem.offset, what));
            } else if let Some(last) = self.list.last_mut() {
                last.what = what;
            }
        }
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
        assert_eq!(problems.list.len(), KEPT + 1);
        assert_eq!(problems.list[KEPT].what, "5 more problems");
    }
}
