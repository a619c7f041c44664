//! Weights as a sparse matrix: one row for each target value, one column for each source value.

use crate::Real;
use crate::error::{Error, Result};
use crate::parallel;

/// Rows that one task computes.
const ROWS: usize = 2048;

/// When a target value is made although some of its sources are missing.
///
/// ```
/// use rpnfst_grids::regrid::SkipMissing;
/// assert_eq!(SkipMissing::default(), SkipMissing::Above(1.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SkipMissing {
    /// One missing source makes the target missing.
    Never,
    /// The target is missing if more than this fraction of its weight is, 0 to 1. What is there stands for the rest. 1, the default:
    /// missing only if all is.
    Above(f64),
    /// The target is missing if the source of its largest weight is, the nearest one of those that are interpolated. What is there
    /// stands for the rest.
    IfLargest,
}

impl Default for SkipMissing {
    fn default() -> Self {
        Self::Above(1.0)
    }
}

/// A sparse matrix in compressed rows.
///
/// A target value is the sum of source values times their weights. 12 bytes hold one weight and its column.
///
/// ```
/// use rpnfst_grids::regrid::{Matrix, SkipMissing};
/// // Two targets: the mean of values 1 and 2, and value 3.
/// let matrix = Matrix::from_triplets(2, 3, &[1, 1, 2], &[1, 2, 3], &[0.5, 0.5, 1.0])?;
/// let mut out = [0.0_f32; 2];
/// matrix.apply(&[1.0_f32, 3.0, 7.0], None, SkipMissing::default(), &mut out)?;
/// assert_eq!(out, [2.0, 7.0]);
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    columns: usize,
    /// Where each row starts, and where the last one ends.
    starts: Vec<usize>,
    indices: Vec<u32>,
    weights: Vec<f64>,
}

/// A matrix as three lists of one length, in the way of ESMF and xESMF: `row` and `col` count from 1.
///
/// ```
/// use rpnfst_grids::regrid::{Matrix, Triplets};
/// let matrix = Matrix::from_triplets(1, 2, &[1, 1], &[1, 2], &[0.25, 0.75])?;
/// let Triplets { row, col, s } = matrix.to_triplets()?;
/// assert_eq!((row, col, s), (vec![1, 1], vec![1, 2], vec![0.25, 0.75]));
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Triplets {
    /// Target values, from 1.
    pub row: Vec<i32>,
    /// Source values, from 1.
    pub col: Vec<i32>,
    /// Weights.
    pub s: Vec<f64>,
}

fn invalid(reason: String) -> Error {
    Error::Invalid { what: "weights", reason }
}

pub(crate) fn length(what: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected { Ok(()) } else { Err(Error::Length { what, found, expected }) }
}

impl Matrix {
    /// Joins rows, each a list of columns and their weights.
    pub(crate) fn from_rows(columns: usize, chunks: Vec<Rows>) -> Self {
        let count = chunks.iter().map(|c| c.indices.len()).sum();
        let rows = chunks.iter().map(|c| c.ends.len()).sum::<usize>();
        let mut matrix = Self {
            columns,
            starts: Vec::with_capacity(rows + 1),
            indices: Vec::with_capacity(count),
            weights: Vec::with_capacity(count),
        };
        matrix.starts.push(0);
        for chunk in chunks {
            let start = matrix.indices.len();
            matrix.starts.extend(chunk.ends.iter().map(|end| start + end));
            matrix.indices.extend_from_slice(&chunk.indices);
            matrix.weights.extend_from_slice(&chunk.weights);
        }
        matrix
    }

    /// Reads lists as weight files hold them: rows and columns from 1, in any order. Equal places are added.
    ///
    /// # Errors
    /// Lists of different lengths; a row or column that is not there; a weight that is no finite number.
    pub fn from_triplets(rows: usize, columns: usize, row: &[i32], col: &[i32], s: &[f64]) -> Result<Self> {
        length("columns of weights", col.len(), row.len())?;
        length("weights", s.len(), row.len())?;
        if let Some(weight) = s.iter().find(|weight| !weight.is_finite()) {
            return Err(invalid(format!("{weight} among them, expected finite numbers")));
        }
        let place = |name: &str, value: i32, most: usize| {
            let place = usize::try_from(value).ok().filter(|v| (1..=most).contains(v));
            place.map(|v| v - 1).ok_or_else(|| invalid(format!("{name} {value}, expected 1 to {most}")))
        };
        let mut starts = Vec::new();
        let count = rows.checked_add(1).filter(|&count| starts.try_reserve_exact(count).is_ok());
        starts.resize(count.ok_or_else(|| invalid(format!("no memory for {rows} rows")))?, 0_usize);
        for &r in row {
            if let Some(start) = starts.get_mut(place("row", r, rows)? + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut entries = vec![(0_u32, 0.0_f64); row.len()];
        for ((&r, &c), &weight) in row.iter().zip(col).zip(s) {
            let (r, c) = (place("row", r, rows)?, place("column", c, columns)?);
            let c = u32::try_from(c).map_err(|_| invalid("more than 2^32 columns".into()))?;
            if let Some(at) = next.get_mut(r) {
                if let Some(entry) = entries.get_mut(*at) {
                    *entry = (c, weight);
                }
                *at += 1;
            }
        }
        let mut chunk = Rows::default();
        for range in starts.windows(2) {
            if let &[start, end] = range
                && let Some(entries) = entries.get_mut(start..end)
            {
                entries.sort_by_key(|e| e.0);
                chunk.push(entries);
            }
        }
        Ok(Self::from_rows(columns, vec![chunk]))
    }

    /// The lists that weight files hold, row by row.
    ///
    /// # Errors
    /// More rows or columns than 2^31 - 1, the most that such lists count.
    pub fn to_triplets(&self) -> Result<Triplets> {
        let most = i32::MAX as usize;
        if self.rows() > most || self.columns > most {
            return Err(invalid("more than 2^31 - 1 rows or columns".into()));
        }
        let mut triplets = Triplets::default();
        for row in 0..self.rows() {
            let number = i32::try_from(row + 1).unwrap_or(i32::MAX);
            triplets.row.resize(self.starts.get(row + 1).copied().unwrap_or_default(), number);
        }
        triplets.col = self.indices.iter().map(|&c| i32::try_from(c).unwrap_or(i32::MAX - 1) + 1).collect();
        triplets.s.clone_from(&self.weights);
        Ok(triplets)
    }

    /// Target values.
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Source values.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Weights that are kept.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether no target has a source.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The columns (from 0) and weights of a row; empty for a row that is not there.
    ///
    /// ```
    /// # use rpnfst_grids::regrid::Matrix;
    /// let matrix = Matrix::from_triplets(1, 2, &[1, 1], &[2, 1], &[0.75, 0.25])?;
    /// assert_eq!(matrix.row(0), (&[0, 1][..], &[0.25, 0.75][..]));
    /// # Ok::<(), rpnfst_grids::Error>(())
    /// ```
    pub fn row(&self, row: usize) -> (&[u32], &[f64]) {
        let range = self.starts.get(row).zip(self.starts.get(row + 1)).map_or(0..0, |(&a, &b)| a..b);
        (self.indices.get(range.clone()).unwrap_or_default(), self.weights.get(range).unwrap_or_default())
    }

    /// The sum of the weights of each row.
    pub fn sums(&self) -> Vec<f64> {
        (0..self.rows()).map(|row| self.row(row).1.iter().sum()).collect()
    }

    /// The field on the target: `out[row]` is the sum of `field[column] * weight`, NaN for rows without weights.
    ///
    /// Values are missing where they are NaN, and where `mask` is `false`. A field of one value stays that value to the last bit
    /// wherever the weights add up to 1.
    ///
    /// # Errors
    /// A field, mask or output of another length than the matrix has columns or rows.
    pub fn apply<T: Real>(&self, field: &[T], mask: Option<&[bool]>, skip: SkipMissing, out: &mut [T]) -> Result<()> {
        length("field", field.len(), self.columns)?;
        length("output", out.len(), self.rows())?;
        if let Some(mask) = mask {
            length("mask", mask.len(), self.columns)?;
        }
        parallel::rows(out, ROWS, |chunk, out| {
            for (place, row) in out.iter_mut().zip(chunk * ROWS..) {
                let (indices, weights) = self.row(row);
                *place = T::of(match mask {
                    None => combine(indices, weights, skip, |c| field.get(c).map_or(f64::NAN, |v| v.wide())),
                    Some(mask) => combine(indices, weights, skip, |c| match mask.get(c) {
                        Some(true) => field.get(c).map_or(f64::NAN, |v| v.wide()),
                        _ => f64::NAN,
                    }),
                });
            }
        });
        Ok(())
    }
}

/// One target value.
#[inline]
fn combine(indices: &[u32], weights: &[f64], skip: SkipMissing, value: impl Fn(usize) -> f64) -> f64 {
    let Some(&first) = indices.first() else { return f64::NAN };
    // Differences from the first value: none are left of a field of one value.
    let base = value(first as usize);
    let (mut sum, mut total) = (0.0, 0.0);
    for (&index, &weight) in indices.iter().zip(weights) {
        sum += weight * (value(index as usize) - base);
        total += weight;
    }
    if sum.is_finite() { base * snapped(total) + sum } else { around_missing(indices, weights, skip, value) }
}

/// Sums of weights that miss 1 by rounding are 1.
#[inline]
fn snapped(total: f64) -> f64 {
    if (total - 1.0).abs() < 1e-12 { 1.0 } else { total }
}

/// One target value, of sources of which some are missing or infinite.
#[cold]
fn around_missing(indices: &[u32], weights: &[f64], skip: SkipMissing, value: impl Fn(usize) -> f64) -> f64 {
    let (mut sum, mut total, mut missing, mut base) = (0.0, 0.0, 0.0, None);
    for (&index, &weight) in indices.iter().zip(weights) {
        let v = value(index as usize);
        if v.is_nan() {
            missing += weight;
        } else {
            let base = *base.get_or_insert(v);
            sum += if v.is_finite() { weight * if f64::is_finite(base) { v - base } else { v } } else { weight * v };
            total += weight;
        }
    }
    let most = match skip {
        SkipMissing::Above(most) => most,
        SkipMissing::IfLargest => {
            let largest = indices.iter().zip(weights).reduce(|a, b| if b.1 > a.1 { b } else { a });
            if largest.is_none_or(|(index, _)| value(*index as usize).is_nan()) {
                return f64::NAN;
            }
            f64::INFINITY
        }
        SkipMissing::Never => return if missing == 0.0 { sum } else { f64::NAN },
    };
    let Some(base) = base else { return f64::NAN };
    let whole = total + missing;
    if missing > most * whole * (1.0 + 1e-12) || total == 0.0 {
        return f64::NAN;
    }
    // The rest stands for the whole.
    (if base.is_finite() { base } else { 0.0 } + sum / total) * snapped(whole)
}

/// Rows of a matrix in the making.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    ends: Vec<usize>,
    indices: Vec<u32>,
    weights: Vec<f64>,
}

impl Rows {
    /// Adds a row; equal columns that follow one another are added.
    pub(crate) fn push(&mut self, entries: &[(u32, f64)]) {
        let start = self.indices.len();
        for &(column, weight) in entries {
            if self.indices.len() > start
                && self.indices.last() == Some(&column)
                && let Some(last) = self.weights.last_mut()
            {
                *last += weight;
            } else {
                self.indices.push(column);
                self.weights.push(weight);
            }
        }
        self.ends.push(self.indices.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn apply(matrix: &Matrix, field: &[f64], skip: SkipMissing) -> Vec<f64> {
        let mut out = vec![0.0; matrix.rows()];
        matrix.apply(field, None, skip, &mut out).unwrap();
        out
    }

    #[test]
    fn triplets_there_and_back() {
        let matrix =
            Matrix::from_triplets(4, 3, &[4, 1, 1, 4, 1], &[2, 3, 1, 2, 3], &[0.5, 0.25, 0.5, 0.5, 0.25]).unwrap();
        assert_eq!(matrix.row(0), (&[0, 2][..], &[0.5, 0.5][..]));
        assert_eq!(matrix.row(1), (&[][..], &[][..]));
        assert_eq!(matrix.row(3), (&[1][..], &[1.0][..]));
        let Triplets { row, col, s } = matrix.to_triplets().unwrap();
        assert_eq!((row.as_slice(), col.as_slice()), (&[1, 1, 4][..], &[1, 3, 2][..]));
        assert_eq!(Matrix::from_triplets(4, 3, &row, &col, &s).unwrap(), matrix);
        assert_eq!(matrix.sums(), [1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn hostile_triplets() {
        for (row, col, s) in [
            (&[0][..], &[1][..], &[1.0][..]),
            (&[3], &[1], &[1.0]),
            (&[1], &[3], &[1.0]),
            (&[1], &[-1], &[1.0]),
            (&[1, 1], &[1], &[1.0]),
            (&[1], &[1], &[]),
            (&[1], &[1], &[NAN]),
            (&[1], &[1], &[f64::INFINITY]),
        ] {
            assert!(Matrix::from_triplets(2, 2, row, col, s).is_err());
        }
        assert!(Matrix::from_triplets(usize::MAX, 2, &[], &[], &[]).is_err());
        assert!(Matrix::from_triplets(0, 0, &[], &[], &[]).unwrap().is_empty());
    }

    #[test]
    fn constants_stay() {
        let (third, c) = (1.0 / 3.0, 0.1);
        let matrix =
            Matrix::from_triplets(1, 4, &[1; 4], &[1, 2, 3, 4], &[third, third, third / 3.0, 2.0 * third / 3.0])
                .unwrap();
        assert_eq!(apply(&matrix, &[c; 4], SkipMissing::Never), [c]);
        assert_eq!(apply(&matrix, &[NAN, c, c, c], SkipMissing::Above(1.0)), [c]);
    }

    #[test]
    fn missing_values() {
        let matrix = Matrix::from_triplets(2, 3, &[1, 1, 2], &[1, 2, 3], &[0.25, 0.75, 1.0]).unwrap();
        let same = |found: Vec<f64>, expected: [f64; 2]| {
            assert!(
                found.iter().zip(expected).all(|(a, b)| *a == b || (a.is_nan() && b.is_nan())),
                "{found:?} {expected:?}"
            );
        };
        same(apply(&matrix, &[NAN, 3.0, NAN], SkipMissing::Never), [NAN, NAN]);
        same(apply(&matrix, &[NAN, 3.0, NAN], SkipMissing::Above(1.0)), [3.0, NAN]);
        same(apply(&matrix, &[NAN, 3.0, NAN], SkipMissing::Above(0.25)), [3.0, NAN]);
        same(apply(&matrix, &[NAN, 3.0, NAN], SkipMissing::Above(0.2)), [NAN, NAN]);
        same(apply(&matrix, &[f64::INFINITY, 3.0, 1.0], SkipMissing::Never), [f64::INFINITY, 1.0]);
        same(apply(&matrix, &[NAN, 3.0, 1.0], SkipMissing::IfLargest), [3.0, 1.0]);
        same(apply(&matrix, &[3.0, NAN, NAN], SkipMissing::IfLargest), [NAN, NAN]);
        let mut out = [0.0; 2];
        matrix.apply(&[9.0, 3.0, 4.0], Some(&[false, true, true]), SkipMissing::Above(1.0), &mut out).unwrap();
        same(out.to_vec(), [3.0, 4.0]);
        assert!(matrix.apply(&[1.0; 2], None, SkipMissing::Never, &mut out).is_err());
        assert!(matrix.apply(&[1.0; 3], Some(&[true]), SkipMissing::Never, &mut out).is_err());
        assert!(matrix.apply(&[1.0; 3], None, SkipMissing::Never, &mut out[..1]).is_err());
    }
}
