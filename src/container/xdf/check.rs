//! A full walk of an XDF file: page checksums, counters, the records' own headers, overlaps.

use std::{borrow::Cow, io, time::Duration};

use super::{
    directory::Directory,
    entry::{ENTRY_BYTES, State, entry},
    header::{PAGE_BYTES, PAGE_HEADER_SIZE, page_checksum},
};
use crate::{
    bytes::Source,
    container::{
        extents::{Extents, Piece},
        parse::parse,
        problem::{Problem, Problems},
    },
    error::RecordError,
    record::{Container, Record, XDF_PREFIX},
};

/// Compares the beginning of a record with the directory, as every reading of it must. What an edit in place leaves
/// behind (attributes) is not compared.
pub(crate) fn record_header(source: &Source, record: &Record) -> Result<(), RecordError> {
    let bytes = source.get_up_to(record.offset, XDF_PREFIX)?;
    let Some(own) = parse(entry, &bytes) else { return Ok(()) }; // cut by the end of the file: the decoder will say
    let same = |field, expected: u64, found: u64| {
        if expected == found { Ok(()) } else { Err(RecordError::Header { field, expected, found }) }
    };
    same("length", record.length, own.bytes())?;
    if record.container == Container::Xdf {
        same("address", record.offset / 8 + 1, u64::from(own.address))?;
    }
    let auxiliary = bytes.get(72..).unwrap_or_default().as_chunks::<4>().0;
    if auxiliary.len() == 2 && auxiliary.iter().all(|word| *word != [0; 4]) {
        return Err(RecordError::NewerVersion);
    }
    Ok(())
}

/// Looks at everything but the payloads' content. What `open` noticed is not repeated.
pub(crate) fn check(
    source: &Source,
    directory: &Directory,
    records: &[Record],
    problems: &mut Problems,
    mut patience: Duration,
) -> io::Result<()> {
    let Directory { contents, header, pages } = directory;
    for (number, page) in pages.iter().enumerate() {
        let bytes = settled_page(source, page.offset, &mut patience)?;
        let sum = page_checksum(&bytes);
        let used = PAGE_HEADER_SIZE + usize::try_from(u64::from(page.used) * ENTRY_BYTES).unwrap_or(usize::MAX);
        if bytes.len() as u64 == PAGE_BYTES && sum != 0 {
            // New entries come before the head of the page, which counts them and has the checksum.
            let (counted, others) = bytes.split_at_checked(used).unwrap_or((&bytes, &[]));
            problems.push(if page_checksum(counted) == 0 && is_appending(source, others)? {
                let what = format!("directory page {number}: entries that it does not count yet");
                Problem::note(page.offset, what)
            } else {
                let what = format!("directory page {number}: the checksum is off by {sum:#010x}");
                Problem::damage(page.offset, what)
            });
        }
        if page.used < 256 && number + 1 < pages.len() {
            let what =
                format!("directory page {number}: {} slots used, only the last may have less than 256", page.used);
            problems.push(Problem::note(page.offset, what));
        }
    }
    if let Some(last) = pages.last()
        && 8 * u64::from(header.last_page) != last.offset + 8
    {
        let what = format!("the last page is at byte {}, the header says address {}", last.offset, header.last_page);
        problems.push(Problem::note(32, what));
    }
    if contents.container == Container::Xdf {
        let slots: u64 = pages.iter().map(|page| u64::from(page.used)).sum();
        if slots != u64::from(header.extensions) && !pages.is_empty() {
            let what = format!("{slots} directory entries, the header counts {} appended records", header.extensions);
            problems.push(Problem::note(24, what));
        }
    }
    check_records(source, records, problems)
}

/// Reads a page, again and again until its checksum is right or `patience` is used up. A writer changes the entries, waits
/// for the medium, and writes the checksum then. `patience` is for all pages together.
fn settled_page<'a>(source: &'a Source, offset: u64, patience: &mut Duration) -> io::Result<Cow<'a, [u8]>> {
    const PAUSE: Duration = Duration::from_millis(20);
    loop {
        let bytes = source.get_up_to(offset, PAGE_BYTES)?;
        if page_checksum(&bytes) == 0 || patience.is_zero() {
            return Ok(bytes);
        }
        let pause = PAUSE.min(*patience);
        std::thread::sleep(pause);
        *patience -= pause;
    }
}

/// Whether the first slot that a page does not count is the entry of a record of the file.
fn is_appending(source: &Source, slots: &[u8]) -> io::Result<bool> {
    let Some(next) = parse(entry, slots).filter(|next| next.state() == State::Live && next.is_plain(source.len()))
    else {
        return Ok(false);
    };
    let own = source.get_up_to(next.offset(), ENTRY_BYTES)?;
    Ok(slots.starts_with(&own))
}

/// The parts of the file that are in use, records apart.
pub(crate) fn extents(directory: &Directory) -> Extents {
    let mut extents = Extents::default();
    extents.add(0, 8 * u64::from(directory.header.length), Piece::Structure);
    for page in &directory.pages {
        extents.add(page.offset, PAGE_BYTES, Piece::Structure);
    }
    extents
}

fn check_records(source: &Source, records: &[Record], problems: &mut Problems) -> io::Result<()> {
    for record in records {
        let bytes = source.get_up_to(record.offset, ENTRY_BYTES)?;
        let Some(own) = parse(entry, &bytes) else {
            continue; // beyond the end, already said
        };
        let mut differs = |field: &str, expected: u64, found: u64| {
            if expected != found {
                let what = format!("record header: {field} is {found}, the directory says {expected}");
                problems.push(Problem::damage(record.offset, what).of(record));
            }
        };
        if own.state() != State::Live {
            differs("type", 1, u64::from(own.idtyp));
        }
        differs("length in bytes", record.length, own.bytes());
        differs("address", record.offset / 8 + 1, u64::from(own.address));
        // Other attributes may be edited in the directory only; these may not.
        let (listed, own) = (&record.words, own.words());
        let [dims, own_dims] = [listed, &own].map(|words| words.shape(record.container));
        for (field, listed, own) in [
            ("ni", dims.ni, own_dims.ni),
            ("nj", dims.nj, own_dims.nj),
            ("datyp", listed.datyp().into(), own.datyp().into()),
            ("nk", dims.nk, own_dims.nk),
            ("nbits", listed.nbits().into(), own.nbits().into()),
        ] {
            differs(field, listed.into(), own.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::xdf::entry::{Entry, entry_bytes};

    #[test]
    fn a_record_with_another_length_than_the_directory_says() {
        let words =
            crate::record::Words::from([0x20, 0x0158, 0x0102, 0x1000, 0, 0, 0, 0, 0, 0, 0, 0xD340_0000, 0, 0, 0, 0]);
        let [own, listed] = [11, 12].map(|length| entry_bytes(1, length, 1, &words));
        let source = Source::bytes([&own[..], &[0; 24]].concat());
        let record = |entry| Entry::new(entry).record(0, 0, 0, Container::Xdf);
        assert!(record_header(&source, &record(&own)).is_ok());
        let error = record_header(&source, &record(&listed)).expect_err("another length");
        assert_eq!(error.to_string(), "record header: length is 88, the directory says 96");
    }
}
