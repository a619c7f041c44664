//! Loops that touch tokens and values at once. They are compiled for each element type and map, so they are short.

use alloc::vec::Vec;

use crate::cast::low16;
use crate::kernels::Aligned;
use crate::types::WordOrder;

/// The highest bit of a token. Flipping it turns the order of unsigned numbers into that of signed ones: SSE2 has minimum and
/// maximum of signed 16-bit numbers only.
pub(crate) const SIGN: u16 = 0x8000;

/// Map tokens to values, or values to tokens.
#[inline(always)]
pub(super) fn convert<W: Copy, T>(tokens: &[W], out: &mut [T], map: impl Fn(W) -> T) {
    for (value, &token) in out.iter_mut().zip(tokens) {
        *value = map(token);
    }
}

/// Add each row of a band to the row `above`, which becomes the sum, and map the sums to the output.
#[inline(always)]
pub(super) fn accumulate<T>(above: &mut [u32], band: &[u32], out: &mut [T], map: impl Fn(u32) -> T) {
    for (row, out) in band.chunks_exact(above.len()).zip(out.chunks_exact_mut(above.len())) {
        for ((above, &difference), value) in above.iter_mut().zip(row).zip(out) {
            *above = above.wrapping_add(difference);
            *value = map(*above);
        }
    }
}

/// Append words of one token of 32 bits, two of 16, or four of 8. Tokens that do not fill a word are left out.
#[inline(always)]
pub(super) fn append_words<T: Copy>(
    values: &[T],
    width: u32,
    order: WordOrder,
    out: &mut Vec<u8>,
    map: impl Fn(T) -> u32 + Copy,
) {
    let word16 = move |&[a, b]: &[T; 2]| map(a) << 16 | map(b) & 0xFFFF;
    let low8 = move |value| map(value).to_be_bytes()[3];
    match (width, order) {
        (8, WordOrder::Big) => append_each(out, values, |group: &[T; 4]| group.map(low8)),
        (8, WordOrder::Little) => {
            append_each(out, values, |group: &[T; 4]| u32::from_be_bytes(group.map(low8)).to_le_bytes());
        }
        (16, WordOrder::Big) => append_each(out, values, |group| word16(group).to_be_bytes()),
        (16, WordOrder::Little) => append_each(out, values, |group| word16(group).to_le_bytes()),
        (_, WordOrder::Big) => append_each(out, values, |&[a]| map(a).to_be_bytes()),
        (_, WordOrder::Little) => append_each(out, values, |&[a]| map(a).to_le_bytes()),
    }
}

/// Append `BYTES` bytes for each group of `N` values. Groups are converted to a block in the first-level cache and appended
/// from there, because `Vec::resize` would write zeros to all of the output first.
#[inline(always)]
pub(super) fn append_each<const N: usize, const BYTES: usize, T>(
    out: &mut Vec<u8>,
    values: &[T],
    bytes: impl Fn(&[T; N]) -> [u8; BYTES],
) {
    let mut block = Aligned([[0; BYTES]; 512]);
    for groups in values.as_chunks().0.chunks(block.0.len()) {
        let block = &mut block.0[..groups.len()];
        for (block, group) in block.iter_mut().zip(groups) {
            *block = bytes(group);
        }
        out.extend_from_slice(block.as_flattened());
    }
}

/// The second differences `d[j][i] = f[j][i] - f[j-1][i] - f[j][i-1] + f[j-1][i-1]` of whole rows of tokens.
///
/// * `above`: the row before them; the last of them afterwards.
/// * `steps`: scratch space, one row: `f[j][i] - f[j-1][i]`.
/// * `differences`: the result, row by row. The first column is not used.
/// * `magnitudes`: for each column the OR of the magnitudes of its differences, which has as many bits as the largest.
#[inline(always)]
pub(super) fn second_differences<T: Copy>(
    values: &[T],
    above: &mut [u32],
    steps: &mut [u32],
    differences: &mut [i32],
    magnitudes: &mut [u32],
    token: impl Fn(T) -> u32,
) {
    magnitudes.fill(0);
    let ni = above.len();
    for (values, differences) in values.chunks_exact(ni).zip(differences.chunks_exact_mut(ni)) {
        for ((above, step), &value) in above.iter_mut().zip(&mut *steps).zip(values) {
            let here = token(value);
            *step = here.wrapping_sub(*above);
            *above = here;
        }
        let columns = differences[1..].iter_mut().zip(&mut magnitudes[1..]);
        for ((difference, magnitude), steps) in columns.zip(steps.windows(2)) {
            let d = steps[1].wrapping_sub(steps[0]).cast_signed();
            *difference = d;
            *magnitude |= d.unsigned_abs();
        }
    }
}

/// Fill `band` with the tokens of whole rows, and `low` and `high` with the extremes of each column, with [`SIGN`] flipped.
#[inline(always)]
pub(super) fn column_extremes<T: Copy>(
    values: &[T],
    band: &mut [u16],
    low: &mut [i16],
    high: &mut [i16],
    token: impl Fn(T) -> u32,
) {
    let ni = low.len();
    low.fill(i16::MAX);
    high.fill(i16::MIN);
    for (row, values) in band.chunks_exact_mut(ni).zip(values.chunks_exact(ni)) {
        for (((here, &value), low), high) in row.iter_mut().zip(values).zip(&mut *low).zip(&mut *high) {
            *here = low16(token(value));
            let signed = (*here ^ SIGN).cast_signed();
            *low = signed.min(*low);
            *high = signed.max(*high);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_take_their_bytes_from_one_two_or_four_tokens() {
        let bytes = |width, order| {
            let mut out = Vec::new();
            append_words(&[0x0102_0304_u32, 0x0506_0708, 0x090a_0b0c, 0x0d0e_0f10], width, order, &mut out, |token| {
                token
            });
            out[..4].to_vec()
        };
        assert_eq!([8, 16, 32].map(|width| bytes(width, WordOrder::Big)), [[4, 8, 12, 16], [3, 4, 7, 8], [1, 2, 3, 4]]);
        assert_eq!([8, 16].map(|width| bytes(width, WordOrder::Little)), [[16, 12, 8, 4], [8, 7, 4, 3]]);
    }

    #[test]
    fn second_differences_are_what_a_token_has_more_than_its_neighbours_say() {
        let (mut above, mut steps) = ([0, 1, 2], [0; 3]);
        let (mut differences, mut magnitudes) = ([9; 6], [0; 3]);
        let rows = [2_u32, 3, 9, 4, 5, 6]; // 9 instead of 4
        second_differences(&rows, &mut above, &mut steps, &mut differences, &mut magnitudes, |token| token);
        assert_eq!(differences, [9, 0, 5, 9, 0, -5]);
        assert_eq!(magnitudes, [0, 0, 5]);
        assert_eq!(above, [4, 5, 6]);
    }

    #[test]
    fn sums_are_the_inverse() {
        let (mut above, mut out) = ([0, 1, 2], [0; 6]);
        // Differences from the row above: 2 2 7, 2 2 -3.
        accumulate(&mut above, &[2, 2, 7, 2, 2, 3_u32.wrapping_neg()], &mut out, |token| token);
        assert_eq!(out, [2, 3, 9, 4, 5, 6]);
    }

    #[test]
    fn extremes_of_columns_are_signed() {
        let (mut band, mut low, mut high) = ([0; 4], [0; 2], [0; 2]);
        column_extremes(&[5_u16, 0xffff, 3, 0], &mut band, &mut low, &mut high, u32::from);
        assert_eq!(band, [5, 0xffff, 3, 0]);
        let unsigned = |extremes: [i16; 2]| extremes.map(|extreme| extreme.cast_unsigned() ^ SIGN);
        assert_eq!((unsigned(low), unsigned(high)), ([3, 0], [5, 0xffff]));
    }
}
