//! Checking the structure of files.

use std::time::Duration;

use super::{
    member::Member,
    opened::File,
    settle::{READINGS, pause},
};
use crate::{
    container::{Extents, Piece, Problem, Problems, Severity},
    error::{Error, RecordId, Result},
    record::Record,
};

impl File {
    /// [Checks](Member::check) all of the files, one after the other.
    ///
    /// ```
    /// let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
    /// assert_eq!(file.check()?, []);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] when a file cannot be read.
    pub fn check(&self) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for member in self.members() {
            problems.append(&mut member.check()?);
        }
        Ok(problems)
    }
}

impl Member<'_> {
    /// Walks the whole structure of the file and says what is wrong, what [`File::open`] noticed included. Payloads are not
    /// decoded. Damage counts when the file, opened again, shows it again: a writer may be at work.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read.
    pub fn check(self) -> Result<Vec<Problem>> {
        let mut problems = self.walk()?;
        for reading in 0..READINGS {
            if problems.iter().all(|problem| problem.severity == Severity::Note) {
                break;
            }
            // What does not open any more is as damaged as it seemed.
            let Some(Ok(fresh)) = self.reopened() else { break };
            let Some(fresh) = fresh.first().map(Member::walk).transpose()? else { break };
            let same = fresh == problems;
            problems = fresh;
            if same {
                break;
            }
            pause(reading);
        }
        Ok(problems)
    }

    /// The file as it is now, if somebody may have changed it.
    fn reopened(self) -> Option<Result<File>> {
        let (options, part) = (&self.file.options, self.part);
        let source = options.again(part.path.as_deref(), &part.source).transpose()?;
        let opened = source.and_then(|source| options.opened(part.path.clone(), source, self.number));
        Some(File::join(options.clone(), [opened]))
    }

    /// One walk through the structure of the file.
    fn walk(self) -> Result<Vec<Problem>> {
        let (part, records) = (self.part, self.records());
        let mut problems = part.directory.contents().problems.clone();
        let patience = if part.path.is_some() { PATIENCE } else { Duration::ZERO };
        let walk = part.directory.check(&part.source, records, &mut problems, patience);
        walk.map_err(|source| Error::Io { path: self.name(), source })?;
        note_overlaps(records, &mut part.directory.extents(records), &mut problems);
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
