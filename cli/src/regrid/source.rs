//! The records of an input: which of them are moved, and which are copied as they are.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rpnfst::{
    BaseType, Error, File, Record, RecordError,
    geo::{Geometry, Grid, Tiles, Winds},
    record::Descriptors,
};

use super::{
    counts::Counts,
    plans::Plans,
    task::{self, Part, Task},
};
use crate::{args::Global, input, report::Report};

/// Inputs among which positional records are sought: all are open at once.
const MOST_LINKED: usize = 256;

/// An input.
pub(super) struct Source<'a> {
    file: &'a File,
    pub(super) path: &'a Path,
    pub(super) descriptors: Descriptors<'a>,
    others: &'a [PathBuf],
    global: &'a Global,
    /// The file with the other inputs behind it, once a grid was not found in it alone.
    linked: OnceLock<Option<File>>,
}

/// What is to be done.
pub(super) struct Work<'a> {
    pub(super) tasks: Vec<Task<'a>>,
    pub(super) passed: Vec<(usize, &'a Record)>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a File, path: &'a Path, others: &'a [PathBuf], global: &'a Global) -> Self {
        let descriptors = Descriptors::new(file.records());
        Self { file, path, descriptors, others, global, linked: OnceLock::new() }
    }

    pub(super) fn file(&self) -> &'a File {
        self.file
    }

    /// The file in which the grids were found.
    pub(super) fn grids(&self) -> &File {
        self.linked.get().and_then(Option::as_ref).unwrap_or(self.file)
    }

    /// Of this file, or of the inputs together.
    fn grid(&self, of: impl Fn(&File) -> rpnfst::Result<Grid>) -> rpnfst::Result<Grid> {
        let own = of(self.file);
        let Err(Error::Record { source, .. }) = &own else { return own };
        if !matches!(**source, RecordError::Lacking { .. }) || !(2..=MOST_LINKED).contains(&self.others.len()) {
            return own;
        }
        let link = || {
            let others = self.others.iter().filter(|other| other.as_path() != self.path).map(PathBuf::as_path);
            // The records of this file come first, with the numbers that they have.
            input::options(self.global).link(std::iter::once(self.path).chain(others)).ok()
        };
        match self.linked.get_or_init(link) {
            Some(linked) => of(linked).or(own),
            None => own,
        }
    }

    /// What becomes of the selected records.
    pub(super) fn sort(
        &self,
        wanted: &[(usize, &'a Record)],
        plans: &mut Plans<'_>,
        counts: &mut Counts,
        report: &mut Report,
    ) -> Work<'a> {
        let fields: Vec<_> = wanted.iter().copied().filter(|(_, record)| !record.is_descriptor()).collect();
        let made: HashSet<_> =
            fields.iter().filter_map(|(_, record)| self.descriptors.mask_of(record)).map(key).collect();
        let mut work = Work { tasks: Vec::new(), passed: Vec::new() };
        let mut parts: Vec<(Part<'a>, Grid)> = Vec::new();
        let mut tiles = Vec::new();
        for (index, record) in fields {
            // The masks of fields are made with them.
            if made.contains(&key(record)) {
                continue;
            }
            if !has_numbers(record) {
                counts.no_numbers.push(record.nomvar().to_string());
                work.passed.push((index, record));
                continue;
            }
            match self.grid(|file| file.grid(record)) {
                Ok(grid) if record.grtyp().letter() == '#' && is_place(&grid, record) => tiles.push(record),
                Ok(grid) if is_place(&grid, record) => parts.push((Part::Record(record), grid)),
                Ok(_) => pass(index, record, None, counts, &mut work),
                Err(error @ Error::Record { .. }) if is_lacking(&error) => {
                    pass(index, record, Some(&error), counts, &mut work);
                }
                Err(error) => {
                    counts.failed += 1;
                    report.library_error(&error);
                }
            }
        }
        for tiles in Tiles::of(tiles) {
            match self.grid(|file| file.tiled_grid(&tiles)) {
                Ok(grid) => parts.push((Part::Tiles(tiles), grid)),
                Err(error) => {
                    counts.failed += 1;
                    report.library_error(&error);
                }
            }
        }
        self.pair(parts, plans, counts, report, &mut work);
        work
    }

    /// Winds go together.
    fn pair(
        &self,
        parts: Vec<(Part<'a>, Grid)>,
        plans: &mut Plans<'_>,
        counts: &mut Counts,
        report: &mut Report,
        work: &mut Work<'a>,
    ) {
        let turns = |head: &Record| Winds::has(head) && plans.turns(task::is_whole(head));
        let winds = Winds::of(parts.iter().filter_map(|(part, _)| part.head()).filter(|head| turns(head)));
        let partners: HashMap<_, _> = winds.iter().map(|wind| (key(wind.u), key(wind.v))).collect();
        let seconds: HashSet<_> = partners.values().copied().collect();
        let (mut waiting, mut firsts) = (HashMap::new(), Vec::new());
        for (part, grid) in parts {
            match part.head().map(key) {
                Some(head) if seconds.contains(&head) => drop(waiting.insert(head, part)),
                _ => firsts.push((part, grid)),
            }
        }
        for (first, grid) in firsts {
            let Some(head) = first.head() else { continue };
            let second = partners.get(&key(head)).and_then(|other| waiting.remove(other));
            if Winds::has(head) && !task::is_whole(head) {
                let lost = if plans.turns(false) { &mut counts.alone } else { &mut counts.unturned };
                *lost += usize::from(second.is_none());
            }
            match plans.of(&grid, task::is_whole(head)) {
                Ok(way) => {
                    let (outside, all) = counts.outside.unwrap_or((0, plans.target_len()));
                    counts.outside = Some((outside.max(way.outside()), all));
                    work.tasks.push(Task { first, second, way, source_len: grid.len() });
                }
                Err(error) => {
                    counts.failed += 1;
                    let name = crate::remote::name(self.path);
                    let name = name.display();
                    report.error(crate::report::DAMAGED, format_args!("{name}: {}: {error}", head.nomvar()));
                }
            }
        }
    }
}

fn pass<'a>(index: usize, record: &'a Record, error: Option<&Error>, counts: &mut Counts, work: &mut Work<'a>) {
    counts.no_grid.push(record.nomvar().to_string());
    if let Some(error) = error {
        counts.reason.get_or_insert_with(|| error.to_string());
    }
    work.passed.push((index, record));
}

/// Which record of its file it is.
fn key(record: &Record) -> (usize, u32) {
    (record.file_number(), record.file_index())
}

/// Whether elements are real numbers.
fn has_numbers(record: &Record) -> bool {
    match record.data_type().base() {
        BaseType::Raw => record.words_kind().is_some(),
        BaseType::Characters | BaseType::String | BaseType::Complex | BaseType::Unknown(_) => false,
        _ => true,
    }
}

/// Whether the values of a record lie on the points of a grid, and these have neighbours.
fn is_place(grid: &Grid, record: &Record) -> bool {
    let size = u64::from(record.ni()) * u64::from(record.nj());
    grid.has_positions()
        && grid.len() as u64 == size
        && match grid.geometry() {
            Geometry::Station(_) | Geometry::None => false,
            Geometry::Structured(_) => grid.letter() == b'#' || (grid.ni() > 1 && grid.nj() > 1),
            _ => grid.len() > 1,
        }
}

fn is_lacking(error: &Error) -> bool {
    matches!(error, Error::Record { source, .. } if matches!(**source, RecordError::Lacking { .. }))
}
