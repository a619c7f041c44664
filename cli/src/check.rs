//! `rpnfst check`: what is wrong with files.

use std::{io::Write as _, path::Path};

use rpnfst::{Error, File, Missing, OpenOptions, Problem, ReadOptions, Severity};
use serde_json::{Value, json};

use crate::{
    args::{Check, Global},
    columns, input,
    output::{self, BAD, DIM, GOOD, Out},
    progress,
    report::{DAMAGED, Report, Result, UNUSABLE, status_of},
};

/// What is known of a file after the walk.
struct Verdict {
    status: u8,
    records: Option<usize>,
    problems: Vec<Found>,
    /// Why there was no walk.
    error: Option<Error>,
}

/// A problem of the structure, or a record that does not decode.
enum Found {
    Structure(Problem),
    Data(usize, Error),
}

/// Runs the command.
pub(crate) fn run(args: &Check, global: &Global, report: &mut Report) -> Result {
    let mut out = if args.json { output::data() } else { output::stdout(global.color) };
    for path in input::paths(&args.files, report)? {
        let verdict = examine(&path, args, global, report);
        report.raise(verdict.status);
        if let Some(error) = &verdict.error {
            report.error(verdict.status, error);
        }
        if args.json {
            serde_json::to_writer(&mut out, &as_json(&path, &verdict))?;
            out.write_all(b"\n")?;
        } else if !global.quiet {
            show(&path, &verdict, &mut out)?;
        }
    }
    Ok(out.finish()?)
}

fn examine(path: &Path, args: &Check, global: &Global, report: &mut Report) -> Verdict {
    let opened = OpenOptions::new().mmap(!global.no_mmap).open(path);
    let walked = opened.and_then(|file| file.check(0).map(|problems| (file, problems)));
    let (file, problems) = match walked {
        Ok(walked) => walked,
        Err(error) => {
            return Verdict { status: status_of(&error), records: None, problems: Vec::new(), error: Some(error) };
        }
    };
    let mut problems: Vec<_> = problems.into_iter().map(Found::Structure).collect();
    if args.data {
        problems.extend(data(&file, report));
    }
    let damaged = problems.iter().any(|found| found.severity() == Severity::Damage);
    Verdict { status: if damaged { DAMAGED } else { 0 }, records: Some(file.records().len()), problems, error: None }
}

/// Decodes every record, and parses its metadata.
fn data(file: &File, report: &mut Report) -> Vec<Found> {
    let records = file.records();
    let options = ReadOptions::new().missing(Missing::Substitute);
    let bar = progress::records(records.len(), "check", false, report);
    let decoded = file.map_many(records, &options, |record, field| {
        bar.inc(1);
        field.and_then(|_| file.metadata(record)).err()
    });
    let found = decoded.enumerate().filter_map(|(k, (_, error))| Some(Found::Data(k, error?))).collect();
    progress::done(&bar, report);
    found
}

impl Found {
    fn severity(&self) -> Severity {
        match self {
            Self::Structure(problem) => problem.severity,
            Self::Data(..) => Severity::Damage,
        }
    }

    fn as_json(&self) -> Value {
        match self {
            Self::Structure(problem) => json!({
                "severity": if problem.severity == Severity::Note { "note" } else { "damage" },
                "offset": problem.offset,
                "file_index": problem.record.map(|record| record.index),
                "nomvar": problem.record.map(|record| record.nomvar.as_str().to_owned()),
                "what": problem.what,
            }),
            Self::Data(index, error) => {
                let (record, what) = parts(error);
                json!({
                    "severity": "damage",
                    "offset": record.map(|record| record.offset),
                    "index": index,
                    "file_index": record.map(|record| record.index),
                    "nomvar": record.map(|record| record.nomvar.as_str().to_owned()),
                    "what": what,
                })
            }
        }
    }
}

/// Which record, and why: without the path, which is said elsewhere.
fn parts(error: &Error) -> (Option<rpnfst::RecordId>, String) {
    match error {
        Error::Record { record, source, .. } => (Some(*record), source.to_string()),
        other => (None, other.to_string()),
    }
}

fn show(path: &Path, verdict: &Verdict, out: &mut Out) -> Result {
    let (good, bad, dim) = (out.style(GOOD), out.style(BAD), out.style(DIM));
    let path = output::name(path);
    let Some(records) = verdict.records else {
        let state =
            if verdict.status == UNUSABLE { "not a readable FST file" } else { "damaged, nothing can be listed" };
        return Ok(writeln!(out, "{path}: {bad}{state}{bad:#}")?);
    };
    for found in &verdict.problems {
        match found {
            Found::Structure(problem) if problem.severity == Severity::Note => {
                writeln!(out, "{path}: {dim}{problem}{dim:#}")?;
            }
            Found::Structure(problem) => writeln!(out, "{path}: {bad}{problem}{bad:#}")?,
            Found::Data(_, error) => match parts(error) {
                (Some(record), what) => writeln!(out, "{path}: {bad}damage: record {record}: {what}{bad:#}")?,
                (None, what) => writeln!(out, "{path}: {bad}damage: {what}{bad:#}")?,
            },
        }
    }
    let plural = if records == 1 { "" } else { "s" };
    if verdict.status == 0 {
        writeln!(out, "{path}: {good}sound{good:#}, {records} record{plural}")?;
    } else {
        writeln!(out, "{path}: {bad}damaged{bad:#}, {records} record{plural} listed")?;
    }
    Ok(())
}

fn as_json(path: &Path, verdict: &Verdict) -> Value {
    let status = match (&verdict.error, verdict.status) {
        (Some(Error::NotFst { .. }), _) => "not fst",
        (Some(Error::Io { .. }), _) => "unreadable",
        (_, 0) => "sound",
        _ => "damaged",
    };
    let mut object = json!({
        "path": path.display().to_string(),
        "status": status,
        "records": verdict.records,
        "problems": verdict.problems.iter().map(Found::as_json).collect::<Vec<_>>(),
        "error": verdict.error.as_ref().map(ToString::to_string),
    });
    if let Some(bytes) = columns::path_bytes(path) {
        object["path_bytes"] = bytes.into();
    }
    object
}
