//! Search for records whose address is wrong, because bytes in front of them were lost or inserted.
//!
//! Such damage shifts everything behind it by the same number of bytes. A record counts as found when the record behind it
//! is shifted by the same number, or when an end mark or the end of the file follows.

use std::{io, ops::Range};

use super::{
    entry::{ENTRY, ENTRY_BYTES, Entry, State},
    header::PAGE_BYTES,
    piece::{is_mark, is_plausible},
};
use crate::{
    bytes::Source,
    container::scan::{self, Found, Scan},
    record::Container,
};

/// Searches the gaps that another search left.
pub(super) fn scan(source: &Source, scan: &mut Scan, container: Container) -> io::Result<()> {
    let mut all = Vec::new();
    let mut done = 0;
    for gap in std::mem::take(&mut scan.gaps) {
        // The record or page in front of the gap may have lost bytes itself: by its length it then reaches into the gap.
        let before = scan.found.partition_point(|found| found.record.offset < gap.start).checked_sub(1);
        let (start, end) = before
            .and_then(|k| scan.found.get(k))
            .map_or((0, 0), |Found { record, .. }| (record.offset + 1, record.offset + record.length));
        let least = if end >= gap.start { start } else { gap.start.saturating_sub(PAGE_BYTES).max(start) };
        let from = least.max(done);
        done = gap.end;
        let mut known = gap.start;
        for found in search(source, from..gap.end, container)? {
            scan.gap(source, known, found.record.offset.max(known))?;
            known = (found.record.offset + found.record.length).max(known);
            all.push(found);
        }
        scan.gap(source, known.min(gap.end), gap.end)?;
    }
    scan.found.extend(all);
    scan.found.sort_by_key(|found| found.record.offset);
    Ok(())
}

fn search(source: &Source, range: Range<u64>, container: Container) -> io::Result<Vec<Found>> {
    let mut list = Vec::new();
    let mut at = range.start;
    // By how many bytes the records found last are shifted.
    let mut last = None;
    while at < range.end {
        let mut found = None;
        at = scan::search(source, at, range.end, 1, |position, bytes: &[u8; ENTRY]| {
            // Nearly all positions end here.
            if bytes[0] == 0 || bytes[23] != 0 {
                return Ok(false);
            }
            let own = Entry::new(bytes);
            let Some(off) = offset_by(&own, position, source.len()) else { return Ok(false) };
            let end = position + own.bytes();
            if end <= source.len() && (last == Some(off) || agrees(source, end, off)?) {
                let record = own.record(position, 0, 0, container);
                found = Some((off, Found { record, deleted: own.state() == State::Deleted, corrected: true }));
            }
            Ok(found.is_some())
        })?;
        if let Some((off, found)) = found {
            last = Some(off);
            at += found.record.length;
            list.push(found);
        }
    }
    Ok(list)
}

/// By how many bytes a record is shifted from its address; `None` when it is not, or when this is no record.
fn offset_by(own: &Entry<'_>, at: u64, size: u64) -> Option<i64> {
    let off = at.cast_signed() - own.offset().cast_signed();
    (off != 0 && is_plausible(own, at, size)).then_some(off)
}

/// Whether at `end` the file ends, or a mark stands, or a record that is shifted by the same number of bytes.
fn agrees(source: &Source, end: u64, off: i64) -> io::Result<bool> {
    let bytes = source.get_up_to(end, ENTRY_BYTES)?;
    let next = bytes.first_chunk().map(Entry::new);
    Ok(bytes.is_empty() || is_mark(&bytes) || next.is_some_and(|next| offset_by(&next, end, source.len()) == Some(off)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::xdf::entry::tests::record;

    #[test]
    fn records_behind_three_lost_bytes() {
        // Records that say that they are at 64 and 152; three bytes in front of them are lost.
        let bytes = [&[0xEE; 61][..], &record(64), &record(152)].concat();
        let mut found = Scan::default();
        found.gaps.push(0..bytes.len() as u64);
        scan(&Source::bytes(bytes), &mut found, Container::Xdf).expect("read");
        let places: Vec<_> = found.found.iter().map(|found| (found.record.offset, found.corrected)).collect();
        assert_eq!(places, [(61, true), (149, true)]);
        assert_eq!(found.gaps, [Range { start: 0, end: 61 }]);
    }
}
