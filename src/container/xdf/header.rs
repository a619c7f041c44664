//! The header of an XDF file, and the header of a directory page.

use byteorder::{BigEndian, ByteOrder};
use nom::{
    IResult, Parser,
    bytes::complete::tag_no_case,
    number::complete::{be_u16, be_u32},
};

/// Bytes of the fixed part of the file header.
pub(crate) const HEADER_BYTES: u64 = HEADER_SIZE as u64;
pub(crate) const HEADER_SIZE: usize = 64;
/// Keys that standard files declare.
const PRIMARY_KEYS: u16 = 16;
const AUXILIARY_KEYS: u16 = 2;
/// Length of a header with their descriptors, in units of 64 bits.
const FRESH_UNITS: u32 = 8 + (PRIMARY_KEYS + AUXILIARY_KEYS) as u32;
/// Bytes of a page header.
pub(crate) const PAGE_HEADER: u64 = PAGE_HEADER_SIZE as u64;
pub(crate) const PAGE_HEADER_SIZE: usize = 32;
/// Entry slots of a page.
pub(crate) const SLOTS: u32 = 256;
/// 64-bit units of a page, its header included.
pub(crate) const PAGE_UNITS: u32 = 4 + SLOTS * 9;
/// Bytes of a page.
pub(crate) const PAGE_BYTES: u64 = 8 * PAGE_UNITS as u64;
pub(crate) const PAGE_SIZE: usize = 8 * PAGE_UNITS as usize;
/// Pages of the longest directory.
pub(crate) const MAX_PAGES: u32 = 1024;

/// File header, 64 bytes (`docs/format/xdf.md`, section 3). Lengths and addresses in units of 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Header {
    /// Length of the header.
    pub length: u32,
    /// `STDR` (random) or `STDS` (sequential).
    pub random: bool,
    /// File size.
    pub file_size: u32,
    /// Number of rewrites.
    pub rewrites: u32,
    /// Number of records ever appended.
    pub extensions: u32,
    /// Number of directory pages.
    pub pages: u32,
    /// Address of the last directory page.
    pub last_page: u32,
    /// Length of the longest record.
    pub longest: u32,
    /// Number of primary keys.
    pub primary_keys: u16,
    /// Length of a directory entry.
    pub entry_length: u16,
    /// Number of auxiliary keys.
    pub auxiliary_keys: u16,
    /// Length of the auxiliary keys.
    pub auxiliary_length: u16,
    /// Number of erasures, rewrites included.
    pub erasures: u32,
    /// Number of live records.
    pub records: u32,
    /// 0 when cleanly closed.
    pub write_flag: u32,
}

impl Header {
    /// That of a file without records and pages.
    pub(crate) fn fresh(random: bool) -> Self {
        Self {
            length: FRESH_UNITS,
            random,
            file_size: FRESH_UNITS,
            rewrites: 0,
            extensions: 0,
            pages: 0,
            last_page: 0,
            longest: 0,
            primary_keys: PRIMARY_KEYS,
            entry_length: 9,
            auxiliary_keys: AUXILIARY_KEYS,
            auxiliary_length: 1,
            erasures: 0,
            records: 0,
            write_flag: 0,
        }
    }

    /// As it is stored, key descriptors apart.
    pub(crate) fn to_bytes(self) -> [u8; 64] {
        let pair = |high: u16, low: u16| u32::from(high) << 16 | u32::from(low);
        let words = [
            self.length,
            0,
            u32::from_be_bytes(*b"XDF0"),
            u32::from_be_bytes(if self.random { *b"STDR" } else { *b"STDS" }),
            self.file_size,
            self.rewrites,
            self.extensions,
            self.pages,
            self.last_page,
            self.longest,
            pair(self.primary_keys, self.entry_length),
            pair(self.auxiliary_keys, self.auxiliary_length),
            self.erasures,
            self.records,
            self.write_flag,
            0,
        ];
        let mut bytes = [0; 64];
        BigEndian::write_u32_into(&words, &mut bytes);
        bytes
    }
}

/// The key descriptors behind the header, which readers ignore.
pub(crate) fn key_descriptors() -> Vec<u8> {
    let primary = (1..=PRIMARY_KEYS).map(|n| (format!("SF{n:02}"), n));
    let auxiliary = (1..=AUXILIARY_KEYS).map(|n| (format!("AXI{n}"), n));
    let descriptor = |(name, n): (String, u16)| {
        let second = (32 * u32::from(n) - 1) << 19 | 31 << 14;
        [name.as_bytes(), &second.to_be_bytes()].concat()
    };
    primary.chain(auxiliary).flat_map(descriptor).collect()
}

/// Splits `idtyp` and `lng`, the first word of every header in the file.
pub(crate) fn type_and_length(word: u32) -> (u8, u32) {
    (word.to_be_bytes()[0], word & 0x00FF_FFFF)
}

pub(crate) fn header(input: &[u8]) -> IResult<&[u8], Header> {
    let (input, first) = be_u32(input)?;
    let (input, _address) = be_u32(input)?;
    let (input, _) = tag_no_case("XDF0")(input)?;
    let (input, signature) = be_u32(input)?;
    let (input, (file_size, rewrites, extensions, pages, last_page, longest)) =
        (be_u32, be_u32, be_u32, be_u32, be_u32, be_u32).parse(input)?;
    let (input, (primary_keys, entry_length, auxiliary_keys, auxiliary_length)) =
        (be_u16, be_u16, be_u16, be_u16).parse(input)?;
    let (input, (erasures, records, write_flag, _unused)) = (be_u32, be_u32, be_u32, be_u32).parse(input)?;
    let header = Header {
        length: type_and_length(first).1,
        random: signature == u32::from_be_bytes(*b"STDR"),
        file_size,
        rewrites,
        extensions,
        pages,
        last_page,
        longest,
        primary_keys,
        entry_length,
        auxiliary_keys,
        auxiliary_length,
        erasures,
        records,
        write_flag,
    };
    Ok((input, header))
}

/// Header of a directory page, 32 bytes (section 4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PageHeader {
    pub(crate) idtyp: u8,
    pub(crate) length: u32,
    pub(crate) address: u32,
    pub(crate) next: u32,
    pub(crate) used: u32,
    pub(crate) checksum: u32,
}

impl PageHeader {
    /// Whether there can be a page with this header at byte `offset`; if not, why.
    pub(crate) fn check(&self, offset: u64) -> Result<(), String> {
        if self.idtyp != 0 || 8 * u64::from(self.length) != PAGE_BYTES {
            return Err(format!("type {} and length {}, expected 0 and {}", self.idtyp, self.length, PAGE_BYTES / 8));
        }
        if 8 * u64::from(self.address) != offset + 8 {
            return Err(format!("its address is {}, expected {}", self.address, offset / 8 + 1));
        }
        if self.used > SLOTS {
            return Err(format!("{} slots used of {SLOTS}", self.used));
        }
        Ok(())
    }
}

pub(crate) fn page_header(input: &[u8]) -> IResult<&[u8], PageHeader> {
    let (input, (first, address, _, _)) = (be_u32, be_u32, be_u32, be_u32).parse(input)?;
    let (input, (next, used, checksum, _)) = (be_u32, be_u32, be_u32, be_u32).parse(input)?;
    let (idtyp, length) = type_and_length(first);
    Ok((input, PageHeader { idtyp, length, address, next, used, checksum }))
}

/// The exclusive-or of the words of a page from byte 16 on: zero when the page is sound.
pub(crate) fn page_checksum(page: &[u8]) -> u32 {
    let words = page.get(16..).unwrap_or_default().as_chunks().0;
    words.iter().fold(0, |sum, word| sum ^ u32::from_be_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::hex::hex;

    #[test]
    fn worked_example() {
        // docs/format/xdf.md, section 14.
        let words: [u32; 16] =
            [0x1A, 0, 0x58444630, 0x53544452, 0x930, 0, 1, 1, 0x1B, 0x12, 0x00100009, 0x00020001, 0, 1, 0, 0];
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_be_bytes()).collect();
        let (rest, h) = header(&bytes).expect("sound");
        assert!(rest.is_empty());
        assert_eq!((h.length, h.random, h.file_size, h.pages, h.last_page), (26, true, 2352, 1, 27));
        assert_eq!((h.longest, h.entry_length, h.auxiliary_length, h.records), (18, 9, 1, 1));
        for n in 0..bytes.len() {
            assert!(header(&bytes[..n]).is_err());
        }
        assert_eq!(h.to_bytes()[..], bytes[..]);
        let keys = key_descriptors();
        assert_eq!((keys.len(), &keys[8..16]), (18 * 8, b"SF02\x01\xFF\xC0\0".as_slice()));
        assert_eq!(&keys[17 * 8..], b"AXI2\x01\xFF\xC0\0");
    }

    #[test]
    fn the_header_of_a_page() {
        // docs/format/xdf.md, section 14; its one entry is in `entry.rs`.
        let bytes = hex("
            00000904  ; idtyp 0, length 2308 units of 8 bytes
            0000001B  ; address 27: byte 208, behind the file header
            00000000 00000000
            00000000  ; next page: none
            00000001  ; 1 slot used
            D7D7B612  ; checksum
            00000000
            01000012 0000091F 00012C20 0000044C 00000302 00001000 00001200 00000412 00006434
            00232856 D25CF4B0 86296C40 452C0000 D3400000 00001F40 00000060 00000070 14EC59A0");
        let (_, page) = page_header(&bytes).expect("a header");
        assert_eq!((page.idtyp, page.address, page.next, page.used), (0, 27, 0, 1));
        assert_eq!(page.check(208), Ok(()));
        assert_eq!(page.check(216), Err("its address is 27, expected 28".to_owned()));
        // The free slots are zero: they change nothing.
        assert_eq!(page_checksum(&bytes), 0);
        assert_eq!(page_checksum(&bytes[..24]), 1, "the slots used, without the checksum");
    }
}
