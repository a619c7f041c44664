//! Minima, their differences, and the stream.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::FIELD;
use crate::bits::{Counter, Order, Sink, Writer, low16};
use crate::packed::Threads;
#[cfg(feature = "rayon")]
use crate::parallel::{SMALLEST, worthwhile};
use crate::simd::wide;
use crate::turbopack::{Incompressible, Plane};
#[cfg(feature = "rayon")]
use crate::turbopack::{parallelogram::Limits, strips};

/// Append the stream of a plane of tokens of `width` bits, in tiles of `step` rows and columns; give up beyond a number
/// of words.
#[expect(clippy::too_many_arguments, reason = "what all of them say is different")]
pub(crate) fn encode<O: Order, T: Copy + Sync>(
    plane: Plane,
    step: usize,
    width: u32,
    values: &[T],
    token: impl Fn(T) -> u32 + Copy + Sync,
    words: u64,
    threads: Threads,
    out: &mut Vec<u8>,
) -> Result<(), Incompressible> {
    // Tokens and minima have 16 bits at most; a tile has one cell at least.
    let room = plane.band_cells(step) * 36;
    let mut writer = Writer::<O>::new(out, room);
    #[cfg(feature = "rayon")]
    if worthwhile(threads, values.len(), SMALLEST) {
        let limits = Limits { words, guard: None };
        strips::write(&mut writer, values.len(), plane.band(step), room, limits, |sink, rows| {
            let (values, words) = (&values[rows], u64::MAX);
            wide!(write_tiles; sink, plane, step, width, values, token, words)?;
            Ok(0)
        })?;
        writer.finish();
        return Ok(());
    }
    let _ = threads;
    let sink = &mut writer;
    wide!(write_tiles; sink, plane, step, width, values, token, words)?;
    writer.finish();
    Ok(())
}

/// How many bits that stream would have.
pub(crate) fn length<T: Copy>(
    plane: Plane,
    step: usize,
    width: u32,
    values: &[T],
    token: impl Fn(T) -> u32 + Copy,
    words: u64,
) -> Result<u64, Incompressible> {
    let mut counter = Counter::default();
    let sink = &mut counter;
    wide!(write_tiles; sink, plane, step, width, values, token, words)?;
    Ok(counter.len())
}

#[inline(always)]
fn write_tiles<T: Copy>(
    writer: &mut impl Sink,
    plane: Plane,
    step: usize,
    width: u32,
    values: &[T],
    token: impl Fn(T) -> u32 + Copy,
    words: u64,
) -> Result<(), Incompressible> {
    let Plane { ni, nj } = plane;
    let mut band = vec![0; ni * step.min(nj)];
    // Extremes of each column, as signed numbers: their order is the one that vectors know.
    let (mut low, mut high) = (vec![0_i16; ni], vec![0_i16; ni]);
    for rows in values.chunks(plane.band(step)) {
        let band = &mut band[..rows.len()];
        low.fill(i16::MAX);
        high.fill(i16::MIN);
        for (row, values) in band.chunks_exact_mut(ni).zip(rows.chunks_exact(ni)) {
            for (((here, &value), low), high) in row.iter_mut().zip(values).zip(&mut low).zip(&mut high) {
                *here = low16(token(value));
                let signed = (*here ^ SIGN).cast_signed();
                *low = signed.min(*low);
                *high = signed.max(*high);
            }
        }
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
        writer.flush();
        if writer.len() > words.saturating_mul(32) {
            return Err(Incompressible::TooLong);
        }
    }
    Ok(())
}

/// What makes the order of signed numbers that of unsigned ones.
const SIGN: u16 = 0x8000;

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
    writer: &mut impl Sink,
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
