//! Decoding of PARALLELOGRAM tiles to rows, as differences from the row above.

use super::Widths;
use crate::bits::{STAGE, Words};
use crate::cast::{index, low32};
use crate::error::DecodeError;
use crate::kernels::Tiles;
use crate::order::Order;
use crate::turbopack::{Header, Plane};

/// A stream of PARALLELOGRAM tiles, decoded row of tiles by row of tiles.
pub(crate) struct Lorenzo<'a, O> {
    words: Words<'a, O>,
    /// Name of the stream in errors.
    section: &'static str,
    plane: Plane,
    /// Size of a full tile in both directions.
    step: usize,
    /// Bits per token of the first row and column.
    width: u32,
    widths: Widths,
    /// Row of the plane that is decoded next.
    next_row: usize,
    /// Where the next tile starts. Tiles follow the first row and the rest of the first column.
    bit: u64,
}

impl<'a, O: Order> Lorenzo<'a, O> {
    /// Read the start of a stream. `widths` returns the table for a size of the width codes, `None` if that size is not allowed.
    pub(crate) fn new(
        words: Words<'a, O>,
        section: &'static str,
        plane: Plane,
        header: Header,
        widths: impl Fn(u32) -> Option<Widths>,
    ) -> Result<Self, DecodeError> {
        let field = words.token(0, 3);
        let widths = widths(field).ok_or_else(|| DecodeError::Header {
            field: "size of the width codes",
            word: words.absolute_word(0),
            expected: "4 or 5 (type 133: 4 for exponents, 5 for mantissas)",
            found: u64::from(field),
        })?;
        let Header { step, width, .. } = header;
        let bit = 3 + (plane.ni as u64 + plane.nj as u64 - 1) * u64::from(width);
        words.check_end(section, bit)?;
        Ok(Self { words, section, plane, step, width, widths, next_row: 0, bit })
    }

    /// Decode the next rows as differences from the row above, already summed up along i: row 0 alone at the first call, whole
    /// rows of tiles later.
    #[inline(always)]
    pub(crate) fn rows(&mut self, out: &mut [u32]) -> Result<(), DecodeError> {
        if self.next_row == 0 {
            for (value, i) in out.iter_mut().zip(0..) {
                *value = self.words.token(3 + i * u64::from(self.width), self.width);
            }
            self.next_row = 1;
            return Ok(());
        }
        for band in out.chunks_mut(self.plane.band(self.step)) {
            self.bit = self.tile_row(self.bit, self.next_row, band)?;
            self.next_row += band.len() / self.plane.ni;
        }
        Ok(())
    }

    /// Token in column 0 of row `j`.
    fn column(&self, j: usize) -> u32 {
        let position = if j == 0 { 0 } else { self.plane.ni as u64 + j as u64 - 1 };
        self.words.token(3 + position * u64::from(self.width), self.width)
    }

    /// Decode the row of tiles that starts at `bit` and at row `j` (1 or more) into `band`: as differences from the row above,
    /// already summed up along i. Returns the bit where it ends.
    #[inline(always)]
    fn tile_row(&self, bit: u64, j: usize, band: &mut [u32]) -> Result<u64, DecodeError> {
        let ni = self.plane.ni;
        let mut above = self.column(j - 1);
        for (row, j) in band.chunks_exact_mut(ni).zip(j..) {
            let column = self.column(j);
            row[0] = column.wrapping_sub(above);
            above = column;
        }
        let mut bit = bit;
        let mut i = 1;
        if self.step == 3 && band.len() == 3 * ni {
            bit = self.full_tiles(bit, band)?;
            i += (ni - 1) / 3 * 3;
        }
        while i < ni {
            let end = ni.min(i + self.step);
            bit = self.any_tile(bit, band, i, end)?;
            i = end;
        }
        self.words.check_end(self.section, bit)?;
        Ok(bit)
    }

    /// Decode all full tiles, 3 x 3, of a row of tiles. Returns the bit where they end.
    #[inline(always)]
    fn full_tiles(&self, bit: u64, band: &mut [u32]) -> Result<u64, DecodeError> {
        /// Tiles whose bits fit into one [stage](Words::stage).
        const TOGETHER: usize = 64;
        let ni = self.plane.ni;
        let (row0, rest) = band.split_at_mut(ni);
        let (row1, row2) = rest.split_at_mut(ni);
        let mut sums = [row0[0], row1[0], row2[0]];
        let Widths { field, bits: widths, tiles: lengths, .. } = &self.widths;
        let field = *field;
        let mut copy = [0; STAGE];
        let mut bit = bit;
        for i in (1..ni.saturating_sub(2)).step_by(3 * TOGETHER) {
            let count = ((ni - i) / 3).min(TOGETHER);
            let length = (31 + count * Tiles::LONGEST) / 8 + Tiles::REACH;
            let stream = self.words.stage(bit, length, &mut copy);
            let rows = [&mut *row0, &mut *row1, &mut *row2];
            let (first, columns) = (index(bit & 31), i..i + 3 * count);
            let mut tiles = Tiles { stream, bit: first, field, widths, lengths, rows, columns, sums };
            let valid = tiles.unpack();
            bit += (tiles.bit - first) as u64;
            if !valid {
                return Err(self.width_error(bit, self.words.window(bit) >> (64 - field)));
            }
            sums = tiles.sums;
        }
        Ok(bit)
    }

    /// Decode a tile of any size: columns `i` to `end` of all rows of the band. Returns the bit where it ends.
    fn any_tile(&self, bit: u64, band: &mut [u32], i: usize, end: usize) -> Result<u64, DecodeError> {
        let width = self.tile_width(bit)?;
        let mut bit = bit + u64::from(self.widths.field);
        for row in band.chunks_exact_mut(self.plane.ni) {
            let mut sum = row[i - 1];
            for value in &mut row[i..end] {
                if width > 0 {
                    let window = self.words.window(bit).cast_signed();
                    sum = sum.wrapping_add(low32((window >> (64 - width)).cast_unsigned()));
                    bit += u64::from(width);
                }
                *value = sum;
            }
        }
        Ok(bit)
    }

    /// Bits per difference of the tile at `bit`.
    #[inline(always)]
    fn tile_width(&self, bit: u64) -> Result<u32, DecodeError> {
        let code = self.words.window(bit) >> (64 - self.widths.field);
        let width = self.widths.bits[index(code) & 31];
        if width == Widths::INVALID {
            return Err(self.width_error(bit, code));
        }
        Ok(u32::from(width))
    }

    #[cold]
    #[inline(never)]
    fn width_error(&self, bit: u64, found: u64) -> DecodeError {
        DecodeError::TileWidth {
            section: self.section,
            bit: self.words.absolute(bit),
            limit: u64::from(self.widths.limit),
            found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::STREAM;
    use super::*;
    use crate::example::rsf;
    use crate::order::{Big, Little};

    fn check<O: Order>(stream: &[u8]) {
        let (plane, header) = (Plane { ni: 4, nj: 4 }, Header { predictor: 4, step: 3, width: 4 });
        let mut tiles = Lorenzo::new(Words::<O>::new(stream), "token", plane, header, Widths::turbo).unwrap();
        // Row 0 comes first, alone, and as it is.
        let mut first = [0; 4];
        tiles.rows(&mut first).unwrap();
        assert_eq!(first, [0, 1, 2, 3]);
        let mut rows = [0; 12];
        tiles.rows(&mut rows).unwrap();
        let rows = rows.map(u32::cast_signed);
        // Every row is two above the one before it, but for the token that is three too large.
        assert_eq!(rows, [2, 2, 2, 2, 2, 2, 5, 2, 2, 2, -1, 2]);
    }

    #[test]
    fn rows_come_as_differences_from_the_row_above() {
        check::<Big>(&STREAM);
        check::<Little>(&rsf(&STREAM));
    }

    #[test]
    fn the_size_of_the_codes_is_4_or_5() {
        let (plane, header) = (Plane { ni: 2, nj: 2 }, Header { predictor: 4, step: 3, width: 4 });
        // 110: codes of 6 bits
        let tiles = Lorenzo::new(Words::<Big>::new(&[0xc0, 0, 0, 0]), "token", plane, header, Widths::turbo);
        assert!(matches!(tiles, Err(DecodeError::Header { found: 6, .. })));
    }
}
