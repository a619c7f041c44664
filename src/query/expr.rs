//! Conditions joined by and, or, not.

use super::test::{MetadataOf, Test};
use crate::record::{IntField, Record};

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

    /// For records of one file: conditions on its number are settled.
    pub(super) fn of_file(&self, number: u32) -> Self {
        let list = |list: &[Self]| list.iter().map(|expr| expr.of_file(number)).collect();
        match self {
            Self::All(all) => Self::All(list(all)),
            Self::Any(any) => Self::Any(list(any)),
            Self::Not(not) => Self::Not(Box::new(not.of_file(number))),
            Self::Test(Test::Int(IntField::File, intervals)) => {
                let holds = intervals.iter().any(|interval| interval.contains(number.into()));
                // All of none, or any of none.
                if holds { Self::All(Vec::new()) } else { Self::Any(Vec::new()) }
            }
            Self::Test(test) => Self::Test(test.clone()),
        }
    }
}
