//! `--replace`, `--skip-same`: one record of several that are the same.

use std::collections::HashSet;

use rpnfst::Rewrite;

use super::{Counts, Item};
use crate::output_file::Output;

/// Leaves of the items with the same identity the last one, or the first one; those that an output has already win over
/// the first.
pub(super) fn distinct<'a>(
    items: &[Item<'a>],
    mode: Rewrite,
    output: &mut Output,
    counts: &mut Counts,
) -> Vec<Item<'a>> {
    let mut seen = HashSet::new();
    let mut first = |item: &&Item<'a>| {
        let is_first = seen.insert(item.result().identity());
        counts.repeated += usize::from(!is_first);
        is_first
    };
    if mode == Rewrite::Replace {
        let mut last: Vec<_> = items.iter().rev().filter(|item| first(item)).copied().collect();
        last.reverse();
        return last;
    }
    let firsts: Vec<_> = items.iter().filter(|item| first(item)).copied().collect();
    let (there, new): (Vec<_>, Vec<_>) =
        firsts.into_iter().partition(|item| output.writer.contains(&item.result().identity()));
    counts.there += there.len();
    new
}
