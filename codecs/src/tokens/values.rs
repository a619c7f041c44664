//! Values that are to be written, as tokens.

use alloc::vec::Vec;
use core::ops::Range;

use super::loops::{append_words, column_extremes, convert, second_differences};
use crate::kernels::{self, Number, wide};
use crate::types::WordOrder;

/// The tokens of values that are to be written, from any position on.
///
/// Only what touches values and tokens at once is compiled for each type; streams are not. What is never written as one
/// stream, or never as a plane, is not compiled for that: hence the two traits below.
pub(crate) trait Values: Sync {
    fn len(&self) -> usize;
    fn tokens(&self, first: usize, out: &mut [u32]);
}

/// Values whose tokens are packed one after the other.
pub(crate) trait Streamed: Values {
    /// Append tokens of 8, 16 or 32 bits, but for those of a last word that is not full.
    fn append(&self, width: u32, order: WordOrder, out: &mut Vec<u8>);
    /// See [`kernels::pack`]: 16 tokens or a multiple of it.
    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool;
}

/// Values whose tokens are predicted from those beside and above them.
pub(crate) trait Planar: Values {
    fn token(&self, at: usize) -> u32;
    /// Second differences of some rows: see [`second_differences`].
    fn differences(
        &self,
        part: Range<usize>,
        above: &mut [u32],
        steps: &mut [u32],
        differences: &mut [i32],
        magnitudes: &mut [u32],
    );
    /// Tokens of some rows and the extremes of their columns: see [`column_extremes`].
    fn extremes(&self, part: Range<usize>, band: &mut [u16], low: &mut [i16], high: &mut [i16]);
}

/// Values and the map that makes tokens of them.
pub(crate) struct Mapped<'a, T, F>(pub(crate) &'a [T], pub(crate) F);

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> Values for Mapped<'_, T, F> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn tokens(&self, first: usize, out: &mut [u32]) {
        let (values, map) = (&self.0[first..][..out.len()], self.1);
        let map = move |value| map(value).token();
        wide!(convert; values, out, map);
    }
}

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> Streamed for Mapped<'_, T, F> {
    fn append(&self, width: u32, order: WordOrder, out: &mut Vec<u8>) {
        let (values, map) = (self.0, self.1);
        let map = move |value| map(value).token();
        wide!(append_words; values, width, order, out, map);
    }

    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool {
        kernels::pack(self.0[part].as_chunks().0, width, self.1, out)
    }
}

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> Planar for Mapped<'_, T, F> {
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
        wide!(second_differences; values, above, steps, differences, magnitudes, map);
    }

    fn extremes(&self, part: Range<usize>, band: &mut [u16], low: &mut [i16], high: &mut [i16]) {
        let (values, map) = (&self.0[part], self.1);
        let map = move |value| map(value).token();
        wide!(column_extremes; values, band, low, high, map);
    }
}
