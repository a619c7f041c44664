//! The three streams of a plane, and their values.

use alloc::vec;
use alloc::vec::Vec;

use super::mantissas::Mantissas;
use super::signs::{Runs, SIGN, Signs};
use super::{FRACTION, PREDICTOR, STEP};
use crate::bits::Words;
use crate::error::DecodeError;
use crate::kernels::wide;
use crate::options::Threads;
use crate::order::Order;
use crate::parallel::{Band, Steps};
use crate::turbopack::parallelogram::{Lorenzo, Widths};
use crate::turbopack::{Header, Plane, header_error, lorenzo_rows};

/// Elements from which on two threads are quicker.
const SMALLEST: usize = 1 << 20;

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
                Mantissas::Lorenzo(Lorenzo::new(words, "mantissa", plane, header, widths)?)
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
pub(crate) fn decode<O: Order, T: Send>(
    words: Words<'_, O>,
    plane: Plane,
    out: &mut [T],
    threads: Threads,
    map: impl Fn(u32) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    let Streams { mut signs, mut exponents, smallest, mut mantissas, width } = Streams::parse(words, plane)?;
    let cut = FRACTION - width;
    let value = move |sign: u32, exponent: u32, mantissa: u32| {
        map(sign | (exponent.wrapping_add(smallest) & 0xFF) << FRACTION | mantissa << cut)
    };
    let mut above = Above { exponents: vec![0; plane.ni], mantissas: vec![0; plane.ni] };
    let mut exponent_band = Vec::new();
    let steps = Steps { threads, smallest: SMALLEST, first: plane.ni, band: plane.band(STEP) };
    let n = out.len();
    let mut rest = out;
    steps.decode(
        n,
        &mut |band: &mut Band, n| {
            band.signs.resize(n, 0);
            signs.take(&mut band.signs)?;
            band.differences.resize(n, 0);
            mantissas.rows(&mut band.differences)
        },
        &mut |band| {
            let (out, later) = core::mem::take(&mut rest).split_at_mut(band.signs.len());
            rest = later;
            exponent_band.resize(out.len(), 0);
            if let Some(exponents) = &mut exponents {
                lorenzo_rows(exponents, &mut exponent_band)?;
            }
            let (above_exponents, above_mantissas) = (&mut above.exponents[..], &mut above.mantissas[..]);
            let (exponents, mantissas, signs) = (&exponent_band[..], &band.differences[..], &band.signs[..]);
            wide!(merge; above_exponents, above_mantissas, exponents, mantissas, signs, out, value);
            Ok(())
        },
    )
}

/// The row above.
struct Above {
    exponents: Vec<u32>,
    mantissas: Vec<u32>,
}

/// Put the values together.
#[inline(always)]
fn merge<T>(
    above_exponents: &mut [u32],
    above_mantissas: &mut [u32],
    exponents: &[u32],
    mantissas: &[u32],
    signs: &[u32],
    out: &mut [T],
    value: impl Fn(u32, u32, u32) -> T,
) {
    let ni = above_exponents.len();
    let lines = exponents.chunks_exact(ni).zip(mantissas.chunks_exact(ni)).zip(signs.chunks_exact(ni));
    for (out, ((exponents, mantissas), signs)) in out.chunks_exact_mut(ni).zip(lines) {
        let exponents = above_exponents.iter_mut().zip(exponents);
        let mantissas = above_mantissas.iter_mut().zip(mantissas);
        for (((out, &sign), (exponent, &exponent_step)), (mantissa, &mantissa_step)) in
            out.iter_mut().zip(signs).zip(exponents).zip(mantissas)
        {
            *exponent = exponent.wrapping_add(exponent_step);
            *mantissa = mantissa.wrapping_add(mantissa_step);
            *out = value(sign, *exponent, *mantissa);
        }
    }
}
