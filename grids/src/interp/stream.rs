//! Values of many points in a row, in loops over pieces: what a kernel does at one point, for points whose cells lie within the stored rows
//! and columns.

use super::Degree;
use super::cells::Cell;
use super::kernel::{across, along_y};
use super::layout::{Layout, small};
use super::line::{Line, Numbers, PIECE, ROUND};
use crate::Real;
use crate::kernels::prefetch;

/// Which cells of a layout have all points of their stencils among the rows and columns stored, and where these begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Points a side of a stencil.
    width: usize,
    /// First and last cells of the layout: others are brought to these.
    columns: [f64; 2],
    lines: [f64; 2],
    /// First and last cells whose points are all stored.
    stored_columns: [f64; 2],
    stored_lines: [f64; 2],
    /// Where the stencil of cell (i, j) begins: `origin + i + j * stride`.
    origin: f64,
    stride: f64,
    /// Added to a position before its cell is sought.
    shift: f64,
    reversed: bool,
}

/// The rows that a field stores, for stencils of one degree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream<'a, T> {
    degree: Degree,
    layout: &'a Layout,
    reach: Reach,
    /// The field from the first, second ... row of a stencil on, from south to north; all of one length.
    rows: [&'a [T]; 4],
}

/// Where the stencils of some points begin, the cell of each and the place in it.
struct Begun {
    begin: [u32; PIECE],
    x: Numbers,
    y: Numbers,
    column: [u32; PIECE],
    line: [u32; PIECE],
}

/// Scratch for the points of a piece.
pub(crate) struct Scratch<T> {
    /// The values.
    pub(crate) z: Numbers,
    begun: Begun,
    low: [[T; 2]; PIECE],
    high: [[T; 2]; PIECE],
    x_weights: [[f64; 4]; PIECE],
    y_weights: [[f64; 4]; PIECE],
    fours: [[f64; 4]; PIECE],
}

impl<T: Real> Scratch<T> {
    pub(crate) fn new() -> Self {
        Self {
            z: [f64::NAN; PIECE],
            begun: Begun { begin: [0; PIECE], x: [0.0; PIECE], y: [0.0; PIECE], column: [0; PIECE], line: [0; PIECE] },
            low: [[T::NAN; 2]; PIECE],
            high: [[T::NAN; 2]; PIECE],
            x_weights: [[0.0; 4]; PIECE],
            y_weights: [[0.0; 4]; PIECE],
            fours: [[0.0; 4]; PIECE],
        }
    }
}

impl Reach {
    /// `None` where there are too few rows or columns, or too many.
    pub(crate) fn new(layout: &Layout, degree: Degree) -> Option<Self> {
        let height = small(layout.height);
        let (width, before, columns, lines) = match degree {
            Degree::Nearest => (1, 0, layout.nearest_columns(), (0, height - 1)),
            Degree::Linear => (2, 0, layout.linear_columns(), (0, height - 2)),
            Degree::Cubic => (4, 1, layout.cubic_columns(), (1, height - 3)),
        };
        let (ni, nj) = (layout.ni, layout.nj);
        if ni < width || nj < width || layout.len() > i32::MAX as usize {
            return None;
        }
        let both = |(a, b): (i32, i32)| [f64::from(a), f64::from(b)];
        let (first, reversed) = layout.stored();
        let (first, before, ni_f) = (first as f64, f64::from(before), ni as f64);
        let last = |n: usize| (n - width) as f64 + before;
        Some(Self {
            width,
            columns: both(columns),
            lines: both(lines),
            stored_columns: [before, last(ni)],
            stored_lines: [first + before, first + last(nj)],
            origin: if reversed { (first + last(nj)) * ni_f } else { -(first + before) * ni_f } - before,
            stride: if reversed { -ni_f } else { ni_f },
            shift: if degree == Degree::Nearest { 0.5 } else { 0.0 },
            reversed,
        })
    }

    /// Between which `u` and `v` stencils are stored: the lower ones included, the upper ones excluded.
    pub(crate) fn limits(&self) -> [[f64; 2]; 2] {
        [self.stored_columns, self.stored_lines].map(|[low, high]| [low - self.shift, high + 1.0 - self.shift])
    }
}

impl<'a, T: Real> Stream<'a, T> {
    /// `None` where the field has too few rows or columns.
    pub(crate) fn new(layout: &'a Layout, field: &'a [T], degree: Degree) -> Option<Self> {
        let reach = Reach::new(layout, degree)?;
        let (ni, width) = (layout.ni, reach.width);
        let length = layout.len() - (width - 1) * ni;
        let mut rows = [field; 4];
        for (k, row) in rows.iter_mut().enumerate().take(width) {
            let begin = if reach.reversed { width - 1 - k } else { k } * ni;
            *row = field.get(begin..begin + length)?;
        }
        Some(Self { degree, layout, reach, rows })
    }

    /// Values at points; `false`: a kernel must do these. NaN where a point of the source is missing.
    #[inline(always)]
    pub(crate) fn values(&self, u: &Numbers, v: &Numbers, scratch: &mut Scratch<T>) -> bool {
        let inside = self.begin(u, v, &mut scratch.begun);
        if inside {
            self.interpolate(scratch);
        }
        inside
    }

    /// Values at points on lines within the [limits](Reach::limits); NaN where a point of the source is missing.
    #[inline(always)]
    pub(crate) fn values_on_lines(&self, (u, v): (&Line, &Line), scratch: &mut Scratch<T>) {
        self.begin_on_lines(u, v, &mut scratch.begun);
        self.interpolate(scratch);
    }

    /// Asks for the values around points on lines, which are wanted soon: a target often runs across the rows of the source, where a
    /// processor does not guess what comes next.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers, modulo 2^32")]
    pub(crate) fn expect(&self, (u, v): (&Line, &Line)) {
        let (origin, stride) = (self.reach.origin as i64 as u32, self.reach.stride as i64 as u32);
        for k in [0, 16, 32, 48, 63] {
            let begin = origin.wrapping_add(u.about(k)).wrapping_add(v.about(k).wrapping_mul(stride));
            for row in self.rows.iter().take(self.reach.width) {
                prefetch(row, begin as usize);
            }
        }
    }

    #[inline(always)]
    fn interpolate(&self, scratch: &mut Scratch<T>) {
        match self.degree {
            Degree::Nearest => self.nearest(scratch),
            Degree::Linear => self.linear(scratch),
            Degree::Cubic => self.cubic(scratch),
        }
    }

    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers, modulo 2^32")]
    fn begin_on_lines(&self, u: &Line, v: &Line, to: &mut Begun) {
        let Begun { begin, x, y, column, line } = to;
        u.cells(self.reach.shift, column, x);
        v.cells(self.reach.shift, line, y);
        let (origin, stride) = (self.reach.origin as i64 as u32, self.reach.stride as i64 as u32);
        for ((begin, column), line) in begin.iter_mut().zip(column.iter()).zip(line.iter()) {
            *begin = origin.wrapping_add(*column).wrapping_add(line.wrapping_mul(stride));
        }
    }

    /// Finds the cells of points; `false`: points of one are not stored. A loop for each result, so that all become vectors.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, reason = "the low bits are meant")]
    fn begin(&self, u: &Numbers, v: &Numbers, to: &mut Begun) -> bool {
        let Reach { columns, lines, stored_columns, stored_lines, origin, stride, shift, .. } = self.reach;
        let Begun { begin, x, y, column, line } = to;
        let mut outside = 0_u64;
        for (((u, v), x), y) in u.iter().zip(v).zip(x.iter_mut()).zip(y.iter_mut()) {
            let (i, j) = (down(u + shift, columns), down(v + shift, lines));
            outside |= u64::from(i < stored_columns[0]) | u64::from(i > stored_columns[1]);
            outside |= u64::from(j < stored_lines[0]) | u64::from(j > stored_lines[1]) | u64::from((u + v).is_nan());
            (*x, *y) = (i, j);
        }
        for ((begin, i), j) in begin.iter_mut().zip(x.iter()).zip(y.iter()) {
            *begin = (origin + i + j * stride + ROUND).to_bits() as u32;
        }
        if self.degree == Degree::Cubic {
            for (((column, line), i), j) in column.iter_mut().zip(line).zip(x.iter()).zip(y.iter()) {
                *column = (i + ROUND).to_bits() as u32;
                *line = (j + ROUND).to_bits() as u32;
            }
        }
        for (((u, v), x), y) in u.iter().zip(v).zip(x).zip(y) {
            (*x, *y) = (u - *x, v - *y);
        }
        outside == 0
    }

    #[inline(always)]
    fn nearest(&self, scratch: &mut Scratch<T>) {
        let [row, ..] = self.rows;
        let Scratch { begun, z, .. } = scratch;
        for (z, begin) in z.iter_mut().zip(&begun.begin) {
            *z = row.get(*begin as usize).map_or(f64::NAN, |v| v.wide());
        }
    }

    #[inline(always)]
    fn linear(&self, scratch: &mut Scratch<T>) {
        let Scratch { begun, low, high, z, .. } = scratch;
        let [south, north, ..] = self.rows;
        let Some(north) = north.get(..south.len()) else { return };
        for ((begin, low), high) in begun.begin.iter().zip(low.iter_mut()).zip(high.iter_mut()) {
            let pair = *begin as usize..*begin as usize + 2;
            if let (Some(&[a, b]), Some(&[c, d])) = (south.get(pair.clone()), north.get(pair)) {
                (*low, *high) = ([a, b], [c, d]);
            }
        }
        for ((((z, x), y), [a, b]), [c, d]) in z.iter_mut().zip(&begun.x).zip(&begun.y).zip(low).zip(high) {
            *z = across(across(a.wide(), b.wide(), *x), across(c.wide(), d.wide(), *x), *y);
        }
    }

    /// In steps that keep vectors of four: weights, along y, along x.
    #[inline(always)]
    fn cubic(&self, scratch: &mut Scratch<T>) {
        let Scratch { begun: Begun { begin, x, y, column, line }, x_weights, y_weights, fours, z, .. } = scratch;
        if let (Some(xs), Some(ys)) = self.layout.cells() {
            for ((weights, x), column) in x_weights.iter_mut().zip(x.iter()).zip(column.iter()) {
                if let Some(cell) = xs.get(*column as usize) {
                    *weights = cell.weights(*x);
                }
            }
            for ((weights, y), line) in y_weights.iter_mut().zip(y.iter()).zip(line.iter()) {
                if let Some(cell) = ys.get(*line as usize) {
                    *weights = cell.weights(*y);
                }
            }
        } else {
            for (weights, x) in x_weights.iter_mut().zip(x.iter()) {
                *weights = Cell::EVEN.weights(*x);
            }
            for (weights, y) in y_weights.iter_mut().zip(y.iter()) {
                *weights = Cell::EVEN.weights(*y);
            }
        }
        let [r0, r1, r2, r3] = self.rows;
        let n = r0.len();
        let (Some(r1), Some(r2), Some(r3)) = (r1.get(..n), r2.get(..n), r3.get(..n)) else { return };
        for ((four, begin), weights) in fours.iter_mut().zip(begin.iter()).zip(y_weights.iter()) {
            let begin = *begin as usize..*begin as usize + 4;
            if let (
                Some(&[a0, a1, a2, a3]),
                Some(&[b0, b1, b2, b3]),
                Some(&[c0, c1, c2, c3]),
                Some(&[d0, d1, d2, d3]),
            ) = (r0.get(begin.clone()), r1.get(begin.clone()), r2.get(begin.clone()), r3.get(begin))
            {
                let rows = [[a0, a1, a2, a3], [b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]];
                *four = along_y(rows, weights);
            }
        }
        for (four, weights) in fours.iter_mut().zip(x_weights.iter()) {
            let base = four[1];
            for k in 0..4 {
                four[k] = weights[k] * (four[k] - base);
            }
            four[1] = base;
        }
        for (z, four) in z.iter_mut().zip(fours) {
            *z = four[1] + four[0] + four[2] + four[3];
        }
    }
}

/// The whole number below, within limits; NaN gives the lower one.
#[inline(always)]
fn down(value: f64, [low, high]: [f64; 2]) -> f64 {
    let near = value + ROUND - ROUND;
    let below = if near > value { near - 1.0 } else { near };
    // Positions too large to be rounded this way are beyond the limits all the same.
    let below = if value.abs() < 2147483648.0 { below } else { value };
    below.min(high).max(low)
}
