//! Streams of tokens of one width, unpacked.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2_wide;
pub(crate) mod generic;

use crate::order::Order;

/// Fewer tokens are not worth the tables.
#[cfg(all(feature = "std", target_arch = "x86_64"))]
const SHORTEST: usize = 128;

/// Unpack as many tokens of `width` bits as is quick, from byte `first` of a stream on. Returns how many that were.
#[inline(always)]
pub(crate) fn unpack<O: Order, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if out.len() >= SHORTEST && super::cpu::has_avx2() {
        // SAFETY: the processor has what the functions are compiled for.
        return unsafe {
            match width {
                ..=avx2::WIDEST => avx2::unpack::<O, T>(stream, first, width, out, map),
                _ => avx2_wide::unpack::<O, T>(stream, first, width, out, map),
            }
        };
    }
    let _ = (stream, first, width, out, map);
    0
}
