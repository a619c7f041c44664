//! Ranges of values, with or without steps.

use std::ops::{Bound, RangeBounds};

/// Values between two bounds, or every `step` of them from the lower one on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Interval<T> {
    pub(super) low: Bound<T>,
    pub(super) high: Bound<T>,
    pub(super) step: Option<T>,
}

impl<T> Interval<T> {
    pub(super) fn new(low: Bound<T>, high: Bound<T>) -> Self {
        Self { low, high, step: None }
    }
}

impl<T: Clone> Interval<T> {
    pub(super) fn from_range(range: &impl RangeBounds<T>) -> Self {
        Self::new(range.start_bound().cloned(), range.end_bound().cloned())
    }

    pub(super) fn point(value: T) -> Self {
        Self::new(Bound::Included(value.clone()), Bound::Included(value))
    }
}

impl<T: PartialOrd> Interval<T> {
    /// Whether a value is between the bounds, whatever the step.
    pub(super) fn spans(&self, value: &T) -> bool {
        (match &self.low {
            Bound::Included(low) => value >= low,
            Bound::Excluded(low) => value > low,
            Bound::Unbounded => true,
        }) && match &self.high {
            Bound::Included(high) => value <= high,
            Bound::Excluded(high) => value < high,
            Bound::Unbounded => true,
        }
    }

    /// Whether no value can be in the interval: its ends are in the wrong order.
    pub(super) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (Bound::Included(low), Bound::Included(high)) => low > high,
            (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) => low >= high,
        }
    }

    /// The end that steps are counted from.
    fn origin(&self) -> Option<&T> {
        match &self.low {
            Bound::Included(low) | Bound::Excluded(low) => Some(low),
            Bound::Unbounded => None,
        }
    }
}

impl<T: PartialOrd + Copy> Interval<T> {
    /// Whether a value from `least` to `most` can be in the interval.
    pub(super) fn meets(&self, least: T, most: T) -> bool {
        !self.is_empty()
            && (match self.low {
                Bound::Included(low) => low <= most,
                Bound::Excluded(low) => low < most,
                Bound::Unbounded => true,
            })
            && match self.high {
                Bound::Included(high) => high >= least,
                Bound::Excluded(high) => high > least,
                Bound::Unbounded => true,
            }
    }
}

impl Interval<i64> {
    pub(super) fn contains(&self, value: i64) -> bool {
        let on_step = match (self.step, self.origin()) {
            (Some(step), Some(&low)) => (i128::from(value) - i128::from(low)) % i128::from(step.max(1)) == 0,
            _ => true,
        };
        on_step && self.spans(&value)
    }
}

/// Relative tolerance of levels and hours: the error of single precision and of encoded ips.
const TOLERANCE: f64 = 1e-6;

impl Interval<f64> {
    /// Like `contains`, with a tolerance: ends that belong to the interval move outwards, others inwards.
    pub(super) fn contains_nearly(&self, value: f64) -> bool {
        let slack = |end: f64| end.abs() * TOLERANCE;
        let between = (match self.low {
            Bound::Included(low) => value >= low - slack(low),
            Bound::Excluded(low) => value > low + slack(low),
            Bound::Unbounded => true,
        }) && match self.high {
            Bound::Included(high) => value <= high + slack(high),
            Bound::Excluded(high) => value < high - slack(high),
            Bound::Unbounded => true,
        };
        between
            && match (self.step, self.origin()) {
                (Some(step), Some(&low)) => {
                    let nearest = low + ((value - low) / step).round() * step;
                    (value - nearest).abs() <= slack(value).max(slack(low))
                }
                _ => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps<T: Clone>(low: T, high: T, step: T) -> Interval<T> {
        Interval { step: Some(step), ..Interval::from_range(&(low..=high)) }
    }

    #[test]
    fn steps_are_counted_from_the_beginning() {
        let sixes = steps(0, 48, 6);
        assert_eq!((0..=60).filter(|&n| sixes.contains(n)).collect::<Vec<_>>(), [0, 6, 12, 18, 24, 30, 36, 42, 48]);
        let from_one = steps(1, 10, 4);
        assert_eq!((0..=12).filter(|&n| from_one.contains(n)).collect::<Vec<_>>(), [1, 5, 9]);
        assert!(steps(i64::MIN, i64::MAX, 2).contains(0) && !steps(i64::MIN, i64::MAX, 3).contains(0));
    }

    #[test]
    fn steps_of_reals_have_a_tolerance() {
        let tenths = steps(0.0, 1.0, 0.1);
        // As single precision has them, and as sums have them.
        for value in [0.3, f64::from(0.3_f32), f64::from(0.7_f32), 0.1 + 0.2, 1.0] {
            assert!(tenths.contains_nearly(value), "{value}");
        }
        for value in [0.35, 0.3001, 1.1, -0.1, f64::NAN, f64::INFINITY] {
            assert!(!tenths.contains_nearly(value), "{value}");
        }
        assert!(steps(100.0, 1000.0, 100.0).contains_nearly(f64::from(299.999_97_f32)));
        assert!(!steps(0.0, f64::MAX, f64::MIN_POSITIVE).contains_nearly(f64::NAN));
    }

    #[test]
    fn what_meets_a_range() {
        assert!(Interval::point(5).meets(0, 5) && !Interval::point(6).meets(0, 5) && !Interval::point(-1).meets(0, 5));
        assert!(Interval::new(Bound::Excluded(4), Bound::Unbounded).meets(0, 5));
        assert!(!Interval::new(Bound::Excluded(5), Bound::Unbounded).meets(0, 5));
        assert!(!Interval::new(Bound::Unbounded, Bound::Excluded(0)).meets(0, 5));
    }
}
