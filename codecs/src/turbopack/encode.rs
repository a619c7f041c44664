//! Choice of the method.

use alloc::vec::Vec;

use super::parallelogram::Scheme;
use super::{Incompressible, Limits, Plane, minimum, parallelogram};
use crate::bits::word_bytes;
use crate::options::Compression;
use crate::options::Threads;
use crate::parallel::{SMALLEST, in_parts, worthwhile};
use crate::tokens::Planar;
use crate::types::WordOrder;

/// Smallest dimensions for method 4.
const PARALLELOGRAM_SMALLEST: usize = 16;
/// Token width up to which method 3 is taken.
const NARROW: u32 = 4;

/// A method and the size of its tiles in both directions.
#[derive(Debug, Clone, Copy)]
enum Method {
    Minimum(usize),
    Parallelogram(usize),
}

/// What librmn writes.
const MINIMUM: Method = Method::Minimum(5);
const PARALLELOGRAM: Method = Method::Parallelogram(3);

/// What [`Compression::Best`] tries: every decoder takes the size of the tiles from the header.
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

/// Append a compressed stream, header word included, of tokens of `width` bits (1 to 16). Returns whether it is short
/// enough: `out` is as before otherwise.
pub(crate) fn encode(
    order: WordOrder,
    plane: Plane,
    width: u32,
    compression: Compression,
    values: &dyn Planar,
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
            // Minima and the first row and column in as few bits as they need.
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
    // Steps are below 8.
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

/// Tokens that are looked at together.
const TILE: usize = 256;

/// The bits that any of the tokens has.
fn any_of(values: &dyn Planar) -> u32 {
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

/// Width codes of 4 bits, or of 5 if there are differences of 17 bits, which is rare and only known when one is met.
fn either_field<R>(mut encode: impl FnMut(u32) -> Result<R, Incompressible>) -> Result<R, Incompressible> {
    match encode(4) {
        Err(Incompressible::LongCode) => encode(5),
        result => result,
    }
}

/// The method with the shortest stream, the first one of equals; `None` if all are too long.
fn shortest(plane: Plane, width: u32, values: &dyn Planar, words: u64, threads: Threads) -> Option<Method> {
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
