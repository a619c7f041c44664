//! Packing with AVX2: eight tokens per step, one function for each kind of width.

use core::arch::x86_64::{
    __m256d, __m256i, _mm_cvtsi32_si128, _mm256_and_si256, _mm256_blend_epi32, _mm256_bsrli_epi128,
    _mm256_castsi128_si256, _mm256_castsi256_ps, _mm256_castsi256_si128, _mm256_cvttpd_epi32, _mm256_extracti128_si256,
    _mm256_inserti128_si256, _mm256_madd_epi16, _mm256_movemask_ps, _mm256_or_si256, _mm256_packus_epi32,
    _mm256_permute4x64_epi64, _mm256_permutevar8x32_epi32, _mm256_set1_epi32, _mm256_set1_epi64x, _mm256_setr_epi64x,
    _mm256_shuffle_epi8, _mm256_sll_epi64, _mm256_slli_epi32, _mm256_slli_epi64, _mm256_sllv_epi64, _mm256_srl_epi64,
    _mm256_srli_epi64, _mm256_srlv_epi64,
};

use bytemuck::cast;

use super::OVERHANG;

const EIGHT: usize = 8;

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
#[inline]
pub(super) fn truncate(numbers: [f64; EIGHT]) -> __m256i {
    let [low, high]: [__m256d; 2] = cast(numbers);
    let (low, high) = (_mm256_cvttpd_epi32(low), _mm256_cvttpd_epi32(high));
    _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1)
}

/// Shuffle that reverses the bytes of each 64-bit number.
const BIG_ENDIAN: [[u8; 16]; 2] = [[7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8]; 2];

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
pub(super) fn pack<T>(values: &[T], width: u32, tokens: impl Fn(&T) -> __m256i, out: &mut [u8]) {
    match width {
        1 => pack_bits(values, tokens, out),
        8 | 16 | 24 | 32 => pack_bytes(values, width, tokens, out),
        2..=14 if width.is_multiple_of(2) => pack_fours(values, width, tokens, out),
        _ if width.is_multiple_of(2) => pack_eights::<false, T>(values, width, tokens, out),
        _ => pack_eights::<true, T>(values, width, tokens, out),
    }
}

/// Width 1: the low bit of each token.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
fn pack_bits<T>(values: &[T], tokens: impl Fn(&T) -> __m256i, out: &mut [u8]) {
    let backwards = cast([7_u32, 6, 5, 4, 3, 2, 1, 0]);
    for (byte, eight) in out.iter_mut().zip(values) {
        let signs = _mm256_slli_epi32(_mm256_permutevar8x32_epi32(tokens(eight), backwards), 31);
        // Eight bits, one for each token.
        *byte = _mm256_movemask_ps(_mm256_castsi256_ps(signs)).to_le_bytes()[0];
    }
    if let Some(behind) = out.get_mut(values.len()..).and_then(<[u8]>::first_chunk_mut::<OVERHANG>) {
        *behind = [0; OVERHANG];
    }
}

/// Widths 8, 16, 24 and 32: the low bytes of each token.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
fn pack_bytes<T>(values: &[T], width: u32, tokens: impl Fn(&T) -> __m256i, out: &mut [u8]) {
    let mut lane = [0x80; 16];
    // 1 to 4 bytes of four each.
    let size = u8::try_from(width / 8).unwrap_or(0);
    let bytes = (0..4).flat_map(|token| (0..size).rev().map(move |byte| 4 * token + byte));
    lane.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    let width = width as usize;
    let shuffle: __m256i = cast([lane; 2]);
    for (i, eight) in values.iter().enumerate() {
        let bytes = _mm256_shuffle_epi8(tokens(eight), shuffle);
        store::<16>(out, i * width, cast(_mm256_castsi256_si128(bytes)));
        store::<16>(out, i * width + width / 2, cast(_mm256_extracti128_si256(bytes, 1)));
    }
}

/// Even widths up to 14: four tokens fill whole bytes. `madd` joins pairs, as `a * 2^width + b * 1`.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
fn pack_fours<T>(values: &[T], width: u32, tokens: impl Fn(&T) -> __m256i, out: &mut [u8]) {
    let count = |bits: u32| _mm_cvtsi32_si128(bits.cast_signed());
    let mask = _mm256_set1_epi32((1 << width) - 1);
    let (first, second) = (count(64 - 2 * width), count(64 - 4 * width));
    let factors = _mm256_set1_epi32(1 << 16 | 1 << width);
    let big_endian: __m256i = cast(BIG_ENDIAN);
    let width = width as usize;
    for (i, [a, b]) in values.as_chunks().0.iter().enumerate() {
        let (a, b) = (_mm256_and_si256(tokens(a), mask), _mm256_and_si256(tokens(b), mask));
        let pairs = _mm256_madd_epi16(_mm256_packus_epi32(a, b), factors);
        let high = _mm256_sll_epi64(pairs, first);
        let low = _mm256_sll_epi64(_mm256_srli_epi64(pairs, 32), second);
        let fours = _mm256_shuffle_epi8(_mm256_or_si256(high, low), big_endian);
        // Each lane has four of the first eight and four of the second.
        let [first, third, second, fourth]: [[u8; 8]; 4] = cast(fours);
        for (j, four) in [first, second, third, fourth].into_iter().enumerate() {
            store(out, i * 2 * width + j * width / 2, four);
        }
    }
}

/// All other widths: each lane of 16 bytes takes four tokens. If the width is odd (`ODD`), the first lane ends in the middle
/// of a byte, and the second repeats the first half of that byte.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
fn pack_eights<const ODD: bool, T>(values: &[T], width: u32, tokens: impl Fn(&T) -> __m256i, out: &mut [u8]) {
    let count = |bits: u32| _mm_cvtsi32_si128(bits.cast_signed());
    let mask = _mm256_set1_epi32((1_u32 << width).wrapping_sub(1).cast_signed());
    let (one, pair, up) = (count(width), count(2 * width), count(64 - 2 * width));
    let first_half = _mm256_set1_epi64x(0xFFFF_FFFF);
    let big_endian: __m256i = cast(BIG_ENDIAN);
    let (down, back) = (_mm256_setr_epi64x(0, 0, 4, 4), _mm256_setr_epi64x(64, 64, 60, 60));
    let nibble = _mm256_setr_epi64x(0, 15, 0, 0);
    let width = width as usize;
    for (i, eight) in values.iter().enumerate() {
        let eight = _mm256_and_si256(tokens(eight), mask);
        // Two tokens in each 64-bit number, then four in each lane, left-aligned.
        let first = _mm256_sll_epi64(_mm256_and_si256(eight, first_half), one);
        let pairs = _mm256_or_si256(first, _mm256_srli_epi64(eight, 32));
        let high = _mm256_sll_epi64(pairs, up);
        let low = _mm256_sll_epi64(high, up);
        let joined = _mm256_or_si256(high, _mm256_bsrli_epi128(_mm256_srl_epi64(high, pair), 8));
        let mut fours = _mm256_blend_epi32(joined, low, 0b1100_1100);
        if ODD {
            let highs = _mm256_permute4x64_epi64(fours, 0b10_10_01_00);
            let carried = _mm256_and_si256(_mm256_sllv_epi64(highs, back), _mm256_setr_epi64x(0, 0, 0, -1));
            let before = _mm256_slli_epi64(_mm256_and_si256(pairs, nibble), 60);
            let before = _mm256_permute4x64_epi64(before, 0b00_01_00_00);
            let moved = _mm256_or_si256(_mm256_srlv_epi64(fours, down), carried);
            fours = _mm256_or_si256(moved, before);
        }
        let bytes = _mm256_shuffle_epi8(fours, big_endian);
        let at = i * width;
        store::<16>(out, at, cast(_mm256_castsi256_si128(bytes)));
        store::<16>(out, at + width / 2, cast(_mm256_extracti128_si256(bytes, 1)));
    }
}

#[inline(always)]
fn store<const N: usize>(out: &mut [u8], at: usize, bytes: [u8; N]) {
    if let Some(out) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *out = bytes;
    }
}
