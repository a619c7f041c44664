//! `rpnfst date`: stamps, dates, and hours between them.

use std::{ffi::OsString, io::Write as _};

use rpnfst::record::{
    Calendar, CivilTime, DateStamp,
    date::{DateError, DateText},
};
use serde_json::json;

use crate::{
    args::{Date, Global},
    output::{self, Out},
    report::{DAMAGED, Report, Result, Stop},
};

/// Seconds of an hour, and of the units that are added.
const UNITS: [(&str, f64); 4] = [("h", 3600.0), ("d", 86400.0), ("min", 60.0), ("s", 1.0)];

/// Stands for the minus of a number with a unit, which the parser would take for an option.
const MINUS: char = '\u{2212}';

/// The words of a command line, where `rpnfst date` may have `-2d`.
pub(crate) fn words(line: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<_> = line.collect();
    if words.iter().any(|word| word == "date") {
        for word in &mut words {
            let number = word.to_str().and_then(|text| text.strip_prefix('-'));
            if let Some(number) = number.filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))
                && UNITS.iter().any(|(unit, _)| number.ends_with(unit))
            {
                *word = format!("{MINUS}{number}").into();
            }
        }
    }
    words
}

/// What the words of the command line ask for.
#[derive(Debug, PartialEq)]
enum Asked {
    /// Each date, and the hours that are added to it.
    Dates(Vec<(DateStamp, f64)>),
    /// The hours from the second to the first.
    Difference(DateStamp, DateStamp),
}

/// Runs the command.
pub(crate) fn run(args: &Date, global: &Global, report: &mut Report) -> Result {
    let calendar = global.calendar();
    let mut out = output::stdout(global.color);
    match asked(&args.terms, calendar).map_err(Stop::message)? {
        Asked::Difference(a, b) => match difference(a, b, calendar) {
            Ok(hours) if args.json => {
                writeln!(out, "{}", json!({ "hours": hours, "calendar": calendar.name() }))?;
            }
            Ok(hours) => writeln!(out, "{hours}")?,
            Err(e) => report.error(DAMAGED, e),
        },
        Asked::Dates(dates) => {
            for (date, hours) in dates {
                match sum(date, hours, calendar) {
                    Ok(stamp) => show(stamp, args, &mut out, report)?,
                    Err(what) => report.error(DAMAGED, what),
                }
            }
        }
    }
    Ok(out.finish()?)
}

/// Of dates that exist in the calendar.
fn difference(a: DateStamp, b: DateStamp, calendar: Calendar) -> Result<f64, DateError> {
    a.checked_in(calendar)?.hours_since_in(b.checked_in(calendar)?, calendar)
}

fn sum(date: DateStamp, hours: f64, calendar: Calendar) -> Result<DateStamp, String> {
    if hours == 0.0 {
        return Ok(date);
    }
    date.add_hours_exactly_in(hours, calendar).map_err(|e| format!("{date} {hours:+} h: {e}"))
}

/// Dates, each with what follows it; a sign alone makes a difference.
fn asked(terms: &[String], calendar: Calendar) -> Result<Asked, String> {
    if let [a, minus, b] = terms
        && minus == "-"
    {
        return Ok(Asked::Difference(date(a, calendar)?, date(b, calendar)?));
    }
    let mut dates: Vec<(DateStamp, f64)> = Vec::new();
    for (k, term) in terms.iter().enumerate() {
        // The first is a date: a stamp may be negative.
        if k > 0 && term.starts_with(['+', '-', MINUS]) {
            let hours = hours(term).ok_or_else(|| format!("`{term}`: expected hours, such as +6, -24, +2d, +90min"))?;
            for (_, sum) in &mut dates {
                *sum += hours;
            }
        } else {
            dates.push((date(term, calendar)?, 0.0));
        }
    }
    Ok(Asked::Dates(dates))
}

/// A stamp is taken as it is, whatever it says.
fn date(text: &str, calendar: Calendar) -> Result<DateStamp, String> {
    match text.parse().map_err(|e| format!("{e}"))? {
        DateText::Stamp(stamp) => Ok(stamp),
        time @ DateText::Time { .. } => {
            time.to_stamp().and_then(|stamp| stamp.checked_in(calendar)).map_err(|e| e.to_string())
        }
    }
}

/// `+6`, `-24h`, `+2d`, `+90min`, `+15s`.
pub(crate) fn hours(term: &str) -> Option<f64> {
    let digits = term.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(term.len());
    let (number, unit) = term.split_at(digits);
    let seconds = match unit {
        "" => 3600.0,
        unit => UNITS.iter().find(|(name, _)| *name == unit)?.1,
    };
    let number: f64 = number.replace(MINUS, "-").parse().ok()?;
    let hours = number * (seconds / 3600.0);
    hours.is_finite().then_some(hours)
}

fn show(stamp: DateStamp, args: &Date, out: &mut Out, report: &mut Report) -> Result {
    let time = stamp.to_civil();
    if args.stamp {
        return Ok(writeln!(out, "{stamp}")?);
    }
    if args.json {
        let line = json!({
            "stamp": stamp.raw(),
            "time": time.ok().map(|time| time.to_string()),
            "ymdh": time.ok().map(ymdh),
            "run": stamp.run_number(),
        });
        return Ok(writeln!(out, "{line}")?);
    }
    match time {
        Ok(time) if args.ymdh => writeln!(out, "{}", ymdh(time))?,
        Ok(time) if args.iso => writeln!(out, "{time}")?,
        Ok(time) => match stamp.run_number() {
            Some(run @ 1..) => writeln!(out, "{stamp}  {time}  run {run}")?,
            _ => writeln!(out, "{stamp}  {time}")?,
        },
        Err(_) if (stamp.is_none() || stamp.is_dummy()) && !args.ymdh && !args.iso => {
            writeln!(out, "{stamp}  no date")?;
        }
        Err(e) => report.error(DAMAGED, e),
    }
    Ok(())
}

/// `2020061512`, with minutes and seconds where there are some: as dates are read.
fn ymdh(time: CivilTime) -> String {
    let CivilTime { minute, second, .. } = time;
    let (date, hour) = (time.yyyymmdd(), time.hour);
    match (minute, second) {
        (0, 0) => format!("{date:08}{hour:02}"),
        (_, 0) => format!("{date:08}{hour:02}{minute:02}"),
        _ => format!("{date:08}{hour:02}{minute:02}{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_by(text: &str) -> Result<Asked, String> {
        let terms: Vec<_> = text.split(' ').map(str::to_owned).collect();
        asked(&terms, Calendar::Gregorian)
    }

    #[test]
    fn a_minus_with_a_unit_is_no_option() {
        let line = |text: &str| words(text.split(' ').map(OsString::from)).join(" ".as_ref());
        assert_eq!(line("rpnfst date now -2d -6 --json"), "rpnfst date now \u{2212}2d -6 --json");
        assert_eq!(line("rpnfst ls -0 -"), "rpnfst ls -0 -");
        assert_eq!(hours("\u{2212}2d"), Some(-48.0));
    }

    #[test]
    fn what_is_asked() {
        let stamp = DateStamp::from_raw;
        let noon = stamp(442_372_400);
        for (text, expected) in [
            ("442372400", vec![(noon, 0.0)]),
            ("2020061512 +6", vec![(noon, 6.0)]),
            ("2020061512 +6h -1d +30min", vec![(noon, -17.5)]),
            ("stamp:442372400 20200615 +90min", vec![(noon, 1.5), (stamp(442_361_600), 1.5)]),
            ("-1275244186 -24", vec![(stamp(-1_275_244_186), -24.0)]),
            ("none", vec![(DateStamp::NONE, 0.0)]),
            ("stamp:20200615", vec![(stamp(20_200_615), 0.0)]),
        ] {
            assert_eq!(asked_by(text), Ok(Asked::Dates(expected)), "{text}");
        }
        assert_eq!(asked_by("2020061512 - 442372400"), Ok(Asked::Difference(noon, noon)));
        for text in
            ["+6", "2020061512 +6x", "2020061512 +", "2020061512 +inf", "yesterday", "2020061512 -", "2020063112"]
        {
            assert!(asked_by(text).is_err(), "{text}");
        }
    }
}
