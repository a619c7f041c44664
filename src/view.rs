//! Which payloads are, byte for byte, an array of this machine.

use bytemuck::Pod;
use rpnfst_codecs::{DecodeError, Element, ElementKind, Packed, WordOrder};

/// The payload as a slice of `T` where its bytes are the values; `None` where they are not.
pub(crate) fn cast<'a, T: Element + Pod>(packed: &Packed<'a>) -> Result<Option<&'a [T]>, DecodeError> {
    if packed.data_type.has_missing() || !is_plain(packed)? || packed.element_kind()? != T::KIND {
        return Ok(None);
    }
    let bytes = packed.element_count()?.checked_mul(size_of::<T>());
    let bytes = bytes.and_then(|length| packed.bytes.get(..length));
    // The cast also refuses what is not aligned.
    Ok(bytes.and_then(|bytes| bytemuck::try_cast_slice(bytes).ok()))
}

/// Whether element `k` is the bytes `k*size ..` in this machine's order.
fn is_plain(packed: &Packed<'_>) -> Result<bool, DecodeError> {
    let native = match packed.order {
        WordOrder::Big => cfg!(target_endian = "big"),
        WordOrder::Little => cfg!(target_endian = "little"),
    };
    let kind = packed.element_kind()?;
    Ok(match (packed.data_type.code(), packed.pack_bits) {
        // Characters: in order in big-endian words (7), or in little-endian ones (3).
        (7, _) => packed.order == WordOrder::Big,
        (3, _) => packed.order == WordOrder::Little,
        (2, 8) => kind == ElementKind::U8 && packed.order == WordOrder::Big,
        (0 | 2 | 5 | 8, 32) => native,
        // 64-bit reals have their high word first in both containers; integers exist in RSF only, low word first.
        (2 | 4, 64) => native && packed.order == WordOrder::Little,
        (5 | 8, 64) => native && packed.order == WordOrder::Big,
        _ => false,
    })
}
