//! The texts of a record (nomvar, typvar, etiket): fixed width, six bits a character, upper case, padded with blanks.

use core::fmt;

/// Text of `N` characters in the six-bit alphabet of FST records (0x20 to 0x5F), padded with blanks.
///
/// Lower-case letters become upper case, as librmn stores them. Comparison with `&str` folds and pads likewise, so
/// `nomvar == "tt"` finds `TT`.
///
/// ```
/// use rpnfst::record::{Etiket, Nomvar};
/// let name = Nomvar::new("tt");
/// assert_eq!((name.as_str(), name.padded()), ("TT", "TT  "));
/// assert!(name == "TT" && Etiket::new("").is_blank());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const N: usize>([u8; N]);

/// Variable name.
pub type Nomvar = Text<4>;
/// Kind of field: a letter for what it is (`P` forecast, `A` analysis ...) and one for what was done to it
/// (`docs/format/record.md`, 5.1).
pub type Typvar = Text<2>;
/// Label of the run or experiment.
pub type Etiket = Text<12>;

/// The six-bit code of a byte (`docs/format/xdf.md`, 5.1).
const fn sixbit(byte: u8) -> u8 {
    let folded = if byte & 0x40 != 0 { byte & !0x20 } else { byte };
    folded.wrapping_sub(32) & 0x3F
}

/// The characters of the eight codes in the low 48 bits, a byte each: halved three times.
const fn spread(codes: u64) -> u64 {
    let halves = (codes & 0xFFFF_FF00_0000) << 8 | codes & 0xFF_FFFF;
    let pairs = (halves & 0x00FF_F000_00FF_F000) << 4 | halves & 0x0000_0FFF_0000_0FFF;
    let bytes = (pairs & 0x0FC0_0FC0_0FC0_0FC0) << 2 | pairs & 0x003F_003F_003F_003F;
    bytes + u64::from_be_bytes([32; 8])
}

impl<const N: usize> Text<N> {
    /// All blanks.
    pub const BLANK: Self = Self([b' '; N]);

    /// Text as librmn would store `text`: folded to the six-bit alphabet, cut or padded to `N`; a NUL ends it.
    pub fn new(text: &str) -> Self {
        let mut out = [b' '; N];
        for (slot, byte) in out.iter_mut().zip(text.bytes().take_while(|&b| b != 0)) {
            *slot = sixbit(byte) + 32;
        }
        Self(out)
    }

    /// The characters whose codes stand in the low 24 bits of each word, four a word; the last `N` of them.
    #[inline]
    pub(crate) fn from_codes<const WORDS: usize>(codes: [u32; WORDS]) -> Self {
        let bytes = codes.map(|four| {
            let [_, _, _, _, text @ ..] = spread(u64::from(four & 0xFF_FFFF)).to_be_bytes();
            text
        });
        let last = bytes.as_flattened().last_chunk();
        Self(last.copied().unwrap_or([b' '; N]))
    }

    /// The codes of up to five characters, the first in the most significant bits.
    pub(crate) fn codes(&self, characters: core::ops::Range<usize>) -> u32 {
        let characters = self.0.get(characters).unwrap_or_default();
        characters.iter().fold(0, |codes, &byte| codes << 6 | u32::from(sixbit(byte)))
    }

    /// Without trailing blanks.
    pub fn as_str(&self) -> &str {
        self.padded().trim_end_matches(' ')
    }

    /// With its padding: always `N` characters.
    pub fn padded(&self) -> &str {
        // Only bytes 0x20..=0x5F are ever stored.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The bytes, padding included.
    pub const fn bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// Whether all characters are blanks.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|&b| b == b' ')
    }
}

impl Etiket {
    /// From the codes of characters 1 to 5, 6 to 10, 11 and 12.
    #[inline]
    pub(crate) fn from_parts([first, middle, last]: [u32; 3]) -> Self {
        let (first, middle) = (u64::from(first), u64::from(middle));
        let [a, b, c, d, e, f, g, h] = spread(first << 18 | middle >> 12).to_be_bytes();
        let [_, _, _, _, i, j, k, l] = spread((middle & 0xFFF) << 12 | u64::from(last)).to_be_bytes();
        Self([a, b, c, d, e, f, g, h, i, j, k, l])
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<const N: usize> PartialEq<str> for Text<N> {
    fn eq(&self, other: &str) -> bool {
        *self == Self::new(other) && other.trim_end_matches(' ').len() <= N
    }
}

impl<const N: usize> PartialEq<&str> for Text<N> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl<const N: usize> From<&str> for Text<N> {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_pads_and_cuts() {
        assert_eq!(Nomvar::new("tt").padded(), "TT  ");
        assert_eq!(Typvar::new("p@x").padded(), "P@");
        assert_eq!(Etiket::new("a{b}~`\0zzz").as_str(), "A[B]^@");
        assert_eq!(Nomvar::new("").padded(), "    ");
        assert!(Nomvar::BLANK.is_blank());
    }

    #[test]
    fn codes_of_the_worked_example() {
        // "TESTL" of docs/format/xdf.md, section 14.
        assert_eq!(Text::<5>::from_codes([0xD25C_F4B0 >> 26, 0xD25C_F4B0 >> 2]).as_str(), "TESTL");
        assert_eq!(
            Etiket::from_parts([0xD25C_F4B0 >> 2, 0x8629_6C40 >> 2, 0x452C_0000 >> 20]).as_str(),
            "TESTLABEL012"
        );
    }

    #[test]
    fn compares_with_str() {
        assert_eq!(Nomvar::new("TT"), "tt");
        assert_ne!(Nomvar::new("TT"), "T");
        assert_ne!(Nomvar::new("TTTT"), "TTTTX");
    }

    #[test]
    fn every_byte_stays_in_the_alphabet() {
        for byte in 0..=255u8 {
            assert!((0x20..0x60).contains(&(sixbit(byte) + 32)));
        }
    }
}
