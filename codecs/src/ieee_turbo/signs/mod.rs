//! Signs of type 133: a run-length code with literals.
//!
//! ```text
//! 0 sssssss      literal: seven signs, fewer at the end of the field
//! 1 v cccccc     run: sign v, 1 to 62 times
//! 1 x 111111     repetition: the sign of the last run, 255 times
//! ```

mod decode;
mod encode;

pub(super) use decode::{Runs, Signs};
pub(super) use encode::encode;

/// The sign bit of an `f32`.
pub(super) const SIGN: u32 = 0x8000_0000;

/// Value of `cccccc` in a repetition.
const REPEAT: u32 = 63;
/// Signs of a repetition.
const REPEAT_LENGTH: u64 = 255;
/// Signs of a literal.
const LITERAL_LENGTH: u64 = 7;

/// Streams of section 8.4 of docs/format/codecs.md, with the signs that they stand for (`-` is negative).
#[cfg(test)]
fn examples() -> [(&'static [u8], String); 3] {
    [
        // 1 1 001001: nine negative; 0 001: a literal of the three that remain
        (&[0xc9, 0x10, 0, 0], "---------++-".into()),
        // 0 0101010, 0 1010101: two literals
        (&[0x2a, 0x55, 0, 0], "+-+-+-+-+-+-+-".into()),
        // 1 1 111110: 62 negative; 1 1 111111: 255 of the same; 62 more; 1 1 010101: 21
        (&[0xfe, 0xff, 0xfe, 0xd5], "-".repeat(62 + 255 + 62 + 21)),
    ]
}
