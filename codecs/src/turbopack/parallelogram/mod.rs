//! The parallelogram (Lorenzo) predictor: method 4 of the 16-bit streams, and the exponents and mantissas of type 133.
//!
//! Tokens are stored as second differences `d[j][i] = f[j][i] - f[j-1][i] - f[j][i-1] + f[j-1][i-1]`, so the plane is their
//! two-dimensional prefix sum in wrapping arithmetic: `f[j] = f[j-1] + scan(d[j])`. The sums along a row are taken while the
//! tiles are unpacked (three independent chains of additions hide in the latency of the bit positions); what is left is
//! one vector addition per row, [`accumulate`].

mod encode;

use crate::bits::{NEAR, Order, Words, index, low16, low32};
use crate::error::DecodeError;
use crate::turbopack::{Header, Plane};
pub(crate) use encode::{Limits, Scheme, encode, length};

/// Integers in which the plane is summed up, modulo their range.
pub(crate) trait Lane: Copy + Default + Send + Sync + 'static {
    /// The low bits.
    fn low(value: u64) -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
}

impl Lane for u16 {
    #[inline(always)]
    fn low(value: u64) -> Self {
        low16(low32(value))
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
}

impl Lane for u32 {
    #[inline(always)]
    fn low(value: u64) -> Self {
        low32(value)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
}

/// What the width code in front of a tile means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Widths {
    /// Bits of the code itself, 1 to 5.
    field: u32,
    /// Largest code allowed.
    limit: u32,
    /// Bits per difference for each code; [`INVALID`](Self::INVALID) beyond the limit.
    bits: [u8; 32],
}

impl Widths {
    const INVALID: u8 = u8::MAX;

    /// Codes of the 16-bit streams: `k` stands for `k + 1` bits, but 15 means 17, as does 16.
    pub(crate) fn turbo(field: u32) -> Option<Self> {
        let mut widths = Self::direct(field, 17);
        widths.bits[15] = 17;
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
        let mut bits = [Self::INVALID; 32];
        bits[0] = 0;
        for (code, bits) in (1..).zip(&mut bits[1..]).take(limit as usize) {
            *bits = code + 1;
        }
        Self { field, limit, bits }
    }
}

/// A plane of differences in a stream.
pub(crate) struct Lorenzo<'a, O> {
    words: Words<'a, O>,
    section: &'static str,
    pub(crate) plane: Plane,
    /// Size of a full tile in both directions.
    pub(crate) step: usize,
    /// Bits per token of the first row and column.
    width: u32,
    widths: Widths,
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
        let lorenzo = Self { words, section, plane, step: header.step, width: header.width, widths };
        words.check_end(section, lorenzo.first_tile())?;
        Ok(lorenzo)
    }

    /// Bit where the tiles start, after the first row and the rest of the first column.
    pub(crate) fn first_tile(&self) -> u64 {
        3 + (self.plane.ni as u64 + self.plane.nj as u64 - 1) * u64::from(self.width)
    }

    /// Elements of a band, the rows of one row of tiles.
    pub(crate) fn band_len(&self) -> usize {
        self.plane.ni * self.step.min(self.plane.nj)
    }

    /// Row 0 of the plane.
    pub(crate) fn first_row<L: Lane>(&self, row: &mut [L]) {
        for (value, i) in row.iter_mut().zip(0..) {
            *value = L::low(u64::from(self.words.token(3 + i * u64::from(self.width), self.width)));
        }
    }

    /// Element 0 of row `j`.
    fn column<L: Lane>(&self, j: usize) -> L {
        let position = if j == 0 { 0 } else { self.plane.ni as u64 + j as u64 - 1 };
        L::low(u64::from(self.words.token(3 + position * u64::from(self.width), self.width)))
    }

    /// Decode the row of tiles that starts at `bit` and at row `j` of the plane (not 0). `band` holds its whole rows and
    /// receives their differences from row `j - 1` or the row above, already summed up along i. Returns the end.
    #[inline(always)]
    pub(crate) fn tile_row<L: Lane>(&self, bit: u64, j: usize, band: &mut [L]) -> Result<u64, DecodeError> {
        let ni = self.plane.ni;
        let mut above = self.column::<L>(j - 1);
        for (row, j) in band.chunks_exact_mut(ni).zip(j..) {
            let column = self.column::<L>(j);
            row[0] = column.minus(above);
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

    /// All tiles of 3 x 3 of a row of tiles, in lockstep over the three rows.
    #[inline(always)]
    fn full_tiles<L: Lane>(&self, bit: u64, band: &mut [L]) -> Result<u64, DecodeError> {
        let ni = self.plane.ni;
        let (row0, rest) = band.split_at_mut(ni);
        let (row1, row2) = rest.split_at_mut(ni);
        let mut sums = [row0[0], row1[0], row2[0]];
        let (tiles0, tiles1, tiles2) =
            (row0[1..].as_chunks_mut::<3>().0, row1[1..].as_chunks_mut::<3>().0, row2[1..].as_chunks_mut::<3>().0);
        let words = self.words;
        let field = self.widths.field;
        let mut bit = bit;
        let mut padding = [0; NEAR];
        for ((tile0, tile1), tile2) in tiles0.iter_mut().zip(tiles1).zip(tiles2) {
            let near = words.near(bit, &mut padding);
            // From here on positions count from the start of this word; they stay below 31 + 5 + 9 * 25.
            let here = low32(bit & 31);
            let code = near.window(here) >> (64 - field);
            let width = self.widths.bits[index(code) & 31];
            if width == Widths::INVALID {
                return Err(self.width_error(bit, code));
            }
            let width = u32::from(width);
            let line = 3 * width;
            let mut at = here + field;
            bit += u64::from(field + 3 * line);
            if width <= 11 {
                // A line of three differences fits in one window. A width of zero reads one bit, masked out.
                let mask = if width == 0 { 0 } else { u64::MAX };
                let down = 64 - width.max(1);
                for (tile, sum) in [tile0, tile1, tile2].into_iter().zip(&mut sums) {
                    let window = near.window(at) & mask;
                    at += line;
                    *sum = sum.plus(L::low((window.cast_signed() >> down).cast_unsigned()));
                    tile[0] = *sum;
                    *sum = sum.plus(L::low(((window << width).cast_signed() >> down).cast_unsigned()));
                    tile[1] = *sum;
                    *sum = sum.plus(L::low(((window << (2 * width)).cast_signed() >> down).cast_unsigned()));
                    tile[2] = *sum;
                }
            } else {
                let down = 64 - width;
                for (tile, sum) in [tile0, tile1, tile2].into_iter().zip(&mut sums) {
                    for value in tile {
                        *sum = sum.plus(L::low((near.window(at).cast_signed() >> down).cast_unsigned()));
                        *value = *sum;
                        at += width;
                    }
                }
            }
        }
        Ok(bit)
    }

    /// A tile of any size: columns `i` to `end` of all rows of the band.
    fn any_tile<L: Lane>(&self, bit: u64, band: &mut [L], i: usize, end: usize) -> Result<u64, DecodeError> {
        let width = self.tile_width(bit)?;
        let mut bit = bit + u64::from(self.widths.field);
        for row in band.chunks_exact_mut(self.plane.ni) {
            let mut sum = row[i - 1];
            for value in &mut row[i..end] {
                if width > 0 {
                    let window = self.words.window(bit).cast_signed();
                    sum = sum.plus(L::low((window >> (64 - width)).cast_unsigned()));
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

    /// Where the row of tiles of `rows` rows that starts at `bit` ends, reading the width codes only.
    #[cfg(feature = "rayon")]
    pub(crate) fn skip_tile_row(&self, bit: u64, rows: usize) -> Result<u64, DecodeError> {
        let columns = self.plane.ni - 1;
        let mut bit = bit;
        let full = (self.step * rows) as u64;
        for _ in 0..columns / self.step {
            bit += u64::from(self.widths.field) + full * u64::from(self.tile_width(bit)?);
        }
        let rest = columns % self.step;
        if rest > 0 {
            bit += u64::from(self.widths.field) + (rest * rows) as u64 * u64::from(self.tile_width(bit)?);
        }
        self.words.check_end(self.section, bit)?;
        Ok(bit)
    }
}

/// Add the rows of a band, one after the other, to the row above them, and map each sum to the output.
#[inline(always)]
pub(crate) fn accumulate<L: Lane, T>(above: &mut [L], band: &[L], out: &mut [T], map: impl Fn(L) -> T) {
    for (row, out) in band.chunks_exact(above.len()).zip(out.chunks_exact_mut(above.len())) {
        for ((above, &difference), value) in above.iter_mut().zip(row).zip(out) {
            *above = above.plus(difference);
            *value = map(*above);
        }
    }
}
