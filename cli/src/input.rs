//! Which files and which records: the arguments that all commands share.

use std::{
    ffi::OsString,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use rpnfst::{File, OpenOptions, Query, Record, Severity};

use crate::{
    args::{Files, Global},
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
pub(crate) fn os_string(bytes: &[u8]) -> Result<OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    Ok(OsString::from_vec(bytes.to_vec()))
}

#[cfg(not(unix))]
pub(crate) fn os_string(bytes: &[u8]) -> Result<OsString> {
    match std::str::from_utf8(bytes) {
        Ok(name) => Ok(name.into()),
        Err(_) => Err(Stop::message("the list of files is not UTF-8")),
    }
}

/// The query of `--where`.
pub(crate) fn query(text: Option<&str>) -> Result<Query> {
    text.unwrap_or_default().parse().map_err(|e: rpnfst::Error| Stop::message(e.to_string()))
}

/// Opens a file; what is wrong is said on the standard error.
pub(crate) fn open(path: &Path, global: &Global, report: &mut Report) -> Option<File> {
    match OpenOptions::new().mmap(!global.no_mmap).open(path) {
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

/// The records that a query matches, with their positions in the listing.
pub(crate) fn select<'a>(file: &'a File, query: &Query) -> Vec<(usize, &'a Record)> {
    file.records().iter().enumerate().filter(|(_, record)| query.matches(record)).collect()
}

/// Whether a descriptor stays as it is, unless all are to change: it was selected and not named, as by a condition that
/// fields meet too. Fields refer to it by its attributes, and its values are places and pressures.
pub(crate) fn leaves_alone(record: &Record, query: &Query, all: bool) -> bool {
    record.is_descriptor() && !all && !query.selects_by_name(record)
}
