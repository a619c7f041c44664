//! Differences, their widths tile by tile, and the stream.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::bits::{BitSink, Counter, Writer};
use crate::kernels::wide;
use crate::options::Threads;
use crate::parallel::{SMALLEST, worthwhile};
use crate::tokens::Planar;
use crate::turbopack::{Incompressible, Limits, Plane, strips};
use crate::types::WordOrder;

/// Which of the variants is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scheme {
    /// Size of a full tile in both directions.
    pub(crate) step: usize,
    /// Bits per token of the first row and column.
    pub(crate) width: u32,
    /// Bits of the width code of a tile.
    pub(crate) field: u32,
    /// Whether differences of 15 and 16 bits are written in 17, as in the 16-bit streams.
    pub(crate) joined: bool,
}

/// Tokens that are written between flushes, in the first row and column.
const RUN: usize = 512;

/// The rows of one row of tiles.
struct Band {
    /// Tokens of the row above.
    above: Vec<u32>,
    /// Their distances from the row below.
    steps: Vec<u32>,
    /// Differences, row by row; the first column is not used.
    differences: Vec<i32>,
    /// For each column all bits of the magnitudes of its differences.
    magnitudes: Vec<u32>,
}

impl Band {
    /// Bits of the largest magnitude.
    fn bits(&self) -> u32 {
        significant(&self.magnitudes)
    }
}

/// Append the stream of a plane of tokens.
pub(crate) fn encode(
    order: WordOrder,
    plane: Plane,
    scheme: Scheme,
    values: &dyn Planar,
    limits: Limits,
    threads: Threads,
    out: &mut Vec<u8>,
) -> Result<(), Incompressible> {
    // Differences have 25 bits at most, width codes 5; a tile has one cell at least.
    let room = (plane.band_cells(scheme.step) * 30).max(RUN as u64 * 32);
    if worthwhile(threads, values.len(), SMALLEST) {
        let start = out.len();
        let mut writer = Writer::new(order, out, room);
        let n = values.len() - plane.ni;
        write_edges(&mut writer, plane, scheme, values);
        let done = strips::write(&mut writer, n, plane.band(scheme.step), room, limits, &|strip, rows| {
            write_tiles(strip, plane, scheme, values, rows, Limits { words: u64::MAX, guard: None })
        })?;
        if done {
            writer.finish();
            return Ok(());
        }
        out.truncate(start);
    }
    let mut writer = Writer::new(order, out, room);
    write_edges(&mut writer, plane, scheme, values);
    let (writer, _) = write_tiles(writer, plane, scheme, values, 0..values.len() - plane.ni, limits)?;
    writer.finish();
    Ok(())
}

/// How many bits that stream would have.
pub(crate) fn length(plane: Plane, scheme: Scheme, values: &dyn Planar, limits: Limits) -> Result<u64, Incompressible> {
    let mut counter = Counter::default();
    write_edges(&mut counter, plane, scheme, values);
    let (counter, _) = write_tiles(counter, plane, scheme, values, 0..values.len() - plane.ni, limits)?;
    Ok(counter.len())
}

/// The size of the width codes, and the tokens of the first row and column.
fn write_edges(writer: &mut impl BitSink, plane: Plane, scheme: Scheme, values: &dyn Planar) {
    let Scheme { width, field, .. } = scheme;
    writer.put(field.into(), 3);
    if width == 0 {
        return;
    }
    let mut tokens = [0; RUN];
    for first in (0..plane.ni).step_by(RUN) {
        let tokens = &mut tokens[..RUN.min(plane.ni - first)];
        values.tokens(first, tokens);
        for &mut token in tokens {
            writer.put(token.into(), width);
        }
        writer.make_room();
    }
    for (k, at) in (plane.ni..values.len()).step_by(plane.ni).enumerate() {
        writer.put(values.token(at).into(), width);
        if k % RUN == RUN - 1 {
            writer.make_room();
        }
    }
    writer.make_room();
}

/// The tiles of some elements, whole rows of tiles, counted from the second row on. Returns the largest
/// [`reach`](Scheme::reach) after a tile with differences.
///
/// The writer goes by value to the loop over a row of tiles: then its state is in registers there.
#[inline(never)]
fn write_tiles<S: BitSink>(
    mut writer: S,
    plane: Plane,
    scheme: Scheme,
    values: &dyn Planar,
    part: Range<usize>,
    limits: Limits,
) -> Result<(S, u64), Incompressible> {
    let Plane { ni, nj } = plane;
    let Scheme { step, field, .. } = scheme;
    let mut band = Band {
        above: vec![0; ni],
        steps: vec![0; ni],
        differences: vec![0; ni * step.min(nj)],
        magnitudes: vec![0; ni],
    };
    values.tokens(part.start, &mut band.above);
    let size = plane.band(step);
    let mut reach = 0;
    for first in part.clone().step_by(size) {
        let n = size.min(part.end - first);
        let Band { above, steps, differences, magnitudes } = &mut band;
        values.differences(ni + first..ni + first + n, above, steps, differences, magnitudes);
        if scheme.widths(band.bits()).0 >> field != 0 {
            return Err(Incompressible::LongCode);
        }
        let rows = n / ni;
        let (differences, magnitudes) = (&band.differences[..], &band.magnitudes[..]);
        let (next, here) = if scheme.joined {
            wide!(tile_row::<true, S>; writer, scheme, differences, magnitudes, rows)
        } else {
            wide!(tile_row::<false, S>; writer, scheme, differences, magnitudes, rows)
        };
        writer = next;
        reach = reach.max(here);
        writer.make_room();
        if writer.len() > limits.words.saturating_mul(32) || limits.guard.is_some_and(|guard| reach > guard) {
            return Err(Incompressible::TooLong);
        }
    }
    Ok((writer, reach))
}

impl Scheme {
    /// Width code and bits per difference for the bits of the largest magnitude.
    #[inline(always)]
    fn widths(self, bits: u32) -> (u32, u32) {
        if self.joined && matches!(bits, 15 | 16) { (15, 17) } else { (bits, bits + 1) }
    }

    /// How many words the stream has, at most, when a tile as long as can be follows: by the definition of type 133,
    /// which is the only one to ask.
    #[inline(always)]
    fn reach(self, length: u64, bits: u32) -> u64 {
        if self.joined { 0 } else { (length - 1) / 32 + 1 + u64::from((bits + 9 * self.width) / 32) }
    }
}

#[inline(always)]
fn significant(magnitudes: &[u32]) -> u32 {
    32 - magnitudes.iter().fold(0, |all, bits| all | bits).leading_zeros()
}

/// Write the tiles of a band of so many rows. Returns the largest [`reach`](Scheme::reach) after a tile with differences.
#[inline(always)]
fn tile_row<const JOINED: bool, S: BitSink>(
    mut writer: S,
    scheme: Scheme,
    differences: &[i32],
    magnitudes: &[u32],
    rows: usize,
) -> (S, u64) {
    // Known to the compiler from here on.
    let scheme = Scheme { joined: JOINED, ..scheme };
    let ni = magnitudes.len();
    let mut reach = 0;
    let mut i = 1;
    if scheme.step == 3 && rows == 3 {
        reach = full_tiles(&mut writer, scheme, differences, magnitudes);
        i += (ni - 1) / 3 * 3;
    }
    while i < ni {
        let end = ni.min(i + scheme.step);
        let bits = significant(&magnitudes[i..end]);
        let (code, width) = scheme.widths(bits);
        writer.put(code.into(), scheme.field);
        if bits > 0 {
            let mask = u32::MAX >> (32 - width);
            for row in differences.chunks_exact(ni).take(rows) {
                for difference in &row[i..end] {
                    writer.put(u64::from(difference.cast_unsigned() & mask), width);
                }
            }
            reach = reach.max(scheme.reach(writer.len(), bits));
        }
        i = end;
    }
    (writer, reach)
}

/// All tiles of 3 x 3 of a band.
#[inline(always)]
fn full_tiles(writer: &mut impl BitSink, scheme: Scheme, differences: &[i32], magnitudes: &[u32]) -> u64 {
    let (row0, rest) = differences.split_at(magnitudes.len());
    let (row1, row2) = rest.split_at(magnitudes.len());
    let (tiles0, tiles1, tiles2) =
        (row0[1..].as_chunks::<3>().0, row1[1..].as_chunks::<3>().0, row2[1..].as_chunks::<3>().0);
    let magnitudes = magnitudes[1..].as_chunks::<3>().0;
    let mut reach = 0;
    for (((magnitudes, tile0), tile1), tile2) in magnitudes.iter().zip(tiles0).zip(tiles1).zip(tiles2) {
        let bits = significant(magnitudes);
        if bits == 0 {
            writer.put(0, scheme.field);
            continue;
        }
        let (code, width) = scheme.widths(bits);
        let mask = u32::MAX >> (32 - width);
        let low = |difference: i32| u64::from(difference.cast_unsigned() & mask);
        // Only for widths of 21 and less.
        let line = |&[a, b, c]: &[i32; 3]| (low(a) << width | low(b)) << width | low(c);
        if width <= 6 {
            let all = (line(tile0) << (3 * width) | line(tile1)) << (3 * width) | line(tile2);
            writer.put(u64::from(code) << (9 * width) | all, scheme.field + 9 * width);
        } else if width <= 19 {
            writer.put(u64::from(code) << (3 * width) | line(tile0), scheme.field + 3 * width);
            writer.put(line(tile1), 3 * width);
            writer.put(line(tile2), 3 * width);
        } else {
            writer.put(code.into(), scheme.field);
            for &[a, b, c] in [tile0, tile1, tile2] {
                writer.put(low(a) << width | low(b), 2 * width);
                writer.put(low(c), width);
            }
        }
        reach = reach.max(scheme.reach(writer.len(), bits));
    }
    reach
}
