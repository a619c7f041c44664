//! What stands on the right of an operator: texts, numbers, dates, kinds of level, lists and ranges of them.

use std::ops::Bound;

use nom::{
    Parser,
    branch::alt,
    bytes::complete::{is_not, tag_no_case, take_while, take_while1},
    character::complete::{char, multispace0},
    combinator::{cut, opt, recognize, verify},
    multi::separated_list1,
    sequence::{delimited, preceded},
};

use super::{Fail, Op, Parsed, fail, name};
use crate::{
    query::test::{Interval, TextTest},
    record::{CivilTime, Kind},
};

/// `a,b,c` or `(a, b, c)`.
pub(super) fn values<'a, T>(input: &'a str, one: impl Fn(&'a str) -> Parsed<'a, T>) -> Parsed<'a, Vec<T>> {
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

pub(super) fn text_value(input: &str) -> Parsed<'_, TextTest> {
    let (rest, (text, quoted)) = word(input)?;
    let pattern = !quoted && text.contains(['*', '?']);
    Ok((rest, if pattern { TextTest::pattern(text) } else { TextTest::exact(text) }))
}

pub(super) fn grtyp_value(input: &str) -> Parsed<'_, Interval<i64>> {
    let (rest, (text, _)) = word(input)?;
    match text.as_bytes() {
        [letter] => Ok((rest, Interval::point(i64::from(*letter)))),
        _ => fail(input, "expected one letter"),
    }
}

/// A value or a range `a..b` (`a..`, `..b`), its ends included; or the one side of it that the operator says.
pub(super) fn item<'a, T: PartialOrd, P>(
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

pub(super) fn integer(input: &str) -> Parsed<'_, i64> {
    match recognize((opt(char('-')), digits)).parse(input) {
        Ok((rest, text)) => match text.parse() {
            Ok(value) => Ok((rest, value)),
            Err(_) => fail(input, "integer too large"),
        },
        Err(_) => fail(input, "expected an integer"),
    }
}

pub(super) fn ip(input: &str) -> Parsed<'_, u32> {
    let (rest, value) = integer(input)?;
    match u32::try_from(value) {
        Ok(value) if value < 1 << 28 => Ok((rest, value)),
        _ => fail(input, "an ip is 0 to 268435455"),
    }
}

/// Like a Rust float, but a dot that is followed by another one belongs to a range.
pub(super) fn number(input: &str) -> Parsed<'_, f64> {
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

/// An ISO 8601 date and time; what is left out makes it an interval: `2020-06-15` is the whole day, `2020` the year.
pub(super) fn time(input: &str) -> Parsed<'_, Interval<CivilTime>> {
    let end = input.find("..").unwrap_or(input.len());
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '+');
    let expected = "expected a date such as 2020, 2020-06, 2020-06-15 or 2020-06-15T12:00";
    let Ok((_, text)) = take_while1::<_, _, Fail<'_>>(allowed).parse(&input[..end]) else {
        return fail(input, expected);
    };
    let Some((start, after)) = year_or_month(text).or_else(|| moment(text)) else {
        return fail(input, expected);
    };
    let high = after.map_or(Bound::Unbounded, Bound::Excluded);
    Ok((&input[text.len()..], Interval { low: Bound::Included(start), high }))
}

/// A day, hour, minute or second, and the one that follows, if there is one.
fn moment(text: &str) -> Option<(CivilTime, Option<CivilTime>)> {
    let start: CivilTime = text.parse().ok()?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let seconds = match digits {
        0..=8 => 86400,
        9 | 10 => 3600,
        11 | 12 => 60,
        _ => 1,
    };
    Some((start, start.add_seconds(seconds)))
}

/// `2020` or `2020-06`, and the year or month that follows.
fn year_or_month(text: &str) -> Option<(CivilTime, Option<CivilTime>)> {
    let first = |year, month| CivilTime::new(year, month, 1, 0, 0, 0).ok();
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let (year, month) = match text.split_once('-') {
        Some((year, month)) if digits(month, 2) => (year, Some(month.parse().ok()?)),
        Some(_) => return None,
        None => (text, None),
    };
    let year = if digits(year, 4) { year.parse().ok()? } else { return None };
    let after = match month {
        Some(month @ ..=11) => first(year, month + 1),
        _ => first(year + 1, 1),
    };
    Some((first(year, month.unwrap_or(1))?, after))
}

/// A date stamp, the integer; `dates` names the field that is compared with dates.
pub(super) fn stamp(dates: &'static str) -> impl Fn(&str) -> Parsed<'_, i64> {
    move |input| {
        let (rest, value) = integer(input)?;
        if rest.starts_with(['-', ':', 'T', 't']) {
            return fail(
                input,
                format!("expected a date stamp, which is an integer; dates are asked for with {dates}"),
            );
        }
        Ok((rest, value))
    }
}

/// A kind of level by its number, as listings show it, or by its name.
pub(super) fn kind_or_code(input: &str) -> Parsed<'_, Kind> {
    match digits(input) {
        Ok((rest, code)) => match code.parse() {
            Ok(code) => Ok((rest, Kind::from_code(code))),
            Err(_) => fail(input, "a kind of level is a number below 256"),
        },
        Err(_) => kind(input),
    }
}

fn kind(input: &str) -> Parsed<'_, Kind> {
    let found = name(input).ok().and_then(|(rest, word)| Some((rest, Kind::from_name(word)?)));
    match found {
        Some(found) => Ok(found),
        None => fail(input, "expected a unit or a kind of level: hPa mb sg hy m magl depth K th mp arbitrary index h"),
    }
}

/// The kinds of level whose name or unit, as listings show it, is the word that follows.
pub(super) fn kinds_with<'a>(input: &'a str, what: &str, of: impl Fn(Kind) -> &'static str) -> Parsed<'a, Vec<Kind>> {
    let (rest, (text, _)) = word(input)?;
    let all = (0..=u8::MAX).map(Kind::from_code);
    let found: Vec<_> = all.filter(|&kind| !text.is_empty() && of(kind).eq_ignore_ascii_case(text)).collect();
    if found.is_empty() { fail(input, format!("no kind of level has this {what}")) } else { Ok((rest, found)) }
}

/// A unit after the values of a level; a joining word or the end means: any.
pub(super) fn unit(input: &str) -> Parsed<'_, Option<Kind>> {
    let after = input.trim_start();
    match name(after) {
        Ok((_, word)) if !["and", "or"].iter().any(|join| word.eq_ignore_ascii_case(join)) => {
            kind(after).map(|(rest, kind)| (rest, Some(kind)))
        }
        _ => Ok((input, None)),
    }
}
