//! Portable extremes, in loops that the compiler vectorises.

use crate::element::Real;

/// Values per step: they fill a few vector registers.
const LANES: usize = 32;

/// [`Extremes::extremes`](super::Extremes::extremes) of the mapped values.
pub(super) fn extremes<T: Copy, S: Real>(values: &[T], map: impl Fn(T) -> S) -> Option<(S, S)> {
    let first = map(*values.first()?);
    let (mut low, mut high, mut finite) = ([first; LANES], [first; LANES], [true; LANES]);
    for chunk in values.chunks(LANES) {
        // Three loops: fused into one, LLVM vectorises it with more shuffles than comparisons.
        for (low, &value) in low.iter_mut().zip(chunk) {
            let value = map(value);
            *low = if value < *low { value } else { *low };
        }
        for (high, &value) in high.iter_mut().zip(chunk) {
            let value = map(value);
            *high = if value > *high { value } else { *high };
        }
        for (finite, &value) in finite.iter_mut().zip(chunk) {
            *finite &= map(value).is_finite();
        }
    }
    let all = low.into_iter().zip(high).fold((first, first), extremes_of_both);
    finite.into_iter().all(|finite| finite).then_some(all)
}

/// The extremes of two parts, from those of each.
pub(crate) fn extremes_of_both<S: Real>(a: (S, S), b: (S, S)) -> (S, S) {
    (if b.0 < a.0 { b.0 } else { a.0 }, if b.1 > a.1 { b.1 } else { a.1 })
}
