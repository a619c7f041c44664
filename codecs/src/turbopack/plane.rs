//! A plane of tokens, and the word in front of its stream.

use crate::bits::Words;
use crate::error::DecodeError;
use crate::order::Order;

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

    /// [`band`](Self::band) as `u64`: callers multiply it, which can overflow a 32-bit `usize`.
    pub(crate) fn band_cells(self, step: usize) -> u64 {
        self.band(step) as u64
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

/// When to give up writing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Most words of the stream.
    pub(crate) words: u64,
    /// Words that the longest possible next tile may reach: the test of type 133, after every tile with differences.
    pub(crate) guard: Option<u64>,
}

/// Why there is no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Incompressible {
    /// It would be longer than allowed.
    TooLong,
    /// A tile has differences that its width code cannot say.
    LongCode,
}
