//! Queries on columns: for names a condition is evaluated once for each different one, for integers it runs over a vector.

use super::{Query, expr::Expr, interval::Interval, test::Test};
use crate::record::{IntField, Record, TextField, Words};

/// Records, column by column.
pub(crate) trait Rows: Sync {
    fn len(&self) -> usize;
    fn record(&self, row: usize) -> Option<Record>;
    /// The values of a field, if there is a vector of them.
    fn ints(&self, field: IntField) -> Option<Ints<'_>>;
    /// Which text each record has, and directory words that hold each text.
    fn texts(&self, field: TextField) -> (&[u32], Vec<Words>);
}

/// The values of a field.
pub(crate) enum Ints<'a> {
    U8(&'a [u8]),
    U32(&'a [u32]),
    I32(&'a [i32]),
}

/// A condition, prepared for the columns.
enum Prepared<'a> {
    All(Vec<Prepared<'a>>),
    Any(Vec<Prepared<'a>>),
    Not(Box<Prepared<'a>>),
    /// Whether the text with a key passes.
    Keys(&'a [u32], Vec<bool>),
    Ints(Ints<'a>, &'a [Interval<i64>]),
    /// What only the whole record tells.
    Record(&'a Test),
}

/// Rows that are evaluated together: their marks stay in the first-level cache.
const BLOCK: usize = 8192;

impl Query {
    /// The rows that satisfy all conditions, ascending.
    pub(crate) fn rows(&self, rows: &impl Rows) -> Vec<u32> {
        let prepared = Prepared::All(self.all.iter().map(|expr| Prepared::new(expr, rows)).collect());
        let block = |first: usize| {
            let mut marks = vec![true; BLOCK.min(rows.len() - first)];
            prepared.narrow(rows, first, &mut marks);
            let found = (first..).zip(marks).filter(|(_, mark)| *mark);
            found.filter_map(|(row, _)| u32::try_from(row).ok()).collect::<Vec<u32>>()
        };
        crate::parallel::map(rows.len().div_ceil(BLOCK), |number| block(number * BLOCK)).concat()
    }
}

impl<'a> Prepared<'a> {
    fn new(expr: &'a Expr, rows: &'a impl Rows) -> Self {
        let list = |list: &'a [Expr]| list.iter().map(|expr| Self::new(expr, rows)).collect();
        match expr {
            Expr::All(all) => Self::All(list(all)),
            Expr::Any(any) => Self::Any(list(any)),
            Expr::Not(not) => Self::Not(Box::new(Self::new(not, rows))),
            Expr::Test(test) => Self::of_test(test, rows),
        }
    }

    fn of_test(test: &'a Test, rows: &'a impl Rows) -> Self {
        match test {
            Test::Text(field, tests) => {
                let (keys, texts) = rows.texts(*field);
                let passes = |words: &Words| tests.iter().any(|test| test.holds(*field, words));
                Self::Keys(keys, texts.iter().map(passes).collect())
            }
            Test::Int(field, intervals) => match rows.ints(*field) {
                Some(ints) => Self::Ints(ints, intervals),
                None => Self::Record(test),
            },
            _ => Self::Record(test),
        }
    }

    /// Clears the marks of the rows from `first` on that do not satisfy the condition.
    fn narrow(&self, rows: &impl Rows, first: usize, marks: &mut [bool]) {
        match self {
            Self::All(all) => all.iter().for_each(|prepared| prepared.narrow(rows, first, marks)),
            Self::Any(any) => {
                let mut open = marks.to_vec(); // satisfies none so far
                let mut found = vec![false; marks.len()];
                for prepared in any {
                    let mut own = open.clone();
                    prepared.narrow(rows, first, &mut own);
                    for ((open, found), own) in open.iter_mut().zip(&mut found).zip(own) {
                        *open &= !own;
                        *found |= own;
                    }
                }
                marks.copy_from_slice(&found);
            }
            Self::Not(not) => {
                let mut own = marks.to_vec();
                not.narrow(rows, first, &mut own);
                marks.iter_mut().zip(own).for_each(|(mark, own)| *mark &= !own);
            }
            Self::Keys(keys, passes) => {
                for (mark, key) in marks.iter_mut().zip(&keys[first..]) {
                    *mark &= passes.get(*key as usize).copied().unwrap_or_default();
                }
            }
            Self::Ints(Ints::U8(values), intervals) => narrow_ints(&values[first..], intervals, marks),
            Self::Ints(Ints::U32(values), intervals) => narrow_ints(&values[first..], intervals, marks),
            Self::Ints(Ints::I32(values), intervals) => narrow_ints(&values[first..], intervals, marks),
            Self::Record(test) => {
                for (row, mark) in (first..).zip(marks).filter(|(_, mark)| **mark) {
                    *mark = rows.record(row).is_some_and(|record| test.holds(&record, &|_| None));
                }
            }
        }
    }
}

fn narrow_ints<T: Copy + Into<i64>>(values: &[T], intervals: &[Interval<i64>], marks: &mut [bool]) {
    for (mark, &value) in marks.iter_mut().zip(values) {
        *mark &= intervals.iter().any(|interval| interval.contains(value.into()));
    }
}
