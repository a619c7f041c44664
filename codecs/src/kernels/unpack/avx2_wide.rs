//! Unpacking of 26 to 32 bits with AVX2. Such a token may lie in five bytes, so it gets a 64-bit lane.

use core::arch::x86_64::{
    __m128i, __m256i, _mm256_and_si256, _mm256_castsi128_si256, _mm256_castsi256_si128, _mm256_inserti128_si256,
    _mm256_permutevar8x32_epi32, _mm256_set1_epi64x, _mm256_shuffle_epi8, _mm256_srlv_epi64,
};

use bytemuck::cast;

use super::with_padded_end;
use crate::order::Order;

/// Tokens per step. Eight tokens of `width` bits fill `width` bytes, so each step starts at a byte.
const EIGHT: usize = 8;
/// Lanes of 16 bytes per step, with two tokens each.
const LANES: usize = 4;
/// Bytes that one step loads, counted from its first token.
const REACH: usize = 48;

/// Shuffles and shifts for eight tokens, by the position of the step's first byte within its word.
struct Tables {
    /// Start of each lane, counted from the step's first byte in big-endian streams, from the start of its word in others.
    starts: [[usize; LANES]; 4],
    /// The eight bytes of its lane that hold each token, least significant first.
    bytes: [[[u8; 16]; LANES]; 4],
    /// How far right each token is shifted then.
    shifts: [u64; EIGHT],
}

impl Tables {
    fn new<O: Order>(width: u32) -> Self {
        // At most 7 * 32 + 7.
        let width = width as usize;
        let mut tables = Self { starts: [[0; LANES]; 4], bytes: [[[0; 16]; LANES]; 4], shifts: [0; EIGHT] };
        for (token, shift) in tables.shifts.iter_mut().enumerate() {
            *shift = (64 - width - token * width % 8) as u64;
        }
        for (at, (starts, lanes)) in tables.starts.iter_mut().zip(&mut tables.bytes).enumerate() {
            for (k, (start, lane)) in starts.iter_mut().zip(lanes).enumerate() {
                let first = 2 * k * width / 8;
                let within = if O::IN_ORDER { 0 } else { (at + first) % 4 };
                *start = if O::IN_ORDER { first } else { at + first - within };
                for (i, byte) in lane.iter_mut().enumerate() {
                    let token = 2 * k + i / 8;
                    let place = within + token * width / 8 - first + 7 - i % 8;
                    // The bytes of a little-endian word are reversed.
                    let place = if O::IN_ORDER { place } else { place ^ 3 };
                    // At most 15.
                    *byte = u8::try_from(place).unwrap_or(0);
                }
            }
        }
        tables
    }
}

/// Unpack tokens, eight per step. Returns how many: all but up to seven.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
pub(super) fn unpack<O: Order, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    let tables = Tables::new::<O>(width);
    with_padded_end::<{ 2 * REACH }, T>(stream, first, width, out, |stream, first, out| {
        eights::<O, T>(&tables, stream, first, width, out, map)
    })
}

/// As [`unpack`], but stops where fewer than [`REACH`] bytes of the stream are left.
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
    let [low_shifts, high_shifts]: [__m256i; 2] = cast(tables.shifts);
    let mask = _mm256_set1_epi64x((1_i64 << width) - 1);
    let evens: __m256i = cast([0_u32, 2, 4, 6, 0, 2, 4, 6]);
    let mut first = first;
    let mut done = 0;
    for group in out.as_chunks_mut::<EIGHT>().0 {
        let at = if O::IN_ORDER { 0 } else { first & 3 };
        let Some(bytes) = stream.get(first - at..).and_then(<[u8]>::first_chunk::<REACH>) else { break };
        let [a, b, c, d] = tables.starts[at].map(|start| {
            let mut lane = [0; 16];
            lane.copy_from_slice(&bytes[start.min(REACH - 16)..][..16]);
            cast::<_, __m128i>(lane)
        });
        let [shuffles, high_shuffles]: [__m256i; 2] = cast(tables.bytes[at]);
        let tokens = |low, high, shuffle, shifts| {
            let lanes = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
            let windows = _mm256_shuffle_epi8(lanes, shuffle);
            let tokens = _mm256_and_si256(_mm256_srlv_epi64(windows, shifts), mask);
            _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(tokens, evens))
        };
        let low: [u32; 4] = cast(tokens(a, b, shuffles, low_shifts));
        let high: [u32; 4] = cast(tokens(c, d, high_shuffles, high_shifts));
        *group = cast::<_, [u32; EIGHT]>([low, high]).map(map);
        first += width as usize;
        done += EIGHT;
    }
    done
}
