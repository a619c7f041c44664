//! Text attributes of records to be written: nomvar, typvar, etiket.

use crate::error::FieldError;

/// A text as it is stored, in six-bit codes, or why it cannot be.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Label {
    /// Blank padded; the first character is the most significant.
    Codes(u128),
    Wrong(FieldError),
}

impl Label {
    pub(super) fn new<const N: usize>(field: &'static str, text: &str) -> Self {
        let wrong = |what: String| Self::Wrong(FieldError { field, what });
        let text = text.trim_end_matches(' ');
        let mut codes = 0;
        for letter in text.bytes() {
            let code = match letter.to_ascii_uppercase() {
                letter @ b' '..=b'_' => letter - b' ',
                _ => return wrong(format!("{text:?}: only characters between blank and '_' of ASCII can be stored")),
            };
            codes = codes << 6 | u128::from(code);
        }
        match N.checked_sub(text.len()) {
            Some(blanks) => Self::Codes(codes << (6 * blanks)),
            None => wrong(format!("{text:?} has {} characters, at most {N} fit", text.len())),
        }
    }

    pub(super) fn codes(&self) -> Result<u128, FieldError> {
        match self {
            Self::Codes(codes) => Ok(*codes),
            Self::Wrong(why) => Err(why.clone()),
        }
    }
}
