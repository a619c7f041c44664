//! The cells of a grid as spherical polygons, and which of them are near a place.

use core::ops::Range;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::polygon::{Quad, Unit};

/// Columns and rows of cells that the index holds as one.
const BLOCK: usize = 4;

/// Cells between lines of a lattice of corners.
#[derive(Debug)]
pub(crate) struct Lattice {
    /// `(nj + 1) * (ni + 1)` corners.
    corners: Vec<Unit>,
    ni: usize,
    nj: usize,
    /// The index of the first cell's value.
    first: usize,
}

impl Lattice {
    /// Cells of `ni` columns and `nj` rows, the first of which has the value `first`. `None` if the number of corners is another.
    pub(crate) fn new(corners: Vec<Unit>, ni: usize, nj: usize, first: usize) -> Option<Self> {
        let expected = ni.checked_add(1)?.checked_mul(nj.checked_add(1)?)?;
        (corners.len() == expected && ni > 0).then_some(Self { corners, ni, nj, first })
    }

    /// Columns and rows.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.ni, self.nj)
    }

    fn len(&self) -> usize {
        self.ni * self.nj
    }

    /// The corners of a row of corners, columns of a range.
    pub(crate) fn corners(&self, row: usize, columns: Range<usize>) -> &[Unit] {
        let start = row * (self.ni + 1);
        self.corners.get(start + columns.start..start + columns.end).unwrap_or_default()
    }

    fn quad(&self, i: usize, j: usize) -> Option<Quad> {
        let (below, above) = (self.corners(j, i..i + 2), self.corners(j + 1, i..i + 2));
        match (below, above) {
            (&[a, b], &[d, c]) => Some([a, b, c, d]),
            _ => None,
        }
    }
}

/// Cells, or parts of cells, one by one.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    quads: Vec<Quad>,
    /// The value of each, not decreasing.
    owners: Vec<u32>,
}

impl Pieces {
    /// Pieces in any order.
    pub(crate) fn new(mut pieces: Vec<(u32, Quad)>) -> Self {
        pieces.sort_by_key(|p| p.0);
        let (owners, quads) = pieces.into_iter().unzip();
        Self { quads, owners }
    }

    fn of(&self, owner: usize) -> &[Quad] {
        let start = self.owners.partition_point(|&o| (o as usize) < owner);
        let end = self.owners.partition_point(|&o| (o as usize) <= owner);
        self.quads.get(start..end).unwrap_or_default()
    }
}

/// The cells of a grid. Some values may have none.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    /// Values of the grid.
    pub(crate) len: usize,
    pub(crate) lattices: Vec<Lattice>,
    pub(crate) pieces: Pieces,
    /// Values whose cells do not count, because another value stands for the same place.
    pub(crate) unused: Vec<bool>,
}

impl Cells {
    /// Whether the value's cell counts.
    pub(crate) fn used(&self, index: usize) -> bool {
        !self.unused.get(index).copied().unwrap_or(false)
    }

    /// The parts of the cell of a value, into `out`.
    pub(crate) fn of(&self, index: usize, out: &mut Vec<Quad>) {
        out.clear();
        for lattice in &self.lattices {
            if let Some(k) = index.checked_sub(lattice.first)
                && k < lattice.len()
            {
                out.extend(lattice.quad(k % lattice.ni, k / lattice.ni));
            }
        }
        out.extend_from_slice(self.pieces.of(index));
    }

    /// All of them in one lattice that begins with the first value.
    pub(crate) fn single(&self) -> Option<&Lattice> {
        match self.lattices.as_slice() {
            [only] if only.first == 0 && only.len() == self.len && self.pieces.quads.is_empty() => Some(only),
            _ => None,
        }
    }
}

/// Some cells that lie together.
#[derive(Clone, Copy, Debug)]
enum Group {
    /// Cells of a lattice from a column and row on.
    Block {
        lattice: u32,
        i: u32,
        j: u32,
    },
    Piece(u32),
}

/// A spatial index of cells: boxes around unit vectors, so that poles and meridians are like any other place.
#[derive(Debug)]
pub(crate) struct CellTree {
    tree: RTree<GeomWithData<Rectangle<Unit>, Group>>,
}

/// A box around points, grown so far as the sphere bulges out of it between them.
pub(crate) fn around(points: impl Iterator<Item = Unit>) -> Option<(Unit, Unit)> {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for p in points {
        if p.iter().any(|v| !v.is_finite()) {
            continue;
        }
        for (k, v) in p.iter().enumerate() {
            if let (Some(l), Some(h)) = (low.get_mut(k), high.get_mut(k)) {
                *l = l.min(*v);
                *h = h.max(*v);
            }
        }
    }
    let diagonal: f64 = low.iter().zip(&high).map(|(l, h)| (h - l) * (h - l)).sum();
    // A mean of unit vectors no farther apart than D has a length of at least sqrt(1 - D^2/2).
    let bulge = 1.0 - (1.0 - diagonal / 2.0).max(0.0).sqrt() + 1e-14;
    diagonal.is_finite().then(|| (low.map(|v| v - bulge), high.map(|v| v + bulge)))
}

impl CellTree {
    pub(crate) fn new(cells: &Cells) -> Self {
        let mut boxes = Vec::new();
        let mut add = |bounds: Option<(Unit, Unit)>, group| {
            if let Some((low, high)) = bounds {
                boxes.push(GeomWithData::new(Rectangle::from_corners(low, high), group));
            }
        };
        for (number, lattice) in (0..).zip(&cells.lattices) {
            for j in (0..lattice.nj).step_by(BLOCK) {
                for i in (0..lattice.ni).step_by(BLOCK) {
                    let columns = i..(i + BLOCK).min(lattice.ni) + 1;
                    let rows = j..=(j + BLOCK).min(lattice.nj);
                    let points = rows.flat_map(|row| lattice.corners(row, columns.clone())).copied();
                    if let (Ok(i), Ok(j)) = (u32::try_from(i), u32::try_from(j)) {
                        add(around(points), Group::Block { lattice: number, i, j });
                    }
                }
            }
        }
        for (number, quad) in (0..).zip(&cells.pieces.quads) {
            add(around(quad.iter().copied()), Group::Piece(number));
        }
        Self { tree: RTree::bulk_load(boxes) }
    }

    /// Calls `f(index, cell)` for each cell that may touch a box, in no particular order.
    pub(crate) fn each(&self, cells: &Cells, (low, high): (Unit, Unit), mut f: impl FnMut(usize, &Quad)) {
        for group in self.tree.locate_in_envelope_intersecting(AABB::from_corners(low, high)) {
            match group.data {
                Group::Block { lattice, i, j } => {
                    let Some(lattice) = cells.lattices.get(lattice as usize) else { continue };
                    let (i, j) = (i as usize, j as usize);
                    for row in j..(j + BLOCK).min(lattice.nj) {
                        for column in i..(i + BLOCK).min(lattice.ni) {
                            if let Some(quad) = lattice.quad(column, row) {
                                f(lattice.first + row * lattice.ni + column, &quad);
                            }
                        }
                    }
                }
                Group::Piece(number) => {
                    let number = number as usize;
                    if let (Some(quad), Some(&owner)) =
                        (cells.pieces.quads.get(number), cells.pieces.owners.get(number))
                    {
                        f(owner as usize, quad);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(lat: f64, lon: f64) -> Unit {
        let (lat, lon) = (lat.to_radians(), lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }

    fn world(ni: usize, nj: usize) -> Cells {
        let step = |n: usize, span: f64, k: usize| span * k as f64 / n as f64;
        let corners =
            (0..=nj).flat_map(|j| (0..=ni).map(move |i| unit(step(nj, 180.0, j) - 90.0, step(ni, 360.0, i)))).collect();
        Cells { len: ni * nj, lattices: Lattice::new(corners, ni, nj, 0).into_iter().collect(), ..Cells::default() }
    }

    #[test]
    fn cells_near_a_place() {
        let cells = world(36, 18);
        let tree = CellTree::new(&cells);
        let mut found = vec![];
        let target = [unit(1.0, 1.0), unit(1.0, 2.0), unit(2.0, 2.0)];
        tree.each(&cells, around(target.into_iter()).unwrap(), |index, _| found.push(index));
        assert!(found.contains(&(9 * 36)), "{found:?}");
        assert!(found.len() <= 4 * BLOCK * BLOCK);
        found.clear();
        let pole = [unit(89.0, 0.0), unit(89.0, 120.0), unit(89.0, 240.0)];
        tree.each(&cells, around(pole.into_iter()).unwrap(), |index, _| found.push(index));
        for i in 0..36 {
            assert!(found.contains(&(17 * 36 + i)), "{i}");
        }
    }

    #[test]
    fn pieces_by_owner() {
        let quad = |v: f64| [[v; 3]; 4];
        let pieces = Pieces::new(vec![(2, quad(1.0)), (0, quad(2.0)), (2, quad(3.0))]);
        assert_eq!(pieces.of(0), [quad(2.0)]);
        assert!(pieces.of(1).is_empty());
        assert_eq!(pieces.of(2), [quad(1.0), quad(3.0)]);
    }

    #[test]
    fn sizes_that_disagree() {
        assert!(Lattice::new(vec![[0.0; 3]; 5], 1, 1, 0).is_none());
        assert!(Lattice::new(vec![], usize::MAX, 1, 0).is_none());
        assert!(Lattice::new(vec![[0.0; 3]], 0, 0, 0).is_none());
    }
}
