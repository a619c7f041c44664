//! Type 133: IEEE reals whose signs, exponents and mantissas are compressed apart, without loss.
//!
//! The three streams do not depend on each other, so they are decoded in lockstep, one band of rows at a time, and merged
//! while they are in the first-level cache.

mod encode;
mod signs;
mod tokens;

use alloc::vec;

use crate::bits::{Order, Words};
use crate::error::DecodeError;
use crate::packed::Threads;
use crate::simd::wide;
use crate::turbopack::parallelogram::{Lorenzo, Widths};
use crate::turbopack::{Header, Plane, header_error};
pub(crate) use encode::encode;
use signs::{Runs, SIGN, Signs};
use tokens::Mantissas;

const PREDICTOR: u32 = 5;
const STEP: usize = 3;
/// Bits of the fraction of an `f32`.
const FRACTION: u32 = 23;

/// The three streams of a plane.
struct Streams<'a, O> {
    signs: Signs<'a, O>,
    /// `None`: all equal to the smallest.
    exponents: Option<Lorenzo<'a, O>>,
    smallest: u32,
    mantissas: Mantissas<'a, O>,
    /// Fraction bits that are stored.
    width: u32,
}

impl<'a, O: Order> Streams<'a, O> {
    /// Find the streams; `words` start with the compression header.
    fn parse(words: Words<'a, O>, plane: Plane) -> Result<Self, DecodeError> {
        let header = Header::parse(words)?;
        if header.predictor != PREDICTOR {
            return Err(header_error(words, "predictor", "5", header.predictor));
        }
        if header.step != STEP {
            return Err(header_error(words, "tile step", "3", words.get(0)? >> 7 & 7));
        }
        if header.width > FRACTION {
            return Err(header_error(words, "number of mantissa bits", "0 to 23", header.width));
        }
        let word = words.get(1)?;
        let error = |field, expected, found: u32| DecodeError::Header {
            field,
            word: words.absolute_word(1),
            expected,
            found: u64::from(found),
        };
        let (smallest, exponent_width, codes) = (word >> 16 & 0xFF, word >> 8 & 0xFF, word & 0xFF);
        let mut rest = words.from(2)?;

        let signs = match codes & 0x30 {
            0x00 => Signs::Constant(0),
            0x10 => Signs::Constant(SIGN),
            // 0x30 is never written; the format's own decoder reads it like 0x20.
            _ => Signs::Runs(Runs::new(section(&mut rest, "sign section length")?, (plane.ni * plane.nj) as u64)),
        };
        let exponents = match codes & 0x0C {
            0x00 => None,
            0x04 => return Err(error("exponent code", "0, 8 or 12", 4)),
            _ => {
                if !(1..=8).contains(&exponent_width) {
                    return Err(error("exponent width", "1 to 8", exponent_width));
                }
                let words = section(&mut rest, "exponent section length")?;
                let header = Header { width: exponent_width, ..header };
                let widths = |field| (field == 4).then(|| Widths::direct(field, 9));
                Some(Lorenzo::new(words, "exponent", plane, header, widths)?)
            }
        };
        // The word in front of the mantissas repeats another length.
        let words = rest.from(1)?;
        let mantissas = match codes & 3 {
            0 => {
                let widths = |field| (field == 5).then(|| Widths::direct(field, header.width + 1));
                Mantissas::lorenzo(Lorenzo::new(words, "mantissa", plane, header, widths)?)
            }
            1 => Mantissas::plain(words, header.width, plane)?,
            other => return Err(error("mantissa code", "0 or 1", other)),
        };
        Ok(Self { signs, exponents, smallest, mantissas, width: header.width })
    }
}

/// Cut a section with a length word in front off `rest`.
fn section<'a, O: Order>(rest: &mut Words<'a, O>, field: &'static str) -> Result<Words<'a, O>, DecodeError> {
    let length = rest.get(0)?;
    let after = rest.from(1)?;
    let words = u64::from(length / 4);
    if length % 4 != 0 || words > after.len() {
        return Err(DecodeError::Header {
            field,
            word: rest.absolute_word(0),
            expected: "a multiple of 4 bytes that the payload holds",
            found: u64::from(length),
        });
    }
    *rest = after.from(words)?;
    after.take(words)
}

/// Decode the plane whose compression header is word 0 of `words`, each value's `f32` bits passed through `map`.
pub(crate) fn decode<O: Order, T>(
    words: Words<'_, O>,
    plane: Plane,
    out: &mut [T],
    _threads: Threads,
    map: impl Fn(u32) -> T,
) -> Result<(), DecodeError> {
    let streams = Streams::parse(words, plane)?;
    wide!(merge; streams, plane, out, map)
}

/// Decode the three streams, band by band, and put the values together.
#[inline(always)]
fn merge<O: Order, T>(
    streams: Streams<'_, O>,
    plane: Plane,
    out: &mut [T],
    map: impl Fn(u32) -> T,
) -> Result<(), DecodeError> {
    let Streams { mut signs, exponents, smallest, mut mantissas, width } = streams;
    let ni = plane.ni;
    let band_len = ni * STEP.min(plane.nj);
    let mut sign_band = vec![0; band_len];
    let mut exponent_band = vec![0_u16; band_len];
    let mut exponent_above = vec![0_u16; ni];
    let mut mantissa_band = vec![0_u32; band_len];
    let mut mantissa_above = vec![0_u32; ni];
    let mut exponent_bit = exponents.as_ref().map_or(0, Lorenzo::first_tile);

    let cut = FRACTION - width;
    // Row 0 is coded apart, then come rows of tiles.
    let (first, rest) = out.split_at_mut(ni);
    let mut j = 0;
    for rows in core::iter::once(first).chain(rest.chunks_mut(band_len)) {
        let signs_here = &mut sign_band[..rows.len()];
        let exponents_here = &mut exponent_band[..rows.len()];
        let mantissas_here = &mut mantissa_band[..rows.len()];
        signs.take(signs_here)?;
        if let Some(exponents) = &exponents {
            if j == 0 {
                exponents.first_row(exponents_here);
            } else {
                exponent_bit = exponents.tile_row(exponent_bit, j, exponents_here)?;
            }
        }
        mantissas.rows(j, mantissas_here)?;
        let lines = rows
            .chunks_exact_mut(ni)
            .zip(signs_here.chunks_exact(ni))
            .zip(exponents_here.chunks_exact(ni))
            .zip(mantissas_here.chunks_exact(ni));
        for (((line, signs), exponents), mantissas_line) in lines {
            let above = exponent_above.iter_mut().zip(exponents).zip(&mut mantissa_above).zip(mantissas_line);
            for ((value, &sign), (((exponent, &exponent_step), mantissa), &mantissa_step)) in
                line.iter_mut().zip(signs).zip(above)
            {
                *exponent = exponent.wrapping_add(exponent_step);
                *mantissa = mantissa.wrapping_add(mantissa_step);
                let field = u32::from(*exponent).wrapping_add(smallest) & 0xFF;
                *value = map(sign | field << FRACTION | *mantissa << cut);
            }
        }
        j += rows.len() / ni;
    }
    Ok(())
}
