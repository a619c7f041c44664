//! What there is to say of all records.

use std::collections::BTreeSet;

use rpnfst::record::Lacking;

use crate::{
    args::Cp,
    input,
    number::records,
    report::{DAMAGED, Report},
};

/// What there is to say at the end, instead of once for each record.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) copied: usize,
    pub(super) failed: usize,
    pub(super) without_metadata: usize,
    pub(super) not_repacked: usize,
    /// Descriptors that keep their attributes, or, as what has 64 bits, their packing.
    pub(super) not_set: usize,
    pub(super) not_packed: usize,
    /// Records that are the same as others: among those given, in the output before.
    pub(super) repeated: usize,
    pub(super) there: usize,
    pub(super) replaced: usize,
    pub(super) replaced_in_sequential: bool,
    pub(super) without_grid: usize,
    /// Those among them that are words without a meaning.
    pub(super) words: usize,
    /// What of their grids is nowhere.
    pub(super) lacking: BTreeSet<&'static str>,
    /// Those without their mask.
    without_mask: usize,
    /// What there is to say of links that --set cuts.
    pub(super) unlinked: Vec<String>,
}

impl Counts {
    /// Notes what a record needs and --with-grid did not find.
    pub(super) fn lacks(&mut self, lacking: &Lacking) {
        self.without_grid += usize::from(!lacking.axes.is_empty());
        self.lacking.extend(&lacking.axes);
        self.without_mask += usize::from(lacking.mask);
    }

    /// Says it.
    pub(super) fn say(&self, args: &Cp, report: &mut Report) {
        if self.without_metadata > 0 {
            let n = records(self.without_metadata);
            report.warning(0, format_args!("extended metadata of {n} dropped: XDF files cannot hold them"));
        }
        if let Some(spared) = input::spared(self.not_set) {
            report.warning(0, format_args!("--set: {spared}"));
        }
        if self.not_packed > 0 {
            let n = records(self.not_packed);
            let what = "(descriptors, masks, raw words, 64 bits) copied as they are packed";
            let others = if self.not_packed > self.words { format!("; {}", input::NAMED) } else { String::new() };
            let words = if self.words > 0 { "; of raw words `get --words-as f4` and `mk` make reals" } else { "" };
            report.warning(0, format_args!("{n} {what}{others}{words}"));
        }
        if self.repeated > 0 {
            let (n, which) = (records(self.repeated), if args.replace { "last" } else { "first" });
            report.warning(
                0,
                format_args!("{n} left out, whatever their values: of those given more than once the {which} is taken"),
            );
        }
        if self.there > 0 {
            report.warning(
                0,
                format_args!("{} skipped, whatever their values: in the output already", records(self.there)),
            );
        }
        if self.replaced > 0 {
            report.warning(0, format_args!("{} of the output replaced", records(self.replaced)));
        }
        if self.replaced_in_sequential {
            report.warning(0, "librmn 19 lists a sequential file up to its first deleted record");
        }
        if self.without_grid > 0 {
            let n = records(self.without_grid);
            let names: Vec<_> = self.lacking.iter().copied().collect();
            let names = names.join(", ");
            report.warning(0, format_args!("the grid of {n} is not described in any input: {names} not found"));
        }
        if self.without_mask > 0 {
            let n = records(self.without_mask);
            report
                .warning(0, format_args!("the mask (@@) of {n} is in no input: points without a value read as values"));
        }
        for unlinked in &self.unlinked {
            report.warning(0, unlinked);
        }
        if self.not_repacked > 0 {
            let n = records(self.not_repacked);
            let gain = if args.compress { ", or gain nothing" } else { "" };
            report.warning(0, format_args!("{n} copied unchanged: packing anew would change values{gain}"));
        }
        if self.failed > 0 {
            let (copied, failed) = (records(self.copied), records(self.failed));
            report.warning(DAMAGED, format_args!("{failed} not copied, {copied} copied"));
        }
    }
}
