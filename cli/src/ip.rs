//! `rpnfst ip`: codes of levels and times to values, and back.

use std::io::Write as _;

use rpnfst::record::{
    IpValue, Kind,
    ip::{self, IpError, LAST_OLD_STYLE, Style},
};
use serde::Serialize;

use crate::{
    args::{Global, Ip},
    number::significant,
    output::{self, Out},
    report::{DAMAGED, Report, Result, Stop},
    table::{Head, Table},
};

/// Largest code: records have 28 bits for it.
const LAST: u32 = 0xFFF_FFFF;

/// Runs the command.
pub(crate) fn run(args: &Ip, global: &Global, report: &mut Report) -> Result {
    let given = args.texts.iter().map(|text| Ok((text.as_str(), parse(text)?)));
    let given: Vec<_> = given.collect::<Result<_>>()?;
    let mut out = output::stdout(global.color);
    let mut table = Table::new(vec![
        Head::left("given"),
        Head::right("value"),
        Head::left("unit"),
        Head::right("kind"),
        Head::left("name"),
        Head::left("style"),
        Head::right("new"),
        Head::left("old"),
    ]);
    for (text, ip) in given {
        let row = match Row::new(text, ip) {
            Ok(row) => row,
            Err(error) => {
                report.error(DAMAGED, format_args!("{text}: {error}"));
                continue;
            }
        };
        match (args.new, args.old, args.json) {
            (true, ..) => writeln!(out, "{}", row.new)?,
            (_, true, _) => match row.old {
                Ok(code) => writeln!(out, "{code}")?,
                Err(error) => report.error(DAMAGED, format_args!("{text}: {error}")),
            },
            (.., true) => row.json(&mut out)?,
            _ => {
                row.cells().iter().for_each(|cell| table.cell(cell));
                table.end_row(&mut out)?;
            }
        }
    }
    if !(args.new || args.old || args.json) {
        table.finish(&mut out)?;
    }
    Ok(out.finish()?)
}

/// What the text of an ip is.
#[derive(Clone, Copy)]
enum Given {
    Code(u32),
    Value(IpValue),
}

fn parse(text: &str) -> Result<Given> {
    let trimmed = text.trim();
    if trimmed.strip_prefix('-').unwrap_or(trimmed).bytes().all(|b| b.is_ascii_digit()) && !trimmed.is_empty() {
        return match trimmed.parse() {
            Ok(code @ 0..=LAST) => Ok(Given::Code(code)),
            _ => Err(Stop::message(format!("{trimmed}: a code is 0 to {LAST}; values have a unit, such as '500 hPa'"))),
        };
    }
    trimmed.parse().map(Given::Value).map_err(|error| Stop::message(format!("{error}; or a code, such as 41394464")))
}

/// The code in old style: of hours the plain number, which is the old style of ip2.
fn old(value: IpValue) -> std::result::Result<u32, IpError> {
    if value.kind == Kind::Hours { Style::Old.hours(value.encode()?) } else { value.encode_old_exactly() }
}

struct Row<'a> {
    given: &'a str,
    value: IpValue,
    style: Option<&'static str>,
    new: u32,
    old: std::result::Result<u32, IpError>,
}

impl<'a> Row<'a> {
    fn new(given: &'a str, ip: Given) -> std::result::Result<Self, IpError> {
        Ok(match ip {
            Given::Code(code) => {
                let value = ip::decode(code)?;
                let is_old = code <= LAST_OLD_STYLE;
                let old = if is_old { Ok(code) } else { old(value) };
                Self { given, value, style: Some(if is_old { "old" } else { "new" }), new: value.encode()?, old }
            }
            Given::Value(wanted) => {
                let new = wanted.encode()?;
                Self { given, value: ip::decode(new)?, style: None, new, old: old(wanted) }
            }
        })
    }

    fn old_text(&self) -> String {
        match &self.old {
            Ok(code) => code.to_string(),
            Err(error) => format!("none: {error}"),
        }
    }

    fn cells(&self) -> [String; 8] {
        let kind = self.value.kind;
        [
            self.given.trim().to_owned(),
            significant(self.value.value.into(), 7),
            kind.short_unit().to_owned(),
            kind.code().to_string(),
            kind.name().to_owned(),
            self.style.unwrap_or("-").to_owned(),
            self.new.to_string(),
            self.old_text(),
        ]
    }

    fn json(&self, out: &mut Out) -> Result {
        #[derive(Serialize)]
        struct Object<'a> {
            given: &'a str,
            value: f32,
            unit: &'a str,
            kind: u8,
            name: &'a str,
            style: Option<&'a str>,
            new: u32,
            old: Option<u32>,
            why_not_old: Option<String>,
        }
        let object = Object {
            given: self.given,
            value: self.value.value,
            unit: self.value.kind.short_unit(),
            kind: self.value.kind.code(),
            name: self.value.kind.name(),
            style: self.style,
            new: self.new,
            old: self.old.ok(),
            why_not_old: self.old.err().map(|error| error.to_string()),
        };
        serde_json::to_writer(&mut *out, &object)?;
        Ok(out.write_all(b"\n")?)
    }
}
