//! The text language of queries: `nomvar=TT and level=500..1000 hPa and hour<=24`.

use std::ops::Bound;

use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{is_not, tag, tag_no_case, take_while, take_while1},
    character::complete::{char, multispace0},
    combinator::{all_consuming, cut, opt, recognize, verify},
    error::{ErrorKind, ParseError},
    multi::separated_list1,
    sequence::{delimited, preceded},
};

use super::{
    expr::Expr,
    test::{IntField, Interval, Test, TextField, TextTest},
};
use crate::record::{CivilTime, Kind};

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
    Level,
    LevelKind,
    Hour,
    ValidTime,
    OriginTime,
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
        "datev" => Field::Int(IntField::Datev),
        "dateo" => Field::Int(IntField::Dateo),
        "file" => Field::Int(IntField::File),
        "level" => Field::Level,
        "level_kind" => Field::LevelKind,
        "hour" => Field::Hour,
        "valid_time" | "time" => Field::ValidTime,
        "origin_time" | "reference_time" => Field::OriginTime,
        _ => {
            let known = "nomvar typvar etiket grtyp ni nj nk datyp nbits data_bits deet npas ip1 ip2 ip3 ip1_all ip2_all \
                         ip3_all ig1 ig2 ig3 ig4 datev dateo level level_kind hour valid_time origin_time file";
            return fail(input, format!("no field `{found}`; known are {known}"));
        }
    };
    Ok((rest, field))
}

fn condition(input: &str) -> Parsed<'_, Expr> {
    let (at_operator, field) = field(input)?;
    let (rest, op) = operator(at_operator)?;
    let ordered = !matches!(op, Op::Equal | Op::NotEqual);
    if ordered && matches!(field, Field::Text(_) | Field::Grtyp | Field::AnyEncoding(_) | Field::LevelKind) {
        return fail(at_operator.trim_start(), "this field can only be compared with = or !=");
    }
    let (rest, test) = match field {
        Field::Text(field) => values(rest, text_value)?.map_second(|list| Expr::Test(Test::Text(field, list))),
        Field::Grtyp => values(rest, grtyp_value)?.map_second(|list| Expr::Test(Test::Int(IntField::Grtyp, list))),
        Field::Int(field) => values(rest, |i| item(i, op, integer, Interval::exactly))?
            .map_second(|list| Expr::Test(Test::Int(field, list))),
        Field::AnyEncoding(field) => values(rest, ip)?.map_second(|list| {
            Expr::Any(list.into_iter().map(|ip| Expr::Test(Test::AnyEncoding(field, ip))).collect())
        }),
        Field::Level => {
            let (rest, list) = values(rest, |i| item(i, op, number, Interval::exactly))?;
            let (rest, unit) = unit(rest)?;
            (rest, Expr::Test(Test::Level(unit, list)))
        }
        Field::LevelKind => values(rest, kind_or_code)?.map_second(|list| Expr::Test(Test::LevelKind(list))),
        Field::Hour => {
            let (rest, list) = values(rest, |i| item(i, op, number, Interval::exactly))?;
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

/// `a,b,c` or `(a, b, c)`.
fn values<'a, T>(input: &'a str, one: impl Fn(&'a str) -> Parsed<'a, T>) -> Parsed<'a, Vec<T>> {
    let comma = || delimited(multispace0, char(','), multispace0);
    let (rest, open) = opt(preceded(multispace0, char('('))).parse(input)?;
    if open.is_none() {
        return separated_list1(delimited(opt(char(' ')), char(','), opt(char(' '))), cut(&one)).parse(rest);
    }
    let (rest, list) = separated_list1(comma(), cut(preceded(multispace0, &one))).parse(rest)?;
    match preceded(multispace0, char::<&str, Fail<'_>>(')')).parse(rest) {
        Ok((rest, _)) => Ok((rest, list)),
        Err(_) => fail(rest, "expected `,` or `)`"),
    }
}

/// A word, or quoted text, which is taken to the letter.
fn word(input: &str) -> Parsed<'_, (&str, bool)> {
    for quote in ['"', '\''] {
        if let Some(rest) = input.strip_prefix(quote) {
            let Some(end) = rest.find(quote) else { return fail(input, "the quotation does not end") };
            return Ok((&rest[end + 1..], (&rest[..end], true)));
        }
    }
    match is_not::<_, _, Fail<'_>>(" \t\r\n,()\"'").parse(input) {
        Ok((rest, word)) => Ok((rest, (word, false))),
        Err(_) => fail(input, "expected a text"),
    }
}

fn text_value(input: &str) -> Parsed<'_, TextTest> {
    let (rest, (text, quoted)) = word(input)?;
    let pattern = !quoted && text.contains(['*', '?']);
    Ok((rest, if pattern { TextTest::pattern(text) } else { TextTest::exact(text) }))
}

fn grtyp_value(input: &str) -> Parsed<'_, Interval<i64>> {
    let (rest, (text, _)) = word(input)?;
    match text.as_bytes() {
        [letter] => Ok((rest, Interval::exactly(i64::from(*letter)))),
        _ => fail(input, "expected one letter"),
    }
}

impl<T: Clone> Interval<T> {
    fn exactly(value: T) -> Self {
        Self { low: Bound::Included(value.clone()), high: Bound::Included(value) }
    }
}

/// A value or a range `a..b` (`a..`, `..b`), its ends included; or the one side of it that the operator says.
fn item<'a, T: PartialOrd, P>(
    input: &'a str,
    op: Op,
    one: impl Fn(&'a str) -> Parsed<'a, P>,
    interval: impl Fn(P) -> Interval<T>,
) -> Parsed<'a, Interval<T>> {
    let ordered = !matches!(op, Op::Equal | Op::NotEqual);
    if !ordered && let Some(rest) = input.strip_prefix("..") {
        let (rest, high) = one(rest.trim_start())?;
        return Ok((rest, Interval { low: Bound::Unbounded, high: interval(high).high }));
    }
    let (rest, first) = one(input)?;
    let first = interval(first);
    if ordered {
        let complement = |bound| match bound {
            Bound::Included(value) => Bound::Excluded(value),
            Bound::Excluded(value) => Bound::Included(value),
            Bound::Unbounded => Bound::Unbounded,
        };
        let side = match op {
            Op::Less => Interval { low: Bound::Unbounded, high: complement(first.low) },
            Op::LessEqual => Interval { low: Bound::Unbounded, high: first.high },
            Op::Greater => Interval { low: complement(first.high), high: Bound::Unbounded },
            _ => Interval { low: first.low, high: Bound::Unbounded },
        };
        return Ok((rest, side));
    }
    match rest.trim_start().strip_prefix("..") {
        Some(after) => match one(after.trim_start()) {
            Ok((rest, last)) => {
                let range = Interval { low: first.low, high: interval(last).high };
                if range.is_empty() { fail(input, "the range begins above its end") } else { Ok((rest, range)) }
            }
            Err(e) if after.starts_with(|c: char| c.is_ascii_alphanumeric()) => Err(e),
            Err(_) => Ok((after, Interval { low: first.low, high: Bound::Unbounded })),
        },
        None => Ok((rest, first)),
    }
}

fn digits(input: &str) -> Parsed<'_, &str> {
    take_while1(|c: char| c.is_ascii_digit()).parse(input)
}

fn integer(input: &str) -> Parsed<'_, i64> {
    match recognize((opt(char('-')), digits)).parse(input) {
        Ok((rest, text)) => match text.parse() {
            Ok(value) => Ok((rest, value)),
            Err(_) => fail(input, "integer too large"),
        },
        Err(_) => fail(input, "expected an integer"),
    }
}

fn ip(input: &str) -> Parsed<'_, u32> {
    let (rest, value) = integer(input)?;
    match u32::try_from(value) {
        Ok(value) if value < 1 << 28 => Ok((rest, value)),
        _ => fail(input, "an ip is 0 to 268435455"),
    }
}

/// Like a Rust float, but a dot that is followed by another one belongs to a range.
fn number(input: &str) -> Parsed<'_, f64> {
    let fraction = |i| {
        let (rest, _) = verify(char('.'), |_| !i_starts_with_range(i)).parse(i)?;
        take_while(|c: char| c.is_ascii_digit()).parse(rest)
    };
    let exponent = (tag_no_case("e"), opt(alt((char('-'), char('+')))), digits);
    let mantissa = alt((recognize((digits, opt(fraction))), recognize(fraction)));
    match recognize((opt(alt((char('-'), char('+')))), mantissa, opt(exponent))).parse(input) {
        Ok((rest, text)) => match text.parse() {
            Ok(value) => Ok((rest, value)),
            Err(_) => fail(input, "expected a number"),
        },
        Err(_) => fail(input, "expected a number"),
    }
}

fn i_starts_with_range(input: &str) -> bool {
    input.starts_with("..")
}

/// An ISO 8601 date and time; what is left out makes it an interval: `2020-06-15` is the whole day.
fn time(input: &str) -> Parsed<'_, Interval<CivilTime>> {
    let end = input.find("..").unwrap_or(input.len());
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '+');
    let expected = "expected a date such as 2020-06-15 or 2020-06-15T12:00";
    let Ok((_, text)) = take_while1::<_, _, Fail<'_>>(allowed).parse(&input[..end]) else {
        return fail(input, expected);
    };
    let Ok(start) = text.parse::<CivilTime>() else {
        return fail(input, expected);
    };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let seconds = match digits {
        0..=8 => 86400,
        9 | 10 => 3600,
        11 | 12 => 60,
        _ => 1,
    };
    let high = start.add_seconds(seconds).map_or(Bound::Unbounded, Bound::Excluded);
    Ok((&input[text.len()..], Interval { low: Bound::Included(start), high }))
}

/// Units and names of the kinds of level.
const KINDS: &[(&str, Kind)] = &[
    ("mb", Kind::Pressure),
    ("hpa", Kind::Pressure),
    ("pressure", Kind::Pressure),
    ("sg", Kind::Sigma),
    ("sigma", Kind::Sigma),
    ("hy", Kind::Hybrid),
    ("hybrid", Kind::Hybrid),
    ("m", Kind::Height),
    ("height_above_sea", Kind::Height),
    ("magl", Kind::HeightAboveGround),
    ("height_above_ground", Kind::HeightAboveGround),
    ("depth", Kind::Depth),
    ("th", Kind::Theta),
    ("k", Kind::Theta),
    ("theta", Kind::Theta),
    ("mp", Kind::MetrePressure),
    ("metre_pressure", Kind::MetrePressure),
    ("arbitrary", Kind::Arbitrary),
    ("index", Kind::Index),
    ("h", Kind::Hours),
    ("time", Kind::Hours),
];

/// A kind of level by its number, as listings show it, or by its name.
fn kind_or_code(input: &str) -> Parsed<'_, Kind> {
    match digits(input) {
        Ok((rest, code)) => match code.parse() {
            Ok(code) => Ok((rest, Kind::from_code(code))),
            Err(_) => fail(input, "a kind of level is a number below 256"),
        },
        Err(_) => kind(input),
    }
}

fn kind(input: &str) -> Parsed<'_, Kind> {
    let found = name(input).ok().and_then(|(rest, word)| {
        let known = KINDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
        // Above ground: the classic unit is a capital M.
        let kind = if word == "M" { Some(Kind::HeightAboveGround) } else { known.map(|(_, kind)| *kind) };
        kind.map(|kind| (rest, kind))
    });
    match found {
        Some(found) => Ok(found),
        None => fail(input, "expected a unit or a kind of level: hPa mb sg hy m magl depth K th mp arbitrary index h"),
    }
}

/// A unit after the values of a level; a joining word or the end means: any.
fn unit(input: &str) -> Parsed<'_, Option<Kind>> {
    let after = input.trim_start();
    match name(after) {
        Ok((_, word)) if !["and", "or"].iter().any(|join| word.eq_ignore_ascii_case(join)) => {
            kind(after).map(|(rest, kind)| (rest, Some(kind)))
        }
        _ => Ok((input, None)),
    }
}

#[cfg(test)]
mod tests {
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
    }
}
