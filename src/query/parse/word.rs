//! Words and quoted texts in conditions, and which of them a text field can be equal to.

use nom::{Parser, bytes::complete::is_not};

use super::{Fail, Parsed, fail};
use crate::{
    query::{interval::Interval, text::TextTest},
    record::TextField,
};

/// A word, or a quoted text, whose characters all stand for themselves. The flag says whether it was quoted.
pub(super) fn word(input: &str) -> Parsed<'_, (&str, bool)> {
    for quote in ['"', '\''] {
        if let Some(rest) = input.strip_prefix(quote) {
            let Some(end) = rest.find(quote) else { return fail(input, "the quotation does not end") };
            return Ok((&rest[end + 1..], (&rest[..end], true)));
        }
    }
    match is_not::<_, _, Fail<'_>>(" \t\r\n,()\"'").parse(input) {
        Ok((rest, word)) => Ok((rest, (word, false))),
        Err(_) => fail(input, "expected a text (blank: '')"),
    }
}

/// Punctuation that unquoted words may not have: it is probably the next condition, or the syntax of another language.
fn punctuation(word: &str) -> Option<(usize, String)> {
    let (at, c) = word.char_indices().find(|&(at, c)| match c {
        '=' | ';' | '[' | ']' | '{' | '}' | '|' => true,
        // Names such as `>>` and `^>` have no letter before.
        '<' | '>' => word[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_'),
        '&' => word[at..].starts_with("&&"),
        _ => false,
    })?;
    let message = match c {
        '=' | '<' | '>' => {
            // The whole word looks like a condition.
            return Some((0, format!("`{word}` is no value: `and` joins conditions, quotes make it a text")));
        }
        ';' | '&' => "`and` joins conditions",
        '|' => "`or` joins conditions, a comma the values of a list",
        _ => "a list is written as TT,UU or (TT, UU)",
    };
    Some((at, format!("{message}; quotes make `{c}` part of a text")))
}

/// Why a text field can never match a text; `None` if it can.
fn impossible(field: TextField, text: &str, pattern: bool) -> Option<String> {
    let (name, width) = field.describe();
    if let Some(c) = text.chars().find(|c| !(' '..='~').contains(c)) {
        return Some(format!(
            "no {name} has the character {c:?}: only letters, digits and punctuation of ASCII are stored"
        ));
    }
    let needed = if pattern { text.matches(|c| c != '*').count() } else { text.trim_end_matches(' ').len() };
    (needed > width).then(|| format!("{name} has at most {width} characters, this has {needed}"))
}

pub(super) fn text_value(field: TextField) -> impl Fn(&str) -> Parsed<'_, TextTest> {
    move |input| {
        let (rest, (text, quoted)) = word(input)?;
        if !quoted && let Some((at, message)) = punctuation(text) {
            return fail(&input[at..], message);
        }
        let pattern = !quoted && text.contains(['*', '?']);
        match impossible(field, text, pattern) {
            Some(message) => fail(input, message),
            None if pattern => Ok((rest, TextTest::pattern(text))),
            None => Ok((rest, TextTest::exact(field, text))),
        }
    }
}

/// A grid type: its letter in any case, blank, or any.
pub(super) fn grtyp_value(input: &str) -> Parsed<'_, Vec<Interval<i64>>> {
    let (rest, (text, quoted)) = word(input)?;
    if !quoted && let Some((at, message)) = punctuation(text) {
        return fail(&input[at..], message);
    }
    let bytes = match (text.as_bytes(), quoted) {
        ([], _) => vec![b' '],
        ([b'*' | b'?'], false) => return Ok((rest, vec![Interval::from_range(&(0..=255))])),
        ([letter], _) if letter.is_ascii_lowercase() => vec![letter.to_ascii_uppercase(), *letter],
        ([letter], _) => vec![*letter],
        _ => return fail(input, "expected one letter"),
    };
    Ok((rest, bytes.into_iter().map(|byte| Interval::point(byte.into())).collect()))
}
