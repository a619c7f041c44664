//! Statistics of the source points in each cell of a target.

use super::matrix::length;
use super::outline::{Seam, reach_poles, seam};
use crate::Real;
use crate::{Error, Geometry, Grid, Result, parallel};

/// Target values that one task computes.
const ROWS: usize = 2048;

/// What is computed of the source values in a cell.
///
/// ```
/// use rpnfst_grids::regrid::Statistic;
/// assert_ne!(Statistic::Sum, Statistic::Average);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Statistic {
    /// Their mean.
    Average,
    /// Their sum.
    Sum,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// The mean of the squares of their differences from the mean.
    Variance,
    /// How many there are; 0 and not missing where there are none.
    Count,
}

/// Which points of a source lie in which cell of a target.
///
/// A cell reaches half way to the neighbours of its point, in columns and rows. Points in cells of a mesh belong to the node with the
/// largest weight. Where the last column of the target repeats the first, both have the same points.
///
/// ```
/// use rpnfst_grids::{Grid, regrid::{Bins, Statistic}};
/// let source = Grid::new(b'L', 4, 2, [100, 100, 9000, 0])?;
/// let target = Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], vec![0.5, 2.5], vec![0.0, 1.0])?;
/// let bins = Bins::new(&source, &target)?;
/// let field = [1.0_f32, 3.0, 5.0, 9.0, 0.0, 0.0, 0.0, 1.0];
/// assert_eq!(bins.apply(&field, None, Statistic::Average)?, [2.0, 7.0, 0.0, 0.5]);
/// assert_eq!(bins.apply(&field, None, Statistic::Maximum)?, [3.0, 9.0, 0.0, 1.0]);
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins {
    source_len: usize,
    /// Where the points of each cell start in `points`, and where those of the last one end.
    starts: Vec<usize>,
    points: Vec<u32>,
    /// Cells that have the points of another: itself, where it has none of its own.
    same: Vec<(u32, u32)>,
}

impl Bins {
    /// Sorts the points of a source into the cells of a target.
    ///
    /// # Errors
    /// The source has no positions; the target has no cells; more than 2^32 values.
    pub fn new(source: &Grid, target: &Grid) -> Result<Self> {
        let lacks = |grid: &Grid, what| Error::Unsupported { letter: char::from(grid.letter()), what };
        if !source.has_positions() || u32::try_from(source.len()).is_err() {
            return Err(lacks(source, "positions"));
        }
        if !target.has_positions()
            || u32::try_from(target.len()).is_err()
            || matches!(target.geometry(), Geometry::Cloud(_) | Geometry::Station(_))
        {
            return Err(lacks(target, "cells"));
        }
        let cells = place(source, target);
        let mut starts = vec![0_usize; target.len() + 1];
        for cell in cells.iter().flatten() {
            if let Some(count) = starts.get_mut(*cell as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut points = vec![0; sum];
        for (point, cell) in (0..).zip(&cells) {
            if let Some(at) = cell.and_then(|cell| next.get_mut(cell as usize)) {
                if let Some(place) = points.get_mut(*at) {
                    *place = point;
                }
                *at += 1;
            }
        }
        Ok(Self { source_len: source.len(), starts, points, same: twins(target) })
    }

    /// Bytes kept.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.starts.as_slice()) + size_of_val(self.points.as_slice()) + size_of_val(self.same.as_slice())
    }

    /// The source points, from 0, in a cell.
    pub fn points(&self, cell: usize) -> &[u32] {
        let range = self.starts.get(cell).zip(self.starts.get(cell + 1)).map_or(0..0, |(&a, &b)| a..b);
        self.points.get(range).unwrap_or_default()
    }

    /// A statistic of the values in each cell; NaN where there are none. Values that are NaN, or where `mask` is `false`, do not count.
    ///
    /// # Errors
    /// A field or mask of another length than the source.
    pub fn apply<T: Real>(&self, field: &[T], mask: Option<&[bool]>, statistic: Statistic) -> Result<Vec<T>> {
        length("field", field.len(), self.source_len)?;
        if let Some(mask) = mask {
            length("mask", mask.len(), self.source_len)?;
        }
        let value = |point: u32| {
            let counts = mask.is_none_or(|m| m.get(point as usize).copied().unwrap_or(false));
            let value = field.get(point as usize).map_or(f64::NAN, |v| v.wide());
            if counts { value } else { f64::NAN }
        };
        let mut out = vec![T::NAN; self.starts.len().saturating_sub(1)];
        parallel::rows(&mut out, ROWS, |chunk, out| {
            for (place, cell) in out.iter_mut().zip(chunk * ROWS..) {
                let values = self.points(cell).iter().map(|&p| value(p)).filter(|v| !v.is_nan());
                *place = T::of(compute(statistic, values));
            }
        });
        for &(cell, of) in &self.same {
            if let Some(&value) = out.get(of as usize)
                && let Some(place) = out.get_mut(cell as usize)
            {
                *place = value;
            }
        }
        Ok(out)
    }
}

fn compute(statistic: Statistic, values: impl Iterator<Item = f64>) -> f64 {
    let (mut count, mut mean, mut squares, mut sum) = (0.0, 0.0, 0.0, 0.0);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for v in values {
        // Welford: the squares of large values that differ little are not subtracted.
        count += 1.0;
        let from = v - mean;
        mean += from / count;
        squares += from * (v - mean);
        sum += v;
        low = low.min(v);
        high = high.max(v);
    }
    match statistic {
        Statistic::Count => count,
        _ if count < 1.0 => f64::NAN,
        // To the bit where all are equal.
        Statistic::Average => {
            if low >= high {
                low
            } else {
                sum / count
            }
        }
        Statistic::Sum => sum,
        Statistic::Minimum => low,
        Statistic::Maximum => high,
        Statistic::Variance => squares / count,
    }
}

/// The cell that each point of the source lies in.
fn place(source: &Grid, target: &Grid) -> Vec<Option<u32>> {
    if let Geometry::Mesh(mesh) = target.geometry() {
        let (lat, lon) = source.points();
        return parallel::map(lat.len(), |k| {
            let found = mesh.triangle_at(*lat.get(k)?, *lon.get(k)?)?;
            let largest = found.nodes.iter().zip(found.weights).reduce(|a, b| if b.1 > a.1 { b } else { a })?;
            u32::try_from(*largest.0).ok()
        });
    }
    let (x, y) = target.locate_grid(source);
    let (ni, nj) = (target.ni(), target.nj());
    let round = match target.geometry() {
        Geometry::Structured(grid) => match seam(grid) {
            Seam::Open => None,
            Seam::Repeated => Some((ni - 1) as f64),
            Seam::Periodic => Some(ni as f64),
        },
        _ => target.wraps().then_some(ni as f64),
    };
    let to_pole = match target.geometry() {
        Geometry::Structured(grid) => reach_poles(grid),
        _ => (false, false),
    };
    let mut cells = vec![None; x.len()];
    parallel::rows(&mut cells, ROWS, |chunk, cells| {
        for (k, cell) in cells.iter_mut().enumerate() {
            let at = |list: &[f64]| list.get(chunk * ROWS + k).copied().unwrap_or(f64::NAN);
            // Half way belongs to the cell that follows.
            let column = (at(&x) + 0.5).floor();
            let column = round.map_or(column, |n| column - n * ((column - 1.0) / n).floor());
            let row = (at(&y) + 0.5).floor();
            // What is beyond the outer half of a row that reaches a pole.
            let row = if to_pole.0 && row < 1.0 { 1.0 } else { row };
            let row = if to_pole.1 && row > nj as f64 { nj as f64 } else { row };
            let inside = column >= 1.0 && column <= ni as f64 && row >= 1.0 && row <= nj as f64;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the grid")]
            if inside {
                *cell = u32::try_from((row as usize - 1) * ni + column as usize - 1).ok();
            }
        }
    });
    cells
}

/// Cells of a last column that repeats the first.
fn twins(target: &Grid) -> Vec<(u32, u32)> {
    let Geometry::Structured(grid) = target.geometry() else { return Vec::new() };
    if seam(grid) != Seam::Repeated {
        return Vec::new();
    }
    let (ni, nj) = (target.ni(), target.nj());
    let number = |k: usize| u32::try_from(k).ok();
    (0..nj).filter_map(|j| number(j * ni + ni - 1).zip(number(j * ni))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_few() {
        let of = |statistic, values: &[f64]| compute(statistic, values.iter().copied());
        assert_eq!(of(Statistic::Variance, &[1e8 + 1.0, 1e8 + 3.0]), 1.0);
        assert_eq!(of(Statistic::Average, &[0.1; 3]), 0.1);
        assert_eq!(of(Statistic::Count, &[]), 0.0);
        assert!(of(Statistic::Sum, &[]).is_nan());
    }

    #[test]
    fn every_point_once() {
        let source = Grid::new(b'A', 36, 18, [0; 4]).unwrap();
        for target in [
            Grid::new(b'A', 12, 6, [0, 1, 0, 0]),
            Grid::new(b'B', 13, 7, [0; 4]),
            Grid::new(b'E', 13, 6, [900, 10, 43200, 43200]),
        ] {
            let target = target.unwrap();
            let bins = Bins::new(&source, &target).unwrap();
            let mut seen: Vec<u32> = (0..target.len()).flat_map(|cell| bins.points(cell).to_vec()).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..36 * 18).collect::<Vec<_>>(), "{}", char::from(target.letter()));
            let count = bins.apply(&vec![1.0_f32; 36 * 18], None, Statistic::Count).unwrap();
            if target.letter() == b'B' {
                assert!(count.chunks(13).all(|row| row[0] == row[12]));
            }
        }
    }

    #[test]
    fn masks_and_missing_values() {
        let grid = Grid::new(b'L', 2, 2, [100, 100, 9000, 0]).unwrap();
        let bins = Bins::new(&grid, &grid).unwrap();
        let field = [1.0, f64::NAN, 3.0, 4.0];
        let out = bins.apply(&field, Some(&[true, true, false, true]), Statistic::Sum).unwrap();
        assert!(out[0] == 1.0 && out[1].is_nan() && out[2].is_nan() && out[3] == 4.0);
        assert!(bins.apply(&field[..3], None, Statistic::Sum).is_err());
        assert!(bins.apply(&field, Some(&[true]), Statistic::Sum).is_err());
        assert!(Bins::new(&grid, &Grid::new(b'X', 2, 2, [0; 4]).unwrap()).is_err());
        assert!(Bins::new(&Grid::new(b'X', 2, 2, [0; 4]).unwrap(), &grid).is_err());
    }
}
