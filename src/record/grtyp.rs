//! Grid types: the letter that says what kind of grid a field lies on.

use core::fmt;

/// Grid type (`grtyp`): one byte, a letter.
///
/// ```
/// use rpnfst::record::GridType;
/// assert_eq!(GridType::from('Z'), GridType(b'Z'));
/// assert_eq!(GridType(b'Z').describe(), Some("two axes on a reference grid"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GridType(pub u8);

impl GridType {
    /// The letter as a character; bytes outside of printable ASCII show as `?`.
    pub fn letter(self) -> char {
        if self.0 == b' ' || self.0.is_ascii_graphic() { char::from(self.0) } else { '?' }
    }

    /// What the grid type means, in a few words; `None` when it is not one of the known letters.
    pub fn describe(self) -> Option<&'static str> {
        Some(match self.0 {
            b'A' => "global or hemispheric latitude-longitude, no point at the poles",
            b'B' => "global or hemispheric latitude-longitude with the poles",
            b'E' => "rotated latitude-longitude",
            b'G' => "Gaussian",
            b'L' => "regular latitude-longitude",
            b'M' => "triangular mesh",
            b'N' => "polar stereographic, north",
            b'O' => "curvilinear",
            b'Q' => "cubed sphere",
            b'R' => "radar, azimuth and range",
            b'S' => "polar stereographic, south",
            b'U' => "union of grids (yin-yang)",
            b'V' => "vertical section",
            b'W' => "projection given as WKT",
            b'X' => "no geometry",
            b'Y' => "cloud of points",
            b'Z' => "two axes on a reference grid",
            b'#' => "tile of a Z grid",
            b'!' => "Lambert conformal",
            _ => return None,
        })
    }
}

impl From<char> for GridType {
    /// The letter's byte; `?` for a character that has none.
    fn from(letter: char) -> Self {
        Self(u8::try_from(letter).unwrap_or(b'?'))
    }
}

impl fmt::Display for GridType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.letter().encode_utf8(&mut [0; 4]))
    }
}

impl fmt::Debug for GridType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", char::from(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_letter_are_shown() {
        assert_eq!(GridType(0xFF).letter(), '?');
    }
}
