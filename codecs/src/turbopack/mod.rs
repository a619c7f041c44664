//! Second-stage compression of 16-bit tokens (types 129, 130 and 134).
//!
//! The stream codes a plane of tokens tile by tile. Each method decodes one row of tiles at a time into a small band, which
//! stays in the first-level cache; the mapping to the caller's element type is the last pass over the band. Nothing as large
//! as the field is allocated, except by the old SAMPLE method.

mod encode;
pub(crate) mod minimum;
pub(crate) mod parallelogram;
mod sample;
#[cfg(feature = "rayon")]
mod strips;

use alloc::vec;
use alloc::vec::Vec;

use crate::bits::{Order, Words};
use crate::error::DecodeError;
use crate::packed::Threads;
use crate::simd::wide;
use crate::tokens::Sink;
pub(crate) use encode::{Incompressible, encode};
use minimum::Minimum;
use parallelogram::{Lorenzo, Widths};

/// Dimensions of the plane; neither is zero and the product is the length of the output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    pub(crate) ni: usize,
    pub(crate) nj: usize,
}

impl Plane {
    /// Elements of a row of tiles of so many rows; the plane may have less.
    pub(crate) fn band(self, step: usize) -> usize {
        self.ni * step.min(self.nj)
    }

    /// The same, for products of it on machines of 32 bits.
    fn band_cells(self, step: usize) -> u64 {
        self.band(step) as u64
    }
}

/// Below that, handing what is unpacked to another thread takes as long as the rest.
const SMALLEST: usize = 1 << 23;

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

/// What is unpacked of some rows.
#[derive(Default)]
pub(crate) struct Band {
    pub(crate) tokens: Vec<u16>,
    /// Differences from the row above.
    pub(crate) differences: Vec<u32>,
    pub(crate) signs: Vec<u32>,
}

/// Decode the plane of `n` tokens whose stream header is word 0 of `words`.
pub(crate) fn decode<O: Order>(
    words: Words<'_, O>,
    plane: Plane,
    n: usize,
    threads: Threads,
    sink: &mut dyn Sink,
) -> Result<(), DecodeError> {
    let header = Header::parse(words)?;
    if !(1..=16).contains(&header.width) {
        return Err(header_error(words, "token width", "1 to 16", header.width));
    }
    let stream = words.from(1)?;
    match header.predictor {
        1 => {
            sink.tokens(&sample::decode(words, header, plane)?);
            Ok(())
        }
        3 => {
            let mut tiles = Minimum::new(stream, plane, header);
            let steps = Steps { threads, smallest: SMALLEST, first: 0, band: plane.band(header.step) };
            steps.decode(
                n,
                &mut |band, n| {
                    band.tokens.resize(n, 0);
                    let (tiles, band) = (&mut tiles, band.tokens.as_mut_slice());
                    wide!(Minimum::rows; tiles, band)
                },
                &mut |band| {
                    sink.tokens(&band.tokens);
                    Ok(())
                },
            )
        }
        4 => {
            let mut tiles = Lorenzo::new(stream, "token", plane, header, Widths::turbo)?;
            let mut above = vec![0; plane.ni];
            let steps = Steps { threads, smallest: SMALLEST, first: plane.ni, band: plane.band(header.step) };
            steps.decode(
                n,
                &mut |band, n| {
                    band.differences.resize(n, 0);
                    lorenzo_rows(&mut tiles, &mut band.differences)
                },
                &mut |band| {
                    sink.differences(&mut above, &band.differences);
                    Ok(())
                },
            )
        }
        other => Err(header_error(words, "predictor", "1, 3 or 4", other)),
    }
}

/// One copy for each byte order.
#[inline(never)]
pub(crate) fn lorenzo_rows<O: Order>(tiles: &mut Lorenzo<'_, O>, out: &mut [u32]) -> Result<(), DecodeError> {
    wide!(Lorenzo::rows; tiles, out)
}

/// Elements of narrow rows of tiles that are decoded together: they stay in the first-level cache.
const CACHED: usize = 1 << 12;

/// In which parts a plane is decoded.
pub(crate) struct Steps {
    pub(crate) threads: Threads,
    /// Elements from which on several threads are quicker.
    pub(crate) smallest: usize,
    /// Elements that come before the first row of tiles.
    pub(crate) first: usize,
    /// Elements of a row of tiles.
    pub(crate) band: usize,
}

impl Steps {
    /// Decode a plane: `fill` unpacks each part, of which it is told the length, into a buffer, and `finish` makes values of
    /// it. The parts are whole rows of tiles, which stay in the caches; on several threads they are larger.
    pub(crate) fn decode(
        self,
        n: usize,
        fill: &mut (dyn FnMut(&mut Band, usize) -> Result<(), DecodeError> + Send),
        finish: &mut (dyn FnMut(&mut Band) -> Result<(), DecodeError> + Send),
    ) -> Result<(), DecodeError> {
        let Self { threads, smallest, first, band } = self;
        let lengths = |block: usize| {
            let rest = n - first;
            let whole = core::iter::repeat_n(block, rest / block);
            core::iter::once(first).chain(whole).chain((rest % block > 0).then_some(rest % block))
        };
        #[cfg(feature = "rayon")]
        if crate::parallel::worthwhile(threads, n, smallest) {
            let block = (crate::parallel::BLOCK / band).max(1) * band;
            return crate::parallel::in_turns(lengths(block).collect(), fill, finish);
        }
        let _ = (threads, smallest);
        let mut buffer = Band::default();
        for length in lengths((CACHED / band).max(1) * band) {
            fill(&mut buffer, length)?;
            finish(&mut buffer)?;
        }
        Ok(())
    }
}
