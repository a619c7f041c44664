//! Cubic Lagrange weights of a cell between two columns or rows.
//!
//! A cell lies between abscissae 1 and 2 of four. Positions in it are counted from abscissa 1 in widths of the cell, so
//! that the same formula serves equal and unequal steps: the outer abscissae are then `before` (-1 for equal steps)
//! and `after` (2).

/// What the weights of one cell need: each is `t * scale * (t - first) * (t - second)`. Abscissa 1 has the scale 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    scale: [f64; 4],
    first: [f64; 4],
    second: [f64; 4],
}

impl Cell {
    /// A cell among equal steps.
    pub(crate) const EVEN: Self = Self::of(-1.0, 2.0, [-1.0 / 6.0, -0.5, 1.0 / 6.0]);

    const fn of(before: f64, after: f64, [a, c, d]: [f64; 3]) -> Self {
        Self { scale: [a, 0.0, c, d], first: [1.0, 0.0, before, before], second: [after, 0.0, after, 1.0] }
    }

    /// A cell between abscissae `p[1]` and `p[2]`.
    pub(crate) fn new(p: [f64; 4]) -> Self {
        let width = p[2] - p[1];
        let (before, after) = ((p[0] - p[1]) / width, (p[3] - p[1]) / width);
        let scale = [
            1.0 / (before * (before - 1.0) * (before - after)),
            1.0 / ((1.0 - before) * (1.0 - after)),
            1.0 / ((after - before) * after * (after - 1.0)),
        ];
        Self::of(before, after, scale)
    }

    /// Weights of the abscissae at `t`, 0 for abscissa 1, which has what is missing to 1. Weighted differences from value 1 keep a
    /// constant field constant to the last bit.
    #[inline(always)]
    pub(crate) fn weights(&self, t: f64) -> [f64; 4] {
        let mut weights = [0.0; 4];
        #[allow(clippy::needless_range_loop, reason = "four arrays in step")]
        for k in 0..4 {
            weights[k] = t * self.scale[k] * (t - self.first[k]) * (t - self.second[k]);
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn cubics_are_exact() {
        let abscissae = [0.5, 1.0, 3.0, 3.5];
        let cell = Cell::new(abscissae);
        let cubic = |v: f64| 2.0 - v + 0.5 * v * v - 0.25 * v * v * v;
        for t in [-0.5, 0.0, 0.25, 0.9, 1.0, 1.4] {
            let [w0, _, w2, w3] = cell.weights(t);
            let z = abscissae.map(cubic);
            let got = z[1] + w0 * (z[0] - z[1]) + w2 * (z[2] - z[1]) + w3 * (z[3] - z[1]);
            assert!((got - cubic(1.0 + 2.0 * t)).abs() < 1e-13, "{t}: {got}");
        }
    }

    #[test]
    fn even_steps_are_the_general_case() {
        let (even, general) = (Cell::EVEN.weights(0.3), Cell::new([4.0, 5.0, 6.0, 7.0]).weights(0.3));
        assert!(even.iter().zip(general).all(|(a, b)| (a - b).abs() < 1e-15));
    }
}
