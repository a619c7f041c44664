//! One condition: a field, an operator, values.

use nom::{
    Parser,
    branch::alt,
    bytes::complete::tag,
    character::complete::multispace0,
    combinator::{opt, verify},
};

use super::{
    Op, Parsed,
    date::{stamps, time},
    fail, keyword, name, spaced,
    value::{hours, integers, ip, item, kind_or_code, kinds_with, levels, values},
    word::{grtyp_value, text_value},
};
use crate::{
    query::{
        expr::Expr,
        interval::Interval,
        test::{End, Test},
    },
    record::{Column, IntField, Kind, ip::AnyEncoding, schema::Condition},
};

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

/// Why there are no conditions on a column of listings.
fn refused(column: &str) -> Option<&'static str> {
    Some(match column {
        "type" => "`type` is datyp and nbits in one word: ask for these, as in datyp=134 and nbits=16",
        "index" => "`index` is a position in a listing and not a field of records; `rpnfst get --index` takes it",
        "path" => "`path` is not a field of records; `file` is the number of the file, from 0",
        "metadata" => "extended metadata cannot be asked for in a text; programs use the method `Query::metadata`",
        _ => return None,
    })
}

/// The end of the names `ip1_all`, `ip2_all`, `ip3_all`: the same value in any encoding.
const ANY_ENCODING: &str = "_all";

/// All names of fields.
fn known() -> Vec<String> {
    let columns = || Column::ALL.iter().filter(|column| column.is_queryable());
    let names = columns().flat_map(|column| [column.name()].into_iter().chain(column.aliases().iter().copied()));
    let is_ip = |column: &&Column| matches!(column.condition(), Some(Condition::Ip(_)));
    let any_encoding = columns().filter(is_ip).map(|column| format!("{}{ANY_ENCODING}", column.name()));
    names.map(str::to_owned).chain(any_encoding).collect()
}

/// What to say of a name that no field has: the names nearest to it, if they are near, and all.
fn unknown(found: &str, lower: &str) -> String {
    let known = known();
    let distances = known.iter().map(|name| edits(lower.as_bytes(), name.as_bytes()));
    let few = (lower.len() / 3).max(1);
    let Some(least) = distances.clone().min().filter(|&least| least <= few && least < lower.len()) else {
        return format!("no field `{found}`; known are {}", known.join(" "));
    };
    let near = known.iter().zip(distances).filter(|&(_, distance)| distance == least);
    let near: Vec<_> = near.map(|(name, _)| format!("`{name}`")).collect();
    format!("no field `{found}`, did you mean {}? Known are {}", near.join(" or "), known.join(" "))
}

/// How many characters one text has to lose, get or change to become the other. Of long texts: how much longer one is.
fn edits(a: &[u8], b: &[u8]) -> usize {
    const LONG: usize = 32;
    if a.len() > LONG {
        return a.len().abs_diff(b.len());
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (&y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let above = *cell;
            left = (diagonal + usize::from(x != y)).min(above + 1).min(left + 1);
            (diagonal, *cell) = (above, left);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A field of the schema, or an ip in any encoding.
enum Field {
    Of(Condition),
    AnyEncoding(IntField),
}

fn field(input: &str) -> Parsed<'_, Field> {
    let Ok((rest, found)) = name(input) else { return fail(input, "expected the name of a field, such as nomvar") };
    let lower = found.to_ascii_lowercase();
    let condition = |name: &str| Column::from_name(name).and_then(Column::condition);
    if let Some(condition) = condition(&lower) {
        return Ok((rest, Field::Of(condition)));
    }
    if let Some(Condition::Ip(field)) = lower.strip_suffix(ANY_ENCODING).and_then(condition) {
        return Ok((rest, Field::AnyEncoding(field)));
    }
    fail(input, refused(&lower).map_or_else(|| unknown(found, &lower), str::to_owned))
}

pub(super) fn condition(input: &str) -> Parsed<'_, Expr> {
    let (at_operator, field) = field(input)?;
    let (rest, op) = operator(at_operator)?;
    let ordered = !matches!(op, Op::Equal | Op::NotEqual);
    let unordered = matches!(
        field,
        Field::AnyEncoding(_)
            | Field::Of(
                Condition::Text(_)
                    | Condition::Grtyp
                    | Condition::LevelKind
                    | Condition::LevelName
                    | Condition::LevelUnit
            )
    );
    if ordered && unordered {
        return fail(at_operator.trim_start(), "this field can only be compared with = or !=");
    }
    let written = input[..input.len() - at_operator.len()].trim_end();
    let (rest, test) = match field {
        Field::Of(condition) => right_side(rest, condition, written, op)?,
        Field::AnyEncoding(field) => {
            let (rest, list) = values(rest, ip)?;
            let tests = list.into_iter().map(|code| Expr::Test(Test::AnyEncoding(field, AnyEncoding::new(code))));
            (rest, Expr::Any(tests.collect()))
        }
    };
    let (rest, _) = multispace0(rest)?;
    Ok((rest, if op == Op::NotEqual { Expr::Not(Box::new(test)) } else { test }))
}

/// The values of a condition, which follow the operator. `written` is the name of the field as the query has it.
fn right_side<'a>(input: &'a str, condition: Condition, written: &str, op: Op) -> Parsed<'a, Expr> {
    /// The test made of the values of a list.
    fn tested<T>(list: Parsed<'_, Vec<T>>, test: impl FnOnce(Vec<T>) -> Test) -> Parsed<'_, Expr> {
        list.map(|(rest, list)| (rest, Expr::Test(test(list))))
    }
    let times = |i| item(i, op, time, |time| time);
    match condition {
        Condition::Text(field) => tested(values(input, text_value(field)), |list| Test::Text(field, list)),
        Condition::Grtyp => tested(values(input, grtyp_value), |list| Test::Int(IntField::Grtyp, list.concat())),
        Condition::Int(field) => tested(values(input, integers(field, written, op)), |list| Test::Int(field, list)),
        Condition::Ip(field) => ips(input, field, written, op),
        Condition::Stamp(field) => {
            let (rest, list) = values(input, stamps(field, op))?;
            Ok((rest, any_of(list)))
        }
        Condition::Level => {
            let (rest, groups) = levels(input, op)?;
            let tests = groups.into_iter().map(|(unit, list)| Expr::Test(Test::Level(unit, list)));
            Ok((rest, any_of(tests.collect())))
        }
        Condition::LevelKind => tested(values(input, kind_or_code), Test::LevelKind),
        Condition::LevelName => tested(kinds(input, "name", Kind::name), Test::LevelKind),
        Condition::LevelUnit => tested(kinds(input, "unit", Kind::modern_unit), Test::LevelKind),
        Condition::Hour => tested(hours_list(input, op), Test::Hour),
        Condition::IntervalBegin => tested(hours_list(input, op), |list| Test::TimeInterval(End::Begin, list)),
        Condition::IntervalEnd => tested(hours_list(input, op), |list| Test::TimeInterval(End::End, list)),
        Condition::ValidTime => tested(values(input, times), Test::ValidTime),
        Condition::OriginTime => tested(values(input, times), Test::OriginTime),
    }
}

/// Kinds of level by a text of theirs that listings show.
fn kinds<'a>(input: &'a str, what: &str, of: fn(Kind) -> &'static str) -> Parsed<'a, Vec<Kind>> {
    let (rest, list) = values(input, |i| kinds_with(i, what, of))?;
    Ok((rest, list.concat()))
}

/// Hours, with or without their unit.
fn hours_list(input: &str, op: Op) -> Parsed<'_, Vec<Interval<f64>>> {
    let (rest, list) = values(input, hours(op))?;
    let (rest, _) = opt(keyword("h")).parse(rest)?;
    Ok((rest, list))
}

/// Codes, or with a unit the values that they stand for: `ip2=177809344`, `ip2=6 h`.
fn ips<'a>(input: &'a str, field: IntField, name: &str, op: Op) -> Parsed<'a, Expr> {
    if let Ok((rest, groups)) = levels(input, op)
        && groups.iter().all(|(unit, _)| unit.is_some())
    {
        let tests = groups.into_iter().filter_map(|(unit, list)| Some(Expr::Test(Test::IpValue(field, unit?, list))));
        return Ok((rest, any_of(tests.collect())));
    }
    let (rest, list) = values(input, integers(field, name, op))?;
    // After the codes something that looks like a unit is left: let the message be about units.
    levels(input, op).map_or_else(Err, |_| Ok((rest, Expr::Test(Test::Int(field, list)))))
}

fn any_of(mut list: Vec<Expr>) -> Expr {
    if list.len() == 1 { list.remove(0) } else { Expr::Any(list) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first() {
        for (wrong, expected) in [
            ("hours", "no field `hours`, did you mean `hour`? Known are nomvar"),
            ("date", "no field `date`, did you mean `dateo` or `datev`? Known"),
            ("NOMVRA", "no field `NOMVRA`, did you mean `nomvar`? Known"),
            ("x", "no field `x`; known are nomvar"),
            ("temperature", "no field `temperature`; known are nomvar"),
        ] {
            let found = unknown(wrong, &wrong.to_ascii_lowercase());
            assert!(found.starts_with(expected), "{found}");
        }
        assert_eq!(edits(b"level", b"leval"), 1);
        assert_eq!(edits(b"", b"ni"), 2);
        assert_eq!(edits(&[b'x'; 100], b"ni"), 98);
    }
}
