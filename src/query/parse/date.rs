//! Dates in conditions: calendar times, which last as long as their text leaves open (`2020-06` is a month), and date
//! stamps.

use std::ops::Bound;

use nom::{Parser, bytes::complete::take_while1};

use super::{Fail, Op, Parsed, fail, value::item, word::word};
use crate::{
    query::{expr::Expr, interval::Interval, test::Test},
    record::{
        CivilTime, DateStamp, IntField,
        date::{DateText, ParseDateError},
    },
};

const EXPECTED: &str = "expected a date such as 2020, 2020-06, 2020-06-15 or 2020-06-15T12:00";

/// The text of a date: quoted, or up to the next blank, comma or `..`.
fn token(input: &str) -> Option<(&str, &str)> {
    if input.starts_with(['"', '\'']) {
        return word(input).ok().map(|(rest, (text, _))| (rest, text));
    }
    let end = input.find("..").unwrap_or(input.len());
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '+');
    let (_, text) = take_while1::<_, _, Fail<'_>>(allowed).parse(&input[..end]).ok()?;
    Some((&input[text.len()..], text))
}

/// An ISO 8601 date and time; what is left out makes it an interval: `2020-06-15` is the whole day, `2020` the year.
/// A stamp needs `stamp:` here: other digits that are no date are mistyped dates.
pub(super) fn time(input: &str) -> Parsed<'_, Interval<CivilTime>> {
    let Some((rest, text)) = token(input) else { return fail(input, EXPECTED) };
    if let Some(times) = year_or_month(text) {
        return Ok((rest, interval(times)));
    }
    match text.parse::<DateText>() {
        Ok(date) if matches!(date, DateText::Time { .. }) || text.contains(':') => match date.times() {
            Ok(times) => Ok((rest, interval(times))),
            Err(error) => fail(input, error.to_string()),
        },
        Err(error @ ParseDateError::OtherAge(_)) => fail(input, error.to_string()),
        Err(error @ ParseDateError::Digits(_)) if text.len() >= 8 => fail(input, error.to_string()),
        _ => fail(input, EXPECTED),
    }
}

fn interval((start, after): (CivilTime, Option<CivilTime>)) -> Interval<CivilTime> {
    Interval::new(Bound::Included(start), after.map_or(Bound::Unbounded, Bound::Excluded))
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

fn date_text(input: &str) -> Parsed<'_, DateText> {
    let Some((rest, text)) = token(input) else {
        return fail(input, "expected a date such as 2020-06-15 or 2020061512, or a date stamp");
    };
    let date = match year_or_month(text) {
        Some((start, end)) => Ok(DateText::Time { start, end }),
        None => text.parse(),
    };
    match date {
        Ok(date) => Ok((rest, date)),
        Err(error) => {
            // Some records have such a stamp, although it is no date.
            let stamp = text.parse().map(DateStamp::from_raw).ok().filter(|stamp| stamp.to_civil().is_err());
            let as_it_is = stamp.map_or_else(String::new, |stamp| format!("; a stamp as it is: stamp:{stamp}"));
            fail(input, format!("{error}{as_it_is}"))
        }
    }
}

/// The dates of a field whose values are stamps. A single stamp is compared as an integer, dates and ranges as times.
pub(super) fn stamps(field: IntField, op: Op) -> impl Fn(&str) -> Parsed<'_, Expr> {
    move |input| {
        let alone = matches!(op, Op::Equal | Op::NotEqual);
        if alone
            && let Ok((rest, DateText::Stamp(stamp))) = date_text(input)
            && !rest.trim_start().starts_with("..")
        {
            let list = vec![Interval::point(i64::from(stamp.raw()))];
            return Ok((rest, Expr::Test(Test::Int(field, list))));
        }
        let as_time = |input| {
            let (rest, date) = date_text(input)?;
            match date.times() {
                Ok(times) => Ok((rest, interval(times))),
                Err(error) => fail(input, format!("{error}: it can only be compared with = or !=")),
            }
        };
        let (rest, range) = item(input, op, as_time, |times| times)?;
        let of_field = if field == IntField::Datev { Test::ValidTime } else { Test::OriginTime };
        Ok((rest, Expr::Test(of_field(vec![range]))))
    }
}
