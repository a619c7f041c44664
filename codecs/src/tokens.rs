//! Tokens and what they stand for, apart from each other.
//!
//! A payload is a source of tokens, which depends on the byte order and the compression; an element type is a map from
//! tokens to values. Each is compiled once: between them, tokens pass through a tile in the first-level cache.

use crate::error::DecodeError;
use crate::packed::Threads;
#[cfg(feature = "rayon")]
use crate::parallel;
use alloc::vec::Vec;
use core::ops::Range;

use crate::bits::{Big, Little, Pairs, Stream, low16};
use crate::simd::{self, Number, wide};
use crate::turbopack::minimum;
use crate::turbopack::parallelogram::accumulate;
use crate::types::WordOrder;

/// Tokens that pass through the first-level cache together.
pub(crate) const TILE: usize = 256;

/// A stream that can be read from anywhere.
pub(crate) enum Plain<'a> {
    Big(Stream<'a, Big>),
    Little(Stream<'a, Little>),
}

/// The same of 64 bits.
pub(crate) enum Wide<'a> {
    Big(Pairs<'a, Big>),
    Little(Pairs<'a, Little>),
}

/// What takes the tokens of a compressed stream, in order.
pub(crate) trait Sink: Send {
    /// Whole rows of tokens.
    fn tokens(&mut self, tokens: &[u16]);
    /// Whole rows, as differences from the row above.
    fn differences(&mut self, above: &mut [u32], differences: &[u32]);
}

/// Where tokens come from.
pub(crate) enum Tokens<'a> {
    Plain(&'a Plain<'a>),
    Turbo(&'a mut dyn FnMut(&mut dyn Sink) -> Result<(), DecodeError>),
}

impl Tokens<'_> {
    /// Fill `out` with one value per token.
    pub(crate) fn decode<T: Send>(
        self,
        threads: Threads,
        out: &mut [T],
        map: impl Fn(u32) -> T + Copy + Send + Sync,
    ) -> Result<(), DecodeError> {
        match self {
            Self::Plain(source) => decode_plain(source, threads, out, map),
            Self::Turbo(source) => source(&mut Mapped { out, map }),
        }
    }
}

fn decode_plain<T: Send>(
    source: &Plain<'_>,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    in_blocks(threads, out, |first, out| match source {
        Plain::Big(stream) => stream.read(first, out, map),
        Plain::Little(stream) => stream.read(first, out, map),
    });
    Ok(())
}

/// As [`Tokens::decode`], for tokens of 64 bits.
pub(crate) fn decode_wide<T: Send>(
    source: &Wide<'_>,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(u64) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    in_blocks(threads, out, |first, out| match source {
        Wide::Big(stream) => stream.read(first, out, map),
        Wide::Little(stream) => stream.read(first, out, map),
    });
    Ok(())
}

fn in_blocks<T: Send>(threads: Threads, out: &mut [T], work: impl Fn(u64, &mut [T]) + Sync) {
    #[cfg(feature = "rayon")]
    if parallel::worthwhile(threads, out.len(), parallel::SMALLEST) {
        return parallel::blocks(out, work);
    }
    let _ = threads;
    work(0, out);
}

#[inline(always)]
pub(crate) fn convert<W: Copy, T>(tokens: &[W], out: &mut [T], map: impl Fn(W) -> T) {
    for (value, &token) in out.iter_mut().zip(tokens) {
        *value = map(token);
    }
}

struct Mapped<'a, T, F> {
    out: &'a mut [T],
    map: F,
}

impl<'a, T, F> Mapped<'a, T, F> {
    fn next(&mut self, n: usize) -> &'a mut [T] {
        let (now, later) = core::mem::take(&mut self.out).split_at_mut(n);
        self.out = later;
        now
    }
}

impl<T: Send, F: Fn(u32) -> T + Copy + Send> Sink for Mapped<'_, T, F> {
    fn tokens(&mut self, tokens: &[u16]) {
        let (out, map) = (self.next(tokens.len()), self.map);
        let map = move |token| map(u32::from(token));
        wide!(convert; tokens, out, map);
    }

    fn differences(&mut self, above: &mut [u32], differences: &[u32]) {
        let (out, map) = (self.next(differences.len()), self.map);
        let map = move |sum| map(u32::from(low16(sum)));
        wide!(accumulate; above, differences, out, map);
    }
}

/// The tokens of values that are to be written, from any position on.
///
/// Only what touches values and tokens at once is compiled for each type; streams are not.
pub(crate) trait Values: Sync {
    fn len(&self) -> usize;
    fn token(&self, at: usize) -> u32;
    fn tokens(&self, first: usize, out: &mut [u32]);
    /// Append tokens of 8, 16 or 32 bits, but for those of a last word that is not full.
    fn append(&self, width: u32, order: WordOrder, out: &mut Vec<u8>);
    /// See [`simd::pack`]: 16 tokens or a multiple of it.
    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool;
    /// Second differences of some rows: see [`second_differences`].
    fn differences(
        &self,
        part: Range<usize>,
        above: &mut [u32],
        steps: &mut [u32],
        differences: &mut [i32],
        magnitudes: &mut [u32],
    );
    /// Tokens of some rows and the extremes of their columns.
    fn extremes(&self, part: Range<usize>, band: &mut [u16], low: &mut [i16], high: &mut [i16]);
}

/// Values and the map that makes tokens of them.
pub(crate) struct Source<'a, T, F>(pub(crate) &'a [T], pub(crate) F);

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> Values for Source<'_, T, F> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn token(&self, at: usize) -> u32 {
        (self.1)(self.0[at]).token()
    }

    fn tokens(&self, first: usize, out: &mut [u32]) {
        let (values, map) = (&self.0[first..][..out.len()], self.1);
        let map = move |value| map(value).token();
        wide!(convert; values, out, map);
    }

    fn append(&self, width: u32, order: WordOrder, out: &mut Vec<u8>) {
        let (values, map) = (self.0, self.1);
        let map = move |value| map(value).token();
        wide!(append_words; values, width, order, out, map);
    }

    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool {
        simd::pack(self.0[part].as_chunks().0, width, self.1, out)
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
        wide!(minimum::load; values, band, low, high, map);
    }
}

/// One word for each value, or for two or four.
#[inline(always)]
fn append_words<T: Copy>(values: &[T], width: u32, order: WordOrder, out: &mut Vec<u8>, map: impl Fn(T) -> u32 + Copy) {
    let word16 = move |&[a, b]: &[T; 2]| map(a) << 16 | map(b) & 0xFFFF;
    let low8 = move |value| map(value).to_be_bytes()[3];
    match (width, order) {
        (8, WordOrder::Big) => append_each(out, values, |group: &[T; 4]| group.map(low8)),
        (8, WordOrder::Little) => {
            append_each(out, values, |group: &[T; 4]| u32::from_be_bytes(group.map(low8)).to_le_bytes());
        }
        (16, WordOrder::Big) => append_each(out, values, |group| word16(group).to_be_bytes()),
        (16, WordOrder::Little) => append_each(out, values, |group| word16(group).to_le_bytes()),
        (_, WordOrder::Big) => append_each(out, values, |&[a]| map(a).to_be_bytes()),
        (_, WordOrder::Little) => append_each(out, values, |&[a]| map(a).to_le_bytes()),
    }
}

/// Append the bytes of each `N` values. They pass through a block in the first-level cache: memory that is to be overwritten
/// would have to be filled with zeros first.
#[inline(always)]
pub(crate) fn append_each<const N: usize, const BYTES: usize, T>(
    out: &mut Vec<u8>,
    values: &[T],
    bytes: impl Fn(&[T; N]) -> [u8; BYTES],
) {
    let mut block = [[0; BYTES]; 512];
    for groups in values.as_chunks().0.chunks(block.len()) {
        let block = &mut block[..groups.len()];
        for (block, group) in block.iter_mut().zip(groups) {
            *block = bytes(group);
        }
        out.extend_from_slice(block.as_flattened());
    }
}

/// Differences of some rows from each other and the row `above`, which becomes the last one: `steps` are the distances of a
/// row from the one above, `differences` (row by row, the first column not used) those of its steps from each other, and
/// `magnitudes` all bits of the magnitudes of a column's differences.
#[inline(always)]
fn second_differences<T: Copy>(
    values: &[T],
    above: &mut [u32],
    steps: &mut [u32],
    differences: &mut [i32],
    magnitudes: &mut [u32],
    token: impl Fn(T) -> u32,
) {
    magnitudes.fill(0);
    let ni = above.len();
    for (values, differences) in values.chunks_exact(ni).zip(differences.chunks_exact_mut(ni)) {
        for ((above, step), &value) in above.iter_mut().zip(&mut *steps).zip(values) {
            let here = token(value);
            *step = here.wrapping_sub(*above);
            *above = here;
        }
        let columns = differences[1..].iter_mut().zip(&mut magnitudes[1..]);
        for ((difference, magnitude), steps) in columns.zip(steps.windows(2)) {
            let d = steps[1].wrapping_sub(steps[0]).cast_signed();
            *difference = d;
            *magnitude |= d.unsigned_abs();
        }
    }
}
