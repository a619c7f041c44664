//! Values of fields that follow from those of the record: `ip2+6`, `datev-12`, `ip1=new`.

use rpnfst::{
    Record,
    record::{
        Cell, Column, IpValue, Kind, Setting,
        ip::{self, IpError, Style},
    },
};

use crate::date;

/// What a field becomes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Relative {
    /// A field of the record, plus a number: of hours for dates and times.
    Sum { column: Column, plus: f64 },
    /// The level of ip1 in a style of codes.
    Level(Style),
    /// The time of ip2 in a style of codes.
    Hours(Style),
}

/// The value for a record.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// Negative ones are for others to refuse.
    Number(String),
    Code(u32),
    Stamp(rpnfst::record::DateStamp),
    /// The record has no date: it keeps none.
    Undated,
    /// The code says no level or time, or is of a descriptor, where it is a link: it stays.
    Codeless,
}

impl Relative {
    /// `FIELD`, `FIELD+N` or `FIELD-N`, where the field is of the kind of the one to be set, or the style of a code;
    /// nothing for other texts.
    pub(crate) fn parse(field: &str, text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        match (field, text.as_str()) {
            ("ip1", "new") | ("level", "level") => return Some(Self::Level(Style::New)),
            ("ip1", "old") => return Some(Self::Level(Style::Old)),
            ("ip2", "new") => return Some(Self::Hours(Style::New)),
            ("ip2", "old") => return Some(Self::Hours(Style::Old)),
            _ => {}
        }
        let kind = Column::from_name(field)?.setting()?;
        if !matches!(kind, Setting::Number | Setting::Date) {
            return None;
        }
        let (name, rest) = text.split_at(text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len()));
        let column = Column::from_name(name).filter(|column| column.setting() == Some(kind))?;
        let rest: String = rest.split_whitespace().collect();
        let are_dates = kind == Setting::Date;
        let plus = match rest.as_str() {
            "" => 0.0,
            signed if are_dates && signed.starts_with(['+', '-']) => date::hours(signed)?,
            signed if signed.starts_with(['+', '-']) => signed.parse().ok().filter(|plus: &f64| plus.is_finite())?,
            _ => return None,
        };
        (are_dates || plus.fract() == 0.0).then_some(Self::Sum { column, plus })
    }

    /// The value for a record.
    pub(crate) fn of(&self, record: &Record) -> Result<Value, String> {
        match *self {
            Self::Level(style) if !record.is_descriptor() => coded(record.ip1(), style.level(record.ip1())),
            Self::Hours(style) if !record.is_descriptor() => coded(record.ip2(), style.hours(record.ip2())),
            Self::Level(_) | Self::Hours(_) => Ok(Value::Codeless),
            Self::Sum { column: Column::Dateo, plus } => moved(record, record.dateo().unwrap_or_default(), plus),
            Self::Sum { column: Column::Datev, plus } => moved(record, record.datev(), plus),
            Self::Sum { column, plus } => number(record, column, plus),
        }
    }
}

/// The code in another style; one that says nothing is no error.
fn coded(ip: u32, code: Result<u32, IpError>) -> Result<Value, String> {
    match (code, ip::decode(ip)) {
        (Ok(code), _) => Ok(Value::Code(code)),
        (Err(IpError::NoHours(_)), _) | (_, Err(_)) => Ok(Value::Codeless),
        (Err(error @ IpError::Rounded { .. }), _) => Err(error.to_string()),
        (Err(error), Ok(value)) => Err(format!("{value}: {error}")),
    }
}

fn moved(record: &Record, stamp: rpnfst::record::DateStamp, plus: f64) -> Result<Value, String> {
    let Ok(time) = stamp.to_civil() else { return Ok(Value::Undated) };
    if plus == 0.0 {
        return Ok(Value::Stamp(stamp));
    }
    let moved = stamp.add_hours_exactly_in(plus, record.calendar());
    moved.map(Value::Stamp).map_err(|e| format!("{time} {plus:+} h: {e}"))
}

fn number(record: &Record, column: Column, plus: f64) -> Result<Value, String> {
    let Cell::Int(value) = column.of(record) else {
        return Err(format!("the record has no {}", column.name()));
    };
    let is_ip = matches!(column, Column::Ip1 | Column::Ip2 | Column::Ip3);
    let code = u32::try_from(value).ok().filter(|&code| is_ip && code > ip::LAST_OLD_STYLE);
    // The sum of a code and a number is another code, of anything. What does not decode is a plain number, as are the
    // links of descriptors.
    let coded = code.filter(|_| plus != 0.0 && !record.is_descriptor()).and_then(|code| ip::decode(code).ok());
    match coded {
        Some(IpValue { value, kind: Kind::Hours }) => return later(value, plus),
        Some(level) => {
            return Err(format!("{value} is the code of {level}, to which no number can be added"));
        }
        None => {}
    }
    #[expect(clippy::cast_precision_loss, reason = "fields have 28 bits at most")]
    Ok(Value::Number((value as f64 + plus).to_string()))
}

/// The code of a time `plus` hours later.
fn later(hours: f32, plus: f64) -> Result<Value, String> {
    #[expect(clippy::cast_possible_truncation, reason = "times in codes are of single precision")]
    let sum = IpValue::new((f64::from(hours) + plus) as f32, Kind::Hours);
    let code = sum.encode().map_err(|e| e.to_string())?;
    if ip::decode(code) == Ok(sum) { Ok(Value::Code(code)) } else { Err(format!("no code is exactly {} h", sum.value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (field, text, expected) in [
            ("ip2", "ip2 + 6", Some(("ip2", 6.0))),
            ("ip2", "IP3-1", Some(("ip3", -1.0))),
            ("ig1", "ig2", Some(("ig2", 0.0))),
            ("datev", "datev-1.5", Some(("datev", -1.5))),
            ("datev", "dateo", Some(("dateo", 0.0))),
            ("dateo", "dateo+6h", Some(("dateo", 6.0))),
            ("dateo", "datev - 1d", Some(("datev", -24.0))),
            ("datev", "DATEV+90min", Some(("datev", 1.5))),
            ("datev", "datev+1week", None),
            ("datev", "datev+inf", None),
            ("ip2", "ip2+6h", None),
            ("ip2", "6", None),
            ("ip2", "ip2+", None),
            ("ip2", "ip2+0.5", None),
            ("ip2", "ip2*6", None),
            ("ip2", "ip2+inf", None),
            ("ip2", "datev", None),
            ("datev", "ip2+6", None),
            ("datev", "2026-11-24", None),
            ("etiket", "ip2+6", None),
            ("ip3", "new", None),
            ("level", "new", None),
        ] {
            let found = Relative::parse(field, text).map(|relative| match relative {
                Relative::Sum { column, plus } => (column.name(), plus),
                other => panic!("{field}={text}: {other:?}"),
            });
            assert_eq!(found, expected, "{field}={text}");
        }
        assert_eq!(Relative::parse("ip1", " NEW "), Some(Relative::Level(Style::New)));
        assert_eq!(Relative::parse("level", "level"), Some(Relative::Level(Style::New)));
        assert_eq!(Relative::parse("ip2", "old"), Some(Relative::Hours(Style::Old)));
    }

    #[test]
    fn times_in_codes_move_by_hours() {
        let code = |hours| IpValue::new(hours, Kind::Hours).encode().map(Value::Code).map_err(|e| e.to_string());
        assert_eq!(later(6.0, 6.0), code(12.0));
        assert_eq!(later(6.5, -0.5), code(6.0));
        assert!(later(6.0, -7.0).is_err());
    }
}
