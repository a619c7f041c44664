//! Minimum and maximum of reals, and whether all of them are finite, in one pass.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
mod generic;

pub(crate) use generic::extremes_of_both;

use crate::element::Real;

/// Reals whose extremes can be had as `S`: the same type, or `f32` for `f64` values that are to be rounded.
pub(crate) trait Extremes<S>: Copy + Sync {
    /// Minimum and maximum. `None` if a value is infinite or NaN, or if there are no values. The sign of a zero is unspecified.
    fn extremes(values: &[Self]) -> Option<(S, S)>;
}

macro_rules! extremes {
    ($($from:ty as $to:ty, $map:expr, $avx2:ident;)*) => {$(
        impl Extremes<$to> for $from {
            fn extremes(values: &[Self]) -> Option<($to, $to)> {
                #[cfg(all(feature = "std", target_arch = "x86_64"))]
                if super::cpu::has_avx2() {
                    let (chunks, rest) = values.as_chunks();
                    let rest = generic::extremes(rest, $map);
                    if chunks.is_empty() {
                        return rest;
                    }
                    // SAFETY: the processor has what the function is compiled for.
                    let most = unsafe { avx2::$avx2(chunks) };
                    return if values.len() % avx2::TOGETHER == 0 { most } else { Some(extremes_of_both(most?, rest?)) };
                }
                generic::extremes(values, $map)
            }
        }
    )*};
}

extremes! {
    f32 as f32, |value| value, of_f32;
    f64 as f64, |value| value, of_f64;
    f64 as f32, Real::single, of_f64_as_f32;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check<T: Extremes<S> + Real, S: Real + Into<f64>>(values: &[T], map: impl Fn(T) -> S) {
        let mapped: Vec<f64> = values.iter().map(|&value| map(value).into()).collect();
        let expected = mapped.iter().all(|value| value.is_finite()).then(|| {
            (
                mapped.iter().copied().fold(f64::INFINITY, f64::min),
                mapped.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            )
        });
        let expected = expected.filter(|_| !values.is_empty());
        assert_eq!(T::extremes(values).map(|(low, high)| (low.into(), high.into())), expected);
    }

    proptest! {
        #[test]
        fn extremes_equal_a_fold(values in proptest::collection::vec(any::<f64>(), 0..150)) {
            let single: Vec<f32> = values.iter().map(|value| value.single()).collect();
            check(&single, |value: f32| value);
            check(&values, |value: f64| value);
            check(&values, |value: f64| value.single());
        }
    }

    #[test]
    fn vectors_give_the_same_for_all_lengths() {
        let values: Vec<f64> =
            (0..200_u32).map(|i| f64::from(i.wrapping_mul(0x9e37_79b9).cast_signed()) / 3.0).collect();
        for n in 0..=values.len() {
            let values = &values[..n];
            assert_eq!(Extremes::<f64>::extremes(values), generic::extremes(values, |value| value), "{n}");
            assert_eq!(Extremes::<f32>::extremes(values), generic::extremes(values, Real::single), "{n}");
            let single: Vec<f32> = values.iter().map(|value| value.single()).collect();
            assert_eq!(Extremes::<f32>::extremes(&single), generic::extremes(&single, |value| value), "{n}");
        }
    }

    #[test]
    fn what_is_not_finite_is_found_anywhere() {
        for position in 0..100 {
            for special in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut values = [1.0; 100];
                values[position] = special;
                assert_eq!(Extremes::<f64>::extremes(&values), None);
                assert_eq!(Extremes::<f32>::extremes(&values), None);
                assert_eq!(Extremes::<f32>::extremes(&values.map(Real::single)), None);
            }
        }
    }
}
