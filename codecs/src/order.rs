//! The two byte orders as types: loops over words are monomorphised for each, without a branch at run time.

/// Byte order of the words of a payload, as a type.
pub(crate) trait Order: Copy + Send + Sync + 'static {
    /// Whether the bytes of a word lie in the order of the bit stream, so that a stream may be read byte by byte.
    const IN_ORDER: bool;
    /// The word stored in four bytes.
    fn word(bytes: [u8; 4]) -> u32;
    /// Two consecutive words, the first one in the high half.
    fn pair(bytes: [u8; 8]) -> u64;
    /// The inverse of [`pair`](Self::pair).
    fn pair_bytes(pair: u64) -> [u8; 8];
}

/// Big-endian words: XDF files.
#[derive(Clone, Copy)]
pub(crate) struct Big;

/// Little-endian words: RSF files.
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
