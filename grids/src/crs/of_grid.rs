//! The coordinate reference system of a grid, and its columns and rows in it.

use super::{Crs, GridMapping};
use crate::{Geometry, Grid, Projection, Structured};

impl Projection {
    /// The reference system in which it is a stretched and shifted plane; none for a projection known as text only.
    pub fn crs(&self) -> Option<Crs> {
        match self {
            Self::LatLon { .. } => Some(Crs::LatLon),
            Self::Rotated(rotation) => Some(Crs::rotated(rotation.matrix())),
            Self::PolarStereographic(polar) => Some(Crs::polar_stereographic(!polar.north(), polar.dgrw())),
            Self::Lambert(lambert) => {
                let (latitude, longitude) = lambert.origin();
                Some(Crs::Lambert { parallels: lambert.parallels(), latitude, longitude })
            }
            Self::Wkt(_) => None,
        }
    }
}

impl Structured {
    /// The reference system in which columns and rows are straight lines; none for a W grid, whose projection is text.
    pub fn crs(&self) -> Option<Crs> {
        self.projection().crs()
    }

    /// Coordinates of the columns and of the rows in the [`crs`](Self::crs), rows in stored order: degrees or metres.
    /// Longitudes are not brought into one turn, so that they increase with the columns.
    pub fn crs_axes(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let columns = (1..=self.ni()).map(|i| self.plane(i as f64, 1.0).0);
        let rows = (1..=self.nj()).map(|j| self.plane(1.0, j as f64).1);
        match self.projection() {
            Projection::LatLon { lat0, lon0, dlat, dlon } => {
                Some((columns.map(|x| lon0 + dlon * x).collect(), rows.map(|y| lat0 + dlat * y).collect()))
            }
            Projection::PolarStereographic(polar) => {
                let ((pi, pj), d60) = (polar.pole(), polar.d60());
                Some((columns.map(|x| (x - pi) * d60).collect(), rows.map(|y| (y - pj) * d60).collect()))
            }
            Projection::Rotated(_) | Projection::Lambert(_) => Some((columns.collect(), rows.collect())),
            Projection::Wkt(_) => None,
        }
    }
}

/// ```
/// use rpnfst_grids::Grid;
///
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'N', 101, 101, [510, 510, 2100, 600])?;
/// let text = grid.proj_string().unwrap_or_default();
/// assert!(text.starts_with("+proj=stere +lat_0=90 +lon_0=-111 "));
/// let (x, y) = grid.crs_axes().unwrap_or_default();
/// assert_eq!((x[50], y[51]), (0.0, 60000.0));
/// # Ok(())
/// # }
/// ```
impl Grid {
    /// The reference system in which columns and rows are straight lines. None for grids that have no columns and rows
    /// (Y, O, M, +), for the cubed sphere and radars, for W grids, and for Yin-Yang pairs, whose two grids each have one.
    pub fn crs(&self) -> Option<Crs> {
        match self.geometry() {
            Geometry::Structured(grid) => grid.crs(),
            _ => None,
        }
    }

    /// Coordinates of the columns and of the rows in the [`crs`](Self::crs): degrees or metres.
    pub fn crs_axes(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        match self.geometry() {
            Geometry::Structured(grid) => grid.crs_axes(),
            _ => None,
        }
    }

    /// Its projection as a PROJ string; none where there is no [`crs`](Self::crs).
    pub fn proj_string(&self) -> Option<String> {
        Some(self.crs()?.proj_string())
    }

    /// Its projection as WKT 2; none where there is no [`crs`](Self::crs).
    pub fn wkt2(&self) -> Option<String> {
        Some(self.crs()?.wkt2())
    }

    /// Its projection as a grid mapping of the CF conventions; none where there is no [`crs`](Self::crs).
    pub fn cf_grid_mapping(&self) -> Option<GridMapping> {
        Some(self.crs()?.cf_grid_mapping())
    }
}
