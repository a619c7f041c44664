//! The predictor PARALLELOGRAM (4), known elsewhere as the Lorenzo predictor. Type 133 uses it for exponents and mantissas too.
//!
//! Tokens are stored as second differences `d[j][i] = f[j][i] - f[j-1][i] - f[j][i-1] + f[j-1][i-1]`. The plane is their
//! two-dimensional prefix sum in wrapping arithmetic: `f[j] = f[j-1] + scan(d[j])`.
//!
//! The scan along a row is done while tiles are unpacked: its three chains of additions, one per row of a tile, run in the
//! shadow of the longer loop-carried dependency on the bit position. The sum over rows is one vector addition per row, in
//! [`TokenSink::differences`](crate::tokens::TokenSink::differences).
//!
//! ```text
//! size of the width codes: 3 bits | row 0, then the rest of column 0: `width` bits each |
//! for each tile: code k | differences of k + 1 bits, signed               (none if k = 0)
//! ```

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
