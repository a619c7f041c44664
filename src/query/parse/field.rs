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
        test::{End, IntField, Ip, Test, TextField},
    },
    record::{Kind, ip::AnyEncoding},
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

/// What kind of values a field has.
enum Field {
    Text(TextField),
    Grtyp,
    Int(IntField),
    AnyEncoding(IntField),
    /// The code of an ip, or with a unit its value.
    Ip(IntField, Ip),
    Stamp(IntField),
    Level,
    LevelKind,
    /// What listings show of the kind of level.
    KindText(&'static str, fn(Kind) -> &'static str),
    Hour,
    TimeInterval(End),
    ValidTime,
    OriginTime,
}

/// The fields that have a meaning in queries.
const KNOWN: &str = "nomvar typvar etiket grtyp ni nj nk datyp nbits data_bits deet npas ip1 ip2 ip3 ip1_all ip2_all ip3_all \
                     ig1 ig2 ig3 ig4 datev dateo level level_kind level_name level_unit hour \
                     interval_begin interval_end valid_time origin_time file file_index file_offset total_stored_bytes";

/// Why a column of listings cannot be asked for.
fn refused(column: &str) -> Option<&'static str> {
    Some(match column {
        "type" => "`type` is datyp and nbits in one word: ask for these, as in datyp=134 and nbits=16",
        "index" => "`index` is a position in a listing and not a field of records; `rpnfst get --index` takes it",
        "path" => "`path` is not a field of records; `file` is the number of the file, from 0",
        "metadata" => "extended metadata cannot be asked for in a text; programs use the method `Query::metadata`",
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
        "ip1" => Field::Ip(IntField::Ip1, Ip::First),
        "ip2" => Field::Ip(IntField::Ip2, Ip::Second),
        "ip3" => Field::Ip(IntField::Ip3, Ip::Third),
        "ip1_all" => Field::AnyEncoding(IntField::Ip1),
        "ip2_all" => Field::AnyEncoding(IntField::Ip2),
        "ip3_all" => Field::AnyEncoding(IntField::Ip3),
        "ig1" => Field::Int(IntField::Ig1),
        "ig2" => Field::Int(IntField::Ig2),
        "ig3" => Field::Int(IntField::Ig3),
        "ig4" => Field::Int(IntField::Ig4),
        "datev" => Field::Stamp(IntField::Datev),
        "dateo" => Field::Stamp(IntField::Dateo),
        "file" => Field::Int(IntField::File),
        "file_index" => Field::Int(IntField::FileIndex),
        "file_offset" => Field::Int(IntField::FileOffset),
        "total_stored_bytes" => Field::Int(IntField::TotalStoredBytes),
        "level" => Field::Level,
        "level_kind" => Field::LevelKind,
        "level_name" => Field::KindText("name", Kind::name),
        "level_unit" => Field::KindText("unit", Kind::modern_unit),
        "hour" => Field::Hour,
        "interval_begin" => Field::TimeInterval(End::Begin),
        "interval_end" => Field::TimeInterval(End::End),
        "valid_time" | "time" => Field::ValidTime,
        "origin_time" | "reference_time" => Field::OriginTime,
        column => {
            let unknown = || format!("no field `{found}`; known are {KNOWN}");
            return fail(input, refused(column).map_or_else(unknown, str::to_owned));
        }
    };
    Ok((rest, field))
}

pub(super) fn condition(input: &str) -> Parsed<'_, Expr> {
    let (at_operator, field) = field(input)?;
    let (rest, op) = operator(at_operator)?;
    let ordered = !matches!(op, Op::Equal | Op::NotEqual);
    let unordered =
        matches!(field, Field::Text(_) | Field::Grtyp | Field::AnyEncoding(_) | Field::LevelKind | Field::KindText(..));
    if ordered && unordered {
        return fail(at_operator.trim_start(), "this field can only be compared with = or !=");
    }
    let written = input[..input.len() - at_operator.len()].trim_end();
    let (rest, test) = match field {
        Field::Text(field) => {
            let (rest, list) = values(rest, text_value(field))?;
            (rest, Expr::Test(Test::Text(field, list)))
        }
        Field::Grtyp => {
            let (rest, list) = values(rest, grtyp_value)?;
            (rest, Expr::Test(Test::Int(IntField::Grtyp, list.concat())))
        }
        Field::Int(field) => {
            let (rest, list) = values(rest, integers(field, written, op))?;
            (rest, Expr::Test(Test::Int(field, list)))
        }
        Field::Ip(field, which) => ips(rest, field, which, written, op)?,
        Field::AnyEncoding(field) => {
            let (rest, list) = values(rest, ip)?;
            let tests = list.into_iter().map(|code| Expr::Test(Test::AnyEncoding(field, AnyEncoding::new(code))));
            (rest, Expr::Any(tests.collect()))
        }
        Field::Level => {
            let (rest, groups) = levels(rest, op)?;
            let tests = groups.into_iter().map(|(unit, list)| Expr::Test(Test::Level(unit, list)));
            (rest, any_of(tests.collect()))
        }
        Field::Stamp(field) => {
            let (rest, list) = values(rest, stamps(field, op))?;
            (rest, any_of(list))
        }
        Field::KindText(what, of) => {
            let (rest, list) = values(rest, |i| kinds_with(i, what, of))?;
            (rest, Expr::Test(Test::LevelKind(list.concat())))
        }
        Field::LevelKind => {
            let (rest, list) = values(rest, kind_or_code)?;
            (rest, Expr::Test(Test::LevelKind(list)))
        }
        Field::Hour => {
            let (rest, list) = values(rest, hours(op))?;
            let (rest, _) = opt(keyword("h")).parse(rest)?;
            (rest, Expr::Test(Test::Hour(list)))
        }
        Field::TimeInterval(end) => {
            let (rest, list) = values(rest, hours(op))?;
            let (rest, _) = opt(keyword("h")).parse(rest)?;
            (rest, Expr::Test(Test::TimeInterval(end, list)))
        }
        Field::ValidTime => {
            let (rest, list) = values(rest, |i| item(i, op, time, |t| t))?;
            (rest, Expr::Test(Test::ValidTime(list)))
        }
        Field::OriginTime => {
            let (rest, list) = values(rest, |i| item(i, op, time, |t| t))?;
            (rest, Expr::Test(Test::OriginTime(list)))
        }
    };
    let (rest, _) = multispace0(rest)?;
    Ok((rest, if op == Op::NotEqual { Expr::Not(Box::new(test)) } else { test }))
}

/// Codes, or with a unit the values that they stand for: `ip2=177809344`, `ip2=6 h`.
fn ips<'a>(input: &'a str, field: IntField, which: Ip, name: &str, op: Op) -> Parsed<'a, Expr> {
    if let Ok((rest, groups)) = levels(input, op)
        && groups.iter().all(|(unit, _)| unit.is_some())
    {
        let tests = groups.into_iter().filter_map(|(unit, list)| Some(Expr::Test(Test::IpValue(which, unit?, list))));
        return Ok((rest, any_of(tests.collect())));
    }
    let (rest, list) = values(input, integers(field, name, op))?;
    // What looks like a unit is one, so that the message is about units.
    levels(input, op).map_or_else(Err, |_| Ok((rest, Expr::Test(Test::Int(field, list)))))
}

fn any_of(mut list: Vec<Expr>) -> Expr {
    if list.len() == 1 { list.remove(0) } else { Expr::Any(list) }
}
