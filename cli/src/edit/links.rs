//! Fields that lose the descriptors of their grid.

use std::collections::HashSet;

use rpnfst::{File, Record};

use crate::number::records;

/// What links a field to the descriptors of its grid: its first three grid parameters, their ips.
type Link = [u32; 3];

/// Says how many fields would not find the descriptors that they find now.
pub(super) fn unlinked<'a>(
    file: &'a File,
    changes: impl Iterator<Item = (&'a Record, &'a Record)> + Clone,
) -> Option<String> {
    let now: HashSet<Link> = file.records().iter().filter_map(tag).collect();
    if now.is_empty() {
        return None;
    }
    let changed: HashSet<u32> = changes.clone().map(|(record, _)| record.directory_index()).collect();
    let same = || file.records().iter().filter(|record| !changed.contains(&record.directory_index()));
    let then: HashSet<Link> = same().chain(changes.clone().map(|(_, edited)| edited)).filter_map(tag).collect();
    let loses = |before: &Record, after: &Record| {
        grid(before).is_some_and(|link| now.contains(&link)) && grid(after).is_some_and(|link| !then.contains(&link))
    };
    let unchanged = same().filter(|record| loses(record, record)).count();
    let lost = unchanged + changes.filter(|(before, after)| loses(before, after)).count();
    let lose = if lost == 1 { "loses its grid" } else { "lose their grids" };
    (lost > 0).then(|| format!("beware: {} {lose}: no >>, ^^ or ^> of the file has that ig1, ig2, ig3", records(lost)))
}

/// The link of a descriptor of a grid.
fn tag(record: &Record) -> Option<Link> {
    let is_grid = matches!(record.nomvar().as_str(), ">>" | "^^" | "^>");
    is_grid.then(|| [record.ip1(), record.ip2(), record.ip3()])
}

/// The link of a field whose grid has descriptors.
fn grid(record: &Record) -> Option<Link> {
    let refers = matches!(record.grtyp().letter(), 'Z' | 'Y' | 'U') && !record.is_descriptor();
    refers.then(|| [record.ig1(), record.ig2(), record.ig3()])
}
