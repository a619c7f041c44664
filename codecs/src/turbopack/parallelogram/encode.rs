//! Encoding of PARALLELOGRAM tiles.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::bits::{BitCounter, BitSink, BitWriter};
use crate::kernels::avx2_or_not;
use crate::options::Threads;
use crate::parallel::{SMALLEST, worthwhile};
use crate::tokens::PlaneSource;
use crate::turbopack::{Incompressible, Limits, Plane, strips};
use crate::types::WordOrder;

/// Variant of the stream: 16-bit tokens, or exponents or mantissas of type 133.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scheme {
    /// Rows and columns of a full tile.
    pub(crate) step: usize,
    /// Bits per token of the first row and column.
    pub(crate) width: u32,
    /// Bits of the width code of a tile.
    pub(crate) field: u32,
    /// Whether magnitudes of 15 and 16 bits share code 15, with 17 bits per difference: so it is for 16-bit tokens.
    pub(crate) joined: bool,
}

/// Tokens of the first row and column that are written between calls of [`make_room`](BitSink::make_room).
const RUN: usize = 512;

/// One row of tiles: see [`PlaneSource::differences`].
struct Band {
    /// Tokens of the row above.
    above: Vec<u32>,
    /// Scratch space, one row.
    steps: Vec<u32>,
    /// Second differences, row by row. The first column is not used.
    differences: Vec<i32>,
    /// For each column the OR of the magnitudes of its differences.
    magnitudes: Vec<u32>,
}

impl Band {
    /// Bits of the largest magnitude of the band.
    fn bits(&self) -> u32 {
        significant(&self.magnitudes)
    }
}

/// Append the stream of a plane of tokens, without header. After an error `out` holds a part of it.
pub(crate) fn encode(
    order: WordOrder,
    plane: Plane,
    scheme: Scheme,
    values: &dyn PlaneSource,
    limits: Limits,
    threads: Threads,
    out: &mut Vec<u8>,
) -> Result<(), Incompressible> {
    // Differences have 25 bits at most, width codes 5; a tile has one cell at least.
    let room = (plane.band_cells(scheme.step) * 30).max(RUN as u64 * 32);
    if worthwhile(threads, values.len(), SMALLEST) {
        let start = out.len();
        let mut writer = BitWriter::new(order, out, room);
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
    let mut writer = BitWriter::new(order, out, room);
    write_edges(&mut writer, plane, scheme, values);
    let (writer, _) = write_tiles(writer, plane, scheme, values, 0..values.len() - plane.ni, limits)?;
    writer.finish();
    Ok(())
}

/// Number of bits that [`encode`] would append. Nothing is written.
pub(crate) fn length(
    plane: Plane,
    scheme: Scheme,
    values: &dyn PlaneSource,
    limits: Limits,
) -> Result<u64, Incompressible> {
    let mut counter = BitCounter::default();
    write_edges(&mut counter, plane, scheme, values);
    let (counter, _) = write_tiles(counter, plane, scheme, values, 0..values.len() - plane.ni, limits)?;
    Ok(counter.len())
}

/// Write what comes before the tiles: the size of the width codes, the first row, the rest of the first column.
fn write_edges(writer: &mut impl BitSink, plane: Plane, scheme: Scheme, values: &dyn PlaneSource) {
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

/// Write the rows of tiles that hold the elements `part`, which count from row 1 on. Returns the writer and the largest
/// [`reach`](Scheme::reach) after a tile with differences.
///
/// The writer goes by value to the loop over a row of tiles, so that its fields stay in registers there.
#[inline(never)]
fn write_tiles<S: BitSink>(
    mut writer: S,
    plane: Plane,
    scheme: Scheme,
    values: &dyn PlaneSource,
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
            avx2_or_not!(tile_row::<true, S>; writer, scheme, differences, magnitudes, rows)
        } else {
            avx2_or_not!(tile_row::<false, S>; writer, scheme, differences, magnitudes, rows)
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
    /// Width code and bits per difference of a tile, from the bits of its largest magnitude.
    #[inline(always)]
    fn widths(self, bits: u32) -> (u32, u32) {
        if self.joined && matches!(bits, 15 | 16) { (15, 17) } else { (bits, bits + 1) }
    }

    /// Words of a stream of `length` bits if the longest possible tile followed, by the formula of section 8.5. 0 for 16-bit
    /// tokens, which have no such test.
    #[inline(always)]
    fn reach(self, length: u64, bits: u32) -> u64 {
        if self.joined { 0 } else { (length - 1) / 32 + 1 + u64::from((bits + 9 * self.width) / 32) }
    }
}

/// Bits of the largest of some magnitudes.
#[inline(always)]
fn significant(magnitudes: &[u32]) -> u32 {
    32 - magnitudes.iter().fold(0, |all, bits| all | bits).leading_zeros()
}

/// Write the tiles of a band of `rows` rows. Returns the writer and the largest [`reach`](Scheme::reach) after a tile with
/// differences.
#[inline(always)]
fn tile_row<const JOINED: bool, S: BitSink>(
    mut writer: S,
    scheme: Scheme,
    differences: &[i32],
    magnitudes: &[u32],
    rows: usize,
) -> (S, u64) {
    // A constant from here on, so that the loops are compiled for each value.
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

/// Write all full tiles, 3 x 3, of a band. Returns the largest reach.
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
        // Three differences in one number: for widths up to 21.
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

#[cfg(test)]
mod tests {
    use super::super::example::{STREAM, TOKENS};
    use super::*;
    use crate::example::rsf;
    use crate::tokens::MappedInput;

    #[test]
    fn a_tile_is_its_width_code_and_second_differences_of_that_width() {
        let plane = Plane { ni: 4, nj: 4 };
        let scheme = Scheme { step: 3, width: 4, field: 4, joined: true };
        let tokens = MappedInput(&TOKENS, u32::from);
        let limits = Limits { words: 2, guard: None };
        for (order, expected) in [(WordOrder::Big, STREAM.to_vec()), (WordOrder::Little, rsf(&STREAM))] {
            let mut out = Vec::new();
            encode(order, plane, scheme, &tokens, limits, Threads::One, &mut out).unwrap();
            assert_eq!(out, expected);
        }
        // 3 bits, 7 tokens of the first row and column, the code, 9 differences.
        assert_eq!(length(plane, scheme, &tokens, limits), Ok(3 + 7 * 4 + 4 + 9 * 3));
    }

    #[test]
    fn differences_of_17_bits_need_codes_of_5() {
        // 0 65535 / 65535 0: the second difference is -131070.
        let tokens = MappedInput(&[0_u16, 0xffff, 0xffff, 0], u32::from);
        let limits = Limits { words: 100, guard: None };
        let length = |field| {
            let scheme = Scheme { step: 3, width: 16, field, joined: true };
            length(Plane { ni: 2, nj: 2 }, scheme, &tokens, limits)
        };
        assert_eq!(length(4), Err(Incompressible::LongCode));
        assert_eq!(length(5), Ok(3 + 3 * 16 + 5 + 18));
    }
}
