//! Encoding: choice of the predictor, and the header.

use alloc::vec::Vec;

use super::parallelogram::Scheme;
use super::{Incompressible, Limits, Plane, minimum, parallelogram};
use crate::bits::word_bytes;
use crate::options::Compression;
use crate::options::Threads;
use crate::parallel::{SMALLEST, in_parts, worthwhile};
use crate::tokens::PlaneSource;
use crate::types::WordOrder;

/// Smallest dimensions for PARALLELOGRAM.
const PARALLELOGRAM_SMALLEST: usize = 16;
/// Widest tokens for which MINIMUM is taken in large planes too.
const NARROW: u32 = 4;
/// Tokens that [`any_of`] takes from a source at a time.
const TILE: usize = 256;

/// A predictor and the rows and columns of its tiles.
#[derive(Debug, Clone, Copy)]
enum Method {
    Minimum(usize),
    Parallelogram(usize),
}

/// The methods that librmn writes.
const MINIMUM: Method = Method::Minimum(5);
const PARALLELOGRAM: Method = Method::Parallelogram(3);

/// The methods that [`Compression::Best`] tries. All decoders take the size of the tiles from the header.
const ALL: [Method; 12] = [
    PARALLELOGRAM,
    MINIMUM,
    Method::Parallelogram(2),
    Method::Parallelogram(4),
    Method::Parallelogram(5),
    Method::Parallelogram(6),
    Method::Parallelogram(7),
    Method::Minimum(2),
    Method::Minimum(3),
    Method::Minimum(4),
    Method::Minimum(6),
    Method::Minimum(7),
];

/// Append a compressed stream of tokens of `width` bits (1 to 16), header word included. Returns false, with `out` as before,
/// if the stream would not be short enough.
pub(crate) fn encode(
    order: WordOrder,
    plane: Plane,
    width: u32,
    compression: Compression,
    values: &dyn PlaneSource,
    threads: Threads,
    out: &mut Vec<u8>,
) -> bool {
    let Plane { ni, nj } = plane;
    if ni == 1 || nj == 1 {
        return false;
    }
    // 2 * (1 + words) < n
    let Some(words) = (values.len() as u64).checked_sub(3).map(|rest| rest / 2) else { return false };
    let small = ni < PARALLELOGRAM_SMALLEST || nj < PARALLELOGRAM_SMALLEST || width <= NARROW;
    let (method, width) = match compression {
        Compression::Fast => (MINIMUM, width),
        Compression::Normal if small => (MINIMUM, width),
        Compression::Normal => (PARALLELOGRAM, width),
        Compression::Best => {
            // `width` is the size of minima, and of the first row and column: as few bits as the largest token needs.
            let all = any_of(values);
            let width = (32 - all.leading_zeros()).max(1);
            let Some(method) = shortest(plane, width, values, words, threads) else { return false };
            (method, width)
        }
    };
    let start = out.len();
    let (header, step) = match method {
        Method::Minimum(step) => (0x8003, step),
        Method::Parallelogram(step) => (0x8014, step),
    };
    // BandPipeline are below 8.
    let header = header | u32::try_from(step).unwrap_or(0) << 7 | width << 10;
    out.extend_from_slice(&word_bytes(order, header));
    let stream = out.len();
    let result = match method {
        Method::Minimum(step) => minimum::encode(order, plane, step, width, values, words, threads, out),
        Method::Parallelogram(step) => either_field(|field| {
            out.truncate(stream);
            let limits = Limits { words, guard: None };
            parallelogram::encode(order, plane, scheme(step, width, field), values, limits, threads, out)
        }),
    };
    if result.is_err() {
        out.truncate(start);
    }
    result.is_ok()
}

/// The OR of all tokens.
fn any_of(values: &dyn PlaneSource) -> u32 {
    let mut tokens = [0; TILE];
    (0..values.len()).step_by(TILE).fold(0, |all, first| {
        let tokens = &mut tokens[..TILE.min(values.len() - first)];
        values.tokens(first, tokens);
        tokens.iter().fold(all, |all, token| all | token)
    })
}

fn scheme(step: usize, width: u32, field: u32) -> Scheme {
    Scheme { step, width, field, joined: true }
}

/// Encode with width codes of 4 bits. If that meets a difference of 17 bits, which is rare, encode again with codes of 5.
fn either_field<R>(mut encode: impl FnMut(u32) -> Result<R, Incompressible>) -> Result<R, Incompressible> {
    match encode(4) {
        Err(Incompressible::LongCode) => encode(5),
        result => result,
    }
}

/// The method with the shortest stream, the first of equals. `None` if all streams are longer than `words`.
fn shortest(plane: Plane, width: u32, values: &dyn PlaneSource, words: u64, threads: Threads) -> Option<Method> {
    let length = |method, words| match method {
        Method::Minimum(step) => minimum::length(plane, step, width, values, words),
        Method::Parallelogram(step) => either_field(|field| {
            let limits = Limits { words, guard: None };
            parallelogram::length(plane, scheme(step, width, field), values, limits)
        }),
    };
    let words_of = |method, most| length(method, most).map(|bits| bits.div_ceil(32));
    if worthwhile(threads, values.len(), SMALLEST) {
        let lengths = in_parts(ALL.len(), 1, |part| Ok::<_, Incompressible>(words_of(ALL[part.start], words)));
        let lengths = lengths.into_iter().flatten().zip(ALL);
        let fitting = lengths.filter_map(|(length, method)| Some((length.ok()?, method)));
        return fitting.min_by_key(|&(length, _)| length).map(|(_, method)| method);
    }
    let (mut best, mut most) = (None, words);
    for method in ALL {
        if let Ok(length) = words_of(method, most) {
            best = Some(method);
            // The next one must be shorter.
            most = length.saturating_sub(1);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::MappedInput;

    fn encoded(ni: usize, compression: Compression, tokens: &[u16]) -> Option<Vec<u8>> {
        let (mut out, plane) = (vec![7], Plane { ni, nj: tokens.len() / ni });
        let tokens = MappedInput(tokens, u32::from);
        let done = encode(WordOrder::Big, plane, 6, compression, &tokens, Threads::One, &mut out);
        assert!(done || out == [7], "what does not compress leaves nothing behind");
        done.then(|| out.split_off(1))
    }

    /// Example E8 of docs/format/codecs.md, section 16; the stream is that of `minimum`.
    #[test]
    fn a_stream_is_written_if_it_has_less_than_half_a_word_per_token() {
        let tokens = [10, 10, 11, 12, 13, 20, 20, 10, 11, 11, 12, 12, 20, 20];
        let stream = [0x00, 0x00, 0x9a, 0x83, 0x22, 0x81, 0xb1, 0x68, 0x14, 0, 0, 0];
        assert_eq!(encoded(7, Compression::Normal, &tokens), Some(stream.to_vec()));
        // Three words for four tokens.
        assert_eq!(encoded(2, Compression::Normal, &[1, 50, 3, 4]), None);
        // A single row.
        assert_eq!(encoded(40, Compression::Normal, &[1; 40]), None);
    }

    /// Section 6.2 of docs/format/codecs.md.
    #[test]
    fn the_method_depends_on_the_size_and_the_effort() {
        let header = |ni, compression| encoded(ni, compression, &vec![1; ni * ni]).unwrap()[2..4].to_vec();
        assert_eq!(header(15, Compression::Normal), [0x9a, 0x83]);
        assert_eq!(header(16, Compression::Normal), [0x99, 0x94]);
        assert_eq!(header(16, Compression::Fast), [0x9a, 0x83]);
        // MINIMUM of 6 x 6, with the one bit that the tokens need: 0x8003, step 6 << 7, width 1 << 10.
        assert_eq!(header(16, Compression::Best), [0x87, 0x03]);
    }
}
