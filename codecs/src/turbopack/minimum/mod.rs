//! The predictor MINIMUM (3): a tile is its width code, its minimum, and unsigned differences from it.
//!
//! ```text
//! code k: 4 bits | minimum: `width` bits | differences: k bits each       (none if k = 0)
//! 15             | tokens: 16 bits each
//! ```

mod decode;
mod encode;

pub(crate) use decode::Minimum;
pub(crate) use encode::{encode, length};

/// Size of the width code of a tile.
const FIELD: u32 = 4;

/// Example E8 of docs/format/codecs.md, section 16, without its header word: 7 x 2 tokens of 6 bits, in tiles of 5 x 5.
#[cfg(test)]
mod example {
    pub(super) const TOKENS: [u16; 14] = [
        10, 10, 11, 12, 13, 20, 20, // row 0: five columns of the first tile, two of the second
        10, 11, 11, 12, 12, 20, 20,
    ];
    // First tile: 2 bits per difference, minimum 10; 0 0 1 2 3, 0 1 1 2 2. Second tile: 0 bits, minimum 20.
    // 0010 001010 0000011011 0001011010 | 0000 010100, and 24 bits unused
    pub(super) const STREAM: [u8; 8] = [0x22, 0x81, 0xb1, 0x68, 0x14, 0, 0, 0];
}
