//! Points without order (Y).

use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::geometry::Positions;
use crate::nearest::PointIndex;
use crate::sphere::mod360;

/// Positions, one for each value, that do not lie on lines.
///
/// ```
/// use rpnfst_grids::Cloud;
/// let cloud = Cloud::new(3, 1, vec![-73.6, 10.0, 285.0], vec![45.5, 50.0, 46.0])?;
/// assert_eq!(cloud.point(1.0, 1.0), (45.5, 286.4));
/// assert_eq!(cloud.locate(45.9, 284.0), Some((3.0, 1.0)));
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cloud {
    ni: usize,
    lat: Vec<f64>,
    lon: Vec<f64>,
    index: OnceLock<PointIndex>,
}

impl Cloud {
    /// Points in the shape of their values, longitudes and latitudes in degrees.
    ///
    /// # Errors
    /// Lists that have not `ni * nj` values, or none.
    pub fn new(ni: usize, nj: usize, mut lon: Vec<f64>, lat: Vec<f64>) -> Result<Self> {
        let expected = ni.checked_mul(nj).filter(|&n| n > 0 && u32::try_from(n).is_ok());
        let Some(expected) = expected else {
            return Err(Error::Size { letter: 'Y', ni, nj, reason: "no points, or too many" });
        };
        for (what, found) in [("longitudes", lon.len()), ("latitudes", lat.len())] {
            if found != expected {
                return Err(Error::Length { what, found, expected });
            }
        }
        for lon in &mut lon {
            *lon = mod360(*lon);
        }
        Ok(Self { ni, lat, lon, index: OnceLock::new() })
    }

    /// Latitudes of the points.
    pub fn lat(&self) -> &[f64] {
        &self.lat
    }

    /// Longitudes of the points, 0 to 360.
    pub fn lon(&self) -> &[f64] {
        &self.lon
    }

    /// The spatial index of the points, made when it is first asked for.
    pub fn index(&self) -> &PointIndex {
        self.index.get_or_init(|| PointIndex::of_finite(&self.lat, &self.lon))
    }

    /// Latitude and longitude of the point next to (x, y), which count from 1; NaN where there is none.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let (i, j) = (x.round() - 1.0, y.round() - 1.0);
        let inside = i >= 0.0 && j >= 0.0 && i < self.ni as f64 && j < (self.lat.len() / self.ni.max(1)) as f64;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the grid")]
        let k = if inside { j as usize * self.ni + i as usize } else { usize::MAX };
        let at = |list: &[f64]| list.get(k).copied().unwrap_or(f64::NAN);
        (at(&self.lat), at(&self.lon))
    }

    /// The point nearest to a position on the sphere, as (x, y). `None` if the cloud has no finite point.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        self.index().place(self.ni, lat, lon)
    }
}

impl Positions for Cloud {
    fn point(&self, x: f64, y: f64) -> (f64, f64) {
        self.point(x, y)
    }

    fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        self.locate(lat, lon)
    }

    fn points(&self, _ni: usize, lat: &mut [f64], lon: &mut [f64]) {
        lat.copy_from_slice(&self.lat);
        lon.copy_from_slice(&self.lon);
    }

    fn poles(&self, _ni: usize, _nj: usize) -> (bool, bool) {
        (false, false)
    }
}

impl PartialEq for Cloud {
    fn eq(&self, other: &Self) -> bool {
        (self.ni, &self.lat, &self.lon) == (other.ni, &other.lat, &other.lon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_points() {
        let cloud = Cloud::new(2, 2, vec![359.0, 1.0, -2.0, 20.0], vec![0.0, 0.0, 3.0, 0.0]).unwrap();
        assert_eq!(cloud.locate(0.0, 359.5), Some((1.0, 1.0)));
        assert_eq!(cloud.point(1.0, 2.0), (3.0, 358.0));
        assert_eq!(cloud.point(1.4, 1.6), (3.0, 358.0));
    }

    #[test]
    fn hostile() {
        assert!(Cloud::new(0, 3, vec![], vec![]).is_err());
        assert!(Cloud::new(usize::MAX, 3, vec![], vec![]).is_err());
        assert!(Cloud::new(2, 1, vec![0.0; 2], vec![0.0]).is_err());
        let nowhere = Cloud::new(1, 1, vec![f64::NAN], vec![0.0]).unwrap();
        assert_eq!(nowhere.locate(0.0, 0.0), None);
        assert!(nowhere.point(9.0, 1.0).0.is_nan() && nowhere.point(f64::NAN, 1.0).0.is_nan());
    }
}
