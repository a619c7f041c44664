//! Packing of tokens of one width into a bit stream, the inverse of [`unpack`](super::unpack()).

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
pub(crate) mod generic;

use crate::cast::low32;

/// Bytes per store. Stores overlap, so the last one writes up to that many bytes beyond the stream.
pub(crate) const OVERHANG: usize = 16;

/// A number that becomes a token: the token itself, or an `f64` that is truncated.
pub(crate) trait Number: Copy {
    /// The token of this number.
    fn token(self) -> u32;
    /// The tokens of eight numbers, in one vector.
    ///
    /// # Safety
    ///
    /// The processor has the features that `has_avx2` detects.
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

/// The token is the integer part; the number must be at least 0 and below 2^31.
impl Number for f64 {
    /// Adding 2^52 rounds to the nearest integer, which is then in the low bits; subtract 1 if it was rounded up. SSE2 has
    /// all these operations on vectors of `f64`, but no conversion to integers that keeps 32 bits.
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

/// Pack one token of `width` bits (1 to 32; higher bits are cut off) for each value, most significant bit first: `width` bytes
/// for each eight values. Up to [`OVERHANG`] bytes of zeros follow.
///
/// The number of eights must be even. Returns whether it was done: not without AVX2.
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

#[cfg(test)]
mod tests {
    use super::generic::WHOLE;
    use super::*;

    /// The bytes by definition: each token from its highest bit down.
    fn naive(tokens: &[u32], width: u32) -> Vec<u8> {
        let bits: Vec<u8> =
            tokens.iter().flat_map(|token| (0..width).rev().map(move |i| token >> i & 1 == 1)).map(u8::from).collect();
        bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect()
    }

    #[test]
    fn all_kernels_write_the_same_bytes_and_zeros_behind_them() {
        let tokens: Vec<u32> = (0..256_u32).map(|i| (i + 1).wrapping_mul(0x9e37_79b9)).collect();
        for width in 1..=32 {
            for n in (16..=tokens.len()).step_by(16) {
                let tokens = &tokens[..n];
                let expected = [naive(tokens, width), vec![0; OVERHANG]].concat();
                let length = n / 8 * width as usize;
                let mut out = vec![0; length + OVERHANG];
                if pack(tokens.as_chunks().0, width, |token| token, &mut out) {
                    assert_eq!(out, expected, "{width} bits, {n} tokens");
                }
                // Numbers of 31 bits, whose integer part is the token.
                let numbers: Vec<f64> = tokens.iter().map(|token| f64::from(token >> 1) + 0.75).collect();
                let halves: Vec<u32> = tokens.iter().map(|token| token >> 1).collect();
                if pack(numbers.as_chunks().0, width, |number| number, &mut out) {
                    assert_eq!(out[..length], naive(&halves, width), "{width} bits, {n} numbers");
                }
                out.fill(0xff);
                for (i, whole) in tokens.as_chunks::<WHOLE>().0.iter().enumerate() {
                    generic::pack(whole, width, &mut out[i * 4 * width as usize..]);
                }
                let whole = n / WHOLE * 4 * width as usize;
                assert_eq!(out[..whole], expected[..whole], "{width} bits, {n} tokens without vectors");
            }
        }
    }

    #[test]
    fn the_token_of_a_number_is_its_integer_part() {
        assert_eq!([0.0, 0.99, 1.0, 2.5, 2_147_483_647.5].map(Number::token), [0, 0, 1, 2, 0x7fff_ffff]);
    }
}
