//! First-order conservative weights: the areas that cells share.

use core::ops::Range;

use super::cells::{CellTree, Cells, Lattice, around};
use super::matrix::{Matrix, Rows, length};
use super::outline::{self, Role, Seam};
use super::polygon::{self, Quad, Unit, Window};
use super::product::{self, Product};
use crate::sphere::position;
use crate::{Geometry, Grid, Result, parallel};

/// Target cells that one task compares, if the target has no rows.
const CHUNK: usize = 1024;
/// Of a target cell covered up to this fraction, nothing is left to find.
const COMPLETE: f64 = 1.0 - 2e-13;
/// What is a smaller part of a target cell is rounding where lines coincide.
const NOTHING: f64 = 1e-13;
/// How far beyond a line, in cells, a corner may be by rounding.
const SLACK: f64 = 1e-10;

/// What overlaps are divided by.
///
/// ```
/// use rpnfst_grids::regrid::Normalize;
/// assert_eq!(Normalize::default(), Normalize::FracArea);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Normalize {
    /// By the part of the target cell that sources cover: the mean over that part.
    #[default]
    FracArea,
    /// By the area of the target cell: the total stays, and cells at the edge of the source get less.
    DestArea,
}

/// Where the corners of a target lattice are in a source lattice: 0 is the first line of its corners. NaN is nowhere.
pub(crate) struct CornerPlaces {
    x: Vec<f64>,
    y: Vec<f64>,
    /// Columns after which the source begins again.
    period: Option<usize>,
    /// The last line of corners is the first again, and no cell is cut there.
    seamless: bool,
}

/// What is computed, from which cells.
struct Overlaps<'a> {
    source: &'a Cells,
    target: &'a Cells,
    /// For two lattices: where to look first.
    places: Option<CornerPlaces>,
    /// Values that have a source: `false` takes no part.
    source_mask: Option<&'a [bool]>,
    /// Values that are wanted.
    target_mask: Option<&'a [bool]>,
    normalize: Normalize,
}

/// First-order conservative weights from one grid to another: the share of each target cell that each source cell covers.
///
/// Cells reach half way to the neighbours of a point. Between two grids of longitudes and latitudes about the same poles (A, B, G, L and Z on L, or
/// E and Z on E of one rotation) their sides are meridians and parallels. Between others they are arcs of great circles from corner to
/// corner, parallels too: CDO would keep those. Cells around the nodes of a mesh take a third of each triangle. Places where cells of one grid overlap (a repeated
/// column, the two halves of a Yin-Yang grid, the halo of an ocean grid) count once.
///
/// Values are those of a field that has one value in each cell. Masks are `true` for values that count (source), or are wanted (target).
///
/// # Errors
/// A grid has no cells (Y, +, X) or more than 2^32; a mask has another length than its grid.
///
/// ```
/// use rpnfst_grids::{Grid, regrid::{self, Normalize, SkipMissing}};
/// let source = Grid::new(b'A', 36, 18, [0; 4])?;
/// let target = Grid::new(b'A', 12, 6, [0; 4])?;
/// let weights = regrid::conservative(&source, &target, None, None, Normalize::FracArea)?;
/// let mut out = vec![0.0_f32; target.len()];
/// weights.apply(&vec![7.5_f32; source.len()], None, SkipMissing::default(), &mut out)?;
/// assert!(out.iter().all(|&v| v == 7.5));
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
pub fn conservative(
    source: &Grid,
    target: &Grid,
    source_mask: Option<&[bool]>,
    target_mask: Option<&[bool]>,
    normalize: Normalize,
) -> Result<Matrix> {
    for (what, mask, grid) in [("source mask", source_mask, source), ("target mask", target_mask, target)] {
        if let Some(mask) = mask {
            length(what, mask.len(), grid.len())?;
        }
    }
    if u32::try_from(source.len().max(target.len())).is_ok()
        && let Some(product) = Product::new(source, target)
    {
        return Ok(product.weights(|index, area, found| {
            if wanted(target_mask, index) {
                finish(found, area, source_mask, normalize);
            } else {
                found.clear();
            }
        }));
    }
    let (from, to) = (outline::cells(source, Role::Source)?, outline::cells(target, Role::Target)?);
    let places = CornerPlaces::new(source, &from, &to);
    Ok(Overlaps { source: &from, target: &to, places, source_mask, target_mask, normalize }.weights())
}

/// The areas of the cells of two grids in steradians, on a sphere of radius 1, as [`conservative`] compares them. Cells of one grid that
/// share a place have shares of it: areas add up to that of the grid.
///
/// # Errors
/// A grid has no cells (Y, +, X) or more than 2^32.
///
/// ```
/// use rpnfst_grids::{Grid, regrid};
/// let grids = (Grid::new(b'B', 13, 7, [0; 4])?, Grid::new(b'N', 20, 20, [105, 105, 0, 500])?);
/// let (globe, region) = regrid::cell_areas(&grids.0, &grids.1)?;
/// assert!((globe.iter().sum::<f64>() - 4.0 * std::f64::consts::PI).abs() < 1e-12);
/// assert_eq!(region.len(), 400);
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
pub fn cell_areas(source: &Grid, target: &Grid) -> Result<(Vec<f64>, Vec<f64>)> {
    if let (Some(from), Some(to)) = (product::areas(source, target), product::areas(target, source)) {
        return Ok((from, to));
    }
    Ok((areas(&outline::cells(source, Role::Source)?), areas(&outline::cells(target, Role::Source)?)))
}

fn wanted(mask: Option<&[bool]>, index: usize) -> bool {
    mask.is_none_or(|m| m.get(index).copied().unwrap_or(false))
}

/// Makes weights of the areas that a target cell shares.
fn finish(found: &mut Vec<(u32, f64)>, area: f64, source_mask: Option<&[bool]>, normalize: Normalize) {
    if source_mask.is_some() {
        found.retain(|&(column, _)| wanted(source_mask, column as usize));
    }
    let whole = match normalize {
        Normalize::FracArea => found.iter().map(|e| e.1).sum(),
        Normalize::DestArea => area,
    };
    for entry in found {
        entry.1 /= whole;
    }
}

/// Buffers of one task.
struct Scratch {
    window: Window,
    pieces: Vec<Quad>,
    projected: Vec<Unit>,
    found: Vec<(u32, f64)>,
}

impl Overlaps<'_> {
    /// The weights, a row for each target value.
    fn weights(&self) -> Matrix {
        let tree = CellTree::new(self.source);
        let row = self.target.single().map_or(CHUNK, |lattice| lattice.size().0);
        let chunks = self.target.len.div_ceil(row.max(1));
        let rows = parallel::map(chunks, |chunk| {
            let mut rows = Rows::default();
            let mut scratch =
                Scratch { window: Window::new(), pieces: Vec::new(), projected: Vec::new(), found: Vec::new() };
            for index in chunk * row..((chunk + 1) * row).min(self.target.len) {
                self.row(&tree, index, &mut scratch);
                rows.push(&scratch.found);
            }
            rows
        });
        Matrix::from_rows(self.source.len, rows)
    }

    /// The weights of one target value, into `scratch.found`.
    fn row(&self, tree: &CellTree, index: usize, scratch: &mut Scratch) {
        scratch.found.clear();
        if !wanted(self.target_mask, index) {
            return;
        }
        self.target.of(index, &mut scratch.pieces);
        scratch.window.set(&scratch.pieces);
        let area = scratch.window.area;
        if area <= 0.0 {
            return;
        }
        if !self.near(index, scratch) {
            self.search(tree, scratch);
        }
        scratch.found.retain(|&(_, shared)| shared > NOTHING * area);
        finish(&mut scratch.found, area, self.source_mask, self.normalize);
    }

    /// Compares with the source cells between the corners. False if they do not cover the target.
    fn near(&self, index: usize, scratch: &mut Scratch) -> bool {
        let (Some(places), Some(source), Some(target)) = (&self.places, self.source.single(), self.target.single())
        else {
            return false;
        };
        let Some((columns, rows)) = places.around(index, source, target) else { return false };
        let period = if places.seamless { source.size().0 } else { usize::MAX };
        let width = columns.len() + 1;
        let mut covered = 0.0;
        for part in 0..scratch.window.parts() {
            let points = (rows.start..=rows.end).flat_map(|row| {
                // A range that crosses the seam is two.
                let start = columns.start % period;
                let first = source.corners(row, start..(start + width).min(source.size().0 + 1));
                let rest = (width - first.len().min(width)).min(period);
                let second = if rest == 0 { &[][..] } else { source.corners(row, 1..1 + rest) };
                first.iter().chain(second).copied()
            });
            let (window, projected) = (&scratch.window, &mut scratch.projected);
            window.project(part, points, projected);
            if projected.len() != width * (rows.len() + 1) {
                return false;
            }
            for (k, row) in rows.clone().enumerate() {
                let lines =
                    projected.get(k * width..(k + 1) * width).zip(projected.get((k + 1) * width..(k + 2) * width));
                let Some((below, above)) = lines else { return false };
                for ((column, low), high) in columns.clone().zip(below.windows(2)).zip(above.windows(2)) {
                    if let (&[a, b], &[d, c]) = (low, high) {
                        let shared = window.shared_projected(part, [a, b, c, d]);
                        let index = row * source.size().0 + column % period;
                        if shared > 0.0
                            && let Ok(index) = u32::try_from(index)
                        {
                            covered += shared;
                            scratch.found.push((index, shared));
                        }
                    }
                }
            }
        }
        let done = covered >= scratch.window.area * COMPLETE;
        if !done {
            scratch.found.clear();
        } else if scratch.window.parts() > 1 || columns.end > period {
            scratch.found.sort_by_key(|e| e.0);
            merge(&mut scratch.found);
        }
        done
    }

    /// Compares with all source cells around.
    fn search(&self, tree: &CellTree, scratch: &mut Scratch) {
        let Scratch { window, pieces, found, .. } = scratch;
        let Some(bounds) = around(pieces.iter().flatten().copied()) else { return };
        tree.each(self.source, bounds, |index, quad| {
            if self.source.used(index) {
                let shared = window.shared(quad);
                if shared > 0.0
                    && let Ok(index) = u32::try_from(index)
                {
                    found.push((index, shared));
                }
            }
        });
        // Areas too, so that sums do not depend on the order of the search.
        found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        merge(found);
    }
}

/// Adds entries of one column.
fn merge(entries: &mut Vec<(u32, f64)>) {
    entries.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

impl CornerPlaces {
    /// `None` for grids that are not both columns and rows on a plane.
    fn new(source: &Grid, from: &Cells, to: &Cells) -> Option<Self> {
        let (Geometry::Structured(grid), Some(_), Some(lattice)) = (source.geometry(), from.single(), to.single())
        else {
            return None;
        };
        let (ni, nj) = lattice.size();
        let corners = (0..=nj).flat_map(|row| lattice.corners(row, 0..ni + 1));
        let (lat, lon): (Vec<_>, Vec<_>) = corners.map(|&p| position(p)).unzip();
        let (mut x, mut y) = (vec![f64::NAN; lat.len()], vec![f64::NAN; lat.len()]);
        source.locate_all(&lat, &lon, &mut x, &mut y).ok()?;
        for place in x.iter_mut().chain(&mut y) {
            *place -= 0.5;
        }
        let seam = outline::seam(grid);
        let period = match seam {
            Seam::Open => None,
            Seam::Periodic => Some(grid.ni()),
            Seam::Repeated => Some(grid.ni() - 1),
        };
        Some(Self { x, y, period, seamless: seam == Seam::Periodic })
    }

    /// Columns and rows of the source cells between the corners of a target cell. Columns may pass the seam.
    fn around(&self, index: usize, source: &Lattice, target: &Lattice) -> Option<(Range<usize>, Range<usize>)> {
        let (ni, nj) = source.size();
        let (i, j) = (index % target.size().0, index / target.size().0);
        let width = target.size().0 + 1;
        let period = self.period.map(|p| p as f64);
        let mut first = None;
        let (mut west, mut east, mut south, mut north) =
            (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
        for corner in [j * width + i, j * width + i + 1, (j + 1) * width + i, (j + 1) * width + i + 1] {
            let (&x, &y) = self.x.get(corner).zip(self.y.get(corner))?;
            if !(x.is_finite() && y.is_finite()) {
                return None;
            }
            let first = *first.get_or_insert(x);
            // On the side of the first corner where fewer columns are between them.
            let x = period.map_or(x, |p| x - p * ((x - first) / p).round());
            (west, east) = (west.min(x), east.max(x));
            (south, north) = (south.min(y), north.max(y));
        }
        let most = source.size().0 as f64;
        // Far from the seam and the poles, or else the search is the safer way.
        if east - west > most / 2.0 {
            return None;
        }
        if let Some(p) = period {
            // Half of a repeated column is before its first line.
            let turns = p * ((west - if self.seamless { 0.0 } else { 0.5 }) / p).floor();
            (west, east) = (west - turns, east - turns);
        }
        let (mut start, mut end) = ((west - SLACK).floor().max(0.0), (east + SLACK).ceil());
        if !self.seamless {
            if period.is_some() && end > most {
                return None;
            }
            (start, end) = (start.max(0.0), end.min(most));
        }
        let (bottom, top) = ((south - SLACK).floor().max(0.0), (north + SLACK).ceil().min(nj as f64));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and twice the size")]
        let ranges = (start as usize..end as usize, bottom as usize..top as usize);
        (end > start && top > bottom && ranges.0.end <= 2 * ni).then_some(ranges)
    }
}

/// The areas of cells in steradians, on a sphere of radius 1.
fn areas(cells: &Cells) -> Vec<f64> {
    let chunks = parallel::map(cells.len.div_ceil(CHUNK), |chunk| {
        let mut pieces = Vec::new();
        let indices = chunk * CHUNK..((chunk + 1) * CHUNK).min(cells.len);
        indices
            .map(|index| {
                cells.of(index, &mut pieces);
                if cells.used(index) { polygon::area(&pieces) } else { 0.0 }
            })
            .collect::<Vec<_>>()
    });
    chunks.concat()
}
