//! Type 1: `value = token * unit * C + minimum` in `f64`, then rounded to `f32` (section 4 of the format's description).
//!
//! A header of four words holds the exponent of the unit, the minimum and the width of tokens. `C` is slightly above one.

mod decode;
mod encode;

pub(crate) use decode::{Scale, decode};
pub(crate) use encode::Quantizer;

/// Example E6 of docs/format/codecs.md, section 16: 1.0, 2.5, -3.25, 10.0 and 0.1 in 12 bits.
#[cfg(test)]
const EXAMPLE: [u8; 24] = [
    0x7f, 0xf0, 0x00, 0x05, // marker of the short form, 5 elements
    0x0f, 0xf8, 0x3d, 0x11, // scale 4 - 12 + 4096; exponent of the minimum 1024 - 47; it is negative
    0xd0, 0x00, 0x00, 0x00, // a minimum is there, fraction of 1.625: -3.25
    0x00, 0x00, 0x0c, 0x44, // 12 bits per token; after 120 bits the stream starts: 440 ...
    0x05, 0xc0, 0x00, 0x0d, // 5c0, 000, d40 ...
    0x40, 0x35, 0x90, 0x00, // 359, and 12 bits unused
];

/// Bits before the first token of a type 1 record: the header without the last byte of its fourth word.
pub(crate) const HEADER_BITS: u64 = 120;
/// Bytes of the fourth word that belong to the header.
pub(crate) const KEPT: usize = (HEADER_BITS % 32 / 8) as usize;

/// The two forms of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Type 1: 120 bits; the stream starts within word 3.
    Short,
    /// Type 129: 128 bits, which are four words.
    Long,
}
