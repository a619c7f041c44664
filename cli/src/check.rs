//! `rpnfst check`: what is wrong with files.

mod data;
mod ops;

use std::{
    collections::HashMap,
    io::{ErrorKind, Write as _},
    path::Path,
};

use rpnfst::{Error, OpenOptions, Problem, RecordId, Severity};
use serde_json::{Value, json};

use crate::{
    args::{Check, Global},
    columns, input, memory, number,
    output::{self, BAD, DIM, GOOD, Out, printable},
    remote,
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

/// Something that is wrong, or worth knowing.
enum Found {
    /// Of the structure.
    Structure(Problem),
    /// A record does not decode.
    Data(usize, Error),
    /// A record was not decoded, for want of memory.
    TooLarge(usize, Error),
    /// Of the file.
    Remark(String),
    /// No damage, but trouble.
    Ops(Option<RecordId>, String),
}

/// A line that tells one, apart from the path.
struct Told {
    severity: &'static str,
    offset: Option<u64>,
    /// Position in the listing.
    index: Option<usize>,
    record: Option<RecordId>,
    what: String,
}

/// Remarks, and faults, of the same text that are shown one by one; `--json` has all.
const REMARKS: usize = 3;
const FAULTS: usize = 20;

/// Runs the command.
pub(crate) fn run(args: &Check, global: &Global, report: &mut Report) -> Result {
    let mut out = if args.json { output::data() } else { output::stdout(global.color) };
    let paths = input::paths(&args.files, report)?;
    let opening = input::options(global);
    let all = if args.ops { ops::all_records(&paths, global) } else { Vec::new() };
    let links = args.ops.then(|| ops::Links::new(&all));
    for path in &paths {
        let verdict = examine(path, &opening, args, links.as_ref(), global, report);
        report.raise(verdict.status);
        let path = &*remote::name(path);
        if let Some(error) = &verdict.error {
            report.error(verdict.status, error);
        }
        if args.json {
            serde_json::to_writer(&mut out, &as_json(path, &verdict))?;
            out.write_all(b"\n")?;
        } else if !global.quiet {
            show(path, &verdict, &mut out)?;
        }
    }
    Ok(out.finish()?)
}

fn examine(
    path: &Path,
    opening: &OpenOptions,
    args: &Check,
    links: Option<&ops::Links<'_>>,
    global: &Global,
    report: &mut Report,
) -> Verdict {
    let opened = remote::open(path, opening);
    let walked = opened.and_then(|file| file.check().map(|problems| (file, problems)));
    let (file, problems) = match walked {
        Ok(walked) => walked,
        Err(error) => {
            return Verdict { status: status_of(&error), records: None, problems: Vec::new(), error: Some(error) };
        }
    };
    let mut problems: Vec<_> = problems.into_iter().map(Found::Structure).collect();
    if args.data {
        problems.extend(data::look(&file, global, report));
    }
    if let Some(links) = links {
        problems.extend(links.look(file.records()));
    }
    let status = problems.iter().map(Found::status).max().unwrap_or_default();
    Verdict { status, records: Some(file.records().len()), problems, error: None }
}

impl Found {
    fn status(&self) -> u8 {
        match self {
            Self::Structure(problem) if problem.severity == Severity::Note => 0,
            Self::Structure(_) | Self::Data(..) => DAMAGED,
            Self::TooLarge(..) => UNUSABLE,
            Self::Remark(_) | Self::Ops(..) => 0,
        }
    }

    fn told(&self) -> Told {
        let none = Told { severity: "note", offset: None, index: None, record: None, what: String::new() };
        let of_record = |severity, index: usize, error: &Error| {
            // Without the path, which is said elsewhere.
            let (record, what) = match error {
                Error::Record { record, source, .. } => (Some(*record), source.to_string()),
                other => (None, other.to_string()),
            };
            Told { severity, offset: record.map(|record| record.offset), index: Some(index), record, what }
        };
        match self {
            Self::Structure(problem) => Told {
                severity: if problem.severity == Severity::Note { "note" } else { "damage" },
                offset: Some(problem.offset),
                record: problem.record,
                what: problem.what.clone(),
                ..none
            },
            Self::Data(index, error) => of_record("damage", *index, error),
            Self::TooLarge(index, error) => {
                let told = of_record("not looked at", *index, error);
                Told { what: memory::with_advice(&told.what), ..told }
            }
            Self::Ops(record, what) => Told {
                severity: "ops",
                offset: record.map(|record| record.offset),
                record: *record,
                what: what.clone(),
                ..none
            },
            Self::Remark(what) => Told { what: what.clone(), ..none },
        }
    }
}

impl Told {
    fn is_damage(&self) -> bool {
        self.severity == "damage"
    }

    fn one_by_one(&self) -> usize {
        if self.is_damage() { FAULTS } else { REMARKS }
    }

    fn as_json(&self) -> Value {
        let mut object = json!({
            "severity": self.severity,
            "offset": self.offset,
            "file_index": self.record.map(|record| record.index),
            "nomvar": self.record.map(|record| record.nomvar.as_str().to_owned()),
            "what": self.what,
        });
        if let (Some(index), Some(object)) = (self.index, object.as_object_mut()) {
            object.insert("index".to_owned(), index.into());
        }
        object
    }

    /// As [`Problem`] says it.
    fn line(&self) -> String {
        let place = match (&self.record, self.offset) {
            (Some(record), _) => format!("record {record}: "),
            (None, Some(offset)) => format!("byte {offset}: "),
            (None, None) => String::new(),
        };
        format!("{}: {place}{}", self.severity, self.what)
    }
}

fn show(path: &Path, verdict: &Verdict, out: &mut Out) -> Result {
    let (good, bad, dim) = (out.style(GOOD), out.style(BAD), out.style(DIM));
    let path = output::name(path);
    let Some(records) = verdict.records else {
        let state = match &verdict.error {
            // Nothing is known of what is not there.
            Some(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => return Ok(()),
            Some(Error::Io { .. }) => "cannot be read",
            _ if verdict.status == UNUSABLE => "not a readable FST file",
            _ => "damaged, nothing can be listed",
        };
        return Ok(writeln!(out, "{path}: {bad}{state}{bad:#}")?);
    };
    let all: Vec<_> = verdict.problems.iter().map(Found::told).collect();
    let mut seen: HashMap<_, usize> = HashMap::new();
    for told in &all {
        let count = seen.entry((told.severity, told.what.as_str())).or_default();
        *count += 1;
        if *count <= told.one_by_one() {
            let style = if told.is_damage() { bad } else { dim };
            writeln!(out, "{path}: {style}{}{style:#}", printable(&told.line()))?;
        }
    }
    // In the order in which they came up.
    for told in &all {
        let count = seen.remove(&(told.severity, told.what.as_str())).unwrap_or_default();
        if count > told.one_by_one() {
            let style = if told.is_damage() { bad } else { dim };
            let more = count - told.one_by_one();
            writeln!(out, "{path}: {style}{}: {more} more: {}{style:#}", told.severity, printable(&told.what))?;
        }
    }
    let listed = number::records(records);
    match verdict.status {
        0 => writeln!(out, "{path}: {good}sound{good:#}, {listed}")?,
        DAMAGED => writeln!(out, "{path}: {bad}damaged{bad:#}, {listed} listed")?,
        _ => writeln!(out, "{path}: {bad}not all looked at{bad:#}, {listed} listed")?,
    }
    Ok(())
}

fn as_json(path: &Path, verdict: &Verdict) -> Value {
    let status = match (&verdict.error, verdict.status) {
        (Some(Error::NotFst { .. }), _) => "not fst",
        (Some(Error::Io { .. }), _) => "unreadable",
        (_, 0) => "sound",
        (None, UNUSABLE) => "not all looked at",
        _ => "damaged",
    };
    let mut object = json!({
        "path": path.display().to_string(),
        "status": status,
        "records": verdict.records,
        "problems": verdict.problems.iter().map(|found| found.told().as_json()).collect::<Vec<_>>(),
        "error": verdict.error.as_ref().map(ToString::to_string),
    });
    if let Some(bytes) = columns::path_bytes(path) {
        object["path_bytes"] = bytes.into();
    }
    object
}
