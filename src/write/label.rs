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

/// Longest text of extended metadata: 16 bits count the words, 19 of them are taken, a NUL ends it.
const MAX_METADATA: usize = (0xFFFF - 19) * 4 - 1;

/// Whether a text can be stored as extended metadata.
pub(super) fn check_metadata(json: &str) -> Result<(), FieldError> {
    let error = |what: String| Err(FieldError { field: "metadata", what });
    if json.len() > MAX_METADATA {
        return error(format!("{} bytes, at most {MAX_METADATA} fit", json.len()));
    }
    if json.contains('\0') {
        return error("a NUL character ends the stored text".to_owned());
    }
    #[cfg(feature = "serde")]
    if !json.is_empty()
        && let Err(e) = crate::record::metadata::parse(json)
    {
        return error(format!("not JSON: {e}"));
    }
    Ok(())
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
