//! Portable packing with 64-bit shifts.

use super::OVERHANG;

/// Tokens per call: so many fill whole words, whatever their width.
pub(crate) const WHOLE: usize = 32;

/// Pack tokens, `width` bytes for each eight of them. Up to [`OVERHANG`] bytes of zeros follow. Stores that would exceed `out`
/// are left out.
///
/// Tokens are joined to pairs, then fours, and these are shifted into place; the compiler vectorises these loops. Stores
/// overlap: each overwrites the zeros that the one before wrote beyond its tokens.
#[inline(always)]
pub(crate) fn pack(tokens: &[u32; WHOLE], width: u32, out: &mut [u8]) {
    let mask = u32::MAX >> (32 - width);
    let step = width as usize;
    let mut store = |at: usize, halves: [u64; 2]| {
        if let Some(bytes) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<OVERHANG>) {
            bytes.copy_from_slice(halves.map(u64::to_be_bytes).as_flattened());
        }
    };
    let mut pairs = [0; WHOLE / 2];
    for (pair, &[a, b]) in pairs.iter_mut().zip(tokens.as_chunks::<2>().0) {
        *pair = u64::from(a & mask) << width | u64::from(b & mask);
    }
    if width <= 16 {
        let mut all = [[0; 2]; WHOLE / 8];
        for (eight, &[a, b, c, d]) in all.iter_mut().zip(pairs.as_chunks::<4>().0) {
            *eight = joined(a << (2 * width) | b, c << (2 * width) | d, 4 * width);
        }
        for (i, eight) in all.into_iter().enumerate() {
            store(i * step, eight);
        }
        return;
    }
    // Four tokens of an odd width end in the middle of a byte. The store of the next four begins with that byte, so it
    // repeats its first half: the last four bits of the fourth token.
    let odd = width % 2;
    let mut all = [[[0; 2]; 2]; WHOLE / 8];
    for (eight, &[a, b, c, d]) in all.iter_mut().zip(pairs.as_chunks::<4>().0) {
        let [high, low] = joined(c, d, 2 * width);
        let down = 4 * odd;
        let before = (b & u64::from(15 * odd)) << 60;
        let later = [before | high >> down, high << 1 << (63 - down) | low >> down];
        *eight = [joined(a, b, 2 * width), later];
    }
    for (i, [now, later]) in all.into_iter().enumerate() {
        store(i * step, now);
        store(i * step + step / 2, later);
    }
}

/// Two numbers of `bits` bits (1 to 64), one after the other, in the high bits of 128.
#[inline(always)]
fn joined(a: u64, b: u64, bits: u32) -> [u64; 2] {
    let up = 64 - bits;
    [a << up | (b << up) >> 1 >> (bits - 1), b << up << up]
}
