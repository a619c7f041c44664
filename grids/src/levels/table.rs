//! The `!!` record: a table of 64-bit words that holds a vertical coordinate.
//!
//! Words are kept as bits: two of them are names of fields, which as numbers are so small that arithmetic could lose them.

use super::{LevelError, Result, Vcode, vcode::Word};

/// The table of a vertical coordinate as the `!!` record stores it: rows of three or four words, each the bits of a
/// double. A header is first, then a row for each level: ip1, A, B and perhaps C.
///
/// ```
/// use rpnfst_grids::levels::{Levels, Table};
/// // Levels at 1000 and 500 hPa: kind 2, version 1, one row of header.
/// let words = [2.0, 1.0, 1.0, 39945888.0, 1e5, 0.0, 41394464.0, 5e4, 0.0].map(f64::to_bits);
/// let table = Table::new(3, words.to_vec())?;
/// assert_eq!((table.ni(), table.nj()), (3, 3));
/// assert_eq!(Levels::from_table(table)?.momentum()[1].a, 5e4);
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Table {
    ni: usize,
    words: Vec<u64>,
}

impl Table {
    /// A table of rows of `ni` words.
    ///
    /// # Errors
    /// [`LevelError::Table`] when rows have neither three nor four words, or when there are no whole rows.
    pub fn new(ni: usize, words: Vec<u64>) -> Result<Self> {
        if !(3..=4).contains(&ni) || words.is_empty() || !words.len().is_multiple_of(ni) {
            return Err(LevelError::Table(format!("{} words are no rows of {ni}; rows have 3 or 4", words.len())));
        }
        Ok(Self { ni, words })
    }

    /// A table of the values of a record of doubles.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_values(ni: usize, values: &[f64]) -> Result<Self> {
        Self::new(ni, values.iter().map(|value| value.to_bits()).collect())
    }

    /// Words of a row.
    pub const fn ni(&self) -> usize {
        self.ni
    }

    /// Number of rows.
    pub const fn nj(&self) -> usize {
        self.words.len() / self.ni
    }

    /// The words, row after row.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The words as doubles, for writing.
    pub fn values(&self) -> Vec<f64> {
        self.words.iter().map(|word| f64::from_bits(*word)).collect()
    }

    /// The coordinate that the first row names.
    pub(super) fn vcode(&self) -> Result<Vcode> {
        let [kind, version, rows] = [0, 1, 2].map(|n| self.integer(n, 99_999));
        let number = 1000 * i64::from(kind?) + i64::from(version?);
        let vcode = Vcode::from_number(number)?;
        if vcode == Vcode::Eta1004 {
            return Err(LevelError::UnknownVcode(number));
        }
        let rows = rows?;
        if (self.ni, rows as usize) != (vcode.width(), vcode.header_rows()) || self.nj() <= vcode.header_rows() {
            let expected = format!("{} words, {} header rows and levels", vcode.width(), vcode.header_rows());
            let found = format!("{} words, {rows} header rows of {}", self.ni, self.nj());
            return Err(LevelError::Table(format!("{number} has rows of {expected}, found {found}")));
        }
        Ok(vcode)
    }

    /// A word of the header.
    pub(super) fn header_word(&self, vcode: Vcode, word: Word) -> Option<u64> {
        let place = vcode.header().iter().position(|known| *known == word)?;
        self.words.get(3 + place).copied()
    }

    /// The rows of levels.
    pub(super) fn rows(&self, vcode: Vcode) -> impl Iterator<Item = Result<Level>> {
        let coefficient = |row: &[u64], n: usize| row.get(n).map_or(0.0, |word| f64::from_bits(*word));
        self.words.chunks_exact(self.ni).skip(vcode.header_rows()).enumerate().map(move |(n, row)| {
            let ip1 = self.integer((vcode.header_rows() + n) * self.ni, u32::MAX)?;
            Ok(Level { ip1, a: coefficient(row, 1), b: coefficient(row, 2), c: coefficient(row, 3) })
        })
    }

    /// A word that holds a whole number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of this range")]
    fn integer(&self, n: usize, most: u32) -> Result<u32> {
        let value = self.words.get(n).map_or(f64::NAN, |word| f64::from_bits(*word));
        if value >= 0.0 && value <= f64::from(most) && value.fract() == 0.0 {
            return Ok(value as u32);
        }
        Err(LevelError::Table(format!("word {n} is {value}, not a whole number up to {most}")))
    }
}

/// One level: its code, and the coefficients of the coordinate's formula.
///
/// ```
/// use rpnfst_grids::levels::Level;
/// let level = Level { ip1: 41_394_464, a: 5e4, b: 0.0, c: 0.0 };
/// assert_eq!(level.value()?.to_string(), "500 hPa");
/// # Ok::<(), rpnfst_grids::ip::IpError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The code, as records have it.
    pub ip1: u32,
    /// What is the same everywhere: Pa, m, or the logarithm of Pa.
    pub a: f64,
    /// Factor of the surface field.
    pub b: f64,
    /// Factor of the large-scale surface field.
    pub c: f64,
}

impl Level {
    /// The level that the code means.
    ///
    /// # Errors
    /// When the code means none.
    pub fn value(&self) -> Result<crate::ip::IpValue, crate::ip::IpError> {
        crate::ip::decode(self.ip1)
    }
}

/// The word that holds the name of a field: four characters, the first one lowest.
pub(super) fn name_word(name: &str) -> u64 {
    let character = |n: usize| u64::from(name.as_bytes().get(n).copied().unwrap_or(b' '));
    (0..4).map(|n| character(n) << (8 * n)).sum()
}

/// The name of a field that a word holds, without blanks; `None` where it holds none.
pub(super) fn word_name(word: u64) -> Option<String> {
    let characters = (0..4).map(|n| char::from(u8::try_from(word >> (8 * n) & 0xFF).unwrap_or(b' ')));
    let text: String = characters.map(|c| if c == '\0' { ' ' } else { c }).collect();
    Some(text.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_words() {
        assert_eq!(name_word("P0"), 0x2020_3050);
        assert_eq!(word_name(name_word("MELS")), Some("MELS".to_owned()));
        assert_eq!((word_name(name_word("")), word_name(0)), (None, None));
    }

    #[test]
    fn tables_that_are_none() {
        let table = |ni, values: &[f64]| Table::from_values(ni, values).and_then(|table| table.vcode().map(|_| table));
        assert!(table(3, &[2.0, 1.0, 1.0, 0.0, 0.0, 0.0]).is_ok());
        for (ni, values) in [
            (0, &[][..]),
            (3, &[]),
            (3, &[1.0; 4]),
            (5, &[1.0; 5]),
            (3, &[2.0, 1.0, 1.0]),
            (3, &[2.0, 1.0, 7.0, 0.0, 0.0, 0.0]),
            (4, &[2.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
            (3, &[f64::NAN, 1.0, 1.0, 0.0, 0.0, 0.0]),
            (3, &[2.5, 1.0, 1.0, 0.0, 0.0, 0.0]),
            (3, &[1.0, 4.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
            (3, &[1e300, -1.0, 1.0, 0.0, 0.0, 0.0]),
        ] {
            assert!(table(ni, values).is_err(), "{ni} {values:?}");
        }
    }
}
