//! The predictor SAMPLE (1): three nested grids, cubic interpolation and corrections (section 6.5 of the format's
//! description).
//!
//! The stream holds the tokens of the coarsest grid, then corrections for each finer one. Only files from before April 2006
//! have such streams, so this code is written for clarity, not speed.

use alloc::vec;
use alloc::vec::Vec;

use crate::bits::Words;
use crate::cast::low16;
use crate::error::DecodeError;
use crate::order::Order;
use crate::turbopack::parallelogram::Widths;
use crate::turbopack::{Header, Plane, header_error};

/// Distance of the nodes of a grid, and size of its tiles.
const STEP: usize = 3;
/// Least dimensions of the second coarsest grid: the interpolation needs so many points.
const SMALLEST: usize = 8;

/// Number of nodes of a line of `m` points: every third point and the last one.
fn coarse(m: usize) -> usize {
    m.div_ceil(STEP) + usize::from(!(m - 1).is_multiple_of(STEP))
}

impl Plane {
    fn coarse(self) -> Self {
        Self { ni: coarse(self.ni), nj: coarse(self.nj) }
    }

    fn len(self) -> usize {
        self.ni * self.nj
    }
}

/// Decode a stream to all tokens of the plane. Word 0 of `words` is the header.
pub(super) fn decode<O: Order>(words: Words<'_, O>, header: Header, plane: Plane) -> Result<Vec<u16>, DecodeError> {
    if header.step != STEP {
        return Err(header_error(words, "tile step", "3 with predictor 1", words.get(0)? >> 7 & 7));
    }
    let grids = [plane.coarse().coarse(), plane.coarse(), plane];
    if grids[0].ni < SMALLEST || grids[0].nj < SMALLEST {
        return Err(header_error(words, "predictor", "3 or 4 for a grid so small", header.predictor));
    }
    let stream = words.from(1)?;
    let mut coarser = grids[0].coarse();
    let width = header.width;
    let mut bit = 0;
    let end = coarser.len() as u64 * u64::from(width);
    stream.check_end("token", end)?;
    let mut nodes: Vec<i32> = Vec::with_capacity(coarser.len());
    while bit < end {
        nodes.push(stream.token(bit, width).cast_signed());
        bit += u64::from(width);
    }
    for (level, grid) in grids.into_iter().enumerate() {
        let mut differences = vec![0; grid.len()];
        bit = read_differences(stream, bit, grid, &mut differences)?;
        let mut fine = vec![0; grid.len()];
        set_nodes(&mut fine, grid, &nodes, coarser);
        interpolate(&mut fine, grid);
        let finest = level == grids.len() - 1;
        if !finest {
            set_nodes(&mut fine, grid, &nodes, coarser);
        }
        for (value, difference) in fine.iter_mut().zip(&differences) {
            *value += difference;
            if finest {
                *value = (*value).max(0);
            }
        }
        if finest {
            set_nodes(&mut fine, grid, &nodes, coarser);
        }
        nodes = fine;
        coarser = grid;
    }
    Ok(nodes.into_iter().map(|token| low16(token.cast_unsigned())).collect())
}

/// Read the corrections of one grid. The first element of each tile has none. Returns the bit where they end.
fn read_differences<O: Order>(
    words: Words<'_, O>,
    start: u64,
    grid: Plane,
    out: &mut [i32],
) -> Result<u64, DecodeError> {
    let field = words.token(start, 3);
    words.check_end("token", start + 3)?;
    if !matches!(field, 4 | 5) {
        return Err(DecodeError::Header {
            field: "size of the width codes",
            word: words.absolute_word(start / 32),
            expected: "4 or 5",
            found: u64::from(field),
        });
    }
    let mut bit = start + 3;
    for j in (0..grid.nj).step_by(STEP) {
        for i in (0..grid.ni).step_by(STEP) {
            let code = words.token(bit, field);
            let width = Widths::turbo_bits(code).ok_or(DecodeError::TileWidth {
                section: "token",
                bit: words.absolute(bit),
                limit: 17,
                found: u64::from(code),
            })?;
            bit += u64::from(field);
            if width == 0 {
                continue;
            }
            for row in j..grid.nj.min(j + STEP) {
                for column in i..grid.ni.min(i + STEP) {
                    if (row, column) != (j, i) {
                        let token = words.token(bit, width) << (32 - width);
                        out[row * grid.ni + column] = token.cast_signed() >> (32 - width);
                        bit += u64::from(width);
                    }
                }
            }
        }
        words.check_end("token", bit)?;
    }
    Ok(bit)
}

/// Positions of the nodes of a line of `m` points.
fn node_positions(m: usize) -> impl Iterator<Item = usize> + Clone {
    (0..coarse(m)).map(move |node| (node * STEP).min(m - 1))
}

/// Copy the values of the coarser grid to the nodes of the finer one.
fn set_nodes(fine: &mut [i32], grid: Plane, nodes: &[i32], coarser: Plane) {
    for (row, j) in nodes.chunks_exact(coarser.ni).zip(node_positions(grid.nj)) {
        for (&node, i) in row.iter().zip(node_positions(grid.ni)) {
            fine[j * grid.ni + i] = node;
        }
    }
}

/// Interpolate between the nodes: along i on the rows that hold nodes, then along j in all columns.
fn interpolate(z: &mut [i32], grid: Plane) {
    for j in node_positions(grid.nj) {
        interpolate_line(&mut z[j * grid.ni..], 1, grid.ni);
    }
    for i in 0..grid.ni {
        interpolate_line(&mut z[i..], grid.ni, grid.nj);
    }
}

/// Interpolate a line of `m` points (8 or more), `z[0], z[stride], ..`, by cubic polynomials through four nodes. The
/// arithmetic is exact; only the result is rounded.
fn interpolate_line(z: &mut [i32], stride: usize, m: usize) {
    // Positions count from 1, as in the description of the format.
    let at = |p: usize| (p - 1) * stride;
    let odd = (m - 1) % STEP;
    let (last, limit) = match odd {
        0 => (m - 3, m - 6),
        1 => (m - 4, m - 4),
        _ => (m - 5, m - 5),
    };
    for p in (1..=last).step_by(STEP) {
        let r = limit.min(p.max(4));
        let [z1, z2, z3, z4] = [z[at(r - 3)], z[at(r)], z[at(r + 3)], z[at(m.min(r + 6))]].map(i64::from);
        // Position of p relative to r: -3 at the start, 3 at the end, else 0.
        let relative = if p < r { -3 } else { i64::from(p > r) * 3 };
        for (q, t) in [(p + 1, relative + 1), (p + 2, relative + 2)] {
            let n = 1944 * z2
                + t * (6 * t * (2 * t * ((z4 - z1) + 3 * (z2 - z3)) + 18 * (z1 + z3 - 2 * z2))
                    + 108 * (6 * z3 - z4 - 3 * z2 - 2 * z1));
            z[at(q)] = round_div(n, 1944);
        }
    }
    if odd == 2 {
        z[at(m - 1)] = round_div(i64::from(z[at(m)]) + i64::from(z[at(m - 2)]), 2);
    }
}

/// Nearest integer to `n / d`, halves away from zero. Interpolated tokens fit in 32 bits by far.
fn round_div(n: i64, d: i64) -> i32 {
    let magnitude = (n.abs() + d / 2) / d;
    i32::try_from(magnitude * n.signum()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::{BitSink, BitWriter};
    use crate::options::Threads;
    use crate::order::Big;
    use crate::turbopack::collected::Collected;
    use crate::types::WordOrder;

    /// Section 6.5 of docs/format/codecs.md. The smallest grid has 56 x 56 points, whose shortest stream has 55 words: too
    /// long for a literal, so it is put together here.
    #[test]
    fn tokens_are_interpolated_between_nodes_and_corrected() {
        // Grids of 56, 20 and 8 points a side, and 4 x 4 nodes.
        assert_eq!([56, 20, 8].map(coarse), [20, 8, 4]);
        let mut bytes = vec![0, 0, 0, 0];
        let mut stream = BitWriter::new(WordOrder::Big, &mut bytes, 4096);
        // All nodes are 5: with them alone all tokens would be.
        (0..16).for_each(|_| stream.put(5, 4));
        for (side, first_tile) in [(8_usize, 0), (20, 0), (56, 1)] {
            stream.put(4, 3); // width codes of 4 bits
            stream.put(first_tile, 4);
            if first_tile == 1 {
                // Differences of two bits: +1 for all elements of the tile but the first, which is a node.
                (0..8).for_each(|_| stream.put(1, 2));
            }
            (1..side.div_ceil(3).pow(2)).for_each(|_| stream.put(0, 4));
        }
        stream.finish();
        // Predictor 1, step 3, width 4, three levels.
        bytes[..4].copy_from_slice(&(1_u32 | 3 << 7 | 4 << 10 | 3 << 15).to_be_bytes());
        let plane = Plane { ni: 56, nj: 56 };
        let mut out = Collected::default();
        crate::turbopack::decode(Words::<Big>::new(&bytes), plane, 56 * 56, Threads::One, &mut out).unwrap();
        let corrected = |i, j| i < 3 && j < 3 && (i, j) != (0, 0);
        let expected: Vec<u16> =
            (0..56).flat_map(|j| (0..56).map(move |i| if corrected(i, j) { 6 } else { 5 })).collect();
        assert_eq!(out.0, expected);
    }

    #[test]
    fn lines_are_cubic_between_their_nodes() {
        // The four nodes hold the cubes of 0, 3, 6 and 9; the points between them become those of the other numbers.
        let mut line = [0, 0, 0, 27, 0, 0, 216, 0, 0, 729];
        interpolate_line(&mut line, 1, 10);
        assert_eq!(line, [0, 1, 8, 27, 64, 125, 216, 343, 512, 729]);
    }
}
