//! Values between the points of a source: nearest, bilinear, and cubic Lagrange.
//!
//! Beyond the outer cells the formula of the outer cell goes on: the nearest kernel gives the value at the edge, the
//! others extrapolate.

use super::Degree;
use super::layout::{Layout, small};
use crate::Real;

/// A source with its rows, to be asked for values. `u` and `v` are those of [`Layout`].
#[derive(Clone, Copy)]
pub(crate) struct Kernel<'a, T> {
    pub(crate) layout: &'a Layout,
    pub(crate) rows: &'a [&'a [T]],
    linear: Cells,
    cubic: Cells,
}

/// First and last cells.
#[derive(Clone, Copy)]
struct Cells {
    columns: (i32, i32),
    rows: (i32, i32),
}

/// The points that take part in a value, and their weights along each side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Stencil {
    /// How many points a side: 1, 2 or 4.
    pub(crate) width: usize,
    pub(crate) columns: [usize; 4],
    pub(crate) rows: [usize; 4],
    pub(crate) x: [f64; 4],
    pub(crate) y: [f64; 4],
}

/// The integer part, within limits; NaN gives the lower one. The limits are not negative, so that truncation is as
/// good as rounding down.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "saturates, then clamped")]
fn part(v: f64, (low, high): (i32, i32)) -> i32 {
    (v as i32).min(high).max(low)
}

/// A number that is not negative; negative ones become larger than any index.
#[inline]
fn index(i: i32) -> usize {
    i.cast_unsigned() as usize
}

impl<'a, T: Real> Kernel<'a, T> {
    pub(crate) fn new(layout: &'a Layout, rows: &'a [&'a [T]]) -> Self {
        let rows_n = small(layout.height);
        Self {
            layout,
            rows,
            linear: Cells { columns: layout.linear_columns(), rows: (0, rows_n - 2) },
            cubic: Cells { columns: layout.cubic_columns(), rows: (1, rows_n - 3) },
        }
    }

    /// The value at a position; NaN when one of the points has none.
    #[inline]
    pub(crate) fn value(&self, method: Degree, u: f64, v: f64) -> f64 {
        match method {
            Degree::Nearest => self.nearest(u, v),
            Degree::Linear => self.linear(u, v),
            Degree::Cubic => self.cubic(u, v),
        }
    }

    #[inline]
    pub(crate) fn nearest(&self, u: f64, v: f64) -> f64 {
        let (i, j) = nearest_point(self.layout, u, v);
        let value = self.rows.get(j).and_then(|row| row.get(i)).map_or(f64::NAN, |v| v.wide());
        if (u + v).is_nan() { f64::NAN } else { value }
    }

    #[inline]
    pub(crate) fn linear(&self, u: f64, v: f64) -> f64 {
        let (i, j) = (part(u, self.linear.columns), part(v, self.linear.rows));
        let (dx, dy) = (u - f64::from(i), v - f64::from(j));
        let Some([low, high]) = chunk(self.rows, index(j)) else { return f64::NAN };
        let (Some(&[a, b]), Some(&[c, d])) = (chunk::<T, 2>(low, index(i)), chunk::<T, 2>(high, index(i))) else {
            return self.by_stencil(Degree::Linear, u, v);
        };
        across(across(a.wide(), b.wide(), dx), across(c.wide(), d.wide(), dx), dy)
    }

    #[inline]
    pub(crate) fn cubic(&self, u: f64, v: f64) -> f64 {
        let (i, j) = (part(u, self.cubic.columns), part(v, self.cubic.rows));
        let Some([r0, r1, r2, r3]) = chunk(self.rows, index(j - 1)) else { return f64::NAN };
        let first = index(i - 1);
        let (Some(r0), Some(r1), Some(r2), Some(r3)) =
            (chunk::<T, 4>(r0, first), chunk::<T, 4>(r1, first), chunk::<T, 4>(r2, first), chunk::<T, 4>(r3, first))
        else {
            return self.by_stencil(Degree::Cubic, u, v);
        };
        let x = self.layout.x_cell(i).weights(u - f64::from(i));
        let y = self.layout.y_cell(j).weights(v - f64::from(j));
        let z = along_y([*r0, *r1, *r2, *r3], &y);
        z[1] + x[0] * (z[0] - z[1]) + x[2] * (z[2] - z[1]) + x[3] * (z[3] - z[1])
    }

    /// The same value where columns go on beyond the last one.
    #[cold]
    #[inline(never)]
    fn by_stencil(&self, degree: Degree, u: f64, v: f64) -> f64 {
        if u.is_nan() || v.is_nan() {
            return f64::NAN;
        }
        let value = |i: usize, j: usize| self.rows.get(j).and_then(|r| r.get(i)).map_or(f64::NAN, |v| v.wide());
        let (i, j) = nearest_point(self.layout, u, v);
        let base = value(i, j);
        stencil(self.layout, degree, u, v).points().map(|(i, j, w)| w * (value(i, j) - base)).sum::<f64>() + base
    }
}

/// The value at `t` between two.
#[inline(always)]
pub(crate) fn across(a: f64, b: f64, t: f64) -> f64 {
    a + t * (b - a)
}

/// Values on four columns, of four rows with the weights of [`Cell`](super::cells::Cell).
#[inline(always)]
pub(crate) fn along_y<T: Real>([a, b, c, d]: [[T; 4]; 4], weights: &[f64; 4]) -> [f64; 4] {
    // `map` of an array is not always compiled with the function around it.
    let mut z = [0.0; 4];
    for k in 0..4 {
        let (a, b, c, d): (f64, f64, f64, f64) = (a[k].wide(), b[k].wide(), c[k].wide(), d[k].wide());
        z[k] = b + weights[0] * (a - b) + weights[2] * (c - b) + weights[3] * (d - b);
    }
    z
}

/// Some elements from a place on, if they are there.
#[inline]
fn chunk<T, const N: usize>(values: &[T], first: usize) -> Option<&[T; N]> {
    values.get(first..).and_then(|v| v.first_chunk())
}

/// Column and row of the nearest point.
#[inline]
pub(crate) fn nearest_point(layout: &Layout, u: f64, v: f64) -> (usize, usize) {
    let i = part(u + 0.5, layout.nearest_columns());
    let j = part(v + 0.5, (0, small(layout.height) - 1));
    (if index(i) >= layout.ni { 0 } else { index(i) }, index(j))
}

/// The points of a value, and their weights.
pub(crate) fn stencil(layout: &Layout, method: Degree, u: f64, v: f64) -> Stencil {
    let rows = small(layout.height);
    let column = |i: i32| layout.column(isize::try_from(i).unwrap_or(0));
    match method {
        Degree::Nearest => {
            let (i, j) = nearest_point(layout, u, v);
            Stencil { width: 1, columns: [i; 4], rows: [j; 4], x: [1.0, 0.0, 0.0, 0.0], y: [1.0, 0.0, 0.0, 0.0] }
        }
        Degree::Linear => {
            let (i, j) = (part(u, layout.linear_columns()), part(v, (0, rows - 2)));
            let (dx, dy) = (u - f64::from(i), v - f64::from(j));
            Stencil {
                width: 2,
                columns: [column(i), column(i + 1), 0, 0],
                rows: [index(j), index(j + 1), 0, 0],
                x: [1.0 - dx, dx, 0.0, 0.0],
                y: [1.0 - dy, dy, 0.0, 0.0],
            }
        }
        Degree::Cubic => {
            let (i, j) = (part(u, layout.cubic_columns()), part(v, (1, rows - 3)));
            let four = |[a, _, c, d]: [f64; 4]| [a, 1.0 - a - c - d, c, d];
            Stencil {
                width: 4,
                columns: [column(i - 1), column(i), column(i + 1), column(i + 2)],
                rows: [index(j - 1), index(j), index(j + 1), index(j + 2)],
                x: four(layout.x_cell(i).weights(u - f64::from(i))),
                y: four(layout.y_cell(j).weights(v - f64::from(j))),
            }
        }
    }
}

impl Stencil {
    /// Column, row and weight of each point.
    pub(crate) fn points(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        (0..self.width).flat_map(move |b| {
            (0..self.width).map(move |a| {
                let at = |s: &[usize; 4], k: usize| s.get(k).copied().unwrap_or(0);
                let w = |s: &[f64; 4], k: usize| s.get(k).copied().unwrap_or(0.0);
                (at(&self.columns, a), at(&self.rows, b), w(&self.x, a) * w(&self.y, b))
            })
        })
    }
}
