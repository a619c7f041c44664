//! The cells that the points of a grid stand for.

use super::cells::{Cells, Lattice, Pieces};
use super::polygon::{Quad, Unit, middle};
use crate::sphere::{cross, dot, unit};
use crate::{Curvilinear, Error, Geometry, Grid, Mesh, Projection, Result, Structured, YinYang};

/// For what cells are needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Each place belongs to one cell: columns that stand for one meridian share it.
    Source,
    /// Each point has a whole cell.
    Target,
}

/// Which places end and begin the columns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seam {
    /// Columns do not go round.
    Open,
    /// The last column repeats the first.
    Repeated,
    /// The first column follows the last.
    Periodic,
}

/// The cells of a grid.
///
/// # Errors
/// The grid has no cells.
pub(crate) fn cells(grid: &Grid, role: Role) -> Result<Cells> {
    let none = || Error::Unsupported { letter: char::from(grid.letter()), what: "cells" };
    if !grid.has_positions() || u32::try_from(grid.len()).is_err() {
        return Err(none());
    }
    let mut cells = Cells { len: grid.len(), ..Cells::default() };
    match grid.geometry() {
        Geometry::Structured(grid) => cells.lattices.extend(structured(grid, role, 0)),
        Geometry::Curvilinear(grid) => curvilinear(grid, role, &mut cells),
        Geometry::YinYang(grid) => yin_yang(grid, role, &mut cells),
        Geometry::Mesh(mesh) => cells.pieces = Pieces::new(around_nodes(mesh)),
        Geometry::CubedSphere(_) | Geometry::Radar(_) => {
            let bounds = grid.cell_bounds()?;
            let corners: Vec<Unit> = bounds.lat.iter().zip(&bounds.lon).map(|(&lat, &lon)| unit(lat, lon)).collect();
            cells.pieces = Pieces::new((0..).zip(corners.as_chunks::<4>().0.iter().copied()).collect());
        }
        Geometry::Cloud(_) | Geometry::Station(_) | Geometry::None => return Err(none()),
    }
    Ok(cells)
}

/// How the columns of a grid meet.
pub(crate) fn seam(grid: &Structured) -> Seam {
    let Some(degrees) = degrees_of_x(grid.projection()) else { return Seam::Open };
    let n = grid.ni() as f64;
    let x = |i: f64| grid.plane(i, 1.0).0 * degrees;
    let (span, step) = ((x(n) - x(1.0)).abs(), (x(n) - x(n - 1.0)).abs());
    if (span - 360.0).abs() <= 0.01 * step {
        Seam::Repeated
    } else if (span + step - 360.0).abs() <= 0.5 * step {
        Seam::Periodic
    } else {
        Seam::Open
    }
}

/// Degrees of longitude, turned or not, for 1 of X.
fn degrees_of_x(projection: &Projection) -> Option<f64> {
    match projection {
        Projection::LatLon { dlon, .. } => Some(*dlon),
        Projection::Rotated(_) => Some(1.0),
        _ => None,
    }
}

/// The X of the lines between columns.
fn column_lines(grid: &Structured, role: Role) -> Vec<f64> {
    let ni = grid.ni();
    let mut lines: Vec<f64> = (0..=ni).map(|i| grid.plane(i as f64 + 0.5, 1.0).0).collect();
    let turn = degrees_of_x(grid.projection()).map_or(0.0, |d| 360.0 / d.abs());
    let (first, last) = (grid.plane(1.0, 1.0).0, grid.plane(ni as f64, 1.0).0);
    let turn = if last >= first { turn } else { -turn };
    let ends = match (seam(grid), role) {
        (Seam::Repeated, Role::Source) => Some((first, last)),
        // Half a cell beyond, as wide as on the other side.
        (Seam::Repeated, Role::Target) => {
            let (second, last_but_one) = (grid.plane(2.0, 1.0).0, grid.plane(ni as f64 - 1.0, 1.0).0);
            Some((first - (last - last_but_one) / 2.0, last + (second - first) / 2.0))
        }
        (Seam::Periodic, _) => {
            let line = f64::midpoint(last, first + turn);
            Some((line - turn, line))
        }
        (Seam::Open, _) => None,
    };
    if let Some((west, east)) = ends {
        if let Some(line) = lines.first_mut() {
            *line = west;
        }
        if let Some(line) = lines.last_mut() {
            *line = east;
        }
    }
    lines
}

/// The Y of the lines between rows, kept on the sphere where Y is a latitude. A last line near a pole is the pole.
fn row_lines(grid: &Structured) -> Vec<f64> {
    let nj = grid.nj();
    let mut lines: Vec<f64> = (0..=nj).map(|j| grid.plane(1.0, j as f64 + 0.5).1).collect();
    let (lat0, dlat) = match grid.projection() {
        Projection::LatLon { lat0, dlat, .. } => (*lat0, *dlat),
        Projection::Rotated(_) => (0.0, 1.0),
        _ => return lines,
    };
    let round = seam(grid) != Seam::Open;
    let count = lines.len();
    let heights: Vec<f64> = lines.windows(2).map(|w| (w[1] - w[0]).abs() * dlat.abs()).collect();
    for (k, line) in lines.iter_mut().enumerate() {
        let lat = lat0 + dlat * *line;
        let height = heights.get(k.min(count.saturating_sub(2))).copied().unwrap_or(0.0);
        // Gaussian rows end 0.27 rows before the pole.
        let reaches = (k == 0 || k + 1 == count) && round && 90.0 - lat.abs() < 0.3 * height;
        if lat.abs() > 90.0 || reaches {
            *line = (90.0_f64.copysign(lat) - lat0) / dlat;
        }
    }
    lines
}

/// Whether the cells of the first and of the last row end at a pole of the grid's plane.
pub(crate) fn reach_poles(grid: &Structured) -> (bool, bool) {
    let (lat0, dlat) = match grid.projection() {
        Projection::LatLon { lat0, dlat, .. } => (*lat0, *dlat),
        Projection::Rotated(_) => (0.0, 1.0),
        _ => return (false, false),
    };
    let lines = row_lines(grid);
    let pole = |line: Option<&f64>| line.is_some_and(|y| (lat0 + dlat * y).abs() > 90.0 - 1e-9);
    (pole(lines.first()), pole(lines.last()))
}

/// Longitudes of the lines between columns and latitudes of those between rows, in degrees about the poles of the grid's plane. `None`
/// unless both grids have such lines about the same poles.
pub(crate) fn lines_in_degrees(grid: &Grid, other: &Grid, role: Role) -> Option<(Vec<f64>, Vec<f64>)> {
    let (Geometry::Structured(grid), Geometry::Structured(other)) = (grid.geometry(), other.geometry()) else {
        return None;
    };
    let (columns, rows) = (column_lines(grid, role), row_lines(grid));
    match (grid.projection(), other.projection()) {
        (Projection::LatLon { lat0, lon0, dlat, dlon }, Projection::LatLon { .. }) => Some((
            columns.into_iter().map(|x| lon0 + dlon * x).collect(),
            rows.into_iter().map(|y| lat0 + dlat * y).collect(),
        )),
        (Projection::Rotated(a), Projection::Rotated(b)) if a == b => Some((columns, rows)),
        _ => None,
    }
}

fn structured(grid: &Structured, role: Role, first: usize) -> Option<Lattice> {
    let (columns, rows) = (column_lines(grid, role), row_lines(grid));
    let width = columns.len();
    let mut corners = vec![[0.0; 3]; width.checked_mul(rows.len())?];
    let periodic = seam(grid) == Seam::Periodic || (seam(grid) == Seam::Repeated && role == Role::Source);
    crate::parallel::rows(&mut corners, width, |row, corners| {
        let y = rows.get(row).copied().unwrap_or(f64::NAN);
        for (corner, &x) in corners.iter_mut().zip(&columns) {
            let (lat, lon) = grid.projection().to_sphere(x, y);
            *corner = unit(lat, lon);
        }
        // One line, to the last bit.
        if periodic && let [start, .., end] = corners {
            *end = *start;
        }
    });
    if seam(grid) == Seam::Repeated && role == Role::Source {
        cut_at_seam(&mut corners, width);
    }
    Lattice::new(corners, grid.ni(), grid.nj(), first)
}

/// Moves the corners on the meridian that cuts the first and last column onto the sides of the whole cell, so that both halves add up
/// to it.
fn cut_at_seam(corners: &mut [Unit], width: usize) {
    let cuts: Vec<Option<Unit>> = corners.chunks(width).map(|row| row.first().copied()).collect();
    for (k, row) in corners.chunks_mut(width).enumerate() {
        let another = cuts.get(usize::from(k == 0)).copied().flatten();
        let (Some(another), &mut [cut, after, .., before, _]) = (another, &mut *row) else { continue };
        let on_side = cross(cross(before, after), cross(cut, another));
        let length = dot(on_side, on_side).sqrt();
        if length > 1e-12 {
            let moved = on_side.map(|v| v / length.copysign(dot(on_side, cut)));
            if let [start, .., end] = row {
                (*start, *end) = (moved, moved);
            }
        }
    }
}

fn curvilinear(grid: &Curvilinear, role: Role, cells: &mut Cells) {
    cells.lattices.extend(Lattice::new(grid.corner_lattice(), grid.ni(), grid.nj(), 0));
    if role == Role::Source {
        cells.unused = grid.repeated();
    }
}

/// Both halves. As a source, a half gives the cells in its core, 45 to 315 by -45 to 45 degrees, and Yang none that Yin has.
fn yin_yang(grid: &YinYang, role: Role, cells: &mut Cells) {
    let mut first = 0;
    for (half, part) in grid.grids().iter().enumerate() {
        cells.lattices.extend(structured(part, role, first));
        first += part.ni() * part.nj();
        if role == Role::Source {
            for (j, i) in (1..=part.nj()).flat_map(|j| (1..=part.ni()).map(move |i| (j, i))) {
                let (lon, lat) = part.plane(i as f64, j as f64);
                let core = |lat: f64, lon: f64| (45.0..=315.0).contains(&lon) && (-45.0..=45.0).contains(&lat);
                let mut used = core(lat, lon);
                if half == 1 {
                    // What is not Yin's is Yang's: no gap between them.
                    let (lat, lon) = part.point(i as f64, j as f64);
                    let (lon, lat) = grid.yin().projection().to_plane(lat, lon);
                    used = !core(lat, lon);
                }
                cells.unused.push(!used);
            }
        }
    }
}

/// A third of each triangle belongs to each of its corners: four-sided pieces between the corner, the middles of two sides and the
/// middle of the triangle.
fn around_nodes(mesh: &Mesh) -> Vec<(u32, Quad)> {
    let node = |n: u32| {
        let at = |list: &[f64]| list.get(n as usize).copied().unwrap_or(f64::NAN);
        unit(at(mesh.lat()), at(mesh.lon()))
    };
    let triangles = mesh.distinct();
    let mut pieces = Vec::with_capacity(triangles.len() * 3);
    for (_, [a, b, c]) in triangles {
        let centre = middle(&[node(a), node(b), node(c)]);
        for (before, here, after) in [(c, a, b), (a, b, c), (b, c, a)] {
            let [p, q, r] = [before, here, after].map(node);
            // The same middle for both triangles at a side: in the order of the numbers.
            let half = |m: u32, n: u32, u: Unit, v: Unit| if m < n { middle(&[u, v]) } else { middle(&[v, u]) };
            pieces.push((here, [q, half(here, after, q, r), centre, half(before, here, p, q)]));
        }
    }
    pieces
}
