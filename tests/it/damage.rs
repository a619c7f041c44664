//! A thousand randomly damaged files: what the damage missed is recovered, and what can be noticed is named.

use std::{collections::HashMap, ops::Range};

use crate::common::{
    corpus::{self, CONTAINERS, TYPES, XDF_DATA},
    random::Random,
};
use rayon::prelude::*;
use rpnfst::{
    Attributes, Container, File, MemoryFile, OpenOptions, Origin, Problem, ReadOptions, Record, Severity, Source,
    Threads, WriteOptions,
    info::{Details, Segment, SegmentKind},
};

const FILES: u32 = 1000;

/// What a record is, apart from its place in a directory.
#[derive(Clone, PartialEq, Debug)]
struct Content {
    attributes: Attributes,
    dims: [u32; 3],
    stored: (u8, u8),
    values: Vec<u8>,
    metadata: Option<String>,
}

fn content(file: &File, record: &Record) -> rpnfst::Result<Content> {
    let field = file.read_with(record, &ReadOptions::new().threads(Threads::One))?;
    Ok(Content {
        attributes: Attributes::from(record),
        dims: [record.ni(), record.nj(), record.nk()],
        stored: (record.data_type().code(), record.pack_bits()),
        values: field.values().to_le_bytes().into_owned(),
        metadata: file.metadata_text(record)?,
    })
}

/// A file before it is damaged.
struct Sound {
    container: Container,
    bytes: Vec<u8>,
    /// Live records by their place.
    live: HashMap<Range<u64>, Content>,
    deleted: Vec<Range<u64>>,
    /// What `check` compares with something.
    checked: Vec<Range<u64>>,
}

fn extent(record: &Record) -> Range<u64> {
    record.file_offset()..record.file_offset() + record.total_stored_bytes()
}

fn make(random: &mut Random, container: Container) -> Sound {
    let memory = MemoryFile::new();
    let options = WriteOptions::new().container(container);
    let sessions = 1 + random.below(3);
    // Now and then more than one directory page.
    let most = if random.below(10) == 0 { 300 } else { 20 };
    let mut deleted = Vec::new();
    for session in 0..sessions {
        let writer =
            if session == 0 { options.create_sink(memory.clone()) } else { options.append_sink(memory.clone()) };
        let mut writer = writer.expect("in memory");
        let mut records = Vec::new();
        for k in 0..=random.below(most / sessions) {
            let number = u32::try_from(100 * session + k).expect("small");
            let mut record = Attributes::new("TT").etiket("DAMAGE").ip1(number).ip2(12).ig(1, 2, 3, number);
            if container == Container::Rsf && random.below(4) == 0 {
                record = record.metadata(format!("{{\"number\":{number}}}"));
            }
            // Many small ones: the types that need 16 x 16 points are 8 of 24.
            let code = if most == 300 { TYPES[random.below(9)] } else { TYPES[random.below(TYPES.len())] };
            let seed = u16::try_from(random.below(1000)).expect("small");
            records.extend(corpus::write(&mut writer, code, seed, record));
        }
        if records.len() > 2 && random.below(3) == 0 {
            let record = &records[random.below(records.len())];
            writer.delete(record).expect("in memory");
            deleted.push(extent(record));
        }
        writer.close().expect("in memory");
    }
    let bytes = memory.to_vec();
    let file = File::from_bytes(bytes.clone()).expect("sound");
    assert_eq!(file.check().expect("in memory"), []);
    let content = |record: &Record| (extent(record), content(&file, record).expect("sound"));
    let live: HashMap<_, _> = file.records().iter().map(content).collect();
    let checked = checked(&bytes, &file);
    Sound { container, bytes, live, deleted, checked }
}

/// Bytes that cannot change without being noticed.
fn checked(bytes: &[u8], file: &File) -> Vec<Range<u64>> {
    let mut ranges = Vec::new();
    match file.first().map(|member| member.info().details) {
        // Signature, lengths of entries; page headers without what is reserved; slots, by the checksum. Of records
        // length and address, dimensions, type and bits.
        Some(Details::Xdf { pages, .. }) => {
            ranges.extend(pages.iter().map(|page| page.offset + 16..page.offset + 18464));
            for record in file.records() {
                let at = record.file_offset();
                match record.container() {
                    Container::Xdf => ranges.extend([at + 1..at + 8, at + 11..at + 20]),
                    _ => ranges.push(at + 1..at + 8),
                }
            }
        }
        // Marks and sizes of segments; of each record its markers, with the length, and all attributes, here and in the
        // directory.
        Some(Details::Rsf { segments, .. }) => {
            for segment in segments.iter().filter(|segment| segment.kind == SegmentKind::Closed) {
                let end = segment.offset + segment.size;
                ranges.extend([segment.offset + 3..segment.offset + 4, segment.offset + 36..segment.offset + 60]);
                ranges.extend([segment.directory_offset + 16..segment.directory_offset + 20, end - 36..end - 12]);
            }
            for (record, entry) in file.records().iter().zip(live_entries(bytes, &segments)) {
                let end = record.file_offset() + record.total_stored_bytes();
                ranges.extend([record.file_offset()..record.file_offset() + 12, end - 12..end - 4]);
                for words in [record.file_offset() + 16, entry + 32] {
                    ranges.push(words + 12..words + 76);
                }
                ranges.push(entry..entry + 16);
            }
        }
        _ => {}
    }
    ranges
}

/// Where the directory entries of the live records of an RSF file are.
fn live_entries(bytes: &[u8], segments: &[Segment]) -> Vec<u64> {
    let mut entries = Vec::new();
    for segment in segments {
        let mut at = usize::try_from(segment.directory_offset).expect("small") + 20;
        for _ in 0..segment.entries {
            if bytes[at + 32] == 1 {
                entries.push(at as u64);
            }
            at += 32 + 4 * usize::from(u16::from_le_bytes([bytes[at + 26], bytes[at + 27]]));
        }
    }
    entries
}

/// Damages the bytes in one place.
fn hit(random: &mut Random, bytes: &mut [u8]) {
    let at = random.below(bytes.len());
    let most = bytes.len() - at;
    let mut few = |least: usize, most_of_it: usize| most.min(least + random.below(most_of_it));
    match few(0, 7) {
        0 | 1 => {
            let length = few(1, 64);
            for byte in &mut bytes[at..at + length] {
                *byte = random.byte();
            }
        }
        2 => {
            let length = few(1, 2000);
            bytes[at..at + length].fill(0);
        }
        3 => {
            let length = few(1, 600);
            let byte = random.byte();
            bytes[at..at + length].fill(byte);
        }
        4 => {
            // A disk block at the wrong place.
            let length = few(8, 512);
            let from = random.below(bytes.len() - length + 1);
            bytes.copy_within(from..from + length, at);
        }
        _ => bytes[at] ^= 1 << random.below(8),
    }
}

fn damage(random: &mut Random, sound: &Sound) -> Vec<u8> {
    let mut bytes = sound.bytes.clone();
    for _ in 0..=random.below(6) {
        hit(random, &mut bytes);
    }
    // XDF directories are large, and mostly empty: hit what is used as often as the records.
    if sound.container == Container::Xdf && random.below(2) == 0 {
        let at = random.below(700);
        bytes[at] = random.byte();
        let at = XDF_DATA + random.below(bytes.len() - XDF_DATA);
        bytes[at] = random.byte();
    }
    if random.below(6) == 0 {
        bytes.truncate(bytes.len() - random.below(bytes.len() / 2));
    }
    bytes
}

/// What one damaged file comes to.
#[derive(Default, Debug)]
struct Tally {
    failures: Vec<String>,
    missed: usize,
    hit: usize,
    noticeable: usize,
}

fn one(seed: u32) -> Tally {
    let random = &mut Random::new(seed);
    let sound = make(random, CONTAINERS[seed as usize % 3]);
    let damaged = damage(random, &sound);
    let differs = |range: &Range<u64>| {
        let part = |bytes: &[u8]| -> Option<Vec<u8>> {
            let range = usize::try_from(range.start).expect("small")..usize::try_from(range.end).expect("small");
            bytes.get(range).map(<[u8]>::to_vec)
        };
        part(&damaged) != part(&sound.bytes)
    };
    let name = format!("file {seed}, {}", sound.container.name());
    let salvage = OpenOptions::new().salvage_source(Source::bytes(damaged.clone()));
    let mut tally = Tally::default();
    for (place, expected) in &sound.live {
        if differs(place) {
            tally.hit += 1;
            continue;
        }
        tally.missed += 1;
        let Ok(salvage) = &salvage else {
            tally.failures.push(format!("{name}: not salvaged"));
            break;
        };
        let here: Vec<_> = salvage
            .records()
            .filter(|(record, origin)| record.file_offset() == place.start && *origin != Origin::Deleted)
            .map(|(record, _)| content(salvage.file(), record))
            .collect();
        if !here.iter().flatten().any(|found| found == expected) {
            let all: Vec<_> = salvage.records().collect();
            tally
                .failures
                .push(format!("{name}: {place:?} is lost, {} descriptions: {here:?} {expected:?} {all:?}", here.len()));
        }
    }
    for place in sound.deleted.iter().filter(|place| !differs(place)) {
        let Ok(salvage) = &salvage else { break };
        let alive =
            |(record, origin): (&Record, Origin)| record.file_offset() == place.start && origin != Origin::Deleted;
        if salvage.records().any(alive) {
            tally.failures.push(format!("{name}: the deleted record at {place:?} came to life"));
        }
    }
    if sound.checked.iter().any(differs) || damaged.len() < sound.bytes.len() {
        tally.noticeable = 1;
        let noticed = File::from_bytes(damaged).map_or(true, |file| {
            let problems = file.check().expect("in memory");
            // What may also come from a writer that died, an edit, or another application.
            let notes = ["not closed", "attributes", "not one of standard files"];
            let named = |problem: &Problem| {
                problem.severity == Severity::Damage || notes.iter().any(|note| problem.what.contains(note))
            };
            problems.iter().any(named)
        });
        if !noticed {
            tally.failures.push(format!("{name}: not noticed"));
        }
    }
    tally
}

/// Bytes lost or added somewhere: what follows lies elsewhere than its directory and it itself say.
fn moved(seed: u32) -> Vec<String> {
    let random = &mut Random::new(seed);
    let sound = make(random, CONTAINERS[seed as usize % 3]);
    let mut bytes = sound.bytes.clone();
    let at = if random.below(8) == 0 { 0 } else { random.below(bytes.len()) };
    let length = 1 + random.below(200.min(bytes.len() - at));
    let removed = random.below(2) == 0;
    let (after, step) = if removed {
        bytes.drain(at..at + length);
        (at + length, -i64::try_from(length).expect("small"))
    } else {
        let garbage: Vec<u8> = (0..length).map(|_| random.byte()).collect();
        bytes.splice(at..at, garbage);
        (at, i64::try_from(length).expect("small"))
    };
    let place = |record: &Range<u64>| {
        if record.end <= at as u64 {
            Some(record.start)
        } else if record.start >= after as u64 {
            record.start.checked_add_signed(step)
        } else {
            None
        }
    };
    let name = format!("file {seed}, {}: {length} bytes {step:+} at {at}", sound.container.name());
    let Ok(salvage) = OpenOptions::new().salvage_source(Source::bytes(bytes)) else {
        return vec![format!("{name}: not salvaged")];
    };
    let mut failures = Vec::new();
    for (old, expected) in &sound.live {
        let Some(start) = place(old) else { continue };
        let here =
            salvage.records().filter(|(record, origin)| record.file_offset() == start && *origin != Origin::Deleted);
        if !here
            .map(|(record, _)| content(salvage.file(), record))
            .any(|found| found.is_ok_and(|found| found == *expected))
        {
            failures.push(format!("{name}: the record at {old:?} is lost"));
        }
    }
    for start in sound.deleted.iter().filter_map(place) {
        if salvage.records().any(|(record, origin)| record.file_offset() == start && origin != Origin::Deleted) {
            failures.push(format!("{name}: the deleted record now at {start} came to life"));
        }
    }
    failures
}

#[test]
fn bytes_lost_or_added() {
    let failures: Vec<_> = (0..300).into_par_iter().flat_map_iter(moved).collect();
    assert!(failures.is_empty(), "{} failures, such as {:#?}", failures.len(), &failures[..failures.len().min(20)]);
}

#[test]
fn a_thousand_damaged_files() {
    let tallies: Vec<_> = (0..FILES).into_par_iter().map(one).collect();
    let failures: Vec<_> = tallies.iter().flat_map(|tally| &tally.failures).collect();
    assert!(failures.is_empty(), "{} failures, such as {:#?}", failures.len(), &failures[..failures.len().min(20)]);
    let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let (missed, hit, noticeable) = (sum(|t| t.missed), sum(|t| t.hit), sum(|t| t.noticeable));
    println!("{missed} records missed and recovered, {hit} hit; {noticeable} files with damage that shows");
    assert!(missed > 5000 && hit > 1000 && noticeable > 500, "{missed} {hit} {noticeable}");
}
