//! The sphere turned about its centre: the E grid.

use crate::{
    error::{Error, Result},
    sphere::{cross, dot, position, sin_cos, sin_cos_small, unit},
};

/// A sphere whose equator passes through two given points.
///
/// The first point becomes rotated latitude 0, rotated longitude 180; the second lies on the rotated equator, on the side of 270.
///
/// ```
/// use rpnfst_grids::Rotation;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let rotation = Rotation::new([35.0, 265.0, 60.0, 80.0])?;
/// let (lat, lon) = rotation.inverse(10.0, 170.0);
/// assert!((lat - 24.996007736217).abs() < 1e-9 && (lon - 253.482640510409).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rotation {
    angles: [f64; 4],
    matrix: [[f64; 3]; 3],
}

impl Rotation {
    /// No rotation.
    pub const IDENTITY: Self =
        Self { angles: [0.0, 180.0, 0.0, 270.0], matrix: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] };

    /// The rotation of `lat1, lon1, lat2, lon2` in degrees.
    ///
    /// # Errors
    /// A number is not finite, or the points are the same or opposite.
    pub fn new(angles: [f64; 4]) -> Result<Self> {
        let [lat1, lon1, lat2, lon2] = angles;
        let (p1, p2) = (unit(lat1, lon1), unit(lat2, lon2));
        let pole = cross(p1, p2);
        let length = dot(pole, pole).sqrt();
        if length.is_nan() || length < 1e-9 {
            return Err(Error::descriptor(
                b'E',
                "lat2",
                lat2,
                "both points of the rotated equator are on one diameter",
            ));
        }
        let r1 = p1.map(|part| -part);
        let r3 = pole.map(|part| part / length);
        Ok(Self { angles, matrix: [r1, cross(r3, r1), r3] })
    }

    /// `lat1, lon1, lat2, lon2` in degrees.
    pub fn angles(&self) -> [f64; 4] {
        self.angles
    }

    /// The matrix that takes unit vectors of the sphere to the rotated one, by rows; its transpose takes them back.
    pub fn matrix(&self) -> [[f64; 3]; 3] {
        self.matrix
    }

    /// The rotated latitude and longitude, 0 to 360, of a position, in degrees.
    pub fn forward(&self, lat: f64, lon: f64) -> (f64, f64) {
        position(self.matrix.map(|row| dot(row, unit(lat, lon))))
    }

    /// The latitude and longitude, 0 to 360, of a rotated position, in degrees.
    pub fn inverse(&self, rotated_lat: f64, rotated_lon: f64) -> (f64, f64) {
        position(self.back(unit(rotated_lat, rotated_lon)))
    }

    /// A vector of the rotated sphere on the true one.
    #[inline]
    pub(crate) fn back(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let [r1, r2, r3] = self.matrix;
        [0, 1, 2].map(|k| r1[k] * x + r2[k] * y + r3[k] * z)
    }

    /// Cosine and sine of the angle from true east to rotated east at a position, counter-clockwise.
    pub fn turn(&self, lat: f64, lon: f64) -> (f64, f64) {
        let [_, _, [a, b, c]] = self.matrix;
        let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos(lat), sin_cos(lon));
        // Rotated east is the rotated pole times the position, a vector product.
        let along = c * cos_lat - sin_lat * (a * cos_lon + b * sin_lon);
        let across = a * sin_lon - b * cos_lon;
        let length = (along * along + across * across).sqrt();
        if length > 1e-10 {
            return (along / length, across / length);
        }
        // At a rotated pole, rotated east is that of the longitude attributed to it.
        let (_, rotated) = self.forward(lat, lon);
        let (sin, cos) = sin_cos(rotated);
        let east = self.back([-sin, cos, 0.0]);
        (dot(east, [-sin_lon, cos_lon, 0.0]), dot(east, [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat]))
    }

    /// [`turn`](Self::turn) of slices of one length.
    pub(crate) fn turns(&self, lat: &[f64], lon: &[f64], cos: &mut [f64], sin: &mut [f64]) {
        let [_, _, [a, b, c]] = self.matrix;
        for (((cos, sin), lat), lon) in cos.iter_mut().zip(sin.iter_mut()).zip(lat).zip(lon) {
            let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos_small(*lat), sin_cos_small(*lon));
            let along = c * cos_lat - sin_lat * (a * cos_lon + b * sin_lon);
            let across = a * sin_lon - b * cos_lon;
            let length = (along * along + across * across).sqrt();
            let inverse = if length > 1e-10 { 1.0 / length } else { f64::NAN };
            (*cos, *sin) = (along * inverse, across * inverse);
        }
        // Rotated poles, and angles too large for the short way.
        for (((cos, sin), lat), lon) in cos.iter_mut().zip(sin).zip(lat).zip(lon) {
            if cos.is_nan() || lon.abs() > 1e9 {
                (*cos, *sin) = self.turn(*lat, *lon);
            }
        }
    }
}
