//! Records that lie elsewhere than they say, since bytes in front of them were lost or added.
//!
//! All that follows such a place is off by as many bytes: that a record and what comes behind it agree on them is what
//! makes it believable.

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

/// Looks for them where the search found nothing else.
pub(super) fn scan(source: &Source, scan: &mut Scan, container: Container) -> io::Result<()> {
    let mut all = Vec::new();
    let mut done = 0;
    for gap in std::mem::take(&mut scan.gaps) {
        // What is before may be what lost the bytes, and seem to reach into those that follow: a record or a page.
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
    // By how many bytes the last ones were off.
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

/// By how many bytes what may be a record lies behind the place that it says; `None` if it is none, or is in its place.
fn offset_by(own: &Entry<'_>, at: u64, size: u64) -> Option<i64> {
    let off = at.cast_signed() - own.offset().cast_signed();
    (off != 0 && is_plausible(own, at, size)).then_some(off)
}

/// Whether at `end` the file ends, a mark is, or another record that is off by the same.
fn agrees(source: &Source, end: u64, off: i64) -> io::Result<bool> {
    let bytes = source.get_up_to(end, ENTRY_BYTES)?;
    let next = bytes.first_chunk().map(Entry::new);
    Ok(bytes.is_empty() || is_mark(&bytes) || next.is_some_and(|next| offset_by(&next, end, source.len()) == Some(off)))
}
