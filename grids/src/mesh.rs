//! Triangular meshes (M): values on nodes, positions by triangle.

use std::sync::OnceLock;

use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use crate::error::{Error, Result};
use crate::geometry::Positions;
use crate::nearest::PointIndex;
use crate::sphere::{cross, dot, mod360, position, unit};

/// A point this far outside a triangle still belongs to it, as a barycentric weight: rounding must not open gaps.
const SLACK: f64 = 1e-5;

/// A mesh of triangles between nodes.
///
/// A position (x, y) is a pair (3 t + b0, 3 t + b1) with the number t of the triangle, from 0, and the barycentric weights b0 and b1
/// of its first two nodes: libgeoref's convention.
///
/// ```
/// use rpnfst_grids::Mesh;
/// let mesh = Mesh::new(vec![0.0, 10.0, 0.0, 10.0], vec![0.0, 0.0, 10.0, 10.0], vec![0, 1, 2, 1, 3, 2])?;
/// let found = mesh.triangle_at(8.0, 7.0).unwrap();
/// assert_eq!((found.triangle, found.nodes), (1, [1, 3, 2]));
/// assert!((found.weights[1] - 0.5).abs() < 1e-12);
/// let (x, y) = mesh.locate(8.0, 7.0).unwrap();
/// let (lat, lon) = mesh.point(x, y);
/// assert!((lat - 8.0).abs() < 1e-12 && (lon - 7.0).abs() < 1e-12);
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mesh {
    lat: Vec<f64>,
    lon: Vec<f64>,
    /// Three node numbers a triangle.
    triangles: Vec<u32>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    index: OnceLock<PointIndex>,
}

/// A position in a triangle.
///
/// ```
/// # use rpnfst_grids::Mesh;
/// let mesh = Mesh::new(vec![0.0, 9.0, 0.0], vec![0.0, 0.0, 9.0], vec![0, 1, 2])?;
/// let found = mesh.triangle_at(3.0, 3.0).unwrap();
/// assert!(found.weights.iter().all(|w| (w - 1.0 / 3.0).abs() < 1e-12));
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct InTriangle {
    /// Which one, from 0.
    pub triangle: usize,
    /// Its nodes, from 0.
    pub nodes: [usize; 3],
    /// The weight of each node for a field that is linear within the triangle; their sum is 1.
    pub weights: [f64; 3],
}

/// A triangle in the plane of longitude and latitude: corners (longitude, latitude), within half a turn of the first.
fn plane(corners: [(f64, f64); 3]) -> Option<[[f64; 2]; 3]> {
    let [(a_lon, a_lat), b, c] = corners;
    let first = half_turn(a_lon);
    let near = |lon: f64| first + half_turn(lon - a_lon);
    let (b_lon, c_lon) = (near(b.0), near(c.0));
    // Round the pole, longitudes from corner to corner do not come back to where they began.
    let round = half_turn(b_lon - first) + half_turn(c_lon - b_lon) + half_turn(first - c_lon);
    (round.abs() < 1.0).then_some([[first, a_lat], [b_lon, b.1], [c_lon, c.1]])
}

/// An angle in -180 to 180.
fn half_turn(degrees: f64) -> f64 {
    let turned = mod360(degrees + 180.0) - 180.0;
    if turned <= -180.0 && degrees > 0.0 { 180.0 } else { turned }
}

impl Mesh {
    /// A mesh of nodes, in degrees, and of triangles: three node numbers each, from 0.
    ///
    /// # Errors
    /// Lists of different lengths, positions that are not finite, a number of node numbers that is no multiple of 3, a node number
    /// that is no node's.
    pub fn new(mut lon: Vec<f64>, lat: Vec<f64>, triangles: Vec<u32>) -> Result<Self> {
        if lat.len() != lon.len() {
            return Err(Error::Length { what: "longitudes", found: lon.len(), expected: lat.len() });
        }
        let finite = |list: &[f64]| list.iter().all(|v| v.is_finite());
        if !finite(&lat) || !finite(&lon) || lat.is_empty() || u32::try_from(lat.len()).is_err() {
            return Err(Error::Invalid {
                what: "nodes of the mesh",
                reason: "none, too many, or not all finite".into(),
            });
        }
        let (triples, rest) = triangles.as_chunks::<3>();
        let bad = triangles.iter().find(|&&n| n as usize >= lat.len());
        if !rest.is_empty() || bad.is_some() || u32::try_from(triples.len()).is_err() {
            let reason = bad.map_or_else(
                || format!("{} node numbers, expected three for each", triangles.len()),
                |n| format!("node {n} of {}", lat.len()),
            );
            return Err(Error::Invalid { what: "triangles of the mesh", reason });
        }
        for lon in &mut lon {
            *lon = mod360(*lon);
        }
        let mut mesh = Self { lat, lon, triangles, tree: RTree::new(), index: OnceLock::new() };
        let boxes = mesh.distinct().into_iter().map(|(t, nodes)| GeomWithData::new(mesh.bounds(nodes), t)).collect();
        mesh.tree = RTree::bulk_load(boxes);
        Ok(mesh)
    }

    /// Triangles with their numbers, in their order; of those between the same places the first.
    pub(crate) fn distinct(&self) -> Vec<(u32, [u32; 3])> {
        // The first node at the place of each.
        let place = |n: &u32| self.corners([*n; 3]).map(|(lon, lat)| (lon.to_bits(), lat.to_bits()));
        let mut order: Vec<u32> = (0..).zip(&self.lat).map(|(n, _)| n).collect();
        order.sort_unstable_by_key(|n| (place(n), *n));
        let mut first: Vec<u32> = vec![0; order.len()];
        for same in order.chunk_by(|a, b| place(a) == place(b)) {
            for n in same {
                if let (Some(place), Some(first)) = (first.get_mut(*n as usize), same.first()) {
                    *place = *first;
                }
            }
        }
        let places = |nodes: [u32; 3]| {
            let mut places = nodes.map(|n| first.get(n as usize).copied().unwrap_or(n));
            places.sort_unstable();
            places
        };
        let mut all: Vec<_> = (0..).zip(self.triangles()).map(|(t, &nodes)| (places(nodes), t, nodes)).collect();
        all.sort_unstable_by_key(|&(places, t, _)| (places, t));
        all.dedup_by_key(|&mut (places, ..)| places);
        all.sort_unstable_by_key(|&(_, t, _)| t);
        all.into_iter().map(|(_, t, nodes)| (t, nodes)).collect()
    }

    fn corners(&self, nodes: [u32; 3]) -> [(f64, f64); 3] {
        nodes.map(|n| {
            let at = |list: &[f64]| list.get(n as usize).copied().unwrap_or(f64::NAN);
            (at(&self.lon), at(&self.lat))
        })
    }

    /// Where points of the triangle may be, in degrees.
    fn bounds(&self, nodes: [u32; 3]) -> Rectangle<[f64; 2]> {
        let corners = self.corners(nodes);
        let range = |values: [f64; 3]| {
            let low = values.into_iter().fold(f64::INFINITY, f64::min);
            let high = values.into_iter().fold(f64::NEG_INFINITY, f64::max);
            let slack = (high - low) * 2.0 * SLACK;
            (low - slack, high + slack)
        };
        let (south, north) = range(corners.map(|c| c.1));
        let (west, south, east, north) = match plane(corners) {
            Some(points) => {
                let (west, east) = range(points.map(|p| p[0]));
                (west, south, east, north)
            }
            // A pole is inside. Arcs may come nearer to the equator than its corners do not: they bend to the pole.
            None if south + north > 0.0 => (-540.0, south, 540.0, 90.0),
            None => (-540.0, -90.0, 540.0, north),
        };
        Rectangle::from_corners([west, south], [east, north])
    }

    /// Latitudes of the nodes.
    pub fn lat(&self) -> &[f64] {
        &self.lat
    }

    /// Longitudes of the nodes, 0 to 360.
    pub fn lon(&self) -> &[f64] {
        &self.lon
    }

    /// Nodes of the triangles, from 0.
    pub fn triangles(&self) -> &[[u32; 3]] {
        self.triangles.as_chunks().0
    }

    /// The spatial index of the nodes, made when it is first asked for.
    pub fn nodes(&self) -> &PointIndex {
        self.index.get_or_init(|| PointIndex::of_finite(&self.lat, &self.lon))
    }

    /// Barycentric weights of a position in a triangle; negative ones outside. `None` if it has no area.
    fn weights(&self, nodes: [u32; 3], lat: f64, lon: f64) -> Option<[f64; 3]> {
        let corners = self.corners(nodes);
        let weights = if let Some([a, b, c]) = plane(corners) {
            // On the side of the triangle where the position is nearest to its middle.
            let (low, high) = (a[0].min(b[0]).min(c[0]), a[0].max(b[0]).max(c[0]));
            let centre = f64::midpoint(low, high);
            let p = [centre + half_turn(lon - centre), lat];
            let twice =
                |p: [f64; 2], q: [f64; 2], r: [f64; 2]| (q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1]);
            let whole = twice(a, b, c);
            let (first, second) = (twice(p, b, c) / whole, twice(a, p, c) / whole);
            [first, second, 1.0 - first - second]
        } else {
            // Round a pole: with unit vectors, on the plane through the corners.
            let [a, b, c] = corners.map(|(lon, lat)| unit(lat, lon));
            let p = unit(lat, lon);
            let parts = [dot(p, cross(b, c)), dot(a, cross(p, c)), dot(a, cross(b, p))];
            let whole: f64 = parts.iter().sum();
            let (first, second) = (parts[0] / whole, parts[1] / whole);
            [first, second, 1.0 - first - second]
        };
        weights.iter().all(|w| w.is_finite()).then_some(weights)
    }

    /// The triangle that holds a position; of several, on a common side, the one that holds it best. `None` outside of the mesh.
    ///
    /// Triangles that overlap are no mesh: then it is one of them, of equal ones the first.
    pub fn triangle_at(&self, lat: f64, lon: f64) -> Option<InTriangle> {
        if !(lat.is_finite() && lon.is_finite()) {
            return None;
        }
        let lon = half_turn(lon);
        let mut best: Option<(f64, u32, [f64; 3])> = None;
        'search: for turn in [0.0, -360.0, 360.0] {
            for found in self.tree.locate_in_envelope_intersecting(rstar::AABB::from_point([lon + turn, lat])) {
                let t = found.data;
                let nodes = self.triangles().get(t as usize).copied().unwrap_or_default();
                let Some(weights) = self.weights(nodes, lat, lon) else { continue };
                let least = weights.iter().copied().fold(f64::INFINITY, f64::min);
                let better = best.is_none_or(|(other, number, _)| other.total_cmp(&least).then(t.cmp(&number)).is_lt());
                if least >= -SLACK && better {
                    best = Some((least, t, weights));
                }
                // Well inside: no other triangle of a mesh holds it.
                if least > SLACK {
                    break 'search;
                }
            }
        }
        best.map(|(_, t, weights)| {
            let nodes = self.triangles().get(t as usize).copied().unwrap_or_default();
            InTriangle { triangle: t as usize, nodes: nodes.map(|n| n as usize), weights }
        })
    }

    /// The position of a latitude and longitude: (3 t + b0, 3 t + b1). `None` outside of the mesh.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        let found = self.triangle_at(lat, lon)?;
        let first = 3.0 * found.triangle as f64;
        let [b0, b1, _] = found.weights;
        Some((first + b0, first + b1))
    }

    /// Latitude and longitude of a position (3 t + b0, 3 t + b1); NaN where there is no triangle.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        // Weights may be a little below 0 or above 1; the nearest triangle is meant.
        let number = (f64::midpoint(x, y) / 3.0 + 0.25).floor();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; NaN is 0 and stays NaN below"
        )]
        let nodes = if number >= 0.0 { self.triangles().get(number as usize) } else { None };
        let Some(&nodes) = nodes else { return (f64::NAN, f64::NAN) };
        let (first, second) = (x - 3.0 * number, y - 3.0 * number);
        let weights = [first, second, 1.0 - first - second];
        let corners = self.corners(nodes);
        if let Some(points) = plane(corners) {
            let sum =
                |k: usize| points.iter().zip(weights).map(|(p, w)| p.get(k).map_or(f64::NAN, |v| v * w)).sum::<f64>();
            return (sum(1), mod360(sum(0)));
        }
        let mut sum = [0.0; 3];
        for ((lon, lat), w) in corners.into_iter().zip(weights) {
            for (s, v) in sum.iter_mut().zip(unit(lat, lon)) {
                *s += w * v;
            }
        }
        position(sum)
    }
}

impl Positions for Mesh {
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
        (self.triangle_at(90.0, 0.0).is_some(), self.triangle_at(-90.0, 0.0).is_some())
    }
}

impl PartialEq for Mesh {
    fn eq(&self, other: &Self) -> bool {
        (&self.lat, &self.lon, &self.triangles) == (&other.lat, &other.lon, &other.triangles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An octahedron, one corner at each pole, turned by an angle.
    fn octahedron(turn: f64) -> Mesh {
        let lon = vec![turn, turn + 90.0, turn + 180.0, turn - 90.0, 0.0, 77.0];
        let lat = vec![0.0, 0.0, 0.0, 0.0, 90.0, -90.0];
        Mesh::new(lon, lat, vec![0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4, 0, 5, 1, 1, 5, 2, 2, 5, 3, 3, 5, 0]).unwrap()
    }

    /// A cap round each pole, of three nodes each, and the belt between them.
    fn caps() -> Mesh {
        let lon = vec![0.0, 120.0, 240.0, 60.0, 180.0, 300.0];
        let lat = vec![50.0, 50.0, 50.0, -50.0, -50.0, -50.0];
        Mesh::new(lon, lat, vec![0, 1, 2, 3, 4, 5, 0, 3, 1, 1, 3, 4, 1, 4, 2, 2, 4, 5, 2, 5, 0, 0, 5, 3]).unwrap()
    }

    #[test]
    fn poles_and_the_date_line() {
        let mesh = caps();
        let pole = mesh.triangle_at(90.0, 123.0).unwrap();
        assert_eq!(pole.triangle, 0);
        assert!(pole.weights.iter().all(|w| (w - 1.0 / 3.0).abs() < 1e-12), "{pole:?}");
        assert_eq!(mesh.triangle_at(-89.0, 0.0).unwrap().triangle, 1);
        for lon in [180.0, -180.0, 540.0, 179.9999, 180.0001] {
            assert_eq!(mesh.triangle_at(0.0, lon).unwrap().triangle, 4, "{lon}");
        }
    }

    #[test]
    fn hostile() {
        assert!(Mesh::new(vec![], vec![], vec![]).is_err());
        assert!(Mesh::new(vec![f64::NAN], vec![0.0], vec![]).is_err());
        assert!(Mesh::new(vec![0.0; 3], vec![0.0; 3], vec![0, 1]).is_err());
        assert!(Mesh::new(vec![0.0; 3], vec![0.0; 3], vec![0, 1, 3]).is_err());
        // Without area.
        let flat = Mesh::new(vec![0.0; 3], vec![0.0; 3], vec![0, 1, 2]).unwrap();
        assert_eq!(flat.locate(0.0, 0.0), None);
        // Copies of one triangle, its corners in any order and under several numbers.
        let lon = vec![-170.0, 0.0, 170.0, 190.0];
        let triangles = [[0, 1, 2], [3, 1, 2], [2, 0, 1], [1, 3, 2]].concat().repeat(1000);
        let copies = Mesh::new(lon, vec![-80.0, 80.0, -80.0, -80.0], triangles).unwrap();
        assert_eq!((copies.triangles().len(), copies.tree.size()), (4000, 1));
        assert_eq!(copies.triangle_at(0.0, 0.0).unwrap().triangle, 0);
        let mesh = octahedron(10.0);
        assert_eq!(mesh.locate(f64::NAN, 0.0), None);
        for (x, y) in [(f64::NAN, 0.0), (-5.0, -5.0), (1e300, 0.0), (24.5, 24.5)] {
            assert!(mesh.point(x, y).0.is_nan(), "{x} {y}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back(t in 0..8_u32, first in 0.01..0.98_f64, rest in 0.01..0.99_f64) {
            let mesh = caps();
            let b0 = first;
            let b1 = (1.0 - first) * rest;
            let (x, y) = (3.0 * f64::from(t) + b0, 3.0 * f64::from(t) + b1);
            let (lat, lon) = mesh.point(x, y);
            let (x2, y2) = mesh.locate(lat, lon).unwrap();
            prop_assert!((x - x2).abs() < 1e-9 && (y - y2).abs() < 1e-9, "{} {} {} {}", x, y, x2, y2);
        }
    }
}
