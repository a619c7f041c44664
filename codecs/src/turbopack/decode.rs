//! Choice of the method that a stream names.

use alloc::vec;

use super::minimum::Minimum;
use super::parallelogram::{Lorenzo, Widths};
use super::{Header, Plane, header_error, sample};
use crate::bits::Words;
use crate::error::DecodeError;
use crate::kernels::avx2_or_not;
use crate::options::Threads;
use crate::order::Order;
use crate::parallel::BandPipeline;
use crate::tokens::TokenSink;

/// Below that, handing what is unpacked to another thread takes as long as the rest.
const SMALLEST: usize = 1 << 23;

/// Decode the plane of `n` tokens whose stream header is word 0 of `words`.
pub(crate) fn decode<O: Order>(
    words: Words<'_, O>,
    plane: Plane,
    n: usize,
    threads: Threads,
    sink: &mut dyn TokenSink,
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
            let steps = BandPipeline { threads, smallest: SMALLEST, first: 0, band: plane.band(header.step) };
            steps.decode(
                n,
                &mut |band, n| {
                    band.tokens.resize(n, 0);
                    let (tiles, band) = (&mut tiles, band.tokens.as_mut_slice());
                    avx2_or_not!(Minimum::rows; tiles, band)
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
            let steps = BandPipeline { threads, smallest: SMALLEST, first: plane.ni, band: plane.band(header.step) };
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
    avx2_or_not!(Lorenzo::rows; tiles, out)
}
