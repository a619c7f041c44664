//! Arrays of an archive that `numpy.savez` wrote, without compression.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    path::Path,
};

use super::{
    npz::{Crc, END, LINE, MEMBER},
    read::{Array, read_from},
};

/// The longest end of an archive: its fields and a comment.
const LONGEST_END: u64 = 22 + 65_535;
/// Bytes of a directory, at most: some hundreds of thousands of arrays.
const LONGEST_DIRECTORY: u64 = 1 << 24;

/// An archive that is read.
#[derive(Debug)]
pub(crate) struct Archive {
    file: BufReader<File>,
    members: Vec<Member>,
}

/// A line of the directory.
#[derive(Debug, PartialEq)]
struct Member {
    name: String,
    /// 0: stored.
    method: u16,
    sum: u32,
    size: u64,
    at: u64,
}

impl Archive {
    /// Reads the directory.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let mut file = File::open(path).map_err(|e| e.to_string())?;
        let members = directory(&mut file)?;
        Ok(Self { file: BufReader::new(file), members })
    }

    /// The array of that name; `None` if there is none.
    pub(crate) fn array(&mut self, name: &str) -> Option<Result<Array, String>> {
        let member = self.members.iter().find(|member| member.name.strip_suffix(".npy") == Some(name))?;
        Some(read_member(&mut self.file, member).map_err(|e| format!("{name}: {e}")))
    }
}

/// The lines of the directory, which the end of the file names.
fn directory(file: &mut File) -> Result<Vec<Member>, String> {
    let failed = |e: io::Error| e.to_string();
    let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
    let from = length.saturating_sub(LONGEST_END);
    let tail = piece(file, from, length - from).map_err(failed)?;
    let end = tail.windows(22).rev().find(|end| end.starts_with(&END.to_le_bytes()));
    let end = end.ok_or("not an .npz file: no end of an archive found")?;
    let (size, at) = (u64::from(long(end, 12)), u64::from(long(end, 16)));
    if at == u64::from(u32::MAX) || size == u64::from(u32::MAX) {
        return Err("an archive of more than 4 GiB, which is not read".to_owned());
    }
    if size > LONGEST_DIRECTORY || at.checked_add(size).is_none_or(|end| end > length) {
        return Err(format!("damaged: a directory of {size} bytes at {at}, in a file of {length} bytes"));
    }
    let lines = piece(file, at, size).map_err(failed)?;
    let (mut rest, mut members) = (lines.as_slice(), Vec::new());
    while let Some((line, more)) = rest.split_at_checked(46) {
        let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(word(line, at)));
        let name = more.get(..name).filter(|_| line.starts_with(&LINE.to_le_bytes()));
        let wrong = || format!("damaged: line {} of the directory", members.len() + 1);
        let name = name.ok_or_else(wrong)?;
        rest = more.get(name.len() + extra + comment..).unwrap_or_default();
        let member = Member {
            name: String::from_utf8_lossy(name).into_owned(),
            method: word(line, 10),
            sum: long(line, 16),
            size: long(line, 24).into(),
            at: long(line, 42).into(),
        };
        // Also of those of 4 GiB and more, whose sizes are elsewhere.
        if member.method == 0 && member.at + member.size > length {
            return Err(wrong());
        }
        members.push(member);
    }
    Ok(members)
}

fn read_member(file: &mut BufReader<File>, member: &Member) -> Result<Array, String> {
    if member.method != 0 {
        return Err("compressed, which is not read: write it with numpy.savez, not savez_compressed".to_owned());
    }
    let damaged = |e: io::Error| format!("damaged: {e}");
    file.seek(SeekFrom::Start(member.at)).map_err(damaged)?;
    let mut head = [0; 30];
    file.read_exact(&mut head).map_err(damaged)?;
    if !head.starts_with(&MEMBER.to_le_bytes()) {
        return Err(format!("damaged: no member at {}", member.at));
    }
    let skipped = i64::from(word(&head, 26)) + i64::from(word(&head, 28));
    file.seek_relative(skipped).map_err(damaged)?;
    let mut summed = Summed { inner: file.take(member.size), sum: Crc::new() };
    let array = read_from(&mut summed, Some(member.size))?;
    io::copy(&mut summed, &mut io::sink()).map_err(damaged)?;
    if summed.inner.limit() > 0 {
        return Err(format!("damaged: {} bytes are not there", summed.inner.limit()));
    }
    if summed.sum.value() != member.sum {
        return Err("damaged: the checksum is another one".to_owned());
    }
    Ok(array)
}

/// Bytes of a file; an error when it ends before.
fn piece(file: &mut File, at: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn word(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

fn long(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Sums up what is read.
struct Summed<R> {
    inner: R,
    sum: Crc,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.sum.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rpnfst::Values;

    use super::super::{Npz, Numbers};
    use super::*;

    fn archive() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut archive = Npz::new(&mut bytes);
        archive.add("S", &[3], Numbers::Reals(&[0.5, 0.25, -1.0])).expect("written");
        archive.add("n_a", &[], Numbers::Integers(&[12])).expect("written");
        archive.finish().expect("written");
        bytes
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.npz");
        fs::write(&path, archive()).expect("written");
        let mut archive = Archive::open(&path).expect("an archive");
        assert_eq!(archive.array("S").expect("there").expect("read").values, Values::F64(vec![0.5, 0.25, -1.0]));
        let one = archive.array("n_a").expect("there").expect("read");
        assert_eq!((one.values, one.shape), (Values::I64(vec![12]), vec![]));
        assert!(archive.array("row").is_none());
    }

    #[test]
    fn damaged_archives_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.npz");
        let sound = archive();
        let read = |bytes: &[u8]| {
            fs::write(&path, bytes).expect("written");
            let mut archive = Archive::open(&path)?;
            archive.array("S").ok_or("gone")??;
            archive.array("n_a").ok_or("gone".to_owned())?
        };
        for length in 0..sound.len() {
            assert!(read(&sound[..length]).is_err(), "{length} bytes");
        }
        // Another value of a byte is an error, or concerns nothing that is read.
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 0xff;
            if let Ok(array) = read(&bytes) {
                assert_eq!(array.values, Values::I64(vec![12]), "byte {at}");
            }
        }
        let mut compressed = sound.clone();
        let line = sound.windows(4).position(|four| four == LINE.to_le_bytes()).expect("a directory");
        compressed[line + 10] = 8;
        assert!(read(&compressed).expect_err("compressed").contains("numpy.savez"));
    }
}
