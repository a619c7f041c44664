//! Tests of the text fields of a record. A text of the query is encoded in six-bit codes once and compared with the
//! codes of records: only patterns decode the text of a record.

use crate::record::{Text, TextField, Words};

/// The test of a text field.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum TextTest {
    Any,
    /// No record matches: the text is longer than the field.
    Never,
    /// The field has these codes, see [`Words::codes`].
    Exact([u32; 3]),
    /// The field matches a pattern in upper case: `*` is any run of characters, `?` any one.
    Pattern(String),
}

impl TextTest {
    /// The field is this text; a blank one matches blank fields.
    pub(super) fn exact(field: TextField, text: &str) -> Self {
        // Blanks beyond the width of the field do not count.
        let fits = text.trim_end_matches(' ').len() <= field.width();
        if fits { Self::Exact(Words::codes_of(field, text)) } else { Self::Never }
    }

    /// As in librmn's search: a blank text matches all fields, a label already when its first ten characters are blank.
    pub(super) fn of_librmn(field: TextField, text: &str) -> Self {
        let folded = Text::<{ TextField::LONGEST }>::new(text);
        let decides = if field == TextField::Etiket { 10 } else { field.width() };
        let blank = folded.bytes().iter().take(decides).all(|&b| b == b' ');
        if blank { Self::Any } else { Self::exact(field, text) }
    }

    pub(super) fn pattern(text: &str) -> Self {
        // Each character by itself, so that `*` and `?` stay.
        Self::Pattern(text.chars().map(|c| fold(c).unwrap_or(c)).collect())
    }

    #[inline]
    pub(super) fn holds(&self, field: TextField, words: &Words) -> bool {
        match self {
            Self::Any => true,
            Self::Never => false,
            Self::Exact(codes) => words.has_codes(field, codes),
            Self::Pattern(pattern) => {
                let matches = |text: &str| glob(pattern.as_bytes(), text.as_bytes());
                match field {
                    TextField::Nomvar => matches(words.nomvar().as_str()),
                    TextField::Typvar => matches(words.typvar().as_str()),
                    TextField::Etiket => matches(words.etiket().as_str()),
                }
            }
        }
    }
}

fn fold(c: char) -> Option<char> {
    let byte = u8::try_from(c).ok()?;
    Text::<1>::new(std::str::from_utf8(&[byte]).ok()?).padded().chars().next()
}

/// `*` stands for any run, `?` for any one byte. Linear in practice, never more than the product of the lengths.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record_with;

    #[test]
    fn globs() {
        for (pattern, text, expected) in [
            ("TT", "TT", true),
            ("T*", "T", true),
            ("T*", "TT", true),
            ("*T", "UT", true),
            ("T?", "T", false),
            ("?", "", false),
            ("*", "", true),
            ("", "", true),
            ("", "A", false),
            ("A*B*C", "AXXBYYC", true),
            ("A*B*C", "AXXBYY", false),
            ("*A*", "BBABB", true),
        ] {
            assert_eq!(glob(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn blank_is_blank_and_any_only_where_librmn_searches() {
        let record = |etiket: &str| record_with(|words| words.set_etiket(etiket.into()));
        let (blank, label) = (record(""), record("          XY"));
        for text in ["", " ", "            "] {
            let exact = TextTest::exact(TextField::Etiket, text);
            assert!(
                exact.holds(TextField::Etiket, &blank.words) && !exact.holds(TextField::Etiket, &label.words),
                "{text:?}"
            );
            assert_eq!(TextTest::of_librmn(TextField::Etiket, text), TextTest::Any);
        }
        let exact = TextTest::exact(TextField::Etiket, "          xy");
        assert!(exact.holds(TextField::Etiket, &label.words) && !exact.holds(TextField::Etiket, &blank.words));
        assert_eq!(TextTest::of_librmn(TextField::Etiket, "          xy"), TextTest::Any);
        assert_ne!(TextTest::of_librmn(TextField::Etiket, "         xyz"), TextTest::Any);
        assert_eq!(TextTest::of_librmn(TextField::Nomvar, "    X"), TextTest::Any);
        assert_eq!(TextTest::exact(TextField::Nomvar, "TTTTX"), TextTest::Never);
        let tt = record_with(|words| words.set_nomvar("TT".into()));
        assert!(!TextTest::exact(TextField::Nomvar, "T").holds(TextField::Nomvar, &tt.words));
    }
}
