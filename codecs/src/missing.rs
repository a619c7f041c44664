//! Missing values (flag 64 of the data type).
//!
//! The stored data contain no special code: the writer replaced missing elements by something above the maximum. So in
//! a decoded field of such a record **every element equal to the maximum is missing**. Decoding leaves the substitutes
//! where they are; [`mask`] finds them and [`fill`] puts the value of your choice there:
//!
//! ```
//! use rpnfst_codecs::missing;
//! let mut values = [3.0_f32, 1.0, 3.0, 2.0]; // decoded from a record whose type has_missing()
//! if let Some(mask) = missing::mask(&values) {
//!     missing::fill(&mut values, &mask, f32::NAN);
//! }
//! assert!(values[0].is_nan() && values[2].is_nan());
//! assert_eq!(values[3], 2.0);
//! ```
//!
//! For writing, [`flagged`] and [`nan`] make the mask that [`PackRequest::missing`](crate::PackRequest::missing) takes.

use alloc::vec::Vec;

use crate::element::{Element, Sealed, each_source};
use crate::mask::Mask;

/// The value that stands for "missing" by default: -1e38 for reals, the smallest signed and the largest unsigned
/// integer. `None` for complex numbers, which have no missing values.
pub fn default_flag<T: Element>() -> Option<T> {
    <T as Sealed>::default_flag()
}

/// The missing elements of a field decoded from a record with flag 64: those equal to the maximum, which is taken over
/// the elements that are not yet the default flag, and those that are the flag.
///
/// `None` if the field is empty or complex. Otherwise at least one bit is set: a constant field is wholly missing.
/// NaN (possible in IEEE types only) is never missing and never the maximum.
///
/// Use the natural element type: after a conversion to a narrower float distinct maxima can become equal.
pub fn mask<T: Element>(values: &[T]) -> Option<Mask> {
    // Complex numbers, whose parts a source does not tell from reals, have none.
    default_flag::<T>().filter(|_| !values.is_empty())?;
    Some(each_source!(any <T as Sealed>::source(values), values => maxima_and_flags(values)))
}

#[expect(clippy::eq_op, reason = "NaN differs from itself")]
fn maxima_and_flags<T: Element + PartialOrd>(values: &[T]) -> Mask {
    let flag = default_flag::<T>().unwrap_or_default();
    let mut rest = values.iter().filter(|&&value| value != flag && value == value);
    let maximum = match rest.next() {
        Some(&first) => rest.fold(first, |maximum, &value| if value > maximum { value } else { maximum }),
        None => flag,
    };
    select(values, |value| value == maximum || value == flag)
}

/// The elements equal to the [default flag](default_flag); `None` if there are none.
pub fn flagged<T: Element>(values: &[T]) -> Option<Mask> {
    let flag = default_flag::<T>()?;
    Some(select(values, |value| value == flag)).filter(|mask| mask.any())
}

/// The elements that are NaN; `None` if there are none, as in all integers.
#[expect(clippy::eq_op, reason = "NaN differs from itself")]
pub fn nan<T: Element>(values: &[T]) -> Option<Mask> {
    Some(select(values, |value| value != value)).filter(|mask| mask.any())
}

fn select<T: Copy>(values: &[T], is_missing: impl Fn(T) -> bool) -> Mask {
    let byte = |chunk: &[T]| chunk.iter().rev().fold(0, |byte, &value| byte << 1 | u8::from(is_missing(value)));
    let (chunks, rest) = values.as_chunks::<8>();
    let mut bytes: Vec<u8> = chunks.iter().map(|chunk| byte(chunk)).collect();
    if !rest.is_empty() {
        bytes.push(byte(rest));
    }
    Mask::from_bytes(bytes, values.len()).unwrap_or_default()
}

/// Put `value` wherever `mask` is set. Elements beyond the end of the mask stay.
pub fn fill<T: Element>(values: &mut [T], mask: &Mask, value: T) {
    for i in mask.positions() {
        let Some(missing) = values.get_mut(i) else { return };
        *missing = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_the_documented_bits() {
        assert_eq!(default_flag::<f32>().map(f32::to_bits), Some(0xFE96_7699));
        assert_eq!(default_flag::<f64>().map(f64::to_bits), Some(0xC7D2_CED3_2A16_A1B1));
        assert_eq!(default_flag::<i16>(), Some(-0x8000));
        assert_eq!(default_flag::<u8>(), Some(0xFF));
        assert_eq!(default_flag::<[f32; 2]>(), None);
    }

    #[test]
    fn every_maximum_is_missing_and_so_is_the_flag() {
        let values = [5_u8, 255, 7, 3, 7];
        let mask = mask(&values).unwrap();
        assert_eq!(mask.iter().collect::<Vec<_>>(), [false, true, true, false, true]);
        let mut filled = values;
        fill(&mut filled, &mask, 99);
        assert_eq!(filled, [5, 99, 99, 3, 99]);
    }

    #[test]
    fn flags_are_left_out_of_the_maximum() {
        // -1e38 is the flag although -2e38 is below it: the maximum of the rest decides.
        let mask = mask(&[-2.0e38_f32, -1.0e38, -3.0e38]).unwrap();
        assert_eq!(mask.positions().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn degenerate_fields() {
        assert_eq!(mask::<f32>(&[]), None);
        assert_eq!(mask(&[[1.0_f32, 2.0]]), None);
        assert_eq!(mask(&[2_i32; 70]).unwrap().count(), 70);
        assert_eq!(mask(&[i8::MIN; 3]).unwrap().count(), 3);
        assert_eq!(mask(&[f32::NAN, 1.0, 0.0]).unwrap().positions().collect::<Vec<_>>(), [1]);
        assert!(mask(&[f64::NAN]).unwrap().count() == 0);
        // Both zeros are the maximum.
        assert_eq!(mask(&[-0.0_f32, 0.0, -1.0]).unwrap().count(), 2);
    }

    #[test]
    fn masks_longer_than_a_machine_word() {
        let mut values: Vec<i32> = (0..200).map(|i| i % 50).collect();
        let mask = mask(&values).unwrap();
        assert_eq!(mask.len(), 200);
        assert_eq!(mask.positions().collect::<Vec<_>>(), [49, 99, 149, 199]);
        fill(&mut values, &mask, -1);
        assert_eq!(values.iter().filter(|&&v| v == -1).count(), 4);
        assert_eq!(values[148], 48);
    }
}
