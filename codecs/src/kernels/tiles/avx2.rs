//! 3 x 3 tiles with AVX2: shuffles and shifts from a table take a row of differences out of its bytes, two shifted additions
//! sum it up.

use core::arch::x86_64::{
    __m128i, __m256i, _mm_add_epi32, _mm_bslli_si128, _mm_cvtsi32_si128, _mm_set1_epi32, _mm_shuffle_epi8,
    _mm_shuffle_epi32, _mm_sllv_epi32, _mm_sra_epi32, _mm256_add_epi32, _mm256_bslli_epi128, _mm256_castsi128_si256,
    _mm256_castsi256_si128, _mm256_extracti128_si256, _mm256_inserti128_si256, _mm256_setr_m128i, _mm256_shuffle_epi8,
    _mm256_shuffle_epi32, _mm256_sllv_epi32, _mm256_sra_epi32,
};

use bytemuck::cast;

use super::Tiles;

/// Widest difference: with up to 7 bits before it, it still lies in four bytes.
const WIDEST: usize = 25;
/// Number of offsets of the first difference from the byte where the width code starts: 0 to 7 + 5 bits.
const OFFSETS: usize = 13;

/// How the three rows of a tile are taken out of its bytes. The first row is loaded from the byte of the width code, the
/// others from `second` and `third` bytes after it. A row has four 32-bit lanes; the last is not used.
#[repr(align(128))]
struct Shape {
    /// Shuffle: the four bytes that hold each difference, least significant first. The first two rows share one vector.
    bytes: [u8; 32],
    third_bytes: [u8; 16],
    /// How far left each difference is shifted, so that its first bit becomes the sign.
    shifts: [u32; 8],
    third_shifts: [u32; 4],
    second: u8,
    third: u8,
}

/// By width, then by the offset of the first difference.
static SHAPES: [[Shape; OFFSETS]; WIDEST + 1] = {
    const NONE: Shape =
        Shape { bytes: [0; 32], third_bytes: [0; 16], shifts: [0; 8], third_shifts: [0; 4], second: 0, third: 0 };
    let mut shapes = [const { [NONE; OFFSETS] }; WIDEST + 1];
    let mut width = 0;
    while width <= WIDEST {
        let mut offset = 0;
        while offset < OFFSETS {
            shapes[width][offset] = shape(width, offset);
            offset += 1;
        }
        width += 1;
    }
    shapes
};

#[expect(clippy::cast_possible_truncation, reason = "a tile has a few dozen bytes")]
const fn shape(width: usize, offset: usize) -> Shape {
    let starts = [0, (offset + 3 * width) / 8, (offset + 6 * width) / 8];
    let (mut bytes, mut shifts) = ([[0x80; 16]; 3], [[0; 4]; 3]);
    let mut k = 0;
    // With width 0 the shuffle stays 0x80, which gives zeros.
    while k < 9 && width > 0 {
        let (row, lane) = (k / 3, k % 3);
        let bit = offset + k * width - 8 * starts[row];
        shifts[row][lane] = bit as u32 % 8;
        let mut byte = 0;
        while byte < 4 {
            bytes[row][4 * lane + 3 - byte] = (bit / 8 + byte) as u8;
            byte += 1;
        }
        k += 1;
    }
    let [first, second, third] = bytes;
    let (mut both, mut i) = ([0; 32], 0);
    while i < 16 {
        both[i] = first[i];
        both[16 + i] = second[i];
        i += 1;
    }
    let [a, b, third_shifts] = shifts;
    let shifts = [a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]];
    Shape { bytes: both, third_bytes: third, shifts, third_shifts, second: starts[1] as u8, third: starts[2] as u8 }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
pub(super) fn unpack(tiles: &mut Tiles<'_>) {
    let (stream, field) = (tiles.stream, tiles.field as usize);
    let (widths, lengths) = (tiles.widths, tiles.lengths);
    let [a, b, c] = &mut tiles.rows;
    // Each tile stores four numbers per row, one too many: the last tile needs room for it.
    let n = a.len().min(b.len()).min(c.len());
    let (a, b, c) = (&mut a[..n], &mut b[..n], &mut c[..n]);
    let end = tiles.columns.end.min(n.saturating_sub(1));
    // The sum of each row so far, in all lanes of its vector.
    let [sum0, sum1, sum2] = tiles.sums.map(|sum| _mm_set1_epi32(sum.cast_signed()));
    let (mut both, mut third) = (_mm256_setr_m128i(sum0, sum1), sum2);
    let (mut bit, mut at) = (tiles.bit, tiles.columns.start);
    while at + 3 <= end {
        let Some(bytes) = stream.get(bit / 8..).and_then(<[u8]>::first_chunk::<{ Tiles::REACH }>) else { break };
        let code = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) << (bit % 8) >> (32 - field);
        let tables = (widths.get(code as usize), lengths.get(code as usize));
        let (Some(&width), Some(&length)) = tables else { break };
        let shape = SHAPES.get(usize::from(width)).and_then(|shapes| shapes.get(bit % 8 + field));
        let Some(shape) = shape else { break };
        // The loop-carried dependency ends here: the next tile depends on `bit` and on the sums only.
        bit += usize::from(length);
        let down = _mm_cvtsi32_si128(32 - i32::from(width));
        let load = |at: u8| {
            let at = usize::from(at & 31);
            let mut lane = [0; 16];
            lane.copy_from_slice(&bytes[at..at + 16]);
            cast::<[u8; 16], __m128i>(lane)
        };
        let lanes = _mm256_inserti128_si256(_mm256_castsi128_si256(load(0)), load(shape.second), 1);
        let lanes = _mm256_shuffle_epi8(lanes, cast::<[u8; 32], __m256i>(shape.bytes));
        let lanes = _mm256_sra_epi32(_mm256_sllv_epi32(lanes, cast::<[u32; 8], __m256i>(shape.shifts)), down);
        let lanes = _mm256_add_epi32(lanes, _mm256_bslli_epi128(lanes, 4));
        let lanes = _mm256_add_epi32(lanes, _mm256_bslli_epi128(lanes, 8));
        let lanes = _mm256_add_epi32(lanes, both);
        both = _mm256_shuffle_epi32(lanes, 0b10_10_10_10);

        let lane = _mm_shuffle_epi8(load(shape.third), cast::<[u8; 16], __m128i>(shape.third_bytes));
        let lane = _mm_sra_epi32(_mm_sllv_epi32(lane, cast::<[u32; 4], __m128i>(shape.third_shifts)), down);
        let lane = _mm_add_epi32(lane, _mm_bslli_si128(lane, 4));
        let lane = _mm_add_epi32(lane, _mm_bslli_si128(lane, 8));
        let lane = _mm_add_epi32(lane, third);
        third = _mm_shuffle_epi32(lane, 0b10_10_10_10);

        a[at..at + 4].copy_from_slice(&cast::<__m128i, [u32; 4]>(_mm256_castsi256_si128(lanes)));
        b[at..at + 4].copy_from_slice(&cast::<__m128i, [u32; 4]>(_mm256_extracti128_si256(lanes, 1)));
        c[at..at + 4].copy_from_slice(&cast::<__m128i, [u32; 4]>(lane));
        at += 3;
    }
    let (both, third): ([u32; 8], [u32; 4]) = (cast(both), cast(third));
    tiles.sums = [both[0], both[4], third[0]];
    tiles.bit = bit;
    tiles.columns.start = at;
}
