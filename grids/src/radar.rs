//! Grids around or at one place: radar images, R, and stations, +.

use crate::{
    descriptor::decode,
    error::{Error, Result},
    geometry::check_size,
    sphere::{atan2, east, mod360, sin_cos},
};

/// The radius of the sphere on which ranges are counted, in metres.
const RADIUS: f64 = 6_371_000.0;

/// A radar image: columns are azimuths clockwise from north, rows are ranges; both start at 0.
///
/// ```
/// use rpnfst_grids::Grid;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'R', 360, 240, [50000, 100, 13500, 28600])?;
/// let (lat, lon) = grid.point(1.0, 1.0);
/// assert!((lat - 45.0).abs() < 1e-12 && (lon - 286.0).abs() < 1e-12);
/// assert!(grid.point(1.0, 101.0).0 > 45.4);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Radar {
    ni: usize,
    nj: usize,
    lat: f64,
    lon: f64,
    range_step: f64,
    azimuth_step: f64,
}

impl Radar {
    pub(crate) fn new(ni: usize, nj: usize, ig: [u32; 4]) -> Result<Self> {
        check_size(b'R', ni, nj)?;
        let [lat, lon, range_step, azimuth_step] = decode(b'R', ig)?;
        for (name, step) in [("range step", range_step), ("azimuth step", azimuth_step)] {
            if step <= 0.0 {
                return Err(Error::descriptor(b'R', name, step, "a step is positive"));
            }
        }
        Ok(Self { ni, nj, lat, lon, range_step, azimuth_step })
    }

    /// Latitude and longitude of the radar, degrees.
    pub fn place(&self) -> (f64, f64) {
        (self.lat, self.lon)
    }

    /// Metres on the ground from one row to the next.
    pub fn range_step(&self) -> f64 {
        self.range_step
    }

    /// Degrees from one column to the next.
    pub fn azimuth_step(&self) -> f64 {
        self.azimuth_step
    }

    /// Azimuths.
    pub fn ni(&self) -> usize {
        self.ni
    }

    /// Ranges.
    pub fn nj(&self) -> usize {
        self.nj
    }

    /// Whether azimuths go round.
    pub(crate) fn wraps(&self) -> bool {
        (self.ni as f64 + 0.01) * self.azimuth_step >= 360.0
    }

    /// Latitude and longitude of a grid position.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let (sin_a, cos_a) = sin_cos((x - 1.0) * self.azimuth_step);
        let (sin_d, cos_d) = sin_cos(((y - 1.0) * self.range_step / RADIUS).to_degrees());
        let (sin_lat, cos_lat) = sin_cos(self.lat);
        // In the frame of the radar: up, north, east.
        let along = cos_lat * cos_d - sin_lat * sin_d * cos_a;
        let across = sin_d * sin_a;
        let lat = atan2(sin_lat * cos_d + cos_lat * sin_d * cos_a, along.hypot(across));
        (lat, mod360(self.lon + atan2(across, along)))
    }

    /// Grid position of a latitude and a longitude.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        let ((sin, cos), (sin_l, cos_l)) = (sin_cos(lat), sin_cos(lon - self.lon));
        let (sin_lat, cos_lat) = sin_cos(self.lat);
        let (up, to_east) = (sin_lat * sin + cos_lat * cos * cos_l, cos * sin_l);
        let to_north = cos_lat * sin - sin_lat * cos * cos_l;
        let distance = atan2(to_north.hypot(to_east), up).to_radians() * RADIUS;
        let (x, y) = (1.0 + east(atan2(to_east, to_north)) / self.azimuth_step, 1.0 + distance / self.range_step);
        (x.is_finite() && y.is_finite()).then_some((x, y))
    }
}

/// One place for all points: a station with its times or levels.
///
/// ```
/// use rpnfst_grids::Grid;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'+', 1, 1, [1345, 1235, 14512, 28601])?;
/// let (lat, lon) = grid.point(1.0, 1.0);
/// assert!((lat - 45.12345).abs() < 1e-9 && (lon - 286.01235).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Station {
    /// Latitude, degrees.
    pub lat: f64,
    /// Longitude, 0 to 360 degrees.
    pub lon: f64,
}

impl Station {
    pub(crate) fn new(ni: usize, nj: usize, ig: [u32; 4]) -> Result<Self> {
        check_size(b'+', ni, nj)?;
        let [lat, lon, ..] = decode(b'+', ig)?;
        if lat.abs() > 90.0 {
            return Err(Error::descriptor(b'+', "latitude", lat, "not between -90 and 90 degrees"));
        }
        Ok(Self { lat, lon: mod360(lon) })
    }
}
