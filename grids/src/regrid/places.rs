//! Where each point of the target lies in the source: what a regridding keeps.

use crate::interp::Degree;
use crate::interp::layout::{Columns, Layout};

use super::options::Extrapolation;
use super::packed::Packed;
use super::{Bins, Matrix, SkipMissing, Statistic};

/// A rectangle of the source: all of it, or one sub-grid of several that lie one after the other in a field.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) layout: Layout,
    /// Where its values begin in a field.
    pub(crate) offset: usize,
    /// Points beyond its edge are outside the source; others of its kind are extrapolated always.
    pub(crate) bounded: bool,
}

/// Places of the points of the target, ni fastest.
#[derive(Clone, Debug)]
pub(crate) enum Places {
    /// `u` and `v` of each point, NaN where it is outside, and its part when there are several.
    Each { at: Vec<[f64; 2]>, part: Vec<u8> },
    /// The same in less memory, of one part.
    Packed(Packed),
    /// `u` of each column and `v` of each row.
    Axes { u: Vec<f64>, v: Vec<f64> },
    /// The same number of weighted values of the source for each point; index `u32::MAX`: none.
    Fixed { count: usize, index: Vec<u32>, weight: Vec<f64> },
    /// Any number of weighted values for each point.
    Matrix(Matrix, SkipMissing),
    /// The values in each cell, to be counted.
    Bins(Bins, Statistic),
}

/// Points that the loop over all of them does not do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Odd {
    /// Points at a pole, which take the value of the row of that pole; `true`: the north pole. Scalars only.
    pub(crate) poles: Vec<(u32, bool)>,
    /// Points outside, to be extrapolated with another degree than the method's.
    pub(crate) beyond: Vec<(u32, [f64; 2])>,
    pub(crate) beyond_degree: Degree,
    /// How many points are outside.
    pub(crate) outside: usize,
}

/// What becomes of one position.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Inside([f64; 2]),
    Pole([f64; 2], bool),
    /// With the coordinates that are outside.
    Beyond([f64; 2], [bool; 2]),
    Nowhere,
}

impl Part {
    /// The place of 1-based `x`, `y` (stored order).
    #[inline]
    pub(crate) fn place(&self, x: f64, y: f64) -> Place {
        let layout = &self.layout;
        if !(x.is_finite() && y.is_finite()) {
            return Place::Nowhere;
        }
        let at = [layout.u_of(x), layout.v_of(y)];
        if layout.caps.is_none() {
            let within = |v: f64, n: usize| v >= 0.5 && v < n as f64 + 0.5;
            let beyond = [layout.columns == Columns::Bounded && !within(x, layout.ni), !within(y, layout.nj)];
            if self.bounded && beyond != [false; 2] {
                return Place::Beyond(at, beyond);
            }
        } else if let Some(caps) = &layout.caps {
            if (at[1] - layout.v_from_south(caps.north)).abs() < 0.001 {
                return Place::Pole(at, true);
            }
            if (at[1] - layout.v_from_south(caps.south)).abs() < 0.001 {
                return Place::Pole(at, false);
            }
        }
        Place::Inside(at)
    }

    /// Whether all columns `x` and all rows `y` are inside, within one period and not at a pole: [`plain`](Self::plain) then places them.
    #[inline(always)]
    pub(crate) fn is_plain(&self, x: &[f64], y: &[f64]) -> bool {
        let layout = &self.layout;
        let [west, east, south, north] = match &layout.caps {
            None if layout.columns == Columns::Bounded => [0.5, layout.ni as f64 + 0.5, 0.5, layout.nj as f64 + 0.5],
            None => return false,
            Some(caps) => {
                let last = if layout.columns == Columns::Repeated { 0.0 } else { 1.0 };
                let (south, north) = (caps.south + 0.002, caps.north - 0.002);
                let turned = |y: f64| if layout.is_reversed() { layout.nj as f64 + 1.0 - y } else { y };
                let (a, b) = (turned(south), turned(north));
                [1.0, layout.ni as f64 + last, a.min(b), a.max(b)]
            }
        };
        let mut outside = 0_u64;
        for x in x {
            outside |= u64::from(*x < west) | u64::from(*x >= east) | u64::from(x.is_nan());
        }
        for y in y {
            outside |= u64::from(*y < south) | u64::from(*y >= north) | u64::from(y.is_nan());
        }
        outside == 0
    }

    /// Positions that are [plain](Self::is_plain), as places.
    #[inline(always)]
    pub(crate) fn plain(&self, x: &mut [f64], y: &mut [f64]) {
        for x in x {
            *x -= 1.0;
        }
        for y in y {
            *y = self.layout.v_of(*y);
        }
    }

    /// The place of the point at the edge that is nearest to a place beyond.
    fn edge(&self, [u, v]: [f64; 2]) -> [f64; 2] {
        let clamp = |v: f64, n: usize| v.round().clamp(0.0, n.saturating_sub(1) as f64);
        // After the last of columns that go round comes the first.
        let round = self.layout.columns != Columns::Bounded && u.round() >= self.layout.ni as f64;
        [if round { 0.0 } else { clamp(u, self.layout.ni) }, clamp(v, self.layout.height)]
    }
}

impl Odd {
    pub(crate) fn new(extrapolation: Extrapolation) -> Self {
        let beyond_degree = match extrapolation {
            Extrapolation::Nearest => Degree::Nearest,
            Extrapolation::Cubic => Degree::Cubic,
            _ => Degree::Linear,
        };
        Self { beyond_degree, ..Self::default() }
    }

    /// Puts away what is odd of a point, and gives the place that the loop sees.
    pub(crate) fn settle(
        &mut self,
        index: usize,
        place: Place,
        part: &Part,
        degree: Degree,
        extrapolation: Extrapolation,
    ) -> [f64; 2] {
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        match place {
            Place::Inside(at) => at,
            Place::Pole(at, north) => {
                self.poles.push((number, north));
                at
            }
            Place::Nowhere => {
                self.outside += 1;
                [f64::NAN; 2]
            }
            Place::Beyond(at, beyond) => {
                self.outside += 1;
                // NaN only in the coordinate that is outside leaves a target apart in columns and rows as it is.
                let nan = |value: f64, outside: bool| if outside { f64::NAN } else { value };
                let outside = [nan(at[0], beyond[0]), nan(at[1], beyond[1])];
                match extrapolation {
                    // Where distances are unequal, cubic polynomials do not meet the points of the outermost cells.
                    Extrapolation::Nearest if degree == Degree::Cubic => {
                        self.beyond.push((number, part.edge(at)));
                        outside
                    }
                    Extrapolation::Nearest => part.edge(at),
                    Extrapolation::Neutral => at,
                    Extrapolation::Linear if degree == Degree::Linear => at,
                    Extrapolation::Cubic if degree == Degree::Cubic => at,
                    Extrapolation::Linear | Extrapolation::Cubic => {
                        self.beyond.push((number, at));
                        outside
                    }
                    _ => outside,
                }
            }
        }
    }

    /// Adds what was found in the points that follow.
    pub(crate) fn append(&mut self, other: Self) {
        self.poles.extend(other.poles);
        self.beyond.extend(other.beyond);
        self.outside += other.outside;
    }
}

impl Places {
    /// Keeps one `u` for each column and one `v` for each row, where they are the same in all rows and columns.
    pub(crate) fn compact(self, ni: usize) -> Self {
        let Self::Each { at, part } = &self else { return self };
        let Some(first) = at.get(..ni).filter(|_| part.is_empty() && ni > 1) else { return self };
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
        let separable = at.chunks(ni).all(|row| {
            let v = row.first().map_or(f64::NAN, |p| p[1]);
            row.len() == ni && row.iter().zip(first).all(|(p, q)| same(p[0], q[0]) && same(p[1], v))
        });
        if !separable {
            return self;
        }
        let u = first.iter().map(|p| p[0]).collect();
        let v = at.chunks(ni).map(|row| row.first().map_or(f64::NAN, |p| p[1])).collect();
        Self::Axes { u, v }
    }

    /// Bytes kept.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Each { at, part } => size_of_val(at.as_slice()) + part.len(),
            Self::Packed(packed) => packed.bytes(),
            Self::Axes { u, v } => size_of_val(u.as_slice()) + size_of_val(v.as_slice()),
            Self::Fixed { index, weight, .. } => size_of_val(index.as_slice()) + size_of_val(weight.as_slice()),
            Self::Matrix(matrix, _) => matrix.len() * 12 + matrix.rows() * size_of::<usize>(),
            Self::Bins(bins, _) => bins.bytes(),
        }
    }
}
