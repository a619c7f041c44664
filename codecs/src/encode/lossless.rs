//! Choice of the data type and width for callers who name none: without loss, and so that librmn can read it back.

use crate::element::{Element, Source};
use crate::error::EncodeError;
use crate::mask::Mask;
use crate::types::{DataType, ElementKind, WordOrder};

/// Largest number of bits of the second-stage compression of integers.
const TURBO_BITS: u8 = 16;

/// The data type and width that store values without loss, compressed where the type has a compressed form. A width in
/// `bits` is taken instead, even if it loses something.
///
/// Integers get as many bits as their extremes need, and if some are `missing`, as the maximum plus one needs.
///
/// The flag for missing values is not in the type: see [`DataType::MISSING_FLAG`].
///
/// ```
/// use rpnfst_codecs::{DataType, WordOrder, lossless};
/// assert_eq!(lossless(&[1.5_f32], None, None, WordOrder::Big)?, (DataType::IEEE_TURBO, 32));
/// assert_eq!(lossless(&[0_u16, 1000], None, None, WordOrder::Big)?, (DataType::UNSIGNED_TURBO, 10));
/// assert_eq!(lossless(&[-4_i32, 3], None, None, WordOrder::Big)?, (DataType::SIGNED, 3));
/// # Ok::<(), rpnfst_codecs::EncodeError>(())
/// ```
///
/// # Errors
///
/// If values are missing, and a valid one is the last number of its element type: readers would take it for missing.
pub fn lossless<T: Element>(
    values: &[T],
    missing: Option<&Mask>,
    bits: Option<u8>,
    order: WordOrder,
) -> Result<(DataType, u8), EncodeError> {
    let width = |signed| bits.map_or_else(|| integer_width(T::KIND, T::source(values), missing, order, signed), Ok);
    Ok(match (T::KIND, bits) {
        (ElementKind::F32 | ElementKind::F64, Some(bits @ 1..=16)) => (DataType::QUANTIZED_TURBO, bits),
        (ElementKind::F32, bits) => (DataType::IEEE_TURBO, bits.unwrap_or(32)),
        (ElementKind::F64, bits) => (DataType::IEEE, bits.unwrap_or(64)),
        (ElementKind::Complex32, bits) => (DataType::COMPLEX, bits.unwrap_or(32)),
        (ElementKind::Complex64, bits) => (DataType::COMPLEX, bits.unwrap_or(64)),
        // librmn 20 cannot read compressed bytes from RSF files, and librmn 19 cannot read bytes of less than 8 bits into bytes.
        (ElementKind::U8, None) if order == WordOrder::Big => (DataType::UNSIGNED, width(false)?.max(8)),
        (ElementKind::U8, _) => (DataType::UNSIGNED, width(false)?),
        (ElementKind::U16 | ElementKind::U32 | ElementKind::U64, _) => {
            let bits = width(false)?;
            let data_type = if bits <= TURBO_BITS { DataType::UNSIGNED_TURBO } else { DataType::UNSIGNED };
            (data_type, bits)
        }
        (ElementKind::I8 | ElementKind::I16 | ElementKind::I32 | ElementKind::I64, _) => {
            (DataType::SIGNED, width(true)?)
        }
    })
}

/// The width that a data type gets if the caller names none: the bits of an element, or the most that the type can store.
///
/// ```
/// use rpnfst_codecs::{DataType, ElementKind, full_width};
/// assert_eq!(full_width(DataType::QUANTIZED, ElementKind::F32), 16);
/// assert_eq!(full_width(DataType::SIGNED, ElementKind::I32), 32);
/// ```
pub fn full_width(data_type: DataType, kind: ElementKind) -> u8 {
    let width = width_of(kind);
    match data_type.code() & !DataType::MISSING_FLAG {
        3 | 7 => 8,
        1 | 6 | 129 | 134 => 16,
        130 => width.min(TURBO_BITS),
        133 => 32,
        8 => width / 2,
        _ => width,
    }
}

/// Bits of an element, of both parts of a complex number.
fn width_of(kind: ElementKind) -> u8 {
    // 16 bytes at most.
    u8::try_from(kind.size() * 8).unwrap_or(u8::MAX)
}

/// Bits that hold all integers, and one value more if some are missing.
fn integer_width(
    kind: ElementKind,
    source: Source<'_>,
    missing: Option<&Mask>,
    order: WordOrder,
    signed: bool,
) -> Result<u8, EncodeError> {
    let width = width_of(kind);
    let Some([(least, least_at), (most, most_at)]) = range(source, missing) else { return Ok(width) };
    // RSF files store integers of 64 bits as they are.
    if width == 64 && order == WordOrder::Little {
        return Ok(64);
    }
    let masked = missing.is_some_and(Mask::any);
    if masked {
        // Read back as missing are the largest value, and the default flag: the smallest signed, the largest unsigned number.
        let reason = "beside missing values the last numbers of the element type would be taken for missing ones";
        let top = (1_i128 << (width - u8::from(signed))) - if signed { 2 } else { 3 };
        let (index, value) = if most > top { (most_at, most) } else { (least_at, least) };
        if most > top || signed && least == -(1 << (width - 1)) {
            return Err(EncodeError::Value { index, value: value as f64, reason });
        }
    }
    // A negative number has the bits of its complement, and one for the sign.
    let bits = |value: i128| 128 - value.max(-1 - value).leading_zeros() + u32::from(signed);
    let needed = bits(most + i128::from(masked)).max(bits(least));
    Ok(u8::try_from(needed).unwrap_or(width).clamp(1, width))
}

/// Smallest and largest integer that is not missing, and where each is first; `None` for reals, and if nothing is there.
fn range(source: Source<'_>, missing: Option<&Mask>) -> Option<[(i128, usize); 2]> {
    fn of<T: Ord + Copy + Into<i128>>(values: &[T], missing: Option<&Mask>) -> Option<[(i128, usize); 2]> {
        let there = |k: usize| missing.and_then(|mask| mask.get(k)) != Some(true);
        let (least, most) = match missing {
            None => (*values.iter().min()?, *values.iter().max()?),
            Some(mask) => {
                let there = || values.iter().zip(mask.iter()).filter(|(_, missing)| !missing).map(|(&value, _)| value);
                (there().min()?, there().max()?)
            }
        };
        let first = |value| (0..values.len()).find(|&k| values[k] == value && there(k));
        Some([(least.into(), first(least)?), (most.into(), first(most)?)])
    }
    match source {
        Source::U8(values) => of(values, missing),
        Source::I8(values) => of(values, missing),
        Source::U16(values) => of(values, missing),
        Source::I16(values) => of(values, missing),
        Source::U32(values) => of(values, missing),
        Source::I32(values) => of(values, missing),
        Source::U64(values) => of(values, missing),
        Source::I64(values) => of(values, missing),
        Source::F32(_) | Source::F64(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use WordOrder::{Big, Little};

    fn choice<T: Element>(values: &[T], order: WordOrder) -> (u8, u8) {
        let (data_type, bits) = lossless(values, None, None, order).unwrap();
        (data_type.code(), bits)
    }

    #[test]
    fn types_and_bits_lose_nothing() {
        assert_eq!(choice(&[1.5_f32], Big), (133, 32));
        assert_eq!(choice(&[1.5_f64], Big), (5, 64));
        assert_eq!(choice(&[0_u16, 1000], Big), (130, 10), "1000 < 2^10");
        assert_eq!(choice(&[0_u32, 70_000], Big), (2, 17), "no compression of more than 16 bits");
        assert_eq!(choice(&[-4_i32, 3], Big), (4, 3), "two bits and one for the sign");
        assert_eq!(choice(&[7_u64], Little), (2, 64), "as they are");
        assert_eq!((choice(&[3_u8], Big), choice(&[3_u8], Little)), ((2, 8), (2, 2)));
    }

    #[test]
    fn missing_values_get_a_number_of_their_own() {
        let missing: Mask = [false, true].into_iter().collect();
        assert_eq!(lossless(&[7_u16, 900], Some(&missing), None, Big), Ok((DataType::UNSIGNED_TURBO, 4)), "7 and 8");
        let refused = lossless(&[u8::MAX - 1, 0], Some(&missing), None, Big);
        assert!(matches!(refused, Err(EncodeError::Value { index: 0, .. })), "{refused:?}");
        let refused = lossless(&[i16::MIN, 0], Some(&missing), None, Big);
        assert!(matches!(refused, Err(EncodeError::Value { index: 0, .. })), "{refused:?}");
    }

    #[test]
    fn a_type_alone_has_bits() {
        for (code, bits) in [(1, 16), (6, 16), (134, 16), (133, 32), (5, 32), (7, 8)] {
            assert_eq!(full_width(DataType::new(code), ElementKind::F32), bits, "{code}");
        }
        assert_eq!(full_width(DataType::COMPLEX, ElementKind::Complex64), 64);
    }
}
