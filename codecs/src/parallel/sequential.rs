//! The same functions without rayon: [`worthwhile`](super::worthwhile) is always false, and everything is done in order.

use alloc::vec::Vec;
use core::ops::Range;

use super::{BandBuffer, FillBand, FinishBand};
use crate::error::DecodeError;

/// The caller's thread.
pub(crate) fn threads() -> usize {
    1
}

/// All of `out` as one block.
pub(crate) fn blocks<T: Send>(out: &mut [T], work: impl Fn(u64, &mut [T]) + Sync) {
    work(0, out);
}

/// Call `work` for each part of `0..n`. Returns the results in order, or the first error.
pub(crate) fn in_parts<R: Send, E: Send>(
    n: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    (0..n).step_by(size).map(|first| work(first..n.min(first + size))).collect()
}

/// Call `fill` and `finish` for each length.
pub(crate) fn pipelined(lengths: Vec<usize>, fill: FillBand<'_>, finish: FinishBand<'_>) -> Result<(), DecodeError> {
    let mut buffer = BandBuffer::default();
    lengths.into_iter().try_for_each(|length| {
        fill(&mut buffer, length)?;
        finish(&mut buffer)
    })
}
