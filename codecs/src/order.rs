//! Byte orders as types, so that loops over words are compiled for each of them and ask nothing at run time.

/// Byte order of the words of a payload, as a type.
pub(crate) trait Order: Copy + Send + Sync + 'static {
    /// Whether the bytes lie in the order of the bits.
    const IN_ORDER: bool;
    /// The word stored in four bytes.
    fn word(bytes: [u8; 4]) -> u32;
    /// Two consecutive words, the first one in the high half.
    fn pair(bytes: [u8; 8]) -> u64;
    /// The inverse of [`pair`](Self::pair).
    fn pair_bytes(pair: u64) -> [u8; 8];
}

/// XDF.
#[derive(Clone, Copy)]
pub(crate) struct Big;

/// RSF.
#[derive(Clone, Copy)]
pub(crate) struct Little;

impl Order for Big {
    const IN_ORDER: bool = true;
    #[inline(always)]
    fn word(bytes: [u8; 4]) -> u32 {
        u32::from_be_bytes(bytes)
    }
    #[inline(always)]
    fn pair(bytes: [u8; 8]) -> u64 {
        u64::from_be_bytes(bytes)
    }
    #[inline(always)]
    fn pair_bytes(pair: u64) -> [u8; 8] {
        pair.to_be_bytes()
    }
}

impl Order for Little {
    const IN_ORDER: bool = false;
    #[inline(always)]
    fn word(bytes: [u8; 4]) -> u32 {
        u32::from_le_bytes(bytes)
    }
    #[inline(always)]
    fn pair(bytes: [u8; 8]) -> u64 {
        u64::from_le_bytes(bytes).rotate_left(32)
    }
    #[inline(always)]
    fn pair_bytes(pair: u64) -> [u8; 8] {
        pair.rotate_left(32).to_le_bytes()
    }
}
