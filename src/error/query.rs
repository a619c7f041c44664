//! The error of a query text: what was expected, and where.

use std::borrow::Cow;

/// The error of a query text that does not parse. Its message shows the place; of a long query, a window around it.
///
/// ```
/// use rpnfst::{Error, Query};
/// let Err(Error::Query(error)) = "nomvar=TT and leval=500".parse::<Query>() else { panic!("an error") };
/// assert_eq!(error.column, 15);
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("query, column {column}: {}\n  {}", short(message), window(text, *column))]
#[non_exhaustive]
pub struct QueryError {
    /// Column of the error, in characters; the first is 1.
    pub column: usize,
    /// What was expected.
    pub message: String,
    /// The query.
    pub text: String,
}

/// How many characters of a query a message shows, and how many of these are before the place.
const WINDOW: usize = 120;
const BEFORE: usize = 60;
/// How many characters of the beginning and the end of a message are shown: it can quote a query of any length.
const MESSAGE: (usize, usize) = (160, 600);

/// The query around a column, and a mark under it. (Not by the width of a format, which ends at 65,535.)
fn window(text: &str, column: usize) -> String {
    let place = column.saturating_sub(1);
    let count = text.chars().count();
    let start = if count <= WINDOW { 0 } else { place.saturating_sub(BEFORE).min(count - WINDOW) };
    let (before, after) = (start > 0, start + WINDOW < count);
    let [before, after] = [before, after].map(|cut| if cut { "..." } else { "" });
    // Control characters would move the mark away from its place.
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let shown: String = text.chars().skip(start).take(WINDOW).map(visible).collect();
    let indent = " ".repeat(before.len() + place.saturating_sub(start).min(WINDOW));
    format!("{before}{shown}{after}\n  {indent}^")
}

/// A message, shortened in the middle if it is long.
fn short(message: &str) -> Cow<'_, str> {
    let (head, tail) = MESSAGE;
    let count = message.chars().count();
    if count <= head + tail {
        return Cow::Borrowed(message);
    }
    let [start, end]: [String; 2] =
        [message.chars().take(head).collect(), message.chars().skip(count - tail).collect()];
    Cow::Owned(format!("{start}...{end}"))
}
