//! The border between bit streams and element types: tokens, which are plain integers.
//!
//! Code on one side depends on the byte order and the compression, code on the other on the element type and the map from
//! tokens to values. Each side is monomorphised over its own parameters only (n + m copies, not n * m). Tokens cross the
//! border in blocks that stay in the first-level cache, through one virtual call per block. Only the short loops in
//! `loops.rs`, and reading of streams whose tokens all have the same width, are compiled for each element type and map.
//!
//! * Decoding: [`Tokens`] is where tokens come from. A compressed stream pushes them into a [`TokenSink`], whose
//!   implementation [`MappedOutput`] maps them to values.
//! * Encoding: tokens are taken from a [`StreamSource`] or a [`PlaneSource`]. [`MappedInput`], which holds values and a map,
//!   is both.

mod loops;
mod pack;
mod values;

use crate::bits::{Pairs, Stream, Words};
use crate::cast::low16;
use crate::error::DecodeError;
use crate::kernels::avx2_or_not;
use crate::options::Threads;
use crate::order::{Big, Little, Order};
use crate::parallel;
pub(crate) use loops::SIGN;
use loops::append_each;
use loops::{accumulate, convert};
pub(crate) use pack::{pack, pack_pairs, pack_words};
pub(crate) use values::{MappedInput, PlaneSource, StreamSource};

/// A [`Stream`] in either byte order.
pub(crate) enum AnyStream<'a> {
    Big(Stream<'a, Big>),
    Little(Stream<'a, Little>),
}

/// [`Pairs`] in either byte order.
pub(crate) enum AnyPairs<'a> {
    Big(Pairs<'a, Big>),
    Little(Pairs<'a, Little>),
}

/// Makes streams whose type does not name the byte order, so that codecs are not generic over it.
pub(crate) trait EraseOrder: Order {
    /// `n` tokens of `width` bits that start at bit `start`.
    fn any_stream(words: Words<'_, Self>, start: u64, width: u32, n: usize) -> Result<AnyStream<'_>, DecodeError>;
    /// `n` tokens of 64 bits.
    fn any_pairs(words: Words<'_, Self>, n: usize) -> Result<AnyPairs<'_>, DecodeError>;
}

impl EraseOrder for Big {
    fn any_stream(words: Words<'_, Self>, start: u64, width: u32, n: usize) -> Result<AnyStream<'_>, DecodeError> {
        Stream::new(words, start, width, n).map(AnyStream::Big)
    }
    fn any_pairs(words: Words<'_, Self>, n: usize) -> Result<AnyPairs<'_>, DecodeError> {
        Pairs::new(words, n).map(AnyPairs::Big)
    }
}

impl EraseOrder for Little {
    fn any_stream(words: Words<'_, Self>, start: u64, width: u32, n: usize) -> Result<AnyStream<'_>, DecodeError> {
        Stream::new(words, start, width, n).map(AnyStream::Little)
    }
    fn any_pairs(words: Words<'_, Self>, n: usize) -> Result<AnyPairs<'_>, DecodeError> {
        Pairs::new(words, n).map(AnyPairs::Little)
    }
}

/// Takes the tokens of a compressed stream, in element order.
pub(crate) trait TokenSink: Send {
    /// The next whole rows.
    fn tokens(&mut self, tokens: &[u16]);
    /// The next whole rows, as differences from the row above modulo 2^16. `above` holds the row before them, and the last of
    /// them afterwards.
    fn differences(&mut self, above: &mut [u32], differences: &[u32]);
}

/// Where the tokens of a record come from.
pub(crate) enum Tokens<'a> {
    /// Tokens of one width: they can be read from any position, and so by several threads.
    Plain(&'a AnyStream<'a>),
    /// A compressed stream: a function that decodes all of it into a sink.
    Turbo(&'a mut dyn FnMut(&mut dyn TokenSink) -> Result<(), DecodeError>),
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
            Self::Plain(source) => {
                decode_plain(source, threads, out, map);
                Ok(())
            }
            Self::Turbo(source) => source(&mut MappedOutput { out, map }),
        }
    }
}

fn decode_plain<T: Send>(
    source: &AnyStream<'_>,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy + Send + Sync,
) {
    in_blocks(threads, out, |first, out| match source {
        AnyStream::Big(stream) => stream.read(first, out, map),
        AnyStream::Little(stream) => stream.read(first, out, map),
    });
}

/// Fill `out` with one value per token of 64 bits.
pub(crate) fn decode_pairs<T: Send>(
    source: &AnyPairs<'_>,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(u64) -> T + Copy + Send + Sync,
) {
    in_blocks(threads, out, |first, out| match source {
        AnyPairs::Big(stream) => stream.read(first, out, map),
        AnyPairs::Little(stream) => stream.read(first, out, map),
    });
}

/// Call `work` for all of `out`, with the index of its first element: in blocks on several threads if that is worthwhile.
fn in_blocks<T: Send>(threads: Threads, out: &mut [T], work: impl Fn(u64, &mut [T]) + Sync) {
    if parallel::worthwhile(threads, out.len(), parallel::SMALLEST) {
        parallel::blocks(out, work);
    } else {
        work(0, out);
    }
}

/// A [`TokenSink`] that maps tokens to values in the caller's buffer.
struct MappedOutput<'a, T, F> {
    /// What is not yet filled.
    out: &'a mut [T],
    map: F,
}

impl<'a, T, F> MappedOutput<'a, T, F> {
    /// Cut the next `n` elements off.
    fn next(&mut self, n: usize) -> &'a mut [T] {
        let (now, later) = core::mem::take(&mut self.out).split_at_mut(n);
        self.out = later;
        now
    }
}

impl<T: Send, F: Fn(u32) -> T + Copy + Send> TokenSink for MappedOutput<'_, T, F> {
    fn tokens(&mut self, tokens: &[u16]) {
        let (out, map) = (self.next(tokens.len()), self.map);
        let map = move |token| map(u32::from(token));
        avx2_or_not!(convert; tokens, out, map);
    }

    fn differences(&mut self, above: &mut [u32], differences: &[u32]) {
        let (out, map) = (self.next(differences.len()), self.map);
        let map = move |sum| map(u32::from(low16(sum)));
        avx2_or_not!(accumulate; above, differences, out, map);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::rsf;

    #[test]
    fn the_map_knows_no_byte_order_and_the_stream_no_element_type() {
        // 0001 0010 0011 0100, and 16 bits unused
        let xdf = [0x12, 0x34, 0, 0];
        let little = rsf(&xdf);
        let streams = [
            Big::any_stream(Words::new(&xdf), 0, 4, 4).unwrap(),
            Little::any_stream(Words::new(&little), 0, 4, 4).unwrap(),
        ];
        for stream in streams {
            let mut bytes = [0_u8; 4];
            Tokens::Plain(&stream).decode(Threads::One, &mut bytes, |token| low16(token).to_be_bytes()[1]).unwrap();
            assert_eq!(bytes, [1, 2, 3, 4]);
            let mut reals = [0.0_f64; 4];
            Tokens::Plain(&stream).decode(Threads::One, &mut reals, |token| f64::from(token) / 2.0).unwrap();
            assert_eq!(reals, [0.5, 1.0, 1.5, 2.0]);
        }
    }

    #[test]
    fn compressed_tokens_come_as_rows_or_as_differences_from_the_row_above() {
        let mut source = |sink: &mut dyn TokenSink| {
            sink.tokens(&[1, 2]);
            sink.differences(&mut [1, 2], &[10, 10, u32::MAX, 1]); // two rows; the last one is 1 less and 1 more
            Ok(())
        };
        let mut out = [0; 6];
        Tokens::Turbo(&mut source).decode(Threads::One, &mut out, |token| token).unwrap();
        assert_eq!(out, [1, 2, 11, 12, 10, 13]);
    }
}
