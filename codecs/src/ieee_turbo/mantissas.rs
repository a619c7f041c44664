//! Decoding of the mantissas of type 133, which come in one of two forms.

use alloc::vec::Vec;

use crate::bits::{Words, unpack};
use crate::error::DecodeError;
use crate::order::Order;
use crate::turbopack::parallelogram::Lorenzo;
use crate::turbopack::{Plane, lorenzo_rows};

/// The mantissas of a plane, decoded band by band.
pub(super) enum Mantissas<'a, O> {
    /// Second differences: the form that all writers use.
    Lorenzo(Lorenzo<'a, O>),
    /// Tokens of `width` bits, the next one at `bit`. `above` is the row above. No writer uses it.
    Plain { words: Words<'a, O>, bit: u64, width: u32, above: Vec<u32> },
}

impl<'a, O: Order> Mantissas<'a, O> {
    /// The second form, for a stream that starts at word 0 of `words`.
    pub(super) fn plain(words: Words<'a, O>, width: u32, plane: Plane) -> Result<Self, DecodeError> {
        // Check the length before allocating a row.
        words.check_end("mantissa", plane.ni as u64 * plane.nj as u64 * u64::from(width))?;
        Ok(Self::Plain { words, bit: 0, width, above: alloc::vec![0; plane.ni] })
    }

    /// Decode the next rows as differences from the row above: row 0 alone, or whole rows of tiles.
    pub(super) fn rows(&mut self, out: &mut [u32]) -> Result<(), DecodeError> {
        match self {
            Self::Lorenzo(tiles) => lorenzo_rows(tiles, out)?,
            Self::Plain { width: 0, .. } => out.fill(0),
            Self::Plain { words, bit, width, above } => {
                unpack(*words, *bit, *width, out)?;
                *bit += out.len() as u64 * u64::from(*width);
                for row in out.chunks_exact_mut(above.len()) {
                    for (value, above) in row.iter_mut().zip(&mut *above) {
                        (*value, *above) = (value.wrapping_sub(*above), *value);
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Big;

    /// Section 8.1 of docs/format/codecs.md, code 1: no writer uses it.
    #[test]
    fn plain_mantissas_come_as_differences_from_the_row_above_too() {
        // 1 2 / 3 5 in 4 bits, and 16 bits unused
        let stream = [0x12, 0x35, 0, 0];
        let mut mantissas = Mantissas::plain(Words::<Big>::new(&stream), 4, Plane { ni: 2, nj: 2 }).unwrap();
        let mut row = [0; 2];
        mantissas.rows(&mut row).unwrap();
        assert_eq!(row, [1, 2]);
        mantissas.rows(&mut row).unwrap();
        assert_eq!(row, [2, 3]);
        assert!(Mantissas::plain(Words::<Big>::new(&stream), 4, Plane { ni: 3, nj: 3 }).is_err());
    }
}
