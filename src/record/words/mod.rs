//! The sixteen directory words of a record: the one place that knows which bits hold which field.
//!
//! XDF and RSF store the same words: XDF as words 2 to 17 of a directory entry, big-endian; RSF as words 3 to 18 of the
//! metadata, little-endian. Bit 31 is the most significant.
//!
//! | word | bits 31 ... | ... bits to 0 |
//! |---:|---|---|
//! | 0 | 31-8 deet | 7-0 nbits |
//! | 1 | 31-8 ni, its bits 23-0 | 7-0 grtyp |
//! | 2 | 31-8 nj, its bits 23-0 | 7-0 datyp with its flags |
//! | 3 | 31-12 nk | 11-0 unused |
//! | 4 | 31-6 npas | 5-0 unused |
//! | 5 | 31-8 ig4 | 7-0 ig2, its bits 23-16 |
//! | 6 | 31-8 ig1 | 7-0 ig2, its bits 15-8 |
//! | 7 | 31-8 ig3 | 7-0 ig2, its bits 7-0 |
//! | 8 | 31-2 etiket, characters 1 to 5 | 1-0 unused |
//! | 9 | 31-2 etiket, characters 6 to 10 | 1-0 unused |
//! | 10 | 31-20 etiket, characters 11 and 12; 19-8 typvar | 7-0 RSF: ni, its bits 31-24 |
//! | 11 | 31-8 nomvar | 7-0 data bits, 0 when not known |
//! | 12 | 31-4 ip1 | 3-0 kind of level, not used by librmn |
//! | 13 | 31-4 ip2 | 3-0 RSF: nj, its bits 27-24 |
//! | 14 | 31-4 ip3 | 3-0 RSF: nj, its bits 31-28 |
//! | 15 | 31-0 validity date in its stored form | |
//!
//! Characters are six bits each. In XDF files the bits "RSF: ..." are reserved and ignored. `docs/format/xdf.md`,
//! section 5, and `docs/format/rsf.md`, section 5, have the same table for each container.

use byteorder::{BigEndian, ByteOrder, LittleEndian};
use rpnfst_codecs::{Shape, Stored};

use super::{Container, DateStamp, Etiket, Nomvar, Text, TextField, Typvar};

/// The directory words of a record, in native byte order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct Words([u32; 16]);

/// Where a field, or a part of one, is stored.
#[derive(Clone, Copy)]
struct Bits {
    word: usize,
    shift: u32,
    width: u32,
}

const fn bits(word: usize, shift: u32, width: u32) -> Bits {
    Bits { word, shift, width }
}

const DEET: Bits = bits(0, 8, 24);
const NBITS: Bits = bits(0, 0, 8);
const NI: Bits = bits(1, 8, 24);
const GRTYP: Bits = bits(1, 0, 8);
const NJ: Bits = bits(2, 8, 24);
const DATYP: Bits = bits(2, 0, 8);
const NK: Bits = bits(3, 12, 20);
const UNUSED_3: Bits = bits(3, 0, 12);
const NPAS: Bits = bits(4, 6, 26);
const UNUSED_4: Bits = bits(4, 0, 6);
const IG4: Bits = bits(5, 8, 24);
const IG1: Bits = bits(6, 8, 24);
const IG3: Bits = bits(7, 8, 24);
/// ig2, the most significant byte first.
const IG2: [Bits; 3] = [bits(5, 0, 8), bits(6, 0, 8), bits(7, 0, 8)];
/// Characters 1 to 5, 6 to 10, 11 and 12.
const ETIKET: [Bits; 3] = [bits(8, 2, 30), bits(9, 2, 30), bits(10, 20, 12)];
const UNUSED_8: Bits = bits(8, 0, 2);
const UNUSED_9: Bits = bits(9, 0, 2);
const TYPVAR: Bits = bits(10, 8, 12);
const NI_HIGH: Bits = bits(10, 0, 8);
const NOMVAR: Bits = bits(11, 8, 24);
const DATA_BITS: Bits = bits(11, 0, 8);
const IP1: Bits = bits(12, 4, 28);
const IP2: Bits = bits(13, 4, 28);
/// Bits 27-24 of nj.
const NJ_HIGH: Bits = bits(13, 0, 4);
const IP3: Bits = bits(14, 4, 28);
/// Bits 31-28 of nj.
const NJ_HIGHEST: Bits = bits(14, 0, 4);
const DATE: Bits = bits(15, 0, 32);

impl Bits {
    const fn mask(self) -> u32 {
        (u32::MAX >> (32 - self.width)) << self.shift
    }

    const fn in_word(self, word: u32) -> u32 {
        (word & self.mask()) >> self.shift
    }
}

/// Largest values of the fields of 24 bits (deet, ig1 to ig4, in XDF ni and nj), of the ips, and of nk.
pub(crate) const MAX_24: u32 = DEET.in_word(u32::MAX);
pub(crate) const MAX_28: u32 = IP1.in_word(u32::MAX);
pub(crate) const MAX_NK: u32 = NK.in_word(u32::MAX);

/// The bits of some fields in all words.
const fn mask(fields: &[Bits]) -> [u32; 16] {
    let mut mask = [0; 16];
    let mut k = 0;
    while k < fields.len() {
        mask[fields[k].word] |= fields[k].mask();
        k += 1;
    }
    mask
}

/// What the values decide: dimensions, data type, bits per element. An edit of the attributes leaves them alone.
const LAYOUT: [u32; 16] = mask(&[NBITS, NI, NJ, DATYP, NK, UNUSED_3, NI_HIGH, DATA_BITS, NJ_HIGH, NJ_HIGHEST]);

/// The high bits of ni and nj, which only RSF has: XDF reserves these bits.
const HIGH_BITS: [u32; 16] = mask(&[NI_HIGH, NJ_HIGH, NJ_HIGHEST]);

/// Bits that neither container uses and every writer leaves zero. (Bits 3-0 of word 12 are not among them: they had a
/// meaning once.)
const UNUSED: [u32; 16] = mask(&[UNUSED_3, UNUSED_4, UNUSED_8, UNUSED_9]);

/// Bits 3-0 of word 12, which had a meaning once.
const LOW_OF_IP1: [u32; 16] = mask(&[bits(12, 0, 4)]);

/// What a rewrite compares (`docs/format/record.md`, 6.4): all attributes and dimensions; not the packing, and not the
/// bits that are reserved.
const IDENTITY: [u32; 16] = mask(&[
    DEET, NI, GRTYP, NJ, NK, NPAS, IG4, IG1, IG3, IG2[0], IG2[1], IG2[2], ETIKET[0], ETIKET[1], ETIKET[2], TYPVAR,
    NI_HIGH, NOMVAR, IP1, IP2, NJ_HIGH, IP3, NJ_HIGHEST, DATE,
]);

/// `[ni, nj, nk]` of words that are not decoded yet: `word(k)` is directory word `k`.
#[inline]
pub(crate) fn dims(container: Container, word: impl Fn(usize) -> u32) -> [u32; 3] {
    let field = |bits: Bits| bits.in_word(word(bits.word));
    let [ni, nj, nk] = [field(NI), field(NJ), field(NK)];
    if container == Container::Rsf {
        [field(NI_HIGH) << 24 | ni, field(NJ_HIGHEST) << 28 | field(NJ_HIGH) << 24 | nj, nk]
    } else {
        [ni, nj, nk]
    }
}

/// Bytes and masks.
impl Words {
    /// Words as XDF stores them.
    #[inline]
    pub(crate) fn from_be(words: &[[u8; 4]; 16]) -> Self {
        let mut own = Self::default();
        BigEndian::read_u32_into(words.as_flattened(), &mut own.0);
        own
    }

    /// Words as RSF stores them.
    #[inline]
    pub(crate) fn from_le(words: &[[u8; 4]; 16]) -> Self {
        let mut own = Self::default();
        LittleEndian::read_u32_into(words.as_flattened(), &mut own.0);
        own
    }

    /// The bytes that XDF stores.
    pub(crate) fn to_be_bytes(self) -> [u8; 64] {
        let mut bytes = [0; 64];
        BigEndian::write_u32_into(&self.0, &mut bytes);
        bytes
    }

    /// The bytes that RSF stores.
    pub(crate) fn to_le_bytes(self) -> [u8; 64] {
        let mut bytes = [0; 64];
        LittleEndian::write_u32_into(&self.0, &mut bytes);
        bytes
    }

    /// These attributes with the dimensions, data type and bits of `old`: what an edit of `old` stores.
    #[must_use]
    pub(crate) fn with_layout_of(&self, old: &Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] & !LAYOUT[k] | old.0[k] & LAYOUT[k]))
    }

    /// What a rewrite compares; all other bits are zero.
    pub(crate) fn identity(&self, container: Container) -> Self {
        let identity = Self(std::array::from_fn(|k| self.0[k] & IDENTITY[k]));
        if container == Container::Rsf { identity } else { identity.without_high_bits() }
    }

    /// Without the bits that only RSF uses.
    #[must_use]
    pub(crate) fn without_high_bits(&self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] & !HIGH_BITS[k]))
    }

    /// The words themselves, in native byte order.
    pub(crate) const fn to_words(self) -> [u32; 16] {
        self.0
    }

    /// Words in native byte order.
    pub(crate) const fn from_words(words: [u32; 16]) -> Self {
        Self(words)
    }

    /// Whether the fields tell all of the words: bits that mean nothing in this container are zero, and the date has a stamp.
    pub(crate) fn is_told_by_fields(&self, container: Container) -> bool {
        let reserved = |mask: &[u32; 16]| self.0.iter().zip(mask).any(|(word, mask)| word & mask != 0);
        !reserved(&UNUSED)
            && !reserved(&LOW_OF_IP1)
            && (container == Container::Rsf || !reserved(&HIGH_BITS))
            && self.datev().to_stored() == self.stored_date()
    }

    /// Whether the bits that no container uses are zero.
    pub(crate) fn unused_bits_are_zero(&self) -> bool {
        self.0.iter().zip(UNUSED).all(|(word, unused)| word & unused == 0)
    }

    /// How many of the sixteen words are the same.
    pub(crate) fn count_same(&self, other: &Self) -> usize {
        self.0.iter().zip(other.0).filter(|(word, other)| *word == other).count()
    }

    #[inline]
    const fn get(&self, bits: Bits) -> u32 {
        bits.in_word(self.0[bits.word])
    }

    /// Stores the low bits of a value.
    fn put(&mut self, bits: Bits, value: u32) {
        let word = &mut self.0[bits.word];
        *word = *word & !bits.mask() | value << bits.shift & bits.mask();
    }
}

macro_rules! fields {
    ($($bits:ident $get:ident $set:ident;)*) => {
        /// Fields that are in one place.
        impl Words {
            $(
                #[inline]
                pub(crate) const fn $get(&self) -> u32 {
                    self.get($bits)
                }

                pub(crate) fn $set(&mut self, value: u32) {
                    self.put($bits, value);
                }
            )*
        }
    };
}

fields! {
    DEET deet set_deet;
    NPAS npas set_npas;
    IG1 ig1 set_ig1;
    IG3 ig3 set_ig3;
    IG4 ig4 set_ig4;
    IP1 ip1 set_ip1;
    IP2 ip2 set_ip2;
    IP3 ip3 set_ip3;
    DATE stored_date set_stored_date;
}

/// Fields in several places, texts and bytes.
impl Words {
    #[inline]
    pub(crate) fn nomvar(&self) -> Nomvar {
        Text::from_codes([self.get(NOMVAR)])
    }

    pub(crate) fn set_nomvar(&mut self, nomvar: Nomvar) {
        self.put(NOMVAR, nomvar.codes(0..4));
    }

    #[inline]
    pub(crate) fn typvar(&self) -> Typvar {
        Text::from_codes([self.get(TYPVAR)])
    }

    pub(crate) fn set_typvar(&mut self, typvar: Typvar) {
        self.put(TYPVAR, typvar.codes(0..2));
    }

    #[inline]
    pub(crate) fn etiket(&self) -> Etiket {
        Etiket::from_parts(ETIKET.map(|part| self.get(part)))
    }

    pub(crate) fn set_etiket(&mut self, etiket: Etiket) {
        for (part, characters) in ETIKET.into_iter().zip([0..5, 5..10, 10..12]) {
            self.put(part, etiket.codes(characters));
        }
    }

    /// The six-bit codes of a text, to be compared without decoding it; blank is zero. Characters 1 to 5, 6 to 10, 11
    /// and 12 of an etiket; of the others all characters are in the first part.
    #[inline]
    pub(crate) fn codes(&self, field: TextField) -> [u32; 3] {
        match field {
            TextField::Nomvar => [self.get(NOMVAR), 0, 0],
            TextField::Typvar => [self.get(TYPVAR), 0, 0],
            TextField::Etiket => ETIKET.map(|part| self.get(part)),
        }
    }

    /// Whether a text has these codes.
    #[inline]
    pub(crate) fn has_codes(&self, field: TextField, codes: &[u32; 3]) -> bool {
        match field {
            TextField::Nomvar => self.get(NOMVAR) == codes[0],
            TextField::Typvar => self.get(TYPVAR) == codes[0],
            TextField::Etiket => ETIKET.iter().zip(codes).all(|(part, codes)| self.get(*part) == *codes),
        }
    }

    /// The codes of a text that fits in the field.
    pub(crate) fn codes_of(field: TextField, text: &str) -> [u32; 3] {
        let mut words = Self::default();
        match field {
            TextField::Nomvar => words.set_nomvar(text.into()),
            TextField::Typvar => words.set_typvar(text.into()),
            TextField::Etiket => words.set_etiket(text.into()),
        }
        words.codes(field)
    }

    pub(crate) const fn grtyp(&self) -> u8 {
        low8(self.get(GRTYP))
    }

    pub(crate) fn set_grtyp(&mut self, grtyp: u8) {
        self.put(GRTYP, grtyp.into());
    }

    #[inline]
    pub(crate) fn ig2(&self) -> u32 {
        IG2.into_iter().fold(0, |ig2, byte| ig2 << 8 | self.get(byte))
    }

    pub(crate) fn set_ig2(&mut self, ig2: u32) {
        let [_, bytes @ ..] = ig2.to_be_bytes();
        for (place, byte) in IG2.into_iter().zip(bytes) {
            self.put(place, byte.into());
        }
    }

    /// Dimensions as a file of this container means them.
    #[inline]
    pub(crate) fn shape(&self, container: Container) -> Shape {
        let [ni, nj, nk] = dims(container, |k| self.0.get(k).copied().unwrap_or(0));
        Shape { ni, nj, nk }
    }

    /// Dimensions whose high bits this container has no place for are cut.
    pub(crate) fn set_shape(&mut self, shape: Shape, container: Container) {
        self.put(NI, shape.ni);
        self.put(NJ, shape.nj);
        self.put(NK, shape.nk);
        if container == Container::Rsf {
            self.put(NI_HIGH, shape.ni >> 24);
            self.put(NJ_HIGH, shape.nj >> 24);
            self.put(NJ_HIGHEST, shape.nj >> 28);
        }
    }

    /// Data type and bits per element, in the file and in memory.
    pub(crate) fn set_stored(&mut self, stored: Stored) {
        self.put(DATYP, stored.data_type.code().into());
        self.put(NBITS, stored.pack_bits.into());
        self.set_data_bits(stored.data_bits);
    }

    /// Data type and bits, as they are stored.
    pub(crate) fn set_codes_of_type(&mut self, datyp: u8, nbits: u8, data_bits: u8) {
        self.put(DATYP, datyp.into());
        self.put(NBITS, nbits.into());
        self.set_data_bits(data_bits);
    }

    pub(crate) const fn datyp(&self) -> u8 {
        low8(self.get(DATYP))
    }

    pub(crate) const fn nbits(&self) -> u8 {
        low8(self.get(NBITS))
    }

    pub(crate) const fn data_bits(&self) -> u8 {
        low8(self.get(DATA_BITS))
    }

    pub(crate) fn set_data_bits(&mut self, bits: u8) {
        self.put(DATA_BITS, bits.into());
    }

    /// Validity date.
    #[inline]
    pub(crate) const fn datev(&self) -> DateStamp {
        DateStamp::from_stored(self.stored_date())
    }
}

/// The low byte of a word.
const fn low8(word: u32) -> u8 {
    word.to_le_bytes()[0]
}

#[cfg(test)]
pub(super) mod tests;
