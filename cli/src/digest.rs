//! `rpnfst digest`: checksums of values and of stored bytes.

use std::{fmt::Write as _, io::Write as _, path::Path};

use rpnfst::{BaseType, Field, File, FillMissing, Record};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    args::{Digest, Global},
    columns, input,
    output::{self, Out},
    progress, remote,
    report::{Report, Result},
};

/// The element type of binary records: words without a meaning of their own.
const RAW: &str = "raw32";

/// A line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    index: usize,
    nomvar: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dtype: Option<&'a str>,
    /// Dimensions; of binary records the number of words.
    shape: &'a [usize],
    payload_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// What is computed of the decoded values.
struct Values {
    sha256: String,
    dtype: &'static str,
    count: usize,
}

/// What is computed of a record.
struct Sums {
    values: rpnfst::Result<Values>,
    payload: Option<String>,
}

/// Characters of a line up to the name, which a person is always shown, and with level, kind of field, label, and shape
/// with type: those have their place where there is room, since sums are not cut.
const NAME: usize = 64 + 2 + 5 + 1 + 4;
const LEVEL: usize = NAME + 1 + 12;
const TYPVAR: usize = LEVEL + 1 + 2;
const ETIKET: usize = TYPVAR + 1 + 12;
const SHAPE: usize = ETIKET + 2 + 21;

/// Runs the command.
pub(crate) fn run(args: &Digest, global: &Global, report: &mut Report) -> Result {
    let paths = input::paths(&args.files, report)?;
    let query = input::query(args.select.expr.as_deref())?;
    let options = global.reading().missing(FillMissing::Classic);
    let mut out = if args.json { output::data() } else { output::stdout(global.color) };
    let quiet = output::is_terminal();
    let room = output::width().unwrap_or(usize::MAX);
    let (mut opened, mut count) = (false, 0);
    let (files, fewer) = paths.matching(&query, global);
    opened |= fewer;
    for of in files {
        let Some(file) = input::open(of.path, global, report) else { continue };
        let selected = input::select_readable(&file, &of.query, report);
        (opened, count) = (true, count + selected.len());
        let bar = progress::records(selected.len(), "digest", quiet, report);
        let name = paths.several().then(|| remote::name(of.path));
        let records = selected.iter().map(|(_, record)| *record);
        let sums = file.map_many(records, &options, |record, field| sums(&file, record, field));
        for (&(index, _), (record, sums)) in selected.iter().zip(sums) {
            if let Err(error) = &sums.values {
                report.library_error(error);
            }
            line(args.json, name.as_deref(), room, index, record, &sums, &mut out)?;
            bar.inc(1);
        }
        progress::done(&bar, report);
    }
    input::none_selected(&args.select, count, opened, report);
    Ok(out.finish()?)
}

/// Runs on the thread that decoded the field.
fn sums(file: &File, record: &Record, field: rpnfst::Result<Field>) -> Sums {
    let values = field.map(|field| {
        let dtype = if record.data_type().base() == BaseType::Raw { RAW } else { field.values().kind().dtype() };
        Values { sha256: sha256(&field.values().to_le_bytes()), dtype, count: field.values().len() }
    });
    Sums { values, payload: file.payload(record).ok().map(|payload| sha256(&payload)) }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn line(
    json: bool,
    path: Option<&Path>,
    room: usize,
    index: usize,
    record: &Record,
    sums: &Sums,
    out: &mut Out,
) -> Result {
    let nomvar = record.nomvar();
    if json {
        let values = sums.values.as_ref().ok();
        let dims = [record.ni(), record.nj(), record.nk()].map(|n| n as usize);
        let words = values.filter(|values| values.dtype == RAW).map(|values| [values.count]);
        let error = sums.values.as_ref().err().map(ToString::to_string);
        let line = Line {
            path: path.map(|path| path.display().to_string()),
            path_bytes: path.and_then(columns::path_bytes),
            index,
            nomvar: nomvar.as_str(),
            sha256: values.map(|values| values.sha256.as_str()),
            dtype: values.map(|values| values.dtype),
            shape: words.as_ref().map_or(&dims[..], |words| &words[..]),
            payload_sha256: sums.payload.as_deref(),
            error: error.as_deref(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        return Ok(out.write_all(b"\n")?);
    }
    let (sha256, dtype) = match &sums.values {
        Ok(values) => (values.sha256.as_str(), values.dtype),
        Err(_) => ("error", "-"),
    };
    write!(out, "{sha256:64}  ")?;
    if let Some(path) = path {
        write!(out, "{}  ", output::name(path))?;
    }
    write!(out, "{index:5} {nomvar:4}")?;
    if room >= TYPVAR {
        write!(out, " {:2}", record.typvar())?;
    }
    if room >= ETIKET {
        write!(out, " {:12}", record.etiket())?;
    }
    if room >= LEVEL {
        write!(out, " {:>12}", columns::level(record))?;
    }
    if room >= SHAPE {
        write!(out, "  {}x{}x{} {dtype}", record.ni(), record.nj(), record.nk())?;
    }
    Ok(writeln!(out)?)
}
