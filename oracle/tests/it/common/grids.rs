//! Grids of both sides, and how far positions are from each other.

use rpnfst_grids::Grid;
use rpnfst_oracle::GridSpec;
use rpnfst_oracle::grids::Pair;

/// The grid as rpnfst-grids has it.
pub fn ours(spec: &GridSpec) -> Grid {
    let ig = spec.ig.map(i32::cast_unsigned);
    let [ni, nj] = [spec.ni, spec.nj].map(|n| usize::try_from(n).expect("a size"));
    let grid = match &spec.axes {
        None => Grid::new(spec.letter, ni, nj, ig),
        Some(axes) if spec.letter == b'Z' => {
            Grid::from_axes(b'Z', axes.reference, ig, doubles(&axes.x), doubles(&axes.y))
        }
        Some(axes) => Grid::cloud(ni, nj, doubles(&axes.x), doubles(&axes.y)),
    };
    grid.unwrap_or_else(|error| panic!("{spec:?}: {error}"))
}

pub fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

#[allow(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
pub fn single(value: f64) -> f32 {
    value as f32
}

/// Latitude and longitude of a pair of arrays at a position.
pub fn at(pair: &Pair, k: usize) -> (f64, f64) {
    (pair[0][k].into(), pair[1][k].into())
}

/// Degrees along the great circle.
pub fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let vector = |(lat, lon): (f64, f64)| {
        let ([sin, cos], [sin_l, cos_l]) = (sin_cos(lat), sin_cos(lon));
        [cos * cos_l, cos * sin_l, sin]
    };
    let square: f64 = vector(a).into_iter().zip(vector(b)).map(|(a, b)| (a - b) * (a - b)).sum();
    2.0 * (square.sqrt() / 2.0).min(1.0).asin().to_degrees()
}

fn sin_cos(degrees: f64) -> [f64; 2] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    [sin, cos]
}
