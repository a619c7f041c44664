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
        let places = || [own].into_iter().chain((0..self.sources.len()).filter(|&place| place != own));
        let of = |place: usize| Some((self.sources.get(place)?, self.known.get(place)?.of(row.record)));
        // What needs nothing may refer to something in its own file.
        let needs = !Descriptors::default().lacking(row.record).is_empty();
        let mut found: Vec<_> = of(own).into_iter().collect();
        if needs && found.iter().all(|(_, found)| found.is_empty()) {
            found = places().filter_map(of).find(|(_, found)| !found.is_empty()).into_iter().collect();
        }
        // Axes may be in another input than the vertical coordinate, or than each other.
        let lacking = |found: &[(&Source, Vec<&'a Record>)]| {
            Descriptors::new(found.iter().flat_map(|(_, found)| found.iter().copied())).lacking(row.record)
        };
        let mut lacks = lacking(&found);
        for (source, mut others) in places().filter_map(of) {
            if lacks.is_empty() {
                break;
            }
            let is_lacking = |other: &Record| {
                lacks.names().any(|name| other.nomvar() == name)
                    || lacks.table && other.nomvar() == "HY"
                    || lacks.mask && other.typvar() == "@@"
            };
            others.retain(|other| is_lacking(other));
            if !others.is_empty() {
                found.push((source, others));
                lacks = lacking(&found);
            }
        }
        counts.lacks(&lacks);
        let found = found.into_iter().flat_map(|(source, found)| found.into_iter().map(move |record| (source, record)));
        for (source, record) in found {
            let place = source.file.records().binary_search_by_key(&record.file_index(), Record::file_index);
            let Some(found) = place.ok().and_then(|index| source.row(index)) else { continue };
            if there.insert((found.file_number, found.index)) {
                more.push(found);
            }
        }
    }
}
