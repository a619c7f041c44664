//! Files made to cost as much as possible: many records in few bytes, records and pages in each other, claims of any size.
//!
//! Each function takes roughly how many bytes the file is to have.

use rpnfst::{Array, Attributes, Container, MemoryFile, WriteOptions};

use super::corpus::{XDF_DATA, XDF_SLOTS};

/// All of them, with names.
pub fn all(size: usize) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("xdf: many records", xdf_records(size, |_, _| 10, false)),
        ("xdf: many records, listed", xdf_records(size, |_, _| 10, true)),
        ("xdf: lengths beyond the end", xdf_records(size, |_, _| 0xFF_FFFF, false)),
        ("xdf: lengths to the middle of nothing", xdf_records(size, |_, rest| 10 + rest / 2, true)),
        ("xdf: records in records", xdf_records(size, |_, rest| rest, false)),
        ("xdf: records in records, listed", xdf_records(size, |_, rest| rest, true)),
        ("xdf: one record many times", xdf_same(size)),
        ("xdf: pages in pages", xdf_pages(size)),
        ("xdf: addresses everywhere", xdf_addresses(size)),
        ("xdf: moved records", xdf_moved(size, |at| at)),
        ("xdf: moved records that disagree", xdf_moved(size, |at| at * 7 % 1000)),
        ("sequential: many records", sequential(xdf_records(size, |_, _| 10, false))),
        ("sequential: lengths beyond the end", sequential(xdf_records(size, |_, _| 0xFF_FFFF, false))),
        ("rsf: many markers", rsf_markers(size, 0)),
        ("rsf: many markers, apart", rsf_markers(size, 4)),
        ("rsf: marks everywhere", rsf_marks(size)),
        ("rsf: records in records, listed", rsf_nested(size)),
        ("rsf: many segments", rsf_segments(size, 72)),
        ("rsf: open segments", rsf_segments(size, 0)),
        ("rsf: short entries", rsf_entries(size)),
    ]
}

/// A file of our writer with one small record.
pub fn plain(container: Container) -> Vec<u8> {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().container(container).create_sink(memory.clone()).expect("in memory");
    writer.write(&Attributes::new("TT"), &Array::new(vec![1.0_f32; 6], (3, 2, 1)).expect("dims")).expect("in memory");
    writer.close().expect("in memory");
    memory.to_vec()
}

pub fn put(bytes: &mut [u8], at: usize, word: usize) {
    bytes[at..at + 4].copy_from_slice(&u32::try_from(word).expect("a word").to_be_bytes());
}

/// A quantity of RSF, the most significant word first.
pub fn put_u64p(bytes: &mut [u8], at: usize, value: u64) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    bytes[at..at + 8].copy_from_slice(&[e, f, g, h, a, b, c, d]);
}

/// Records of 80 bytes one after the other. `length` gives what each claims, from its place and the units that follow.
fn xdf_records(size: usize, length: impl Fn(usize, usize) -> usize, listed: bool) -> Vec<u8> {
    let plain = plain(Container::Xdf);
    let (head, record) = (&plain[..208], &plain[XDF_DATA..XDF_DATA + 80]);
    let count = size / if listed { 152 } else { 80 };
    let pages = if listed { count.div_ceil(256) } else { 1 };
    let start = 208 + 18464 * pages;
    let mut bytes = vec![0; start + 80 * count];
    bytes[..208].copy_from_slice(head);
    let units = bytes.len() / 8;
    put(&mut bytes, 16, units);
    put(&mut bytes, 28, pages);
    for page in 0..pages {
        let at = 208 + 18464 * page;
        put(&mut bytes, at, 2308);
        put(&mut bytes, at + 4, at / 8 + 1);
        put(&mut bytes, at + 16, if page + 1 < pages { (at + 18464) / 8 + 1 } else { 0 });
        put(&mut bytes, at + 20, if listed { 256.min(count - 256 * page) } else { 0 });
    }
    for k in 0..count {
        let at = start + 80 * k;
        bytes[at..at + 80].copy_from_slice(record);
        let claimed = length(at, units - at / 8).min(0xFF_FFFF);
        put(&mut bytes, at, 1 << 24 | claimed);
        put(&mut bytes, at + 4, at / 8 + 1);
        if listed {
            bytes.copy_within(at..at + 72, 208 + 18464 * (k / 256) + 32 + 72 * (k % 256));
        }
    }
    bytes
}

/// A directory with one record again and again, which has half of the file.
fn xdf_same(size: usize) -> Vec<u8> {
    let mut bytes = xdf_records(size, |_, rest| rest, true);
    let entry = bytes[XDF_SLOTS..XDF_SLOTS + 72].to_vec();
    let pages = u32::from_be_bytes([bytes[28], bytes[29], bytes[30], bytes[31]]) as usize;
    for slot in 0..256 * pages {
        let at = XDF_SLOTS + 18464 * (slot / 256) + 72 * (slot % 256);
        bytes[at..at + 72].copy_from_slice(&entry);
    }
    bytes
}

/// Directory pages one slot apart: each header lies in a slot of the pages before it.
fn xdf_pages(size: usize) -> Vec<u8> {
    let plain = plain(Container::Xdf);
    let pages = size / 72;
    let mut bytes = vec![0; 208 + 72 * pages + 18464];
    bytes[..208].copy_from_slice(&plain[..208]);
    put(&mut bytes, 28, pages);
    let entry = &plain[XDF_SLOTS..XDF_SLOTS + 72];
    for slot in 0..pages + 256 {
        let at = 208 + 32 + 72 * slot;
        bytes[at..at + 72].copy_from_slice(entry);
    }
    for page in 0..pages {
        let at = 208 + 72 * page;
        put(&mut bytes, at, 2308);
        put(&mut bytes, at + 4, at / 8 + 1);
        put(&mut bytes, at + 16, (at + 72) / 8 + 1);
        put(&mut bytes, at + 20, 256);
    }
    bytes
}

/// Every unit begins with what a record may, and has its own address.
fn xdf_addresses(size: usize) -> Vec<u8> {
    let plain = plain(Container::Xdf);
    let mut bytes = vec![0; size.next_multiple_of(8)];
    for at in (0..bytes.len()).step_by(8) {
        put(&mut bytes, at, 1 << 24 | 0xC);
        put(&mut bytes, at + 4, at / 8 + 1);
    }
    bytes[..208].copy_from_slice(&plain[..208]);
    bytes
}

/// Records three bytes behind the place that `address` gives.
fn xdf_moved(size: usize, address: impl Fn(usize) -> usize) -> Vec<u8> {
    let mut bytes = xdf_records(size, |_, _| 10, false);
    for at in (XDF_DATA..bytes.len()).step_by(80) {
        put(&mut bytes, at + 4, address(at / 8) + 1);
    }
    bytes.splice(XDF_DATA..XDF_DATA, *b"abc");
    bytes
}

fn sequential(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[12..16].copy_from_slice(b"STDS");
    bytes.drain(208..XDF_DATA);
    let units = XDF_DATA / 8 - 26;
    for at in (208..bytes.len()).step_by(80) {
        let old = u32::from_be_bytes([bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7]]) as usize;
        put(&mut bytes, at + 4, old - units);
    }
    bytes
}

/// The shortest records, `apart` bytes between them.
fn rsf_markers(size: usize, apart: usize) -> Vec<u8> {
    let mut bytes = plain(Container::Rsf)[..140].to_vec();
    while bytes.len() < size {
        bytes.extend([0, 0, 0, 0xFE, 0, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0xFF]);
        bytes.resize(bytes.len() + apart, 0x41);
    }
    bytes
}

/// Every word looks like the beginning of a record.
fn rsf_marks(size: usize) -> Vec<u8> {
    let mut bytes = plain(Container::Rsf)[..140].to_vec();
    while bytes.len() < size {
        bytes.extend([1, 0, 0, 0xFE]);
    }
    bytes
}

/// Records each of which has the next ones in its payload, all listed.
fn rsf_nested(size: usize) -> Vec<u8> {
    let plain = plain(Container::Rsf);
    let record = 212..212 + 16 + 76; // behind the empty segment and the start of the second one
    let count = size / (104 + 12 + 108);
    let mut bytes = plain[..record.start].to_vec();
    let end = record.start + 104 * count + 12 * count;
    let mut entries = Vec::new();
    for k in 0..count {
        let length = (end - record.start - (104 + 12) * k) as u64;
        let at = bytes.len();
        bytes.extend_from_slice(&plain[record.clone()]);
        put_u64p(&mut bytes, at + 4, length);
        let begin = entries.len();
        entries.resize(begin + 32, 0);
        put_u64p(&mut entries, begin, (at - 140) as u64);
        put_u64p(&mut entries, begin + 8, length);
        entries[begin + 24..begin + 28].copy_from_slice(&[19, 0, 19, 0]);
        entries.extend_from_slice(&plain[record.start + 16..record.end]);
        // Twelve bytes of payload.
        bytes.resize(bytes.len() + 12, 0);
    }
    bytes.resize(end, 0);
    for k in 0..count {
        let last = end - 12 * (k + 1);
        put_u64p(&mut bytes, last, (end - record.start - (104 + 12) * k) as u64);
        bytes[last + 8..last + 12].copy_from_slice(&[1, 19, 0, 0xFF]);
    }
    directory(bytes, &entries, count)
}

/// A second segment, begun at byte 140, closed with a directory.
fn directory(mut bytes: Vec<u8>, entries: &[u8], count: usize) -> Vec<u8> {
    let at = bytes.len();
    let length = 20 + entries.len() + 12;
    bytes.extend([6, 1, 0, 0xFE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    put_u64p(&mut bytes, at + 4, length as u64);
    bytes.extend(u32::try_from(count).expect("a word").to_le_bytes());
    bytes.extend_from_slice(entries);
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 0, 6, 1, 0, 0xFF]);
    let end = bytes.len();
    put_u64p(&mut bytes, end - 12, length as u64);
    bytes.resize(end + 68, 0);
    for (field, value) in [(28, end - 140), (36, bytes.len() - 140), (44, at - 140), (52, length)] {
        put_u64p(&mut bytes, 140 + field, value as u64);
    }
    bytes
}

/// Segments as short as can be; of no length they are open.
fn rsf_segments(size: usize, total: u64) -> Vec<u8> {
    let mut bytes = plain(Container::Rsf)[..140].to_vec();
    let mut start = bytes[..72].to_vec();
    put_u64p(&mut start, 28, total);
    put_u64p(&mut start, 36, total);
    while bytes.len() < size {
        bytes.extend_from_slice(&start);
    }
    bytes
}

/// A directory of entries without metadata.
fn rsf_entries(size: usize) -> Vec<u8> {
    let bytes = plain(Container::Rsf)[..212].to_vec();
    let count = size / 32;
    directory(bytes, &vec![0; 32 * count], count)
}
