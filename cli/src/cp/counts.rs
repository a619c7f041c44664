//! What there is to say of all records.

use crate::{
    args::Cp,
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
}

impl Counts {
    /// Says it.
    pub(super) fn say(&self, args: &Cp, report: &mut Report) {
        if self.without_metadata > 0 {
            let n = records(self.without_metadata);
            report.warning(0, format_args!("extended metadata of {n} dropped: XDF files cannot hold them"));
        }
        let hint = "-w 'nomvar=NAME' names some, --descriptors takes all";
        if self.not_set > 0 {
            let n = self.not_set;
            let what = if n == 1 { "descriptor keeps its" } else { "descriptors keep their" };
            report.warning(0, format_args!("{n} {what} attributes: {hint}"));
        }
        if self.not_packed > 0 {
            let n = records(self.not_packed);
            report.warning(
                0,
                format_args!("{n} (descriptors, masks, raw words, 64 bits) copied as they are packed: {hint}"),
            );
        }
        if self.repeated > 0 {
            let (n, which) = (records(self.repeated), if args.replace { "last" } else { "first" });
            report.warning(0, format_args!("{n} left out: of those given more than once the {which} is taken"));
        }
        if self.there > 0 {
            report.warning(0, format_args!("{} skipped: in the output already", records(self.there)));
        }
        if self.replaced > 0 {
            report.warning(0, format_args!("{} of the output replaced", records(self.replaced)));
        }
        if self.replaced_in_sequential {
            report.warning(0, "librmn 19 lists a sequential file up to its first deleted record");
        }
        if self.without_grid > 0 {
            let n = records(self.without_grid);
            report.warning(0, format_args!("the grid of {n} is not described, or not wholly, in any input"));
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
