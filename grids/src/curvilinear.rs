//! Curvilinear grids (O): longitude and latitude of every point, in columns and rows.

mod around;

use std::sync::OnceLock;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::error::{Error, Result};
use crate::geometry::{CellBounds, Positions, bounds};
use crate::nearest::PointIndex;
use crate::sphere::{cross, dot, mod360, position, unit};

/// Columns and rows of cells that the index holds as one.
const BLOCK: usize = 4;
/// A position this far outside a cell, in cells, still belongs to it: rounding must not open gaps.
const SLACK: f64 = 1e-9;

/// Four corners in the plane: at (0, 0), (1, 0), (1, 1) and (0, 1) of the cell.
type Corners = [[f64; 2]; 4];

/// Points in columns and rows whose positions are listed one by one, as ocean models have them.
///
/// Between points, longitude and latitude are bilinear. In a cell around a pole, where longitude makes no sense, unit vectors are.
///
/// ```
/// use rpnfst_grids::Curvilinear;
/// let lon = vec![-10.0, 0.0, 10.0, -12.0, 0.0, 12.0];
/// let lat = vec![50.0, 51.0, 50.0, 60.0, 61.0, 60.0];
/// let grid = Curvilinear::new(3, 2, lon, lat)?;
/// let (lat, lon) = grid.point(2.5, 1.25);
/// assert!((lat - 53.0).abs() < 1e-12 && (lon - 5.25).abs() < 1e-12);
/// let (x, y) = grid.locate(lat, lon).unwrap();
/// assert!((x - 2.5).abs() < 1e-9 && (y - 1.25).abs() < 1e-9);
/// assert_eq!(grid.locate(0.0, 0.0), None);
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Curvilinear {
    ni: usize,
    nj: usize,
    lat: Vec<f64>,
    lon: Vec<f64>,
    /// Cells lie between the last column and the first.
    closes: bool,
    /// Boxes around blocks of cells, by the block's first column and row.
    blocks: RTree<GeomWithData<Rectangle<[f64; 3]>, [u32; 2]>>,
    nodes: OnceLock<PointIndex>,
}

/// An angle in -180 to 180.
fn half_turn(degrees: f64) -> f64 {
    mod360(degrees + 180.0) - 180.0
}

/// How a cell lies in the plane.
enum Cell {
    /// Corners (longitude, latitude), each within half a turn of the first.
    Plane(Corners),
    /// A pole is inside: unit vectors of the corners.
    Polar([[f64; 3]; 4]),
}

impl Curvilinear {
    /// A grid of `ni` columns and `nj` rows, positions in degrees, columns fastest. Cells with a corner that is not finite are no cells.
    ///
    /// # Errors
    /// Less than two columns or rows, lists that have not `ni * nj` values.
    pub fn new(ni: usize, nj: usize, mut lon: Vec<f64>, lat: Vec<f64>) -> Result<Self> {
        let size = |reason| Error::Size { letter: 'O', ni, nj, reason };
        if ni < 2 || nj < 2 {
            return Err(size("it has at least two columns and rows"));
        }
        let expected =
            ni.checked_mul(nj).filter(|&n| u32::try_from(n).is_ok()).ok_or_else(|| size("more than 2^32 points"))?;
        for (what, found) in [("longitudes", lon.len()), ("latitudes", lat.len())] {
            if found != expected {
                return Err(Error::Length { what, found, expected });
            }
        }
        for lon in &mut lon {
            *lon = mod360(*lon);
        }
        let mut grid = Self { ni, nj, lat, lon, closes: false, blocks: RTree::new(), nodes: OnceLock::new() };
        grid.closes = grid.has_gap();
        grid.blocks = grid.index_blocks();
        Ok(grid)
    }

    /// Whether the columns go round the globe and the first follows the last: as far from it as columns are elsewhere.
    fn has_gap(&self) -> bool {
        let rows = [0, self.nj / 2, self.nj - 1];
        rows.iter().any(|&j| {
            let at = |i| self.node(i, j).1;
            let steps: Vec<f64> = (1..self.ni).map(|i| half_turn(at(i) - at(i - 1))).collect();
            let closing = half_turn(at(0) - at(self.ni - 1));
            let sum: f64 = steps.iter().sum();
            let most = steps.iter().map(|s| s.abs()).fold(0.0, f64::max);
            ((sum + closing).abs() - 360.0).abs() < 1e-3
                && closing * sum > 0.0
                && closing.abs() > 0.01 * most
                && closing.abs() < 1.5 * most
        })
    }

    fn index_blocks(&self) -> RTree<GeomWithData<Rectangle<[f64; 3]>, [u32; 2]>> {
        let mut boxes = Vec::new();
        for j in (0..self.nj - 1).step_by(BLOCK) {
            for i in (0..self.columns()).step_by(BLOCK) {
                let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
                for (column, row) in self.block(i, j) {
                    let Some((corners, bulge)) = self.reach(column, row) else { continue };
                    for p in corners {
                        for ((l, h), v) in low.iter_mut().zip(&mut high).zip(p) {
                            *l = l.min(v - bulge);
                            *h = h.max(v + bulge);
                        }
                    }
                }
                if let (Ok(i), Ok(j)) = (u32::try_from(i), u32::try_from(j))
                    && low.iter().zip(&high).all(|(l, h)| l <= h)
                {
                    boxes.push(GeomWithData::new(Rectangle::from_corners(low, high), [i, j]));
                }
            }
        }
        RTree::bulk_load(boxes)
    }

    /// Columns of cells between points.
    fn columns(&self) -> usize {
        self.ni - usize::from(!self.closes)
    }

    fn block(&self, i: usize, j: usize) -> impl Iterator<Item = (usize, usize)> {
        let columns = i..(i + BLOCK).min(self.columns());
        let rows = j..(j + BLOCK).min(self.nj - 1);
        rows.flat_map(move |row| columns.clone().map(move |column| (column, row)))
    }

    /// Latitude and longitude as listed; the column after the last is the first.
    fn node(&self, i: usize, j: usize) -> (f64, f64) {
        let k = j * self.ni + i % self.ni;
        let at = |list: &[f64]| list.get(k).copied().unwrap_or(f64::NAN);
        (at(&self.lat), at(&self.lon))
    }

    fn corners(&self, i: usize, j: usize) -> [(f64, f64); 4] {
        [self.node(i, j), self.node(i + 1, j), self.node(i + 1, j + 1), self.node(i, j + 1)]
    }

    fn cell(&self, i: usize, j: usize) -> Option<Cell> {
        let corners = self.corners(i, j);
        if corners.iter().any(|(lat, lon)| !(lat.is_finite() && lon.is_finite())) {
            return None;
        }
        let [a, b, c, d] = corners.map(|p| p.1);
        let round = half_turn(b - a) + half_turn(c - b) + half_turn(d - c) + half_turn(a - d);
        if round.abs() > 1.0 {
            return Some(Cell::Polar(corners.map(|(lat, lon)| unit(lat, lon))));
        }
        Some(Cell::Plane(corners.map(|(lat, lon)| [a + half_turn(lon - a), lat])))
    }

    /// Unit vectors of the corners of a cell, and how far the cell may reach beyond the box around them.
    fn reach(&self, i: usize, j: usize) -> Option<([[f64; 3]; 4], f64)> {
        let cell = self.cell(i, j)?;
        let corners = self.corners(i, j).map(|(lat, lon)| unit(lat, lon));
        let bulge = match cell {
            Cell::Polar(_) => 1.0,
            Cell::Plane(points) => {
                let span = |k: usize| {
                    let values = points.map(|p| p.get(k).copied().unwrap_or(0.0));
                    values.into_iter().fold(f64::NEG_INFINITY, f64::max)
                        - values.into_iter().fold(f64::INFINITY, f64::min)
                };
                // An eighth of the square of the arc is how far an arc leaves its chord; both directions bend.
                let (lon, lat) = (span(0).to_radians(), span(1).to_radians());
                let cos = points.map(|p| p[1].to_radians().cos()).into_iter().fold(0.0, f64::max);
                ((lat * lat + 2.0 * lat * lon + lon * lon * (cos + lat)) / 4.0).min(1.0) + 1e-12
            }
        };
        Some((corners, bulge))
    }

    /// Columns.
    pub fn ni(&self) -> usize {
        self.ni
    }

    /// Rows.
    pub fn nj(&self) -> usize {
        self.nj
    }

    /// Latitudes of the points.
    pub fn lat(&self) -> &[f64] {
        &self.lat
    }

    /// Longitudes of the points, 0 to 360.
    pub fn lon(&self) -> &[f64] {
        &self.lon
    }

    /// Whether there are cells between the last column and the first.
    pub fn closes(&self) -> bool {
        self.closes
    }

    /// The spatial index of the points, made when it is first asked for.
    pub fn nodes(&self) -> &PointIndex {
        self.nodes.get_or_init(|| PointIndex::of_finite(&self.lat, &self.lon))
    }

    /// Latitude and longitude, 0 to 360, of a position (x, y) that counts from 1. Positions off the grid are moved to its edge.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        if x.is_nan() || y.is_nan() {
            return (f64::NAN, f64::NAN);
        }
        let (u, v) = ((x - 1.0).clamp(0.0, self.columns() as f64), (y - 1.0).clamp(0.0, (self.nj - 1) as f64));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "on the grid")]
        let (i, j) = ((u as usize).min(self.columns() - 1), (v as usize).min(self.nj - 2));
        let (u, v) = (u - i as f64, v - j as f64);
        let weights = [(1.0 - u) * (1.0 - v), u * (1.0 - v), u * v, (1.0 - u) * v];
        match self.cell(i, j) {
            Some(Cell::Plane(corners)) => {
                let sum =
                    |k: usize| corners.iter().zip(weights).map(|(p, w)| p.get(k).map_or(f64::NAN, |c| c * w)).sum();
                let (lon, lat): (f64, f64) = (sum(0), sum(1));
                (lat, mod360(lon))
            }
            Some(Cell::Polar(corners)) => {
                let mut sum = [0.0; 3];
                for (p, w) in corners.iter().zip(weights) {
                    for (s, c) in sum.iter_mut().zip(p) {
                        *s += w * c;
                    }
                }
                position(sum)
            }
            None => (f64::NAN, f64::NAN),
        }
    }

    /// The position (x, y), from 1, of a latitude and longitude; `None` if no cell holds it.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        if !(lat.is_finite() && lon.is_finite()) {
            return None;
        }
        // How far outside a cell, the cell, and where in it: the best of them, of equals the first.
        let mut best: Option<(f64, usize, [f64; 2])> = None;
        for found in self.blocks.locate_in_envelope_intersecting(AABB::from_point(unit(lat, lon))) {
            let [i, j] = found.data;
            for (column, row) in self.block(i as usize, j as usize) {
                let Some([u, v]) = self.within(column, row, lat, lon) else { continue };
                let outside = (-u).max(u - 1.0).max(-v).max(v - 1.0).max(0.0);
                let number = row * self.ni + column;
                if outside <= SLACK && best.is_none_or(|(o, n, _)| outside.total_cmp(&o).then(number.cmp(&n)).is_lt()) {
                    best = Some((outside, number, [u, v]));
                }
            }
        }
        best.map(|(_, number, [u, v])| {
            let (i, j) = (number % self.ni, number / self.ni);
            (1.0 + i as f64 + u.clamp(0.0, 1.0), 1.0 + j as f64 + v.clamp(0.0, 1.0))
        })
    }

    /// Where in a cell a position is: (0, 0) to (1, 1) inside.
    fn within(&self, i: usize, j: usize, lat: f64, lon: f64) -> Option<[f64; 2]> {
        match self.cell(i, j)? {
            Cell::Plane(corners) => {
                let centre = corners.iter().map(|p| p[0]).sum::<f64>() / 4.0;
                invert(&corners, [centre + half_turn(lon - centre), lat])
            }
            Cell::Polar(corners) => {
                // Seen along the position, the combination of corners that has its direction is at the origin.
                let p = unit(lat, lon);
                let axis = if p[0].abs() < 0.5 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
                let across = cross(axis, p);
                let along = cross(p, across);
                let place = invert(&corners.map(|c| [dot(c, across), dot(c, along)]), [0.0; 2])?;
                (corners.iter().map(|&c| dot(c, p)).sum::<f64>() > 0.0).then_some(place)
            }
        }
    }
}

impl Positions for Curvilinear {
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

    fn cell_bounds(&self, ni: usize, _nj: usize) -> Option<CellBounds> {
        let (lat, lon): (Vec<_>, Vec<_>) = self.corner_lattice().into_iter().map(position).unzip();
        Some(bounds(&lat, &lon, ni, self.right_handed()))
    }

    fn wraps(&self) -> bool {
        self.closes
    }

    fn poles(&self, _ni: usize, _nj: usize) -> (bool, bool) {
        (self.locate(90.0, 0.0).is_some(), self.locate(-90.0, 0.0).is_some())
    }
}

impl PartialEq for Curvilinear {
    fn eq(&self, other: &Self) -> bool {
        (self.ni, self.nj, &self.lat, &self.lon) == (other.ni, other.nj, &other.lat, &other.lon)
    }
}

/// Solves `a + (b - a) u + (d - a) v + (a - b + c - d) u v = p` for (u, v): of two solutions, the one nearer to the cell.
fn invert(&[a, b, c, d]: &Corners, p: [f64; 2]) -> Option<[f64; 2]> {
    let minus = |p: [f64; 2], q: [f64; 2]| [p[0] - q[0], p[1] - q[1]];
    let wedge = |p: [f64; 2], q: [f64; 2]| p[0] * q[1] - p[1] * q[0];
    let (e, f, h) = (minus(b, a), minus(d, a), minus(p, a));
    let g = minus(minus(c, b), f);
    let (quadratic, linear, constant) = (wedge(g, f), wedge(e, f) + wedge(h, g), wedge(h, e));
    let size = linear.abs() + quadratic.abs() + constant.abs();
    let roots = if quadratic.abs() <= 1e-14 * size {
        [-constant / linear, f64::NAN]
    } else {
        let square = linear * linear - 4.0 * quadratic * constant;
        if square < -1e-12 * size * size {
            return None;
        }
        let root = square.max(0.0).sqrt();
        let half = -0.5 * (linear + root.copysign(linear));
        [half / quadratic, constant / half]
    };
    let outside = |v: f64| (-v).max(v - 1.0);
    let mut best = None;
    for v in roots {
        let along = [e[0] + g[0] * v, e[1] + g[1] * v];
        let rest = [h[0] - f[0] * v, h[1] - f[1] * v];
        let u = if along[0].abs() > along[1].abs() { rest[0] / along[0] } else { rest[1] / along[1] };
        let far = outside(u).max(outside(v));
        if u.is_finite() && v.is_finite() && best.is_none_or(|(other, _)| far < other) {
            best = Some((far, [u, v]));
        }
    }
    best.map(|b| b.1)
}

#[cfg(test)]
mod tests;
