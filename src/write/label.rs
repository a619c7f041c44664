//! Text attributes of records to be written: nomvar, typvar, etiket.

use crate::{error::FieldError, record::Text};

/// A text of up to `N` characters, or why it cannot be stored.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Label<const N: usize> {
    Text(Text<N>),
    Wrong(FieldError),
}

impl<const N: usize> Label<N> {
    pub(super) fn new(field: &'static str, text: &str) -> Self {
        let wrong = |what: String| Self::Wrong(FieldError { field, what });
        let text = text.trim_end_matches(' ');
        if !text.bytes().all(|letter| matches!(letter.to_ascii_uppercase(), b' '..=b'_')) {
            return wrong(format!("{text:?}: only characters between blank and '_' of ASCII can be stored"));
        }
        if text.len() > N {
            return wrong(format!("{text:?} has {} characters, at most {N} fit", text.len()));
        }
        Self::Text(Text::new(text))
    }

    pub(super) fn text(&self) -> Result<Text<N>, FieldError> {
        match self {
            Self::Text(text) => Ok(*text),
            Self::Wrong(why) => Err(why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Label;

    #[test]
    fn texts_that_can_be_stored() {
        let names = ["tt", "TT  "].map(|text| Label::<4>::new("nomvar", text).text());
        assert_eq!(names, [Ok("TT".into()), Ok("TT".into())]);
        let error = Label::<2>::new("typvar", "ABC").text().expect_err("too long");
        assert_eq!(error.to_string(), "typvar: \"ABC\" has 3 characters, at most 2 fit");
        assert!(Label::<4>::new("nomvar", "\u{e9}").text().is_err());
    }
}
