//! Conservative weights between two grids of longitudes and latitudes with the same poles: products of what columns and rows share.

use core::f64::consts::PI;
use core::ops::Range;

use super::matrix::{Matrix, Rows};
use super::outline::{Role, lines_in_degrees};
use crate::{Grid, parallel};

/// What is a smaller part of a column or row is rounding where lines coincide.
const NOTHING: f64 = 1e-12;

/// For each target interval: source intervals, in order, and what is shared, in radians or as a difference of sines.
struct Shares {
    starts: Vec<usize>,
    entries: Vec<(usize, f64)>,
    /// The size of each target interval.
    sizes: Vec<f64>,
}

impl Shares {
    fn of(&self, interval: usize) -> &[(usize, f64)] {
        let range = self.starts.get(interval).zip(self.starts.get(interval + 1)).map_or(0..0, |(&a, &b)| a..b);
        self.entries.get(range).unwrap_or_default()
    }

    /// Lines of both, each rising or falling; with `turn`, places that differ by it are one.
    fn new(source: &[f64], target: &[f64], turn: Option<f64>, measure: impl Fn(f64, f64) -> f64) -> Self {
        let falls = source.first() > source.last();
        let mut lines = source.to_vec();
        if falls {
            lines.reverse();
        }
        let count = lines.len().saturating_sub(1);
        let (first, last) = (lines.first().copied().unwrap_or(0.0), lines.last().copied().unwrap_or(0.0));
        let mut shares = Self { starts: vec![0], entries: Vec::new(), sizes: Vec::new() };
        for interval in target.windows(2) {
            let &[a, b] = interval else { continue };
            let (low, high) = (a.min(b), a.max(b));
            let start = shares.entries.len();
            let turns = turn.map_or(0..1, |t| whole((first - high) / t)..whole((last - low) / t) + 1);
            for k in turns {
                let shift = turn.map_or(0.0, |t| t * f64::from(k));
                let (low, high) = (low + shift, high + shift);
                let begin = lines.partition_point(|&line| line <= low).saturating_sub(1);
                for (k, sides) in lines.windows(2).enumerate().skip(begin) {
                    let &[left, right] = sides else { continue };
                    if left >= high {
                        break;
                    }
                    let (from, to) = (left.max(low), right.min(high));
                    if to - from > NOTHING * (right - left).min(high - low) {
                        shares.entries.push((if falls { count - 1 - k } else { k }, measure(from, to)));
                    }
                }
            }
            if let Some(entries) = shares.entries.get_mut(start..) {
                entries.sort_by_key(|e| e.0);
            }
            shares.starts.push(shares.entries.len());
            shares.sizes.push(measure(low, high));
        }
        shares
    }
}

/// The next whole number, for numbers of turns.
#[allow(clippy::cast_possible_truncation, reason = "few turns; others saturate and share nothing")]
fn whole(turns: f64) -> i32 {
    (turns.ceil().clamp(-9.0, 9.0)) as i32
}

fn width(from: f64, to: f64) -> f64 {
    (to - from) * PI / 180.0
}

/// sin(to) - sin(from), without loss of digits.
fn height(from: f64, to: f64) -> f64 {
    2.0 * f64::midpoint(from, to).to_radians().cos() * ((to - from) / 2.0).to_radians().sin()
}

/// Areas that source and target cells share; `None` if the grids are not both of longitudes and latitudes with the same poles.
pub(crate) struct Product {
    columns: Shares,
    rows: Shares,
    source_columns: usize,
    source_len: usize,
}

impl Product {
    pub(crate) fn new(source: &Grid, target: &Grid) -> Option<Self> {
        let (from, to) =
            (lines_in_degrees(source, target, Role::Source)?, lines_in_degrees(target, source, Role::Target)?);
        Some(Self {
            columns: Shares::new(&from.0, &to.0, Some(360.0), width),
            rows: Shares::new(&from.1, &to.1, None, height),
            source_columns: source.ni(),
            source_len: source.len(),
        })
    }

    /// The weights: `row(index, area, shared)` finishes the areas shared with each source cell.
    pub(crate) fn weights(&self, finish: impl Fn(usize, f64, &mut Vec<(u32, f64)>) + Sync) -> Matrix {
        let (ni, nj) = (self.columns.sizes.len(), self.rows.sizes.len());
        let chunks = parallel::map(nj, |j| {
            let (mut rows, mut found) = (Rows::default(), Vec::new());
            let columns: Range<usize> = 0..ni;
            for (i, &width) in columns.zip(&self.columns.sizes) {
                found.clear();
                for &(row, height) in self.rows.of(j) {
                    let first = row * self.source_columns;
                    let cells = self.columns.of(i).iter();
                    found
                        .extend(cells.filter_map(|&(column, width)| {
                            Some((u32::try_from(first + column).ok()?, width * height))
                        }));
                }
                finish(j * ni + i, width * self.rows.sizes.get(j).copied().unwrap_or(0.0), &mut found);
                rows.push(&found);
            }
            rows
        });
        Matrix::from_rows(self.source_len, chunks)
    }
}

/// Areas in steradians of the cells of a grid, between meridians and parallels of its plane; `None` as for [`Product::new`].
pub(crate) fn areas(grid: &Grid, other: &Grid) -> Option<Vec<f64>> {
    let (columns, rows) = lines_in_degrees(grid, other, Role::Source)?;
    let row = |w: &[f64]| match *w {
        [a, b] => height(a.min(b), a.max(b)),
        _ => 0.0,
    };
    let column = |w: &[f64]| match *w {
        [a, b] => width(a.min(b), a.max(b)),
        _ => 0.0,
    };
    Some(rows.windows(2).flat_map(|r| columns.windows(2).map(move |c| row(r) * column(c))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        let entries = |shares: &Shares, k: usize| shares.of(k).to_vec();
        let plain = |a: f64, b: f64| b - a;
        let shares = Shares::new(&[0.0, 90.0, 180.0, 270.0, 360.0], &[-45.0, 45.0, 405.0], Some(360.0), plain);
        assert_eq!(entries(&shares, 0), [(0, 45.0), (3, 45.0)]);
        let sum = |k: usize| entries(&shares, k).iter().map(|e| e.1).sum::<f64>();
        assert_eq!((sum(0), sum(1)), (90.0, 360.0));
        let shares = Shares::new(&[3.0, 2.0, 1.0], &[0.0, 1.5, 2.5], None, plain);
        assert_eq!(entries(&shares, 0), [(1, 0.5)]);
        assert_eq!(entries(&shares, 1), [(0, 0.5), (1, 0.5)]);
        assert!(Shares::new(&[], &[f64::NAN, 1.0], Some(360.0), plain).of(0).is_empty());
    }
}
