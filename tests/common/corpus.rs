//! Small files of our own writer, made in memory: every container with every data type, so small that all of their bits
//! can be tried.

use rpnfst::{
    Array, Attributes, Container, DataType, File, Mask, MemoryFile, Record, Result, WriteOptions, Writer,
    info::{Details, Segment},
};

pub const CONTAINERS: [Container; 3] = [Container::Xdf, Container::XdfSequential, Container::Rsf];

/// Bytes of an XDF file before its records, and where the slots of its first directory page begin.
pub const XDF_DATA: usize = 208 + 18464;
pub const XDF_SLOTS: usize = 208 + 32;

/// Data types that files hold; the flag 64 where some values are missing.
pub const TYPES: [u8; 24] = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    64 + 1,
    64 + 2,
    64 + 4,
    64 + 5,
    64 + 6,
    129,
    130,
    133,
    134,
    193,
    194,
    197,
    198,
    128,
    192,
];
/// In place of the types that do not exist: reals and integers of 64 bits.
const LONG_REALS: u8 = 128;
const LONG_INTEGERS: u8 = 192;

/// A file and what is in it.
pub struct Made {
    pub name: String,
    pub bytes: Vec<u8>,
    pub container: Container,
}

impl Made {
    pub fn new(name: &str, container: Container, memory: &MemoryFile) -> Self {
        Self { name: format!("{name} {}", container.name()), bytes: memory.to_vec(), container }
    }

    /// Positions of the bytes that mean something: all, but in XDF those of empty slots.
    pub fn used(&self) -> Vec<usize> {
        let file = File::from_bytes(self.bytes.clone()).expect("sound");
        let slots = match file.first().map(|member| member.info().details) {
            Some(Details::Xdf { pages, .. }) => pages.first().map(|page| page.used as usize),
            _ => None,
        };
        let empty = slots.map_or(0..0, |used| XDF_SLOTS + 72 * used..XDF_DATA);
        (0..self.bytes.len()).filter(|at| !empty.contains(at)).collect()
    }
}

impl Made {
    /// Positions of the bytes of the records and of their directory.
    pub fn of_records(&self) -> Vec<usize> {
        let file = File::from_bytes(self.bytes.clone()).expect("sound");
        let mut ranges = Vec::new();
        match file.first().map(|member| member.info().details) {
            Some(Details::Rsf { segments, .. }) => {
                let directory = |s: &Segment| s.directory_offset..s.directory_offset + s.directory_bytes;
                ranges.extend(segments.iter().map(directory));
            }
            _ if self.container == Container::Xdf => ranges.push(208..XDF_DATA as u64),
            _ => {}
        }
        ranges.extend(
            file.records()
                .iter()
                .map(|record| record.file_offset()..record.file_offset() + record.total_stored_bytes()),
        );
        let mut used = self.used();
        used.retain(|&at| ranges.iter().any(|range| range.contains(&(at as u64))));
        used
    }
}

/// Writes a record of one of [`TYPES`]; `None` where the container cannot hold it. `seed` changes the values.
pub fn write(writer: &mut Writer, code: u8, seed: u16, record: Attributes) -> Option<Record> {
    let record =
        if code == LONG_REALS || code == LONG_INTEGERS { record } else { record.data_type(DataType::new(code)) };
    // 16 x 16 is the least for compressed reals; others are smaller.
    let dims = match code {
        129 | 130 | 134 | 133 | 193.. if code != LONG_INTEGERS => (16, 16, 1),
        _ => (3, 2, 2),
    };
    // A plain with a slope, which compresses.
    let number = |k: usize| u16::try_from(k % dims.0 * (k / dims.0 / 11)).unwrap_or(0) + seed % 23;
    let n = dims.0 * dims.1 * dims.2;
    let mask: Option<Mask> = (code & 64 != 0 && code != LONG_INTEGERS).then(|| (0..n).map(|k| k % 100 == 3).collect());
    macro_rules! put {
        ($bits:expr, $value:expr) => {{
            let data = Array::new((0..n).map($value).collect::<Vec<_>>(), dims).expect("as many as points");
            let data = if let Some(mask) = mask { data.with_missing(mask).expect("a bit each") } else { data };
            writer.write(&record.pack_bits($bits), &data)
        }};
    }
    let real = |k: usize| f32::from(number(k)) / 8.0 - 1.0;
    let written = match code {
        0 => writer.write(&record.pack_bits(32), &Array::words(&[1, 2, 3, u32::from(seed)], (2, 2, 1)).expect("dims")),
        LONG_REALS => put!(64, |k| f64::from(real(k))),
        LONG_INTEGERS if writer.container() != Container::Rsf => return None,
        LONG_INTEGERS => put!(64, |k| u64::from(number(k)) << 40),
        3 | 7 => put!(8, |k| b'A' + u8::try_from(number(k) % 26).unwrap_or(0)),
        8 => put!(32, |k| [real(k), -real(k)]),
        _ => match code & 0x3F {
            2 => put!(7, |k| u32::from(number(k))),
            4 => put!(8, |k| i32::from(number(k)) - 10),
            5 => put!(32, real),
            1 => put!(16, real),
            _ => put!(12, real),
        },
    };
    let written = written.unwrap_or_else(|e| panic!("type {code}: {e}"));
    let expected = if code == LONG_REALS {
        5
    } else if code == LONG_INTEGERS {
        2
    } else {
        code
    };
    assert_eq!(written.data_type().code(), expected, "{code}");
    Some(written)
}

fn options(container: Container) -> WriteOptions {
    WriteOptions::new().container(container)
}

/// One file for each container and data type, with one record each.
pub fn of_types() -> Vec<Made> {
    let mut list = Vec::new();
    for container in CONTAINERS {
        for code in TYPES {
            let memory = MemoryFile::new();
            let mut writer = options(container).create_sink(memory.clone()).expect("in memory");
            if write(&mut writer, code, 5, Attributes::new("TT").etiket("TYPES").ip1(500)).is_some() {
                writer.close().expect("in memory");
                list.push(Made::new(&format!("type {code}"), container, &memory));
            }
        }
    }
    list
}

/// One file for each container with what else there is: several sessions, a deleted and an edited record, a field with
/// its mask, extended metadata.
pub fn of_structures() -> Vec<Made> {
    let make = |container| -> Result<Made> {
        let memory = MemoryFile::new();
        let mut writer = options(container).create_sink(memory.clone())?;
        let record = |nomvar: &str| Attributes::new(nomvar).etiket("STRUCTURE").grtyp('Z').ig(1, 2, 3, 4);
        let mut records = Vec::new();
        for (k, code) in [5, 2, 7].into_iter().enumerate() {
            records.extend(write(&mut writer, code, u16::try_from(k).unwrap_or(0), record("TT").ip2(12)));
        }
        writer.commit()?;
        writer.delete(&records[1])?;
        if container != Container::XdfSequential {
            writer.edit(&records[2], &Attributes::from(&records[2]).nomvar("UU"))?;
        }
        writer.close()?;
        let mut writer = options(container).append_sink(memory.clone())?;
        write(&mut writer, 134, 9, record("GL").typvar("P@"));
        let mask = Array::new(vec![1_u32; 256], (16, 16, 1))?;
        writer.write(&record("GL").typvar("@@").data_type(DataType::UNSIGNED).pack_bits(1), &mask)?;
        if container == Container::Rsf {
            write(&mut writer, 6, 3, record("META").metadata(r#"{"unit":"K","levels":[1,2,3]}"#));
        }
        writer.close()?;
        Ok(Made::new("structure", container, &memory))
    };
    CONTAINERS.into_iter().map(|container| make(container).expect("in memory")).collect()
}

/// Some records of six values, `ip1` their number.
pub fn small_file(container: Container, count: u16) -> Result<Vec<u8>> {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
    for k in 0..count {
        writer.write(&Attributes::new("TT").ip1(k.into()), &Array::new(vec![f32::from(k); 6], (3, 2, 1))?)?;
    }
    writer.close()?;
    Ok(memory.to_vec())
}
