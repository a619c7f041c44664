//! `rpnfst info`: what a file is besides its records.

use std::{collections::BTreeMap, io::Write as _, path::Path};

use rpnfst::{
    File, Info as Known,
    info::{Details, SegmentKind},
    record::Container,
};
use serde_json::{Map, Value, json};

use crate::{
    args::{Global, Info},
    columns, input,
    output::{self, HEADER, Out},
    remote,
    report::{Report, Result},
};

/// Runs the command.
pub(crate) fn run(args: &Info, global: &Global, report: &mut Report) -> Result {
    let mut out = if args.json { output::data() } else { output::stdout(global.color) };
    let mut first = true;
    let paths = input::paths(&args.files, report)?;
    for path in &paths {
        let Some(file) = input::open(path, global, report) else { continue };
        let Some(info) = file.first().map(rpnfst::Member::info) else { continue };
        let path = &*remote::name(path);
        if args.json {
            serde_json::to_writer(&mut out, &as_json(path, &file, &info))?;
            out.write_all(b"\n")?;
        } else {
            if !std::mem::replace(&mut first, false) {
                writeln!(out)?;
            }
            show(path, &file, &info, &mut out)?;
        }
    }
    Ok(out.finish()?)
}

/// How many records each variable has.
fn variables(file: &File) -> BTreeMap<String, usize> {
    file.records().iter().fold(BTreeMap::new(), |mut counts, record| {
        *counts.entry(record.nomvar().as_str().to_owned()).or_default() += 1;
        counts
    })
}

/// First and last validity time.
fn times(file: &File) -> Option<(String, String)> {
    let times = || file.records().iter().filter_map(|record| record.datev().to_civil().ok());
    Some((times().min()?.to_string(), times().max()?.to_string()))
}

/// The signature of the container, which bears its version.
fn version(container: Container) -> &'static str {
    match container {
        Container::Xdf | Container::XdfSequential => "XDF0",
        Container::Rsf => "RSF0",
    }
}

fn show(path: &Path, file: &File, info: &Known, out: &mut Out) -> Result {
    let style = out.style(HEADER);
    writeln!(out, "{style}{}{style:#}", output::name(path))?;
    let mut line = |name: &str, text: String| writeln!(out, "  {name:14} {text}");
    let container = match info.container {
        Container::Xdf => "XDF random (classic standard file)",
        Container::XdfSequential => "XDF sequential",
        Container::Rsf => "RSF (librmn 20)",
    };
    line("container", format!("{container}, version {}", version(info.container)))?;
    line("size", format!("{} bytes", info.size))?;
    line("records", info.records.to_string())?;
    line("deleted", info.deleted.to_string())?;
    let percent = if info.size == 0 { 0.0 } else { 100.0 * info.wasted_bytes as f64 / info.size as f64 };
    line("wasted", format!("{} bytes ({percent:.1} %)", info.wasted_bytes))?;
    match &info.details {
        Details::Xdf { header, pages, .. } => {
            if info.container == Container::Xdf {
                let slots: u32 = pages.iter().map(|page| page.used).sum();
                line("directory", format!("{}, {slots} entries", plural(pages.len(), "page")))?;
            }
            let counters = (header.extensions, header.rewrites, header.erasures);
            line("history", format!("{} appended, {} rewritten, {} erased", counters.0, counters.1, counters.2))?;
        }
        Details::Rsf { segments, embedded_files, .. } => {
            let count = |kind| segments.iter().filter(|segment| segment.kind == kind).count();
            let mut kinds = Vec::new();
            for kind in [SegmentKind::Closed, SegmentKind::Empty, SegmentKind::Open, SegmentKind::Filler] {
                if count(kind) > 0 {
                    kinds.push(format!("{} {}", count(kind), segment_name(kind)));
                }
            }
            line("segments", format!("{} ({})", segments.len(), kinds.join(", ")))?;
            let entries: u64 = segments.iter().map(|segment| u64::from(segment.entries)).sum();
            line("directory", format!("{entries} entries"))?;
            if *embedded_files > 0 {
                line("embedded files", embedded_files.to_string())?;
            }
        }
        _ => {}
    }
    if let Some((first, last)) = times(file) {
        line("valid", if first == last { first } else { format!("{first} to {last}") })?;
    }
    let variables = variables(file);
    let list: Vec<_> = variables.iter().take(SHOWN).map(|(name, count)| format!("{name} {count}")).collect();
    let more = variables.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    if !list.is_empty() {
        line("variables", format!("{}{more}", list.join(", ")))?;
    }
    for (_, problem) in file.problems() {
        line("noticed", problem.to_string())?;
    }
    Ok(())
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Variables that a person is shown.
const SHOWN: usize = 40;

fn segment_name(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Closed => "closed",
        SegmentKind::Empty => "empty",
        SegmentKind::Open => "open",
        SegmentKind::Filler => "filler",
        _ => "other",
    }
}

fn as_json(path: &Path, file: &File, info: &Known) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("path", json!(path.display().to_string()));
    if let Some(bytes) = columns::path_bytes(path) {
        put("path_bytes", json!(bytes));
    }
    put("container", json!(info.container.name()));
    put("version", json!(version(info.container)));
    put("size", json!(info.size));
    put("records", json!(info.records));
    put("deleted", json!(info.deleted));
    put("wasted_bytes", json!(info.wasted_bytes));
    match &info.details {
        Details::Xdf { header, pages, .. } => {
            let page = |page: &rpnfst::info::Page| json!({"offset": page.offset, "used": page.used, "live": page.live});
            put("pages", pages.iter().map(page).collect());
            put("appended", json!(header.extensions));
            put("rewritten", json!(header.rewrites));
            put("erased", json!(header.erasures));
            put("write_flag", json!(header.write_flag));
        }
        Details::Rsf { segments, write_flag, embedded_files, .. } => {
            let segment = |segment: &rpnfst::info::Segment| {
                json!({
                    "offset": segment.offset,
                    "size": segment.size,
                    "kind": segment_name(segment.kind),
                    "entries": segment.entries,
                    "live": segment.live,
                    "directory_offset": segment.directory_offset,
                    "directory_bytes": segment.directory_bytes,
                })
            };
            put("segments", segments.iter().map(segment).collect());
            put("write_flag", json!(write_flag));
            put("embedded_files", json!(embedded_files));
        }
        _ => {}
    }
    let (first, last) = times(file).unzip();
    put("first_valid_time", json!(first));
    put("last_valid_time", json!(last));
    put("variables", json!(variables(file)));
    put("problems", file.problems().map(|(_, problem)| Value::from(problem.to_string())).collect());
    Value::Object(object)
}
