//! What there is to say at the end.

use std::collections::BTreeSet;

use crate::{
    number::records,
    report::{DAMAGED, Report},
};

/// What became of the records.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) moved: usize,
    pub(super) failed: usize,
    /// Names of records that were copied: without a grid, without numbers.
    pub(super) no_grid: Vec<String>,
    pub(super) no_numbers: Vec<String>,
    /// Why grids were not found, the first reason.
    pub(super) reason: Option<String>,
    /// Components of winds without the other one.
    pub(super) alone: usize,
    /// Components of winds that the method takes as numbers.
    pub(super) unturned: usize,
    /// Tables of levels that cannot be told apart any more.
    pub(super) tables: usize,
    /// Points of the target, and how many of them no source covers.
    pub(super) outside: Option<(usize, usize)>,
}

impl Counts {
    pub(super) fn say(&self, report: &mut Report) {
        let copied = [(&self.no_grid, "without a grid"), (&self.no_numbers, "of no real numbers")];
        for (names, what) in copied {
            if !names.is_empty() {
                let names_text = first_few(names);
                report.note(format_args!("{} {what} copied as they are: {names_text}", records(names.len())));
            }
        }
        if let Some(reason) = &self.reason {
            report.note(format_args!("one of those without a grid: {reason}"));
        }
        if let Some((outside, all)) = self.outside.filter(|(outside, _)| *outside > 0) {
            report.note(format_args!("{outside} of the {all} points of the target lie outside of a source"));
        }
        if self.alone > 0 {
            let n = records(self.alone);
            report.warning(0, format_args!("{n} of UU or VV without the other component: not turned to the new grid"));
        }
        if self.unturned > 0 {
            let n = records(self.unturned);
            report.note(format_args!("{n} of UU or VV not turned: this method makes no winds of them"));
        }
        if self.tables > 0 {
            report.warning(
                0,
                "different vertical coordinates (!!) of one kind have the same tags now: programs cannot tell them apart",
            );
        }
        if self.failed > 0 {
            let (moved, failed) = (records(self.moved), records(self.failed));
            report.warning(DAMAGED, format_args!("{failed} not regridded, {moved} regridded"));
        }
    }
}

/// Some of the names, each once.
fn first_few(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let all: BTreeSet<_> = names.iter().map(String::as_str).collect();
    let shown: Vec<_> = all.iter().take(SHOWN).copied().collect();
    let more = if all.len() > SHOWN { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}
