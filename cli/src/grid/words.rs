//! What is said of a grid, for a person.

use rpnfst::{
    geo::{Geometry, Grid},
    grids::{Projection, Structured},
};

use crate::number::significant;

/// The cells of a grid in the table.
pub(super) struct Words {
    pub(super) reference: String,
    pub(super) step: String,
    pub(super) km: String,
    pub(super) lat: String,
    pub(super) lon: String,
    pub(super) pole: &'static str,
    pub(super) what: String,
}

impl Words {
    pub(super) fn of(grid: &Grid) -> Self {
        let extent = grid.extent();
        let [west, east] = extent.lon;
        // Longitudes as people write them: -75, not 285.
        let turn = if east - west < 360.0 && west > 180.0 { 360.0 } else { 0.0 };
        let part = part(grid);
        let km = middle(grid).map(|(dx, dy)| format!("{} x {}", significant(dx, 4), significant(dy, 4)));
        Self {
            reference: reference(grid).map_or_else(dash, String::from),
            step: part.and_then(step).unwrap_or_else(dash),
            km: km.unwrap_or_else(dash),
            lat: range(extent.lat),
            lon: range([west - turn, east - turn]),
            pole: match grid.contains_pole() {
                (true, true) => "NS",
                (true, false) => "N",
                (false, true) => "S",
                (false, false) => "-",
            },
            what: what(grid),
        }
    }
}

fn dash() -> String {
    "-".to_owned()
}

fn range([low, high]: [f64; 2]) -> String {
    if !low.is_finite() {
        return dash();
    }
    let (low, high) = (degrees(low), degrees(high));
    if low == high { low } else { format!("{low}..{high}") }
}

fn degrees(value: f64) -> String {
    let rounded = (value * 1e4).round() / 1e4;
    significant(if rounded == 0.0 { 0.0 } else { rounded }, 8)
}

/// The columns and rows that a grid has on a plane; those of Yin for a pair.
fn part(grid: &Grid) -> Option<&Structured> {
    match grid.geometry() {
        Geometry::Structured(grid) => Some(grid),
        Geometry::YinYang(pair) => Some(pair.yin()),
        _ => None,
    }
}

/// The letter of the grid that axes refer to.
pub(super) fn reference(grid: &Grid) -> Option<char> {
    if !matches!(grid.letter(), b'Z' | b'#' | b'U') {
        return None;
    }
    Some(match part(grid)?.projection() {
        Projection::LatLon { .. } => 'L',
        Projection::Rotated(_) => 'E',
        Projection::PolarStereographic(polar) if polar.north() => 'N',
        Projection::PolarStereographic(_) => 'S',
        Projection::Wkt(_) => 'W',
        _ => return None,
    })
}

/// Distances of columns and rows in km in the middle of a grid.
pub(super) fn middle(grid: &Grid) -> Option<(f64, f64)> {
    let rows = part(grid).map_or(grid.nj(), Structured::nj);
    let has_cells =
        !matches!(grid.geometry(), Geometry::Cloud(_) | Geometry::Mesh(_) | Geometry::Station(_) | Geometry::None);
    let km =
        has_cells.then(|| grid.resolution_km(f64::midpoint(1.0, grid.ni() as f64), f64::midpoint(1.0, rows as f64)))?;
    (km.0.is_finite() && km.1.is_finite()).then_some(km)
}

/// Distances of columns and of rows on the plane.
fn step(part: &Structured) -> Option<String> {
    let (x, y) = part.crs_axes()?;
    let is_angle = part.crs()?.is_geographic();
    let unit = if is_angle { 1.0 } else { 1000.0 };
    let (x, y) = (steps(&x, unit)?, steps(&y, unit)?);
    Some(format!("{x} x {y}{}", if is_angle { "" } else { " km" }))
}

/// `0.25`, or `0.1-0.9` where steps differ.
fn steps(axis: &[f64], unit: f64) -> Option<String> {
    let steps = || axis.windows(2).filter_map(|pair| if let [a, b] = pair { Some((b - a).abs() / unit) } else { None });
    let (low, high) = (steps().fold(f64::INFINITY, f64::min), steps().fold(0.0, f64::max));
    if !low.is_finite() {
        return None;
    }
    // Axes of single precision are not exactly even.
    let even = high - low <= 2e-3 * high;
    let mean = (axis.last()? - axis.first()?).abs() / unit / (axis.len() as f64 - 1.0);
    Some(if even { significant(mean, 5) } else { format!("{}-{}", significant(low, 4), significant(high, 4)) })
}

/// What kind of grid it is.
pub(super) fn what(grid: &Grid) -> String {
    match grid.geometry() {
        Geometry::Structured(part) => match grid.letter() {
            b'G' => "Gaussian latitudes".to_owned(),
            _ => projection(part.projection()),
        },
        Geometry::YinYang(pair) => format!("Yin-Yang, Yin is {}", projection(pair.yin().projection())),
        Geometry::CubedSphere(cube) => format!("cubed sphere, 6 panels of {0} x {0}", cube.n()),
        Geometry::Radar(radar) => format!("radar at {}", place(radar.place())),
        Geometry::Station(station) => format!("station at {}", place((station.lat, station.lon))),
        Geometry::Curvilinear(_) => "curvilinear".to_owned(),
        Geometry::Mesh(mesh) => format!("{} triangles", mesh.triangles().len()),
        Geometry::Cloud(_) => "points".to_owned(),
        _ => "no place on the globe".to_owned(),
    }
}

fn projection(projection: &Projection) -> String {
    match projection {
        Projection::LatLon { .. } => "lat-lon".to_owned(),
        Projection::Rotated(rotation) => {
            let pole = rotation.inverse(90.0, 0.0);
            if 90.0 - pole.0 < 1e-9 { "lat-lon".to_owned() } else { format!("rotated, pole at {}", place(pole)) }
        }
        Projection::PolarStereographic(polar) => {
            let pole = if polar.north() { "north" } else { "south" };
            format!(
                "polar stereographic ({pole}), {} km at 60 degrees, dgrw {}",
                significant(polar.d60() / 1000.0, 6),
                degrees(polar.dgrw())
            )
        }
        Projection::Lambert(lambert) => {
            let [one, two] = lambert.parallels();
            format!("Lambert conformal, parallels {} and {}", degrees(one), degrees(two))
        }
        Projection::Wkt(_) => "projection as text".to_owned(),
        _ => "-".to_owned(),
    }
}

/// `45.5 N 73.6 W`.
pub(super) fn place((lat, lon): (f64, f64)) -> String {
    if !lat.is_finite() || !lon.is_finite() {
        return dash();
    }
    let (north, lon) = (if lat < 0.0 { 'S' } else { 'N' }, centred(lon));
    let east = if lon < 0.0 { 'W' } else { 'E' };
    format!("{} {north} {} {east}", degrees(lat.abs()), degrees(lon.abs()))
}

/// From -180 to 180.
pub(super) fn centred(lon: f64) -> f64 {
    if lon > 180.0 { lon - 360.0 } else { lon }
}
