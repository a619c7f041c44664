//! The text language of queries: `nomvar=TT and level=500..1000 hPa and hour<=24`.
//!
//! This file has the grammar of `and`, `or`, `not` and parentheses; [`field`] that of one condition; [`value`],
//! [`date`] and [`word`] that of what follows the operator. Names of fields come from the schema, `record::schema`.

mod date;
mod field;
mod value;
mod word;

use nom::{
    IResult, Parser,
    bytes::complete::take_while1,
    character::complete::{char, multispace0},
    combinator::{all_consuming, verify},
    error::{ErrorKind, ParseError},
    multi::separated_list1,
    sequence::delimited,
};

use self::field::condition;
use super::expr::Expr;
use crate::error::QueryError;

/// Greatest depth of parentheses and `not`.
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
        // Of two errors, show that of the branch that parsed further.
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

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use super::*;
    use crate::query::{interval::Interval, test::Test};

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
    fn what_can_never_match_is_an_error() {
        for (text, expected, message) in [
            // A comma, a semicolon or brackets where conditions were meant to be joined.
            ("nomvar=TT,ip1=500", 11, "`ip1=500` is no value: `and` joins conditions"),
            ("nomvar=TT, ip1=500", 12, "`and` joins"),
            ("nomvar=TT,ni>5", 11, "`and` joins"),
            ("nomvar=TT;ip1=500", 10, "`and` joins"),
            ("nomvar=TT&&ni=5", 10, "`and` joins"),
            ("nomvar=TT|UU", 10, "`or` joins"),
            ("nomvar=[TT,UU]", 8, "a list is written"),
            ("nomvar in [TT]", 11, "a list is written"),
            ("nomvar={TT,UU}", 8, "a list is written"),
            ("etiket=A[1]", 9, "quotes make `[`"),
            ("ip1=500;nomvar=TT", 8, "expected `and`"),
            ("ip1=500,nomvar=TT", 9, "expected an integer"),
            ("grtyp=Z;ni=5", 8, "`and` joins"),
            // Texts that no field holds.
            ("nomvar=TTTTX", 8, "at most 4 characters, this has 5"),
            ("nomvar=\"TTTTX\"", 8, "at most 4"),
            ("typvar=PP@", 8, "at most 2"),
            ("etiket='ABCDEFGHIJKLM'", 8, "at most 12"),
            ("etiket='            X'", 8, "this has 13"),
            ("nomvar=*TTTT?*", 8, "this has 5"),
            ("nomvar=\u{e9}", 8, "no nomvar has the character 'é'"),
            ("etiket='A\tB'", 8, "no etiket has"),
            ("etiket=\u{e9}*", 8, "no etiket has"),
            // Numbers that no field holds.
            ("ip1=999999999", 5, "ip1 is 0 to 268435455"),
            ("ip2=-1", 5, "ip2 is 0 to"),
            ("ip1>268435455", 5, "ip1 is 0 to 268435455"),
            ("ip1=500,999999999", 9, "ip1 is"),
            ("ni=0", 4, "ni is 1 to 2147483647"),
            ("ni<1", 4, "ni is"),
            ("nk=1048576", 4, "nk is 1 to 1048575"),
            ("nbits=256", 7, "nbits is 0 to 255"),
            ("datyp=-5", 7, "datyp is 0 to 255"),
            ("deet=16777216", 6, "deet is 0 to 16777215"),
            ("npas=67108864", 6, "npas is 0 to 67108863"),
            ("ig4=16777216", 5, "ig4 is"),
            ("file_index=-1..-5", 12, "begins above"),
            ("hour=-1", 6, "not negative"),
            ("hour<0", 6, "not negative"),
            ("hour=NaN", 6, "expected a number"),
            ("hour=1e999", 6, "too large"),
            ("level=inf hPa", 7, "expected a number"),
            ("level=500 sg", 7, "sigma is 0 to 1"),
            ("level=500,2000 hPa", 7, "pressure is 0 to 1100 hPa"),
            ("level_kind=99", 12, "one of 0 to 7, 10"),
            ("level_name=unknown", 12, "this name"),
            ("grtyp=ZZ", 7, "one letter"),
            // Dates.
            ("datev=20201340", 7, "neither a date"),
            ("datev=2020063112", 7, "neither a date"),
            ("dateo>=0", 8, "only be compared with = or !="),
            ("datev=-1", 7, "neither a date"),
            ("datev=yesterday", 7, "is not a date"),
        ] {
            let (column, found) = column(text);
            assert_eq!(column, expected, "{text}: {found}");
            assert!(found.contains(message), "{text}: {found}");
        }
    }

    #[test]
    fn steps_must_make_sense() {
        for (text, expected, message) in [
            ("hour=0..48/0", 12, "above 0"),
            ("hour=0..48/-6", 12, "above 0"),
            ("ip2=0..48/0", 11, "above 0"),
            ("ip2=6/6", 6, "belongs to a range"),
            ("ip2=..48/6", 9, "belongs to a range"),
            ("hour<=48/6", 9, "belongs to a range"),
            ("hour=0..48/", 12, "expected a number"),
            ("ip2=0..48/1.5", 12, "expected `and`"),
            ("valid_time=2020..2021/6", 22, "expected `and`"),
        ] {
            let (column, found) = column(text);
            assert_eq!(column, expected, "{text}: {found}");
            assert!(found.contains(message), "{text}: {found}");
        }
    }

    #[test]
    fn the_message_shows_the_place() {
        let error = parse("nomvar=TT and level=abc").expect_err("wrong").to_string();
        assert_eq!(error.lines().nth(2), Some("                      ^"), "{error}");
    }

    #[test]
    fn the_message_of_a_long_query_shows_a_window() {
        for (text, shown) in [
            ("nomvar=TT or ".repeat(6000) + "x", "...r nomvar=TT or nomvar=TT"),
            ("nomvar=TT and level=abc ".to_owned() + &"x".repeat(100_000), "nomvar=TT and level=abc xxx"),
            ("x".repeat(100_000) + "=1", "xxxxxx"),
            ("nomvar=T,".to_owned() + &"y".repeat(100_000) + "=1", "nomvar=T,yyy"),
            ("dateo=".to_owned() + &"9".repeat(70_000), "dateo=999"),
            ("\u{e9}".repeat(70_000), "\u{e9}\u{e9}"),
            ("nomvar=TT\n".repeat(7_000), "nomvar=TT nomvar=TT"),
        ] {
            let error = parse(&text).expect_err("wrong");
            let message = error.to_string();
            assert!(message.chars().count() < 1200, "{message}");
            let lines: Vec<_> = message.lines().collect();
            let [.., query, mark] = lines.as_slice() else { panic!("{message}") };
            assert!(query.contains(shown), "{query}");
            // The mark is under the character at which parsing stopped.
            let place = mark.chars().count() - 1;
            let visible = |c: char| if c.is_control() { ' ' } else { c };
            let there = query.chars().nth(place).filter(|_| error.column <= text.chars().count());
            assert_eq!(there, text.chars().nth(error.column - 1).map(visible), "{message}");
        }
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
            "etiket='' and nomvar=\" \" and grtyp=''",
            "nomvar=>>,^^ or nomvar=!! or nomvar=^>",
            "etiket='A;B=[C]' and etiket=\"a{b}|c\"",
            "nomvar=TT,  UU",
            "datev=2020-06-15 or dateo>=2020061512 or datev=20200601..20200615,442372400",
            "datev=stamp:20200615 or datev=none or datev=0 or dateo=442361600..442372400",
            "valid_time='2020-06-15 12:00'",
            "hour=0..48/6,72.. and ip2 = 0 .. 48 / 6 and npas=0..100/10",
            "hour=0../6 h",
            "level=100..1000/100 hPa and level=(100..500/50, 1000) hPa",
            "level=500,700 hPa, 1.5 m agl and level = 5 [] or level=4.94 m deep or level=1234 _0 or level=3 M",
            "level=12 arbitrary and level=12",
            "ip2=6 h and ip3=0 h and ip1=500 hPa and ip2=0..48/6 h",
            "interval_begin=0 and interval_end=6..48/6 h",
            "ip1>5 and ip1<=999999999 and ni>=0",
            "level_kind=m_agl,10",
        ] {
            assert!(parse(text).is_ok_and(|e| e.is_some()), "{text}: {:?}", parse(text));
        }
        assert_eq!(parse("  "), Ok(None));
    }

    #[test]
    fn ranges_have_the_ends_that_are_said() {
        let Ok(Some(Expr::Test(Test::Hour(list)))) = parse("hour=0.5..2.5") else { panic!("hours") };
        assert_eq!(list, [Interval::new(Bound::Included(0.5), Bound::Included(2.5))]);
        let Ok(Some(Expr::Test(Test::Int(_, list)))) = parse("ni<5") else { panic!("integers") };
        assert_eq!(list, [Interval::new(Bound::Unbounded, Bound::Excluded(5))]);
        let Ok(Some(Expr::Test(Test::ValidTime(list)))) = parse("valid_time>2020-06-15") else { panic!("times") };
        let day = "2020-06-16".parse().expect("a day");
        assert_eq!(list, [Interval::new(Bound::Included(day), Bound::Unbounded)]);
        for (text, low, high) in [
            ("2020", "2020-01-01", "2021-01-01"),
            ("2020-06", "2020-06-01", "2020-07-01"),
            ("2020-12", "2020-12-01", "2021-01-01"),
            ("2019-11..2020-01", "2019-11-01", "2020-02-01"),
        ] {
            let Ok(Some(Expr::Test(Test::ValidTime(list)))) = parse(&format!("time={text}")) else { panic!("times") };
            let [low, high] = [low, high].map(|day| day.parse().expect("a day"));
            assert_eq!(list, [Interval::new(Bound::Included(low), Bound::Excluded(high))], "{text}");
        }
    }
}
