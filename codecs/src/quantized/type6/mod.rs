//! Type 6: `value = ((token << shift) + minimum) * 2^(exponent - 150)`, exact in `f32` (section 5 of the format's description).
//!
//! A header of three words holds the exponent, the shift and the minimum, which is a mantissa at that exponent. Tokens are
//! stored in 16 bits even if they have fewer.

mod decode;
mod encode;

pub(crate) use decode::{Scale, decode};
pub(crate) use encode::Quantizer;

/// Example E7 of docs/format/codecs.md, section 16: 1.0, 2.5, -3.25, 10.0 and 0.1 in 12 bits.
#[cfg(test)]
const EXAMPLE: [u8; 24] = [
    0xef, 0xfb, 0x82, 0x0c, // marker, 12 bits less one, exponent of 10.0 = 1.25 * 2^3, shift
    0xff, 0xcc, 0x00, 0x00, // mantissa of the minimum at that exponent: -(0xd00000 >> 2)
    0x00, 0x00, 0x00, 0x05, // 5 elements
    0x04, 0x40, 0x05, 0xc0, // tokens of 16 bits: 440, 5c0
    0x00, 0x00, 0x0d, 0x40, // 0, d40
    0x03, 0x5a, 0x00, 0x00, // 35a, and a half that is not used
];

/// Words of the header.
pub(crate) const HEADER_WORDS: u64 = 3;
