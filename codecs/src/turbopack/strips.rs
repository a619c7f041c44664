//! Writing of one stream by several threads.
//!
//! The bits of a row of tiles depend on tokens only, not on the stream before it. So each thread writes a strip, which is
//! some rows of tiles, into a buffer of its own, and the strips are joined bit by bit.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Incompressible, Limits};
use crate::bits::{BitSink, BitWriter};
use crate::parallel::{in_parts, threads};
use crate::types::WordOrder;

/// The stream of some rows of tiles.
struct Strip {
    /// Complete pairs of big-endian words.
    pairs: Vec<u8>,
    /// The incomplete pair behind them, left-aligned, and its number of bits.
    last: (u64, u32),
    /// Most words that the strip would have if the longest possible tile followed: see [`Limits::guard`].
    reach: u64,
}

/// Writes a range of elements with a writer. Returns the writer and the largest reach.
type WriteStrip<'w> =
    dyn for<'o> Fn(BitWriter<'o>, Range<usize>) -> Result<(BitWriter<'o>, u64), Incompressible> + Sync + 'w;

/// Strips for each thread: several for an even load, few because each has buffers of its own.
const STRIPS: usize = 8;

/// Append the elements `0..n` to `writer`. `band` elements are one row of tiles; `write` writes a range of rows, at most `room`
/// bits at a time.
///
/// Returns false if the guard of `limits` may be reached: then the decision depends on where words end within the whole
/// stream, which a strip does not know, and the caller starts again with one thread.
pub(super) fn write(
    writer: &mut BitWriter<'_>,
    n: usize,
    band: usize,
    room: u64,
    limits: Limits,
    write: &WriteStrip<'_>,
) -> Result<bool, Incompressible> {
    let part = n.div_ceil(STRIPS * threads()).next_multiple_of(band);
    let strips = in_parts(n, part, |range| {
        let mut pairs = Vec::new();
        let (writer, reach) = write(BitWriter::new(WordOrder::Big, &mut pairs, room), range)?;
        let last = writer.finish_pairs();
        Ok(Strip { pairs, last, reach })
    })?;
    for Strip { pairs, last: (pair, bits), reach } in strips {
        // Both lengths are rounded down to words, so their sum may be one more.
        let reach = writer.len() / 32 + 1 + reach;
        if limits.guard.is_some_and(|guard| reach > guard) {
            return Ok(false);
        }
        writer.put_pairs(pairs.as_chunks().0);
        if bits > 0 {
            writer.put(pair >> (64 - bits), bits);
        }
        if writer.len() > limits.words.saturating_mul(32) {
            return Err(Incompressible::TooLong);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strips(guard: Option<u64>, words: u64) -> (Result<bool, Incompressible>, Vec<u8>) {
        let mut out = Vec::new();
        let mut writer = BitWriter::new(WordOrder::Big, &mut out, 64);
        // Three bits before the strips: nothing behind them is aligned.
        writer.put(0b101, 3);
        let result = write(&mut writer, 4, 2, 64, Limits { words, guard }, &|mut strip, elements| {
            elements.for_each(|element| strip.put(element as u64, 4));
            Ok((strip, 1))
        });
        writer.finish();
        (result, out)
    }

    #[test]
    fn strips_are_joined_bit_by_bit() {
        // 101 | 0000 0001 | 0010 0011, and 13 bits unused
        assert_eq!(strips(None, 1), (Ok(true), vec![0xa0, 0x24, 0x60, 0x00]));
        assert_eq!(strips(None, 0).0, Err(Incompressible::TooLong));
    }

    #[test]
    fn where_the_guard_is_near_nothing_is_decided() {
        // Nothing written before, one word for the rounding, and the reach of 1.
        assert_eq!(strips(Some(2), 1).0, Ok(true));
        assert_eq!(strips(Some(1), 1).0, Ok(false));
    }
}
