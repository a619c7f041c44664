//! Vocabulary of compressed streams: the plane, the header word, limits of the length.

use crate::bits::Words;
use crate::error::DecodeError;
use crate::order::Order;

/// Dimensions of a plane. Neither is zero, and the product is the length of the output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    /// Length of a row.
    pub(crate) ni: usize,
    /// Number of rows.
    pub(crate) nj: usize,
}

impl Plane {
    /// Elements of one row of tiles that has `step` rows, or all rows if the plane has fewer.
    pub(crate) fn band(self, step: usize) -> usize {
        self.ni * step.min(self.nj)
    }

    /// [`band`](Self::band) as `u64`: callers multiply it, which can overflow a 32-bit `usize`.
    pub(crate) fn band_cells(self, step: usize) -> u64 {
        self.band(step) as u64
    }
}

/// The first word of every compressed stream: its fields that decoders use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    /// 1, 3, 4, or 5 for type 133; not checked.
    pub(crate) predictor: u32,
    /// Rows and columns of a full tile, 1 to 7.
    pub(crate) step: usize,
    /// Bits of a token that is stored whole; not checked.
    pub(crate) width: u32,
}

impl Header {
    /// Read word 0 of `words`. A step of 0 is an error.
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

/// Lengths at which an encoder gives up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Most words of the stream.
    pub(crate) words: u64,
    /// Type 133 only: most words that the stream may have if the longest possible tile followed. Tested after every tile with
    /// differences (section 8.5 of the format's description).
    pub(crate) guard: Option<u64>,
}

/// Why an encoder gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Incompressible {
    /// The stream would be longer than the limits.
    TooLong,
    /// A tile has differences whose width code needs 5 bits, not 4.
    LongCode,
}
