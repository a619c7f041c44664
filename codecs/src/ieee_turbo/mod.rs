//! Type 133: IEEE reals, whose signs, exponents and mantissas are compressed apart, without loss (section 8 of the format's
//! description).
//!
//! * Signs are run-length coded: [`signs`].
//! * Exponents, less the smallest, and [mantissas] are streams of the predictor
//!   [PARALLELOGRAM](crate::turbopack::parallelogram).
//!
//! A stream without information is left out. The streams do not depend on each other, so all are decoded band by band, and
//! merged to values in the first-level cache. With two threads, one decodes signs and mantissas, the other exponents, and
//! merges.

mod decode;
mod encode;
mod mantissas;
mod signs;

pub(crate) use decode::decode;
pub(crate) use encode::encode;

/// Number of this method in the header.
const PREDICTOR: u32 = 5;
/// Rows and columns of a tile.
const STEP: usize = 3;
/// Bits of the fraction of an `f32`.
const FRACTION: u32 = 23;

/// The smallest field, 16 x 16, of -1.0 in 16 bits: what follows word 0 of the payload (section 8.1 of
/// docs/format/codecs.md).
#[cfg(test)]
const EXAMPLE: [u8; 60] = {
    let mut bytes = [0; 60]; // zeros: what is not said below
    let words = [
        [0x00, 0x08, 0x9d, 0x95], // predictor 5, degree 1, step 3, 7 bits of mantissa, one level, version 2
        [0x00, 0x7f, 0x00, 0x10], // smallest exponent 127, 0 bits more, all negative
        [0x00, 0x00, 0x00, 0x00], // length of the signs once more: they have no section
        [0xa0, 0x00, 0x00, 0x00], // codes of 5 bits (101); 31 mantissas of 7 bits, 25 tiles with code 0: eleven words
    ];
    let mut i = 0;
    while i < 16 {
        bytes[i] = words[i / 4][i % 4];
        i += 1;
    }
    bytes // the last word follows the stream
};
