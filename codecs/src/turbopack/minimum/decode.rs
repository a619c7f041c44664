//! Decoding of MINIMUM tiles.

use super::FIELD;
use crate::bits::Words;
use crate::cast::{low16, low32};
use crate::error::DecodeError;
use crate::order::Order;
use crate::turbopack::{Header, Plane};

/// A stream of MINIMUM tiles, decoded row of tiles by row of tiles.
pub(crate) struct Minimum<'a, O> {
    words: Words<'a, O>,
    plane: Plane,
    /// Size of a full tile in both directions.
    step: usize,
    /// Bits per minimum.
    width: u32,
    /// Where the next tile starts.
    bit: u64,
}

/// The start of a tile.
struct Tile {
    minimum: u16,
    /// Bits per difference.
    width: u32,
    /// Bit of the first difference.
    start: u64,
}

impl<'a, O: Order> Minimum<'a, O> {
    /// The stream that starts at word 0 of `words`, behind the header.
    pub(crate) fn new(words: Words<'a, O>, plane: Plane, header: Header) -> Self {
        Self { words, plane, step: header.step, width: header.width, bit: 0 }
    }

    /// Decode the next rows of tiles. `out` holds whole rows of tokens, as many as these tiles have.
    #[inline(always)]
    pub(crate) fn rows(&mut self, out: &mut [u16]) -> Result<(), DecodeError> {
        for band in out.chunks_mut(self.plane.band(self.step)) {
            self.bit = self.tile_row(self.bit, band)?;
        }
        Ok(())
    }

    /// Decode the row of tiles that starts at `bit` into `band`. Returns the bit where it ends.
    #[inline(always)]
    fn tile_row(&self, bit: u64, band: &mut [u16]) -> Result<u64, DecodeError> {
        let ni = self.plane.ni;
        let mut bit = bit;
        let mut i = 0;
        if self.step == 5 && band.len() == 5 * ni {
            bit = self.full_tiles(bit, band);
            i = ni / 5 * 5;
        }
        while i < ni {
            let end = ni.min(i + self.step);
            bit = self.any_tile(bit, band, i, end);
            i = end;
        }
        self.words.check_end("token", bit)?;
        Ok(bit)
    }

    /// Read the start of a tile. Code 15 means whole 16-bit tokens and no minimum.
    #[inline(always)]
    fn tile(&self, bit: u64) -> Tile {
        let window = self.words.window(bit);
        let code = low32(window >> (64 - FIELD));
        if code == 15 {
            return Tile { minimum: 0, width: 16, start: bit + u64::from(FIELD) };
        }
        let minimum = low16(low32((window << FIELD) >> (64 - self.width)));
        Tile { minimum, width: code, start: bit + u64::from(FIELD + self.width) }
    }

    /// Decode all full tiles, 5 x 5, of a row of tiles. Returns the bit where they end.
    #[inline(always)]
    fn full_tiles(&self, bit: u64, band: &mut [u16]) -> u64 {
        let ni = self.plane.ni;
        let words = self.words;
        let mut rows = band.chunks_exact_mut(ni).map(|row| row.as_chunks_mut::<5>().0.iter_mut());
        let (Some(a), Some(b), Some(c), Some(d), Some(e)) =
            (rows.next(), rows.next(), rows.next(), rows.next(), rows.next())
        else {
            return bit;
        };
        let mut bit = bit;
        for ((((a, b), c), d), e) in a.zip(b).zip(c).zip(d).zip(e) {
            let Tile { minimum, width, start } = self.tile(bit);
            let line = 5 * u64::from(width);
            bit = start + 5 * line;
            let mut at = start;
            // The double shift makes a width of zero harmless.
            let down = 63 - width;
            let token = |window: u64, i: u32| minimum.wrapping_add(low16(low32((window << (i * width) >> 1) >> down)));
            if width <= 6 {
                // A line of five differences fits in one window.
                for tile in [a, b, c, d, e] {
                    let window = words.window(at);
                    *tile = [0, 1, 2, 3, 4].map(|i| token(window, i));
                    at += line;
                }
            } else {
                for tile in [a, b, c, d, e] {
                    let pair = 2 * u64::from(width);
                    let windows = [words.window(at), words.window(at + pair), words.window(at + 2 * pair)];
                    *tile = [
                        token(windows[0], 0),
                        token(windows[0], 1),
                        token(windows[1], 0),
                        token(windows[1], 1),
                        token(windows[2], 0),
                    ];
                    at += line;
                }
            }
        }
        bit
    }

    /// Decode a tile of any size: columns `i` to `end` of all rows of the band. Returns the bit where it ends.
    fn any_tile(&self, bit: u64, band: &mut [u16], i: usize, end: usize) -> u64 {
        let Tile { minimum, width, start } = self.tile(bit);
        let mut at = start;
        for row in band.chunks_exact_mut(self.plane.ni) {
            for value in &mut row[i..end] {
                *value = minimum.wrapping_add(low16(self.words.token(at, width)));
                at += u64::from(width);
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{STREAM, TOKENS};
    use super::*;
    use crate::example::rsf;
    use crate::order::{Big, Little};

    #[test]
    fn a_token_is_the_minimum_of_its_tile_plus_a_difference() {
        let (plane, header) = (Plane { ni: 7, nj: 2 }, Header { predictor: 3, step: 5, width: 6 });
        let mut out = [0; 14];
        Minimum::new(Words::<Big>::new(&STREAM), plane, header).rows(&mut out).unwrap();
        assert_eq!(out, TOKENS);
        Minimum::new(Words::<Little>::new(&rsf(&STREAM)), plane, header).rows(&mut out).unwrap();
        assert_eq!(out, TOKENS);
        // The second tile lies in the second word.
        let cut = Minimum::new(Words::<Big>::new(&STREAM[..4]), plane, header).rows(&mut out);
        assert_eq!(cut, Err(DecodeError::StreamEnd { section: "token", needed: 40, end: 32 }));
    }

    #[test]
    fn code_15_stands_for_whole_tokens_without_a_minimum() {
        // 1111, 0000000000000001, 1111111111111111
        let stream = [0xf0, 0x00, 0x1f, 0xff, 0xf0, 0, 0, 0];
        let mut out = [0; 2];
        let header = Header { predictor: 3, step: 5, width: 16 };
        Minimum::new(Words::<Big>::new(&stream), Plane { ni: 2, nj: 1 }, header).rows(&mut out).unwrap();
        assert_eq!(out, [1, 0xffff]);
    }
}
