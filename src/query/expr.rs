//! Conditions joined by and, or, not.

use super::test::Test;
use crate::{file::File, record::Record};

/// A condition on a record.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Test(Test),
}

impl Expr {
    pub(super) fn holds(&self, record: &Record, file: Option<&File>) -> bool {
        match self {
            Self::All(list) => list.iter().all(|e| e.holds(record, file)),
            Self::Any(list) => list.iter().any(|e| e.holds(record, file)),
            Self::Not(e) => !e.holds(record, file),
            Self::Test(test) => test.holds(record, file),
        }
    }
}
