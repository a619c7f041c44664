//! The kinds of grids, and how each answers.

use crate::{
    cloud::Cloud,
    cubed::CubedSphere,
    curvilinear::Curvilinear,
    geometry::{CellBounds, Positions, bounds},
    mesh::Mesh,
    projection::Projection,
    radar::{Radar, Station},
    sphere::distance,
    structured::{Structured, Wrap},
    yinyang::YinYang,
};

/// The kinds of grids, by how positions are computed.
///
/// ```
/// use rpnfst_grids::{Geometry, Grid};
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// assert!(matches!(Grid::new(b'X', 3, 3, [0; 4])?.geometry(), Geometry::None));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Geometry {
    /// Columns and rows on the plane of a projection: A, B, C, E, G, L, N, S, Z, #, ! and W.
    Structured(Structured),
    /// Two rotated sub-grids: U.
    YinYang(YinYang),
    /// Six panels: Q.
    CubedSphere(CubedSphere),
    /// Azimuths and ranges: R.
    Radar(Radar),
    /// One place: +.
    Station(Station),
    /// Two arrays of positions with neighbours: O.
    Curvilinear(Curvilinear),
    /// Triangles: M.
    Mesh(Mesh),
    /// Points without neighbours: Y.
    Cloud(Cloud),
    /// No place on the sphere: X, V, T, H.
    None,
}

impl Geometry {
    pub(crate) fn positions(&self) -> Option<&dyn Positions> {
        Some(match self {
            Self::Structured(grid) => grid,
            Self::YinYang(grid) => grid,
            Self::CubedSphere(grid) => grid,
            Self::Radar(grid) => grid,
            Self::Station(grid) => grid,
            Self::Curvilinear(grid) => grid,
            Self::Mesh(grid) => grid,
            Self::Cloud(grid) => grid,
            Self::None => return None,
        })
    }
}

impl Positions for Structured {
    fn point(&self, x: f64, y: f64) -> (f64, f64) {
        self.point(x, y)
    }

    fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        self.locate(lat, lon)
    }

    fn points(&self, _ni: usize, lat: &mut [f64], lon: &mut [f64]) {
        self.points(lat, lon);
    }

    fn points_at(&self, x: &[f64], y: &[f64], lat: &mut [f64], lon: &mut [f64]) {
        self.points_at(x, y, lat, lon);
    }

    fn locate_all(&self, lat: &[f64], lon: &[f64], x: &mut [f64], y: &mut [f64]) {
        self.locate_all(lat, lon, x, y);
    }

    fn cell_bounds(&self, _ni: usize, _nj: usize) -> Option<CellBounds> {
        let (lat, lon) = self.corners();
        Some(bounds(&lat, &lon, self.ni(), self.handedness() > 0.0))
    }

    fn wraps(&self) -> bool {
        self.wrap() != Wrap::None
    }

    fn poles(&self, ni: usize, nj: usize) -> (bool, bool) {
        let degrees = matches!(self.projection(), Projection::LatLon { .. });
        // Where columns go round, the last row's cells are closed at the pole when that is less than a row away.
        let slack = if self.wraps() { 1.0 + 1e-9 } else { 0.5 };
        let holds = |lat| {
            self.locate(lat, 0.0).is_some_and(|(x, y)| {
                // Where Y is the latitude, a pole has every longitude.
                (degrees || (0.5..=ni as f64 + 0.5).contains(&x)) && (1.0 - slack..=nj as f64 + slack).contains(&y)
            })
        };
        (holds(90.0), holds(-90.0))
    }
}

impl Positions for YinYang {
    fn point(&self, x: f64, y: f64) -> (f64, f64) {
        self.point(x, y)
    }

    fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        self.locate(lat, lon)
    }

    fn points(&self, _ni: usize, lat: &mut [f64], lon: &mut [f64]) {
        self.points(lat, lon);
    }

    fn locate_all(&self, lat: &[f64], lon: &[f64], x: &mut [f64], y: &mut [f64]) {
        self.locate_all(lat, lon, x, y);
    }

    fn cell_bounds(&self, _ni: usize, _nj: usize) -> Option<CellBounds> {
        let mut all = CellBounds::default();
        for grid in self.grids() {
            let one = Positions::cell_bounds(grid, grid.ni(), grid.nj())?;
            all.lat.extend(one.lat);
            all.lon.extend(one.lon);
        }
        Some(all)
    }

    fn poles(&self, _ni: usize, _nj: usize) -> (bool, bool) {
        (true, true)
    }
}

impl Positions for CubedSphere {
    fn point(&self, x: f64, y: f64) -> (f64, f64) {
        self.point(x, y)
    }

    fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        self.locate(lat, lon)
    }

    fn points(&self, _ni: usize, lat: &mut [f64], lon: &mut [f64]) {
        self.points(lat, lon);
    }

    fn cell_bounds(&self, _ni: usize, _nj: usize) -> Option<CellBounds> {
        let mut all = CellBounds::default();
        for panel in 0..6 {
            let (lat, lon) = self.panel_corners(panel);
            let one = bounds(&lat, &lon, self.n(), true);
            all.lat.extend(one.lat);
            all.lon.extend(one.lon);
        }
        Some(all)
    }

    fn poles(&self, _ni: usize, _nj: usize) -> (bool, bool) {
        (true, true)
    }
}

impl Positions for Radar {
    fn point(&self, x: f64, y: f64) -> (f64, f64) {
        self.point(x, y)
    }

    fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        self.locate(lat, lon)
    }

    fn cell_bounds(&self, ni: usize, nj: usize) -> Option<CellBounds> {
        let corner = |i: usize, j: usize| self.point(i as f64 + 0.5, (j as f64 + 0.5).max(1.0));
        let (lat, lon): (Vec<_>, Vec<_>) = (0..=nj).flat_map(|j| (0..=ni).map(move |i| corner(i, j))).unzip();
        Some(bounds(&lat, &lon, ni, true))
    }

    fn wraps(&self) -> bool {
        self.wraps()
    }
}

impl Positions for Station {
    fn point(&self, _x: f64, _y: f64) -> (f64, f64) {
        (self.lat, self.lon)
    }

    fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        (distance((self.lat, self.lon), (lat, lon)) < 1e-6).then_some((1.0, 1.0))
    }
}
