//! `rpnfst check --data`: what decoding says.

use rpnfst::{File, FillMissing, LostPlanes, Record};

use super::Found;
use crate::{args::Global, memory, number, progress, report::Report};

/// Records that may claim the same bytes and are decoded: more make work that the file does not justify, and are damage
/// whatever they decode to.
const MOST_CLAIMS: usize = 8;

/// Decodes every record, as far as its values are in the file, and parses its metadata.
pub(super) fn look(file: &File, global: &Global, report: &mut Report) -> Vec<Found> {
    let records = file.records();
    let wanted = decoded(records);
    let options = global.reading().missing(FillMissing::Substitute).lost_planes(LostPlanes::Omit);
    let bar = progress::records(wanted.len(), "check", false, report);
    let all = file.map_many(wanted.iter().filter_map(|&k| records.get(k)), &options, |record, field| {
        bar.inc(1);
        // That a record is deleted in its own header is said by the walk.
        field.and_then(|_| file.metadata(record)).err().filter(|error| !error.is_deleted_record())
    });
    let mut found: Vec<_> = wanted
        .iter()
        .zip(all)
        .filter_map(|(&k, (_, error))| {
            let error = error?;
            Some(if memory::is_limit(&error) { Found::TooLarge(k, error) } else { Found::Data(k, error) })
        })
        .collect();
    progress::done(&bar, report);
    let others = records.len() - wanted.len();
    if others > 0 {
        let others = number::records(others);
        let what =
            format!("{others} share their bytes with {MOST_CLAIMS} others each, their values were not looked at");
        found.push(Found::Remark(what));
    }
    found
}

/// Positions of the records that are decoded, in their order.
fn decoded(records: &[Record]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|&k| records[k].file_offset());
    let mut ends: Vec<u64> = Vec::with_capacity(MOST_CLAIMS);
    order.retain(|&k| {
        let record = &records[k];
        ends.retain(|&end| end > record.file_offset());
        let fits = ends.len() < MOST_CLAIMS;
        if fits {
            ends.push(record.file_offset().saturating_add(record.total_stored_bytes()));
        }
        fits
    });
    order.sort_unstable();
    order
}
