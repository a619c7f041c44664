//! Tokens of the values that are to be written.

use alloc::vec::Vec;
use core::ops::Range;

use super::loops::{append_words, column_extremes, convert, second_differences};
use crate::kernels::{self, Number, avx2_or_not};
use crate::types::WordOrder;

/// Gives the tokens of values that are to be written, from any position on.
///
/// Writers of streams use the traits as `dyn`, so they are compiled once and not per element type. The methods are the loops
/// that touch values and tokens at once. There is one trait for each way of writing, because what is never written in that
/// way is then not compiled for it.
pub(crate) trait TokenSource: Sync {
    /// Number of tokens.
    fn len(&self) -> usize;
    /// Fill `out` with the tokens from `first` on.
    fn tokens(&self, first: usize, out: &mut [u32]);
}

/// Tokens that are packed one after the other, with the same width.
pub(crate) trait StreamSource: TokenSource {
    /// Append all tokens, of 8, 16 or 32 bits, as whole words. Tokens that do not fill a word are left out.
    fn append(&self, width: u32, order: WordOrder, out: &mut Vec<u8>);
    /// Pack the tokens of `part`, a multiple of 16, as [`kernels::pack()`] does. Returns whether it was done.
    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool;
}

/// Tokens of a plane, which are predicted from those beside and above them.
pub(crate) trait PlaneSource: TokenSource {
    /// One token.
    fn token(&self, at: usize) -> u32;
    /// Compute the second differences of whole rows: see [`second_differences`].
    fn differences(
        &self,
        part: Range<usize>,
        above: &mut [u32],
        steps: &mut [u32],
        differences: &mut [i32],
        magnitudes: &mut [u32],
    );
    /// Fill `band` with the tokens of whole rows, and find the extremes of each column: see [`column_extremes`].
    fn extremes(&self, part: Range<usize>, band: &mut [u16], low: &mut [i16], high: &mut [i16]);
}

/// A source of tokens: values and a map from each to its token.
pub(crate) struct MappedInput<'a, T, F>(pub(crate) &'a [T], pub(crate) F);

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> TokenSource for MappedInput<'_, T, F> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn tokens(&self, first: usize, out: &mut [u32]) {
        let (values, map) = (&self.0[first..][..out.len()], self.1);
        let map = move |value| map(value).token();
        avx2_or_not!(convert; values, out, map);
    }
}

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> StreamSource for MappedInput<'_, T, F> {
    fn append(&self, width: u32, order: WordOrder, out: &mut Vec<u8>) {
        let (values, map) = (self.0, self.1);
        let map = move |value| map(value).token();
        avx2_or_not!(append_words; values, width, order, out, map);
    }

    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool {
        kernels::pack(self.0[part].as_chunks().0, width, self.1, out)
    }
}

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> PlaneSource for MappedInput<'_, T, F> {
    fn token(&self, at: usize) -> u32 {
        (self.1)(self.0[at]).token()
    }

    fn differences(
        &self,
        part: Range<usize>,
        above: &mut [u32],
        steps: &mut [u32],
        differences: &mut [i32],
        magnitudes: &mut [u32],
    ) {
        let (values, map) = (&self.0[part], self.1);
        let map = move |value| map(value).token();
        avx2_or_not!(second_differences; values, above, steps, differences, magnitudes, map);
    }

    fn extremes(&self, part: Range<usize>, band: &mut [u16], low: &mut [i16], high: &mut [i16]) {
        let (values, map) = (&self.0[part], self.1);
        let map = move |value| map(value).token();
        avx2_or_not!(column_extremes; values, band, low, high, map);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_mapped_to_tokens_where_they_are_wanted() {
        // Type 4 of 4 bits: an offset of 8.
        let source: &dyn PlaneSource =
            &MappedInput(&[-8_i32, 0, 7], |value: i32| value.cast_unsigned().wrapping_add(8));
        assert_eq!((source.len(), source.token(2)), (3, 15));
        let mut tokens = [0; 2];
        source.tokens(1, &mut tokens);
        assert_eq!(tokens, [8, 15]);
    }
}
