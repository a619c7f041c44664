//! Many records: a JSON object a line, with the names of `ls --json`.

use std::{
    fmt::Display,
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use rpnfst::record::{Calendar, Column, DateStamp, IpValue, Kind, date::DateText};
use serde_json::{Map, Value};

use super::{Maker, Request, dims};
use crate::{
    args::Order,
    progress,
    report::{Report, Result, Stop},
    same_file::FilesRead,
    settings,
    unfinished::folder_of,
};

/// A list of records.
pub(super) struct List {
    name: String,
    /// What the names of arrays are relative to.
    folder: PathBuf,
    lines: Vec<String>,
}

/// Reads a list; `-` is the standard input.
pub(super) fn read(list: &Path) -> Result<List> {
    let name = list.display().to_string();
    let failed = |e: io::Error| Stop::message(format!("{name}: {e}"));
    let (folder, text): (_, Box<dyn BufRead>) = if list.as_os_str() == "-" {
        (Path::new("."), Box::new(io::stdin().lock()))
    } else {
        (folder_of(list), Box::new(BufReader::new(fs::File::open(list).map_err(failed)?)))
    };
    let lines = text.lines().collect::<io::Result<_>>().map_err(failed)?;
    Ok(List { folder: folder.to_owned(), lines, name })
}

impl List {
    /// Makes the records; of what a line does not say the defaults hold.
    pub(super) fn run(
        &self,
        defaults: &Request,
        output: &Path,
        maker: &mut Maker,
        calendar: Calendar,
        report: &mut Report,
    ) -> Result {
        let lines = self.lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let bar = progress::records(self.lines.len(), "mk", false, report);
        for (number, line) in lines {
            let place = format!("{}: line {}: ", self.name, number + 1);
            let at = |what: &dyn Display| Stop::message(format!("{place}{what}"));
            let object = serde_json::from_str(line).map_err(|e| at(&format_args!("not a JSON object: {e}")))?;
            let (request, data) = request(&object, defaults, calendar).map_err(|what| at(&what))?;
            let data = self.folder.join(data);
            let kept = FilesRead::new([&data]).keep(output);
            let prepared = kept.and_then(|()| request.prepare(&data, calendar)).map_err(|stop| match stop {
                Stop::Message(message) => at(&message),
                stop @ Stop::BrokenPipe => stop,
            })?;
            maker.add(prepared, &place)?;
            bar.inc(1);
        }
        progress::done(&bar, report);
        Ok(())
    }
}

/// What a line asks for, and its array.
fn request(object: &Map<String, Value>, defaults: &Request, calendar: Calendar) -> Result<(Request, String), String> {
    let mut request = defaults.clone();
    let mut data = None;
    let mut sizes = [1; 3];
    let has = |name: &str| object.get(name).is_some_and(|value| !value.is_null());
    for (name, value) in object.iter().filter(|(_, value)| !value.is_null()) {
        let wrong = |what: &str| format!("{name}: {value} is not {what}");
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let byte = || text.parse().map(Some).map_err(|_| wrong("a number from 0 to 255"));
        match Column::from_name(name).map_or(name.as_str(), |column| column.name()) {
            "data" => data = Some(value.as_str().ok_or_else(|| wrong("the name of a file"))?.to_owned()),
            "data_type" => request.datyp = byte()?,
            "pack_bits" => request.nbits = byte()?,
            "ni" => sizes[0] = text.parse().map_err(|_| wrong("a size"))?,
            "nj" => sizes[1] = text.parse().map_err(|_| wrong("a size"))?,
            "nk" => sizes[2] = text.parse().map_err(|_| wrong("a size"))?,
            "dims" => request.dims = Some(dims(&text).map_err(|_| wrong("dimensions"))?),
            "missing" => request.missing = Some(text.parse().map_err(|_| wrong("a number or nan"))?),
            "dtype" => request.dtype = Some(text),
            "order" => {
                request.order = match text.to_ascii_lowercase().as_str() {
                    "auto" => Order::Auto,
                    "ijk" => Order::Ijk,
                    "kji" => Order::Kji,
                    _ => return Err(wrong("auto, ijk or kji")),
                }
            }
            // Of what says the same, the stored one counts.
            "level" if has("ip1") => {}
            "dateo" | "origin_time" if has("datev") => {}
            "valid_time" if has("datev") || has("dateo") || has("origin_time") => {}
            "origin_time" if has("dateo") => {}
            "level" if value.is_number() => request.settings.set_level(level(object)?),
            "dateo" | "datev" if value.is_number() => {
                request.settings.set_stamp(name, stamp(object, name, value, calendar)?);
            }
            "origin_time" => request.settings.set("dateo", &text)?,
            "valid_time" => request.settings.set("datev", &text)?,
            other if is_computed(other) => {}
            other => request.settings.set(other, &text)?,
        }
    }
    if ["ni", "nj", "nk"].into_iter().any(has) {
        request.dims = Some(sizes);
    }
    if !has("nomvar") {
        return Err("no nomvar".to_owned());
    }
    Ok((request, data.ok_or("no data: the file of the array")?))
}

/// Whether a name of the listing follows from others, or is of the file that was listed.
fn is_computed(name: &str) -> bool {
    let of_the_file = ["index", "path", "path_bytes", "shape", "missing_count"];
    of_the_file.contains(&name) || Column::from_name(name).is_some_and(|column| column.setting().is_none())
}

/// A stamp as the listing has it: a number, with its time beside it. Without the time it may be a date that somebody
/// wrote without quotation marks.
fn stamp(object: &Map<String, Value>, name: &str, value: &Value, calendar: Calendar) -> Result<DateStamp, String> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok()).map(DateStamp::from_raw);
    let time = if name == "datev" { "valid_time" } else { "origin_time" };
    if let Some(stamp) = number.filter(|_| object.contains_key(time)) {
        return Ok(stamp);
    }
    let digits = value.to_string();
    let is_date = matches!(digits.parse(), Ok(DateText::Time { .. }));
    if is_date && number.is_some_and(|stamp| stamp.to_civil().is_ok()) {
        return Err(format!("{name}: {digits} is a date and a stamp: write \"{digits}\" or \"stamp:{digits}\""));
    }
    settings::date(&digits, calendar).map_err(|what| format!("{name}: {what}"))
}

/// A level as the listing has it: a number and the number of its kind.
fn level(object: &Map<String, Value>) -> Result<IpValue, String> {
    let value = object.get("level").and_then(Value::as_f64);
    let kind = object.get("level_kind").and_then(Value::as_u64).and_then(|kind| u8::try_from(kind).ok());
    #[expect(clippy::cast_possible_truncation, reason = "levels are of single precision")]
    match (value, kind) {
        (Some(value), Some(kind)) => Ok(IpValue::new(value as f32, Kind::from_code(kind))),
        _ => Err("level: a number needs level_kind; or write a text such as \"500 hPa\"".to_owned()),
    }
}
