//! Streams written by several threads: rows of tiles need the values above them, which are there, and nothing of the stream.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Incompressible, Limits};
use crate::bits::{BitSink, BitWriter};
use crate::parallel::{in_parts, threads};
use crate::types::WordOrder;

/// The stream of some rows of tiles.
struct Strip {
    /// Whole pairs of words.
    pairs: Vec<u8>,
    /// The next pair, and how many of its bits are there.
    last: (u64, u32),
    /// How many words the longest possible next tile would have reached.
    reach: u64,
}

/// Writes a range of elements with a writer. Returns it, and the largest reach.
type WriteStrip<'w> =
    dyn for<'o> Fn(BitWriter<'o>, Range<usize>) -> Result<(BitWriter<'o>, u64), Incompressible> + Sync + 'w;

/// Strips for each thread: enough to share out the work evenly, few because each has buffers of its own.
const STRIPS: usize = 8;

/// Write `0..n` elements in rows of tiles of `band`. `write` writes a range of them, with `room` bits between flushes, and
/// returns the largest reach.
///
/// Returns whether that was done: where a guard is nearly reached it matters where the words of each tile end, which
/// a strip does not know.
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
