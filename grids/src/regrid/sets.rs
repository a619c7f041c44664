//! Sources that are no single rectangle on one plane: Yin-Yang, cubed spheres, radars, curvilinear grids.

use crate::interp::Degree;
use crate::interp::layout::{Columns, Layout, Shape};
use crate::{Axis, CubedSphere, Geometry, Grid, Result, Structured, YinYang, parallel};

use super::Extrapolation;
use super::places::Part;
use super::source::{checked, own_positions};

/// Such a source.
pub(crate) enum Sets<'a> {
    YinYang(&'a YinYang),
    Cubed(&'a CubedSphere),
    /// Columns and rows on no plane.
    Rows(&'a Grid),
}

/// Where the points of a target lie.
pub(crate) struct Found {
    pub(crate) parts: Vec<Part>,
    /// The 1-based position of each point in its part; NaN: nowhere.
    pub(crate) at: Vec<[f64; 2]>,
    /// Which part that is.
    pub(crate) part: Vec<u8>,
    /// Points that lie nowhere, in their order, and positions of the points of the source that they take.
    pub(crate) nearest: Vec<(u32, [f64; 2])>,
}

/// The source as one of several parts, if it is.
pub(crate) fn of(grid: &Grid) -> Option<Sets<'_>> {
    match grid.geometry() {
        Geometry::YinYang(pair) => Some(Sets::YinYang(pair)),
        Geometry::CubedSphere(cube) => Some(Sets::Cubed(cube)),
        Geometry::Radar(_) | Geometry::Curvilinear(_) => Some(Sets::Rows(grid)),
        _ => None,
    }
}

impl Sets<'_> {
    /// Positions of all points of a target, and whether it is a copy: all of it is a part of the source.
    pub(crate) fn between(&self, target: &Grid, degree: Degree, extrapolation: Extrapolation) -> Result<(Found, bool)> {
        let pieces: Vec<Option<&Structured>> = match target.geometry() {
            Geometry::Structured(grid) => vec![Some(grid)],
            Geometry::YinYang(pair) => pair.grids().iter().map(Some).collect(),
            _ => vec![None],
        };
        let parts = self.parts(degree)?;
        let (mut at, mut part) = (Vec::with_capacity(target.len()), Vec::with_capacity(target.len()));
        let mut nearest = Vec::new();
        let mut copied = true;
        for piece in pieces {
            if let Some((number, piece)) = self.number_of(piece).zip(piece) {
                let (x, y) = own_positions(piece.ni(), piece.ni() * piece.nj());
                part.resize(part.len() + x.len(), number);
                at.extend(x.into_iter().zip(y).map(|(x, y)| [x, y]));
                continue;
            }
            copied = false;
            let (lat, lon) = match piece {
                Some(piece) => {
                    let n = piece.ni() * piece.nj();
                    let (mut lat, mut lon) = (vec![0.0; n], vec![0.0; n]);
                    piece.points(&mut lat, &mut lon);
                    (lat, lon)
                }
                None => target.points(),
            };
            let (more_at, more_part) = self.positions(&lat, &lon, degree);
            nearest.extend(self.nearest(&lat, &lon, &more_at, at.len(), degree, extrapolation)?);
            at.extend(more_at);
            part.extend(more_part);
        }
        Ok((Found { parts, at, part, nearest }, copied))
    }

    /// Positions of points.
    pub(crate) fn locate(
        &self,
        lat: &[f64],
        lon: &[f64],
        degree: Degree,
        extrapolation: Extrapolation,
    ) -> Result<Found> {
        let parts = self.parts(degree)?;
        let (at, part) = self.positions(lat, lon, degree);
        let nearest = self.nearest(lat, lon, &at, 0, degree, extrapolation)?;
        Ok(Found { parts, at, part, nearest })
    }

    /// The points that no cell of a curvilinear grid holds, counted from `first`, and the positions of the nearest points of the
    /// grid, when they are asked for.
    fn nearest(
        &self,
        lat: &[f64],
        lon: &[f64],
        at: &[[f64; 2]],
        first: usize,
        degree: Degree,
        extrapolation: Extrapolation,
    ) -> Result<Vec<(u32, [f64; 2])>> {
        let Self::Rows(grid) = self else { return Ok(Vec::new()) };
        let Geometry::Curvilinear(rows) = grid.geometry() else { return Ok(Vec::new()) };
        let places = at.iter().zip(lat.iter().zip(lon)).enumerate();
        let outside: Vec<(usize, f64, f64)> = places
            .filter(|(_, (at, (lat, lon)))| at[0].is_nan() && lat.is_finite() && lon.is_finite())
            .map(|(k, (_, (lat, lon)))| (k, *lat, *lon))
            .collect();
        if outside.is_empty() || !extrapolation.nearest_point(degree, grid.letter())? {
            return Ok(Vec::new());
        }
        let nodes = rows.nodes();
        let found = parallel::map(outside.len(), |n| {
            let (k, lat, lon) = outside.get(n).copied()?;
            let (x, y) = nodes.place(grid.ni(), lat, lon)?;
            Some((u32::try_from(first + k).ok()?, [x, y]))
        });
        Ok(found.into_iter().flatten().collect())
    }

    fn number_of(&self, target: Option<&Structured>) -> Option<u8> {
        let (Self::YinYang(pair), Some(target)) = (self, target) else { return None };
        pair.grids().iter().zip(0..).find(|(grid, _)| *grid == target).map(|(_, number)| number)
    }

    fn parts(&self, degree: Degree) -> Result<Vec<Part>> {
        let part = |layout, offset| Part { layout, offset, bounded: matches!(self, Self::Rows(_)) };
        match self {
            Self::YinYang(pair) => {
                let [yin, yang] = pair.grids();
                [(yin, 0), (yang, yin.ni() * yin.nj())]
                    .into_iter()
                    .map(|(grid, offset)| checked(part(Layout::of(grid, false), offset), b'U', degree))
                    .collect()
            }
            Self::Cubed(cube) => {
                let n = cube.n();
                let panel = |k: usize| {
                    let nodes = Some(cube.nodes().to_vec());
                    let shape = Shape { ni: n, nj: n, ax: nodes.clone(), ay: nodes, ..Shape::default() };
                    checked(part(Layout::new(shape), k * n * n), b'Q', degree)
                };
                (0..6).map(panel).collect()
            }
            Self::Rows(grid) => {
                let columns = match grid.geometry() {
                    Geometry::Radar(radar) if radar.wraps() => Columns::Periodic,
                    _ => Columns::Bounded,
                };
                let shape = Shape { ni: grid.ni(), nj: grid.nj(), columns, ..Shape::default() };
                Ok(vec![checked(part(Layout::new(shape), 0), grid.letter(), degree)?])
            }
        }
    }

    fn positions(&self, lat: &[f64], lon: &[f64], degree: Degree) -> (Vec<[f64; 2]>, Vec<u8>) {
        let n = lat.len();
        let (mut x, mut y) = (vec![0.0; n], vec![0.0; n]);
        match self {
            Self::YinYang(pair) => {
                let core = Core::of(pair.yin());
                pair.yin().locate_all(lat, lon, &mut x, &mut y);
                let in_yin: Vec<bool> = x.iter().zip(&y).map(|(x, y)| core.contains(*x, *y)).collect();
                let mut at: Vec<[f64; 2]> = x.iter().zip(&y).map(|(x, y)| [*x, *y]).collect();
                pair.yang().locate_all(lat, lon, &mut x, &mut y);
                let mut part = Vec::with_capacity(n);
                for (((at, in_yin), x), y) in at.iter_mut().zip(in_yin).zip(x).zip(y) {
                    part.push(u8::from(!in_yin));
                    if !in_yin {
                        *at = [x, y];
                    }
                }
                (at, part)
            }
            Self::Cubed(cube) => {
                let (side, mut part) = (cube.n() as f64, Vec::with_capacity(n));
                let at = lat.iter().zip(lon).map(|(lat, lon)| {
                    let (x, y) = cube.locate(*lat, *lon).unwrap_or((f64::NAN, f64::NAN));
                    let panel = (0..5_u8).take_while(|p| y - f64::from(p + 1) * side >= 0.5).count();
                    part.push(u8::try_from(panel).unwrap_or(0));
                    [x, y - panel as f64 * side].map(|x| in_cell(cube.nodes(), x, degree))
                });
                (at.collect(), part)
            }
            Self::Rows(grid) => {
                // The slices have one length.
                drop(grid.locate_all(lat, lon, &mut x, &mut y));
                (x.into_iter().zip(y).map(|(x, y)| [x, y]).collect(), vec![0; n])
            }
        }
    }
}

/// The position along a side of a panel as the kernel takes it. Nodes lie unevenly, and the kernel counts in widths of the
/// cell that it uses, also where the position is in another one nearer to the edge.
fn in_cell(nodes: &[f64], x: f64, degree: Degree) -> f64 {
    let edge = core::f64::consts::FRAC_PI_4;
    let margin = if degree == Degree::Cubic { 2 } else { 1 };
    let n = nodes.len();
    let (low, high) = (margin as f64, (n + 1).saturating_sub(margin) as f64);
    let end = if x < low {
        nodes.get(margin - 1..=margin)
    } else {
        nodes.get(n.wrapping_sub(margin + 1)..=n.wrapping_sub(margin))
    };
    let (Some(&[a, b]), false) = (end, degree == Degree::Nearest || (low..=high).contains(&x)) else { return x };
    let all = || core::iter::once(-edge).chain(nodes.iter().copied()).chain([edge]);
    let places = || core::iter::once(0.5).chain((1..=n).map(|k| k as f64)).chain([n as f64 + 0.5]);
    // The interval among nodes and edges; beyond the edges the outer one goes on.
    let intervals = all().zip(places()).zip(all().zip(places()).skip(1));
    let Some(((a0, x0), (a1, x1))) = intervals.clone().find(|(_, (_, right))| x <= *right).or_else(|| intervals.last())
    else {
        return x;
    };
    let angle = a0 + (x - x0) / (x1 - x0) * (a1 - a0);
    let cell = if x < low { low } else { high - 1.0 };
    cell + (angle - a) / (b - a)
}

/// The core of Yin: its columns from 45 to 315 degrees, its rows from -45 to 45.
struct Core<'a> {
    yin: &'a Structured,
    x: Option<Axis>,
    y: Option<Axis>,
}

impl<'a> Core<'a> {
    fn of(yin: &'a Structured) -> Self {
        let within = |axis: &Axis, low: f64, high: f64| {
            let values = axis.values().into_iter().filter(|v| (low..=high).contains(v)).collect();
            Axis::list("core", values).ok()
        };
        Self { yin, x: within(yin.ax(), 45.0, 315.0), y: within(yin.ay(), -45.0, 45.0) }
    }

    /// Whether a position in Yin is less than half a cell outside the core.
    fn contains(&self, x: f64, y: f64) -> bool {
        let (x, y) = self.yin.plane(x, y);
        let within = |axis: &Option<Axis>, value: f64| {
            axis.as_ref().is_some_and(|axis| {
                let at = axis.index(value);
                at >= 0.5 && at < axis.len() as f64 + 0.5
            })
        };
        within(&self.x, x) && within(&self.y, y)
    }
}
