//! Decoding: dispatch on the predictor in the header.

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

/// Fewest elements for which two threads are faster: below, handing bands to the other thread costs more than it saves.
const SMALLEST: usize = 1 << 23;

/// Decode a plane of `n` tokens into `sink`. Word 0 of `words` is the header.
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

/// [`Lorenzo::rows`], compiled once per byte order and instruction set, for all callers.
#[inline(never)]
pub(crate) fn lorenzo_rows<O: Order>(tiles: &mut Lorenzo<'_, O>, out: &mut [u32]) -> Result<(), DecodeError> {
    avx2_or_not!(Lorenzo::rows; tiles, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Big;
    use crate::turbopack::collected::Collected;

    fn tokens(stream: &[u8], ni: usize, nj: usize) -> Result<Vec<u16>, DecodeError> {
        let mut out = Collected::default();
        decode(Words::<Big>::new(stream), Plane { ni, nj }, ni * nj, Threads::One, &mut out)?;
        Ok(out.0)
    }

    /// Section 6.1 of docs/format/codecs.md; the streams are those of `minimum` and `parallelogram`.
    #[test]
    fn the_header_names_the_predictor_the_step_and_the_width() {
        // 0x8003: MINIMUM; step 5 << 7; width 6 << 10
        let minimum = [0x00, 0x00, 0x9a, 0x83, 0x22, 0x81, 0xb1, 0x68, 0x14, 0, 0, 0];
        assert_eq!(tokens(&minimum, 7, 2).unwrap(), [10, 10, 11, 12, 13, 20, 20, 10, 11, 11, 12, 12, 20, 20]);
        // 0x8014: PARALLELOGRAM; step 3 << 7; width 4 << 10
        let parallelogram = [0x00, 0x00, 0x91, 0x94, 0x80, 0x24, 0x64, 0x8c, 0x40, 0x00, 0xe8, 0xac];
        assert_eq!(tokens(&parallelogram, 4, 4).unwrap(), [0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 9, 7, 6, 7, 8, 9]);
    }

    #[test]
    fn other_predictors_steps_and_widths_are_errors() {
        // predictor 2; step 0; widths 0 and 17
        for [high, low] in [[0x9a, 0x82], [0x98, 0x03], [0x82, 0x83], [0xc6, 0x83]] {
            let result = tokens(&[0, 0, high, low, 0, 0, 0, 0], 2, 2);
            assert!(matches!(result, Err(DecodeError::Header { word: 0, .. })), "{result:?}");
        }
    }
}
