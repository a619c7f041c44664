//! `--replace`, `--skip-same`: one record of several that are the same.

use std::collections::{HashMap, HashSet, VecDeque};

use rpnfst::{Rewrite, record::Identity};

use super::{Counts, Item};
use crate::output_file::Output;

/// Which records are taken, and what there is if one of them cannot be copied.
#[derive(Default)]
pub(super) struct Distinct<'a> {
    pub(super) taken: Vec<Item<'a>>,
    /// The others, the best first.
    others: HashMap<Identity, VecDeque<Item<'a>>>,
}

impl<'a> Distinct<'a> {
    /// Takes of the items with the same identity the last one, or the first one; those that an output has already win over
    /// the first.
    pub(super) fn new(items: &[Item<'a>], mode: Rewrite, output: &mut Output, counts: &mut Counts) -> Self {
        let mut distinct = Self::default();
        if mode == Rewrite::Replace {
            distinct.take(items.iter().rev(), counts);
            distinct.taken.reverse();
        } else {
            distinct.take(items.iter(), counts);
            let known = distinct.taken.len();
            distinct.taken.retain(|item| !output.writer.contains(&item.result().identity()));
            counts.there += known - distinct.taken.len();
        }
        distinct
    }

    fn take<'i>(&mut self, items: impl Iterator<Item = &'i Item<'a>>, counts: &mut Counts)
    where
        'a: 'i,
    {
        let mut seen = HashSet::new();
        for item in items {
            let identity = item.result().identity();
            if seen.insert(identity) {
                self.taken.push(*item);
            } else {
                counts.repeated += 1;
                self.others.entry(identity).or_default().push_back(*item);
            }
        }
    }

    /// The next best one.
    pub(super) fn other(&mut self, identity: &Identity) -> Option<Item<'a>> {
        self.others.get_mut(identity)?.pop_front()
    }
}
