//! The checksums of an index, by which a cut or changed one is told from a sound one before Parquet's code sees it.
//!
//! They stand between the last page and the footer, where no reader of Parquet looks: footers name the places of what they
//! mean, and are themselves found from the end of the file.

use std::io::{self, Write};

use rayon::prelude::*;
use twox_hash::XxHash64;

const MAGIC: &[u8; 8] = b"RPNFSTIX";
/// Magic, checksum of what is before, checksum of what is behind.
const SEAL: usize = 24;
/// Length of the footer and `PAR1`.
const TAIL: usize = 8;
/// Bytes that one thread sums up at a time.
const BLOCK: usize = 1 << 20;

/// Why an index cannot be believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Broken {
    /// It is not Parquet, or not ours.
    Foreign(&'static str),
    /// It was cut or changed.
    Damaged(&'static str),
}

/// Where the footer begins, told by the end of a Parquet file.
fn footer(bytes: &[u8]) -> Option<usize> {
    let tail: &[u8; TAIL] = bytes.last_chunk()?;
    let [a, b, c, d, magic @ ..] = *tail;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    (magic == *b"PAR1").then_some(())?;
    bytes.len().checked_sub(TAIL)?.checked_sub(length)
}

fn sum(bytes: &[u8]) -> [u8; 8] {
    let blocks: Vec<[u8; 8]> = bytes.par_chunks(BLOCK).map(|block| XxHash64::oneshot(0, block).to_le_bytes()).collect();
    XxHash64::oneshot(bytes.len() as u64, blocks.as_flattened()).to_le_bytes()
}

/// Writes a Parquet file with its checksums.
pub(crate) fn write(parquet: &[u8], out: &mut impl Write) -> io::Result<()> {
    let at = footer(parquet).ok_or(io::ErrorKind::InvalidData)?;
    let (pages, footer) = parquet.split_at(at);
    for part in [pages, MAGIC, &sum(pages), &sum(footer), footer] {
        out.write_all(part)?;
    }
    Ok(())
}

/// Whether a file is as [`write`] made it.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Broken> {
    if !bytes.starts_with(b"PAR1") {
        return Err(Broken::Foreign("it does not begin as Parquet"));
    }
    let at = footer(bytes).ok_or(Broken::Damaged("its end is missing"))?;
    let (before, footer) = bytes.split_at(at);
    let Some((pages, [magic @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _])) = before.split_last_chunk::<SEAL>()
    else {
        return Err(Broken::Foreign("it has no checksums"));
    };
    if magic != MAGIC {
        return Err(Broken::Foreign("a Parquet file of another program, or changed by one"));
    }
    let sums = before.last_chunk::<16>().map(|sums| *sums == *[sum(pages), sum(footer)].as_flattened());
    if sums == Some(true) { Ok(()) } else { Err(Broken::Damaged("its checksums do not agree")) }
}

/// The Parquet file as it was.
#[cfg(test)]
pub(crate) fn remove(bytes: &[u8]) -> Option<Vec<u8>> {
    let (before, footer) = bytes.split_at(footer(bytes)?);
    let (pages, _) = before.split_last_chunk::<SEAL>()?;
    Some([pages, footer].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_noticed() {
        let parquet = [b"PAR1".as_slice(), &[7; 100], b"foot", &4_u32.to_le_bytes(), b"PAR1"].concat();
        let mut sealed = Vec::new();
        write(&parquet, &mut sealed).expect("a vector");
        assert_eq!(check(&sealed), Ok(()));
        assert_eq!(check(&parquet), Err(Broken::Foreign("a Parquet file of another program, or changed by one")));
        for length in 0..sealed.len() {
            assert!(check(&sealed[..length]).is_err(), "{length} bytes");
        }
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(check(&changed).is_err(), "bit {bit}");
        }
    }
}
