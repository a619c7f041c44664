//! Files of `numpy.savez`: an archive of arrays, stored without compression.

use std::io::{self, Write};

use super::write::header;

/// Values of an array.
#[derive(Clone, Copy)]
pub(crate) enum Numbers<'a> {
    Reals(&'a [f64]),
    Integers(&'a [i64]),
    /// Of 32 bits.
    Short(&'a [i32]),
}

/// An archive that is being written.
pub(crate) struct Npz<W> {
    out: W,
    /// Bytes written so far.
    at: u64,
    /// The directory at the end.
    directory: Vec<u8>,
    count: u16,
}

/// Begin of a member, of its line in the directory, and of the end.
pub(super) const MEMBER: u32 = 0x0403_4b50;
pub(super) const LINE: u32 = 0x0201_4b50;
pub(super) const END: u32 = 0x0605_4b50;
/// Version 2.0 of the format; the first day that it knows, so that equal arrays make equal files.
const VERSION: u16 = 20;
const DAY: u16 = 0x21;
/// Values turned into bytes at a time.
const PIECE: usize = 8192;

impl<W: Write> Npz<W> {
    /// An empty archive.
    pub(crate) fn new(out: W) -> Self {
        Self { out, at: 0, directory: Vec::new(), count: 0 }
    }

    /// Adds an array, the last dimension fastest.
    pub(crate) fn add(&mut self, name: &str, shape: &[usize], numbers: Numbers<'_>) -> io::Result<()> {
        let dtype = match numbers {
            Numbers::Reals(_) => "<f8",
            Numbers::Integers(_) => "<i8",
            Numbers::Short(_) => "<i4",
        };
        let shape = match shape {
            [n] => format!("({n},)"),
            _ => format!("({})", shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        };
        let head = header(dtype, false, &shape)?;
        let name = format!("{name}.npy");
        let size = head.len() as u64 + numbers.bytes();
        let (Ok(size), Ok(at)) = (u32::try_from(size), u32::try_from(self.at)) else {
            return Err(io::Error::other("more than 4 GiB of values do not go into one .npz file"));
        };
        let mut sum = Crc::new();
        sum.update(&head);
        numbers.pieces(&mut |bytes| {
            sum.update(bytes);
            Ok(())
        })?;
        // What members and lines of the directory have in common: from the version to the length of the name.
        let mut common = Vec::with_capacity(26);
        common.extend([VERSION, 0, 0, 0, DAY].iter().flat_map(|word| word.to_le_bytes()));
        common.extend([sum.value(), size, size].iter().flat_map(|word| word.to_le_bytes()));
        common.extend(u16::try_from(name.len()).map_err(io::Error::other)?.to_le_bytes());
        let mut member = MEMBER.to_le_bytes().to_vec();
        member.extend(&common);
        member.extend([0; 2]);
        member.extend(name.as_bytes());
        member.extend(head);
        self.directory.extend(LINE.to_le_bytes());
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&common);
        // No extra field, no comment, the first disk, no attributes.
        self.directory.extend([0; 12]);
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
        self.at += member.len() as u64 + numbers.bytes();
        self.out.write_all(&member)?;
        numbers.pieces(&mut |bytes| self.out.write_all(bytes))
    }

    /// Writes the directory.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let too_large = |_| io::Error::other("more than 4 GiB of values do not go into one .npz file");
        let (at, length) = (u32::try_from(self.at).map_err(too_large)?, self.directory.len());
        self.out.write_all(&self.directory)?;
        let mut end = END.to_le_bytes().to_vec();
        end.extend([0, 0, self.count, self.count].iter().flat_map(|word| word.to_le_bytes()));
        end.extend([u32::try_from(length).map_err(io::Error::other)?, at].iter().flat_map(|word| word.to_le_bytes()));
        end.extend([0; 2]);
        self.out.write_all(&end)
    }
}

impl Numbers<'_> {
    fn bytes(self) -> u64 {
        match self {
            Self::Reals(values) => size_of_val(values) as u64,
            Self::Integers(values) => size_of_val(values) as u64,
            Self::Short(values) => size_of_val(values) as u64,
        }
    }

    /// The values as bytes, in pieces.
    fn pieces(self, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(8 * PIECE);
        let mut give = |some: &mut dyn Iterator<Item = u8>| {
            bytes.clear();
            bytes.extend(some);
            each(&bytes)
        };
        match self {
            Self::Reals(values) => {
                values.chunks(PIECE).try_for_each(|some| give(&mut some.iter().flat_map(|v| v.to_le_bytes())))
            }
            Self::Integers(values) => {
                values.chunks(PIECE).try_for_each(|some| give(&mut some.iter().flat_map(|v| v.to_le_bytes())))
            }
            Self::Short(values) => {
                values.chunks(PIECE).try_for_each(|some| give(&mut some.iter().flat_map(|v| v.to_le_bytes())))
            }
        }
    }
}

/// The checksum of archives.
pub(super) struct Crc(u32);

impl Crc {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let (mut at, mut byte) = (0, 0_u32);
        while at < 256 {
            let (mut rest, mut bit) = (byte, 0);
            while bit < 8 {
                rest = if rest & 1 == 1 { rest >> 1 ^ 0xEDB8_8320 } else { rest >> 1 };
                bit += 1;
            }
            table[at] = rest;
            at += 1;
            byte += 1;
        }
        table
    };

    pub(super) fn new() -> Self {
        Self(!0)
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0 =
            bytes.iter().fold(self.0, |sum, byte| sum >> 8 ^ Self::TABLE[usize::from(sum.to_le_bytes()[0] ^ byte)]);
    }

    pub(super) fn value(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        let mut sum = Crc::new();
        sum.update(b"1234");
        sum.update(b"56789");
        assert_eq!(sum.value(), 0xCBF4_3926);
    }

    #[test]
    fn an_archive() {
        let mut bytes = Vec::new();
        let mut archive = Npz::new(&mut bytes);
        archive.add("lat", &[2, 3], Numbers::Reals(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])).expect("written");
        archive.add("index", &[1], Numbers::Integers(&[-1])).expect("written");
        archive.finish().expect("written");
        assert_eq!(bytes[..4], *b"PK\x03\x04");
        // 30 bytes and a name, a header of 128 bytes, the values.
        let second = 30 + 7 + 128 + 48;
        assert_eq!(bytes[second..second + 4], *b"PK\x03\x04");
        assert_eq!(bytes[second + 30..second + 39], *b"index.npy");
        let directory = second + 30 + 9 + 128 + 8;
        assert_eq!(bytes[directory..directory + 4], *b"PK\x01\x02");
        assert_eq!(bytes.len(), directory + 46 + 7 + 46 + 9 + 22);
    }
}
