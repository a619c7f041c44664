//! What is written in place of missing values: something above the maximum of the others.

use alloc::vec::Vec;
use core::iter::successors;

use crate::element::Element;
use crate::mask::Mask;
use crate::missing;
use crate::options::Rules;
use crate::quantized::{type1, type6};
use crate::types::BaseType;

/// How values are stored, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Bits per token.
    pub(super) bits: u8,
    /// Bits of an `f32` that are cut off.
    pub(super) cut: u32,
    /// Whether the substitute must be above the maximum where librmn's is not.
    pub(super) careful: bool,
    /// How reals become tokens.
    pub(super) base: BaseType,
}

/// Elements that can be missing.
pub(super) trait Substitute: Element + PartialOrd {
    /// What is stored for missing elements, given the largest and smallest of the others.
    fn substitute(maximum: Self, minimum: Self, room: Room) -> Self;
}

impl Substitute for f32 {
    fn substitute(maximum: Self, minimum: Self, room: Room) -> Self {
        f32(maximum, minimum, room)
    }
}

impl Substitute for f64 {
    fn substitute(maximum: Self, minimum: Self, room: Room) -> Self {
        f64(maximum, minimum, room)
    }
}

/// A copy of the values with a substitute at the missing ones. If all are missing the extremes are librmn's flag, or zero
/// if care is asked for and for type 1: twice the flag is out of its range, and librmn ends the process.
pub(super) fn substituted<T: Substitute>(values: &[T], mask: &Mask, room: Room) -> Vec<T> {
    let mut all = values.to_vec();
    let mut extremes: Option<(T, T)> = None;
    for i in (0..values.len()).filter(|&i| !mask[i]) {
        let value = values[i];
        let (minimum, maximum) = match extremes {
            None => (value, value),
            Some((minimum, maximum)) => (
                if minimum > value || is_nan(minimum) { value } else { minimum },
                if value > maximum || is_nan(maximum) { value } else { maximum },
            ),
        };
        extremes = Some((minimum, maximum));
    }
    let (minimum, maximum) = extremes.unwrap_or_else(|| {
        let fits = !room.careful && room.base != BaseType::Real;
        let flag = missing::default_flag().filter(|_| fits).unwrap_or_default();
        (flag, flag)
    });
    missing::fill(&mut all, mask, T::substitute(maximum, minimum, room));
    all
}

#[expect(clippy::eq_op, reason = "NaN differs from itself")]
fn is_nan<T: PartialEq + Copy>(value: T) -> bool {
    value != value
}

/// Part of the range that is added to the maximum, for 1 to 8 bits per token.
const FACTORS: [f32; 8] = [1.1, 0.55, 0.28, 0.14, 0.07, 0.035, 0.017, 0.01];

fn factor(bits: u8) -> Option<f32> {
    FACTORS.get(usize::from(bits).wrapping_sub(1)).copied()
}

#[expect(clippy::float_cmp, reason = "equality is what would hide the missing values")]
#[expect(clippy::cast_possible_truncation, reason = "the format's own rounding")]
fn f32(maximum: f32, minimum: f32, room: Room) -> f32 {
    let range = maximum - minimum;
    let above = match factor(room.bits) {
        Some(factor) => maximum + range * factor,
        None => (f64::from(maximum) + f64::from(range) * 0.01) as f32,
    };
    let above = match (above == maximum, maximum == 0.0) {
        (false, _) => above,
        (true, true) => 1.0,
        (true, false) if room.careful && maximum < 0.0 => maximum * 0.5,
        (true, false) => maximum * 2.0,
    };
    if !room.careful {
        return above;
    }
    // With few bits both may get the same token: twice the distance then, and again.
    let farther = successors(Some(above), |above| Some(maximum + 2.0 * (above - maximum)));
    let mut candidates = farther.take_while(|above| above.is_finite()).take(32);
    let above = candidates.find(|&above| distinct(room, minimum, maximum, above)).unwrap_or(above);
    let cut = |value: f32| value.to_bits() >> room.cut << room.cut;
    if f32::from_bits(cut(above)) > f32::from_bits(cut(maximum)) {
        return above;
    }
    // The next number of so few bits.
    let (bits, step) = (cut(maximum), 1 << room.cut);
    f32::from_bits(match (bits << 1 == 0, maximum.is_sign_negative()) {
        (true, _) => f32::MIN_POSITIVE.to_bits(),
        (false, true) => bits - step,
        (false, false) => bits + step,
    })
}

/// Whether a number gets another token than the maximum of the valid values below it.
fn distinct(room: Room, minimum: f32, maximum: f32, above: f32) -> bool {
    let width = u32::from(room.bits);
    match room.base {
        BaseType::Real => type1::Quantizer::new(Some((minimum.into(), above.into())), width)
            .is_ok_and(|quantizer| quantizer.token(maximum.into()) != quantizer.token(above.into())),
        BaseType::Quantized => type6::Quantizer::new(Some((minimum, above)), width, Rules::Recommended)
            .is_ok_and(|quantizer| quantizer.any_token(maximum) != quantizer.any_token(above)),
        _ => true,
    }
}

#[expect(clippy::float_cmp, reason = "equality is what would hide the missing values")]
fn f64(maximum: f64, minimum: f64, room: Room) -> f64 {
    let above = maximum + (maximum - minimum) * factor(room.bits).map_or(0.01, f64::from);
    match (above == maximum, maximum == 0.0) {
        (false, _) => above,
        (true, true) => 1.0,
        (true, false) if room.careful && maximum < 0.0 => maximum * 0.5,
        (true, false) => maximum * 2.0,
    }
}

/// Integers of up to 32 bits.
trait Integer: Copy + PartialOrd {
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
        impl Substitute for $type {
            fn substitute(maximum: Self, minimum: Self, room: Room) -> Self {
                integer(maximum, minimum, room)
            }
        }
    )*};
}
integer!(u8 i8 u16 i16 u32 i32 u64 i64);

/// One more than the maximum, if that can be stored.
fn integer<T: Integer>(maximum: T, _: T, room: Room) -> T {
    let top = T::largest(u32::from(room.bits).min(T::BITS));
    if top > maximum { maximum.next() } else { top }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(bits: u8) -> Room {
        Room { bits, cut: 0, careful: false, base: BaseType::Ieee }
    }

    #[test]
    fn integers_stop_at_the_largest_token() {
        let unsigned = |maximum: u8, bits| integer(maximum, 0, room(bits));
        assert_eq!([unsigned(5, 8), unsigned(255, 8), unsigned(7, 3)], [6, 255, 7]);
        let signed = |maximum: i16, bits| integer(maximum, 0, room(bits));
        assert_eq!([signed(5, 16), signed(-9, 4), signed(7, 4)], [6, -8, 7]);
        assert_eq!(integer(-1_i32, 0, room(32)), 0);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "exact values are the point")]
    fn reals_rise_by_a_part_of_the_range() {
        assert_eq!([f32(3.0, 1.0, room(1)), f32(3.0, 1.0, room(2))], [5.2, 4.1]);
        assert_eq!(f32(3.0, 1.0, room(16)), 3.02);
        assert_eq!(f64(3.0, 1.0, room(16)), 3.0 + 0.02);
        assert_eq!([0.0, 2.5, -2.5].map(|value| f32(value, value, room(16))), [1.0, 5.0, -5.0]);
    }

    #[test]
    fn with_care_the_substitute_is_above_the_maximum() {
        for maximum in [-300.5, -1.0e-40, -0.0, 0.0, 1.0e-45, 1.0e-39, 300.5, -f32::MIN_POSITIVE, 1.0e38, -f32::MAX] {
            for range in [0.0, maximum.abs() * 1.0e-6, maximum.abs() * 1.0e-3, 5.0] {
                for cut in [0, 8, 16] {
                    let stored = |value: f32| f32::from_bits(value.to_bits() >> cut << cut);
                    let room = Room { bits: 32 - u8::try_from(cut).unwrap(), cut, careful: true, base: BaseType::Ieee };
                    let above = f32(maximum, maximum - range, room);
                    assert!(stored(above) > stored(maximum), "{maximum:e} {range:e} {cut}: {above:e}");
                }
            }
        }
        assert!(f64(-2.5, -2.5, Room { careful: true, ..room(16) }) > -2.5);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "exact values are the point")]
    fn with_few_bits_the_substitute_has_a_token_of_its_own() {
        let range = |minimum, maximum| (minimum, maximum);
        for (minimum, maximum) in
            [range(0.035_f32, 0.913_129_1), range(-3.0, 4.0), range(1.0, 1.000_000_1), range(5.0, 5.0)]
        {
            for bits in 1..=16 {
                for base in [BaseType::Real, BaseType::Quantized] {
                    let room = Room { careful: true, base, ..room(bits) };
                    let above = f32(maximum, minimum, room);
                    assert!(distinct(room, minimum, maximum, above), "{minimum} {maximum} {bits} {base:?}: {above}");
                }
            }
        }
        // What librmn takes where that is enough.
        let room = |base| Room { base, ..room(8) };
        for base in [BaseType::Real, BaseType::Quantized] {
            assert_eq!(f32(3.0, 1.0, Room { careful: true, ..room(base) }), f32(3.0, 1.0, room(base)));
        }
    }

    #[test]
    fn extremes_are_those_of_what_is_there() {
        let mask = missing::flagged(&[9_u8, 255, 3, 255]).unwrap();
        assert_eq!(substituted(&[9_u8, 255, 3, 255], &mask, room(8)), [9, 10, 3, 10]);
        let mask = missing::nan(&[f32::NAN; 2]).unwrap();
        assert_eq!(substituted(&[f32::NAN; 2], &mask, room(16)), [-2.0e38; 2]);
        assert_eq!(substituted(&[f32::NAN; 2], &mask, Room { careful: true, ..room(16) }), [1.0; 2]);
        assert_eq!(substituted(&[f32::NAN; 2], &mask, Room { base: BaseType::Real, ..room(16) }), [1.0; 2]);
    }
}
