//! The parallelogram (Lorenzo) predictor: method 4 of the 16-bit streams, and the exponents and mantissas of type 133.
//!
//! Tokens are stored as second differences `d[j][i] = f[j][i] - f[j-1][i] - f[j][i-1] + f[j-1][i-1]`, so the plane is their
//! two-dimensional prefix sum in wrapping arithmetic: `f[j] = f[j-1] + scan(d[j])`. The sums along a row are taken while the
//! tiles are unpacked (three independent chains of additions hide in the latency of the bit positions); what is left is
//! one vector addition per row, [`TokenSink::differences`](crate::tokens::TokenSink::differences).

mod decode;
mod encode;
mod widths;

pub(crate) use decode::Lorenzo;
pub(crate) use encode::{Scheme, encode, length};
pub(crate) use widths::Widths;

/// A stream without header word: 4 x 4 tokens of 4 bits, `i + 2 * j` but for one, in one tile of 3 x 3.
#[cfg(test)]
mod example {
    pub(super) const TOKENS: [u16; 16] = [
        0, 1, 2, 3, //
        2, 3, 4, 5, //
        4, 5, 9, 7, // 9 instead of 6
        6, 7, 8, 9,
    ];
    // Codes of 4 bits; first row 0 1 2 3; rest of the first column 2 4 6; width code 2, that is 3 bits for each of
    // 0 0 0, 0 3 -3, 0 -3 3; 2 bits unused.
    // 100 0000 0001 0010 0011 0010 0100 0110 0010 000000000 000011101 000101011
    pub(super) const STREAM: [u8; 8] = [0x80, 0x24, 0x64, 0x8c, 0x40, 0x00, 0xe8, 0xac];
}
