//! Wide vectors where the processor has them: the only place with `unsafe`, which calls functions compiled for processors
//! with AVX2 after asking whether this is one.
//!
//! Loops over whole fields are written as plain functions with `#[inline(always)]` and called through [`wide!`]: the
//! compiler then makes two copies of each, one with the vectors that every processor has and one with wider ones. The
//! operations and their order are the same, and so are the results.

#![allow(unsafe_code, reason = "see above")]

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod tiles;

use crate::turbopack::parallelogram::Tiles;

/// Call a function that is `#[inline(always)]`, in the copy for this processor: `wide!(function; argument, argument)`.
macro_rules! wide {
    ($function:path; $($argument:ident),* $(,)?) => {
        $crate::simd::either(
            ($($argument,)*),
            #[inline(always)]
            |($($argument,)*)| $function($($argument),*),
            #[inline(always)]
            |($($argument,)*)| $function($($argument),*),
        )
    };
}
pub(crate) use wide;

/// Call `wide` in a function compiled for AVX2 if this processor has it, else `narrow`.
///
/// They are two so that each is called at one place, where it is inlined: only then the wider instructions are used.
#[inline(always)]
pub(crate) fn either<A, R>(arguments: A, wide: impl FnOnce(A) -> R, narrow: impl FnOnce(A) -> R) -> R {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { x86::with_avx2(arguments, wide) };
    }
    let _ = wide;
    narrow(arguments)
}

/// Unpack as many tokens of `width` bits as is quick, from byte `first` of a stream on. Returns how many that were.
#[inline(always)]
pub(crate) fn unpack<O: crate::bits::Order, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if (1..=x86::WIDEST).contains(&width) && out.len() >= x86::SHORTEST && x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { x86::unpack::<O, T>(stream, first, width, out, map) };
    }
    let _ = (stream, first, width, out, map);
    0
}

/// Pack tokens of `width` bits (up to 32) into `width` bytes for each eight of them, most significant bit first, and write
/// up to [`OVERHANG`] bytes of zeros more. Returns whether that was done.
#[inline(always)]
pub(crate) fn pack(tokens: &[[u32; 8]], width: u32, out: &mut [u8]) -> bool {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if x86::PACKED.contains(&width) && x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        unsafe { x86::pack(tokens, width, out) };
        return true;
    }
    let _ = (tokens, width, out);
    false
}

/// Unpack as many tiles as is quick; the others are what is left of `tiles` then.
#[inline(always)]
pub(crate) fn tiles(tiles: &mut Tiles<'_>) {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        unsafe { tiles::unpack(tiles) };
    }
    let _ = tiles;
}

/// Bytes that are stored at once.
pub(crate) const OVERHANG: usize = 16;

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod x86 {
    use core::arch::x86_64::{
        __m128i, __m256i, _mm_cvtsi32_si128, _mm256_and_si256, _mm256_blend_epi32, _mm256_bsrli_epi128,
        _mm256_castsi128_si256, _mm256_castsi256_si128, _mm256_extracti128_si256, _mm256_inserti128_si256,
        _mm256_or_si256, _mm256_permute4x64_epi64, _mm256_set1_epi32, _mm256_set1_epi64x, _mm256_setr_epi64x,
        _mm256_shuffle_epi8, _mm256_sll_epi64, _mm256_slli_epi64, _mm256_sllv_epi64, _mm256_srl_epi64,
        _mm256_srli_epi64, _mm256_srlv_epi32, _mm256_srlv_epi64,
    };

    use bytemuck::cast;

    use super::OVERHANG;
    use crate::bits::Order;

    #[inline(always)]
    pub(super) fn available() -> bool {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    #[inline]
    pub(super) fn with_avx2<A, R>(arguments: A, function: impl FnOnce(A) -> R) -> R {
        function(arguments)
    }

    /// Widest token that lies in four bytes wherever it starts.
    pub(super) const WIDEST: u32 = 25;
    /// Fewer tokens are not worth the tables.
    pub(super) const SHORTEST: usize = 128;
    /// Tokens of one vector: they fill as many bytes as a token has bits.
    const EIGHT: usize = 8;

    /// For eight tokens in two lanes of 16 bytes, four tokens each: which four bytes of its lane each token is in, most
    /// significant byte last, and how far down it is to be shifted. The second lane starts `width / 2` bytes after the first.
    struct Tables {
        /// One for each position of the start within a word.
        bytes: [[u8; 32]; 4],
        shifts: [u32; EIGHT],
    }

    impl Tables {
        fn new<O: Order>(width: u32) -> Self {
            // Where in its word the most significant byte lies.
            let flip = O::word([0, 1, 2, 3]).to_be_bytes();
            let mut tables = Self { bytes: [[0; 32]; 4], shifts: [0; EIGHT] };
            for (token, shift) in (0..).zip(&mut tables.shifts) {
                let bit = token % 4 * width + token / 4 * (width * 4 % 8);
                *shift = 32 - width - bit % 8;
                for (start, bytes) in (0..).zip(&mut tables.bytes) {
                    let start = if token < 4 { start } else { start + width / 2 } % 4;
                    for byte in 0..4 {
                        // Big-endian streams are loaded from where they start, others from the start of the word.
                        let at = bit / 8 + 3 - byte + if O::IN_ORDER { 0 } else { start };
                        let at = at & !3 | u32::from(flip[(at & 3) as usize]);
                        // At most 15.
                        bytes[(token * 4 + byte) as usize] = u8::try_from(at).unwrap_or(0);
                    }
                }
            }
            tables
        }
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    pub(super) fn unpack<O: Order, T>(
        stream: &[u8],
        first: usize,
        width: u32,
        out: &mut [T],
        map: impl Fn(u32) -> T + Copy,
    ) -> usize {
        let tables = Tables::new::<O>(width);
        let shuffles = tables.bytes.map(cast::<[u8; 32], __m256i>);
        let shifts: __m256i = cast(tables.shifts);
        let mask = _mm256_set1_epi32(((1_u32 << width) - 1).cast_signed());
        let width = width as usize;
        let (mut low, mut high) = (first, first + width / 2);
        let mut done = 0;
        for group in out.as_chunks_mut::<EIGHT>().0 {
            let (start, end) = if O::IN_ORDER { (low, high) } else { (low & !3, high & !3) };
            let lanes = (lane(stream, start), lane(stream, end));
            let (Some(&start), Some(&end)) = lanes else { break };
            let lanes = _mm256_castsi128_si256(cast::<[u8; 16], __m128i>(start));
            let lanes = _mm256_inserti128_si256(lanes, cast::<[u8; 16], __m128i>(end), 1);
            let windows = _mm256_shuffle_epi8(lanes, shuffles[if O::IN_ORDER { 0 } else { low & 3 }]);
            let tokens: [u32; EIGHT] = cast(_mm256_and_si256(_mm256_srlv_epi32(windows, shifts), mask));
            *group = tokens.map(map);
            low += width;
            high += width;
            done += EIGHT;
        }
        done
    }

    #[inline(always)]
    fn lane(stream: &[u8], at: usize) -> Option<&[u8; 16]> {
        stream.get(at..).and_then(<[u8]>::first_chunk)
    }

    /// Two tokens fill four bits at least, and 64 bits not quite.
    pub(super) const PACKED: core::ops::Range<u32> = 2..32;

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    pub(super) fn pack(tokens: &[[u32; EIGHT]], width: u32, out: &mut [u8]) {
        if width.is_multiple_of(2) {
            pack_eights::<false>(tokens, width, out);
        } else {
            pack_eights::<true>(tokens, width, out);
        }
    }

    /// Each lane of 16 bytes takes four tokens. They end in the middle of a byte if the width is odd: then the second lane
    /// starts with the first half of that byte.
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    fn pack_eights<const ODD: bool>(tokens: &[[u32; EIGHT]], width: u32, out: &mut [u8]) {
        let count = |bits: u32| _mm_cvtsi32_si128(bits.cast_signed());
        let (one, pair, up) = (count(width), count(2 * width), count(64 - 2 * width));
        let first_half = _mm256_set1_epi64x(0xFFFF_FFFF);
        // The bytes of 64-bit numbers turned round.
        let lane: [u8; 16] = [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8];
        let big_endian: __m256i = cast([lane; 2]);
        let (down, back) = (_mm256_setr_epi64x(0, 0, 4, 4), _mm256_setr_epi64x(64, 64, 60, 60));
        let nibble = _mm256_setr_epi64x(0, 15, 0, 0);
        let width = width as usize;
        for (i, eight) in tokens.iter().enumerate() {
            let eight: __m256i = cast(*eight);
            // Two tokens in each 64-bit number, then four in each lane, from the highest bit down.
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
            store(out, at, _mm256_castsi256_si128(bytes));
            store(out, at + width / 2, _mm256_extracti128_si256(bytes, 1));
        }
    }

    #[inline(always)]
    fn store(out: &mut [u8], at: usize, bytes: __m128i) {
        if let Some(out) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<OVERHANG>) {
            *out = cast(bytes);
        }
    }
}
