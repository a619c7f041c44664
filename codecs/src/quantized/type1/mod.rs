//! Type 1: `value = token * 2^s * C + minimum` in 64-bit arithmetic, then rounded to 32 bits.

mod decode;
mod encode;

pub(crate) use decode::{Scale, decode};
pub(crate) use encode::Quantizer;

/// Bits of the header in front of the stream of a type 1 record.
pub(crate) const HEADER_BITS: u64 = 120;
/// Bytes of the last word of that header.
pub(crate) const KEPT: usize = (HEADER_BITS % 32 / 8) as usize;

/// Which of the two headers is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Type 1: the stream starts within word 3.
    Short,
    /// Type 129: four whole words.
    Long,
}
