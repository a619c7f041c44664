//! Minima, their differences, and the stream.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::FIELD;
use crate::bits::{BitSink, Counter, Writer};
use crate::kernels::wide;
use crate::options::Threads;
use crate::parallel::{SMALLEST, worthwhile};
use crate::tokens::Planar;
use crate::tokens::SIGN;
use crate::turbopack::{Incompressible, Limits, Plane, strips};
use crate::types::WordOrder;

/// Append the stream of a plane of tokens of `width` bits, in tiles of `step` rows and columns; give up beyond a number
/// of words.
#[expect(clippy::too_many_arguments, reason = "what all of them say is different")]
pub(crate) fn encode(
    order: WordOrder,
    plane: Plane,
    step: usize,
    width: u32,
    values: &dyn Planar,
    words: u64,
    threads: Threads,
    out: &mut Vec<u8>,
) -> Result<(), Incompressible> {
    // Tokens and minima have 16 bits at most; a tile has one cell at least.
    let room = plane.band_cells(step) * 36;
    let mut writer = Writer::new(order, out, room);
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

/// How many bits that stream would have.
pub(crate) fn length(
    plane: Plane,
    step: usize,
    width: u32,
    values: &dyn Planar,
    words: u64,
) -> Result<u64, Incompressible> {
    Ok(write_tiles(Counter::default(), plane, step, width, values, 0..values.len(), words)?.len())
}

/// Write whole rows of tiles. The writer is passed by value: then its state is in registers.
#[inline(never)]
fn write_tiles<S: BitSink>(
    writer: S,
    plane: Plane,
    step: usize,
    width: u32,
    values: &dyn Planar,
    part: Range<usize>,
    words: u64,
) -> Result<S, Incompressible> {
    wide!(write_rows; writer, plane, step, width, values, part, words)
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "what all of them say is different")]
fn write_rows<S: BitSink>(
    mut writer: S,
    plane: Plane,
    step: usize,
    width: u32,
    values: &dyn Planar,
    part: Range<usize>,
    words: u64,
) -> Result<S, Incompressible> {
    let Plane { ni, nj } = plane;
    let mut band = vec![0; ni * step.min(nj)];
    // Extremes of each column, as signed numbers: their order is the one that vectors know.
    let (mut low, mut high) = (vec![0_i16; ni], vec![0_i16; ni]);
    let size = plane.band(step);
    for first in part.clone().step_by(size) {
        let n = size.min(part.end - first);
        let band = &mut band[..n];
        values.extremes(first..first + n, band, &mut low, &mut high);
        tile_row(&mut writer, step, width, ni, band, &low, &high);
        writer.make_room();
        if writer.len() > words.saturating_mul(32) {
            return Err(Incompressible::TooLong);
        }
    }
    Ok(writer)
}

#[inline(always)]
fn tile_row(writer: &mut impl BitSink, step: usize, width: u32, ni: usize, band: &[u16], low: &[i16], high: &[i16]) {
    let mut i = 0;
    if step == 5 {
        let (low, high) = (low.as_chunks::<5>().0, high.as_chunks::<5>().0);
        for (low, high) in low.iter().zip(high) {
            tile(writer, width, band, ni, i..i + 5, extremes(low, high));
            i += 5;
        }
    }
    while i < ni {
        let end = ni.min(i + step);
        tile(writer, width, band, ni, i..end, extremes(&low[i..end], &high[i..end]));
        i = end;
    }
}

/// Smallest and largest token of some columns.
#[inline(always)]
fn extremes(low: &[i16], high: &[i16]) -> (u32, u32) {
    let low = low.iter().fold(i16::MAX, |a, &b| a.min(b));
    let high = high.iter().fold(i16::MIN, |a, &b| a.max(b));
    (u32::from(low.cast_unsigned() ^ SIGN), u32::from(high.cast_unsigned() ^ SIGN))
}

/// Write the tile of these columns of all rows of a band.
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
