//! The polar stereographic plane of the N and S grids.

use crate::{
    error::{Error, Result},
    sphere::{atan2, mod360, sin_cos},
};

/// 1 + sin 60 degrees, as it is written in every program, times the radius of the Earth in metres.
const RADIUS_60: f64 = 1.866025 * 6_371_000.0;

/// A plane through the 60th parallel, seen from the other pole; its unit is the grid length.
///
/// ```
/// use rpnfst_grids::PolarStereographic;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let plane = PolarStereographic::new(true, 51.0, 51.0, 60000.0, 21.0)?;
/// let (x, y) = plane.forward(60.0, 259.0);
/// assert!((x - 60.219269171032).abs() < 1e-9 && (y + 1.285073639838).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolarStereographic {
    north: bool,
    pole: (f64, f64),
    d60: f64,
    dgrw: f64,
    /// [`RADIUS_60`] in grid lengths.
    pub(crate) radius: f64,
}

impl PolarStereographic {
    /// A plane of the north or of the south: coordinates of the pole, grid length at 60 degrees in metres, and the angle in degrees from
    /// X to the meridian of Greenwich, counter-clockwise in the north.
    ///
    /// # Errors
    /// A number is not finite, or the grid length is not positive.
    pub fn new(north: bool, pi: f64, pj: f64, d60: f64, dgrw: f64) -> Result<Self> {
        let letter = if north { b'N' } else { b'S' };
        for (name, value) in [("pi", pi), ("pj", pj), ("d60", d60), ("dgrw", dgrw)] {
            if !value.is_finite() {
                return Err(Error::descriptor(letter, name, value, "not a finite number"));
            }
        }
        if d60 <= 0.0 {
            return Err(Error::descriptor(letter, "d60", d60, "a length is positive"));
        }
        Ok(Self { north, pole: (pi, pj), d60, dgrw, radius: RADIUS_60 / d60 })
    }

    /// Whether the plane is that of the north pole.
    pub fn north(&self) -> bool {
        self.north
    }

    /// X and Y of the pole.
    pub fn pole(&self) -> (f64, f64) {
        self.pole
    }

    /// The grid length in metres at 60 degrees.
    pub fn d60(&self) -> f64 {
        self.d60
    }

    /// The angle from X to the meridian of Greenwich, in degrees.
    pub fn dgrw(&self) -> f64 {
        self.dgrw
    }

    /// 1 in the north, -1 in the south.
    #[inline]
    pub(crate) fn sign(&self) -> f64 {
        if self.north { 1.0 } else { -1.0 }
    }

    /// (X, Y) of a position; not finite at the other pole.
    pub fn forward(&self, lat: f64, lon: f64) -> (f64, f64) {
        let ((sin, cos), (sin_a, cos_a)) = (sin_cos(lat), sin_cos(self.sign() * lon + self.dgrw));
        // sqrt((1 - sin)/(1 + sin)) is cos/(1 + sin), which keeps its digits near the pole.
        let rho = self.radius * cos / (1.0 + self.sign() * sin);
        // The other pole, where cos and 1 + sin are both 0.
        let rho = if rho.is_nan() && !lat.is_nan() { f64::INFINITY } else { rho };
        (self.pole.0 + rho * cos_a, self.pole.1 + rho * sin_a)
    }

    /// The latitude and longitude, 0 to 360, of (X, Y), in degrees.
    pub fn inverse(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x - self.pole.0, y - self.pole.1);
        let rho = x.hypot(y);
        if rho == 0.0 {
            return (self.sign() * 90.0, 0.0);
        }
        let lat = self.sign() * (90.0 - 2.0 * atan2(rho, self.radius));
        (lat, mod360(self.sign() * (atan2(y, x) - self.dgrw)))
    }

    /// Cosine and sine of the angle from true east to X, counter-clockwise.
    pub(crate) fn turn(&self, lon: f64) -> (f64, f64) {
        let angle = if self.north { 270.0 - lon - self.dgrw } else { 90.0 + lon - self.dgrw };
        let (sin, cos) = sin_cos(angle);
        (cos, sin)
    }
}
