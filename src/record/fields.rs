//! Typed meanings of the one-letter fields of a record. Unknown letters are kept.

use core::fmt;

/// Grid type (`grtyp`): one raw byte.
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

macro_rules! letters {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $letter:literal => $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A letter without a known meaning.
            Unknown(u8),
        }

        impl $name {
            /// From the letter.
            pub const fn from_letter(letter: u8) -> Self {
                match letter { $($letter => Self::$variant,)* other => Self::Unknown(other) }
            }

            /// The letter.
            pub const fn letter(self) -> u8 {
                match self { $(Self::$variant => $letter,)* Self::Unknown(other) => other }
            }
        }
    };
}

letters! {
    /// First letter of `typvar`: the kind of field.
    FieldClass {
        /// Analysis.
        b'A' => Analysis,
        /// Climatology.
        b'C' => Climatology,
        /// Raw station data.
        b'D' => Station,
        /// Monthly error.
        b'E' => Error,
        /// Constants.
        b'K' => Constant,
        /// Verification matrix.
        b'M' => Verification,
        /// Observation.
        b'O' => Observation,
        /// Forecast.
        b'P' => Forecast,
        /// Diagnostic.
        b'Q' => Diagnostic,
        /// Analysis increment.
        b'R' => Increment,
        /// Score.
        b'S' => Score,
        /// Time series.
        b'T' => TimeSeries,
        /// Miscellaneous.
        b'X' => Miscellaneous,
        /// A mask: integers or bits, 1 = valid.
        b'@' => Mask,
    }
}

letters! {
    /// Second letter of `typvar`: what was done to the field.
    FieldModifier {
        /// Nothing.
        b' ' => None,
        /// Clamped.
        b'B' => Clamped,
        /// Filtered.
        b'F' => Filtered,
        /// Missing data.
        b'H' => Missing,
        /// Interpolated.
        b'I' => Interpolated,
        /// Several modifications.
        b'M' => Multiple,
        /// Units converted.
        b'U' => UnitsConverted,
        /// Attributes changed.
        b'Z' => Zapped,
        /// A field that has a mask record (`@@`), or that mask.
        b'@' => Masked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_letters_are_kept() {
        for letter in 0..=255 {
            assert_eq!(FieldClass::from_letter(letter).letter(), letter);
            assert_eq!(FieldModifier::from_letter(letter).letter(), letter);
        }
        assert_eq!(FieldClass::from_letter(b'P'), FieldClass::Forecast);
        assert_eq!(GridType(0xFF).letter(), '?');
    }
}
