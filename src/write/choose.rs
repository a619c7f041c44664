//! Which type and how many bits a record gets when the caller does not say.

use rpnfst_codecs::{DataType, ElementKind, EncodeError};

use super::{
    attributes::Attributes,
    data::{Encode, sealed::Range},
};
use crate::record::Container;

/// What to ask the packer for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Choice {
    pub(super) data_type: DataType,
    pub(super) pack_bits: u8,
    /// Whether NaN and default special values are missing ones: the caller asked for the flag and gave no mask.
    pub(super) look_for_special: bool,
}

/// Largest number of bits of the second-stage compression of integers.
const TURBO_BITS: u8 = 16;

/// # Errors
/// When the largest number of an integer type is there beside missing values, for which it would be taken.
pub(super) fn choose(
    attributes: &Attributes,
    data: &(impl Encode + ?Sized),
    container: Container,
) -> Result<Choice, EncodeError> {
    let (data_type, pack_bits) = match (attributes.data_type.or(data.natural_type()), attributes.pack_bits) {
        (Some(data_type), Some(bits)) => (data_type, bits),
        (Some(data_type), None) => (data_type, full_width(data_type, data)),
        (None, bits) => lossless(data, bits, container)?,
    };
    let masked = data.missing().is_some_and(|mask| mask.any());
    let with_flag = DataType::new(data_type.code() | DataType::MISSING_FLAG);
    let automatic = attributes.data_type.is_none() && masked && can_be_missing(data.kind());
    Ok(Choice {
        data_type: if automatic { with_flag } else { data_type },
        pack_bits,
        look_for_special: data_type.has_missing() && data.missing().is_none(),
    })
}

fn can_be_missing(kind: ElementKind) -> bool {
    !matches!(kind, ElementKind::Complex32 | ElementKind::Complex64)
}

/// Without loss unless the bits say otherwise, and compressed where that can be.
fn lossless(
    data: &(impl Encode + ?Sized),
    bits: Option<u8>,
    container: Container,
) -> Result<(DataType, u8), EncodeError> {
    let width = |signed| bits.map_or_else(|| integer_width(data, container, signed), Ok);
    Ok(match (data.kind(), bits) {
        (ElementKind::F32 | ElementKind::F64, Some(bits @ 1..=16)) => (DataType::QUANTIZED_TURBO, bits),
        (ElementKind::F32, bits) => (DataType::IEEE_TURBO, bits.unwrap_or(32)),
        (ElementKind::F64, bits) => (DataType::IEEE, bits.unwrap_or(64)),
        (ElementKind::Complex32, bits) => (DataType::COMPLEX, bits.unwrap_or(32)),
        (ElementKind::Complex64, bits) => (DataType::COMPLEX, bits.unwrap_or(64)),
        // Compressed bytes are what librmn 20 cannot read back from RSF files, and bytes of less than 8 bits what librmn 19
        // cannot read into bytes.
        (ElementKind::U8, None) if container != Container::Rsf => (DataType::UNSIGNED, width(false)?.max(8)),
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

/// Bits that hold all integers, and one value more for missing ones.
fn integer_width(data: &(impl Encode + ?Sized), container: Container, signed: bool) -> Result<u8, EncodeError> {
    let width = u8::try_from(data.kind().size() * 8).unwrap_or(64);
    let Some(Range { least, most, least_at, most_at }) = data.range() else { return Ok(width) };
    // In RSF 64-bit integers are stored as they are.
    if width == 64 && container == Container::Rsf {
        return Ok(64);
    }
    let masked = data.missing().is_some_and(|mask| mask.any());
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
    Ok(u8::try_from(needed).unwrap_or(64).clamp(1, width))
}

/// Bits per element of a type whose width the caller has not said.
fn full_width(data_type: DataType, data: &(impl Encode + ?Sized)) -> u8 {
    let width = u8::try_from(data.kind().size() * 8).unwrap_or(64);
    match data_type.code() & !DataType::MISSING_FLAG {
        3 | 7 => 8,
        1 | 6 | 129 | 134 => 16,
        130 => width.min(TURBO_BITS),
        133 => 32,
        8 => width / 2,
        _ => width,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Data;

    fn choice<T: rpnfst_codecs::Element>(values: &[T], container: Container) -> (u8, u8) {
        let data = Data::new(values, (values.len(), 1, 1)).expect("values");
        let choice = choose(&Attributes::new("TT"), &data, container).expect("a choice");
        (choice.data_type.code(), choice.pack_bits)
    }

    #[test]
    fn types_and_bits_without_loss() {
        assert_eq!(choice(&[1.5_f32], Container::Xdf), (133, 32));
        assert_eq!(choice(&[1.5_f64], Container::Xdf), (5, 64));
        assert_eq!(choice(&[0_u16, 1000], Container::Xdf), (130, 10), "1000 < 2^10");
        assert_eq!(choice(&[0_u32, 70_000], Container::Xdf), (2, 17), "no compression of more than 16 bits");
        assert_eq!(choice(&[-4_i32, 3], Container::Xdf), (4, 3), "two bits and one for the sign");
        assert_eq!(choice(&[7_u64], Container::Rsf), (2, 64), "as they are");
        assert_eq!((choice(&[3_u8], Container::Xdf), choice(&[3_u8], Container::Rsf)), ((2, 8), (2, 2)));
    }

    #[test]
    fn the_bits_of_a_type_that_was_named() {
        let data = Data::new(&[1.0_f32], (1, 1, 1)).expect("a value");
        for (code, bits) in [(1, 16), (6, 16), (134, 16), (133, 32), (5, 32), (7, 8)] {
            assert_eq!(full_width(DataType::new(code), &data), bits, "{code}");
        }
    }
}
