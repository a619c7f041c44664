//! Random grids of the kinds that librmn knows: the same ones for the same seed.
//!
//! Descriptors are those that librmn itself encodes. Axes are such that librmn does not lose points of them: longitudes
//! of one turn, from 0 or from -180.

use crate::grids::{Axes, GridSpec};
use crate::library::Librmn;
use crate::rng::Rng;

/// What a grid is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridKind {
    /// Latitude and longitude, no point at the poles.
    A,
    /// Latitude and longitude, points at the poles.
    B,
    /// Gaussian.
    G,
    /// Regular latitude and longitude.
    L,
    /// Polar stereographic, north.
    N,
    /// Polar stereographic, south.
    S,
    /// Rotated, global.
    E,
    /// Axes on a rotated reference.
    ZonE,
    /// Axes of longitudes and latitudes.
    ZonL,
    /// Axes on a polar stereographic reference, north.
    ZonN,
    /// Axes on a polar stereographic reference, south.
    ZonS,
}

impl GridKind {
    /// All of them.
    pub const ALL: [Self; 11] =
        [Self::A, Self::B, Self::G, Self::L, Self::N, Self::S, Self::E, Self::ZonE, Self::ZonL, Self::ZonN, Self::ZonS];

    /// The grid of the kind with these random numbers.
    pub fn generate(self, librmn: Librmn, rng: &mut Rng) -> GridSpec {
        let plain = |letter, ni, nj, ig| GridSpec { letter, ni, nj, ig, axes: None };
        match self {
            Self::A | Self::B | Self::G => {
                let letter = match self {
                    Self::A => b'A',
                    Self::B => b'B',
                    _ => b'G',
                };
                let domain = rng.int(0, 2);
                plain(letter, rng.int(6, 60), rng.int(4, 40), [domain, rng.int(0, 1), 0, 0])
            }
            Self::L => latlon(librmn, rng),
            Self::N => plain(b'N', rng.int(6, 60), rng.int(6, 60), polar(librmn, rng, b'N')),
            Self::S => plain(b'S', rng.int(6, 60), rng.int(6, 60), polar(librmn, rng, b'S')),
            Self::E => plain(b'E', rng.int(8, 60), rng.int(6, 40), rotation(librmn, rng)),
            Self::ZonE => {
                let ig = rotation(librmn, rng);
                // Regional, or all of the rotated sphere.
                let [x, y] = if rng.chance(60) {
                    [regional(rng, 1.0, 359.0, 100.0), regional(rng, -88.0, 88.0, 80.0)]
                } else {
                    let n = rng.size(12, 60);
                    // Rows half a step from the poles, or on them.
                    let north = if rng.chance(80) { 90.0 - 90.0 / n as f64 } else { 90.0 };
                    [even(0.0, 360.0, n), even(-north, north, n)]
                };
                on(b'E', ig, x, y)
            }
            Self::ZonL => {
                if rng.chance(35) {
                    return around(rng);
                }
                let west = if rng.chance(50) { 0.0 } else { -180.0 };
                let x = regional(rng, west, west + 359.0, 120.0);
                on(b'L', [100, 100, 9000, 0], x, regional(rng, -89.0, 89.0, 90.0))
            }
            Self::ZonN | Self::ZonS => {
                let letter = if self == Self::ZonN { b'N' } else { b'S' };
                let ig = polar(librmn, rng, letter);
                on(letter, ig, regional(rng, 1.0, 60.0, 40.0), regional(rng, 1.0, 60.0, 40.0))
            }
        }
    }
}

/// Descriptors of a rotation whose two points are far from each other.
pub fn rotation(librmn: Librmn, rng: &mut Rng) -> [i32; 4] {
    let vector = |lat: f64, lon: f64| {
        let (lat, lon) = (lat.to_radians(), lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    };
    loop {
        let [lat1, lat2] = [0; 2].map(|_| f64::from(rng.int(-3400, 3400)) / 40.0);
        let [lon1, lon2] = [0; 2].map(|_| f64::from(rng.int(0, 14399)) / 40.0);
        let cosine: f64 = vector(lat1, lon1).into_iter().zip(vector(lat2, lon2)).map(|(a, b)| a * b).sum();
        if cosine.abs() < 0.75 {
            return librmn.encode_grid(b'E', [single(lat1), single(lon1), single(lat2), single(lon2)]);
        }
    }
}

/// Descriptors of a polar stereographic grid, of either style.
fn polar(librmn: Librmn, rng: &mut Rng, letter: u8) -> [i32; 4] {
    let spread = if rng.chance(60) { [0, 800] } else { [-600, 1500] };
    let [pi, pj] = [0; 2].map(|_| f64::from(rng.int(spread[0], spread[1])) / 10.0);
    let d60 = f64::from(rng.int(100, 2000)) * 100.0;
    let dgrw = f64::from(rng.int(0, 3599)) / 10.0;
    librmn.encode_grid(letter, [single(pi), single(pj), single(d60), single(dgrw)])
}

/// A regional or a global grid whose origin and steps are hundredths of a degree.
fn latlon(librmn: Librmn, rng: &mut Rng) -> GridSpec {
    let (ni, nj, [lat0, lon0, dlat, dlon]);
    if rng.chance(70) {
        (ni, nj) = (rng.int(6, 50), rng.int(6, 40));
        let (steps_x, steps_y) = (rng.int(5, 34_000 / ni), rng.int(5, 15_000 / nj));
        let south = rng.int(-8900, 8900 - steps_y * nj);
        [lat0, lon0, dlat, dlon] = [south, rng.int(0, 35_999), steps_y, steps_x];
    } else {
        let step = *rng.pick(&[200, 250, 400, 500, 900, 1000]);
        (ni, nj) = (36_000 / step + rng.int(0, 1), 18_000 / step);
        [lat0, lon0, dlat, dlon] = [step / 2 - 9000, rng.int(0, 35_999), step, step];
    }
    let xg = [lat0, lon0, dlat, dlon].map(|hundredths| single(f64::from(hundredths) / 100.0));
    GridSpec { letter: b'L', ni, nj, ig: librmn.encode_grid(b'L', xg), axes: None }
}

/// Axes of longitudes and latitudes all around the globe, the first column once or twice, rows to the poles or half a step off.
fn around(rng: &mut Rng) -> GridSpec {
    // librmn goes round only where columns are two degrees apart or less, or the first one is there twice.
    let fine = rng.chance(40);
    let n = if fine { rng.size(180, 200) } else { rng.size(12, 60) };
    let step = 360.0 / n as f64;
    let anywhere = step * rng.unit();
    let first = *rng.pick(&[0.0, -180.0, 0.5 * step, anywhere]);
    let twice = !fine && rng.chance(80);
    let mut x = even(first, first + if twice { 360.0 } else { 360.0 - step }, if twice { n + 1 } else { n });
    if rng.chance(30) {
        // Uneven, but for the two ends.
        let last = x.len() - 2;
        for value in &mut x[2..last] {
            *value += single(0.3 * step * (rng.unit() - 0.5));
        }
    }
    let rows = rng.size(8, 40);
    let north = if rng.chance(70) { 90.0 - 90.0 / rows as f64 } else { 90.0 };
    on(b'L', [100, 100, 9000, 0], x, even(-north, north, rows))
}

fn on(reference: u8, ig: [i32; 4], x: Vec<f32>, y: Vec<f32>) -> GridSpec {
    let n = |axis: &[f32]| i32::try_from(axis.len()).unwrap_or(0);
    GridSpec { letter: b'Z', ni: n(&x), nj: n(&y), ig, axes: Some(Axes { reference, x, y }) }
}

/// `n` values from `low` to `high`.
fn even(low: f64, high: f64, n: usize) -> Vec<f32> {
    (0..n).map(|k| single(low + (high - low) * k as f64 / (n - 1) as f64)).collect()
}

/// An axis somewhere between two values, at most `span` long, with even or uneven steps.
fn regional(rng: &mut Rng, low: f64, high: f64, span: f64) -> Vec<f32> {
    let n = rng.size(8, 50);
    let length = span * (0.2 + 0.8 * rng.unit());
    let first = low + (high - low - length) * rng.unit();
    if rng.chance(40) {
        return even(first, first + length, n);
    }
    let steps: Vec<f64> = (1..n).map(|_| 0.5 + rng.unit()).collect();
    let scale = length / steps.iter().sum::<f64>();
    let mut axis = vec![first];
    axis.extend(steps.iter().scan(first, |at, step| {
        *at += step * scale;
        Some(*at)
    }));
    axis.into_iter().map(single).collect()
}

#[allow(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
fn single(value: f64) -> f32 {
    value as f32
}
