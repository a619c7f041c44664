//! The right side of conditions: numbers, kinds of level, lists and ranges of values.

use std::ops::Bound;

use nom::{
    Parser,
    branch::alt,
    bytes::complete::{tag_no_case, take_while, take_while1},
    character::complete::{char, multispace0},
    combinator::{cut, opt, recognize, verify},
    multi::separated_list1,
    sequence::{delimited, preceded},
};

use super::{Fail, Op, Parsed, fail, name, word::word};
use crate::{
    query::interval::Interval,
    record::{
        IntField, Kind,
        ip::{KINDS, UNITS, unit_at},
    },
};

/// `a,b,c` or `(a, b, c)`.
pub(super) fn values<'a, T>(input: &'a str, one: impl Fn(&'a str) -> Parsed<'a, T>) -> Parsed<'a, Vec<T>> {
    let comma = || delimited(multispace0, char(','), multispace0);
    let (rest, open) = opt(preceded(multispace0, char('('))).parse(input)?;
    if open.is_none() {
        return separated_list1(comma(), cut(&one)).parse(rest);
    }
    let (rest, list) = separated_list1(comma(), cut(preceded(multispace0, &one))).parse(rest)?;
    match preceded(multispace0, char::<&str, Fail<'_>>(')')).parse(rest) {
        Ok((rest, _)) => Ok((rest, list)),
        Err(_) => fail(rest, "expected `,` or `)`"),
    }
}

/// A value or a range `a..b` (`a..`, `..b`), its ends included. After `<`, `<=`, `>`, `>=`: the interval on that side
/// of a value.
pub(super) fn item<'a, T: PartialOrd, P>(
    input: &'a str,
    op: Op,
    one: impl Fn(&'a str) -> Parsed<'a, P>,
    interval: impl Fn(P) -> Interval<T>,
) -> Parsed<'a, Interval<T>> {
    let ordered = !matches!(op, Op::Equal | Op::NotEqual);
    if !ordered && let Some(rest) = input.strip_prefix("..") {
        let (rest, high) = one(rest.trim_start())?;
        return Ok((rest, Interval::new(Bound::Unbounded, interval(high).high)));
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
            Op::Less => Interval::new(Bound::Unbounded, complement(first.low)),
            Op::LessEqual => Interval::new(Bound::Unbounded, first.high),
            Op::Greater => Interval::new(complement(first.high), Bound::Unbounded),
            _ => Interval::new(first.low, Bound::Unbounded),
        };
        return Ok((rest, side));
    }
    match rest.trim_start().strip_prefix("..") {
        Some(after) => match one(after.trim_start()) {
            Ok((rest, last)) => {
                let range = Interval::new(first.low, interval(last).high);
                if range.is_empty() { fail(input, "the range begins above its end") } else { Ok((rest, range)) }
            }
            Err(e) if after.starts_with(|c: char| c.is_ascii_alphanumeric()) => Err(e),
            Err(_) => Ok((after, Interval::new(first.low, Bound::Unbounded))),
        },
        None => Ok((rest, first)),
    }
}

/// [`item`] of numbers, where a range may have a step: `0..48/6`.
pub(super) fn stepped<'a, T: PartialOrd + Copy + Default>(
    input: &'a str,
    op: Op,
    one: impl Fn(&'a str) -> Parsed<'a, T>,
) -> Parsed<'a, Interval<T>> {
    let (rest, mut range) = item(input, op, &one, Interval::point)?;
    let Some(after) = rest.trim_start().strip_prefix('/') else { return Ok((rest, range)) };
    let is_range = matches!(op, Op::Equal | Op::NotEqual) && input[..input.len() - rest.len()].contains("..");
    if !is_range || range.low == Bound::Unbounded {
        return fail(rest.trim_start(), "a step belongs to a range that has a beginning, such as 0..48/6");
    }
    let after = after.trim_start();
    let (rest, step) = one(after)?;
    if step <= T::default() {
        return fail(after, "a step is above 0");
    }
    range.step = Some(step);
    Ok((rest, range))
}

/// Integers within the limits of a field.
pub(super) fn integers(field: IntField, what: &str, op: Op) -> impl Fn(&str) -> Parsed<'_, Interval<i64>> {
    let (least, most) = field.limits();
    move |input| {
        let (rest, range) = stepped(input, op, integer)?;
        if range.meets(least, most) { Ok((rest, range)) } else { fail(input, format!("{what} is {least} to {most}")) }
    }
}

/// Hours, which are not negative.
pub(super) fn hours(op: Op) -> impl Fn(&str) -> Parsed<'_, Interval<f64>> {
    move |input| {
        let (rest, range) = stepped(input, op, number)?;
        if range.meets(0.0, f64::INFINITY) { Ok((rest, range)) } else { fail(input, "hours are not negative") }
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
    let (least, most) = IntField::Ip1.limits();
    match u32::try_from(value) {
        Ok(code) if (least..=most).contains(&value) => Ok((rest, code)),
        _ => fail(input, format!("an ip is {least} to {most}")),
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
        Ok((rest, text)) => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok((rest, value)),
            Ok(_) => fail(input, "number too large"),
            Err(_) => fail(input, "expected a number"),
        },
        Err(_) => fail(input, "expected a number"),
    }
}

fn i_starts_with_range(input: &str) -> bool {
    input.starts_with("..")
}

/// A kind of level by its number, as listings show it, or by its name.
pub(super) fn kind_or_code(input: &str) -> Parsed<'_, Kind> {
    match digits(input) {
        Ok((rest, code)) => match code.parse().map(Kind::from_code) {
            Ok(kind) if KINDS.contains(&kind) => Ok((rest, kind)),
            _ => fail(input, "a kind of level is a number below 256: one of 0 to 7, 10, 15, 17 and 21"),
        },
        Err(_) => match unit_at(input) {
            Some((rest, kind)) => Ok((rest, kind)),
            None => fail(input, format!("expected a unit or a kind of level: {UNITS}")),
        },
    }
}

/// The kinds of level whose name or unit in listings is the next word.
pub(super) fn kinds_with<'a>(input: &'a str, what: &str, of: impl Fn(Kind) -> &'static str) -> Parsed<'a, Vec<Kind>> {
    let (rest, (text, _)) = word(input)?;
    let is_it = |kind: Kind| {
        // Tables show `hy` and `sg` where the unit is `1`.
        of(kind).eq_ignore_ascii_case(text) || what == "unit" && kind.short_unit().eq_ignore_ascii_case(text)
    };
    let found: Vec<_> = KINDS.iter().copied().filter(|&kind| is_it(kind)).collect();
    if found.is_empty() { fail(input, format!("no kind of level has this {what}")) } else { Ok((rest, found)) }
}

/// Values and the kind of their unit; without a unit, of any kind.
pub(super) type Levels = (Option<Kind>, Vec<Interval<f64>>);

/// Values and their unit, which may be followed by others: `500,700 hPa, 1.5 m agl`. Without a unit: of any kind.
pub(super) fn levels(input: &str, op: Op) -> Parsed<'_, Vec<Levels>> {
    if input.starts_with(['"', '\'']) {
        let (rest, (text, _)) = word(input)?;
        return match levels(text, op) {
            Ok((left, groups)) if left.trim().is_empty() => Ok((rest, groups)),
            Err(nom::Err::Error(e) | nom::Err::Failure(e)) => fail(input, e.message),
            _ => fail(input, "expected a level such as '500 hPa'"),
        };
    }
    let mut groups = Vec::new();
    let mut start = input;
    loop {
        let (rest, list) = values(start, |i| stepped(i, op, number))?;
        let (rest, unit) = unit(rest)?;
        if let Some(kind) = unit {
            let (least, most) = kind.range();
            // The same tolerance as in comparisons.
            let slack = |end: f64| 1e-6 * end.abs();
            if list.iter().any(|range| !range.meets(least - slack(least), most + slack(most))) {
                return fail(start, format!("{} is {least} to {most} {}", kind.name(), kind.short_unit()));
            }
        } else if !groups.is_empty() {
            return fail(rest.trim_start(), "expected a unit, as the values before have one");
        }
        groups.push((unit, list));
        match rest.trim_start().strip_prefix(',') {
            Some(after) if unit.is_some() => start = after.trim_start(),
            _ => return Ok((rest, groups)),
        }
    }
}

/// A unit after the values of a level; `None` before `and`, `or` or the end.
pub(super) fn unit(input: &str) -> Parsed<'_, Option<Kind>> {
    let after = input.trim_start();
    if after.starts_with(['"', '\'']) {
        let (rest, (text, _)) = word(after)?;
        return match Kind::from_name(text) {
            Some(kind) => Ok((rest, Some(kind))),
            None => fail(after, format!("expected a unit or a kind of level: {UNITS}")),
        };
    }
    if let Some((rest, kind)) = unit_at(after) {
        return Ok((rest, Some(kind)));
    }
    match name(after) {
        Ok((_, word)) if !["and", "or"].iter().any(|join| word.eq_ignore_ascii_case(join)) => {
            fail(after, format!("expected a unit or a kind of level: {UNITS}"))
        }
        _ => Ok((input, None)),
    }
}
