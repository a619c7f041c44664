//! Smallest and largest value of a field.

use core::ops::{AddAssign, Sub};

use crate::element::Real;
use crate::kernels::wide;
use crate::options::Threads;
use crate::parallel::{BLOCK, SMALLEST, in_parts, worthwhile};

/// Values looked at together: a few vector registers.
const LANES: usize = 64;

/// Minimum and maximum of the values as `map` gives them; `None` if one of them is infinite or NaN, or if there are none.
/// Of zeros either sign is returned.
pub(crate) fn extremes<T: Copy + Sync, S: Real + Sub<Output = S> + AddAssign>(
    values: &[T],
    threads: Threads,
    map: impl Fn(T) -> S + Copy + Sync,
) -> Option<(S, S)> {
    if worthwhile(threads, values.len(), SMALLEST) {
        let all = in_parts(values.len(), BLOCK, |part| {
            let values = &values[part];
            wide!(in_lanes; values, map).ok_or(())
        });
        let smaller = |a, b| if b < a { b } else { a };
        let larger = |a, b| if b > a { b } else { a };
        return all.ok()?.into_iter().reduce(|a, b| (smaller(a.0, b.0), larger(a.1, b.1)));
    }
    wide!(in_lanes; values, map)
}

#[inline(always)]
#[expect(clippy::eq_op, reason = "the difference is NaN for what is not finite")]
fn in_lanes<T: Copy, S: Real + Sub<Output = S> + AddAssign>(
    values: &[T],
    map: impl Fn(T) -> S + Copy,
) -> Option<(S, S)> {
    let first = map(*values.first()?);
    let (mut low, mut high) = ([first; LANES], [first; LANES]);
    // The difference of a value and itself is zero, or NaN for what is not finite.
    let mut zero = [S::default(); LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        // One loop each: together the compiler shuffles more than it computes.
        for (low, &value) in low.iter_mut().zip(chunk) {
            let value = map(value);
            *low = if value < *low { value } else { *low };
        }
        for (high, &value) in high.iter_mut().zip(chunk) {
            let value = map(value);
            *high = if value > *high { value } else { *high };
        }
        for (zero, &value) in zero.iter_mut().zip(chunk) {
            let value = map(value);
            *zero += value - value;
        }
    }
    for &value in rest {
        let value = map(value);
        low[0] = if value < low[0] { value } else { low[0] };
        high[0] = if value > high[0] { value } else { high[0] };
        zero[0] += value - value;
    }
    if zero.iter().any(|&zero| zero != S::default()) {
        return None;
    }
    let low = low.into_iter().fold(first, |a, b| if b < a { b } else { a });
    let high = high.into_iter().fold(first, |a, b| if b > a { b } else { a });
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_a_fold(values in proptest::collection::vec(any::<f32>(), 1..100)) {
            let expected = values.iter().all(|v| v.is_finite()).then(|| {
                (values.iter().copied().fold(f32::INFINITY, f32::min), values.iter().copied().fold(f32::NEG_INFINITY, f32::max))
            });
            prop_assert_eq!(extremes(&values, Threads::One, |v| v), expected);
        }
    }

    #[test]
    fn what_is_not_finite_is_found_anywhere() {
        for position in 0..40 {
            for special in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut values = [1.0; 40];
                values[position] = special;
                assert_eq!(extremes(&values, Threads::One, |v| v), None);
            }
        }
        assert_eq!(extremes(&[], Threads::One, |v: f32| v), None);
    }
}
