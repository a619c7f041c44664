//! Records found by a search through the whole file (`docs/format/xdf.md`, section 11).

use std::{collections::HashMap, io};

use super::{
    directory::Directory,
    entry::{ENTRY_BYTES, Entry, State, entry},
    header::{HEADER_BYTES, PAGE_BYTES, PAGE_HEADER_SIZE, SLOTS, header, page_checksum, page_header},
    moved,
    piece::{Piece, UNIT, piece, search},
};
use crate::{
    bytes::Source,
    container::{parse::parse, scan::Scan},
    record::{Container, Record, Words, XDF_PREFIX},
};

/// Searches a file for records.
pub(crate) fn scan(source: &Source, container: Container) -> io::Result<Scan> {
    let size = source.len();
    let mut scan = Scan::default();
    let mut listed = HashMap::new();
    let head = source.get_up_to(0, HEADER_BYTES)?;
    let begin = parse(header, &head).map_or(0, |header| 8 * u64::from(header.length));
    let mut at = if piece(source, begin, container)?.is_some() { begin } else { 0 };
    while at < size {
        let found = piece(source, at, container)?;
        let mut next = at + UNIT;
        let mut end = None;
        if let Some((piece, length)) = &found {
            next = at + if matches!(piece, Piece::Record(_)) { XDF_PREFIX } else { *length };
            end = at.checked_add(*length).filter(|&end| end <= size);
        }
        let continues = match end {
            Some(end) => end == size || piece(source, end, container)?.is_some(),
            None => false,
        };
        // Where nothing known follows, the length may be what is damaged. Where something does, that may be chance, and
        // there are records inside.
        let limit = end.filter(|_| continues).unwrap_or(size);
        let after = search(source, next, limit, container)?;
        match found {
            Some((Piece::Record(mut found), length)) => {
                if after < at + length {
                    found.record.length = after - at;
                    found.corrected = true;
                }
                scan.gap(source, end.unwrap_or(after).min(after), after)?;
                scan.found.push(found);
            }
            Some((Piece::Page, _)) => {
                note_entries(source, at, &mut listed)?;
                scan.gap(source, next, after)?;
            }
            Some((Piece::Mark, _)) => scan.gap(source, next, after)?,
            None => scan.gap(source, at, after)?,
        }
        at = after;
    }
    moved::scan(source, &mut scan, container)?;
    for found in &mut scan.found {
        // Directory pages know of edits and deletes that the record itself does not show.
        if let Some((length, state, words)) = listed.get(&found.record.offset)
            && (*length == found.record.length || found.corrected)
        {
            if let Some(words) = words {
                found.record.words = words.with_layout_of(&found.record.words);
            }
            found.deleted |= *state == State::Deleted;
        }
    }
    Ok(scan)
}

/// What a directory page says of a record: length, state, words if its checksum holds.
type Listed = (u64, State, Option<Words>);

fn note_entries(source: &Source, at: u64, listed: &mut HashMap<u64, Listed>) -> io::Result<()> {
    let bytes = source.get_up_to(at, PAGE_BYTES)?;
    let sound = page_checksum(&bytes) == 0;
    let used = parse(page_header, &bytes).map_or(0, |page| page.used as usize);
    let slots = bytes.get(PAGE_HEADER_SIZE..).unwrap_or_default().as_chunks().0;
    for entry in slots.get(..used).unwrap_or(slots).iter().map(Entry::new) {
        if entry.state() != State::Invalid && entry.is_sound(entry.offset(), source.len()) {
            let record = entry.record(entry.offset(), 0, 0, Container::Xdf);
            listed.insert(record.offset, (record.length, entry.state(), sound.then_some(record.words)));
        }
    }
    Ok(())
}

/// Whether a record of the directory is where it should be although its own header says something else: most of it
/// is the same. Sequential files have no directory: there the next record or mark must follow.
pub(crate) fn is_believable(source: &Source, record: &Record) -> io::Result<bool> {
    if record.container == Container::XdfSequential {
        let end = record.offset + record.length;
        return Ok(piece(source, end, record.container)?.is_some());
    }
    let bytes = source.get_up_to(record.offset, ENTRY_BYTES)?;
    let Some(own) = parse(entry, &bytes) else { return Ok(false) };
    let same = record.words.count_same(&own.words());
    let place = usize::from(own.offset() == record.offset) + usize::from(own.bytes() == record.length);
    Ok(place + same > 9)
}

/// Whether the checksum of the page that lists a record holds; `known` remembers.
pub(crate) fn is_page_sound(
    source: &Source,
    directory: &Directory,
    index: u32,
    known: &mut HashMap<u32, bool>,
) -> io::Result<bool> {
    let number = index / SLOTS;
    let Some(page) = directory.pages.get(number as usize) else { return Ok(true) };
    if let Some(sound) = known.get(&number) {
        return Ok(*sound);
    }
    let sound = page_checksum(&source.get_up_to(page.offset, PAGE_BYTES)?) == 0;
    known.insert(number, sound);
    Ok(sound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::xdf::entry::tests::record;

    #[test]
    fn a_record_between_bytes_of_no_meaning() {
        let bytes = [&[0xEE; 64][..], &record(64), &[0; 32]].concat();
        let scan = scan(&Source::bytes(bytes), Container::Xdf).expect("read");
        let found: Vec<_> = scan.found.iter().map(|found| (found.record.offset, found.record.length)).collect();
        assert_eq!(found, [(64, 88)]);
        assert_eq!(scan.gaps, [std::ops::Range { start: 0, end: 64 }], "zeros are no gap");
    }

    #[test]
    fn a_length_that_reaches_into_the_next_record_is_corrected() {
        let mut bytes = [record(0), record(88), record(176)].concat();
        bytes[3] = 20;
        let scan = scan(&Source::bytes(bytes), Container::Xdf).expect("read");
        let found: Vec<_> =
            scan.found.iter().map(|found| (found.record.offset, found.record.length, found.corrected)).collect();
        assert_eq!(found, [(0, 88, true), (88, 88, false), (176, 88, false)]);
    }
}
