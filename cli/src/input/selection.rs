//! Which records of a file a command works on.

use std::{collections::HashSet, path::Path};

use rpnfst::{Container, File, Problem, Query, Record, Severity};

use super::options;
use crate::{
    args::{Global, Unlock, Where},
    number, remote,
    report::{DAMAGED, Report},
};

/// Says which of the records have planes that are not in the file: of many once.
pub(crate) fn warn_of_lost_planes<'a>(path: &Path, records: impl IntoIterator<Item = &'a Record>, report: &mut Report) {
    const ONE_BY_ONE: usize = 3;
    let problems: Vec<_> = records.into_iter().filter_map(Problem::of_lost_planes).collect();
    let shown = if problems.len() > ONE_BY_ONE { 1 } else { problems.len() };
    let path = remote::name(path);
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

/// Like [`select`], for commands that read values: without the records that are deleted in their own header only.
pub(crate) fn select_readable<'a>(file: &'a File, query: &Query, report: &mut Report) -> Vec<(usize, &'a Record)> {
    let mut selected = select(file, query);
    let before = selected.len();
    // Other trouble is for those who read.
    selected.retain(|(_, record)| record.container() != Container::Rsf || !file.is_deleted(record).unwrap_or(false));
    if selected.len() < before {
        let n = number::records(before - selected.len());
        let name = file.first().map(rpnfst::Member::name).unwrap_or_default();
        report.note(format_args!("{name}: {n} passed over: deleted, which the directory does not say"));
    }
    selected
}

/// The position of a record in the listing of the file that it was read from alone.
pub(crate) fn index_of(file: &File, record: &Record) -> Option<usize> {
    file.records().binary_search_by_key(&record.file_index(), Record::file_index).ok()
}

/// Says that a condition selected nothing of the files that did open, as `grep` does by its status.
pub(crate) fn none_selected(select: &Where, selected: usize, opened: bool, report: &mut Report) {
    if select.expr.is_some() && selected == 0 && opened {
        report.error(DAMAGED, "no record selected");
    }
}

/// Leaves out descriptors that are not meant, for commands that change or delete records in place; says how many.
pub(crate) fn spare_descriptors(selected: &mut Vec<(usize, &Record)>, query: &Query, all: bool) -> usize {
    let before = selected.len();
    selected.retain(|(_, record)| !leaves_alone(record, query, all));
    before - selected.len()
}

/// Where the records are that a file lists before --unlock takes in what a dead writer left: nobody has seen those others.
pub(crate) fn seen(path: &Path, unlock: Unlock, global: &Global) -> Option<HashSet<u64>> {
    let places = |file: File| file.records().iter().map(Record::file_offset).collect();
    // What does not open yet lists nothing. Other errors are for those who open it for good.
    unlock.unlock.then(|| options(global).open(path).map_or_else(|_| HashSet::new(), places))
}

/// Leaves out what was not [`seen`].
pub(crate) fn only_seen(selected: &mut Vec<(usize, &Record)>, seen: Option<HashSet<u64>>) {
    if let Some(places) = seen {
        selected.retain(|(_, record)| places.contains(&record.file_offset()));
    }
}

/// What a dry run says of --unlock.
pub(crate) const UNSEEN: &str =
    "what a writer that died left is not looked at: --unlock takes it in when the file is changed";

/// How descriptors are meant.
pub(crate) const NAMED: &str = "-w 'nomvar=>>' takes them by name, --descriptors takes all";

/// What is said of descriptors that are left out.
pub(crate) fn spared(n: usize) -> Option<String> {
    (n > 0).then(|| format!("{n} grid and level descriptor{} left as they are; {NAMED}", if n == 1 { "" } else { "s" }))
}

/// Whether a descriptor stays as it is, unless all are to change: it was selected and not named, as by a condition that
/// fields meet too. Fields refer to it by its attributes, and its values are places and pressures.
pub(crate) fn leaves_alone(record: &Record, query: &Query, all: bool) -> bool {
    record.is_descriptor() && !all && !query.selects_by_name(record)
}
