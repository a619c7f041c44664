//! Smallest and largest value of a field.

use crate::element::Real;
use crate::kernels::{Extremes, extremes_of_both};
use crate::options::Threads;
use crate::parallel::{BLOCK, SMALLEST, in_parts, worthwhile};

/// Minimum and maximum of the values as `S`; `None` if one of them is infinite or NaN, or if there are none. Of zeros either
/// sign is returned.
pub(crate) fn extremes<T: Extremes<S>, S: Real>(values: &[T], threads: Threads) -> Option<(S, S)> {
    if worthwhile(threads, values.len(), SMALLEST) {
        let all = in_parts(values.len(), BLOCK, |part| T::extremes(&values[part]).ok_or(()));
        return all.ok()?.into_iter().reduce(extremes_of_both);
    }
    T::extremes(values)
}
