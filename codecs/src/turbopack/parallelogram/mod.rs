//! The parallelogram (Lorenzo) predictor: method 4 of the 16-bit streams, and the exponents and mantissas of type 133.
//!
//! Tokens are stored as second differences `d[j][i] = f[j][i] - f[j-1][i] - f[j][i-1] + f[j-1][i-1]`, so the plane is their
//! two-dimensional prefix sum in wrapping arithmetic: `f[j] = f[j-1] + scan(d[j])`. The sums along a row are taken while the
//! tiles are unpacked (three independent chains of additions hide in the latency of the bit positions); what is left is
//! one vector addition per row, [`accumulate`].

mod encode;
mod tiles;

use crate::bits::{Order, STAGE, Words, index, low32};
use crate::error::DecodeError;
use crate::turbopack::{Header, Plane};
pub(crate) use encode::{Limits, Scheme, encode, length};
pub(crate) use tiles::Tiles;

/// What the width code in front of a tile means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Widths {
    /// Bits of the code itself, 1 to 5.
    field: u32,
    /// Largest code allowed.
    limit: u32,
    /// Bits per difference for each code; [`INVALID`](Self::INVALID) beyond the limit.
    bits: [u8; 32],
    /// Bits of a tile of 3 by 3 and its code.
    tiles: [u8; 32],
}

impl Widths {
    const INVALID: u8 = u8::MAX;

    /// Codes of the 16-bit streams: `k` stands for `k + 1` bits, but 15 means 17, as does 16.
    pub(crate) fn turbo(field: u32) -> Option<Self> {
        let mut widths = Self::direct(field, 17);
        widths.set(15, 17);
        matches!(field, 4 | 5).then_some(widths)
    }

    /// Bits per difference for a code of the 16-bit streams, `None` if there is no such code.
    pub(crate) fn turbo_bits(code: u32) -> Option<u32> {
        match code {
            0 => Some(0),
            15 => Some(17),
            1..=17 => Some(code + 1),
            _ => None,
        }
    }

    /// Codes of type 133: `k` stands for `k + 1` bits.
    pub(crate) fn direct(field: u32, limit: u32) -> Self {
        let mut widths = Self { field, limit, bits: [Self::INVALID; 32], tiles: [0; 32] };
        widths.set(0, 0);
        for code in 1..=limit.min(31) {
            widths.set(code as usize, code + 1);
        }
        widths
    }

    fn set(&mut self, code: usize, bits: u32) {
        // At most 5 + 9 * 25.
        let byte = |bits: u32| u8::try_from(bits).unwrap_or(Self::INVALID);
        self.bits[code] = byte(bits);
        self.tiles[code] = byte(self.field + 9 * bits);
    }
}

/// A plane of differences in a stream.
pub(crate) struct Lorenzo<'a, O> {
    words: Words<'a, O>,
    section: &'static str,
    plane: Plane,
    /// Size of a full tile in both directions.
    step: usize,
    /// Bits per token of the first row and column.
    width: u32,
    widths: Widths,
    next_row: usize,
    /// Where the next tile starts, after the first row and the rest of the first column.
    bit: u64,
}

impl<'a, O: Order> Lorenzo<'a, O> {
    /// Read the start of a stream. `widths` gives the meaning of the codes for the size of the code, if it may be.
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

    /// The next rows as differences from the row above, already summed up along i: row 0 alone, or whole rows of tiles.
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

    /// Element 0 of row `j`.
    fn column(&self, j: usize) -> u32 {
        let position = if j == 0 { 0 } else { self.plane.ni as u64 + j as u64 - 1 };
        self.words.token(3 + position * u64::from(self.width), self.width)
    }

    /// Decode the row of tiles that starts at `bit` and at row `j` of the plane (not 0). `band` holds its whole rows and
    /// receives their differences from row `j - 1` or the row above, already summed up along i. Returns the end.
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

    /// All tiles of 3 x 3 of a row of tiles.
    #[inline(always)]
    fn full_tiles(&self, bit: u64, band: &mut [u32]) -> Result<u64, DecodeError> {
        /// Tiles of which a [stage](Words::stage) holds the bits.
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

    /// A tile of any size: columns `i` to `end` of all rows of the band.
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

/// Add the rows of a band, one after the other, to the row above them, and map each sum to the output.
#[inline(always)]
pub(crate) fn accumulate<T>(above: &mut [u32], band: &[u32], out: &mut [T], map: impl Fn(u32) -> T) {
    for (row, out) in band.chunks_exact(above.len()).zip(out.chunks_exact_mut(above.len())) {
        for ((above, &difference), value) in above.iter_mut().zip(row).zip(out) {
            *above = above.wrapping_add(difference);
            *value = map(*above);
        }
    }
}
