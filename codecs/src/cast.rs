//! Conversions of integers that lose bits on purpose.

/// The low 32 bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are the point")]
pub(crate) fn low32(value: u64) -> u32 {
    value as u32
}

/// The low 16 bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are the point")]
pub(crate) fn low16(value: u32) -> u16 {
    value as u16
}

/// A length or position as an index; what does not fit in memory becomes an index beyond every slice.
#[inline(always)]
pub(crate) fn index(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
