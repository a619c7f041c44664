//! Type 6: 16-bit tokens that share one exponent.

mod decode;
mod encode;

pub(crate) use decode::{Scale, decode};
pub(crate) use encode::Quantizer;

/// Words of the header.
pub(crate) const HEADER_WORDS: u64 = 3;
