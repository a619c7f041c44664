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

#[cfg(test)]
mod tests {
    use super::Label;

    #[test]
    fn six_bits_a_character() {
        // 'T' is 0x54 - 0x20 = 0x34; blanks, which are zero, fill the field.
        assert_eq!(Label::new::<4>("nomvar", "tt").codes(), Ok(0x34 << 18 | 0x34 << 12));
        assert_eq!(Label::new::<4>("nomvar", "TT  ").codes(), Ok(0xD3_4000));
        let error = Label::new::<2>("typvar", "ABC").codes().expect_err("too long");
        assert_eq!(error.to_string(), "typvar: \"ABC\" has 3 characters, at most 2 fit");
        assert!(Label::new::<4>("nomvar", "\u{e9}").codes().is_err());
    }
}
