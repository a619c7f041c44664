//! Encoding of MINIMUM tiles.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::FIELD;
use crate::bits::{BitCounter, BitSink, BitWriter};
use crate::kernels::avx2_or_not;
use crate::options::Threads;
use crate::parallel::{SMALLEST, worthwhile};
use crate::tokens::{PlaneSource, SIGN};
use crate::turbopack::{Incompressible, Limits, Plane, strips};
use crate::types::WordOrder;

/// Append the stream of a plane of tokens of `width` bits, in tiles of `step` rows and columns. Give up if it has more than
/// `words` words.
#[expect(clippy::too_many_arguments, reason = "no two of them belong together")]
pub(crate) fn encode(
    order: WordOrder,
    plane: Plane,
    step: usize,
    width: u32,
    values: &dyn PlaneSource,
    words: u64,
    threads: Threads,
    out: &mut Vec<u8>,
) -> Result<(), Incompressible> {
    // Tokens and minima have 16 bits at most; a tile has one cell at least.
    let room = plane.band_cells(step) * 36;
    let mut writer = BitWriter::new(order, out, room);
    if worthwhile(threads, values.len(), SMALLEST) {
        let limits = Limits { words, guard: None };
        strips::write(&mut writer, values.len(), plane.band(step), room, limits, &|strip, rows| {
            Ok((write_tiles(strip, plane, step, width, values, rows, u64::MAX)?, 0))
        })?;
        writer.finish();
        return Ok(());
    }
    write_tiles(writer, plane, step, width, values, 0..values.len(), words)?.finish();
    Ok(())
}

/// Number of bits that [`encode`] would append. Nothing is written.
pub(crate) fn length(
    plane: Plane,
    step: usize,
    width: u32,
    values: &dyn PlaneSource,
    words: u64,
) -> Result<u64, Incompressible> {
    Ok(write_tiles(BitCounter::default(), plane, step, width, values, 0..values.len(), words)?.len())
}

/// Write the rows of tiles that hold the elements `part`.
///
/// The writer goes by value to the loop over a row of tiles, so that its fields are in registers there.
#[inline(never)]
fn write_tiles<S: BitSink>(
    mut writer: S,
    plane: Plane,
    step: usize,
    width: u32,
    values: &dyn PlaneSource,
    part: Range<usize>,
    words: u64,
) -> Result<S, Incompressible> {
    let Plane { ni, nj } = plane;
    let mut band = vec![0; ni * step.min(nj)];
    // Extremes of each column, with the sign bit flipped: SSE2 compares signed numbers.
    let (mut low, mut high) = (vec![0_i16; ni], vec![0_i16; ni]);
    let size = plane.band(step);
    for first in part.clone().step_by(size) {
        let n = size.min(part.end - first);
        let band = &mut band[..n];
        values.extremes(first..first + n, band, &mut low, &mut high);
        let (band, low, high) = (&*band, &low[..], &high[..]);
        writer = avx2_or_not!(tile_row; writer, step, width, ni, band, low, high);
        writer.make_room();
        if writer.len() > words.saturating_mul(32) {
            return Err(Incompressible::TooLong);
        }
    }
    Ok(writer)
}

/// Write one row of tiles, given the extremes of each column.
#[inline(always)]
fn tile_row<S: BitSink>(
    mut writer: S,
    step: usize,
    width: u32,
    ni: usize,
    band: &[u16],
    low: &[i16],
    high: &[i16],
) -> S {
    let mut i = 0;
    if step == 5 {
        let (low, high) = (low.as_chunks::<5>().0, high.as_chunks::<5>().0);
        for (low, high) in low.iter().zip(high) {
            tile(&mut writer, width, band, ni, i..i + 5, extremes(low, high));
            i += 5;
        }
    }
    while i < ni {
        let end = ni.min(i + step);
        tile(&mut writer, width, band, ni, i..end, extremes(&low[i..end], &high[i..end]));
        i = end;
    }
    writer
}

/// Smallest and largest token of some columns, from the extremes of each.
#[inline(always)]
fn extremes(low: &[i16], high: &[i16]) -> (u32, u32) {
    let low = low.iter().fold(i16::MAX, |a, &b| a.min(b));
    let high = high.iter().fold(i16::MIN, |a, &b| a.max(b));
    (u32::from(low.cast_unsigned() ^ SIGN), u32::from(high.cast_unsigned() ^ SIGN))
}

/// Write one tile: `columns` of all rows of a band.
#[inline(always)]
fn tile(
    writer: &mut impl BitSink,
    width: u32,
    band: &[u16],
    ni: usize,
    columns: Range<usize>,
    (minimum, maximum): (u32, u32),
) {
    let code = (32 - (maximum - minimum).leading_zeros()).min(15);
    if code == 15 {
        writer.put(15, FIELD);
    } else {
        writer.put(u64::from(code) << width | u64::from(minimum), FIELD + width);
    }
    if code == 0 {
        return;
    }
    let (bits, base) = if code == 15 { (16, 0) } else { (code, minimum) };
    // Four tokens at a time: 64 bits at most.
    for row in band.chunks_exact(ni) {
        let (groups, rest) = row[columns.clone()].as_chunks::<4>();
        for group in groups {
            let [a, b, c, d] = group.map(|value| u64::from(u32::from(value) - base));
            writer.put(((a << bits | b) << bits | c) << bits | d, 4 * bits);
        }
        for &value in rest {
            writer.put(u64::from(u32::from(value) - base), bits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{STREAM, TOKENS};
    use super::*;
    use crate::example::rsf;
    use crate::tokens::MappedInput;

    #[test]
    fn a_tile_is_its_width_code_its_minimum_and_differences_of_that_width() {
        let plane = Plane { ni: 7, nj: 2 };
        let tokens = MappedInput(&TOKENS, u32::from);
        for (order, expected) in [(WordOrder::Big, STREAM.to_vec()), (WordOrder::Little, rsf(&STREAM))] {
            let mut out = Vec::new();
            encode(order, plane, 5, 6, &tokens, 2, Threads::One, &mut out).unwrap();
            assert_eq!(out, expected);
        }
        // 4 + 6 + 10 * 2 bits, and 4 + 6 bits; they need two words.
        assert_eq!(length(plane, 5, 6, &tokens, 2), Ok(40));
        assert_eq!(length(plane, 5, 6, &tokens, 1), Err(Incompressible::TooLong));
    }
}
