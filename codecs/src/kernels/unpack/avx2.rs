//! Tokens unpacked with the vectors of AVX2.

use core::arch::x86_64::{
    __m128i, __m256i, _mm256_and_si256, _mm256_castsi128_si256, _mm256_inserti128_si256, _mm256_set1_epi32,
    _mm256_shuffle_epi8, _mm256_srlv_epi32,
};

use bytemuck::cast;

use crate::order::Order;

/// Widest token that lies in four bytes wherever it starts.
pub(super) const WIDEST: u32 = 25;
/// Bytes from the first lane on that are looked at.
const REACH: usize = 32;
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

/// Unpack tokens by eights. Returns how many that were: all but the last few.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
pub(super) fn unpack<O: Order, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    let tables = Tables::new::<O>(width);
    let done = eights::<O, T>(&tables, stream, first, width, out, map);
    // Near its end the stream needs bytes behind it.
    let at = first + done / EIGHT * width as usize;
    let start = at & !3;
    let Some(rest) = stream.get(start..) else { return done };
    let mut padded = [0; 4 * REACH];
    let n = rest.len().min(padded.len());
    padded[..n].copy_from_slice(&rest[..n]);
    done + eights::<O, T>(&tables, &padded, at - start, width, &mut out[done..], map)
}

/// As [`unpack`], as long as the stream has [`REACH`] bytes.
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
    // From a start at each position within a word to the second lane.
    let seconds = [0, 1, 2, 3].map(|at| if O::IN_ORDER { width / 2 } else { (at + width / 2) & !3 });
    // Eight tokens from a place in some bytes on, of which 32 can be read.
    let tokens = |bytes: &[u8; 2 * REACH], place: usize, at: usize| -> [u32; EIGHT] {
        let lanes = _mm256_castsi128_si256(lane(bytes, place));
        let lanes = _mm256_inserti128_si256(lanes, lane(bytes, place + seconds[at]), 1);
        let windows = _mm256_shuffle_epi8(lanes, shuffles[at]);
        cast(_mm256_and_si256(_mm256_srlv_epi32(windows, shifts), mask))
    };
    let position = |first: usize| if O::IN_ORDER { 0 } else { first & 3 };
    let mut first = first;
    let mut done = 0;
    // One check for two groups.
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
