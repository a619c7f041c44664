//! Winds: components along the grid's x and y, speed and direction, and components to true east and north.
//!
//! Only an angle differs from point to point: that from true east to the grid's x. [`Turns`] keep it for points, and serve any number
//! of fields.

use crate::{
    error::{Error, Result},
    geometry::same_lengths,
    grid::Grid,
    kinds::Geometry,
    parallel,
    projection::Projection,
    real::Real,
    sphere::{atan2, cross, dot, sin_cos, unit},
};

/// Points that are worked on at once.
const CHUNK: usize = 4096;

/// For some points, the angle from true east to the x of a grid.
///
/// Speeds keep their unit. Directions are those from which the wind blows, in degrees clockwise from true north, 0 to 360; 0 where
/// there is no wind.
///
/// ```
/// use rpnfst_grids::Grid;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'N', 10, 10, [510, 510, 2100, 600])?;
/// let (mut u, mut v) = ([10.0], [5.0]);
/// grid.turns_at(&[60.0], &[259.0])?.to_speed_direction(&mut u, &mut v)?;
/// assert!((u[0] - 11.180339887499_f64).abs() < 1e-9 && (v[0] - 253.434948822922).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Turns {
    len: usize,
    /// Cosines and sines; none where the grid's x is true east everywhere.
    turns: Option<(Vec<f64>, Vec<f64>)>,
}

impl Grid {
    /// The turns of all points of the grid, columns fastest.
    ///
    /// # Errors
    /// Winds of a grid of this type have no known meaning.
    pub fn turns(&self) -> Result<Turns> {
        if self.east_is_x()? {
            return Ok(Turns { len: self.len(), turns: None });
        }
        let (mut cos, mut sin) = (vec![0.0; self.len()], vec![0.0; self.len()]);
        match self.geometry() {
            Geometry::Structured(grid) => grid.turns(&mut cos, &mut sin),
            Geometry::YinYang(pair) => pair.turns(&mut cos, &mut sin),
            _ => parallel::rows2(&mut cos, &mut sin, self.ni(), |row, cos, sin| {
                for (column, (cos, sin)) in cos.iter_mut().zip(sin).enumerate() {
                    (*cos, *sin) = self.turn_of_x((column + 1) as f64, (row + 1) as f64);
                }
            }),
        }
        Ok(Turns { len: self.len(), turns: Some((cos, sin)) })
    }

    /// The turns of the grid's x at positions in degrees.
    ///
    /// # Errors
    /// Winds of a grid of this type have no known meaning, or the slices have different lengths.
    pub fn turns_at(&self, lat: &[f64], lon: &[f64]) -> Result<Turns> {
        same_lengths([("longitudes", lon.len())], lat.len())?;
        let len = lat.len();
        if self.east_is_x()? {
            return Ok(Turns { len, turns: None });
        }
        let (mut cos, mut sin) = (vec![0.0; len], vec![0.0; len]);
        parallel::rows2(&mut cos, &mut sin, CHUNK, |chunk, cos, sin| {
            let range = chunk * CHUNK..chunk * CHUNK + cos.len();
            let (lat, lon) = (lat.get(range.clone()).unwrap_or_default(), lon.get(range).unwrap_or_default());
            if let Geometry::Structured(grid) = self.geometry()
                && let Projection::Rotated(rotation) = grid.projection()
            {
                return rotation.turns(lat, lon, cos, sin);
            }
            for (((cos, sin), lat), lon) in cos.iter_mut().zip(sin).zip(lat).zip(lon) {
                (*cos, *sin) = self.turn(*lat, *lon);
            }
        });
        Ok(Turns { len, turns: Some((cos, sin)) })
    }

    /// Whether x is true east everywhere.
    fn east_is_x(&self) -> Result<bool> {
        match self.geometry() {
            Geometry::Structured(grid) => match grid.projection() {
                Projection::LatLon { .. } => Ok(true),
                Projection::Wkt(_) => Err(self.no_winds()),
                _ => Ok(false),
            },
            Geometry::YinYang(_) | Geometry::Curvilinear(_) => Ok(false),
            Geometry::Station(_) | Geometry::Cloud(_) | Geometry::Mesh(_) => Ok(true),
            Geometry::CubedSphere(_) | Geometry::Radar(_) | Geometry::None => Err(self.no_winds()),
        }
    }

    fn no_winds(&self) -> Error {
        Error::Unsupported { letter: char::from(self.letter()), what: "known directions of winds" }
    }

    /// Cosine and sine of the turn at one position.
    fn turn(&self, lat: f64, lon: f64) -> (f64, f64) {
        match self.geometry() {
            Geometry::Structured(grid) => grid.projection().turn(lat, lon),
            Geometry::YinYang(pair) => match pair.locate(lat, lon).map(|(_, y)| pair.row(y).0) {
                Some(0) => pair.yin_rotation().turn(lat, lon),
                Some(_) => pair.yang_rotation().turn(lat, lon),
                None => (f64::NAN, f64::NAN),
            },
            // Outside of it as at its nearest point.
            Geometry::Curvilinear(grid) => grid
                .locate(lat, lon)
                .or_else(|| grid.nodes().place(grid.ni(), lat, lon))
                .map_or((f64::NAN, f64::NAN), |(x, y)| self.turn_of_x(x, y)),
            _ => self.locate(lat, lon).map_or((f64::NAN, f64::NAN), |(x, y)| self.turn_of_x(x, y)),
        }
    }

    /// The turn from where the points before and after lie.
    fn turn_of_x(&self, x: f64, y: f64) -> (f64, f64) {
        let last = self.ni() as f64;
        let at = |x: f64| {
            let (lat, lon) = self.point(x.clamp(1.0, last), y);
            unit(lat, lon)
        };
        let (before, after) = (at(x - 0.5), at(x + 0.5));
        let (lat, lon) = self.point(x, y);
        let here = unit(lat, lon);
        let along = [0, 1, 2].map(|k| after[k] - before[k]);
        let ((_, _), (sin, cos)) = (sin_cos(lat), sin_cos(lon));
        let east = [-sin, cos, 0.0];
        let (e, n) = (dot(along, east), dot(along, cross(here, east)));
        let length = e.hypot(n);
        (e / length, n / length)
    }
}

impl Turns {
    /// How many points they are for.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether they are for no point.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the grid's x is true east at every point: components stay as they are.
    pub fn is_identity(&self) -> bool {
        self.turns.is_none()
    }

    /// Cosine and sine of the angle at a point, counter-clockwise from true east to x.
    pub fn get(&self, at: usize) -> Option<(f64, f64)> {
        match &self.turns {
            None => (at < self.len).then_some((1.0, 0.0)),
            Some((cos, sin)) => Some((*cos.get(at)?, *sin.get(at)?)),
        }
    }

    /// Components along x and y become components to true east and north.
    ///
    /// # Errors
    /// A slice has another length than the points.
    pub fn to_earth<T: Real>(&self, u: &mut [T], v: &mut [T]) -> Result<()> {
        self.each(u, v, true, |u, v, cos, sin| (u * cos - v * sin, u * sin + v * cos))
    }

    /// Components to true east and north become components along x and y.
    ///
    /// # Errors
    /// A slice has another length than the points.
    pub fn from_earth<T: Real>(&self, u: &mut [T], v: &mut [T]) -> Result<()> {
        self.each(u, v, true, |u, v, cos, sin| (u * cos + v * sin, v * cos - u * sin))
    }

    /// Components along x and y become speed (in `u`) and direction (in `v`).
    ///
    /// # Errors
    /// A slice has another length than the points.
    pub fn to_speed_direction<T: Real>(&self, u: &mut [T], v: &mut [T]) -> Result<()> {
        self.each(u, v, false, |u, v, cos, sin| {
            let (e, n) = (u * cos - v * sin, u * sin + v * cos);
            let speed = (u * u + v * v).sqrt();
            // From 90 to 450: less than a turn to take off.
            let direction = 270.0 - atan2(n, e);
            let direction = if direction >= 360.0 { direction - 360.0 } else { direction };
            (speed, if speed == 0.0 { 0.0 } else { direction })
        })
    }

    /// Speed (in `u`) and direction (in `v`) become components along x and y.
    ///
    /// # Errors
    /// A slice has another length than the points.
    pub fn from_speed_direction<T: Real>(&self, u: &mut [T], v: &mut [T]) -> Result<()> {
        self.each(u, v, false, |speed, direction, cos, sin| {
            let (s, c) = sin_cos(direction);
            let (e, n) = (-speed * s, -speed * c);
            (e * cos + n * sin, n * cos - e * sin)
        })
    }

    /// Replaces each pair by `f(u, v, cos, sin)`; of turns of 0 nothing needs be done when `turn_only`.
    fn each<T: Real>(
        &self,
        u: &mut [T],
        v: &mut [T],
        turn_only: bool,
        f: impl Fn(f64, f64, f64, f64) -> (f64, f64) + Sync,
    ) -> Result<()> {
        same_lengths([("u", u.len()), ("v", v.len())], self.len)?;
        let Some((cos, sin)) = &self.turns else {
            if !turn_only {
                parallel::rows2(u, v, CHUNK, |_, u, v| {
                    for (u, v) in u.iter_mut().zip(v) {
                        let (a, b) = f(u.wide(), v.wide(), 1.0, 0.0);
                        (*u, *v) = (T::of(a), T::of(b));
                    }
                });
            }
            return Ok(());
        };
        parallel::rows2(u, v, CHUNK, |chunk, u, v| {
            let range = chunk * CHUNK..chunk * CHUNK + u.len();
            let (cos, sin) = (cos.get(range.clone()).unwrap_or_default(), sin.get(range).unwrap_or_default());
            for (((u, v), cos), sin) in u.iter_mut().zip(v).zip(cos).zip(sin) {
                let (a, b) = f(u.wide(), v.wide(), *cos, *sin);
                (*u, *v) = (T::of(a), T::of(b));
            }
        });
        Ok(())
    }
}
