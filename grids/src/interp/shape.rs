//! The layout of a structured grid.

use super::layout::{Caps, Columns, Half, Layout, Shape};
use crate::{Axis, Domain, Projection, Structured, Wrap};

impl Layout {
    /// The layout of a grid; `with_caps`: with polar caps, if it goes round the globe.
    pub(crate) fn of(grid: &Structured, with_caps: bool) -> Self {
        let columns = match grid.wrap() {
            Wrap::None => Columns::Bounded,
            Wrap::Repeated => Columns::Repeated,
            Wrap::Periodic => Columns::Periodic,
        };
        let on_equator = grid.letter() == b'B';
        let half = match grid.domain() {
            Domain::Global => Half::Whole,
            Domain::North => Half::North { on_equator },
            Domain::South => Half::South { on_equator },
        };
        let southward = !grid.ay().is_increasing();
        let (ax, ay) = if grid.irregular() {
            let mut ay = latitudes(grid);
            if southward {
                ay.reverse();
            }
            (Some(longitudes(grid)), Some(ay))
        } else {
            (None, None)
        };
        let caps = (with_caps && columns != Columns::Bounded).then(|| caps(grid));
        let reversed = grid.reversed() != southward;
        Self::new(Shape { ni: grid.ni(), nj: grid.nj(), columns, half, reversed, ax, ay, caps })
    }
}

/// Y of the rows, in degrees where it is a latitude.
fn latitudes(grid: &Structured) -> Vec<f64> {
    let values = grid.ay().values();
    match *grid.projection() {
        Projection::LatLon { lat0, dlat, .. } => values.into_iter().map(|y| lat0 + dlat * y).collect(),
        _ => values,
    }
}

/// X of the columns, in degrees where it is a longitude.
fn longitudes(grid: &Structured) -> Vec<f64> {
    let values = grid.ax().values();
    match *grid.projection() {
        Projection::LatLon { lon0, dlon, .. } => values.into_iter().map(|x| lon0 + dlon * x).collect(),
        _ => values,
    }
}

fn caps(grid: &Structured) -> Caps {
    let longitudes = longitudes(grid);
    let row_of = |lat: f64| match *grid.projection() {
        Projection::LatLon { lat0, dlat, .. } => {
            let row = grid.ay().index((lat - lat0) / dlat) - grid.first_row() as f64;
            if grid.ay().is_increasing() { row } else { grid.nj() as f64 + 1.0 - row }
        }
        _ if lat > 0.0 => grid.nj() as f64 + 0.5,
        _ => 0.5,
    };
    let weights = matches!(grid.projection(), Projection::Rotated(_)).then(|| {
        let steps = match grid.ax() {
            Axis::Uniform { n, .. } => vec![1.0; n - 1],
            Axis::List(_) => longitudes
                .windows(2)
                .map(|w| w.iter().rev().copied().reduce(|a, b| a - b))
                .map(|d| d.unwrap_or(0.0))
                .collect(),
        };
        // The last column repeats the first, and has no part.
        steps.into_iter().chain([0.0]).collect()
    });
    Caps { north: row_of(90.0), south: row_of(-90.0), weights, longitudes }
}
