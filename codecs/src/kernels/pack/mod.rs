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
