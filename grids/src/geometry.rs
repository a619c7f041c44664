//! What every kind of grid answers.

use crate::{
    error::{Error, Result},
    parallel,
};

/// The corners of cells, four for each, counter-clockwise as seen from above; the cells of a grid in the order of its points.
///
/// ```
/// use rpnfst_grids::Grid;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let bounds = Grid::new(b'L', 2, 1, [100, 100, 9000, 0])?.cell_bounds()?;
/// assert_eq!(bounds.lat, [-0.5, -0.5, 0.5, 0.5, -0.5, -0.5, 0.5, 0.5]);
/// assert_eq!(bounds.lon, [359.5, 0.5, 0.5, 359.5, 0.5, 1.5, 1.5, 0.5]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CellBounds {
    /// Latitudes, degrees.
    pub lat: Vec<f64>,
    /// Longitudes, 0 to 360 degrees.
    pub lon: Vec<f64>,
}

/// Points that are worked on at once.
const CHUNK: usize = 1024;

/// What a kind of grid computes. Positions are (latitude, longitude) in degrees, NaN where there is none.
pub(crate) trait Positions: Sync {
    /// The position of grid coordinates.
    fn point(&self, x: f64, y: f64) -> (f64, f64);

    /// The grid coordinates of a position.
    fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)>;

    /// Positions of all points of a grid of `ni` columns, columns fastest.
    fn points(&self, ni: usize, lat: &mut [f64], lon: &mut [f64]) {
        parallel::rows2(lat, lon, ni, |row, lat, lon| {
            for (column, (lat, lon)) in lat.iter_mut().zip(lon).enumerate() {
                (*lat, *lon) = self.point((column + 1) as f64, (row + 1) as f64);
            }
        });
    }

    /// [`point`](Self::point) of slices of one length.
    fn points_at(&self, x: &[f64], y: &[f64], lat: &mut [f64], lon: &mut [f64]) {
        parallel::rows2(lat, lon, CHUNK, |chunk, lat, lon| {
            let begin = chunk * CHUNK;
            let at = x.get(begin..).into_iter().flatten().zip(y.get(begin..).into_iter().flatten());
            for ((lat, lon), (x, y)) in lat.iter_mut().zip(lon).zip(at) {
                (*lat, *lon) = self.point(*x, *y);
            }
        });
    }

    /// [`locate`](Self::locate) of slices of one length, NaN for `None`.
    fn locate_all(&self, lat: &[f64], lon: &[f64], x: &mut [f64], y: &mut [f64]) {
        parallel::rows2(x, y, CHUNK, |chunk, x, y| {
            let begin = chunk * CHUNK;
            let from = |values: &'_ [f64], at: usize| values.get(begin + at).copied().unwrap_or(f64::NAN);
            for (at, (x, y)) in x.iter_mut().zip(y).enumerate() {
                (*x, *y) = self.locate(from(lat, at), from(lon, at)).unwrap_or((f64::NAN, f64::NAN));
            }
        });
    }

    /// Corners of the cells of a grid of `ni` columns and `nj` rows; `None` for a kind without cells.
    fn cell_bounds(&self, _ni: usize, _nj: usize) -> Option<CellBounds> {
        None
    }

    /// Whether columns go round the globe.
    fn wraps(&self) -> bool {
        false
    }

    /// Whether the north and the south pole lie in cells of the grid.
    fn poles(&self, ni: usize, nj: usize) -> (bool, bool) {
        let holds = |lat| {
            self.locate(lat, 0.0)
                .is_some_and(|(x, y)| (0.5..=ni as f64 + 0.5).contains(&x) && (0.5..=nj as f64 + 0.5).contains(&y))
        };
        (holds(90.0), holds(-90.0))
    }
}

/// The four corners of each cell from the corners of all, `ni + 1` a row: those of x and y in a circle, turned when `x`, `y` and up are
/// left-handed.
pub(crate) fn bounds(lat: &[f64], lon: &[f64], ni: usize, right: bool) -> CellBounds {
    let of = |values: &[f64]| {
        let mut out = Vec::with_capacity(4 * values.len());
        for (low, high) in values.chunks(ni + 1).zip(values.chunks(ni + 1).skip(1)) {
            for (low, high) in low.windows(2).zip(high.windows(2)) {
                if let ([a, b], [d, c]) = (low, high) {
                    out.extend(if right { [a, b, c, d] } else { [a, d, c, b] });
                }
            }
        }
        out
    };
    CellBounds { lat: of(lat), lon: of(lon) }
}

/// Checks that a grid has points, and not more than can be counted.
pub(crate) fn check_size(letter: u8, ni: usize, nj: usize) -> Result<()> {
    let reason = match ni.checked_mul(nj) {
        Some(0) => "it has no points",
        Some(points) if points <= isize::MAX as usize / 64 => return Ok(()),
        _ => "more points than can be counted",
    };
    Err(Error::Size { letter: char::from(letter), ni, nj, reason })
}

/// Checks lengths of slices against that of the first.
pub(crate) fn same_lengths<const N: usize>(slices: [(&'static str, usize); N], expected: usize) -> Result<()> {
    match slices.into_iter().find(|(_, length)| *length != expected) {
        Some((what, found)) => Err(Error::Length { what, found, expected }),
        None => Ok(()),
    }
}
