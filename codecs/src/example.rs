//! Shared by the annotated examples beside the codecs.
//!
//! The bytes of an example are those of an XDF payload: big-endian words, so that bits are read from left to right.

use alloc::vec::Vec;

use crate::tokens::TokenSink;

/// The same payload in an RSF file: each word has its bytes reversed.
pub(crate) fn rsf(xdf: &[u8]) -> Vec<u8> {
    xdf.as_chunks().0.iter().flat_map(|&[a, b, c, d]| [d, c, b, a]).collect()
}

/// Collects the tokens of a compressed stream.
#[derive(Default)]
pub(crate) struct Collected(pub(crate) Vec<u16>);

impl TokenSink for Collected {
    fn tokens(&mut self, tokens: &[u16]) {
        self.0.extend(tokens);
    }

    fn differences(&mut self, above: &mut [u32], differences: &[u32]) {
        for row in differences.chunks(above.len()) {
            for (above, difference) in above.iter_mut().zip(row) {
                *above = above.wrapping_add(*difference);
                self.0.push(crate::cast::low16(*above));
            }
        }
    }
}
