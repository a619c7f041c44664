//! `--with-grid`: the records that the selected ones refer to.

use std::collections::HashSet;

use rpnfst::{Record, record::Descriptors};

use super::{Counts, Item, Source};
use crate::columns::Row;

/// Finds them in the file of the record, or else in the other inputs in their order.
pub(super) struct Grids<'a> {
    sources: &'a [Source],
    known: Vec<Descriptors<'a>>,
}

impl<'a> Grids<'a> {
    pub(super) fn new(sources: &'a [Source]) -> Self {
        let known = sources.iter().map(|source| Descriptors::new(source.file.records())).collect();
        Self { sources, known }
    }

    /// Those that some records refer to and that are not among them.
    pub(super) fn of(&self, items: &[Item<'a>], counts: &mut Counts) -> Vec<Row<'a>> {
        let mut there: HashSet<_> = items.iter().map(|item| (item.file_number, item.index)).collect();
        let mut rows = Vec::new();
        let mut more: Vec<Row<'a>> = Vec::new();
        for item in items {
            self.add(&item.row, &mut there, &mut more, counts);
            // Axes may refer to a projection.
            while let Some(row) = more.pop() {
                rows.push(row);
                self.add(&row, &mut there, &mut more, counts);
            }
        }
        // In the order in which their files list them.
        rows.sort_by_key(|row| (row.file_number, row.index));
        rows
    }

    fn add(&self, row: &Row<'a>, there: &mut HashSet<(usize, usize)>, more: &mut Vec<Row<'a>>, counts: &mut Counts) {
        let own = self.sources.partition_point(|source| source.number < row.file_number);
        let others = (0..self.sources.len()).filter(|&place| place != own);
        let found = [own].into_iter().chain(others).find_map(|place| {
            let found = self.known.get(place)?.of(row.record);
            if found.is_empty() { None } else { Some((self.sources.get(place)?, found)) }
        });
        let found_axes = found.as_ref().is_some_and(|(_, found)| found.iter().any(|record| is_axis(record)));
        counts.without_grid += usize::from(needs_axes(row.record) && !found_axes);
        let Some((source, found)) = found else { return };
        for record in found {
            let place = source.file.records().binary_search_by_key(&record.directory_index(), Record::directory_index);
            let Some(found) = place.ok().and_then(|index| source.row(index)) else { continue };
            if there.insert((found.file_number, found.index)) {
                more.push(found);
            }
        }
    }
}

fn is_axis(record: &Record) -> bool {
    matches!(record.nomvar().as_str(), ">>" | "^^" | "^>")
}

/// Whether the grid of a record is nowhere but in axes.
fn needs_axes(record: &Record) -> bool {
    !record.is_descriptor() && matches!(record.grtyp().0, b'Z' | b'#' | b'Y' | b'U' | b'O' | b'M')
}
