//! Columns of a field brought from the levels of a model to pressures or heights.

use std::ops::Range;

use super::{LevelError, Result, compute::check_length};
use crate::{Real, ip::Order};

/// What is linear between two levels.
///
/// ```
/// use rpnfst_grids::levels::{Columns, Scale};
/// let pressures = [100.0_f64, 1000.0]; // of two levels, at one point
/// let at = |scale| Columns::pressures(&pressures, 2).scale(scale).at(&[316.227766])?.apply(&[0.0_f64, 1.0]);
/// assert!((at(Scale::Logarithmic)?[0] - 0.5).abs() < 1e-9);
/// assert!((at(Scale::Linear)?[0] - 0.24025).abs() < 1e-4);
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scale {
    /// The field is linear in the coordinate.
    #[default]
    Linear,
    /// The field is linear in the logarithm of the coordinate, as temperature mostly is in that of pressure. Levels at 0 or
    /// below do not count.
    Logarithmic,
}

/// What is taken outside of a column: below its lowest level (under the ground) or above its highest one.
///
/// ```
/// use rpnfst_grids::levels::{Columns, Outside};
/// let heights = [10.0_f64, 20.0];
/// let at = |below| Columns::heights(&heights, 2).below(below).at(&[5.0])?.apply(&[1.0_f64, 2.0]);
/// assert!(at(Outside::Missing)?[0].is_nan());
/// assert_eq!((at(Outside::Nearest)?[0], at(Outside::Extrapolate)?[0]), (1.0, 0.5));
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Outside {
    /// Nothing: the value is missing (NaN).
    #[default]
    Missing,
    /// The value of the nearest level.
    Nearest,
    /// The line through the two nearest levels goes on.
    Extrapolate,
}

/// Where the levels of columns are, and how values between them are found. Levels may be in any order, also in one that
/// differs between columns; those whose coordinate is NaN do not count.
///
/// ```
/// use rpnfst_grids::levels::{Columns, Scale};
/// // Three levels at two points; ni is fastest, levels are slowest.
/// let pressures = [200_f32, 210.0, 500.0, 520.0, 900.0, 1000.0];
/// let plan = Columns::pressures(&pressures, 3).scale(Scale::Logarithmic).at(&[850.0, 500.0])?;
/// let temperatures = plan.apply(&[220_f32, 221.0, 250.0, 251.0, 280.0, 290.0])?;
/// assert_eq!(temperatures.len(), 4); // two levels at two points
/// assert_eq!(temperatures[2], 250.0);
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a, T> {
    coordinate: &'a [T],
    levels: usize,
    upwards: Order,
    scale: Scale,
    below: Outside,
    above: Outside,
}

/// Which levels make the values at the wanted ones, and with which weights: for any number of fields on the same levels.
///
/// ```
/// use rpnfst_grids::levels::Columns;
/// let plan = Columns::heights(&[0_f32, 1000.0], 2).at(&[250.0])?;
/// assert_eq!(plan.apply(&[4_f32, 8.0])?, [5.0]);
/// assert!(plan.apply(&[4_f32]).is_err());
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    levels: usize,
    points: usize,
    /// For each wanted level and point.
    pairs: Vec<Pair>,
}

/// Two levels, and the weight of the second one.
#[derive(Debug, Clone, Copy)]
struct Pair {
    first: u32,
    second: u32,
    weight: f64,
}

/// No level.
const NONE: u32 = u32::MAX;

impl<'a, T: Real> Columns<'a, T> {
    /// Columns whose coordinate is pressure, which falls upwards: `levels` times the number of points, level after level.
    pub const fn pressures(coordinate: &'a [T], levels: usize) -> Self {
        Self::new(coordinate, levels, Order::Descending)
    }

    /// Columns whose coordinate is height, which grows upwards.
    pub const fn heights(coordinate: &'a [T], levels: usize) -> Self {
        Self::new(coordinate, levels, Order::Ascending)
    }

    /// Columns whose coordinate grows or falls upwards.
    pub const fn new(coordinate: &'a [T], levels: usize, upwards: Order) -> Self {
        let (below, above) = (Outside::Missing, Outside::Missing);
        Self { coordinate, levels, upwards, scale: Scale::Linear, below, above }
    }

    /// What is linear between levels.
    #[must_use]
    pub const fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// What is taken below the lowest level.
    #[must_use]
    pub const fn below(mut self, outside: Outside) -> Self {
        self.below = outside;
        self
    }

    /// What is taken above the highest level.
    #[must_use]
    pub const fn above(mut self, outside: Outside) -> Self {
        self.above = outside;
        self
    }

    /// The weights for these values of the coordinate, in its unit.
    ///
    /// # Errors
    /// [`LevelError::Length`] when the coordinate is not a whole number of levels.
    pub fn at(&self, targets: &[f64]) -> Result<ColumnPlan> {
        let points = self.coordinate.len().checked_div(self.levels).unwrap_or(0);
        check_length("the coordinate", self.coordinate.len(), points.saturating_mul(self.levels))?;
        if u32::try_from(self.levels).is_err() {
            return Err(LevelError::Length { what: "the column", found: self.levels, expected: NONE as usize });
        }
        let ascending = self.direction(points);
        let mut pairs = vec![Pair { first: NONE, second: NONE, weight: 0.0 }; points.saturating_mul(targets.len())];
        super::compute::pieces(&mut pairs, |start, piece| {
            for (n, pair) in piece.iter_mut().enumerate() {
                let (target, point) = ((start + n) / points, (start + n) % points);
                let at = |level: usize| self.coordinate.get(level * points + point).map_or(f64::NAN, |c| c.wide());
                let column = Column { at, levels: self.levels, ascending, positive: self.scale == Scale::Logarithmic };
                *pair = self.pair(&column, targets.get(target).copied().unwrap_or(f64::NAN));
            }
        });
        Ok(ColumnPlan { levels: self.levels, points, pairs })
    }

    /// Whether all columns ascend or descend from level to level; `None` if they do neither.
    fn direction(&self, points: usize) -> Option<bool> {
        let rows = || self.coordinate.chunks_exact(points.max(1));
        let all = |test: fn(f64, f64) -> bool| {
            let pairs = rows().zip(rows().skip(1));
            let mut rows = pairs.map(|(low, high)| low.iter().zip(high).all(|(a, b)| test(a.wide(), b.wide())));
            rows.all(|yes| yes)
        };
        // A column of one level has an order unless that is NaN.
        let counts = self.scale == Scale::Linear || self.coordinate.iter().all(|c| c.wide() > 0.0);
        if !counts || self.levels < 2 {
            return None;
        }
        if all(|a, b| a < b) { Some(true) } else { all(|a, b| a > b).then_some(false) }
    }

    fn pair(&self, column: &Column<impl Fn(usize) -> f64>, target: f64) -> Pair {
        let missing = Pair { first: NONE, second: NONE, weight: 0.0 };
        let level = |n: usize| u32::try_from(n).unwrap_or(NONE);
        let Some((place, first, second)) = column.find(target) else { return missing };
        let outside = match (place, self.upwards) {
            (Place::Between, _) => None,
            (Place::Under, Order::Ascending) | (Place::Over, Order::Descending) => Some(self.below),
            (Place::Under, Order::Descending) | (Place::Over, Order::Ascending) => Some(self.above),
        };
        match outside {
            Some(Outside::Missing) => return missing,
            Some(Outside::Nearest) => return Pair { first: level(first), second: level(first), weight: 0.0 },
            Some(Outside::Extrapolate) | None => {}
        }
        let (a, b) = ((column.at)(first), (column.at)(second));
        let scaled = |x: f64| if self.scale == Scale::Logarithmic { x.ln() } else { x };
        let (low, high) = (scaled(a), scaled(b));
        // Of two levels at one place the first one counts.
        let weight = if low < high || high < low { (scaled(target) - low) / (high - low) } else { 0.0 };
        if weight.is_finite() { Pair { first: level(first), second: level(second), weight } } else { missing }
    }
}

/// A column of coordinates.
struct Column<F> {
    at: F,
    levels: usize,
    /// The order of the levels if it is known.
    ascending: Option<bool>,
    /// Whether only positive coordinates count.
    positive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Between,
    Under,
    Over,
}

impl<F: Fn(usize) -> f64> Column<F> {
    /// The levels on both sides of a value, or the two nearest ones when all are on one side (the nearest first).
    fn find(&self, target: f64) -> Option<(Place, usize, usize)> {
        if target.is_nan() {
            return None;
        }
        match self.ascending {
            Some(ascending) => Some(self.bisect(target, ascending)),
            None => self.scan(target),
        }
    }

    fn bisect(&self, target: f64, ascending: bool) -> (Place, usize, usize) {
        let last = self.levels - 1;
        let place = |n: usize| if ascending { n } else { last - n };
        let at = |n: usize| (self.at)(place(n));
        if target < at(0) {
            return (Place::Under, place(0), place(1));
        }
        if target > at(last) {
            return (Place::Over, place(last), place(last - 1));
        }
        let Range { mut start, mut end } = 0..last;
        while end - start > 1 {
            let middle = usize::midpoint(start, end);
            if at(middle) <= target { start = middle } else { end = middle }
        }
        (Place::Between, place(start), place(end))
    }

    fn scan(&self, target: f64) -> Option<(Place, usize, usize)> {
        let nothing = [(f64::NAN, 0); 2];
        let (mut under, mut over) = (nothing, nothing);
        for level in 0..self.levels {
            let value = (self.at)(level);
            if value <= target && (!self.positive || value > 0.0) {
                insert(&mut under, (value, level), |new, old| new > old);
            } else if value > target && (!self.positive || value > 0.0) {
                insert(&mut over, (value, level), |new, old| new < old);
            }
        }
        let [(low, a), (lower, aa)] = under;
        let [(high, b), (higher, bb)] = over;
        match (low.is_nan(), high.is_nan()) {
            (true, true) => None,
            (false, false) => Some((Place::Between, a, b)),
            // A level that is the last one belongs to the column.
            (false, true) if low >= target => Some((Place::Between, a, a)),
            (false, true) => Some((Place::Over, a, if lower.is_nan() { a } else { aa })),
            (true, false) => Some((Place::Under, b, if higher.is_nan() { b } else { bb })),
        }
    }
}

/// Keeps the two best of what is inserted, the best first.
fn insert(best: &mut [(f64, usize); 2], new: (f64, usize), better: fn(f64, f64) -> bool) {
    let [first, second] = best;
    if first.0.is_nan() || better(new.0, first.0) {
        (*second, *first) = (*first, new);
    } else if second.0.is_nan() || better(new.0, second.0) {
        *second = new;
    }
}

impl ColumnPlan {
    /// The number of points.
    pub const fn points(&self) -> usize {
        self.points
    }

    /// A field on the levels of the columns, at the wanted levels: level after level. A value that needs a NaN is NaN.
    ///
    /// # Errors
    /// [`LevelError::Length`] when the field has another size than the coordinate.
    pub fn apply<T: Real>(&self, field: &[T]) -> Result<Vec<T>> {
        check_length("the field", field.len(), self.points.saturating_mul(self.levels))?;
        let mut out = vec![T::NAN; self.pairs.len()];
        super::compute::pieces(&mut out, |start, piece| {
            let pairs = self.pairs.get(start..).unwrap_or_default();
            for (n, (out, pair)) in piece.iter_mut().zip(pairs).enumerate() {
                let point = (start + n) % self.points;
                let value = |level: u32| field.get(level as usize * self.points + point).copied();
                *out = pair.value(value).unwrap_or(T::NAN);
            }
        });
        Ok(out)
    }
}

impl Pair {
    #[expect(clippy::float_cmp, reason = "on a level, its neighbour does not count")]
    fn value<T: Real>(self, value: impl Fn(u32) -> Option<T>) -> Option<T> {
        if self.first == NONE {
            return None;
        }
        if self.weight == 0.0 {
            return value(self.first);
        }
        if self.weight == 1.0 {
            return value(self.second);
        }
        let (a, b) = (value(self.first)?.wide(), value(self.second)?.wide());
        Some(T::of(a + self.weight * (b - a)))
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "values are the same or are not")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(coordinate: &[f64], field: &[f64], target: f64, outside: Outside) -> f64 {
        let columns = Columns::heights(coordinate, coordinate.len()).below(outside).above(outside);
        columns.at(&[target]).unwrap().apply(field).unwrap()[0]
    }

    #[test]
    fn levels_in_any_order() {
        let coordinate = [10.0, 40.0, 20.0, f64::NAN, 30.0];
        let field = [1.0, 4.0, 2.0, 9.0, 3.0];
        for (target, outside, expected) in [
            (25.0, Outside::Missing, 2.5),
            (40.0, Outside::Missing, 4.0),
            (10.0, Outside::Missing, 1.0),
            (5.0, Outside::Nearest, 1.0),
            (5.0, Outside::Extrapolate, 0.5),
            (45.0, Outside::Extrapolate, 4.5),
        ] {
            assert_eq!(at(&coordinate, &field, target, outside), expected);
            let mut sorted: Vec<_> = coordinate.into_iter().zip(field).filter(|(c, _)| !c.is_nan()).collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            for _ in 0..2 {
                let (c, f): (Vec<_>, Vec<_>) = sorted.iter().copied().unzip();
                assert_eq!(at(&c, &f, target, outside), expected);
                sorted.reverse();
            }
        }
        assert!(at(&coordinate, &field, 5.0, Outside::Missing).is_nan());
        assert!(at(&coordinate, &field, f64::NAN, Outside::Nearest).is_nan());
        assert!(at(&[1.0, 2.0], &[f64::NAN, 5.0], 1.5, Outside::Missing).is_nan());
        assert_eq!(at(&[1.0, 2.0], &[f64::NAN, 5.0], 2.0, Outside::Missing), 5.0);
        assert_eq!(at(&[1.0], &[5.0], 1.0, Outside::Missing), 5.0);
        assert_eq!(at(&[1.0], &[5.0], 2.0, Outside::Extrapolate), 5.0);
        assert!(Columns::heights(&[1.0, 2.0, 3.0], 2).at(&[0.0]).is_err());
        assert!(Columns::heights(&[1.0], 0).at(&[0.0]).is_err());
        assert_eq!(Columns::heights(&[0.0_f64; 0], 0).at(&[0.0]).unwrap().apply(&[0.0_f64; 0]), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn a_line_stays_one(levels in prop::collection::vec(1.0..1000.0_f64, 2..20), target in 1.0..1000.0_f64) {
            let field: Vec<_> = levels.iter().map(|z| 3.0 * z - 7.0).collect();
            let distinct = levels.iter().all(|a| levels.iter().filter(|b| (**b - a).abs() < 1e-3).count() == 1);
            prop_assume!(distinct);
            let value = at(&levels, &field, target, Outside::Extrapolate);
            prop_assert!((value - (3.0 * target - 7.0)).abs() < 1e-5 * value.abs().max(1.0));
            let log: Vec<_> = levels.iter().map(|z| z.ln()).collect();
            let plan = Columns::pressures(&levels, levels.len()).scale(Scale::Logarithmic);
            let plan = plan.below(Outside::Extrapolate).above(Outside::Extrapolate).at(&[target]).unwrap();
            prop_assert!((plan.apply(&log).unwrap()[0] - target.ln()).abs() < 1e-6);
        }
    }
}
