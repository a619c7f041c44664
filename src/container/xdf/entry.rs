//! A directory entry: the 18 words that also begin the record itself.

use nom::{IResult, Parser, bytes::complete::take, combinator::map_opt};

use super::header::type_and_length;
use crate::record::{Container, Record, Words, date::Reckoning, words::dims};

/// Bytes of a directory entry.
pub(crate) const ENTRY_BYTES: u64 = ENTRY as u64;
pub(super) const ENTRY: usize = 72;

/// An entry as stored (`docs/format/xdf.md`, section 5): a view of its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) idtyp: u8,
    /// Length of the record in units of 64 bits.
    pub(crate) length: u32,
    /// Its address: unit number, the first is 1.
    pub(crate) address: u32,
    /// Words 2 to 17, still big-endian.
    rest: &'a [[u8; 4]; 16],
}

/// What an entry stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Live,
    Deleted,
    Invalid,
}

/// The entry at the beginning of `input`.
pub(crate) fn entry(input: &[u8]) -> IResult<&[u8], Entry<'_>> {
    map_opt(take(72usize), |bytes: &[u8]| bytes.first_chunk().map(Entry::new)).parse(input)
}

impl<'a> Entry<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a [u8; 72]) -> Self {
        let [first, address, rest @ ..] = bytes.as_chunks().0 else { return Self::default() }; // there are 18 words
        let (idtyp, length) = type_and_length(u32::from_be_bytes(*first));
        let address = u32::from_be_bytes(*address);
        Self { idtyp, length, address, rest: rest.first_chunk().unwrap_or(&[[0; 4]; 16]) }
    }
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self { idtyp: 0, length: 0, address: 0, rest: &[[0; 4]; 16] }
    }
}

impl Entry<'_> {
    /// The directory words.
    #[inline]
    pub(crate) fn words(&self) -> Words {
        Words::from_be(self.rest)
    }

    #[inline]
    fn dims(&self) -> [u32; 3] {
        dims(Container::Xdf, |k| self.rest.get(k).map_or(0, |&bytes| u32::from_be_bytes(bytes)))
    }

    #[inline]
    pub(crate) fn state(&self) -> State {
        match self.idtyp {
            1..=111 => State::Live,
            126 | 254 | 255 => State::Deleted,
            _ => State::Invalid,
        }
    }

    /// Byte offset of the record. Address 0 is no place, `is_sound` refuses it.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        8 * u64::from(self.address.saturating_sub(1))
    }

    /// Bytes of the record.
    #[inline]
    pub(crate) fn bytes(&self) -> u64 {
        8 * u64::from(self.length)
    }

    /// Whether a record at byte `offset` of a file of `size` bytes is possible.
    #[inline]
    pub(crate) fn is_sound(&self, offset: u64, size: u64) -> bool {
        self.address != 0 && self.length >= 10 && offset < size && !self.dims().contains(&0)
    }

    /// Whether the record is live, possible and whole in a file of `size` bytes.
    #[inline]
    #[allow(clippy::needless_bitwise_bool, reason = "without branches, since nearly all are")]
    pub(crate) fn is_plain(&self, size: u64) -> bool {
        let [ni, nj, nk] = self.dims();
        (self.idtyp.wrapping_sub(1) < 111)
            & (self.address != 0)
            & (self.length >= 10)
            & (self.offset() + self.bytes() <= size)
            & (ni != 0)
            & (nj != 0)
            & (nk != 0)
    }

    /// Why it is not sound.
    #[cold]
    pub(crate) fn trouble(&self, offset: u64, size: u64) -> String {
        if self.address == 0 {
            return "address 0".to_owned();
        }
        if self.length < 10 {
            return format!("length of {} units of 64 bits, at least 10 are needed", self.length);
        }
        if offset >= size {
            return format!("begins at byte {offset}, the file has {size} bytes");
        }
        let [ni, nj, nk] = self.dims();
        format!("dimensions {ni} x {nj} x {nk}, none may be 0")
    }

    /// The record at byte `offset`, if there can be one.
    #[inline]
    pub(crate) fn record(&self, offset: u64, index: u32, file: u32, container: Container) -> Record {
        Record {
            words: self.words(),
            offset,
            length: self.bytes(),
            file,
            index,
            container,
            meta_words: 0,
            text_words: 0,
            reckoning: Reckoning::default(),
        }
    }
}

/// An entry as it is stored.
pub(super) fn entry_bytes(kind: u8, length: u32, address: u32, words: &Words) -> [u8; ENTRY] {
    let mut bytes = [0; ENTRY];
    put(&mut bytes, 0, u32::from(kind) << 24 | length);
    put(&mut bytes, 4, address);
    bytes[8..].copy_from_slice(&words.to_be_bytes());
    bytes
}

/// Puts a word at byte `at`, if there is room.
pub(super) fn put(bytes: &mut [u8], at: usize, word: u32) {
    if let Some(slot) = bytes.get_mut(at..at + 4) {
        slot.copy_from_slice(&word.to_be_bytes());
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::bytes::hex::hex;

    /// A record of 11 units at byte `at`: 18 words of entry, 2 auxiliary words, 2 of payload.
    pub(in crate::container::xdf) fn record(at: u32) -> Vec<u8> {
        let words = Words::from([0x20, 0x0158, 0x0102, 0x1000, 0, 0, 0, 0, 0, 0, 0, 0xD340_0000, 0, 0, 0, 0]);
        let mut bytes = entry_bytes(1, 11, at / 8 + 1, &words).to_vec();
        bytes.extend([0; 8]);
        bytes.extend([0x3F, 0x80, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn an_entry_of_18_words() {
        // docs/format/xdf.md, section 14.
        let bytes = hex("
            01000012  ; idtyp 1 (live), length 18 units of 8 bytes
            0000091F  ; address 2335: byte 8 * 2334
            00012C20  ; deet 300, nbits 32
            0000044C  ; ni 4, grtyp 'L'
            00000302  ; nj 3, datyp 2
            00001000  ; nk 1
            00001200  ; npas 72
            00000412  ; ig4 4, ig2 0x12....
            00006434  ; ig1 100, ig2 0x..34..
            00232856  ; ig3 9000, ig2 0x....56
            D25CF4B0  ; etiket 'TESTL'
            86296C40  ;        'ABEL0'
            452C0000  ;        '12', typvar 'P '
            D3400000  ; nomvar 'TT  '
            00001F40  ; ip1 500
            00000060  ; ip2 6
            00000070  ; ip3 7
            14EC59A0  ; validity date");
        let own = Entry::new(bytes.first_chunk().expect("72 bytes"));
        assert_eq!((own.state(), own.bytes(), own.offset()), (State::Live, 144, 18_672));
        assert!(own.is_sound(18_672, 18_816) && own.is_plain(18_816) && !own.is_plain(18_815));
        let record = own.record(own.offset(), 0, 0, Container::Xdf);
        assert_eq!((record.nomvar().as_str(), record.etiket().as_str()), ("TT", "TESTLABEL012"));
        assert_eq!((record.ni(), record.nj(), record.nk()), (4, 3, 1));
        assert_eq!((record.ip1(), record.ip2(), record.ip3(), record.ig2()), (500, 6, 7, 0x12_3456));
        assert_eq!(entry_bytes(1, 18, 2335, &record.words)[..], bytes);
        assert!(entry(&bytes[..71]).is_err());
    }

    #[test]
    fn impossible_entries_say_why() {
        let words = Words::from([0x20, 1 << 8, 1 << 8, 1 << 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for (kind, length, address, words, trouble) in [
            (1, 10, 0, words, "address 0"),
            (1, 9, 27, words, "length of 9 units"),
            (1, 10, 200, words, "begins at byte 1592"),
            (1, 10, 27, Words::default(), "dimensions 0 x 0 x 0"),
        ] {
            let bytes = entry_bytes(kind, length, address, &words);
            let own = Entry::new(&bytes);
            assert!(!own.is_sound(own.offset(), 1000) && !own.is_plain(1000));
            assert!(own.trouble(own.offset(), 1000).starts_with(trouble), "{}", own.trouble(own.offset(), 1000));
        }
        assert_eq!(Entry::new(&entry_bytes(255, 10, 27, &words)).state(), State::Deleted);
        assert_eq!(Entry::new(&entry_bytes(0, 10, 27, &words)).state(), State::Invalid);
    }
}
