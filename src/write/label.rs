//! Texts of records to be written.

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
