//! Choice of the method.

use alloc::vec::Vec;

use super::parallelogram::{Limits, Scheme};
use super::{Plane, minimum, parallelogram};
use crate::bits::Order;
use crate::packing::Compression;

/// Why there is no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Incompressible {
    /// It would be longer than allowed.
    TooLong,
    /// A tile has differences that its width code cannot say.
    LongCode,
}

/// Smallest dimensions for method 4.
const PARALLELOGRAM_SMALLEST: usize = 16;

const MINIMUM_STEP: usize = 5;
const PARALLELOGRAM_STEP: usize = 3;

/// Append a compressed stream, header word included, of tokens of `width` bits (1 to 16). Returns whether it is short
/// enough: `out` is as before otherwise.
pub(crate) fn encode<O: Order, T: Copy>(
    plane: Plane,
    width: u32,
    compression: Compression,
    values: &[T],
    token: impl Fn(T) -> u32 + Copy,
    out: &mut Vec<u8>,
) -> bool {
    let Plane { ni, nj } = plane;
    if ni == 1 || nj == 1 {
        return false;
    }
    // 2 * (1 + words) < n
    let Some(limit) = (values.len() as u64).checked_sub(3).map(|rest| rest / 2) else { return false };
    let small = ni < PARALLELOGRAM_SMALLEST || nj < PARALLELOGRAM_SMALLEST || width <= 4;
    let start = out.len();
    let minimum = |limit, out: &mut Vec<u8>| {
        out.extend_from_slice(&O::word_bytes(0x8283 + (width << 10)));
        minimum::encode::<O, T>(plane, MINIMUM_STEP, width, values, token, limit, out).is_ok()
    };
    let parallelogram = |limit, out: &mut Vec<u8>| {
        out.extend_from_slice(&O::word_bytes(0x8194 + (width << 10)));
        let scheme = |field| Scheme { step: PARALLELOGRAM_STEP, width, field, joined: true };
        let limits = Limits { words: limit, guard: None };
        let stream = out.len();
        let mut result = parallelogram::encode::<O, T>(plane, scheme(4), values, token, limits, out);
        if result == Err(Incompressible::LongCode) {
            out.truncate(stream);
            result = parallelogram::encode::<O, T>(plane, scheme(5), values, token, limits, out);
        }
        result.is_ok()
    };
    let done = match compression {
        Compression::Fast => minimum(limit, out),
        Compression::Normal if small => minimum(limit, out),
        Compression::Normal => parallelogram(limit, out),
        Compression::Best => best(limit, out, &[&minimum, &parallelogram]),
    };
    if !done {
        out.truncate(start);
    }
    done
}

/// The shortest of several streams, the first one of equals.
fn best(limit: u64, out: &mut Vec<u8>, methods: &[&dyn Fn(u64, &mut Vec<u8>) -> bool]) -> bool {
    let start = out.len();
    let mut shortest = None;
    let mut limit = limit;
    for method in methods {
        let mut stream = Vec::new();
        if method(limit, &mut stream) {
            // The next one must be shorter; a stream has a header word.
            limit = (stream.len() as u64 / 4).saturating_sub(2);
            shortest = Some(stream);
        }
    }
    if let Some(stream) = &shortest {
        out.truncate(start);
        out.extend_from_slice(stream);
    }
    shortest.is_some()
}
