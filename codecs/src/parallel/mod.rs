//! One large field on several threads, with the feature `rayon`.
//!
//! * [`blocks`] and [`in_parts`]: parts that do not depend on each other.
//! * [`BandPipeline`]: a stream that must be unpacked in order. One thread unpacks, another converts what is ready to values.
//!
//! Rayon is called from functions that are not generic, so it is compiled once and not per element type.

#[cfg(feature = "rayon")]
mod rayon;
#[cfg(not(feature = "rayon"))]
mod sequential;

use alloc::vec::Vec;

#[cfg(feature = "rayon")]
pub(crate) use self::rayon::{blocks, in_parts, threads};
#[cfg(feature = "rayon")]
use self::rayon::{pipelined, threads as available};
use crate::error::DecodeError;
use crate::options::Threads;
#[cfg(not(feature = "rayon"))]
pub(crate) use sequential::{blocks, in_parts, threads};
#[cfg(not(feature = "rayon"))]
use sequential::{pipelined, threads as available};

/// Elements below which one thread is faster: waking another takes longer than the work.
pub(crate) const SMALLEST: usize = 1 << 18;
/// Elements of one block: few enough for the second-level cache and an even load, enough to be worth a task.
pub(crate) const BLOCK: usize = if cfg!(debug_assertions) { 1 << 10 } else { 1 << 16 };

/// Elements that one thread unpacks before it converts them: they stay in the first-level cache.
const CACHED: usize = 1 << 12;

/// Whether a field of `n` elements is to be shared among threads: if the caller allows it, there are several, and `n` is
/// `smallest` or more. Debug builds share from 4096 elements on, so that tests and fuzzers get there.
pub(crate) fn worthwhile(threads: Threads, n: usize, smallest: usize) -> bool {
    let smallest = if cfg!(debug_assertions) { 1 << 12 } else { smallest };
    threads == Threads::Many && n >= smallest && available() > 1
}

/// Unpacked rows of a plane. Each codec uses the vectors that it needs.
#[derive(Default)]
pub(crate) struct BandBuffer {
    /// MINIMUM: the tokens.
    pub(crate) tokens: Vec<u16>,
    /// PARALLELOGRAM and type 133: differences from the row above, of tokens or mantissas.
    pub(crate) differences: Vec<u32>,
    /// Type 133: sign bits.
    pub(crate) signs: Vec<u32>,
}

/// Unpacks the next elements of a plane, as many as the number says, into a buffer.
pub(crate) type FillBand<'a> = &'a mut (dyn FnMut(&mut BandBuffer, usize) -> Result<(), DecodeError> + Send);
/// Converts the elements of a buffer to values.
pub(crate) type FinishBand<'a> = &'a mut (dyn FnMut(&mut BandBuffer) -> Result<(), DecodeError> + Send);

/// Decoding of a plane in parts of one or more bands (rows of tiles): each is unpacked into a buffer, then converted to values.
pub(crate) struct BandPipeline {
    pub(crate) threads: Threads,
    /// Fewest elements for which two threads are faster.
    pub(crate) smallest: usize,
    /// Elements before the first row of tiles: row 0 for PARALLELOGRAM, none for MINIMUM.
    pub(crate) first: usize,
    /// Elements of one row of tiles.
    pub(crate) band: usize,
}

impl BandPipeline {
    /// Decode a plane of `n` elements: `fill` unpacks each part, then `finish` converts it, in order.
    ///
    /// One thread does both, in parts that stay in the first-level cache. With several threads parts are larger, and `finish`
    /// of one part overlaps with `fill` of the next.
    pub(crate) fn decode(self, n: usize, fill: FillBand<'_>, finish: FinishBand<'_>) -> Result<(), DecodeError> {
        let Self { threads, smallest, first, band } = self;
        let lengths = |block: usize| {
            let rest = n - first;
            let whole = core::iter::repeat_n(block, rest / block);
            core::iter::once(first).chain(whole).chain((!rest.is_multiple_of(block)).then_some(rest % block))
        };
        if worthwhile(threads, n, smallest) {
            return pipelined(lengths((BLOCK / band).max(1) * band).collect(), fill, finish);
        }
        let mut buffer = BandBuffer::default();
        for length in lengths((CACHED / band).max(1) * band) {
            fill(&mut buffer, length)?;
            finish(&mut buffer)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lengths of the parts, and the tokens of all of them.
    fn pipeline(threads: Threads, first: usize, band: usize, n: usize) -> (Vec<usize>, Vec<u16>) {
        let (mut next, mut lengths, mut all) = (0, Vec::new(), Vec::new());
        let pipeline = BandPipeline { threads, smallest: SMALLEST, first, band };
        pipeline
            .decode(
                n,
                &mut |band, n| {
                    band.tokens = (next..).take(n).collect();
                    next += u16::try_from(n).unwrap();
                    lengths.push(n);
                    Ok(())
                },
                &mut |band| {
                    all.extend(&band.tokens);
                    Ok(())
                },
            )
            .unwrap();
        (lengths, all)
    }

    #[test]
    fn parts_are_whole_rows_of_tiles_and_finished_in_order() {
        // Row 0 alone, then as many rows of tiles as fit into the cache.
        assert_eq!(pipeline(Threads::One, 2, 6, 20).0, [2, 18]);
        // Nothing comes first where all rows are in tiles.
        assert_eq!(pipeline(Threads::One, 0, 5000, 12_000).0, [0, 5000, 5000, 2000]);
        assert_eq!(pipeline(Threads::One, 0, 1000, 12_000).0, [0, 4000, 4000, 4000]);
        for threads in [Threads::One, Threads::Many] {
            let (lengths, all) = pipeline(threads, 100, 300, 20_000);
            assert_eq!(lengths.iter().sum::<usize>(), 20_000);
            assert_eq!(all, (0..20_000).collect::<Vec<u16>>());
        }
    }

    #[test]
    fn blocks_cover_everything_once() {
        let mut out = vec![0_u64; 3 * BLOCK + 5];
        blocks(&mut out, |first, block| block.iter_mut().zip(first..).for_each(|(value, at)| *value += at));
        assert!(out.iter().zip(0..).all(|(&value, at)| value == at));
        let parts = in_parts(10, 4, |part| Ok::<_, ()>((part.start, part.end)));
        assert_eq!(parts, Ok(vec![(0, 4), (4, 8), (8, 10)]));
        assert_eq!(in_parts(10, 4, |part| if part.start == 4 { Err(7) } else { Ok(()) }), Err(7));
    }
}
