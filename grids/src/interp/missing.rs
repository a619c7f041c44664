//! Values next to missing ones.

use super::kernel::{Kernel, nearest_point, stencil};
use super::{Degree, Missing};
use crate::Real;

impl<T: Real> Kernel<'_, T> {
    /// The value at a position where some points have none, by the rule asked for.
    ///
    /// The remaining weights are brought back to the sum 1. Cubic weights are not: some are negative, and without their
    /// partners they overshoot; the linear weights of the cell serve instead. Beyond the edge the nearest value does.
    #[cold]
    pub(crate) fn around_missing(&self, method: Degree, rule: Missing, u: f64, v: f64) -> f64 {
        if u.is_nan() || v.is_nan() {
            return f64::NAN;
        }
        let (i, j) = nearest_point(self.layout, u, v);
        let nearest = self.at(i, j);
        if method == Degree::Nearest || (rule == Missing::IfNearest && nearest.is_nan()) {
            return nearest;
        }
        let mut points = stencil(self.layout, method, u, v);
        let mut missing = points.points().any(|(i, j, w)| w != 0.0 && self.at(i, j).is_nan());
        if missing {
            if rule == Missing::IfAny {
                return f64::NAN;
            }
            points = stencil(self.layout, Degree::Linear, u, v);
            missing = points.points().any(|(i, j, w)| w != 0.0 && self.at(i, j).is_nan());
            if points.points().any(|(_, _, w)| w < 0.0) && missing {
                return nearest;
            }
        }
        let (mut sum, mut total) = (0.0, 0.0);
        for (i, j, w) in points.points() {
            let value = self.at(i, j);
            if w != 0.0 && !value.is_nan() {
                sum += w * value;
                total += w;
            }
        }
        if missing { if total > 0.0 { sum / total } else { f64::NAN } } else { sum }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.rows.get(j).and_then(|row| row.get(i)).map_or(f64::NAN, |v| v.wide())
    }
}
