//! Arrays reinterpreted as bytes, and bytes as arrays, without a copy.
//!
//! This is the only module that does so, and the only one where the byte order of the machine matters: a payload is an array
//! of this machine when its numbers have the machine's byte order and width. Every other module converts explicitly.

use std::borrow::Cow;

use rpnfst_codecs::{DecodeError, Element, ElementKind, Payload, WordOrder};

use super::{Values, each};

/// The payload as a slice of `T` where its bytes are the values; `None` where they are not.
pub(crate) fn cast<'a, T: Element>(payload: &Payload<'a>) -> Result<Option<&'a [T]>, DecodeError> {
    if payload.data_type.has_missing() || !is_plain(payload)? || payload.element_kind()? != T::KIND {
        return Ok(None);
    }
    let bytes = payload.element_count()?.checked_mul(size_of::<T>());
    let bytes = bytes.and_then(|length| payload.bytes.get(..length));
    // The cast also refuses what is not aligned.
    Ok(bytes.and_then(|bytes| bytemuck::try_cast_slice(bytes).ok()))
}

/// Whether element `k` is the bytes `k*size ..` in this machine's order.
fn is_plain(payload: &Payload<'_>) -> Result<bool, DecodeError> {
    let native = match payload.order {
        WordOrder::Big => cfg!(target_endian = "big"),
        WordOrder::Little => cfg!(target_endian = "little"),
    };
    let kind = payload.element_kind()?;
    // Reals and integers of 64 bits can be packed in 32.
    let part = if payload.data_type.code() == 8 { kind.size() / 2 } else { kind.size() };
    if part * 8 != usize::from(payload.pack_bits) && !matches!(payload.data_type.code(), 3 | 7) {
        return Ok(false);
    }
    Ok(match (payload.data_type.code(), payload.pack_bits) {
        // Characters: in order in big-endian words (7), or in little-endian ones (3).
        (7, _) => payload.order == WordOrder::Big,
        (3, _) => payload.order == WordOrder::Little,
        (2, 8) => kind == ElementKind::U8 && payload.order == WordOrder::Big,
        (0 | 2 | 5 | 8, 32) => native,
        // 64-bit reals have their high word first in both containers; integers exist in RSF only, low word first.
        (2 | 4, 64) => native && payload.order == WordOrder::Little,
        (5 | 8, 64) => native && payload.order == WordOrder::Big,
        _ => false,
    })
}

impl Values {
    /// The bytes of the values, little-endian, in storage order. Borrowed on little-endian machines.
    pub fn to_le_bytes(&self) -> Cow<'_, [u8]> {
        let bytes: &[u8] = each!(self, v => bytemuck::cast_slice(v));
        if cfg!(target_endian = "little") { Cow::Borrowed(bytes) } else { Cow::Owned(swapped(bytes, self.kind())) }
    }
}

/// Reverses the bytes of each number.
fn swapped(bytes: &[u8], kind: ElementKind) -> Vec<u8> {
    let width = match kind {
        ElementKind::Complex32 => 4,
        ElementKind::Complex64 => 8,
        other => other.size(),
    };
    bytes.chunks_exact(width).flat_map(|number| number.iter().rev().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_packed_in_32_bits_are_not_viewed_as_doubles() {
        let words = [1.5_f32.to_bits(); 4].map(u64::from);
        let order = if cfg!(target_endian = "little") { WordOrder::Little } else { WordOrder::Big };
        let shape = rpnfst_codecs::Shape { ni: 1, nj: 1, nk: 1 };
        let bytes = bytemuck::cast_slice(&words);
        let data_type = rpnfst_codecs::DataType::IEEE;
        let payload = Payload { bytes, order, data_type, pack_bits: 32, data_bits: 64, shape };
        assert_eq!(payload.element_kind(), Ok(ElementKind::F64));
        assert_eq!(cast::<f64>(&payload), Ok(None));
    }

    #[test]
    fn bytes_of_values() {
        let values = Values::Complex32(vec![[1.5, -2.0], [0.25, 3.0]]);
        let each = |order: fn(f32) -> [u8; 4]| [1.5, -2.0, 0.25, 3.0].map(order).concat();
        assert_eq!(*values.to_le_bytes(), each(f32::to_le_bytes));
        // What a big-endian machine does with its own bytes.
        assert_eq!(swapped(&each(f32::to_be_bytes), values.kind()), each(f32::to_le_bytes));
        assert_eq!(swapped(&0x0102_0304_0506_0708_u64.to_be_bytes(), ElementKind::U64), [8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(*Values::I16(vec![0x0102]).to_le_bytes(), [2, 1]);
    }
}
