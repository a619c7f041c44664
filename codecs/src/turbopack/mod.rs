//! Second-stage compression of 16-bit tokens (types 129, 130 and 134).
//!
//! The stream codes a plane of tokens tile by tile. Each method decodes one row of tiles at a time into a small band of
//! 16-bit rows, which stays in the first-level cache; the mapping to the caller's element type is the last pass over the
//! band. Nothing as large as the field is allocated, except by the old SAMPLE method.

mod encode;
pub(crate) mod minimum;
pub(crate) mod parallelogram;
mod sample;

use alloc::vec;

use crate::bits::{Order, Words};
use crate::error::DecodeError;
use crate::packed::Threads;
use crate::simd::wide;
pub(crate) use encode::{Incompressible, encode};
use minimum::Minimum;
use parallelogram::{Lorenzo, Widths, accumulate};

/// Dimensions of the plane; neither is zero and the product is the length of the output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    pub(crate) ni: usize,
    pub(crate) nj: usize,
}

impl Plane {
    /// Elements of a row of tiles, with which machines of 32 bits reckon as well.
    fn band_cells(self, step: usize) -> u64 {
        self.ni as u64 * step.min(self.nj) as u64
    }
}

/// The word in front of every compressed stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub(crate) predictor: u32,
    pub(crate) step: usize,
    /// Token width, not checked.
    pub(crate) width: u32,
}

impl Header {
    pub(crate) fn parse<O: Order>(words: Words<'_, O>) -> Result<Self, DecodeError> {
        let word = words.get(0)?;
        let step = (word >> 7) & 7;
        if step == 0 {
            return Err(header_error(words, "tile step", "1 to 7", step));
        }
        Ok(Self { predictor: word & 0xF, step: step as usize, width: (word >> 10) & 0x1F })
    }
}

/// An error about the header in word 0 of `words`.
pub(crate) fn header_error<O: Order>(
    words: Words<'_, O>,
    field: &'static str,
    expected: &'static str,
    found: u32,
) -> DecodeError {
    DecodeError::Header { field, word: words.absolute_word(0), expected, found: u64::from(found) }
}

/// Decode the plane whose stream header is word 0 of `words`.
pub(crate) fn decode<O: Order, T: Send>(
    words: Words<'_, O>,
    plane: Plane,
    out: &mut [T],
    threads: Threads,
    map: impl Fn(u16) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    let header = Header::parse(words)?;
    if !(1..=16).contains(&header.width) {
        return Err(header_error(words, "token width", "1 to 16", header.width));
    }
    let stream = words.from(1)?;
    #[cfg(not(feature = "rayon"))]
    let _ = threads;
    match header.predictor {
        1 => sample::decode(words, header, plane, out, map),
        3 => {
            let tiles = Minimum::new(stream, plane, header);
            #[cfg(feature = "rayon")]
            if crate::parallel::worthwhile(threads, out.len()) {
                return crate::parallel::minimum(&tiles, out, map);
            }
            decode_minimum(&tiles, 0, out, map)
        }
        4 => {
            let tiles = Lorenzo::new(stream, "token", plane, header, Widths::turbo)?;
            #[cfg(feature = "rayon")]
            if crate::parallel::worthwhile(threads, out.len()) {
                return crate::parallel::parallelogram(&tiles, out, map);
            }
            let tiles = &tiles;
            wide!(parallelogram_rows; tiles, out, map)
        }
        other => Err(header_error(words, "predictor", "1, 3 or 4", other)),
    }
}

/// Decode the rows of tiles from `bit` on that fill `out`.
pub(crate) fn decode_minimum<O: Order, T>(
    tiles: &Minimum<'_, O>,
    bit: u64,
    out: &mut [T],
    map: impl Fn(u16) -> T + Copy,
) -> Result<(), DecodeError> {
    wide!(minimum_rows; tiles, bit, out, map)
}

#[inline(always)]
fn minimum_rows<O: Order, T>(
    tiles: &Minimum<'_, O>,
    bit: u64,
    out: &mut [T],
    map: impl Fn(u16) -> T + Copy,
) -> Result<(), DecodeError> {
    let mut band = vec![0; tiles.band_len()];
    let mut bit = bit;
    for rows in out.chunks_mut(band.len()) {
        let band = &mut band[..rows.len()];
        bit = tiles.tile_row(bit, band)?;
        for (value, &token) in rows.iter_mut().zip(&*band) {
            *value = map(token);
        }
    }
    Ok(())
}

#[inline(always)]
fn parallelogram_rows<O: Order, T>(
    tiles: &Lorenzo<'_, O>,
    out: &mut [T],
    map: impl Fn(u16) -> T + Copy,
) -> Result<(), DecodeError> {
    let (first, rest) = out.split_at_mut(tiles.plane.ni);
    let mut above = vec![0_u16; tiles.plane.ni];
    let mut band = vec![0_u16; tiles.band_len()];
    tiles.first_row(&mut above);
    for (value, &token) in first.iter_mut().zip(&above) {
        *value = map(token);
    }
    let mut bit = tiles.first_tile();
    let mut j = 1;
    for rows in rest.chunks_mut(band.len()) {
        let band = &mut band[..rows.len()];
        bit = tiles.tile_row(bit, j, band)?;
        accumulate(&mut above, band, rows, map);
        j += tiles.step;
    }
    Ok(())
}
