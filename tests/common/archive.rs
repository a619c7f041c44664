//! Members of an archive that `numpy.savez` wrote.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

/// A file of the archive, as its central directory says.
pub fn member(zip: &[u8], name: &str) -> Option<Vec<u8>> {
    let end = zip.len() - 22;
    assert!(zip[end..].starts_with(b"PK\x05\x06"), "an archive without a comment");
    let mut entry = long(zip, end + 16);
    while zip[entry..].starts_with(b"PK\x01\x02") {
        let [method, length, extra, comment] = [10, 28, 30, 32].map(|at| short(zip, entry + at));
        if zip[entry + 46..].starts_with(name.as_bytes()) && length == name.len() {
            let local = long(zip, entry + 42);
            let begin = local + 30 + short(zip, local + 26) + short(zip, local + 28);
            let stored = &zip[begin..begin + long(zip, entry + 20)];
            let mut bytes = Vec::new();
            match method {
                0 => bytes.extend_from_slice(stored),
                _ => drop(DeflateDecoder::new(stored).read_to_end(&mut bytes).expect("deflated")),
            }
            return Some(bytes);
        }
        entry += 46 + length + extra + comment;
    }
    None
}

pub fn short(bytes: &[u8], at: usize) -> usize {
    u16::from_le_bytes([bytes[at], bytes[at + 1]]).into()
}

fn long(bytes: &[u8], at: usize) -> usize {
    short(bytes, at) | short(bytes, at + 2) << 16
}
