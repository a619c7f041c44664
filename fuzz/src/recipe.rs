//! Files from a small description: our writer makes a sound one, then patches damage it. So mutations of the
//! description change fields that mean something, and the sizes and addresses that they leave alone still fit.

use arbitrary::Arbitrary;
use rpnfst::{Container, Array, DataType, File, MemoryFile, Attributes, WriteOptions, Writer, info::Details};

#[derive(Arbitrary, Debug, Clone)]
pub struct Recipe {
    /// Each session opens the file, takes its steps, and closes it.
    sessions: Vec<Vec<Step>>,
    patches: Vec<Patch>,
    /// Bytes that are cut off at the end.
    cut: Option<u16>,
    /// Makes the checksums of directory pages right again.
    reseal: bool,
}

#[derive(Arbitrary, Debug, Clone)]
enum Step {
    Write {
        name: u8,
        data_type: u8,
        pack_bits: u8,
        dims: (u8, u8, u8),
        kind: Kind,
        fill: u8,
        metadata: bool,
    },
    /// The same content under a plausible request, which is not refused.
    Plain {
        data_type: u8,
        pack_bits: u8,
        dims: (u8, u8),
        fill: u8,
    },
    Delete(u8),
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Kind {
    F32,
    F64,
    U8,
    I16,
    U32,
    Complex,
}

/// One change of the finished file.
#[derive(Arbitrary, Debug, Clone)]
struct Patch {
    place: u8,
    /// Words of four bytes from there.
    word: i8,
    value: Value,
    /// Also at the other place that says the same: the directory's and the record's own header.
    both: bool,
}

#[derive(Arbitrary, Debug, Clone)]
enum Value {
    Word(u32),
    Byte {
        at: u8,
        byte: u8,
    },
    Add(i8),
    Flip(u8),
    /// Where another place is, in the unit of the container.
    Place(u8),
    /// The words from another place on.
    Copy {
        place: u8,
        words: u8,
    },
}

/// Longest side of a field: more than the smallest compressed ones and more than one band of them.
const SIDE: u8 = 40;
const MOST_PATCHES: usize = 16;

impl Recipe {
    pub fn is_sound(&self) -> bool {
        self.patches.is_empty() && self.cut.is_none()
    }

    /// The file with the patches.
    pub fn build(&self, container: Container) -> Vec<u8> {
        let mut bytes = self.written(container);
        let places = places(&bytes);
        for patch in self.patches.iter().take(MOST_PATCHES) {
            apply(patch, &places, container, &mut bytes);
        }
        if self.reseal && container == Container::Xdf {
            reseal(&places, &mut bytes);
        }
        bytes.truncate(bytes.len().saturating_sub(self.cut.unwrap_or(0).into()));
        bytes
    }

    /// A random XDF file with sound directories, in which the patches change payloads, and what both headers of a record
    /// say of its type and dimensions.
    pub fn build_with_other_values(&self) -> Vec<u8> {
        let mut bytes = self.written(Container::Xdf);
        let all = places(&bytes);
        let places: Vec<Place> = all.iter().copied().filter(|place| place.words > 0 || place.twin.is_some()).collect();
        for patch in self.patches.iter().take(MOST_PATCHES).filter(|_| !places.is_empty()) {
            let words = places[usize::from(patch.place) % places.len()].words;
            let word = i64::from(patch.word.unsigned_abs());
            let word = if words == 0 { 2 + word % 4 } else { word % words.min(128) as i64 };
            let value = match patch.value {
                Value::Copy { .. } if words == 0 => continue,
                Value::Copy { place, words: n } => {
                    Value::Copy { place, words: n.min((words as i64 - word).min(255) as u8) }
                }
                ref other => other.clone(),
            };
            apply(&Patch { word: word as i8, value, both: true, ..*patch }, &places, Container::Xdf, &mut bytes);
        }
        reseal(&all, &mut bytes);
        bytes
    }

    /// The file without the patches.
    fn written(&self, container: Container) -> Vec<u8> {
        let memory = MemoryFile::new();
        let options = WriteOptions::new().container(container);
        options.create_sink(memory.clone()).and_then(Writer::close).expect("an empty file");
        for session in self.sessions.iter().take(4) {
            let mut writer = options.append_sink(memory.clone()).expect("a sound file");
            for step in session.iter().take(12) {
                take(step, &mut writer);
            }
            writer.close().expect("memory has room");
        }
        memory.to_vec()
    }
}

fn take(step: &Step, writer: &mut Writer) {
    match *step {
        Step::Write { name, data_type, pack_bits, dims: (ni, nj, nk), kind, fill, metadata } => {
            let mut record = Attributes::new(char::from(b'A' + name % 26).to_string())
                .ip1(fill.into())
                .data_type(DataType::new(data_type))
                .pack_bits(pack_bits);
            if metadata {
                record = record.metadata(r#"{"a":[1,2,{"b":"c"}]}"#);
            }
            // What is refused is left out.
            let _ = write(writer, &record, kind, (ni % SIDE + 1, nj % SIDE + 1, nk % 3 + 1), fill);
        }
        Step::Plain { data_type, pack_bits, dims: (ni, nj), fill } => {
            const TYPES: [(u8, Kind, u8); 12] = [
                (0, Kind::U32, 32),
                (1, Kind::F32, 16),
                (2, Kind::U32, 16),
                (3, Kind::U8, 8),
                (4, Kind::I16, 16),
                (5, Kind::F32, 32),
                (6, Kind::F32, 16),
                (7, Kind::U8, 8),
                (129, Kind::F32, 16),
                (130, Kind::U32, 16),
                (133, Kind::F32, 32),
                (134, Kind::F32, 16),
            ];
            let (code, kind, most) = TYPES[usize::from(data_type) % TYPES.len()];
            let bits = if most == 8 || code == 0 { most } else { pack_bits % most + 1 };
            let record = Attributes::new("P").data_type(DataType::new(code)).pack_bits(bits);
            let _ = write(writer, &record, kind, (ni % SIDE + 1, nj % SIDE + 1, 1), fill);
        }
        Step::Delete(which) => {
            let count = writer.record_count();
            let picked = if count == 0 { None } else { writer.records().nth(usize::from(which) % count).cloned() };
            if let Some(record) = picked {
                let _ = writer.delete(&record);
            }
        }
    }
}

fn write(writer: &mut Writer, record: &Attributes, kind: Kind, dims: (u8, u8, u8), fill: u8) -> rpnfst::Result<()> {
    let dims = (dims.0.into(), dims.1.into(), dims.2.into());
    let n: usize = dims.0 * dims.1 * dims.2;
    // Constant, smooth or wild.
    let mut state = u32::from(fill);
    let bits: Vec<u32> = (0..n)
        .map(|k| match fill % 3 {
            0 => u32::from(fill),
            1 => u32::from(fill) + k as u32,
            _ => {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> (fill % 32)
            }
        })
        .collect();
    let written = match kind {
        Kind::F32 => writer.write(record, &Array::new(bits.iter().map(|&v| v as f32).collect::<Vec<_>>(), dims)?),
        Kind::F64 => writer.write(record, &Array::new(bits.iter().map(|&v| v.into()).collect::<Vec<f64>>(), dims)?),
        Kind::U8 => writer.write(record, &Array::new(bits.iter().map(|&v| v as u8).collect::<Vec<_>>(), dims)?),
        Kind::I16 => writer.write(record, &Array::new(bits.iter().map(|&v| v as i16).collect::<Vec<_>>(), dims)?),
        Kind::U32 => writer.write(record, &Array::new(bits, dims)?),
        Kind::Complex => {
            writer.write(record, &Array::new(bits.iter().map(|&v| [v as f32, 1.0]).collect::<Vec<_>>(), dims)?)
        }
    };
    written.map(drop)
}

/// A place that patches count from, and the one that says the same, if there is one.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: usize,
    twin: Option<usize>,
    page: bool,
    /// Of a payload, how many words.
    words: u64,
}

/// Where headers, directories, entries, records, payloads and ends are in a sound file.
fn places(bytes: &[u8]) -> Vec<Place> {
    let file = File::from_bytes(bytes.to_vec()).expect("a sound file");
    let plain = |at: u64| Place { at: at as usize, twin: None, page: false, words: 0 };
    let mut places = vec![plain(0)];
    match file.first().expect("one file").info().details {
        Details::Xdf { pages, .. } => {
            for page in &pages {
                places.push(Place { page: true, ..plain(page.offset) });
            }
            for record in file.records() {
                let (page, slot) = (record.file_index() / 256, u64::from(record.file_index() % 256));
                let entry = pages.get(page as usize).map(|page| page.offset + 32 + 72 * slot);
                places.push(Place { twin: entry.map(|at| at as usize), ..plain(record.file_offset()) });
            }
        }
        Details::Rsf { segments, .. } => {
            for segment in &segments {
                places.extend([plain(segment.offset), plain(segment.offset + segment.size)]);
                if segment.directory_offset > 0 {
                    places.push(plain(segment.directory_offset));
                    entries(bytes, segment.offset as usize, segment.directory_offset as usize + 20, segment.entries)
                        .for_each(|(entry, record)| {
                            places.push(Place { at: entry, twin: None, page: false, words: 0 });
                            places.push(Place { at: entry + 32, twin: Some(record + 16), page: false, words: 0 });
                        });
                }
            }
        }
        _ => {}
    }
    for record in file.records() {
        let (payload, length) = record.payload_extent();
        places.extend([plain(record.file_offset()), plain(record.file_offset() + record.total_stored_bytes())]);
        places.push(Place { words: length / 4, ..plain(payload) });
    }
    places.push(plain(bytes.len() as u64));
    places
}

/// Each entry of an RSF directory and its record.
fn entries(bytes: &[u8], segment: usize, mut at: usize, count: u32) -> impl Iterator<Item = (usize, usize)> {
    let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    (0..count).map(move |_| {
        let words = if half(at + 26) == 0 { half(at + 24) } else { half(at + 26) };
        let offset = u32::from_le_bytes([bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7]]);
        let entry = at;
        at += 32 + 4 * usize::from(words);
        (entry, segment + offset as usize)
    })
}

fn apply(patch: &Patch, places: &[Place], container: Container, bytes: &mut [u8]) {
    let pick = |place: u8| places[usize::from(place) % places.len()];
    let place = pick(patch.place);
    let source = match &patch.value {
        Value::Copy { place, words } => {
            let from = pick(*place).at.min(bytes.len());
            bytes[from..(from + 4 * usize::from(*words)).min(bytes.len())].to_vec()
        }
        _ => Vec::new(),
    };
    for at in [Some(place.at), place.twin.filter(|_| patch.both)].into_iter().flatten() {
        let Some(at) = at.checked_add_signed(4 * isize::from(patch.word)) else { continue };
        if let Value::Copy { .. } = patch.value {
            let n = source.len().min(bytes.len().saturating_sub(at));
            if n > 0 {
                bytes[at..at + n].copy_from_slice(&source[..n]);
            }
            continue;
        }
        let Some(slot) = bytes.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<4>()) else { continue };
        let little = container == Container::Rsf;
        let old = if little { u32::from_le_bytes(*slot) } else { u32::from_be_bytes(*slot) };
        let word = match patch.value {
            Value::Word(word) => word,
            Value::Byte { at, byte } => {
                slot[usize::from(at) % 4] = byte;
                continue;
            }
            Value::Add(more) => old.wrapping_add_signed(more.into()),
            Value::Flip(bit) => old ^ 1 << (bit % 32),
            Value::Place(other) if little => pick(other).at as u32,
            Value::Place(other) => (pick(other).at / 8 + 1) as u32,
            Value::Copy { .. } => continue,
        };
        *slot = if little { word.to_le_bytes() } else { word.to_be_bytes() };
    }
}

fn reseal(places: &[Place], bytes: &mut [u8]) {
    for page in places.iter().filter(|place| place.page) {
        let Some(page) = bytes.get_mut(page.at..page.at + 18_464) else { continue };
        page[24..28].fill(0);
        let sum = page[16..].as_chunks().0.iter().fold(0, |sum, word| sum ^ u32::from_be_bytes(*word));
        page[24..28].copy_from_slice(&sum.to_be_bytes());
    }
}
