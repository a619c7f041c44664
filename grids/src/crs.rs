//! Coordinate reference systems of grids, as PROJ strings, WKT and attributes of the CF conventions.

mod cf;
mod of_grid;
mod proj;
mod wkt;

pub use cf::{Attribute, GridMapping};

/// Radius of the sphere of latitudes and longitudes, in metres.
const RADIUS: f64 = 6_371_000.0;

/// Radius of the sphere of Lambert conformal grids, in metres.
const LAMBERT_RADIUS: f64 = 6_370_997.0;

/// Scale at the pole of polar stereographic grids, which are true at 60 degrees: half of 1 + sin 60, as rounded by the
/// format.
const POLAR_SCALE: f64 = 1.866025 / 2.0;

/// The coordinates in which the columns and rows of a grid are straight lines.
///
/// Coordinates are degrees for [`LatLon`](Self::LatLon) and [`Rotated`](Self::Rotated), metres for the others. The Earth
/// is a sphere of 6371000 m, or of 6370997 m for [`Lambert`](Self::Lambert).
///
/// ```
/// use rpnfst_grids::Crs;
///
/// let crs = Crs::PolarStereographic { south: false, longitude: -111.0 };
/// assert_eq!(crs.proj_string(), "+proj=stere +lat_0=90 +lon_0=-111 +k=0.9330125 +x_0=0 +y_0=0 +R=6371000 +units=m +no_defs");
/// assert_eq!(crs.cf_grid_mapping().name, "polar_stereo");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Crs {
    /// Longitude and latitude.
    LatLon,
    /// Longitude and latitude of a rotated sphere.
    Rotated {
        /// Latitude of the rotated north pole.
        pole_latitude: f64,
        /// Longitude of the rotated north pole.
        pole_longitude: f64,
        /// Rotated longitude of the true north pole.
        north_pole_longitude: f64,
    },
    /// Polar stereographic, true at 60 degrees, origin at the pole.
    PolarStereographic {
        /// Around the south pole.
        south: bool,
        /// The meridian along the y axis: from the north pole downwards, from the south pole upwards.
        longitude: f64,
    },
    /// Lambert conformal conic.
    Lambert {
        /// Standard parallels.
        parallels: [f64; 2],
        /// Latitude of the origin.
        latitude: f64,
        /// The meridian along the y axis.
        longitude: f64,
    },
}

impl Crs {
    /// Polar stereographic around a pole, from the angle between the x axis of the grid and Greenwich that descriptors
    /// hold (`dgrw`), in degrees.
    pub(crate) fn polar_stereographic(south: bool, dgrw: f64) -> Self {
        let longitude = if south { dgrw - 90.0 } else { -(dgrw + 90.0) };
        Self::PolarStereographic { south, longitude: centred(longitude) }
    }

    /// Rotated by a matrix that takes unit vectors to the rotated sphere. Without a rotation, [`LatLon`](Self::LatLon).
    pub(crate) fn rotated(matrix: [[f64; 3]; 3]) -> Self {
        let [r1, r2, r3] = matrix;
        let identity = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        if matrix.iter().flatten().zip(identity.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-12) {
            return Self::LatLon;
        }
        // The rotated pole is the last row; the true pole, rotated, is the last column. A pole that stays has no
        // longitude of its own: all of the turn around it is then put in one of the two numbers.
        let across = r3[0].hypot(r3[1]);
        let pole_latitude = r3[2].atan2(across).to_degrees();
        if across < 1e-12 {
            let turn = if r3[2] > 0.0 { r1[1].atan2(r1[0]) } else { (-r1[1]).atan2(-r1[0]) };
            return Self::Rotated {
                pole_latitude: 90.0_f64.copysign(r3[2]),
                pole_longitude: centred(turn.to_degrees() + 180.0),
                north_pole_longitude: 0.0,
            };
        }
        Self::Rotated {
            pole_latitude,
            pole_longitude: centred(r3[1].atan2(r3[0]).to_degrees()),
            north_pole_longitude: centred(r2[2].atan2(r1[2]).to_degrees()),
        }
    }

    /// The string by which PROJ knows it.
    pub fn proj_string(&self) -> String {
        proj::string(self)
    }

    /// Well-known text of ISO 19162:2019 ("WKT 2"), on one line.
    pub fn wkt2(&self) -> String {
        wkt::text(self)
    }

    /// Name and attributes of a grid mapping variable of the CF conventions.
    pub fn cf_grid_mapping(&self) -> GridMapping {
        cf::mapping(self)
    }

    /// Whether coordinates are degrees; else they are metres.
    pub fn is_geographic(&self) -> bool {
        matches!(self, Self::LatLon | Self::Rotated { .. })
    }

    /// Radius of its sphere in metres.
    pub fn radius(&self) -> f64 {
        if matches!(self, Self::Lambert { .. }) { LAMBERT_RADIUS } else { RADIUS }
    }
}

/// A longitude from -180 (not included) to 180.
fn centred(degrees: f64) -> f64 {
    let around = degrees.rem_euclid(360.0);
    if around > 180.0 { around - 360.0 } else { around }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meridian_of_a_polar_grid() {
        let longitude = |south, dgrw| match Crs::polar_stereographic(south, dgrw) {
            Crs::PolarStereographic { longitude, .. } => longitude,
            _ => f64::NAN,
        };
        assert_eq!(longitude(false, 21.0), -111.0);
        assert_eq!(longitude(true, 21.0), -69.0);
        assert_eq!(longitude(false, 350.0), -80.0);
    }

    #[test]
    fn the_poles_of_a_rotation() {
        let matrix = [
            [0.071393804843, 0.816034923452, -0.573576436351],
            [-0.093526504918, -0.567033595476, -0.818367701269],
            [-0.993053733444, 0.112070983350, 0.035838208427],
        ];
        let Crs::Rotated { pole_latitude, pole_longitude, north_pole_longitude } = Crs::rotated(matrix) else {
            panic!("a rotation");
        };
        assert!((pole_latitude - 2.053817894399).abs() < 1e-9);
        assert!((pole_longitude - 173.561133726056).abs() < 1e-9);
        assert!((north_pole_longitude - (234.974155 - 360.0)).abs() < 1e-3, "{north_pole_longitude}");
    }

    #[test]
    fn no_rotation_and_a_turn() {
        assert_eq!(Crs::rotated([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), Crs::LatLon);
        // Rotated longitude 0 is 30 E.
        let (sin, cos) = 30_f64.to_radians().sin_cos();
        let Crs::Rotated { pole_latitude, pole_longitude, .. } =
            Crs::rotated([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        else {
            panic!("a rotation");
        };
        assert_eq!(pole_latitude, 90.0);
        assert!((pole_longitude + 150.0).abs() < 1e-12);
    }

    /// The definition of the CF conventions (as in PROJ), written out.
    #[test]
    fn numbers_give_the_rotation_again() {
        let rotation = |pole: f64, longitude: f64, turn: f64| {
            let [[sp, cp], [sl, cl], [st, ct]] = [pole, longitude, turn].map(|a| {
                let (sin, cos) = a.to_radians().sin_cos();
                [sin, cos]
            });
            // Rows: the rotated pole last; the others turned around it.
            let (r3, south, east) = ([cp * cl, cp * sl, sp], [sp * cl, sp * sl, -cp], [-sl, cl, 0.0]);
            let mix = |a: f64, b: f64| std::array::from_fn(|k| a * south[k] + b * east[k]);
            [mix(ct, st), mix(-st, ct), r3]
        };
        for (pole, longitude, turn) in [
            (31.7, 87.0, 10.0),
            (-12.0, -150.0, 200.0),
            (90.0, 40.0, 3.0),
            (-90.0, 70.0, 25.0),
            (89.999, 40.0, 3.0),
            (0.0, 180.0, 90.0),
        ] {
            let matrix = rotation(pole, longitude, turn);
            let Crs::Rotated { pole_latitude, pole_longitude, north_pole_longitude } = Crs::rotated(matrix) else {
                panic!("a rotation");
            };
            for (lat, lon) in [(45.0_f64, 12.0_f64), (-70.0, 200.0), (10.0, 300.0)] {
                let (sin, cos) = lat.to_radians().sin_cos();
                let (sin_p, cos_p) = pole_latitude.to_radians().sin_cos();
                let (sin_d, cos_d) = (lon - pole_longitude).to_radians().sin_cos();
                let rlat = (sin * sin_p + cos * cos_p * cos_d).asin();
                let rlon = north_pole_longitude.to_radians() + (-cos * sin_d).atan2(sin * cos_p - cos * sin_p * cos_d);
                let rotated = [rlat.cos() * rlon.cos(), rlat.cos() * rlon.sin(), rlat.sin()];
                let (sin_l, cos_l) = lon.to_radians().sin_cos();
                let place = [cos * cos_l, cos * sin_l, sin];
                for (row, found) in matrix.iter().zip(rotated) {
                    let expected: f64 = row.iter().zip(place).map(|(a, b)| a * b).sum();
                    assert!((expected - found).abs() < 1e-9, "{pole} {longitude} {turn}: {expected} {found}");
                }
            }
        }
    }
}
