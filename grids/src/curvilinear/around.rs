//! Cells around the points of a curvilinear grid, and points that it has twice.

use core::ops::Range;

use super::Curvilinear;
use crate::sphere::{cross, dot, unit};

impl Curvilinear {
    /// Corners of the cells around points, as unit vectors, `(ni + 1) * (nj + 1)`: means of the four points around. At the edge
    /// points are continued as far again.
    pub(crate) fn corner_lattice(&self) -> Vec<[f64; 3]> {
        let vector = |i: usize, j: usize| {
            let (lat, lon) = self.node(i, j);
            unit(lat, lon)
        };
        // A column or row before the first, or after the last.
        let beyond = |edge: [f64; 3], inner: [f64; 3]| {
            let mirrored = [0, 1, 2].map(|k: usize| 2.0 * edge.get(k).unwrap_or(&0.0) - inner.get(k).unwrap_or(&0.0));
            let length = dot(mirrored, mirrored).sqrt();
            mirrored.map(|v| v / length)
        };
        let along = |i: usize, j: usize| match i {
            0 if self.closes => vector(self.ni - 1, j),
            0 => beyond(vector(0, j), vector(1, j)),
            i if i <= self.ni => vector(i - 1, j),
            _ if self.closes => vector(0, j),
            _ => beyond(vector(self.ni - 1, j), vector(self.ni - 2, j)),
        };
        let at = |i: usize, j: usize| match j {
            0 => beyond(along(i, 0), along(i, 1)),
            j if j <= self.nj => along(i, j - 1),
            _ => beyond(along(i, self.nj - 1), along(i, self.nj - 2)),
        };
        let row = |j: usize| (0..self.ni + 2).map(|i| at(i, j)).collect::<Vec<_>>();
        let mut below = row(0);
        let mut corners = Vec::with_capacity((self.ni + 1) * (self.nj + 1));
        for j in 1..self.nj + 2 {
            let above = row(j);
            for (low, high) in below.windows(2).zip(above.windows(2)) {
                let mut sum = [0.0; 3];
                for p in low.iter().chain(high) {
                    for (s, v) in sum.iter_mut().zip(p) {
                        *s += v;
                    }
                }
                let length = dot(sum, sum).sqrt();
                corners.push(sum.map(|v| v / length));
            }
            below = above;
        }
        corners
    }

    /// Whether x, y and up are right-handed, as most cells say.
    pub(super) fn right_handed(&self) -> bool {
        let mut sum = 0.0;
        for (i, j) in (0..self.nj - 1).flat_map(|j| (0..self.columns()).map(move |i| (i, j))) {
            let [a, b, _, d] = self.corners(i, j).map(|(lat, lon)| unit(lat, lon));
            let side = dot(a, cross(b, d));
            sum += if side.is_nan() { 0.0 } else { side };
        }
        sum >= 0.0
    }

    /// Points whose place an earlier point has too: halos and folds of ocean grids.
    pub(crate) fn repeated(&self) -> Vec<bool> {
        let cells = 1e7;
        let mut seen = std::collections::HashSet::new();
        let range: Range<usize> = 0..self.lat.len();
        range
            .map(|k| {
                let (lat, lon) = self.node(k % self.ni, k / self.ni);
                #[allow(clippy::cast_possible_truncation, reason = "unit vectors")]
                let key = unit(lat, lon).map(|v| (v * cells).round() as i32);
                !seen.insert(key)
            })
            .collect()
    }
}
