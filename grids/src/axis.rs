//! Axes of a grid: a number for each column or row, and back.

use crate::error::{Error, Result};

/// The coordinates of the columns or of the rows of a grid, in the plane of its projection.
///
/// Positions count from 1 and are real; between two columns the coordinate is linear, beyond the ends the last interval goes on.
///
/// ```
/// use rpnfst_grids::Axis;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let axis = Axis::list("ax", vec![0.0, 1.0, 3.0])?;
/// assert_eq!(axis.value(2.5), 2.0);
/// assert_eq!(axis.index(2.0), 2.5);
/// assert_eq!(axis.index(5.0), 4.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Axis {
    /// `start + (x - 1) * step` for x = 1 to `n`.
    Uniform {
        /// The coordinate of position 1.
        start: f64,
        /// From one position to the next; not 0 unless `n` is 1.
        step: f64,
        /// How many positions there are.
        n: usize,
    },
    /// A coordinate for each position.
    List(ListAxis),
}

/// Strictly increasing or decreasing coordinates, with a table that finds the interval of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct ListAxis {
    values: Vec<f64>,
    /// 1 for an increasing axis, -1 for a decreasing one.
    sign: f64,
    /// Buckets of equal width over the axis: how many coordinates lie before each.
    buckets: Vec<u32>,
    /// Buckets per unit of the coordinate.
    scale: f64,
    /// No bucket has more than two coordinates: steps are about equal.
    even: bool,
}

impl Axis {
    /// An axis of equal steps.
    ///
    /// # Errors
    /// There is no position, a number is not finite, or the step is 0 between positions.
    pub fn uniform(name: &'static str, start: f64, step: f64, n: usize) -> Result<Self> {
        let reason = match (n, step) {
            (0, _) => "no position",
            _ if !start.is_finite() || !step.is_finite() => "not a finite number",
            (2.., 0.0) => "a step of 0",
            _ => return Ok(Self::Uniform { start, step, n }),
        };
        Err(Error::Axis { name, position: 1, reason })
    }

    /// An axis of given coordinates.
    ///
    /// # Errors
    /// There is no position, a coordinate is not finite, or the axis does not increase or decrease strictly.
    pub fn list(name: &'static str, values: Vec<f64>) -> Result<Self> {
        let wrong = |position, reason| Err(Error::Axis { name, position, reason });
        let (Some(&first), Some(&last)) = (values.first(), values.last()) else { return wrong(1, "no position") };
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return wrong(at + 1, "not a finite number");
        }
        if i32::try_from(values.len()).is_err() {
            return wrong(1, "more than 2^31 positions");
        }
        let sign = if last < first { -1.0 } else { 1.0 };
        if let Some(at) = values.windows(2).position(|pair| matches!(pair, [a, b] if sign * (b - a) <= 0.0)) {
            return wrong(at + 2, "neither increasing nor decreasing strictly");
        }
        Ok(Self::List(ListAxis::new(values, sign, first, last)))
    }

    /// How many positions there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Uniform { n, .. } => *n,
            Self::List(list) => list.values.len(),
        }
    }

    /// Never: an axis has a position.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether coordinates grow with the position.
    pub fn is_increasing(&self) -> bool {
        match self {
            Self::Uniform { step, n, .. } => *step > 0.0 || *n == 1,
            Self::List(list) => list.sign > 0.0,
        }
    }

    /// The coordinate of a real position, from 1; beyond the ends by the last interval.
    #[inline]
    pub fn value(&self, x: f64) -> f64 {
        match self {
            Self::Uniform { start, step, .. } => start + (x - 1.0) * step,
            Self::List(list) => list.value(x),
        }
    }

    /// The real position of a coordinate; beyond the ends by the last interval.
    ///
    /// An axis of one position says NaN for every other coordinate: nothing tells how far it is.
    #[inline]
    pub fn index(&self, value: f64) -> f64 {
        match self {
            Self::Uniform { start, step, .. } if *step == 0.0 => only(*start, value),
            Self::Uniform { start, step, .. } => 1.0 + (value - start) / step,
            Self::List(list) => list.index(value),
        }
    }

    /// [`index`](Self::index) of each value of a slice, in place.
    #[inline(always)]
    pub(crate) fn index_all(&self, values: &mut [f64]) {
        match self {
            Self::Uniform { start, step, .. } if *step != 0.0 => {
                for value in values {
                    *value = 1.0 + (*value - start) / step;
                }
            }
            Self::Uniform { start, .. } => {
                for value in values {
                    *value = only(*start, *value);
                }
            }
            Self::List(list) => list.index_all(values),
        }
    }

    /// The coordinates of all positions.
    pub fn values(&self) -> Vec<f64> {
        match self {
            Self::Uniform { n, .. } => (1..=*n).map(|x| self.value(x as f64)).collect(),
            Self::List(list) => list.values.clone(),
        }
    }

    /// The first and the last coordinate.
    pub fn ends(&self) -> (f64, f64) {
        (self.value(1.0), self.value(self.len() as f64))
    }
}

/// The position on an axis of one coordinate.
fn only(at: f64, value: f64) -> f64 {
    if (value - at).abs() <= 1e-9 * at.abs().max(1.0) { 1.0 } else { f64::NAN }
}

impl ListAxis {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "buckets are few and not negative")]
    fn new(values: Vec<f64>, sign: f64, first: f64, last: f64) -> Self {
        let n = values.len();
        let width = (last - first).abs();
        let scale = if width > 0.0 && width.is_finite() { n as f64 / width } else { 0.0 };
        // The position of a value in `buckets` grows with the value: rounding cannot put a coordinate behind the bucket of a larger one.
        let mut buckets = vec![0; n + 2];
        for value in &values {
            let bucket = (((value - first).abs() * scale) as usize).min(n);
            if let Some(count) = buckets.get_mut(bucket + 1) {
                *count += 1;
            }
        }
        let even = n > 1 && buckets.iter().all(|count| *count <= 2);
        let mut before = 0;
        for count in &mut buckets {
            before += *count;
            *count = before;
        }
        Self { values, sign, buckets, scale, even }
    }

    /// The coordinates.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn value(&self, x: f64) -> f64 {
        let n = self.values.len();
        let i = (x as usize).clamp(1, n.saturating_sub(1).max(1));
        match self.values.get(i - 1..=i) {
            Some(&[a, b]) => a + (x - i as f64) * (b - a),
            _ => self.values.first().copied().unwrap_or(f64::NAN),
        }
    }

    /// [`index`](Self::index) of each value of a slice, in place, with the same results.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "small whole numbers")]
    fn index_all(&self, values: &mut [f64]) {
        const PIECE: usize = 64;
        /// Added to a number below 2^32, it leaves the nearest whole number in the low bits.
        const ROUND: f64 = 6_755_399_441_055_744.0;
        let (sign, n) = (self.sign, self.values.len());
        let (true, Some(&first)) = (self.even, self.values.first()) else {
            for value in values {
                *value = self.index(*value);
            }
            return;
        };
        let mut buckets = [0_u32; PIECE];
        let (mut interval, mut from, mut to) = ([0_i32; PIECE], [0.0; PIECE], [0.0; PIECE]);
        for values in values.chunks_mut(PIECE) {
            // Rounded down as a conversion does, but in vectors; NaN gives 0.
            for (bucket, value) in buckets.iter_mut().zip(values.iter()) {
                let at = (sign * (value - first) * self.scale).max(0.0).min(n as f64);
                let shifted = at + ROUND;
                let over = f64::from(u8::from(shifted - ROUND > at));
                *bucket = (shifted - over).to_bits() as u32;
            }
            for ((((bucket, value), interval), from), to) in
                buckets.iter().zip(values.iter()).zip(&mut interval).zip(&mut from).zip(&mut to)
            {
                let begin = self.buckets.get(*bucket as usize).map_or(0, |begin| *begin as usize);
                // Coordinates of the bucket and behind it, of which the latter are larger.
                let before = |at: usize| {
                    self.values.get(at).map_or(0, |coordinate| usize::from(sign * coordinate < sign * value))
                };
                let i = (begin + before(begin) + before(begin + 1)).clamp(1, n - 1);
                if let Some(&[a, b]) = self.values.get(i - 1..=i) {
                    (*interval, *from, *to) = (i as i32, a, b);
                }
            }
            for (((value, interval), from), to) in values.iter_mut().zip(&interval).zip(&from).zip(&to) {
                *value = f64::from(*interval) + (*value - from) / (to - from);
            }
        }
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn index(&self, value: f64) -> f64 {
        let (sign, n) = (self.sign, self.values.len());
        let [first, .., _] = self.values.as_slice() else {
            return self.values.first().map_or(f64::NAN, |at| only(*at, value));
        };
        let bucket = (sign * (value - first) * self.scale).max(0.0).min(n as f64) as i32 as usize;
        let (begin, end) = match self.buckets.get(bucket..bucket + 2) {
            Some(&[begin, end]) => (begin as usize, end as usize),
            _ => (0, n),
        };
        // How many coordinates lie before the value: those of the buckets before, and some of its own.
        let own = self.values.get(begin..end).unwrap_or_default();
        let before = begin
            + if own.len() > 8 {
                own.partition_point(|at| sign * at < sign * value)
            } else {
                own.iter().map(|at| usize::from(sign * at < sign * value)).sum::<usize>()
            };
        let i = before.clamp(1, n - 1);
        match self.values.get(i - 1..=i) {
            Some(&[a, b]) => i as f64 + (value - a) / (b - a),
            _ => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refuses_what_is_no_axis() {
        for values in [vec![], vec![f64::NAN], vec![1.0, 1.0], vec![1.0, 2.0, 1.5], vec![1.0, f64::INFINITY]] {
            assert!(Axis::list("ax", values.clone()).is_err(), "{values:?}");
        }
        assert!(Axis::uniform("ax", 0.0, 0.0, 2).is_err());
        assert!(Axis::uniform("ax", 0.0, 1.0, 0).is_err());
    }

    #[test]
    fn one_position_knows_only_itself() {
        let axis = Axis::list("ax", vec![7.0]).unwrap();
        assert_eq!((axis.index(7.0), axis.value(3.0)), (1.0, 7.0));
        assert!(axis.index(8.0).is_nan());
    }

    proptest! {
        #[test]
        fn index_is_the_inverse_of_value(
            steps in prop::collection::vec(prop_oneof![1e-3..1e-2, 0.1..1.0, 10.0..1e3], 1..60), start in -1e3..1e3,
            down: bool, at in -0.2..1.2,
        ) {
            let sign = if down { -1.0 } else { 1.0 };
            let mut values = vec![start];
            for step in steps {
                values.push(values.last().unwrap() + sign * step);
            }
            let axis = Axis::list("ax", values.clone()).unwrap();
            let x = 1.0 + at * (values.len() - 1) as f64;
            prop_assert!((axis.index(axis.value(x)) - x).abs() < 1e-8, "{x} {}", axis.index(axis.value(x)));
            for (i, value) in values.iter().enumerate() {
                prop_assert!((axis.index(*value) - (i + 1) as f64).abs() < 1e-12);
            }
        }
    }
}
