//! The header of an `.npy` file, a dictionary in Python's notation: `{'descr': '<f4', 'fortran_order': True, 'shape': (12, 8), }`.

use std::fmt;

use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{tag, take, take_till},
    character::complete::{anychar, char, digit1, multispace0, one_of, u64},
    combinator::{all_consuming, fail, map, map_res, not, opt, peek, rest, value},
    multi::separated_list0,
    sequence::{delimited, preceded, terminated},
};

/// What a header says of the values behind it.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    pub(super) element: ElementType,
    /// Whether the first axis is the fastest, and not the last.
    pub(super) fortran: bool,
    pub(super) shape: Vec<usize>,
}

/// The type of an element: `<f4`.
#[derive(Debug, PartialEq)]
pub(super) struct ElementType {
    pub(super) order: ByteOrder,
    /// `b` boolean, `i` signed, `u` unsigned, `f` real, `c` complex; others are not numbers.
    pub(super) kind: char,
    /// In bytes.
    pub(super) size: u64,
    /// A date's unit in brackets.
    unit: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ByteOrder {
    Little,
    Big,
    /// For elements of one byte.
    None,
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = match self.order {
            ByteOrder::Little => '<',
            ByteOrder::Big => '>',
            ByteOrder::None => '|',
        };
        write!(f, "{order}{}{}{}", self.kind, self.size, self.unit)
    }
}

/// A value of the dictionary.
#[derive(Debug, Clone)]
enum Literal<'a> {
    Text(&'a str),
    Bool(bool),
    Lengths(Vec<usize>),
    /// A list of anything: the fields of a record.
    List(&'a str),
}

type Parsed<'a, T> = IResult<&'a str, T>;

impl Header {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("not a numpy array: {what}");
        let Ok((_, entries)) = all_consuming(dictionary).parse(text) else {
            let begin: String = text.trim_end().chars().take(200).collect();
            return Err(wrong(&format!("header `{begin}`")));
        };
        let find = |name: &str| {
            let entry = entries.iter().rev().find(|(key, _)| *key == name);
            entry.map(|(_, value)| value).ok_or_else(|| wrong(&format!("the header has no `{name}`")))
        };
        let element = match find("descr")? {
            Literal::Text(text) => element_type(text).ok_or_else(|| wrong(&format!("no element type `{text}`")))?,
            Literal::List(text) => return Err(format!("elements are records ({text})")),
            _ => return Err(wrong("`descr` is no element type")),
        };
        let Literal::Bool(fortran) = find("fortran_order")? else {
            return Err(wrong("`fortran_order` is neither True nor False"));
        };
        let Literal::Lengths(shape) = find("shape")? else {
            return Err(wrong("`shape` is no tuple of lengths"));
        };
        Ok(Self { element, fortran: *fortran, shape: shape.clone() })
    }
}

/// `<f4`; units behind the size make it a date, `<M8[ns]`.
fn element_type(text: &str) -> Option<ElementType> {
    let order =
        alt((value(ByteOrder::Little, char('<')), value(ByteOrder::Big, char('>')), value(ByteOrder::None, char('|'))));
    let (_, (order, kind, size, unit)) = (order, anychar, u64::<_, nom::error::Error<&str>>, rest).parse(text).ok()?;
    let is_number = matches!(kind, 'b' | 'i' | 'u' | 'f' | 'c');
    let is_known = if is_number { unit.is_empty() } else { matches!(kind, 'm' | 'M' | 'S' | 'a' | 'U' | 'V') };
    let has_order = order != ByteOrder::None || size == 1 || !is_number;
    (is_known && has_order).then(|| ElementType { order, kind, size, unit: unit.to_owned() })
}

fn dictionary(input: &str) -> Parsed<'_, Vec<(&str, Literal<'_>)>> {
    let entry = (terminated(token(string), token(char(':'))), token(literal));
    let entries = terminated(separated_list0(token(char(',')), entry), opt(token(char(','))));
    token(delimited(token(char('{')), entries, char('}'))).parse(input)
}

fn literal(input: &str) -> Parsed<'_, Literal<'_>> {
    alt((
        map(string, Literal::Text),
        value(Literal::Bool(true), tag("True")),
        value(Literal::Bool(false), tag("False")),
        map(lengths, Literal::Lengths),
        map(list, Literal::List),
    ))
    .parse(input)
}

/// Skips blanks before and behind.
fn token<'a, T>(
    parser: impl Parser<&'a str, Output = T, Error = nom::error::Error<&'a str>>,
) -> impl Parser<&'a str, Output = T, Error = nom::error::Error<&'a str>> {
    delimited(multispace0, parser, multispace0)
}

/// Text between quotes; Python 2 wrote some with a `u` before.
fn string(input: &str) -> Parsed<'_, &str> {
    let (input, quote) = preceded(opt(char('u')), one_of("'\"")).parse(input)?;
    terminated(take_till(|c| c == quote || c == '\\'), char(quote)).parse(input)
}

/// `(12, 8)`, `(12,)`, `()`, or the same in brackets; Python 2 wrote some numbers with an `L` behind.
fn lengths(input: &str) -> Parsed<'_, Vec<usize>> {
    let length = || map_res(terminated(digit1, opt(char('L'))), str::parse);
    let several = || terminated(separated_list0(token(char(',')), length()), opt(token(char(','))));
    // Without a comma it is a number in parentheses.
    let number = (token(char('(')), digit1, token(char(')')));
    let tuple = preceded(not(number), delimited(token(char('(')), several(), char(')')));
    alt((tuple, delimited(token(char('[')), several(), char(']')))).parse(input)
}

/// A list to the bracket that closes it.
fn list(input: &str) -> Parsed<'_, &str> {
    let end = input.char_indices().scan(0_usize, |depth, (at, c)| {
        match c {
            '[' => *depth += 1,
            ']' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((at, *depth))
    });
    let (peeked, _) = peek(char('[')).parse(input)?;
    match end.filter(|(_, depth)| *depth == 0).map(|(at, _)| at + 1).next() {
        Some(end) => take(end).parse(peeked),
        None => fail().parse(peeked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> (String, bool, Vec<usize>) {
        let header = Header::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        (header.element.to_string(), header.fortran, header.shape)
    }

    #[test]
    fn headers_of_numpy_and_others_are_read() {
        for (text, expected) in [
            ("{'descr': '<f4', 'fortran_order': True, 'shape': (12, 8), }     \n", ("<f4", true, vec![12, 8])),
            ("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", ("|b1", false, vec![3])),
            ("{'descr': '>c16', 'fortran_order': False, 'shape': (), }", (">c16", false, vec![])),
            ("{\"shape\":[2,3],\"fortran_order\":False,\"descr\":\"<u8\"}", ("<u8", false, vec![2, 3])),
            ("{'descr': u'<i2', 'fortran_order': False, 'shape': (2L, 3L)}", ("<i2", false, vec![2, 3])),
            ("{'descr': '<i2', 'made_by': 'x', 'fortran_order': False, 'shape': (0, 3)}", ("<i2", false, vec![0, 3])),
            ("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", ("<M8[ns]", false, vec![1])),
        ] {
            let (element, fortran, shape) = expected;
            assert_eq!(header(text), (element.to_owned(), fortran, shape), "{text}");
        }
    }

    #[test]
    fn damaged_headers_are_named() {
        let of = |descr: &str, fortran: &str, shape: &str| {
            format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}")
        };
        for (text, message) in [
            (String::new(), "header ``"),
            ("{'descr': '<f4', ".to_owned(), "header `{'descr': '<f4',`"),
            ("{'descr': '<f4'}".to_owned(), "the header has no `fortran_order`"),
            (of("'<f4'", "False", "(3,)") + "x", "header `{'descr'"),
            (of("'f4'", "False", "(3,)"), "no element type `f4`"),
            (of("'|f4'", "False", "(3,)"), "no element type `|f4`"),
            (of("'<f4 '", "False", "(3,)"), "no element type `<f4 `"),
            (of("'<x4'", "False", "(3,)"), "no element type `<x4`"),
            (of("True", "False", "(3,)"), "`descr` is no element type"),
            (of("'<f4'", "0", "(3,)"), "header `{'descr'"),
            (of("'<f4'", "'True'", "(3,)"), "`fortran_order` is neither"),
            (of("'<f4'", "False", "(3)"), "header `{'descr'"),
            (of("'<f4'", "False", "(-3,)"), "header `{'descr'"),
            (of("'<f4'", "False", "(99999999999999999999,)"), "header `{'descr'"),
            (of("'<f4'", "False", "'(3,)'"), "`shape` is no tuple"),
            (
                of("[('a', '<f4'), ('b', '<i2', (2,))]", "False", "(3,)"),
                "elements are records ([('a', '<f4'), ('b', '<i2', (2,))])",
            ),
            (of("[[[['a'", "False", "(3,)"), "header `{'descr'"),
            (of(&"[".repeat(100_000), "False", "(3,)"), "header `{'descr'"),
        ] {
            let error = Header::parse(&text).expect_err("damaged");
            let error = error.strip_prefix("not a numpy array: ").unwrap_or(&error);
            assert!(error.starts_with(message), "{message}: {error}");
        }
    }
}
