//! The weights that a regridding stands for: what a sparse matrix would hold.

use crate::interp::kernel::stencil;
use crate::interp::layout::Row;
use crate::interp::{Degree, poles};
use crate::parallel;

use super::matrix::Rows;
use super::places::{Part, Places};
use super::{Matrix, Regrid};

impl Regrid {
    /// The values of the source that take part in one point of the target: position in a field (from 0, ni fastest) and
    /// weight, for a scalar field without missing values. Empty for a point outside, and for statistics.
    ///
    /// Their sum is 1. A point near a pole of a global source takes part of the mean of the row next to the pole, so that
    /// it has weights for that whole row.
    pub fn weights(&self, target: usize) -> Vec<(usize, f64)> {
        let plan = &self.plan;
        let row = target / plan.ni.max(1);
        if !plan.level_rows.contains(&row) {
            return self.own_weights(target);
        }
        let points = (row * plan.ni..(row + 1) * plan.ni).map(|k| self.own_weights(k)).filter(|w| !w.is_empty());
        let points: Vec<_> = points.collect();
        let share = 1.0 / points.len() as f64;
        summed(points.into_iter().flatten().map(|(index, weight)| (index, weight * share)).collect())
    }

    /// The weights of a point before the rows at the poles are levelled.
    fn own_weights(&self, target: usize) -> Vec<(usize, f64)> {
        let plan = &self.plan;
        let number = u32::try_from(target).unwrap_or(u32::MAX);
        let (at, part) = match &plan.places {
            Places::Fixed { count, index, weight } => {
                let range = target * count..(target + 1) * count;
                let index = index.get(range.clone()).unwrap_or_default();
                let weight = weight.get(range).unwrap_or_default();
                let used = index.iter().zip(weight).filter(|(i, w)| **i != u32::MAX && **w != 0.0);
                return used.map(|(i, w)| (*i as usize, *w)).collect();
            }
            Places::Matrix(matrix, _) => {
                let (index, weight) = matrix.row(target);
                return index.iter().zip(weight).map(|(i, w)| (*i as usize, *w)).collect();
            }
            Places::Bins(..) => return Vec::new(),
            Places::Each { at, part } => (at.get(target).copied(), part.get(target).copied()),
            Places::Packed(packed) => (packed.at(target), None),
            Places::Axes { u, v } => {
                let at = u.get(target % u.len().max(1)).zip(v.get(target / u.len().max(1)));
                (at.map(|(u, v)| [*u, *v]), None)
            }
        };
        let beyond = plan.odd.beyond.binary_search_by_key(&number, |b| b.0).ok();
        let beyond = beyond.and_then(|k| plan.odd.beyond.get(k));
        let (Some(at), Some(part)) = (at, plan.parts.get(usize::from(part.unwrap_or(0)))) else { return Vec::new() };
        let (degree, [u, v]) = beyond.map_or((plan.degree, at), |(_, at)| (plan.odd.beyond_degree, *at));
        if u.is_nan() || v.is_nan() {
            return Vec::new();
        }
        let mut out = Vec::new();
        if let Ok(k) = plan.odd.poles.binary_search_by_key(&number, |p| p.0) {
            let north = plan.odd.poles.get(k).is_some_and(|p| p.1);
            let row = if north { part.layout.height.saturating_sub(1) } else { 0 };
            add(part, (0, row, 1.0), &mut out);
            return out;
        }
        if degree == Degree::Nearest {
            let point = stencil(&part.layout, degree, u, v).points().next();
            out.reserve(1);
            add(part, point.unwrap_or_default(), &mut out);
            return out;
        }
        for point in stencil(&part.layout, degree, u, v).points().filter(|p| p.2 != 0.0) {
            add(part, point, &mut out);
        }
        summed(out)
    }

    /// All weights as a sparse matrix, which weight files can hold. Statistics have none.
    ///
    /// ```
    /// use rpnfst_grids::Grid;
    /// use rpnfst_grids::regrid::{Options, Regrid};
    /// # fn main() -> Result<(), rpnfst_grids::Error> {
    /// let grid = Grid::new(b'L', 3, 2, [100, 100, 9000, 0])?;
    /// let matrix = Regrid::to_points(&grid, &[0.0], &[1.25], &Options::default())?.matrix();
    /// assert_eq!(matrix.to_triplets()?.s, [0.75, 0.25]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn matrix(&self) -> Matrix {
        const ROWS: usize = 1024;
        if let Places::Matrix(matrix, _) = &self.plan.places {
            return matrix.clone();
        }
        let chunks = parallel::map(self.plan.target_len.div_ceil(ROWS), |chunk| {
            let mut rows = Rows::default();
            for target in chunk * ROWS..self.plan.target_len.min((chunk + 1) * ROWS) {
                let weights = self.weights(target).into_iter();
                rows.push(&weights.map(|(index, w)| (u32::try_from(index).unwrap_or(u32::MAX), w)).collect::<Vec<_>>());
            }
            rows
        });
        Matrix::from_rows(self.plan.source_len, chunks)
    }
}

/// One weight for each value of the source, in their order.
fn summed(mut weights: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    weights.sort_by_key(|(index, _)| *index);
    weights.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    weights
}

/// Adds one point of a stencil.
fn add(part: &Part, (i, j, weight): (usize, usize, f64), out: &mut Vec<(usize, f64)>) {
    let layout = &part.layout;
    let last = layout.height.wrapping_sub(2);
    let stored = |row: Option<Row>| match row {
        Some(Row::Stored(n) | Row::Mirrored(n)) => n,
        _ => 0,
    };
    let pole = |row: usize, out: &mut Vec<(usize, f64)>| {
        let Some(caps) = &layout.caps else { return };
        let start = part.offset + stored(layout.row(row)) * layout.ni;
        let total: f64 = (0..layout.ni).map(|k| poles::weight(caps, k)).sum();
        out.extend((0..layout.ni).map(|k| (start + k, weight * poles::weight(caps, k) / total)));
    };
    match layout.row(j) {
        Some(Row::Stored(n) | Row::Mirrored(n)) => out.push((part.offset + n * layout.ni + i, weight)),
        Some(Row::SouthPole) => pole(1, out),
        Some(Row::NorthPole) => pole(last, out),
        None => {}
    }
}
