//! The text language of queries: `nomvar=TT and level=500..1000 hPa and hour<=24`.

mod value;

use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{tag, take_while1},
    character::complete::{char, multispace0},
    combinator::{all_consuming, opt, verify},
    error::{ErrorKind, ParseError},
    multi::separated_list1,
    sequence::delimited,
};

use self::value::{
    grtyp_value, integer, ip, item, kind_or_code, kinds_with, number, stamp, text_value, time, unit, values,
};
use super::{
    expr::Expr,
    test::{IntField, Interval, Test, TextField},
};
use crate::record::Kind;

/// A text query that does not parse, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("query, column {column}: {message}\n  {text}\n  {marker:>column$}", marker = "^")]
pub struct QueryError {
    /// Column of the trouble, the first is 1.
    pub column: usize,
    /// What was expected.
    pub message: String,
    /// The query.
    pub text: String,
}

/// Depth of parentheses and `not`.
const MAX_DEPTH: usize = 64;

/// Where a parser stopped and what it wanted.
#[derive(Clone, PartialEq, Debug)]
struct Fail<'a> {
    rest: &'a str,
    message: String,
}

impl<'a> ParseError<&'a str> for Fail<'a> {
    fn from_error_kind(rest: &'a str, kind: ErrorKind) -> Self {
        let message = if kind == ErrorKind::Eof { "expected `and`, `or` or the end" } else { "" };
        Self { rest, message: message.to_owned() }
    }

    fn append(_: &'a str, _: ErrorKind, other: Self) -> Self {
        other
    }

    fn or(self, other: Self) -> Self {
        // The branch that went further knows better.
        if other.rest.len() <= self.rest.len() { other } else { self }
    }
}

type Parsed<'a, T> = IResult<&'a str, T, Fail<'a>>;

fn fail<T>(rest: &str, message: impl Into<String>) -> Parsed<'_, T> {
    Err(nom::Err::Failure(Fail { rest, message: message.into() }))
}

/// An empty text gives no condition.
pub(super) fn parse(text: &str) -> Result<Option<Expr>, QueryError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match all_consuming(|input| any(input, 0)).parse(text) {
        Ok((_, expr)) => Ok(Some(expr)),
        Err(nom::Err::Error(e) | nom::Err::Failure(e)) => {
            let column = text[..text.len() - e.rest.len()].chars().count() + 1;
            let message =
                if e.message.is_empty() { "expected a condition such as nomvar=TT".to_owned() } else { e.message };
            Err(QueryError { column, message, text: text.to_owned() })
        }
        Err(nom::Err::Incomplete(_)) => {
            Err(QueryError { column: 1, message: "incomplete".to_owned(), text: text.to_owned() })
        }
    }
}

fn spaced<'a, T>(
    parser: impl Parser<&'a str, Output = T, Error = Fail<'a>>,
) -> impl Parser<&'a str, Output = T, Error = Fail<'a>> {
    delimited(multispace0, parser, multispace0)
}

/// A word of the language, not the beginning of a longer name.
fn keyword<'a>(word: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Fail<'a>> {
    spaced(verify(name, move |found: &str| found.eq_ignore_ascii_case(word)))
}

fn name(input: &str) -> Parsed<'_, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_').parse(input)
}

fn any(input: &str, depth: usize) -> Parsed<'_, Expr> {
    let (rest, mut list) = separated_list1(keyword("or"), |i| all(i, depth)).parse(input)?;
    Ok((rest, if list.len() == 1 { list.remove(0) } else { Expr::Any(list) }))
}

fn all(input: &str, depth: usize) -> Parsed<'_, Expr> {
    let (rest, mut list) = separated_list1(keyword("and"), |i| unary(i, depth)).parse(input)?;
    Ok((rest, if list.len() == 1 { list.remove(0) } else { Expr::All(list) }))
}

fn unary(input: &str, depth: usize) -> Parsed<'_, Expr> {
    let (input, _) = multispace0(input)?;
    if depth > MAX_DEPTH {
        return fail(input, "nested too deeply");
    }
    if let Ok((rest, _)) = keyword("not").parse(input) {
        let (rest, inner) = unary(rest, depth + 1)?;
        return Ok((rest, Expr::Not(Box::new(inner))));
    }
    if let Ok((rest, _)) = char::<&str, Fail<'_>>('(').parse(input) {
        let (rest, inner) = any(rest, depth + 1)?;
        let Ok((rest, _)) = spaced(char(')')).parse(rest) else { return fail(rest.trim_start(), "expected `)`") };
        return Ok((rest, inner));
    }
    condition(input)
}

#[derive(Clone, Copy, PartialEq)]
enum Op {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

fn operator(input: &str) -> Parsed<'_, Op> {
    let op = alt((
        tag("==").map(|_| Op::Equal),
        tag("!=").map(|_| Op::NotEqual),
        tag("<=").map(|_| Op::LessEqual),
        tag(">=").map(|_| Op::GreaterEqual),
        tag("=").map(|_| Op::Equal),
        tag("<").map(|_| Op::Less),
        tag(">").map(|_| Op::Greater),
        verify(name, |word: &str| word.eq_ignore_ascii_case("in")).map(|_| Op::Equal),
    ));
    match spaced(op).parse(input) {
        Ok(found) => Ok(found),
        Err(_) => fail(input.trim_start(), "expected one of = != < <= > >= in"),
    }
}

/// What kind of values a field has.
enum Field {
    Text(TextField),
    Grtyp,
    Int(IntField),
    AnyEncoding(IntField),
    /// A stamp, and the name of the field that shows it as a date.
    Stamp(IntField, &'static str),
    Level,
    LevelKind,
    /// What listings show of the kind of level.
    KindText(&'static str, fn(Kind) -> &'static str),
    Hour,
    ValidTime,
    OriginTime,
}

/// The fields that have a meaning in queries.
const KNOWN: &str = "nomvar typvar etiket grtyp ni nj nk datyp nbits data_bits deet npas ip1 ip2 ip3 ip1_all ip2_all ip3_all \
                     ig1 ig2 ig3 ig4 datev dateo level level_kind level_name level_unit hour valid_time origin_time file \
                     file_index file_offset total_stored_bytes";

/// Why a column of listings cannot be asked for.
fn refused(column: &str) -> Option<&'static str> {
    Some(match column {
        "type" => "`type` is datyp and nbits in one word: ask for these, as in datyp=134 and nbits=16",
        "index" => "`index` is a position in a listing and not a field of records; `rpnfst get --index` takes it",
        "path" => "`path` is not a field of records; `file` is the number of the file, from 0",
        "metadata" => "metadata are searched with the method `Query::metadata`",
        _ => return None,
    })
}

fn field(input: &str) -> Parsed<'_, Field> {
    let Ok((rest, found)) = name(input) else { return fail(input, "expected the name of a field, such as nomvar") };
    let field = match found.to_ascii_lowercase().as_str() {
        "nomvar" => Field::Text(TextField::Nomvar),
        "typvar" => Field::Text(TextField::Typvar),
        "etiket" => Field::Text(TextField::Etiket),
        "grtyp" => Field::Grtyp,
        "ni" => Field::Int(IntField::Ni),
        "nj" => Field::Int(IntField::Nj),
        "nk" => Field::Int(IntField::Nk),
        "datyp" | "data_type" => Field::Int(IntField::DataType),
        "nbits" | "pack_bits" => Field::Int(IntField::PackBits),
        "data_bits" => Field::Int(IntField::DataBits),
        "deet" => Field::Int(IntField::Deet),
        "npas" => Field::Int(IntField::Npas),
        "ip1" => Field::Int(IntField::Ip1),
        "ip2" => Field::Int(IntField::Ip2),
        "ip3" => Field::Int(IntField::Ip3),
        "ip1_all" => Field::AnyEncoding(IntField::Ip1),
        "ip2_all" => Field::AnyEncoding(IntField::Ip2),
        "ip3_all" => Field::AnyEncoding(IntField::Ip3),
        "ig1" => Field::Int(IntField::Ig1),
        "ig2" => Field::Int(IntField::Ig2),
        "ig3" => Field::Int(IntField::Ig3),
        "ig4" => Field::Int(IntField::Ig4),
        "datev" => Field::Stamp(IntField::Datev, "valid_time"),
        "dateo" => Field::Stamp(IntField::Dateo, "origin_time"),
        "file" => Field::Int(IntField::File),
        "file_index" => Field::Int(IntField::FileIndex),
        "file_offset" => Field::Int(IntField::FileOffset),
        "total_stored_bytes" => Field::Int(IntField::TotalStoredBytes),
        "level" => Field::Level,
        "level_kind" => Field::LevelKind,
        "level_name" => Field::KindText("name", Kind::name),
        "level_unit" => Field::KindText("unit", Kind::modern_unit),
        "hour" => Field::Hour,
        "valid_time" | "time" => Field::ValidTime,
        "origin_time" | "reference_time" => Field::OriginTime,
        column => {
            let unknown = || format!("no field `{found}`; known are {KNOWN}");
            return fail(input, refused(column).map_or_else(unknown, str::to_owned));
        }
    };
    Ok((rest, field))
}

fn condition(input: &str) -> Parsed<'_, Expr> {
    let (at_operator, field) = field(input)?;
    let (rest, op) = operator(at_operator)?;
    let ordered = !matches!(op, Op::Equal | Op::NotEqual);
    let unordered =
        matches!(field, Field::Text(_) | Field::Grtyp | Field::AnyEncoding(_) | Field::LevelKind | Field::KindText(..));
    if ordered && unordered {
        return fail(at_operator.trim_start(), "this field can only be compared with = or !=");
    }
    let (rest, test) = match field {
        Field::Text(field) => values(rest, text_value)?.map_second(|list| Expr::Test(Test::Text(field, list))),
        Field::Grtyp => values(rest, grtyp_value)?.map_second(|list| Expr::Test(Test::Int(IntField::Grtyp, list))),
        Field::Int(field) => values(rest, |i| item(i, op, integer, Interval::point))?
            .map_second(|list| Expr::Test(Test::Int(field, list))),
        Field::AnyEncoding(field) => values(rest, ip)?.map_second(|list| {
            Expr::Any(list.into_iter().map(|ip| Expr::Test(Test::AnyEncoding(field, ip))).collect())
        }),
        Field::Level => {
            let (rest, list) = values(rest, |i| item(i, op, number, Interval::point))?;
            let (rest, unit) = unit(rest)?;
            (rest, Expr::Test(Test::Level(unit, list)))
        }
        Field::Stamp(field, dates) => values(rest, |i| item(i, op, stamp(dates), Interval::point))?
            .map_second(|list| Expr::Test(Test::Int(field, list))),
        Field::KindText(what, of) => {
            values(rest, |i| kinds_with(i, what, of))?.map_second(|list| Expr::Test(Test::LevelKind(list.concat())))
        }
        Field::LevelKind => values(rest, kind_or_code)?.map_second(|list| Expr::Test(Test::LevelKind(list))),
        Field::Hour => {
            let (rest, list) = values(rest, |i| item(i, op, number, Interval::point))?;
            let (rest, _) = opt(keyword("h")).parse(rest)?;
            (rest, Expr::Test(Test::Hour(list)))
        }
        Field::ValidTime => {
            values(rest, |i| item(i, op, time, |t| t))?.map_second(|list| Expr::Test(Test::ValidTime(list)))
        }
        Field::OriginTime => {
            values(rest, |i| item(i, op, time, |t| t))?.map_second(|list| Expr::Test(Test::OriginTime(list)))
        }
    };
    let (rest, _) = multispace0(rest)?;
    Ok((rest, if op == Op::NotEqual { Expr::Not(Box::new(test)) } else { test }))
}

trait MapSecond<A, B> {
    fn map_second<C>(self, f: impl FnOnce(B) -> C) -> (A, C);
}

impl<A, B> MapSecond<A, B> for (A, B) {
    fn map_second<C>(self, f: impl FnOnce(B) -> C) -> (A, C) {
        (self.0, f(self.1))
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use super::*;

    fn column(text: &str) -> (usize, String) {
        let error = parse(text).expect_err(text);
        (error.column, error.message)
    }

    #[test]
    fn errors_point_at_the_column() {
        for (text, expected, message) in [
            ("nomvar", 7, "expected one of"),
            ("nomvra=TT", 1, "no field `nomvra`"),
            ("nomvar=TT and level=abc", 21, "expected a number"),
            ("nomvar=TT level=5", 11, "expected `and`"),
            ("(nomvar=TT", 11, "expected `)`"),
            ("nomvar<TT", 7, "only be compared"),
            ("nomvar=\"TT", 8, "does not end"),
            ("ip1=1..x", 8, "expected an integer"),
            ("ip1=99999999999999999999", 5, "too large"),
            ("level=500 parsec", 11, "expected a unit"),
            ("valid_time=2020-13-45", 12, "expected a date"),
            ("not", 4, "expected the name of a field"),
            ("nomvar=TT and", 14, "expected the name of a field"),
            ("grtyp=ZZ", 7, "expected one letter"),
            ("é=1", 1, "expected the name"),
            ("level=1000..500 hPa", 7, "begins above its end"),
            ("valid_time=2020-06-15..2020-06-14", 12, "begins above its end"),
            ("level_kind=256", 12, "below 256"),
            ("valid_time=2020-13", 12, "expected a date"),
            ("valid_time=20", 12, "expected a date"),
            ("datev=2020-06-15", 7, "valid_time"),
            ("dateo>=2020-06-15T12:00", 8, "origin_time"),
            ("nomvar=TT and type=f16", 15, "ask for these"),
            ("index=3", 1, "--index"),
            ("level_name=parsec", 12, "this name"),
            ("level_unit<m", 11, "only be compared"),
        ] {
            let (column, found) = column(text);
            assert_eq!(column, expected, "{text}: {found}");
            assert!(found.contains(message), "{text}: {found}");
        }
        assert!(column(&"(".repeat(100_000)).1.contains("deeply"));
        assert!(column(&"not ".repeat(100_000)).1.contains("deeply"));
    }

    #[test]
    fn the_message_shows_the_place() {
        let error = parse("nomvar=TT and level=abc").expect_err("wrong").to_string();
        assert_eq!(error.lines().nth(2), Some("                      ^"), "{error}");
    }

    #[test]
    fn what_parses() {
        for text in [
            "nomvar=TT",
            "nomvar = TT,UU , VV",
            "nomvar in (TT, \"UU\")",
            "nomvar=T* and not typvar=A",
            "level=500..1000 hPa and hour<=24",
            "level=500,700,850 hPa or nomvar=P0",
            "level=..0.5 sg",
            "level=1.. and hour=0..6",
            "(nomvar=TT or nomvar=UU) and (ip1=500)",
            "valid_time=2020-06-15 and origin_time>=2020-06-14T12:00",
            "valid_time=2020-06-15..2020-06-16",
            "ip1_all=500 AND GRTYP!=Z",
            "level_kind=pressure,sigma",
            "level_kind=2",
            "hour = 0 .. 3 and level = 500 .. hPa",
            "hour= .. 3",
            "valid_time=2020-06-15 .. 2020-06-15",
            "dateo=-1275244186",
            "ni>=10 and nk==1",
            "nomvar=\">>\"",
            "hour=1.5e1 h",
            "valid_time=2020",
            "valid_time=2019-11..2020",
            "level_name=pressure,\"height above ground\" and level_unit=hPa",
            "file_index<10 and total_stored_bytes>1000 and file_offset>=0",
        ] {
            assert!(parse(text).is_ok_and(|e| e.is_some()), "{text}: {:?}", parse(text));
        }
        assert_eq!(parse("  "), Ok(None));
    }

    #[test]
    fn ranges_have_the_ends_that_are_said() {
        let Ok(Some(Expr::Test(Test::Hour(list)))) = parse("hour=0.5..2.5") else { panic!("hours") };
        assert_eq!(list, [Interval { low: Bound::Included(0.5), high: Bound::Included(2.5) }]);
        let Ok(Some(Expr::Test(Test::Int(_, list)))) = parse("ni<5") else { panic!("integers") };
        assert_eq!(list, [Interval { low: Bound::Unbounded, high: Bound::Excluded(5) }]);
        let Ok(Some(Expr::Test(Test::ValidTime(list)))) = parse("valid_time>2020-06-15") else { panic!("times") };
        let day = "2020-06-16".parse().expect("a day");
        assert_eq!(list, [Interval { low: Bound::Included(day), high: Bound::Unbounded }]);
        for (text, low, high) in [
            ("2020", "2020-01-01", "2021-01-01"),
            ("2020-06", "2020-06-01", "2020-07-01"),
            ("2020-12", "2020-12-01", "2021-01-01"),
            ("2019-11..2020-01", "2019-11-01", "2020-02-01"),
        ] {
            let Ok(Some(Expr::Test(Test::ValidTime(list)))) = parse(&format!("time={text}")) else { panic!("times") };
            let [low, high] = [low, high].map(|day| day.parse().expect("a day"));
            assert_eq!(list, [Interval { low: Bound::Included(low), high: Bound::Excluded(high) }], "{text}");
        }
    }
}
