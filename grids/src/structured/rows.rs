//! Whole slices of positions: sines and cosines of the axes only, and the rest in loops over a row that the compiler vectorises.

use super::{Branch, Structured};
use crate::{
    axis::Axis,
    kernels::avx2_or_not,
    parallel,
    projection::{PolarStereographic, Projection, Rotation},
    sphere::{atan2, east, mod360, position, sin_cos, sin_cos_small},
};

/// Points that are worked on at once: their vectors stay in the first-level cache.
pub(crate) const CHUNK: usize = 512;

/// Unit vectors of some points, a slice for each component.
pub(crate) struct Vectors {
    x: [f64; CHUNK],
    y: [f64; CHUNK],
    z: [f64; CHUNK],
}

impl Vectors {
    pub(crate) fn new() -> Self {
        Self { x: [0.0; CHUNK], y: [0.0; CHUNK], z: [0.0; CHUNK] }
    }

    /// Multiplies all by the transpose of a matrix.
    fn turn_back(&mut self, matrix: &[[f64; 3]; 3]) {
        let this = self;
        avx2_or_not!(Self::turn_all_back; this, matrix);
    }

    #[inline(always)]
    fn turn_all_back(&mut self, [a, b, c]: &[[f64; 3]; 3]) {
        for ((x, y), z) in self.x.iter_mut().zip(&mut self.y).zip(&mut self.z) {
            let turned = |k: usize| a[k] * *x + b[k] * *y + c[k] * *z;
            (*x, *y, *z) = (turned(0), turned(1), turned(2));
        }
    }

    /// Those of latitudes and longitudes.
    pub(crate) fn set(&mut self, lat: &[f64], lon: &[f64]) {
        let this = self;
        avx2_or_not!(Self::set_all; this, lat, lon);
    }

    #[inline(always)]
    fn set_all(&mut self, lat: &[f64], lon: &[f64]) {
        let Self { x, y, z } = self;
        let large = |values: &[f64]| values.iter().any(|value| value.abs() > 1e9);
        let careful = large(lon) || large(lat);
        for ((((x, y), z), lat), lon) in x.iter_mut().zip(y).zip(z).zip(lat).zip(lon) {
            let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos_small(*lat), sin_cos_small(*lon));
            (*x, *y, *z) = (cos_lat * cos_lon, cos_lat * sin_lon, sin_lat);
        }
        if careful {
            for ((((x, y), z), lat), lon) in self.x.iter_mut().zip(&mut self.y).zip(&mut self.z).zip(lat).zip(lon) {
                [*x, *y, *z] = crate::sphere::unit(*lat, *lon);
            }
        }
    }
}

/// What the columns of a grid contribute to the vectors of its points.
pub(crate) enum Columns {
    /// Vectors are `cos Y * columns + sin Y * pole`.
    Sphere { columns: [Vec<f64>; 3], pole: [f64; 3] },
    /// X of each column.
    Plane(Vec<f64>),
}

impl Structured {
    /// Latitudes and longitudes of all points, columns fastest.
    pub(crate) fn points(&self, lat: &mut [f64], lon: &mut [f64]) {
        self.positions_of(&self.ax_values(), |row| self.row_value(row), lat, lon);
    }

    /// Positions of the corners of all cells, `ni + 1` columns and `nj + 1` rows; none beyond a pole.
    pub(crate) fn corners(&self) -> (Vec<f64>, Vec<f64>) {
        let points = (self.ni + 1) * (self.nj + 1);
        let (mut lat, mut lon) = (vec![0.0; points], vec![0.0; points]);
        let xs: Vec<f64> = (0..=self.ni).map(|i| self.ax.value(i as f64 + 0.5)).collect();
        let (low, high) = match self.projection {
            Projection::LatLon { lat0, dlat, .. } => ((-90.0 - lat0) / dlat, (90.0 - lat0) / dlat),
            Projection::Rotated(_) => (-90.0, 90.0),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        let y = |row| self.plane(1.0, row as f64 + 0.5).1.max(low.min(high)).min(high.max(low));
        self.positions_of(&xs, y, &mut lat, &mut lon);
        (lat, lon)
    }

    /// Positions of all pairs of X and of Y, which a function gives for each row from 0.
    fn positions_of(&self, xs: &[f64], y: impl Fn(usize) -> f64 + Sync, lat: &mut [f64], lon: &mut [f64]) {
        let ni = xs.len();
        if let Projection::LatLon { lat0, lon0, dlat, dlon } = self.projection {
            let columns: Vec<f64> = xs.iter().map(|x| mod360(lon0 + dlon * x)).collect();
            return parallel::rows2(lat, lon, ni, |row, lat, lon| {
                lat.fill(lat0 + dlat * y(row));
                for (to, from) in lon.iter_mut().zip(&columns) {
                    *to = *from;
                }
            });
        }
        match self.columns(xs) {
            Some(columns) => parallel::rows2(lat, lon, ni, |row, lat, lon| {
                let mut vectors = Vectors::new();
                for (at, (lat, lon)) in lat.chunks_mut(CHUNK).zip(lon.chunks_mut(CHUNK)).enumerate() {
                    self.row_vectors(&columns, y(row), at * CHUNK, lat.len(), &mut vectors);
                    positions(&vectors, lat, lon);
                }
            }),
            None => parallel::rows2(lat, lon, ni, |row, lat, lon| {
                let y = y(row);
                for ((lat, lon), x) in lat.iter_mut().zip(lon).zip(xs) {
                    (*lat, *lon) = self.projection.to_sphere(*x, y);
                }
            }),
        }
    }

    /// Latitudes and longitudes of grid positions; all slices have one length.
    pub(crate) fn points_at(&self, x: &[f64], y: &[f64], lat: &mut [f64], lon: &mut [f64]) {
        parallel::rows2(lat, lon, CHUNK, |chunk, lat, lon| {
            let range = chunk * CHUNK..chunk * CHUNK + lat.len();
            let (x, y) = (x.get(range.clone()).unwrap_or_default(), y.get(range).unwrap_or_default());
            // First X and Y, in the places of longitude and latitude.
            for (((lat, lon), x), y) in lat.iter_mut().zip(lon.iter_mut()).zip(x).zip(y) {
                (*lon, *lat) = self.plane(*x, *y);
            }
            let mut vectors = Vectors::new();
            match &self.projection {
                Projection::Rotated(rotation) => {
                    vectors.set(lat, lon);
                    vectors.turn_back(&rotation.matrix());
                    positions(&vectors, lat, lon);
                }
                Projection::PolarStereographic(polar) => {
                    polar_vectors(polar, lon, lat, &mut vectors);
                    positions(&vectors, lat, lon);
                }
                other => {
                    for (lat, lon) in lat.iter_mut().zip(lon) {
                        (*lat, *lon) = other.to_sphere(*lon, *lat);
                    }
                }
            }
        });
    }

    /// The turns of the grid's x at all points, columns fastest: cosines and sines.
    pub(crate) fn turns(&self, cos: &mut [f64], sin: &mut [f64]) {
        let xs = self.ax_values();
        let columns = match &self.projection {
            Projection::Rotated(rotation) => self.columns(&xs).map(|columns| (columns, rotation)),
            _ => None,
        };
        parallel::rows2(cos, sin, self.ni, |row, cos, sin| {
            let y = self.row_value(row);
            let Some((columns, rotation)) = &columns else {
                for ((cos, sin), x) in cos.iter_mut().zip(sin).zip(&xs) {
                    let (lat, lon) = self.projection.to_sphere(*x, y);
                    (*cos, *sin) = self.projection.turn(lat, lon);
                }
                return;
            };
            let mut vectors = Vectors::new();
            for (at, (cos, sin)) in cos.chunks_mut(CHUNK).zip(sin.chunks_mut(CHUNK)).enumerate() {
                self.row_vectors(columns, y, at * CHUNK, cos.len(), &mut vectors);
                rotated_turns(rotation, &vectors, cos, sin);
            }
        });
    }

    /// Grid positions of latitudes and longitudes, NaN where the plane has none; all slices have one length.
    pub(crate) fn locate_all(&self, lat: &[f64], lon: &[f64], x: &mut [f64], y: &mut [f64]) {
        parallel::rows2(x, y, CHUNK, |chunk, x, y| {
            let range = chunk * CHUNK..chunk * CHUNK + x.len();
            let (lat, lon) = (lat.get(range.clone()).unwrap_or_default(), lon.get(range).unwrap_or_default());
            match self.projection {
                Projection::Rotated(_) | Projection::PolarStereographic(_) => {
                    let mut vectors = Vectors::new();
                    vectors.set(lat, lon);
                    self.locate_vectors(&vectors, x, y);
                }
                _ => {
                    for (((x, y), lat), lon) in x.iter_mut().zip(y).zip(lat).zip(lon) {
                        (*x, *y) = self.locate(*lat, *lon).unwrap_or((f64::NAN, f64::NAN));
                    }
                }
            }
        });
    }

    /// Positions in this grid of all points of another, columns of the other fastest; NaN where the plane has none.
    pub(crate) fn locate_grid(&self, target: &Self) -> (Vec<f64>, Vec<f64>) {
        let points = target.ni * target.nj;
        let (mut x, mut y) = (vec![0.0; points], vec![0.0; points]);
        if let (Projection::LatLon { .. }, Projection::LatLon { lat0, lon0, dlat, dlon }) =
            (&self.projection, &target.projection)
        {
            // Columns depend on longitudes alone, rows on latitudes alone.
            let locate = |lat, lon| self.locate(lat, lon).unwrap_or((f64::NAN, f64::NAN));
            let columns: Vec<f64> =
                target.ax_values().iter().map(|x| locate(self.point(1.0, 1.0).0, lon0 + dlon * x).0).collect();
            let lon = self.point(1.0, 1.0).1;
            parallel::rows2(&mut x, &mut y, target.ni, |row, x, y| {
                let place = locate(lat0 + dlat * target.row_value(row), lon).1;
                for ((x, y), column) in x.iter_mut().zip(y).zip(&columns) {
                    let nowhere = place.is_nan() || column.is_nan();
                    (*x, *y) = if nowhere { (f64::NAN, f64::NAN) } else { (*column, place) };
                }
            });
            return (x, y);
        }
        let Some(columns) = target.columns(&target.ax_values()) else {
            let (mut lat, mut lon) = (vec![0.0; points], vec![0.0; points]);
            target.points(&mut lat, &mut lon);
            self.locate_all(&lat, &lon, &mut x, &mut y);
            return (x, y);
        };
        parallel::rows2(&mut x, &mut y, target.ni, |row, x, y| {
            let mut vectors = Vectors::new();
            for (at, (x, y)) in x.chunks_mut(CHUNK).zip(y.chunks_mut(CHUNK)).enumerate() {
                target.row_vectors(&columns, target.row_value(row), at * CHUNK, x.len(), &mut vectors);
                self.locate_vectors(&vectors, x, y);
            }
        });
        (x, y)
    }

    /// X of all columns.
    pub(crate) fn ax_values(&self) -> Vec<f64> {
        (1..=self.ni).map(|x| self.ax.value(x as f64)).collect()
    }

    /// Y of a row in stored order, from 0.
    pub(crate) fn row_value(&self, row: usize) -> f64 {
        self.plane(1.0, (row + 1) as f64).1
    }

    /// What columns of given X contribute to vectors; `None` where vectors cost more than positions.
    pub(crate) fn columns(&self, xs: &[f64]) -> Option<Columns> {
        let (degrees, back): (Vec<f64>, &dyn Fn([f64; 3]) -> [f64; 3]) = match &self.projection {
            Projection::LatLon { lon0, dlon, .. } => (xs.iter().map(|x| lon0 + dlon * x).collect(), &|vector| vector),
            Projection::Rotated(rotation) => (xs.to_vec(), &|vector| rotation.back(vector)),
            Projection::PolarStereographic(_) => return Some(Columns::Plane(xs.to_vec())),
            Projection::Lambert(_) | Projection::Wkt(_) => return None,
        };
        let mut columns = [const { Vec::new() }; 3];
        for degrees in degrees {
            let (sin, cos) = sin_cos(degrees);
            for (column, part) in columns.iter_mut().zip(back([cos, sin, 0.0])) {
                column.push(part);
            }
        }
        Some(Columns::Sphere { columns, pole: back([0.0, 0.0, 1.0]) })
    }

    /// The vectors of `count` points of the row Y, from column `first` (from 0).
    pub(crate) fn row_vectors(&self, columns: &Columns, y: f64, first: usize, count: usize, to: &mut Vectors) {
        let this = self;
        avx2_or_not!(Self::row_of_vectors; this, columns, y, first, count, to);
    }

    #[inline(always)]
    fn row_of_vectors(&self, columns: &Columns, y: f64, first: usize, count: usize, to: &mut Vectors) {
        match (columns, &self.projection) {
            (Columns::Sphere { columns, pole }, projection) => {
                let degrees = match projection {
                    Projection::LatLon { lat0, dlat, .. } => lat0 + dlat * y,
                    _ => y,
                };
                let (sin, cos) = sin_cos(degrees);
                for ((to, from), pole) in [&mut to.x, &mut to.y, &mut to.z].into_iter().zip(columns).zip(pole) {
                    let from = from.get(first..first + count).unwrap_or_default();
                    let lift = sin * pole;
                    for (to, from) in to.iter_mut().zip(from) {
                        *to = cos * from + lift;
                    }
                }
            }
            (Columns::Plane(xs), Projection::PolarStereographic(polar)) => {
                polar_vectors(polar, xs.get(first..first + count).unwrap_or_default(), &[y; CHUNK], to);
            }
            _ => {}
        }
    }

    /// Grid positions of as many vectors as `x` and `y` have room for.
    pub(crate) fn locate_vectors(&self, vectors: &Vectors, x: &mut [f64], y: &mut [f64]) {
        let this = self;
        avx2_or_not!(Self::locate_all_vectors; this, vectors, x, y);
    }

    #[inline(always)]
    fn locate_all_vectors(&self, vectors: &Vectors, x: &mut [f64], y: &mut [f64]) {
        match &self.projection {
            Projection::LatLon { lat0, lon0, dlat, dlon } => {
                all_positions(vectors, y, x);
                for (x, y) in x.iter_mut().zip(y.iter_mut()) {
                    (*x, *y) = ((self.branch.longitude(*x) - lon0) / dlon, (*y - lat0) / dlat);
                }
            }
            Projection::Rotated(rotation) => rotated_positions(&rotation.matrix(), vectors, y, x),
            Projection::PolarStereographic(polar) => polar_positions(polar, vectors, x, y),
            other => {
                all_positions(vectors, y, x);
                for (x, y) in x.iter_mut().zip(y.iter_mut()) {
                    (*x, *y) = other.to_plane(*y, *x);
                }
            }
        }
        columns_of(&self.ax, &self.branch, x);
        self.ay.index_all(y);
        if self.first_row != 0 || self.reversed {
            for y in y.iter_mut() {
                *y = self.south_row(*y - self.first_row as f64);
            }
        }
        // The pole that has no place on the plane.
        for (x, y) in x.iter_mut().zip(y) {
            if !x.is_finite() || !y.is_finite() {
                (*x, *y) = (f64::NAN, f64::NAN);
            }
        }
    }
}

#[inline(always)]
fn columns_of(ax: &Axis, branch: &Branch, x: &mut [f64]) {
    if branch.turn != 0.0 {
        for x in x.iter_mut() {
            *x = branch.on_axis(*x);
        }
    }
    ax.index_all(x);
}

/// Latitudes and longitudes of vectors.
pub(crate) fn positions(vectors: &Vectors, lat: &mut [f64], lon: &mut [f64]) {
    avx2_or_not!(all_positions; vectors, lat, lon);
}

#[inline(always)]
fn all_positions(vectors: &Vectors, lat: &mut [f64], lon: &mut [f64]) {
    let Vectors { x, y, z } = vectors;
    for ((((lat, lon), x), y), z) in lat.iter_mut().zip(lon).zip(x).zip(y).zip(z) {
        *lat = atan2(*z, (x * x + y * y).sqrt());
        *lon = east(atan2(*y, *x));
    }
}

/// Rotated latitudes and longitudes of vectors.
#[inline(always)]
fn rotated_positions([a, b, c]: &[[f64; 3]; 3], vectors: &Vectors, lat: &mut [f64], lon: &mut [f64]) {
    let Vectors { x, y, z } = vectors;
    for ((((lat, lon), x), y), z) in lat.iter_mut().zip(lon).zip(x).zip(y).zip(z) {
        let turned = |[p, q, r]: &[f64; 3]| p * x + q * y + r * z;
        let (x, y, z) = (turned(a), turned(b), turned(c));
        *lat = atan2(z, (x * x + y * y).sqrt());
        *lon = east(atan2(y, x));
    }
}

/// X and Y on a polar stereographic plane of vectors.
#[inline(always)]
fn polar_positions(polar: &PolarStereographic, vectors: &Vectors, to_x: &mut [f64], to_y: &mut [f64]) {
    let (sign, radius, (pi, pj)) = (polar.sign(), polar.radius, polar.pole());
    let (sin, cos) = sin_cos(polar.dgrw());
    let Vectors { x, y, z } = vectors;
    for ((((to_x, to_y), x), y), z) in to_x.iter_mut().zip(to_y).zip(x).zip(y).zip(z) {
        let scale = radius / (1.0 + sign * z);
        let y = sign * y;
        *to_x = pi + scale * (x * cos - y * sin);
        *to_y = pj + scale * (x * sin + y * cos);
    }
}

/// Vectors of points (X, Y) of a polar stereographic plane.
#[inline(always)]
fn polar_vectors(polar: &PolarStereographic, xs: &[f64], ys: &[f64], to: &mut Vectors) {
    let (sign, radius, (pi, pj)) = (polar.sign(), polar.radius, polar.pole());
    let (sin, cos) = sin_cos(polar.dgrw());
    let q = radius * radius;
    for ((((to_x, to_y), to_z), x), y) in to.x.iter_mut().zip(&mut to.y).zip(&mut to.z).zip(xs).zip(ys) {
        let (x, y) = (x - pi, y - pj);
        let square = x * x + y * y;
        let inverse = 1.0 / (q + square);
        let across = 2.0 * radius * inverse;
        *to_x = across * (x * cos + y * sin);
        *to_y = sign * across * (y * cos - x * sin);
        *to_z = sign * (q - square) * inverse;
    }
}

/// Cosines and sines of the turns from true east to rotated east at the places of vectors.
fn rotated_turns(rotation: &Rotation, vectors: &Vectors, cos: &mut [f64], sin: &mut [f64]) {
    avx2_or_not!(all_rotated_turns; rotation, vectors, cos, sin);
}

#[inline(always)]
fn all_rotated_turns(rotation: &Rotation, vectors: &Vectors, cos: &mut [f64], sin: &mut [f64]) {
    let [_, _, [a, b, c]] = rotation.matrix();
    let Vectors { x, y, z } = vectors;
    for ((((cos, sin), x), y), z) in cos.iter_mut().zip(sin.iter_mut()).zip(x).zip(y).zip(z) {
        let along = c * (x * x + y * y) - z * (a * x + b * y);
        let across = a * y - b * x;
        let length = (along * along + across * across).sqrt();
        // Near the poles of either sphere, digits are lost.
        let inverse = if length > 1e-4 { 1.0 / length } else { f64::NAN };
        (*cos, *sin) = (along * inverse, across * inverse);
    }
    for ((((cos, sin), x), y), z) in cos.iter_mut().zip(sin).zip(x).zip(y).zip(z) {
        if cos.is_nan() {
            let (lat, lon) = position([*x, *y, *z]);
            (*cos, *sin) = rotation.turn(lat, lon);
        }
    }
}

#[cfg(test)]
mod tests;
