//! One large field on several threads, if there is rayon: in blocks that do not depend on each other, or in turns where
//! each needs the one before. Threads are called from functions that are not generic.

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

/// Smaller fields are done before another thread has woken up.
pub(crate) const SMALLEST: usize = 1 << 18;
/// Elements of one block, about: small enough to share out and for the caches, large enough to be worth a task.
pub(crate) const BLOCK: usize = if cfg!(debug_assertions) { 1 << 10 } else { 1 << 16 };

/// Whether a field of `n` elements is work for several threads, given what is too small for that. Tests and
/// fuzzers are content with less.
pub(crate) fn worthwhile(threads: Threads, n: usize, smallest: usize) -> bool {
    let smallest = if cfg!(debug_assertions) { 1 << 12 } else { smallest };
    threads == Threads::Many && n >= smallest && available() > 1
}

/// What is unpacked of some rows of a plane.
#[derive(Default)]
pub(crate) struct BandBuffer {
    pub(crate) tokens: Vec<u16>,
    /// Differences from the row above.
    pub(crate) differences: Vec<u32>,
    pub(crate) signs: Vec<u32>,
}

/// Unpacks the next part of a plane into a buffer, given its number of elements.
pub(crate) type FillBand<'a> = &'a mut (dyn FnMut(&mut BandBuffer, usize) -> Result<(), DecodeError> + Send);
/// Makes values of what was unpacked.
pub(crate) type FinishBand<'a> = &'a mut (dyn FnMut(&mut BandBuffer) -> Result<(), DecodeError> + Send);

/// Elements of narrow rows of tiles that are decoded together: they stay in the first-level cache.
const CACHED: usize = 1 << 12;

/// In which parts a plane is decoded.
pub(crate) struct BandPipeline {
    pub(crate) threads: Threads,
    /// Elements from which on several threads are quicker.
    pub(crate) smallest: usize,
    /// Elements that come before the first row of tiles.
    pub(crate) first: usize,
    /// Elements of a row of tiles.
    pub(crate) band: usize,
}

impl BandPipeline {
    /// Decode a plane: `fill` unpacks each part, of which it is told the length, into a buffer, and `finish` makes values of
    /// it. The parts are whole rows of tiles, which stay in the caches; on several threads they are larger.
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
