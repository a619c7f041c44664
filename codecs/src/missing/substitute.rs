//! What is written in place of missing values: something above the maximum of the others.

use alloc::vec::Vec;

use super::Mask;
use crate::element::{Element, Sealed};

/// A copy of the values with a substitute at the missing ones. `default` is taken for the extremes if all are missing.
pub(crate) fn substituted<T: Element>(values: &[T], mask: &Mask, bits: u8, default: T) -> Vec<T> {
    let mut all = values.to_vec();
    let mut extremes: Option<(T, T)> = None;
    for i in mask.iter_zeros() {
        let value = values[i];
        let (minimum, maximum) = match extremes {
            None => (value, value),
            Some((minimum, maximum)) => (
                if minimum.exceeds(value) || is_nan(minimum) { value } else { minimum },
                if value.exceeds(maximum) || is_nan(maximum) { value } else { maximum },
            ),
        };
        extremes = Some((minimum, maximum));
    }
    let (minimum, maximum) = extremes.unwrap_or((default, default));
    super::fill(&mut all, mask, <T as Sealed>::substitute(maximum, minimum, bits));
    all
}

#[expect(clippy::eq_op, reason = "NaN differs from itself")]
fn is_nan<T: Element>(value: T) -> bool {
    value != value
}

/// Part of the range that is added to the maximum, for 1 to 8 bits per token.
const FACTORS: [f32; 8] = [1.1, 0.55, 0.28, 0.14, 0.07, 0.035, 0.017, 0.01];

fn factor(bits: u8) -> Option<f32> {
    FACTORS.get(usize::from(bits).wrapping_sub(1)).copied()
}

#[expect(clippy::float_cmp, reason = "equality is what would hide the missing values")]
#[expect(clippy::cast_possible_truncation, reason = "the format's own rounding")]
pub(crate) fn f32(maximum: f32, minimum: f32, bits: u8) -> f32 {
    let range = maximum - minimum;
    let above = match factor(bits) {
        Some(factor) => maximum + range * factor,
        None => (f64::from(maximum) + f64::from(range) * 0.01) as f32,
    };
    match (above == maximum, maximum == 0.0) {
        (false, _) => above,
        (true, true) => 1.0,
        (true, false) => maximum * 2.0,
    }
}

#[expect(clippy::float_cmp, reason = "equality is what would hide the missing values")]
pub(crate) fn f64(maximum: f64, minimum: f64, bits: u8) -> f64 {
    let above = maximum + (maximum - minimum) * factor(bits).map_or(0.01, f64::from);
    match (above == maximum, maximum == 0.0) {
        (false, _) => above,
        (true, true) => 1.0,
        (true, false) => maximum * 2.0,
    }
}

/// Integers of up to 32 bits.
pub(crate) trait Integer: Copy + PartialOrd {
    /// Bits of the type.
    const BITS: u32;
    /// The largest number that so many bits hold.
    fn largest(bits: u32) -> Self;
    fn next(self) -> Self;
}

macro_rules! integer {
    ($($type:ty)*) => {$(
        impl Integer for $type {
            const BITS: u32 = <$type>::BITS;
            fn largest(bits: u32) -> Self {
                <$type>::MAX >> (Self::BITS - bits)
            }
            fn next(self) -> Self {
                self.wrapping_add(1)
            }
        }
    )*};
}
integer!(u8 i8 u16 i16 u32 i32 u64 i64);

/// One more than the maximum, if that can be stored.
pub(crate) fn integer<T: Integer>(maximum: T, _: T, bits: u8) -> T {
    let top = T::largest(u32::from(bits).min(T::BITS));
    if top > maximum { maximum.next() } else { top }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_stop_at_the_largest_token() {
        assert_eq!([integer(5_u8, 0, 8), integer(255_u8, 0, 8), integer(7_u8, 0, 3)], [6, 255, 7]);
        assert_eq!([integer(5_i16, 0, 16), integer(-9_i16, 0, 4), integer(7_i16, 0, 4)], [6, -8, 7]);
        assert_eq!(integer(-1_i32, 0, 32), 0);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "exact values are the point")]
    fn reals_rise_by_a_part_of_the_range() {
        assert_eq!([f32(3.0, 1.0, 1), f32(3.0, 1.0, 2)], [5.2, 4.1]);
        assert_eq!(f32(3.0, 1.0, 16), 3.02);
        assert_eq!(f64(3.0, 1.0, 16), 3.0 + 0.02);
        assert_eq!([f32(0.0, 0.0, 16), f32(2.5, 2.5, 16), f32(-2.5, -2.5, 16)], [1.0, 5.0, -5.0]);
    }

    #[test]
    fn extremes_are_those_of_what_is_there() {
        let mask = super::super::flagged(&[9_u8, 255, 3, 255]).unwrap();
        assert_eq!(substituted(&[9_u8, 255, 3, 255], &mask, 8, 0), [9, 10, 3, 10]);
        let mask = super::super::nan(&[f32::NAN; 2]).unwrap();
        assert_eq!(substituted(&[f32::NAN; 2], &mask, 16, 0.0), [1.0; 2]);
    }
}
