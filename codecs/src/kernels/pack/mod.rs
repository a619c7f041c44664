//! Tokens of one width, packed into a stream.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
pub(crate) mod generic;

use crate::cast::low32;

/// Bytes that are stored at once.
pub(crate) const OVERHANG: usize = 16;

/// What tokens are made of.
pub(crate) trait Number: Copy {
    /// The token.
    fn token(self) -> u32;
    /// The tokens of eight numbers.
    ///
    /// # Safety
    ///
    /// The processor has what `has_avx2` asks for.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    unsafe fn tokens(numbers: [Self; 8]) -> core::arch::x86_64::__m256i;
}

/// The token itself.
impl Number for u32 {
    #[inline(always)]
    fn token(self) -> u32 {
        self
    }

    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[inline(always)]
    unsafe fn tokens(numbers: [Self; 8]) -> core::arch::x86_64::__m256i {
        bytemuck::cast(numbers)
    }
}

/// A number from 0 up to, and without, 2^31, whose integer part is the token.
impl Number for f64 {
    /// The sum with 2^52 has the nearest integer in its low bits, and is corrected if that lies above: this needs nothing but
    /// what every processor does with vectors of `f64`.
    #[inline(always)]
    fn token(self) -> u32 {
        const SHIFTER: f64 = 4_503_599_627_370_496.0;
        let shifted = self + SHIFTER;
        let upwards = u32::from(shifted - SHIFTER > self);
        low32(shifted.to_bits()).wrapping_sub(upwards)
    }

    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    #[inline]
    unsafe fn tokens(numbers: [Self; 8]) -> core::arch::x86_64::__m256i {
        avx2::truncate(numbers)
    }
}

/// Pack a token of `width` bits (up to 32, higher ones are cut off) for each value into `width` bytes for each eight of them,
/// most significant bit first, and write up to [`OVERHANG`] bytes of zeros more. The number of eights is even. Returns whether
/// that was done.
#[inline(always)]
pub(crate) fn pack<T: Copy, N: Number>(
    values: &[[T; 8]],
    width: u32,
    map: impl Fn(T) -> N + Copy,
    out: &mut [u8],
) -> bool {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if super::cpu::has_avx2() {
        // SAFETY: the processor has what the function is compiled for.
        unsafe {
            avx2::pack(
                values,
                width,
                #[inline(always)]
                |eight| N::tokens(eight.map(map)),
                out,
            );
        }
        return true;
    }
    let _ = (values, width, map, out);
    false
}
