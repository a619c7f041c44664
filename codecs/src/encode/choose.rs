//! Choice of the data type and width that are packed, from the request and the element type (section 10.1 of the format's
//! description). The values are not looked at.

use super::PackRequest;
use crate::error::EncodeError;
use crate::options::{Librmn, Rules, Threads};
use crate::types::{BaseType, DataType, ElementKind, WordOrder};

/// What is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) base: BaseType,
    /// Whether compression is tried. If it fails, the plain type is stored.
    pub(super) turbo: bool,
    /// Bits per stored element.
    pub(super) bits: u8,
    /// Whether reals of 64 bits are rounded to 32 first.
    pub(super) narrow: bool,
    pub(super) threads: Threads,
}

impl Choice {
    /// The `datyp` of a record that is compressed or not, and has missing values or not.
    pub(super) fn data_type(self, turbo: bool, missing: bool) -> DataType {
        let base = match self.base {
            BaseType::Raw => 0,
            BaseType::Real => 1,
            BaseType::Unsigned => 2,
            BaseType::Characters => 3,
            BaseType::Signed => 4,
            BaseType::Ieee => 5,
            BaseType::Quantized => 6,
            BaseType::String => 7,
            BaseType::Complex => 8,
            BaseType::Unknown(code) => code,
        };
        let turbo = if turbo { DataType::TURBO_FLAG } else { 0 };
        DataType::new(base | turbo | if missing { DataType::MISSING_FLAG } else { 0 })
    }
}

/// Bits of an element, or of one part of a complex number.
pub(super) fn data_bits(kind: ElementKind) -> u8 {
    match kind {
        ElementKind::U8 | ElementKind::I8 => 8,
        ElementKind::U16 | ElementKind::I16 => 16,
        ElementKind::U32 | ElementKind::I32 | ElementKind::F32 | ElementKind::Complex32 => 32,
        ElementKind::U64 | ElementKind::I64 | ElementKind::F64 | ElementKind::Complex64 => 64,
    }
}

impl PackRequest<'_> {
    /// Refuse elements that the data type does not take.
    fn check_kind(&self, kind: ElementKind) -> Result<(), EncodeError> {
        use ElementKind::{Complex32, Complex64, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
        let xdf = self.order == WordOrder::Big;
        let (valid, expected) = match self.data_type.base() {
            BaseType::Raw => (kind == U32, "words of 32 bits (u32)"),
            BaseType::Real | BaseType::Ieee | BaseType::Quantized => (matches!(kind, F32 | F64), "f32 or f64"),
            BaseType::Unsigned if xdf => (matches!(kind, U8 | U16 | U32), "u8, u16 or u32 (u64 in RSF only)"),
            BaseType::Unsigned => (matches!(kind, U8 | U16 | U32 | U64), "u8, u16, u32 or u64"),
            BaseType::Signed if xdf => (matches!(kind, I8 | I16 | I32), "i8, i16 or i32 (i64 in RSF only)"),
            BaseType::Signed => (matches!(kind, I8 | I16 | I32 | I64), "i8, i16, i32 or i64"),
            BaseType::Characters | BaseType::String => (kind == U8, "bytes (u8)"),
            BaseType::Complex => (matches!(kind, Complex32 | Complex64), "[f32; 2] or [f64; 2]"),
            BaseType::Unknown(_) => return Err(EncodeError::DataType { data_type: self.data_type }),
        };
        if valid {
            return Ok(());
        }
        Err(EncodeError::ElementType { data_type: self.data_type, given: kind, expected })
    }

    /// The error for `pack_bits` that the type does not have.
    fn bits_error(&self, expected: &'static str) -> EncodeError {
        EncodeError::PackBits { data_type: self.data_type, expected, found: self.pack_bits }
    }

    /// Choose what is packed of elements of this kind. `missing` says whether some of them are missing.
    pub(super) fn choose(&self, kind: ElementKind, missing: bool, threads: Threads) -> Result<Choice, EncodeError> {
        self.check_kind(kind)?;
        let base = self.data_type.base();
        let width = data_bits(kind);
        let bits = self.pack_bits;
        if bits == 0 {
            return Err(self.bits_error("1 or more"));
        }
        let turbo = self.data_type.is_turbo();
        let plain = |bits| Choice { base, turbo: false, bits, narrow: false, threads };
        match base {
            BaseType::Raw if bits > 64 => Err(self.bits_error("1 to 64")),
            BaseType::Raw => Ok(plain(bits)),
            BaseType::Characters | BaseType::String => Ok(plain(8)),
            BaseType::Unsigned | BaseType::Signed if width == 64 => {
                if missing {
                    let expected = "at most 32 bits with missing values";
                    return Err(EncodeError::ElementType { data_type: self.data_type, given: kind, expected });
                }
                Ok(plain(64))
            }
            BaseType::Signed => Ok(plain(bits.min(if self.rules == Rules::Like(Librmn::V19) { 32 } else { width }))),
            BaseType::Unsigned => {
                let bits = bits.min(width);
                // librmn 20.1 overruns its buffer when it reads compressed bytes from RSF files.
                let crashes = self.rules == Rules::Recommended && self.order == WordOrder::Little && width == 8;
                Ok(Choice { turbo: turbo && bits <= 16 && self.shape.nk == 1 && !crashes, ..plain(bits) })
            }
            BaseType::Complex => {
                let bits = bits.min(width);
                let bits = if bits > 32 && self.rules != Rules::Like(Librmn::V19) { 64 } else { bits };
                if !matches!(bits, 16..=32 | 64) {
                    return Err(self.bits_error("16 to 32, or 64"));
                }
                Ok(Choice { narrow: width == 64 && bits <= 32, ..plain(bits) })
            }
            _ => {
                let (base, turbo, bits) = match self.rules {
                    Rules::Like(Librmn::V19) => self.real_19(bits.min(width))?,
                    Rules::Like(Librmn::V20) | Rules::Recommended => self.real_20(bits.min(width))?,
                };
                // Type 1 is computed in 64 bits. 19.5 always takes 64-bit values as they are; 20.1 rounds them to 32 bits
                // first, except when it has replaced missing values.
                let direct = match self.rules {
                    Rules::Like(Librmn::V19) => base == BaseType::Real,
                    Rules::Like(Librmn::V20) => base == BaseType::Real && missing,
                    Rules::Recommended => false,
                };
                Ok(Choice {
                    base,
                    turbo: turbo && self.shape.nk == 1,
                    bits,
                    narrow: width == 64 && bits <= 32 && !direct,
                    threads,
                })
            }
        }
    }

    /// Base type, compression and bits of reals as librmn 19.5 decides.
    fn real_19(&self, bits: u8) -> Result<(BaseType, bool, u8), EncodeError> {
        let base = self.data_type.base();
        let turbo = self.data_type.is_turbo() && (bits <= 16 || base == BaseType::Ieee && bits <= 32);
        Ok(match (base, bits) {
            (BaseType::Ieee, 33..=63) => return Err(self.bits_error("1 to 32, or 64")),
            (BaseType::Real, 33..) => return Err(self.bits_error("1 to 32")),
            (BaseType::Real, 31..) if !self.data_type.is_turbo() => (BaseType::Ieee, false, 32),
            (BaseType::Quantized, 25..) => (BaseType::Ieee, false, 32),
            (BaseType::Quantized, 17..) => (BaseType::Real, false, bits),
            _ => (base, turbo, bits),
        })
    }

    /// Base type, compression and bits of reals as librmn 20.1 decides for RSF files, with its one difference in XDF files.
    fn real_20(&self, bits: u8) -> Result<(BaseType, bool, u8), EncodeError> {
        let base = self.data_type.base();
        let turbo = self.data_type.is_turbo();
        let xdf = self.rules == Rules::Like(Librmn::V20) && self.order == WordOrder::Big;
        Ok(match (base, bits) {
            (BaseType::Ieee, ..=15) => return Err(self.bits_error("16 or more")),
            (_, 33..) => (BaseType::Ieee, false, 64),
            (BaseType::Real, 31..) => (BaseType::Ieee, turbo, 32),
            (BaseType::Quantized, 25..) => (BaseType::Ieee, turbo && xdf, 32),
            (BaseType::Quantized, 17..) => (BaseType::Real, false, bits),
            (BaseType::Real, 17..) => (base, false, bits),
            // librmn cannot read type 129 of less than 16 bits.
            (BaseType::Real, ..=15) if self.rules == Rules::Recommended => (base, false, bits),
            _ => (base, turbo, bits),
        })
    }
}

/// Length in words of a payload that is not compressed (section 10.2 of the format's description). `None` beyond 64 bits.
///
/// `turbo` says whether compression was tried: librmn then stores the whole buffer that it had made for it.
pub(super) fn plain_words(choice: Choice, turbo: bool, n: u64) -> Option<u64> {
    let bits = match (choice.base, turbo) {
        (BaseType::Complex, _) => return n.checked_mul(choice.bits.into())?.div_ceil(64).checked_mul(4),
        (BaseType::Quantized, false) => n.div_ceil(2).checked_mul(32)?.checked_add(96)?,
        (BaseType::Quantized, true) => n.div_ceil(2).checked_mul(32)?.checked_add(128)?,
        (BaseType::Real, true) => n.checked_mul(16)?.checked_add(160)?,
        (BaseType::Unsigned, true) => n.checked_mul(16)?.checked_add(32)?,
        _ => n.checked_mul(choice.bits.into())?.checked_add(120)?,
    };
    Some(2 * bits.div_ceil(64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Compression;
    use crate::types::Shape;

    fn choice(code: u8, pack_bits: u8, kind: ElementKind, rules: Rules) -> Result<(DataType, u8), EncodeError> {
        let request = PackRequest {
            data_type: DataType::new(code),
            pack_bits,
            shape: Shape { ni: 20, nj: 20, nk: 1 },
            order: WordOrder::Little,
            rules,
            compression: Compression::Normal,
            missing: None,
        };
        let choice = request.choose(kind, false, Threads::One)?;
        Ok((choice.data_type(choice.turbo, false), choice.bits))
    }

    /// Section 10.1 of docs/format/codecs.md: what is asked for, and what is packed.
    #[test]
    fn reals_of_more_bits_than_their_type_has_become_another_type() {
        use DataType as T;
        let real = |code, bits| choice(code, bits, ElementKind::F32, Rules::Recommended).unwrap();
        assert_eq!([12, 20, 30].map(|bits| real(6, bits)), [(T::QUANTIZED, 12), (T::REAL, 20), (T::IEEE, 32)]);
        assert_eq!([30, 31].map(|bits| real(1, bits)), [(T::REAL, 30), (T::IEEE, 32)]);
        assert_eq!([134, 133].map(|code| real(code, 16)), [(T::QUANTIZED_TURBO, 16), (T::IEEE_TURBO, 16)]);
        // Elements of 64 bits, with more than 32 of them asked for.
        assert_eq!(choice(5, 48, ElementKind::F64, Rules::Recommended), Ok((T::IEEE, 64)));
        assert!(choice(5, 48, ElementKind::F64, Rules::Like(Librmn::V19)).is_err());
    }

    #[test]
    fn what_librmn_misreads_is_not_chosen() {
        use DataType as T;
        let rules = [Rules::Recommended, Rules::Like(Librmn::V20)];
        let real = rules.map(|rules| choice(129, 12, ElementKind::F32, rules).unwrap().0);
        assert_eq!(real, [T::REAL, T::REAL_TURBO]);
        let bytes = rules.map(|rules| choice(130, 8, ElementKind::U8, rules).unwrap().0);
        assert_eq!(bytes, [T::UNSIGNED, T::UNSIGNED_TURBO]);
    }
}
