//! The error of a query text: what was expected, and where.

use std::borrow::Cow;

/// A text query that does not parse, and where. Its message shows the place, of long queries a window around it.
///
/// ```
/// use rpnfst::{Error, Query};
/// let Err(Error::Query(error)) = "nomvar=TT and leval=500".parse::<Query>() else { panic!("an error") };
/// assert_eq!(error.column, 15);
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("query, column {column}: {}\n  {}", short(message), window(text, *column))]
pub struct QueryError {
    /// Column of the trouble, the first is 1.
    pub column: usize,
    /// What was expected.
    pub message: String,
    /// The query.
    pub text: String,
}

/// Characters of a query that a message shows, and those before the place.
const WINDOW: usize = 120;
const BEFORE: usize = 60;
/// Characters at the beginning and the end of what was expected: both may quote a query of any length.
const MESSAGE: (usize, usize) = (160, 600);

/// The place in a query, and a mark under it. The width of a format would end at 65,535.
fn window(text: &str, column: usize) -> String {
    let place = column.saturating_sub(1);
    let count = text.chars().count();
    let start = if count <= WINDOW { 0 } else { place.saturating_sub(BEFORE).min(count - WINDOW) };
    let (before, after) = (start > 0, start + WINDOW < count);
    let [before, after] = [before, after].map(|cut| if cut { "..." } else { "" });
    // What moves the cursor would move the mark away.
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let shown: String = text.chars().skip(start).take(WINDOW).map(visible).collect();
    let indent = " ".repeat(before.len() + place.saturating_sub(start).min(WINDOW));
    format!("{before}{shown}{after}\n  {indent}^")
}

/// A message without the middle of what it quotes.
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
