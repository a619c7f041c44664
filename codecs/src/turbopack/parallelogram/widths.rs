//! Width codes of PARALLELOGRAM tiles.

/// Table from the width code of a tile to the bits of its differences.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Widths {
    /// Bits of the code itself, 1 to 5.
    pub(crate) field: u32,
    /// Largest valid code.
    pub(super) limit: u32,
    /// Bits per difference for each code. [`INVALID`](Self::INVALID) beyond the limit.
    pub(crate) bits: [u8; 32],
    /// Bits of a 3 x 3 tile for each code, the code included.
    pub(crate) tiles: [u8; 32],
}

impl Widths {
    /// Marks a code that does not exist.
    pub(super) const INVALID: u8 = u8::MAX;

    /// Codes of 16-bit tokens: `k` stands for `k + 1` bits, except that 15 and 16 both stand for 17. `None` unless `field` is 4
    /// or 5.
    pub(crate) fn turbo(field: u32) -> Option<Self> {
        let mut widths = Self::direct(field, 17);
        widths.set(15, 17);
        matches!(field, 4 | 5).then_some(widths)
    }

    /// Bits per difference for one code of 16-bit tokens. `None` if the code does not exist.
    pub(crate) fn turbo_bits(code: u32) -> Option<u32> {
        match code {
            0 => Some(0),
            15 => Some(17),
            1..=17 => Some(code + 1),
            _ => None,
        }
    }

    /// Codes of type 133: `k` stands for `k + 1` bits, without exception.
    pub(crate) fn direct(field: u32, limit: u32) -> Self {
        let mut widths = Self { field, limit, bits: [Self::INVALID; 32], tiles: [0; 32] };
        widths.set(0, 0);
        for code in 1..=limit.min(31) {
            widths.set(code as usize, code + 1);
        }
        widths
    }

    fn set(&mut self, code: usize, bits: u32) {
        // At most 5 + 9 * 25.
        let byte = |bits: u32| u8::try_from(bits).unwrap_or(Self::INVALID);
        self.bits[code] = byte(bits);
        self.tiles[code] = byte(self.field + 9 * bits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table at the end of section 6.4 of docs/format/codecs.md.
    #[test]
    fn codes_15_and_16_of_token_streams_stand_for_17_bits() {
        let widths = Widths::turbo(5).unwrap();
        assert_eq!([0, 1, 14, 15, 16, 17].map(|code| widths.bits[code]), [0, 2, 15, 17, 17, 18]);
        assert_eq!(widths.bits[18..], [Widths::INVALID; 14]);
        assert_eq!(widths.tiles[1], 5 + 9 * 2);
        for code in 0..32 {
            let bits = widths.bits[code as usize];
            assert_eq!(Widths::turbo_bits(code), (bits != Widths::INVALID).then_some(bits.into()));
        }
        assert!(Widths::turbo(3).is_none() && Widths::turbo(6).is_none());
    }

    /// Sections 8.2 and 8.3 of docs/format/codecs.md.
    #[test]
    fn type_133_has_one_code_for_each_width() {
        let widths = Widths::direct(4, 9);
        assert_eq!([0, 1, 9].map(|code| widths.bits[code]), [0, 2, 10]);
        assert_eq!(widths.bits[10], Widths::INVALID);
    }
}
