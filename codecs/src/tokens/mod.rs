//! Tokens and what they stand for, apart from each other.
//!
//! A payload is a source of tokens, which depends on the byte order and the compression; an element type is a map from
//! tokens to values. Each is compiled once: between them, tokens pass through a tile in the first-level cache. What touches
//! tokens and values at once, and so is compiled for each element type and map, are the short loops in `loops.rs`.

mod loops;
mod pack;
mod values;

use crate::bits::{Pairs, Stream, Words};
use crate::cast::low16;
use crate::error::DecodeError;
use crate::kernels::wide;
use crate::options::Threads;
use crate::order::{Big, Little, Order};
use crate::parallel;
pub(crate) use loops::SIGN;
use loops::append_each;
use loops::{accumulate, convert};
pub(crate) use pack::{pack, pack_pairs};
pub(crate) use values::{Mapped, Planar, Streamed};

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

/// Streams of a byte order, for what does not know it.
pub(crate) trait Ordered: Order {
    /// `n` tokens of `width` bits that start at bit `start`.
    fn plain(words: Words<'_, Self>, start: u64, width: u32, n: usize) -> Result<Plain<'_>, DecodeError>;
    /// `n` tokens of 64 bits.
    fn wide(words: Words<'_, Self>, n: usize) -> Result<Wide<'_>, DecodeError>;
}

impl Ordered for Big {
    fn plain(words: Words<'_, Self>, start: u64, width: u32, n: usize) -> Result<Plain<'_>, DecodeError> {
        Stream::new(words, start, width, n).map(Plain::Big)
    }
    fn wide(words: Words<'_, Self>, n: usize) -> Result<Wide<'_>, DecodeError> {
        Pairs::new(words, n).map(Wide::Big)
    }
}

impl Ordered for Little {
    fn plain(words: Words<'_, Self>, start: u64, width: u32, n: usize) -> Result<Plain<'_>, DecodeError> {
        Stream::new(words, start, width, n).map(Plain::Little)
    }
    fn wide(words: Words<'_, Self>, n: usize) -> Result<Wide<'_>, DecodeError> {
        Pairs::new(words, n).map(Wide::Little)
    }
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
            Self::Turbo(source) => source(&mut Filling { out, map }),
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
    if parallel::worthwhile(threads, out.len(), parallel::SMALLEST) {
        parallel::blocks(out, work);
    } else {
        work(0, out);
    }
}

/// Makes values of tokens and puts them into the caller's buffer.
struct Filling<'a, T, F> {
    out: &'a mut [T],
    map: F,
}

impl<'a, T, F> Filling<'a, T, F> {
    fn next(&mut self, n: usize) -> &'a mut [T] {
        let (now, later) = core::mem::take(&mut self.out).split_at_mut(n);
        self.out = later;
        now
    }
}

impl<T: Send, F: Fn(u32) -> T + Copy + Send> Sink for Filling<'_, T, F> {
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
