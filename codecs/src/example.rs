//! Shared by the annotated examples beside the codecs.
//!
//! The bytes of an example are those of an XDF payload: big-endian words, so that bits are read from left to right.

use alloc::vec::Vec;

/// The same payload in an RSF file: each word has its bytes reversed.
pub(crate) fn rsf(xdf: &[u8]) -> Vec<u8> {
    xdf.as_chunks().0.iter().flat_map(|&[a, b, c, d]| [d, c, b, a]).collect()
}
