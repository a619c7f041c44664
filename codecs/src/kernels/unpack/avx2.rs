//! Unpacking with AVX2: a byte shuffle puts eight tokens into eight 32-bit lanes, a variable shift aligns them.

use core::arch::x86_64::{
    __m128i, __m256i, _mm256_and_si256, _mm256_castsi128_si256, _mm256_inserti128_si256, _mm256_set1_epi32,
    _mm256_shuffle_epi8, _mm256_srlv_epi32,
};

use bytemuck::cast;

use super::with_padded_end;
use crate::order::Order;

/// Widest token: with up to 7 bits before it, it still lies in four bytes.
pub(super) const WIDEST: u32 = 25;
/// Bytes that one step loads, counted from its first token.
const REACH: usize = 32;
/// Tokens per vector. Eight tokens of `width` bits fill `width` bytes, so each step starts at a byte.
const EIGHT: usize = 8;

/// Shuffle and shift for eight tokens, in two lanes of 16 bytes with four tokens each. The second lane is loaded from
/// `width / 2` bytes after the first.
struct Tables {
    /// The four bytes that hold each token, least significant first: one table for each position of the step's start within
    /// a word.
    bytes: [[u8; 32]; 4],
    /// How far right each token is shifted then.
    shifts: [u32; EIGHT],
}

impl Tables {
    fn new<O: Order>(width: u32) -> Self {
        // The permutation of the bytes of a word: identity for big-endian words, reversal for little-endian ones.
        let flip = O::word([0, 1, 2, 3]).to_be_bytes();
        let mut tables = Self { bytes: [[0; 32]; 4], shifts: [0; EIGHT] };
        for (token, shift) in (0..).zip(&mut tables.shifts) {
            let bit = token % 4 * width + token / 4 * (width * 4 % 8);
            *shift = 32 - width - bit % 8;
            for (start, bytes) in (0..).zip(&mut tables.bytes) {
                let start = if token < 4 { start } else { start + width / 2 } % 4;
                for byte in 0..4 {
                    // Big-endian streams are loaded from their first byte, little-endian ones from the start of its word.
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

/// Unpack tokens, sixteen per step. Returns how many: all but up to fifteen.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
pub(super) fn unpack<O: Order, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    let tables = Tables::new::<O>(width);
    with_padded_end::<{ 4 * REACH }, T>(stream, first, width, out, |stream, first, out| {
        eights::<O, T>(&tables, stream, first, width, out, map)
    })
}

/// As [`unpack`], but stops where fewer than two times [`REACH`] bytes of the stream are left.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
#[inline(never)]
fn eights<O: Order, T>(
    tables: &Tables,
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    let shuffles = tables.bytes.map(cast::<[u8; 32], __m256i>);
    let shifts: __m256i = cast(tables.shifts);
    let mask = _mm256_set1_epi32(((1_u32 << width) - 1).cast_signed());
    let width = width as usize;
    // Distance to the second lane, for each position of the start within a word.
    let seconds = [0, 1, 2, 3].map(|at| if O::IN_ORDER { width / 2 } else { (at + width / 2) & !3 });
    // The eight tokens that start at `place`; `at` is the position of that byte within its word.
    let tokens = |bytes: &[u8; 2 * REACH], place: usize, at: usize| -> [u32; EIGHT] {
        let lanes = _mm256_castsi128_si256(lane(bytes, place));
        let lanes = _mm256_inserti128_si256(lanes, lane(bytes, place + seconds[at]), 1);
        let windows = _mm256_shuffle_epi8(lanes, shuffles[at]);
        cast(_mm256_and_si256(_mm256_srlv_epi32(windows, shifts), mask))
    };
    let position = |first: usize| if O::IN_ORDER { 0 } else { first & 3 };
    let mut first = first;
    let mut done = 0;
    // Two groups per check of the length.
    for [now, later] in out.as_chunks_mut::<EIGHT>().0.as_chunks_mut().0 {
        let at = position(first);
        let Some(bytes) = stream.get(first - at..).and_then(<[u8]>::first_chunk) else { break };
        let next = at + width - position(first + width);
        *now = tokens(bytes, 0, at).map(map);
        *later = tokens(bytes, next, position(first + width)).map(map);
        first += 2 * width;
        done += 2 * EIGHT;
    }
    done
}

#[inline(always)]
fn lane(bytes: &[u8; 2 * REACH], at: usize) -> __m128i {
    let mut lane = [0; 16];
    // At most 3 + 25 + 12.
    lane.copy_from_slice(&bytes[at.min(2 * REACH - 16)..][..16]);
    cast(lane)
}
