//! How the rows and columns of a source lie, before any value is known.
//!
//! A kernel works on *rows from south to north*: rows stored from the north are turned, a hemisphere is completed by
//! reflection about the equator, and a source that wraps has a row for each pole beyond its last ones (as ezscint does).
//! Positions here are 0-based: `u` counts columns, `v` counts these rows.

use super::cells::Cell;
use crate::Real;

/// How columns continue beyond the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Columns {
    /// They end.
    #[default]
    Bounded,
    /// The last column is the first one again: the period is one less than the columns.
    Repeated,
    /// The first column follows the last one.
    Periodic,
}

/// The part of the sphere whose rows are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Half {
    /// All of them.
    #[default]
    Whole,
    /// The rows north of the equator; `on_equator`: the first of them lies on it.
    North {
        /// A row lies on the equator, and is not reflected.
        on_equator: bool,
    },
    /// The rows south of the equator.
    South {
        /// A row lies on the equator, and is not reflected.
        on_equator: bool,
    },
}

/// What is to be known of a source to lay it out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) ni: usize,
    pub(crate) nj: usize,
    pub(crate) columns: Columns,
    pub(crate) half: Half,
    /// Row 1 is the northernmost.
    pub(crate) reversed: bool,
    /// Abscissae of columns, when steps are to be taken as unequal.
    pub(crate) ax: Option<Vec<f64>>,
    /// Abscissae of the rows from south to north, reflected ones included, in degrees of latitude where there are caps.
    pub(crate) ay: Option<Vec<f64>>,
    pub(crate) caps: Option<Caps>,
}

/// What polar caps need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caps {
    /// Where latitudes 90 and -90 lie, as 1-based `y` from the south, before reflection.
    pub(crate) north: f64,
    pub(crate) south: f64,
    /// Weights of the columns in the mean of a row; none: equal.
    pub(crate) weights: Option<Vec<f64>>,
    /// Longitudes of the columns, degrees (rotated ones for a rotated grid).
    pub(crate) longitudes: Vec<f64>,
}

/// One row for the kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Stored(usize),
    /// The reflection of a stored row: winds along y change their sign.
    Mirrored(usize),
    SouthPole,
    NorthPole,
}

/// A source laid out for kernels.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) ni: usize,
    pub(crate) nj: usize,
    pub(crate) columns: Columns,
    half: Half,
    /// Reflected rows before the first one stored.
    below: usize,
    /// Rows from south to north, those of the poles included.
    pub(crate) height: usize,
    pub(crate) caps: Option<Caps>,
    reversed: bool,
    /// `v` of 1-based `y` from the south is `y + shift`.
    shift: f64,
    /// Cells between columns and rows; none where all steps are equal.
    x_cells: Option<Vec<Cell>>,
    y_cells: Option<Vec<Cell>>,
}

impl Layout {
    pub(crate) fn new(shape: Shape) -> Self {
        let Shape { ni, nj, columns, half, reversed, ax, ay, caps } = shape;
        // Rows that lie beyond those stored, on the other side of the equator.
        let reflected = match half {
            Half::Whole => 0,
            Half::North { on_equator } | Half::South { on_equator } => nj.saturating_sub(usize::from(on_equator)),
        };
        let below = if matches!(half, Half::North { .. }) { reflected } else { 0 };
        let height = nj.saturating_add(reflected).saturating_add(if caps.is_some() { 2 } else { 0 });
        let shift = below as f64 - if caps.is_some() { 0.0 } else { 1.0 };
        let x_cells = ax.map(|a| column_cells(&a, columns));
        let y_cells = ay.map(|a| row_cells(&a, caps.is_some()));
        Self { ni, nj, columns, half, below, height, caps, reversed, shift, x_cells, y_cells }
    }

    /// Row `k` from the south; `None` beyond the last.
    pub(crate) fn row(&self, k: usize) -> Option<Row> {
        if k >= self.height {
            return None;
        }
        let mut k = k;
        if self.caps.is_some() {
            if k + 1 == self.height {
                return Some(Row::NorthPole);
            }
            let Some(below_pole) = k.checked_sub(1) else { return Some(Row::SouthPole) };
            k = below_pole;
        }
        let stored = |from_south: usize| if self.reversed { self.nj - 1 - from_south } else { from_south };
        Some(if let Some(south) = self.below.checked_sub(k + 1) {
            // The first row reflected is the last one before the equator.
            let on_equator = matches!(self.half, Half::North { on_equator: true });
            Row::Mirrored(stored(south + usize::from(on_equator)))
        } else if k - self.below < self.nj {
            Row::Stored(stored(k - self.below))
        } else {
            Row::Mirrored(stored(self.height_without_poles() - 1 - k))
        })
    }

    /// Where the rows stored begin among those of kernels, and whether the first one of these is stored last.
    pub(crate) fn stored(&self) -> (usize, bool) {
        (self.below + usize::from(self.caps.is_some()), self.reversed)
    }

    /// Cells between columns and between rows; none where all steps are equal.
    #[inline(always)]
    pub(crate) fn cells(&self) -> (Option<&[Cell]>, Option<&[Cell]>) {
        (self.x_cells.as_deref(), self.y_cells.as_deref())
    }

    /// Whether row 1 is the northernmost.
    #[inline(always)]
    pub(crate) fn is_reversed(&self) -> bool {
        self.reversed
    }

    /// Whether rows are completed by reflection.
    pub(crate) fn is_half(&self) -> bool {
        self.half != Half::Whole
    }

    fn height_without_poles(&self) -> usize {
        self.height - if self.caps.is_some() { 2 } else { 0 }
    }

    /// The length of a field.
    pub(crate) fn len(&self) -> usize {
        self.ni.saturating_mul(self.nj)
    }

    /// `v` of the 1-based `y` in stored order.
    #[inline]
    pub(crate) fn v_of(&self, y: f64) -> f64 {
        if self.reversed { (self.nj as f64 + 1.0 - y) + self.shift } else { y + self.shift }
    }

    /// `v` of the 1-based `y` from the south, of the rows as stored.
    pub(crate) fn v_from_south(&self, y: f64) -> f64 {
        y + self.shift
    }

    /// `u` of the 1-based `x`, brought into the period.
    #[inline]
    pub(crate) fn u_of(&self, x: f64) -> f64 {
        let u = x - 1.0;
        let last = match self.columns {
            Columns::Bounded => return u,
            Columns::Repeated => self.ni as f64 - 1.0,
            Columns::Periodic => self.ni as f64,
        };
        let inside = u >= 0.0 && (u < last || (u <= last && self.columns == Columns::Repeated));
        if inside {
            return u;
        }
        let reduced = u - last * (u / last).floor();
        // A tiny negative number is rounded up to the period itself.
        if reduced >= last { 0.0 } else { reduced }
    }

    /// The column that stands at `i`, which may lie beyond the ends.
    #[inline]
    pub(crate) fn column(&self, i: isize) -> usize {
        let ni = self.ni.cast_signed();
        if (0..ni).contains(&i) {
            return i.unsigned_abs();
        }
        let period = match self.columns {
            Columns::Bounded => return i.clamp(0, (ni - 1).max(0)).unsigned_abs(),
            Columns::Repeated => ni - 1,
            Columns::Periodic => ni,
        };
        i.checked_rem_euclid(period).unwrap_or(0).unsigned_abs()
    }

    /// First and last column, for the nearest kernel: one more is the first one again.
    #[inline]
    pub(crate) fn nearest_columns(&self) -> (i32, i32) {
        (0, small(self.ni) - i32::from(self.columns != Columns::Periodic))
    }

    /// First and last cell between columns, for the linear kernel.
    #[inline]
    pub(crate) fn linear_columns(&self) -> (i32, i32) {
        (0, small(self.ni) - if self.columns == Columns::Periodic { 1 } else { 2 })
    }

    /// First and last cell between columns, for the cubic kernel.
    #[inline]
    pub(crate) fn cubic_columns(&self) -> (i32, i32) {
        let ni = small(self.ni);
        match self.columns {
            Columns::Bounded => (1, ni - 3),
            Columns::Repeated => (0, ni - 2),
            Columns::Periodic => (0, ni - 1),
        }
    }

    #[inline]
    pub(crate) fn x_cell(&self, i: i32) -> &Cell {
        cell(self.x_cells.as_deref(), i)
    }

    #[inline]
    pub(crate) fn y_cell(&self, j: i32) -> &Cell {
        cell(self.y_cells.as_deref(), j)
    }

    /// Whether kernels of that many points a side have room, and can count the columns and rows.
    pub(crate) fn has(&self, width: usize) -> bool {
        let rows = self.height_without_poles();
        let most = i32::MAX as usize / 4;
        (width..most).contains(&self.ni) && (width..most).contains(&rows)
    }

    /// The rows of `field`; `own` holds what [`super::poles`] made: the rows of the poles, then reflected rows.
    pub(crate) fn view<'a, T: Real>(&'a self, field: &'a [T], own: &'a [T]) -> Vec<&'a [T]> {
        let row = |from: &'a [T], n: usize| from.get(n * self.ni..(n + 1) * self.ni).unwrap_or_default();
        let turned = own.len() > 2 * self.ni;
        (0..self.height)
            .filter_map(|k| self.row(k))
            .map(|r| match r {
                Row::Mirrored(n) if turned => row(own, n + 2),
                Row::Stored(n) | Row::Mirrored(n) => row(field, n),
                Row::SouthPole => row(own, 0),
                Row::NorthPole => row(own, 1),
            })
            .collect()
    }
}

/// A count as `i32`: fields of more columns or rows cannot be held.
pub(crate) fn small(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

#[inline]
fn cell(cells: Option<&[Cell]>, i: i32) -> &Cell {
    match cells {
        None => &Cell::EVEN,
        Some(cells) => cells.get(usize::try_from(i).unwrap_or(0)).unwrap_or(&Cell::EVEN),
    }
}

/// Cell `i` lies between columns `i` and `i + 1`.
fn column_cells(a: &[f64], columns: Columns) -> Vec<Cell> {
    let n = a.len().cast_signed();
    let period = match columns {
        Columns::Bounded => 0,
        Columns::Repeated => n - 1,
        Columns::Periodic => n,
    };
    let at = |i: isize| {
        let turns = if (0..n).contains(&i) || period <= 0 { 0 } else { i.div_euclid(period) };
        a.get((i - turns * period).unsigned_abs()).map_or(f64::NAN, |v| v + 360.0 * turns as f64)
    };
    (0..n).map(|i| Cell::new([at(i - 1), at(i), at(i + 1), at(i + 2)])).collect()
}

/// Cell `j` lies between rows `j` and `j + 1`, counted with the row of the south pole if there is one.
fn row_cells(a: &[f64], caps: bool) -> Vec<Cell> {
    let quad = |w: &[f64]| match *w {
        [p, q, r, s] => Cell::new([p, q, r, s]),
        _ => Cell::EVEN,
    };
    let inner = a.windows(4).map(quad);
    let mut cells = vec![Cell::EVEN];
    if !caps {
        cells.extend(inner);
        return cells;
    }
    let (Some(&first), Some(&last)) = (a.first(), a.last()) else { return cells };
    // A row on the pole leaves no place for the row beyond: the abscissae of the last four rows serve, as in ezscint.
    let south = if first <= -90.0 { a.get(..4).map(quad) } else { a.get(..3).map(|w| quad(&[&[-90.0], w].concat())) };
    let north = if last >= 90.0 {
        a.last_chunk::<4>().map(|w| quad(w))
    } else {
        a.last_chunk::<3>().map(|w| quad(&[w.as_slice(), &[90.0]].concat()))
    };
    cells.push(south.unwrap_or(Cell::EVEN));
    cells.extend(inner);
    cells.push(north.unwrap_or(Cell::EVEN));
    cells
}
