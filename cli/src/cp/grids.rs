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
        // The first that lacks nothing, or else the least.
        let mut best: Option<(&Source, Vec<&Record>)> = None;
        let mut lacking = Descriptors::default().lacking(row.record);
        for place in [own].into_iter().chain(others) {
            let (Some(known), Some(source)) = (self.known.get(place), self.sources.get(place)) else { continue };
            let (found, left) = (known.of(row.record), known.lacking(row.record));
            if !found.is_empty() && (best.is_none() || left.names().count() < lacking.names().count()) {
                (best, lacking) = (Some((source, found)), left);
                if lacking.is_empty() {
                    break;
                }
            }
        }
        counts.lacks(&lacking);
        let Some((source, found)) = best else { return };
        for record in found {
            let place = source.file.records().binary_search_by_key(&record.directory_index(), Record::directory_index);
            let Some(found) = place.ok().and_then(|index| source.row(index)) else { continue };
            if there.insert((found.file_number, found.index)) {
                more.push(found);
            }
        }
    }
}
