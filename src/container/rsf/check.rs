//! A full walk of an RSF file: the records' own markers, the ends of segments, overlaps.

use std::io;

use super::{
    directory::{Directory, Segment, SegmentKind},
    marker::{
        END_BYTES, END_MARK, EOS_BYTES, EOS_HIGH, SOS_BYTES, START_BYTES, START_MARK, end, eos_high, kind, start,
    },
};
use crate::{
    bytes::Source,
    container::{
        extents::{Extents, Piece},
        parse::parse,
        problem::{Problem, Problems},
    },
    error::RecordError,
    record::{RSF_META_WORDS, RSF_START, Record, Words},
};

/// Compares a record's start marker with the directory, as every reading of it must.
pub(crate) fn record_header(source: &Source, record: &Record) -> Result<(), RecordError> {
    let bytes = source.get(record.offset, START_BYTES)?;
    let Some(marker) = parse(start, &bytes) else {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    };
    let same = |field, expected: u64, found: u64| {
        if expected == found { Ok(()) } else { Err(RecordError::Header { field, expected, found }) }
    };
    let deleted = marker.kind == kind::DELETED;
    if !deleted {
        same("type", u64::from(kind::DATA), u64::from(marker.kind))?;
    }
    same("mark", u64::from(START_MARK), u64::from(marker.mark))?;
    same("length", record.length, marker.length)?;
    same("number of metadata words", u64::from(record.meta_words), u64::from(marker.meta_words))?;
    if deleted { Err(RecordError::Deleted) } else { Ok(()) }
}

/// Looks at everything but the payloads' content. What `open` noticed is not repeated.
pub(crate) fn check(
    source: &Source,
    directory: &Directory,
    records: &[Record],
    problems: &mut Problems,
) -> io::Result<()> {
    for segment in &directory.segments {
        check_segment_end(source, segment, problems)?;
    }
    for record in records {
        match record_header(source, record) {
            Ok(()) => {}
            Err(RecordError::Io(e)) if e.kind() == io::ErrorKind::UnexpectedEof => continue, // already said
            Err(RecordError::Io(e)) => return Err(e),
            Err(e @ RecordError::Deleted) => problems.push(Problem::note(record.offset, e.to_string()).of(record)),
            Err(e) => problems.push(Problem::damage(record.offset, e.to_string()).of(record)),
        }
        if let Some(problem) = compare_words(source, record)? {
            problems.push(problem);
        }
        let at = record.offset.saturating_add(record.length).saturating_sub(END_BYTES);
        if let Some(marker) = parse(end, &source.get_up_to(at, END_BYTES)?)
            && (marker.mark != END_MARK || marker.length != record.length)
        {
            let what = format!("end marker: length {}, expected {}", marker.length, record.length);
            problems.push(Problem::damage(at, what).of(record));
        }
    }
    Ok(())
}

/// Compares the attributes in the directory with those of the record itself. Edits keep them the same, unless they are
/// killed halfway or, by librmn, fail there.
fn compare_words(source: &Source, record: &Record) -> io::Result<Option<Problem>> {
    let at = record.offset.saturating_add(RSF_START + 4 * (u64::from(RSF_META_WORDS) - 16));
    let bytes = source.get_up_to(at, 64)?;
    let Some(own) = bytes.as_chunks::<4>().0.first_chunk() else { return Ok(None) }; // already said
    let own = Words::from_le(own);
    Ok(if record.words.with_layout_of(&own) != record.words {
        Some(Problem::damage(at, "its dimensions, data type or bits are others than the directory says").of(record))
    } else if own != record.words {
        Some(Problem::note(at, "its attributes are others than the directory says").of(record))
    } else {
        None
    })
}

/// The parts of the file that are in use, records apart.
pub(crate) fn extents(directory: &Directory) -> Extents {
    let mut extents = Extents::default();
    for segment in &directory.segments {
        extents.add(segment.offset, SOS_BYTES, Piece::Structure);
        if segment.directory_bytes > 0 {
            extents.add(segment.directory_offset, segment.directory_bytes, Piece::Structure);
        }
        if matches!(segment.kind, SegmentKind::Closed | SegmentKind::Empty) && segment.size >= SOS_BYTES + EOS_BYTES {
            extents.add(segment.offset.saturating_add(segment.size - EOS_BYTES), EOS_BYTES, Piece::Structure);
        }
    }
    extents
}

/// A closed segment ends with an end-of-segment record that repeats its size.
fn check_segment_end(source: &Source, segment: &Segment, problems: &mut Problems) -> io::Result<()> {
    let end_at = segment.offset.saturating_add(segment.size);
    let last = matches!(segment.kind, SegmentKind::Open);
    if last || end_at > source.len() || segment.size < SOS_BYTES + EOS_BYTES {
        return Ok(());
    }
    let bytes = source.get(end_at - EOS_HIGH, EOS_HIGH)?;
    let mut damage = |what| problems.push(Problem::damage(end_at - EOS_HIGH, what));
    let Some(sizes) = eos_high(&bytes) else {
        damage("end of segment: there is none".to_owned());
        return Ok(());
    };
    let directory = if sizes.directory == 0 { 0 } else { segment.offset.saturating_add(sizes.directory) };
    for (field, expected, found) in [
        ("size", segment.size, sizes.total),
        ("place of the directory", segment.directory_offset, directory),
        ("size of the directory", segment.directory_bytes, sizes.directory_size),
    ] {
        if expected != found {
            damage(format!("end of segment: {field} is {found}, expected {expected}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::rsf::{
        entry::{entry, metadata},
        marker::start_bytes,
    };

    #[test]
    fn a_start_marker_that_contradicts_the_directory() {
        let words = Words::from([0x20, 0x0158, 0x0105, 0x1000, 0, 0, 0, 0, 0, 0, 0, 0xD340_0020, 0x1F40, 0, 0, 0]);
        let mut listed = vec![0; 12];
        listed.extend(104_u32.to_le_bytes()); // length, the low word
        listed.extend([0; 8]);
        listed.extend([19, 0, 19, 0, 0, 0, 0, 0]);
        listed.extend(metadata(&words, None, 0));
        let (_, entry) = entry(&listed).expect("an entry");
        let record = entry.record(entry.place(0, 1000).expect("a place"), 0, 0);
        let result = |kind, length| {
            record_header(&Source::bytes(start_bytes(kind, 19, length, 19, 4).to_vec()), &record)
                .map_err(|e| e.to_string())
        };
        assert_eq!(result(kind::DATA, 104), Ok(()));
        assert_eq!(result(kind::DATA, 108), Err("record header: length is 108, the directory says 104".to_owned()));
        assert!(result(kind::DELETED, 104).is_err_and(|what| what.starts_with("deleted")));
    }
}
