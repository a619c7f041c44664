//! Conditions joined by and, or, not.

use super::test::{MetadataOf, Test};
use crate::record::Record;

/// A condition on a record.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Test(Test),
}

impl Expr {
    pub(super) fn holds(&self, record: &Record, metadata: MetadataOf<'_>) -> bool {
        match self {
            Self::All(list) => list.iter().all(|e| e.holds(record, metadata)),
            Self::Any(list) => list.iter().any(|e| e.holds(record, metadata)),
            Self::Not(e) => !e.holds(record, metadata),
            Self::Test(test) => test.holds(record, metadata),
        }
    }
}
