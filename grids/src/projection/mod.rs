//! Map projections: from the sphere to the plane of a grid's axes and back.

mod lambert;
mod polar;
mod rotation;

pub use self::{
    lambert::{Lambert, LambertEntry},
    polar::PolarStereographic,
    rotation::Rotation,
};

use crate::sphere::mod360;

/// How the plane of a grid's axes lies on the sphere.
///
/// Plane coordinates (X, Y) are degrees of longitude and latitude, grid lengths, or metres; each kind says which.
///
/// ```
/// use rpnfst_grids::Projection;
/// let plane = Projection::LatLon { lat0: 10.0, lon0: 350.0, dlat: 0.5, dlon: 0.5 };
/// assert_eq!(plane.to_sphere(40.0, 2.0), (11.0, 10.0));
/// assert_eq!(plane.to_plane(11.0, 355.0), (10.0, 2.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Projection {
    /// Latitude `lat0 + dlat * Y`, longitude `lon0 + dlon * X`, in degrees.
    LatLon {
        /// Latitude where Y is 0.
        lat0: f64,
        /// Longitude where X is 0.
        lon0: f64,
        /// Degrees of latitude for 1 of Y; not 0.
        dlat: f64,
        /// Degrees of longitude for 1 of X; not 0.
        dlon: f64,
    },
    /// X and Y are longitude and latitude, in degrees, on a sphere turned about its centre.
    Rotated(Rotation),
    /// X and Y are in grid lengths.
    PolarStereographic(PolarStereographic),
    /// X and Y are in metres.
    Lambert(Lambert),
    /// A projection given as text only: positions cannot be computed.
    Wkt(Wkt),
}

/// The projection of a W grid: text and the matrix from columns and rows to the projected plane.
///
/// ```
/// let projection = rpnfst_grids::Wkt { text: "PROJCS[...]".into(), matrix: [0.0, 1e3, 0.0, 0.0, 0.0, 1e3] };
/// assert_eq!(projection.projected(2.0, 1.0), (2000.0, 1000.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Wkt {
    /// The projection as WKT or as a PROJ string.
    pub text: String,
    /// `m0` to `m5`: the projected position is `(m0 + m1 u + m2 v, m3 + m4 u + m5 v)`.
    pub matrix: [f64; 6],
}

impl Wkt {
    /// The projected position, in the unit of the projection, of `u` columns and `v` rows from the first point.
    pub fn projected(&self, u: f64, v: f64) -> (f64, f64) {
        let [m0, m1, m2, m3, m4, m5] = self.matrix;
        (m0 + m1 * u + m2 * v, m3 + m4 * u + m5 * v)
    }
}

impl Projection {
    /// Degrees as they are: latitude Y, longitude X.
    pub const DEGREES: Self = Self::LatLon { lat0: 0.0, lon0: 0.0, dlat: 1.0, dlon: 1.0 };

    /// The latitude and the longitude, 0 to 360, of a point of the plane, in degrees; NaN where the plane has none.
    pub fn to_sphere(&self, x: f64, y: f64) -> (f64, f64) {
        match self {
            Self::LatLon { lat0, lon0, dlat, dlon } => (lat0 + dlat * y, mod360(lon0 + dlon * x)),
            Self::Rotated(rotation) => rotation.inverse(y, x),
            Self::PolarStereographic(polar) => polar.inverse(x, y),
            Self::Lambert(lambert) => lambert.inverse(x, y),
            Self::Wkt(_) => (f64::NAN, f64::NAN),
        }
    }

    /// The point (X, Y) of the plane at a latitude and a longitude in degrees; NaN where there is none.
    ///
    /// Of the many X of a longitude, the one of 0 to 360 degrees.
    pub fn to_plane(&self, lat: f64, lon: f64) -> (f64, f64) {
        match self {
            Self::LatLon { lat0, lon0, dlat, dlon } => ((mod360(lon) - lon0) / dlon, (lat - lat0) / dlat),
            Self::Rotated(rotation) => {
                let (lat, lon) = rotation.forward(lat, lon);
                (lon, lat)
            }
            Self::PolarStereographic(polar) => polar.forward(lat, lon),
            Self::Lambert(lambert) => lambert.forward(lat, lon),
            Self::Wkt(_) => (f64::NAN, f64::NAN),
        }
    }

    /// Cosine and sine of the angle from true east to the X direction of the plane at a position, counter-clockwise.
    ///
    /// A wind (u, v) along X and Y has the eastward and northward components of the complex number `(u + iv)(cos + i sin)`.
    pub fn turn(&self, lat: f64, lon: f64) -> (f64, f64) {
        match self {
            Self::LatLon { .. } => (1.0, 0.0),
            Self::Rotated(rotation) => rotation.turn(lat, lon),
            Self::PolarStereographic(polar) => polar.turn(lon),
            Self::Lambert(lambert) => lambert.turn(lon),
            Self::Wkt(_) => (f64::NAN, f64::NAN),
        }
    }

    /// Degrees of longitude for 1 of X, where X is a longitude; true or rotated.
    pub(crate) fn degrees_of_x(&self) -> Option<f64> {
        match self {
            Self::LatLon { dlon, .. } => Some(*dlon),
            Self::Rotated(_) => Some(1.0),
            _ => None,
        }
    }
}
