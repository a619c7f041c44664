//! The Lambert conformal plane of the ! grids.

use crate::{
    error::{Error, Result},
    sphere::{mod360, sin_cos},
};

/// The radius of its sphere, in metres.
const RADIUS: f64 = 6_370_997.0;

/// A Lambert conformal conic projection; X and Y in metres, on a sphere of 6,370,997 m.
///
/// ```
/// use rpnfst_grids::Lambert;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let plane = Lambert::new(45.0, 60.0, 32.5, -100.0)?;
/// let (lat, lon) = plane.inverse(0.0, 0.0);
/// assert!((lat - 32.5).abs() < 1e-9 && (lon - 260.0).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lambert {
    parallels: [f64; 2],
    lat0: f64,
    lon0: f64,
    n: f64,
    /// The radius times F of the textbooks.
    scale: f64,
    rho0: f64,
}

/// What a table of Lambert projections says of one grid.
///
/// ```
/// use rpnfst_grids::LambertEntry;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let table = "# a comment\n101 54 0 3 H 20.0 -125.0 25.0 25.0 -100.0 45.0 60.0 120 100 45.0 -90.0 'test'";
/// let entry = LambertEntry::find(table, 101, 54)?;
/// assert_eq!((entry.ni, entry.dx, entry.projection_lat), (120, 25000.0, 32.5));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LambertEntry {
    /// Latitude of the first point, degrees.
    pub lat11: f64,
    /// Longitude of the first point, degrees.
    pub lon11: f64,
    /// Distance of columns, metres.
    pub dx: f64,
    /// Distance of rows, metres.
    pub dy: f64,
    /// The meridian parallel to the rows' direction, degrees.
    pub projection_lon: f64,
    /// The latitude of the origin of Y, degrees.
    pub projection_lat: f64,
    /// Standard parallels, degrees.
    pub parallels: [f64; 2],
    /// Columns.
    pub ni: usize,
    /// Rows.
    pub nj: usize,
}

impl LambertEntry {
    /// The entry of a code in the text of a table: `ig1` is the code and `ig2` the centre, or 0 for any.
    ///
    /// Fields are separated by blanks: code, centre, sub-centre, projection, letter, latitude and longitude of the first point, steps in
    /// km, the meridian, two standard parallels, columns, rows, latitude and longitude of the last point. Lines with # are comments.
    ///
    /// # Errors
    /// The table has no such entry, or a field of it is no number.
    pub fn find(table: &str, ig1: u32, ig2: u32) -> Result<Self> {
        let invalid = |reason: String| Error::Invalid { what: "the table of Lambert projections", reason };
        for line in table.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let whole = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok());
            if whole(0) != Some(ig1) || (ig2 != 0 && whole(1) != Some(ig2)) {
                continue;
            }
            let real = |at: usize| {
                fields
                    .get(at)
                    .and_then(|field| field.parse::<f64>().ok())
                    .ok_or_else(|| invalid(format!("field {} of entry {ig1} is no number", at + 1)))
            };
            let size = |at: usize| {
                whole(at)
                    .and_then(|size| usize::try_from(size).ok())
                    .ok_or_else(|| invalid(format!("field {} of entry {ig1} is no size", at + 1)))
            };
            let lat11 = real(5)?;
            return Ok(Self {
                lat11,
                lon11: real(6)?,
                dx: real(7)? * 1000.0,
                dy: real(8)? * 1000.0,
                projection_lon: real(9)?,
                projection_lat: f64::midpoint(lat11, real(14)?),
                parallels: [real(10)?, real(11)?],
                ni: size(12)?,
                nj: size(13)?,
            });
        }
        Err(invalid(format!("no entry {ig1} of centre {ig2}")))
    }
}

impl Lambert {
    /// The projection of two standard parallels, which may be equal, and of the origin, in degrees.
    ///
    /// # Errors
    /// A number is not finite, or the parallels are opposite or poles.
    pub fn new(parallel1: f64, parallel2: f64, lat0: f64, lon0: f64) -> Result<Self> {
        for (name, value) in [("latin1", parallel1), ("latin2", parallel2), ("lat0", lat0)] {
            if value.is_nan() || value.abs() >= 90.0 {
                return Err(Error::descriptor(b'!', name, value, "not between the poles"));
            }
        }
        if !lon0.is_finite() {
            return Err(Error::descriptor(b'!', "lon0", lon0, "not a finite number"));
        }
        let (sin1, cos1) = sin_cos(parallel1);
        let (_, cos2) = sin_cos(parallel2);
        let n = if (parallel1 - parallel2).abs() < 1e-9 {
            sin1
        } else {
            (cos1 / cos2).ln() / (half_tan(parallel2) / half_tan(parallel1)).ln()
        };
        if n.is_nan() || n.abs() < 1e-9 {
            return Err(Error::descriptor(b'!', "latin2", parallel2, "the standard parallels make no cone"));
        }
        let scale = RADIUS * cos1 * half_tan(parallel1).powf(n) / n;
        let rho0 = scale / half_tan(lat0).powf(n);
        Ok(Self { parallels: [parallel1, parallel2], lat0, lon0, n, scale, rho0 })
    }

    /// The standard parallels, in degrees.
    pub fn parallels(&self) -> [f64; 2] {
        self.parallels
    }

    /// The latitude and longitude of X = Y = 0, in degrees; its meridian is the Y axis.
    pub fn origin(&self) -> (f64, f64) {
        (self.lat0, self.lon0)
    }

    /// The constant of the cone.
    pub fn cone(&self) -> f64 {
        self.n
    }

    /// (X, Y) in metres of a position; not finite at the pole away from the cone's top.
    pub fn forward(&self, lat: f64, lon: f64) -> (f64, f64) {
        let rho = self.scale / half_tan(lat).powf(self.n);
        let (sin, cos) = sin_cos(self.n * self.past_meridian(lon));
        (rho * sin, self.rho0 - rho * cos)
    }

    /// The latitude and longitude, 0 to 360, of (X, Y) in metres.
    pub fn inverse(&self, x: f64, y: f64) -> (f64, f64) {
        let sign = self.n.signum();
        let y = self.rho0 - y;
        let rho = sign * x.hypot(y);
        if rho == 0.0 {
            return (sign * 90.0, mod360(self.lon0));
        }
        let angle = (sign * x).atan2(sign * y).to_degrees();
        let lat = 2.0 * (self.scale / rho).powf(1.0 / self.n).atan().to_degrees() - 90.0;
        (lat, mod360(self.lon0 + angle / self.n))
    }

    /// Cosine and sine of the angle from true east to X, counter-clockwise.
    pub(crate) fn turn(&self, lon: f64) -> (f64, f64) {
        let (sin, cos) = sin_cos(-self.n * self.past_meridian(lon));
        (cos, sin)
    }

    /// Degrees from the meridian of Y, -180 excluded to 180.
    fn past_meridian(&self, lon: f64) -> f64 {
        let from = mod360(lon - self.lon0);
        if from > 180.0 { from - 360.0 } else { from }
    }
}

/// tan(45 + lat/2), in degrees.
fn half_tan(lat: f64) -> f64 {
    let (sin, cos) = sin_cos(45.0 + 0.5 * lat);
    sin / cos
}
