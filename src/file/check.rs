//! Checking the structure of files.

use std::time::Duration;

use super::{
    opened::File,
    settle::{READINGS, pause},
};
use crate::{
    container::{Extents, Piece, Problem, Problems, Severity},
    error::{Error, RecordId, Result, name_of},
    record::Record,
};

impl File {
    /// Walks the whole structure of one of the files and says what is wrong, what [`File::open`] noticed included.
    /// Payloads are not decoded. Damage counts when the file, opened again, shows it again: a writer may be at work.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read.
    pub fn check(&self, file: usize) -> Result<Vec<Problem>> {
        let mut problems = self.walk(file)?;
        for reading in 0..READINGS {
            if problems.iter().all(|problem| problem.severity == Severity::Note) {
                break;
            }
            // What does not open any more is as damaged as it seemed.
            let Some(Ok(fresh)) = self.reopened(file) else { break };
            let again = fresh.walk(0)?;
            let same = again == problems;
            problems = again;
            if same {
                break;
            }
            pause(reading);
        }
        Ok(problems)
    }

    /// One of the files as it is now, if somebody may have changed it.
    fn reopened(&self, file: usize) -> Option<Result<Self>> {
        let member = self.members.get(file)?;
        let source = self.options.again(member.path.as_deref(), &member.source).transpose()?;
        let opened = source.and_then(|source| self.options.opened(member.path.clone(), source, file));
        Some(Self::join(self.options.clone(), [opened]))
    }

    /// One walk through the structure of one of the files.
    fn walk(&self, file: usize) -> Result<Vec<Problem>> {
        let Some(member) = self.members.get(file) else { return Ok(Vec::new()) };
        let (directory, records) = (&member.directory, self.records_of(file));
        let mut problems = directory.contents().problems.clone();
        let patience = if member.path.is_some() { PATIENCE } else { Duration::ZERO };
        let walk = directory.check(&member.source, records, &mut problems, patience);
        walk.map_err(|source| Error::Io { path: name_of(member.path.as_ref()), source })?;
        note_overlaps(records, &mut directory.extents(records), &mut problems);
        records.iter().filter_map(Problem::of_lost_planes).for_each(|problem| problems.push(problem));
        Ok(problems.into_vec())
    }
}

/// How long a file on disk may take to become sound: as long as a medium takes to write.
const PATIENCE: Duration = Duration::from_millis(500);

fn note_overlaps(records: &[Record], extents: &mut Extents, problems: &mut Problems) {
    let name = |piece| match piece {
        Piece::Record(k) => records.get(k).map(RecordId::from),
        Piece::Structure => None,
    };
    for overlap in extents.overlaps() {
        let what = match name(overlap.first) {
            Some(first) => format!("shares bytes with record {first}"),
            None => "shares bytes with the directory or a header".to_owned(),
        };
        let problem = Problem::damage(overlap.offset, what);
        problems.push(match name(overlap.second) {
            Some(record) => problem.of(record),
            None => problem,
        });
    }
}
