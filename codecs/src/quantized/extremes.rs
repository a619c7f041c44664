//! Minimum and maximum of a field, on several threads if that is worthwhile.

use crate::element::Real;
use crate::kernels::{Extremes, extremes_of_both};
use crate::options::Threads;
use crate::parallel::{BLOCK, SMALLEST, in_parts, worthwhile};

/// Minimum and maximum of the values as `S`. `None` if a value is infinite or NaN, or if there are no values. The sign of a
/// zero is unspecified.
pub(crate) fn extremes<T: Extremes<S>, S: Real>(values: &[T], threads: Threads) -> Option<(S, S)> {
    if worthwhile(threads, values.len(), SMALLEST) {
        let all = in_parts(values.len(), BLOCK, |part| T::extremes(&values[part]).ok_or(()));
        return all.ok()?.into_iter().reduce(extremes_of_both);
    }
    T::extremes(values)
}
