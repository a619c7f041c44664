//! Files of librmn 20.1 written again from what is in them: the same bytes, but for those that librmn leaves undefined.
//!
//! Not written again: `rsf_version0` (our files have version 1), `unclosed` (a dead writer's), `quirks` (what librmn writes
//! wrongly), `from19` (a file of librmn 19.5: `oracle/tests/it/cross_write.rs`).

use std::collections::BTreeMap;

use crate::common::{
    Fixture, fixtures,
    inputs::Inputs,
    original::{Original, Segment},
    payload::{meaningful, used_bits},
};
use rpnfst::{
    Attributes, Compression, Container, DataType, File, MemoryFile, ReadAt as _, Record, Rules, Writable, WriteAt as _,
    WriteOptions, Writer,
};
use rpnfst_codecs::Stored;

const SKIPPED: [&str; 4] = ["rsf_version0", "unclosed", "quirks", "from19"];

/// How the records of the files came to be.
#[derive(Default, Debug)]
struct Tally {
    files: usize,
    /// From their decoded values or the arrays given to librmn.
    encoded: usize,
    /// Payloads taken over: packing decoded values again gives other ones.
    copied: BTreeMap<String, usize>,
}

/// What a record is to be written with.
struct Request {
    record: Attributes,
    values: Option<Box<dyn Writable>>,
}

#[test]
fn librmn_files() {
    let mut tally = Tally::default();
    for fixture in fixtures() {
        let name = fixture.name();
        if SKIPPED.iter().any(|skipped| name.contains(skipped)) {
            continue;
        }
        let original = Original::of(&fixture.bytes);
        let compression = if name.contains("_fast") { Compression::Fast } else { Compression::Normal };
        let file = File::from_bytes(fixture.bytes.clone()).expect("sound");
        let container = file.first().expect("one file").container();
        let options =
            WriteOptions::new().container(container).rules(Rules::Like(rpnfst::Librmn::V20)).compression(compression);
        let requests = requests(&fixture, &file, &original, &options, &mut tally);
        let written = match container {
            Container::Rsf => write_rsf(&options, &original, &requests, name.contains("parallel")),
            _ => write_session(&options, &MemoryFile::new(), &original, 0..requests.len(), &requests),
        };
        finish(&options, &written, &original, &file);
        compare(&name, &fixture.bytes, &written.to_vec(), &original);
        tally.files += 1;
    }
    println!("{tally:?}");
    let copied: usize = tally.copied.values().sum();
    assert!(tally.files > 20 && tally.encoded > 10 * copied, "{tally:?}");
}

/// Each record of a file as it was when it was written, with values that are packed to the same payload.
fn requests(
    fixture: &Fixture,
    file: &File,
    original: &Original,
    options: &WriteOptions,
    tally: &mut Tally,
) -> Vec<Request> {
    let mut requested: BTreeMap<u32, (u8, u8)> = BTreeMap::new();
    for (record, json) in file.records().iter().zip(fixture.records()) {
        let asked = &json["requested"];
        if let (Some(data_type), Some(bits)) = (asked["data_type"].as_u64(), asked["pack_bits"].as_u64()) {
            let small = |n: u64| u8::try_from(n).expect("small");
            requested.insert(record.file_index(), (small(data_type), small(bits)));
        }
    }
    let inputs = Inputs::of(fixture);
    let mut requests = Vec::new();
    for record in original.file.records() {
        let text = original.file.metadata_text(record).expect("text");
        let mut new = Attributes::from(record);
        if let Some(text) = &text {
            new = new.metadata(original.padded(record, text));
        }
        let mut candidates = vec![new.clone()];
        if let Some(&(data_type, bits)) = requested.get(&record.file_index()) {
            candidates.insert(0, new.clone().data_type(DataType::new(data_type)).pack_bits(bits));
        }
        // The second stage leaves no trace in a field that it could not compress, but for the length.
        let turbo = DataType::new(record.data_type().code() | DataType::TURBO_FLAG);
        candidates.push(new.clone().data_type(turbo));
        let wanted = payload_of(&original.file, record);
        let decoded: Box<dyn Writable> = Box::new(original.file.read(record).expect("decodes"));
        let mut values = std::iter::once(decoded).chain(inputs.candidates(record));
        let fits = values.find_map(|values| {
            let fits = candidates.iter().find(|new| packed(options, new, &*values).as_ref() == Some(&wanted))?;
            Some(Request { record: fits.clone(), values: Some(values) })
        });
        if let Some(request) = fits {
            tally.encoded += 1;
            requests.push(request);
        } else {
            let kind = format!("{}: type {}", fixture.name(), record.data_type().code());
            *tally.copied.entry(kind).or_default() += 1;
            requests.push(Request { record: new, values: None });
        }
    }
    requests
}

/// Type, bits, length and meaningful bits of a payload.
type Payload = (Stored, usize, Vec<u8>);

fn packed(options: &WriteOptions, record: &Attributes, field: &(impl Writable + ?Sized)) -> Option<Payload> {
    let memory = MemoryFile::new();
    let mut writer = options.create_sink(memory.clone()).expect("in memory");
    let written = writer.write(record, field).ok()?;
    writer.close().expect("in memory");
    Some(payload_of(&File::from_bytes(memory.to_vec()).expect("sound"), &written))
}

fn payload_of(file: &File, record: &Record) -> Payload {
    let payload = file.payload(record).expect("there");
    let (stored, bytes) = defined(record, &payload);
    (stored, payload.len(), bytes)
}

/// The defined part of a payload.
fn defined(record: &Record, payload: &[u8]) -> (Stored, Vec<u8>) {
    let mut payload = payload.to_vec();
    if record.container() == Container::Rsf {
        payload.as_chunks_mut::<4>().0.iter_mut().for_each(|word| word.reverse());
    }
    let (data_type, pack_bits) = (record.data_type(), record.pack_bits());
    let stored = Stored { data_type, pack_bits, data_bits: record.stored_data_bits() };
    let used = used_bits(stored, record.shape(), &payload);
    (stored, meaningful(&payload, used, stored))
}

fn write(writer: &mut Writer, original: &Original, request: &Request, index: usize) {
    let record = &original.file.records()[index];
    let written = match &request.values {
        Some(values) => writer.write(&request.record, &**values),
        None => writer.copy_as(&original.file, record, &request.record),
    };
    written.unwrap_or_else(|e| panic!("{record:?}: {e}"));
}

/// One opening of a file.
fn write_session(
    options: &WriteOptions,
    memory: &MemoryFile,
    original: &Original,
    which: std::ops::Range<usize>,
    requests: &[Request],
) -> MemoryFile {
    let mut writer = options.append_sink(memory.clone()).expect("in memory");
    for index in which {
        write(&mut writer, original, &requests[index], index);
    }
    writer.close().expect("in memory");
    memory.clone()
}

/// Every segment is an opening, every empty one a file of its own behind the others.
fn write_rsf(options: &WriteOptions, original: &Original, requests: &[Request], parallel: bool) -> MemoryFile {
    let whole = MemoryFile::new();
    let mut sharing = Vec::new();
    for segment in &original.segments {
        match segment {
            Segment::Empty => {
                let piece = MemoryFile::new();
                options.create_sink(piece.clone()).and_then(Writer::close).expect("in memory");
                let end = whole.size().expect("in memory");
                whole.write_at(&piece.to_vec(), end).expect("in memory");
            }
            Segment::Records(which) if parallel => {
                let mut writer = options.clone().shared(1 << 20).append_sink(whole.clone()).expect("in memory");
                which.clone().for_each(|index| write(&mut writer, original, &requests[index], index));
                sharing.push(writer);
            }
            Segment::Records(which) => drop(write_session(options, &whole, original, which.clone(), requests)),
            Segment::Filler => {}
        }
    }
    for writer in sharing {
        writer.close().expect("in memory");
    }
    whole
}

/// Edits and deletes what was edited and deleted since.
fn finish(options: &WriteOptions, written: &MemoryFile, original: &Original, file: &File) {
    let mut writer = options.append_sink(written.clone()).expect("in memory");
    let mine: Vec<Record> = writer.records().cloned().collect();
    let live: BTreeMap<u32, &Record> = file.records().iter().map(|r| (r.file_index(), r)).collect();
    for (old, record) in original.file.records().iter().zip(&mine) {
        let Some(last) = live.get(&old.file_index()) else {
            writer.delete(record).expect("in memory");
            continue;
        };
        let text = file.metadata_text(last).expect("text");
        let padded = text.as_ref().map(|text| original.padded(old, text));
        if Attributes::from(*last) != Attributes::from(old) || padded != text {
            let mut edit = Attributes::from(*last);
            if let Some(text) = text {
                edit = edit.metadata(text);
            }
            writer.edit(record, &edit).expect("in memory");
        }
    }
    writer.close().expect("in memory");
}

/// All bytes, but for the undefined ones.
fn compare(name: &str, theirs: &[u8], ours: &[u8], original: &Original) {
    assert_eq!(theirs.len(), ours.len(), "{name}");
    let [theirs, ours] = [theirs, ours].map(|bytes| {
        let mut bytes = bytes.to_vec();
        original.undefined.iter().for_each(|range| bytes[range.clone()].fill(0));
        for record in original.file.records() {
            let (start, length) = record.payload_extent();
            let start = usize::try_from(start).expect("small");
            let payload = &mut bytes[start..start + usize::try_from(length).expect("small")];
            let (_, defined) = defined(record, payload);
            payload.fill(0);
            payload[..defined.len()].copy_from_slice(&defined);
        }
        bytes
    });
    if let Some(at) = theirs.iter().zip(&ours).position(|(a, b)| a != b) {
        let of = original
            .file
            .records()
            .iter()
            .find(|r| (r.file_offset()..r.file_offset() + r.total_stored_bytes()).contains(&(at as u64)));
        panic!("{name}: byte {at} ({of:?}): librmn {:#x}, rpnfst {:#x}", theirs[at], ours[at]);
    }
}
