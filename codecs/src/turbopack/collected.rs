//! For tests: a sink that keeps the tokens.

use alloc::vec::Vec;

use crate::cast::low16;
use crate::tokens::TokenSink;

/// Collects the tokens of a compressed stream.
#[derive(Default)]
pub(super) struct Collected(pub(super) Vec<u16>);

impl TokenSink for Collected {
    fn tokens(&mut self, tokens: &[u16]) {
        self.0.extend(tokens);
    }

    fn differences(&mut self, above: &mut [u32], differences: &[u32]) {
        for row in differences.chunks(above.len()) {
            for (above, difference) in above.iter_mut().zip(row) {
                *above = above.wrapping_add(*difference);
                self.0.push(low16(*above));
            }
        }
    }
}
