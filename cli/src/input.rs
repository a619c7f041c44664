//! Which files and which records: the arguments that all commands share.

use std::{
    ffi::OsString,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use rpnfst::{File, OpenOptions, Problem, Query, Record, Severity};

use crate::{
    args::{Files, Global},
    number,
    report::{DAMAGED, Report, Result, Stop},
};

/// The files to work on, in order.
pub(crate) fn paths(files: &Files) -> Result<Vec<PathBuf>> {
    if files.paths.is_empty() && files.list.is_none() {
        // Not a matter of the parser: `ls --columns help` needs none.
        return Err(Stop::message("no files given; try --help"));
    }
    let mut paths = Vec::new();
    for file in &files.paths {
        if file.as_os_str() == "-" { read_list(file, files.null, &mut paths)? } else { paths.push(file.clone()) }
    }
    if let Some(list) = &files.list {
        read_list(list, files.null, &mut paths)?;
    }
    Ok(paths)
}

/// Adds the paths that a file, or the standard input (`-`), lists.
fn read_list(list: &Path, null: bool, paths: &mut Vec<PathBuf>) -> Result {
    let read = if list.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(list)
    };
    let bytes = read.map_err(|e| Stop::message(format!("cannot read the list of files {}: {e}", list.display())))?;
    split(&bytes, null, paths)
}

/// One path a line, or between NULs.
fn split(list: &[u8], null: bool, paths: &mut Vec<PathBuf>) -> Result {
    if !null && list.contains(&0) {
        let what =
            "the list of files holds NUL bytes; -0 reads lists separated by them, and an FST file is named, not piped";
        return Err(Stop::message(what));
    }
    for name in list.split(|&b| b == if null { 0 } else { b'\n' }) {
        let name = if null { name } else { name.strip_suffix(b"\r").unwrap_or(name) };
        if !name.is_empty() {
            paths.push(PathBuf::from(os_string(name)?));
        }
    }
    Ok(())
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems have names that bytes cannot tell")]
fn os_string(bytes: &[u8]) -> Result<OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    Ok(OsString::from_vec(bytes.to_vec()))
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> Result<OsString> {
    match std::str::from_utf8(bytes) {
        Ok(name) => Ok(name.into()),
        Err(_) => Err(Stop::message("the list of files is not UTF-8")),
    }
}

/// The query of `--where`.
pub(crate) fn query(text: Option<&str>) -> Result<Query> {
    text.unwrap_or_default().parse().map_err(|e: rpnfst::Error| Stop::message(e.to_string()))
}

/// How a command opens one file, or keeps several open.
pub(crate) fn options(global: &Global) -> OpenOptions {
    OpenOptions::new().mmap(!global.no_mmap).limits(global.limits())
}

/// How a command opens one of `count` files that it goes through one after the other: of many, one that another program cuts
/// short must not end the work on the others, so that they are not mapped.
pub(crate) fn options_for_one_of(count: usize, global: &Global) -> OpenOptions {
    let mapped = if count > 1 { global.mmap } else { !global.no_mmap };
    options(global).mmap(mapped)
}

/// Opens a file; what is wrong is said on the standard error.
pub(crate) fn open(path: &Path, global: &Global, report: &mut Report) -> Option<File> {
    open_with(&options(global), path, report)
}

/// Like [`open`], with the options of [`options_for_one_of`].
pub(crate) fn open_one_of(count: usize, path: &Path, global: &Global, report: &mut Report) -> Option<File> {
    open_with(&options_for_one_of(count, global), path, report)
}

fn open_with(options: &OpenOptions, path: &Path, report: &mut Report) -> Option<File> {
    match options.open(path) {
        Ok(file) => {
            for (_, problem) in file.problems().filter(|(_, p)| p.severity == Severity::Damage) {
                report.warning(DAMAGED, format_args!("{}: {problem}", path.display()));
            }
            Some(file)
        }
        Err(error) => {
            report.library_error(&error);
            None
        }
    }
}

/// Says which of the records have planes that are not in the file: of many once.
pub(crate) fn warn_of_lost_planes<'a>(path: &Path, records: impl IntoIterator<Item = &'a Record>, report: &mut Report) {
    const ONE_BY_ONE: usize = 3;
    let problems: Vec<_> = records.into_iter().filter_map(Problem::of_lost_planes).collect();
    let shown = if problems.len() > ONE_BY_ONE { 1 } else { problems.len() };
    let path = path.display();
    for problem in &problems[..shown] {
        let record = problem.record.map_or_else(String::new, |record| format!("record {record}: "));
        report.warning(0, format_args!("{path}: {record}{}", problem.what));
    }
    if problems.len() > shown {
        let others = number::records(problems.len() - shown);
        report.warning(0, format_args!("{path}: {others} more of which levels are not in the file"));
    }
    if problems.iter().any(|problem| problem.severity == Severity::Damage) {
        report.raise(DAMAGED);
    }
}

/// The records that a query matches, with their positions in the listing.
pub(crate) fn select<'a>(file: &'a File, query: &Query) -> Vec<(usize, &'a Record)> {
    file.records().iter().enumerate().filter(|(_, record)| query.matches(record)).collect()
}
