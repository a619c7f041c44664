//! Records found by a search through the whole file (`docs/format/rsf.md`, section 11).

use std::io;

use super::{
    entry::{Entry, State},
    marker::{END_BYTES, END_MARK, EOS_HIGH, START_BYTES, START_MARK, START_SIZE, Start, end, eos_high, kind, start},
};
use crate::{
    bytes::Source,
    container::{
        parse::parse,
        scan::{self, Found, Scan},
    },
    record::Record,
};

/// The alignment of lengths.
const UNIT: u64 = 4;

/// Searches a file for records.
pub(crate) fn scan(source: &Source) -> io::Result<Scan> {
    let size = source.len();
    let mut scan = Scan::default();
    let mut at = 0;
    while at < size {
        if let Some(marker) = marker(source, at)? {
            if matches!(marker.kind, kind::DATA | kind::DELETED)
                && let Some(record) = record(source, at, &marker)?
            {
                scan.found.push(Found { record, deleted: marker.kind == kind::DELETED, corrected: false });
            }
            at += marker.length;
        } else {
            let after = search(source, at + 1)?;
            scan.gap(source, at, before_segment_end(source, at, after)?)?;
            at = after;
        }
    }
    Ok(scan)
}

/// Where a stretch without records ends: before the mark at the end of a segment. Of a segment that a parallel writer has not
/// closed it stands behind the room that is left.
fn before_segment_end(source: &Source, from: u64, to: u64) -> io::Result<u64> {
    let Some(at) = to.checked_sub(EOS_HIGH).filter(|&at| at >= from) else { return Ok(to) };
    Ok(if eos_high(&source.get_up_to(at, EOS_HIGH)?).is_some() { at } else { to })
}

/// The start marker at `at`, if the end marker that belongs to it is there.
fn marker(source: &Source, at: u64) -> io::Result<Option<Start>> {
    let Some(marker) = parse(start, &source.get_up_to(at, START_BYTES)?).filter(is_known) else { return Ok(None) };
    let Some(next) = at.checked_add(marker.length).filter(|&next| next <= source.len()) else { return Ok(None) };
    let last = parse(end, &source.get_up_to(next - END_BYTES, END_BYTES)?);
    let same = |last: crate::container::rsf::marker::End| {
        let deleted = marker.kind == kind::DELETED;
        last.mark == END_MARK && last.length == marker.length && (deleted || last.kind == marker.kind)
    };
    Ok(last.is_some_and(same).then_some(marker))
}

fn is_known(marker: &Start) -> bool {
    let least = START_BYTES + END_BYTES + 4 * u64::from(marker.meta_words);
    marker.mark == START_MARK
        && marker.length.is_multiple_of(UNIT)
        && match marker.kind {
            // In these the metadata words mean something else.
            kind::SEGMENT_START | kind::SEGMENT_END | kind::DIRECTORY => marker.length >= START_BYTES + END_BYTES,
            0 | kind::DATA | kind::XDATA | kind::FILE | kind::DELETED => marker.length >= least,
            _ => false,
        }
}

fn record(source: &Source, at: u64, marker: &Start) -> io::Result<Option<Record>> {
    let listed = marker.directory_words.min(marker.meta_words);
    let meta = source.get(at + START_BYTES, 4 * u64::from(listed))?;
    let entry = Entry { offset: at, length: marker.length, record_words: marker.meta_words, meta: &meta };
    if entry.state() == State::EmbeddedFile {
        return Ok(None);
    }
    Ok(entry.place(0, source.len()).map(|place| entry.record(place, 0, 0)))
}

/// The next position from `at` on that has a marker, which lost bytes may have moved anywhere; the end of the file if there
/// is none.
fn search(source: &Source, at: u64) -> io::Result<u64> {
    scan::search(source, at, source.len(), 1, |position, bytes: &[u8; START_SIZE]| {
        Ok(is_known_start(bytes) && marker(source, position)?.is_some())
    })
}

fn is_known_start(bytes: &[u8; START_SIZE]) -> bool {
    // Nearly all positions end here.
    bytes[3] == START_MARK && parse(start, bytes).is_some_and(|marker| is_known(&marker))
}

/// Whether a record of the directory is where it should be although its start marker says something else: its end
/// marker says the same.
pub(crate) fn is_believable(source: &Source, record: &Record) -> io::Result<bool> {
    let Some(at) = record.offset.checked_add(record.length - END_BYTES) else { return Ok(false) };
    let last = parse(end, &source.get_up_to(at, END_BYTES)?);
    Ok(last.is_some_and(|last| last.mark == END_MARK && last.length == record.length && last.kind == kind::DATA))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::rsf::{
        entry::metadata,
        marker::{end_bytes, start_bytes},
    };

    /// A record of 112 bytes: markers, 19 words of metadata, 2 words of payload.
    pub(super) fn record() -> Vec<u8> {
        let words = crate::record::Words::from([
            0x20,
            0x0158,
            0x0105,
            0x1000,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0xD340_0020,
            0x1F40,
            0,
            0,
            0,
        ]);
        let start = start_bytes(kind::DATA, 19, 112, 19, 4);
        [&start[..], &metadata(&words, None, 0), &[0; 8], &end_bytes(kind::DATA, 19, 112)].concat()
    }

    #[test]
    fn a_record_between_bytes_of_no_meaning() {
        let bytes = [&[0xEE; 33][..], &record(), b"more"].concat();
        let scan = scan(&Source::bytes(bytes)).expect("read");
        let found: Vec<_> = scan.found.iter().map(|found| (found.record.offset, found.record.length)).collect();
        assert_eq!((found, scan.gaps), (vec![(33, 112)], vec![0..33, 145..149]));
    }
}
