//! Tokens and what they stand for, apart from each other.
//!
//! A payload is a source of tokens, which depends on the byte order and the compression; an element type is a map from
//! tokens to values. Each is compiled once: between them, tokens pass through a tile in the first-level cache.

use crate::error::DecodeError;
use crate::packed::Threads;
#[cfg(feature = "rayon")]
use crate::parallel;
use core::ops::Range;

use crate::bits::{Big, Little, Pairs, Stream, low16};
use crate::simd::{self, Number, wide};
use crate::turbopack::parallelogram::accumulate;
use crate::turbopack::{minimum, parallelogram};
use crate::types::WordOrder;

/// Tokens that pass through the first-level cache together.
pub(crate) const TILE: usize = 1024;

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
    fn tokens(&self, first: usize, out: &mut [u32]);
    /// Tokens of 8, 16 or 32 bits as words: as many bits as fill them.
    fn words(&self, part: Range<usize>, order: WordOrder, words: &mut [[u8; 4]]);
    /// See [`simd::pack`]: 16 tokens or a multiple of it.
    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool;
    /// Second differences of some rows.
    fn differences(&self, part: Range<usize>, band: &mut parallelogram::Band);
    /// Tokens of some rows and the extremes of their columns.
    fn extremes(&self, part: Range<usize>, band: &mut [u16], low: &mut [i16], high: &mut [i16]);

    fn token(&self, at: usize) -> u32 {
        let mut token = [0];
        self.tokens(at, &mut token);
        token[0]
    }
}

/// Values and the map that makes tokens of them.
pub(crate) struct Source<'a, T, F>(pub(crate) &'a [T], pub(crate) F);

impl<T: Copy + Sync, N: Number, F: Fn(T) -> N + Copy + Sync> Values for Source<'_, T, F> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn tokens(&self, first: usize, out: &mut [u32]) {
        let (values, map) = (&self.0[first..][..out.len()], self.1);
        let map = move |value| map(value).token();
        wide!(convert; values, out, map);
    }

    fn words(&self, part: Range<usize>, order: WordOrder, words: &mut [[u8; 4]]) {
        let (values, map) = (&self.0[part], self.1);
        let map = move |value| map(value).token();
        wide!(to_words; values, order, words, map);
    }

    fn pack(&self, part: Range<usize>, width: u32, out: &mut [u8]) -> bool {
        simd::pack(self.0[part].as_chunks().0, width, self.1, out)
    }

    fn differences(&self, part: Range<usize>, band: &mut parallelogram::Band) {
        let (values, map) = (&self.0[part], self.1);
        let map = move |value| map(value).token();
        wide!(parallelogram::Band::load; band, values, map);
    }

    fn extremes(&self, part: Range<usize>, band: &mut [u16], low: &mut [i16], high: &mut [i16]) {
        let (values, map) = (&self.0[part], self.1);
        let map = move |value| map(value).token();
        wide!(minimum::load; values, band, low, high, map);
    }
}

/// One word for each of these, or each two or four.
#[inline(always)]
fn to_words<T: Copy>(values: &[T], order: WordOrder, words: &mut [[u8; 4]], map: impl Fn(T) -> u32 + Copy) {
    let low16 = move |value| map(value) & 0xFFFF;
    let low8 = move |value| map(value).to_be_bytes()[3];
    match (values.len() / words.len().max(1), order) {
        (1, WordOrder::Big) => each_word::<1, T>(values, words, |&[a]| map(a).to_be_bytes()),
        (1, WordOrder::Little) => each_word::<1, T>(values, words, |&[a]| map(a).to_le_bytes()),
        (2, WordOrder::Big) => each_word::<2, T>(values, words, |&[a, b]| (map(a) << 16 | low16(b)).to_be_bytes()),
        (2, WordOrder::Little) => each_word::<2, T>(values, words, |&[a, b]| (map(a) << 16 | low16(b)).to_le_bytes()),
        (_, WordOrder::Big) => each_word::<4, T>(values, words, |group| group.map(low8)),
        (_, WordOrder::Little) => each_word::<4, T>(values, words, |&[a, b, c, d]| [d, c, b, a].map(low8)),
    }
}

#[inline(always)]
fn each_word<const N: usize, T>(values: &[T], words: &mut [[u8; 4]], bytes: impl Fn(&[T; N]) -> [u8; 4]) {
    for (word, group) in words.iter_mut().zip(values.as_chunks::<N>().0) {
        *word = bytes(group);
    }
}
