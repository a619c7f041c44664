//! A grid: where the values of a field are.

mod make;

use std::sync::Arc;

use crate::{
    error::{Error, Result},
    geometry::{CellBounds, Positions, same_lengths},
    kinds::Geometry,
    projection::Projection,
};

/// Where the values of a field of `ni` columns and `nj` rows are on the sphere.
///
/// Grid coordinates (x, y) are real and count from 1, rows in the order in which they are stored: the value at column `i` and row `j` is
/// at (i, j). Angles are in degrees, latitudes -90 to 90, longitudes 0 to 360. A clone shares everything.
///
/// ```
/// use rpnfst_grids::Grid;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'L', 360, 181, [100, 100, 0, 0])?;
/// assert_eq!(grid.point(1.5, 91.0), (0.0, 0.5));
/// assert_eq!(grid.locate(45.0, -75.0), Some((286.0, 136.0)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Grid {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    letter: u8,
    ni: usize,
    nj: usize,
    geometry: Geometry,
}

/// The region that the points of a grid cover, in degrees.
///
/// ```
/// use rpnfst_grids::Grid;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let extent = Grid::new(b'L', 11, 6, [100, 100, 9000, 35500])?.extent();
/// assert_eq!((extent.lat, extent.lon, extent.whole), ([0.0, 5.0], [355.0, 365.0], false));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// The southernmost and the northernmost latitude.
    pub lat: [f64; 2],
    /// The westernmost longitude, 0 to 360, and the easternmost one, not less; 0 and 360 when all longitudes are covered.
    pub lon: [f64; 2],
    /// Whether the whole sphere is covered, by cells around the points.
    pub whole: bool,
}

impl Grid {
    /// The letter of its type.
    pub fn letter(&self) -> u8 {
        self.shared.letter
    }

    /// Columns.
    pub fn ni(&self) -> usize {
        self.shared.ni
    }

    /// Rows.
    pub fn nj(&self) -> usize {
        self.shared.nj
    }

    /// Points.
    pub fn len(&self) -> usize {
        self.ni() * self.nj()
    }

    /// Never: a grid has points.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How positions are computed.
    pub fn geometry(&self) -> &Geometry {
        &self.shared.geometry
    }

    /// Whether two handles share one grid.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Whether points have positions at all.
    pub fn has_positions(&self) -> bool {
        match self.geometry() {
            Geometry::None => false,
            Geometry::Structured(grid) => !matches!(grid.projection(), Projection::Wkt(_)),
            _ => true,
        }
    }

    pub(crate) fn positions(&self) -> Option<&dyn Positions> {
        self.geometry().positions()
    }

    /// The latitude and the longitude of grid coordinates; NaN where the plane has none. Outside 1 to `ni` and 1 to `nj` by the same
    /// formula.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        self.positions().map_or((f64::NAN, f64::NAN), |grid| grid.point(x, y))
    }

    /// The grid coordinates of a position, which may lie outside 1 to `ni` and 1 to `nj`; `None` where the plane has none.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        self.positions()?.locate(lat, lon).filter(|(x, y)| x.is_finite() && y.is_finite())
    }

    /// Latitudes and longitudes of all points, columns fastest.
    ///
    /// ```
    /// use rpnfst_grids::Grid;
    /// # fn main() -> Result<(), rpnfst_grids::Error> {
    /// let (lat, lon) = Grid::new(b'A', 4, 2, [0; 4])?.points();
    /// assert_eq!(lat, [-45.0, -45.0, -45.0, -45.0, 45.0, 45.0, 45.0, 45.0]);
    /// assert_eq!(lon[..4], [0.0, 90.0, 180.0, 270.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn points(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut lat, mut lon) = (vec![0.0; self.len()], vec![0.0; self.len()]);
        self.fill_points(&mut lat, &mut lon);
        (lat, lon)
    }

    /// [`points`](Self::points) into slices that exist: faster the second time, because their memory is there.
    ///
    /// # Errors
    /// A slice has another length than the grid has points.
    pub fn points_into(&self, lat: &mut [f64], lon: &mut [f64]) -> Result<()> {
        same_lengths([("latitudes", lat.len()), ("longitudes", lon.len())], self.len())?;
        self.fill_points(lat, lon);
        Ok(())
    }

    fn fill_points(&self, lat: &mut [f64], lon: &mut [f64]) {
        if let Some(grid) = self.positions() {
            grid.points(self.ni(), lat, lon);
        } else {
            lat.fill(f64::NAN);
            lon.fill(f64::NAN);
        }
    }

    /// [`point`](Self::point) of slices.
    ///
    /// # Errors
    /// The slices have different lengths.
    pub fn points_at(&self, x: &[f64], y: &[f64], lat: &mut [f64], lon: &mut [f64]) -> Result<()> {
        same_lengths([("y", y.len()), ("latitudes", lat.len()), ("longitudes", lon.len())], x.len())?;
        if let Some(grid) = self.positions() {
            grid.points_at(x, y, lat, lon);
        } else {
            lat.fill(f64::NAN);
            lon.fill(f64::NAN);
        }
        Ok(())
    }

    /// [`locate`](Self::locate) of slices, NaN for what has no place.
    ///
    /// # Errors
    /// The slices have different lengths.
    pub fn locate_all(&self, lat: &[f64], lon: &[f64], x: &mut [f64], y: &mut [f64]) -> Result<()> {
        same_lengths([("longitudes", lon.len()), ("x", x.len()), ("y", y.len())], lat.len())?;
        if let Some(grid) = self.positions() {
            grid.locate_all(lat, lon, x, y);
        } else {
            x.fill(f64::NAN);
            y.fill(f64::NAN);
        }
        Ok(())
    }

    /// Coordinates in this grid of all points of another, columns of the other fastest; NaN for what has no place.
    ///
    /// Faster than [`locate_all`](Self::locate_all) of its [`points`](Self::points) where both have columns and rows.
    pub fn locate_grid(&self, target: &Self) -> (Vec<f64>, Vec<f64>) {
        match (self.geometry(), target.geometry()) {
            (Geometry::Structured(source), Geometry::Structured(target)) => source.locate_grid(target),
            (Geometry::YinYang(source), Geometry::Structured(target)) => source.locate_grid(target),
            _ => {
                let (lat, lon) = target.points();
                let (mut x, mut y) = (vec![f64::NAN; lat.len()], vec![f64::NAN; lat.len()]);
                if let Some(grid) = self.positions() {
                    grid.locate_all(&lat, &lon, &mut x, &mut y);
                }
                (x, y)
            }
        }
    }

    /// Latitudes and longitudes of the corners of all cells, `ni + 1` columns and `nj + 1` rows, columns fastest.
    ///
    /// # Errors
    /// The grid is not one of columns and rows on one plane.
    pub fn corners(&self) -> Result<(Vec<f64>, Vec<f64>)> {
        match self.geometry() {
            Geometry::Structured(grid) => Ok(grid.corners()),
            _ => Err(Error::Unsupported {
                letter: char::from(self.letter()),
                what: "corners shared by cells of one plane",
            }),
        }
    }

    /// The four corners of each cell.
    ///
    /// # Errors
    /// The grid has no cells.
    pub fn cell_bounds(&self) -> Result<CellBounds> {
        self.positions()
            .and_then(|grid| grid.cell_bounds(self.ni(), self.nj()))
            .ok_or(Error::Unsupported { letter: char::from(self.letter()), what: "cells" })
    }

    /// Whether columns go round the globe.
    pub fn wraps(&self) -> bool {
        self.positions().is_some_and(Positions::wraps)
    }

    /// Whether the north pole and the south pole lie in cells of the grid.
    pub fn contains_pole(&self) -> (bool, bool) {
        self.positions().map_or((false, false), |grid| grid.poles(self.ni(), self.nj()))
    }
}
