//! The places of a target in each kind of source.

use std::sync::Mutex;

use crate::interp::Degree;
use crate::interp::layout::Layout;
use crate::interp::stream::Reach;
use crate::parallel;
use crate::structured::{CHUNK, Vectors};
use crate::{Domain, Error, Geometry, Grid, Projection, Result, Structured};

use super::options::{Method, Options};
use super::packed::{self, Packed};
use super::places::{Odd, Part, Places};
use super::sets::Found;
use super::{Bins, Matrix, Plan, check_length, cloud, conservative, sets};

/// The plan between two grids.
pub(crate) fn between(source: &Grid, target: &Grid, options: &Options) -> Result<Plan> {
    let (ni, len) = (target.ni(), target.len());
    let whole = |places, odd| {
        let mut plan = Plan::new(Vec::new(), places, odd, Degree::Linear, ni, len, options);
        plan.source_len = source.len();
        plan
    };
    match options.method {
        Method::Conservative(normalize) => {
            let masks = (options.source_mask.as_deref(), options.target_mask.as_deref());
            let matrix = conservative(source, target, masks.0, masks.1, normalize)?;
            return of_matrix(source, target, matrix, options);
        }
        Method::Statistic(statistic) => {
            let bins = Bins::new(source, target)?;
            return Ok(whole(Places::Bins(bins, statistic), Odd::new(options.extrapolation)));
        }
        _ => {}
    }
    if let (Geometry::Structured(from), Geometry::Structured(to)) = (source.geometry(), target.geometry())
        && let Some(degree) = options.method.degree()
    {
        let mut plan = between_planes(from, to, degree, options)?;
        plan.level_rows = level_rows(from, to);
        return Ok(plan);
    }
    if let (Some(sets), Some(degree)) = (sets::of(source), options.method.degree()) {
        let (found, copied) = sets.between(target, degree, options.extrapolation)?;
        let degree = if copied { Degree::Nearest } else { degree };
        return Ok(several(found, degree, ni, options));
    }
    let (lat, lon) = target.points();
    Ok(Plan { ni, ..to_points(source, &lat, &lon, options)?.with_rows(ni) })
}

/// The plan of weights that somebody has.
pub(crate) fn of_matrix(source: &Grid, target: &Grid, matrix: Matrix, options: &Options) -> Result<Plan> {
    check_length("columns of weights", matrix.columns(), source.len())?;
    check_length("rows of weights", matrix.rows(), target.len())?;
    let outside = (0..matrix.rows()).filter(|row| matrix.row(*row).0.is_empty()).count();
    let odd = Odd { outside, ..Odd::new(options.extrapolation) };
    let places = Places::Matrix(matrix, options.skip);
    let mut plan = Plan::new(Vec::new(), places, odd, Degree::Linear, target.ni(), target.len(), options);
    plan.source_len = source.len();
    Ok(plan)
}

/// The plan to points.
pub(crate) fn to_points(source: &Grid, lat: &[f64], lon: &[f64], options: &Options) -> Result<Plan> {
    let ni = lat.len();
    if matches!(options.method, Method::Conservative(_) | Method::Statistic(_)) {
        return Err(Error::Invalid { what: "a regridding to points", reason: "points have no cells".into() });
    }
    let Some(degree) = options.method.degree() else {
        return cloud::inverse_distance(source, lat, lon, options);
    };
    if let Geometry::Structured(from) = source.geometry() {
        let part = part(from, degree)?;
        return Ok(from_points(part, from, lat, lon, degree, ni, options));
    }
    if let Some(sets) = sets::of(source) {
        let found = sets.locate(lat, lon, degree, options.extrapolation)?;
        return Ok(several(found, degree, ni, options));
    }
    cloud::plan(source, lat, lon, degree, options)
}

/// Positions of a grid in itself, exactly.
pub(crate) fn own_positions(ni: usize, len: usize) -> (Vec<f64>, Vec<f64>) {
    let ni = ni.max(1);
    ((0..len).map(|k| (k % ni + 1) as f64).collect(), (0..len).map(|k| (k / ni + 1) as f64).collect())
}

/// A structured source as one part.
fn part(grid: &Structured, degree: Degree) -> Result<Part> {
    checked(Part { layout: Layout::of(grid, true), offset: 0, bounded: true }, grid.letter(), degree)
}

/// A part that has room for the degree.
pub(crate) fn checked(part: Part, letter: u8, degree: Degree) -> Result<Part> {
    let width = match degree {
        Degree::Nearest => 1,
        Degree::Linear => 2,
        Degree::Cubic => 4,
    };
    if part.layout.has(width) {
        return Ok(part);
    }
    let (ni, nj) = (part.layout.ni, part.layout.nj);
    let reason = match degree {
        _ if ni.max(nj) >= i32::MAX as usize / 4 => "more columns or rows than can be counted",
        Degree::Nearest => "it has no points",
        Degree::Linear => "linear interpolation needs two columns and two rows",
        Degree::Cubic => "cubic interpolation needs four columns and four rows",
    };
    Err(Error::Size { letter: char::from(letter), ni, nj, reason })
}

/// The plan from one part, of `len` points in rows of `ni`. `locate(first, x, y)` gives the positions of the points from `first` on, at most
/// [`CHUNK`] of them and of one row: positions of all points at once would take as much room as the places.
fn structured(
    part: Part,
    degree: Degree,
    (ni, row, len): (usize, usize, usize),
    options: &Options,
    locate: impl Fn(usize, &mut [f64], &mut [f64]) + Sync,
) -> Plan {
    let row = row.max(1);
    // Calls `keep` with places of a row, chunk by chunk; gives what is odd.
    let places = |number: usize, keep: &mut dyn FnMut(&[f64], &[f64])| {
        let mut odd = Odd::new(options.extrapolation);
        let (mut x, mut y) = ([0.0; CHUNK], [0.0; CHUNK]);
        let (begin, end) = (number * row, ((number + 1) * row).min(len));
        for first in (begin..end).step_by(CHUNK) {
            let count = CHUNK.min(end - first);
            let (Some(x), Some(y)) = (x.get_mut(..count), y.get_mut(..count)) else { continue };
            locate(first, x, y);
            if part.is_plain(x, y) {
                part.plain(x, y);
            } else {
                for (k, (x, y)) in x.iter_mut().zip(y.iter_mut()).enumerate() {
                    let place = part.place(*x, *y);
                    [*x, *y] = odd.settle(first + k, place, &part, degree, options.extrapolation);
                }
            }
            keep(x, y);
        }
        odd
    };
    let rows = len.div_ceil(row);
    let mut odd = Odd::new(options.extrapolation);
    let reach = Reach::new(&part.layout, degree).filter(|_| Packed::pays(row, len));
    let places = if let Some(reach) = reach {
        let inner = reach.limits();
        let packed = parallel::map(rows, |number| {
            let mut to = packed::Row::with_capacity(row);
            let odd = places(number, &mut |u, v| to.push(u, v, inner));
            (to, odd)
        });
        Places::Packed(Packed::new(row, packed, &mut odd))
    } else {
        let mut at = vec![[0.0; 2]; len];
        let found = Mutex::new(Vec::new());
        parallel::rows(&mut at, row, |number, at| {
            let mut at = at.iter_mut();
            let odd = places(number, &mut |u, v| {
                for ((u, v), at) in u.iter().zip(v).zip(&mut at) {
                    *at = [*u, *v];
                }
            });
            if odd.outside > 0 || !odd.poles.is_empty() {
                found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((number, odd));
            }
        });
        let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        found.sort_unstable_by_key(|(number, _)| *number);
        for (_, more) in found {
            odd.append(more);
        }
        Places::Each { at, part: Vec::new() }.compact(ni)
    };
    Plan::new(vec![part], places, odd, degree, ni, len, options)
}

/// The plan from a structured grid to points.
fn from_points(
    part: Part,
    from: &Structured,
    lat: &[f64],
    lon: &[f64],
    degree: Degree,
    ni: usize,
    options: &Options,
) -> Plan {
    structured(part, degree, (ni, CHUNK, lat.len()), options, |first, x, y| {
        let range = first..first + x.len();
        let (lat, lon) = (lat.get(range.clone()).unwrap_or_default(), lon.get(range).unwrap_or_default());
        from.locate_all(lat, lon, x, y);
    })
}

/// The plan between two structured grids.
fn between_planes(from: &Structured, to: &Structured, degree: Degree, options: &Options) -> Result<Plan> {
    let part = part(from, degree)?;
    let (ni, len) = (to.ni(), to.ni() * to.nj());
    let size = (ni, ni, len);
    // Apart in columns and rows: kept so where nothing is odd.
    let apart = |part: Part, degree: Degree, mut u: Vec<f64>, mut v: Vec<f64>| {
        if part.is_plain(&u, &v) {
            part.plain(&mut u, &mut v);
            let (places, odd) = (Places::Axes { u, v }, Odd::new(options.extrapolation));
            return Plan::new(vec![part], places, odd, degree, ni, len, options);
        }
        structured(part, degree, size, options, |first, x, y| {
            y.fill(v.get(first / ni).copied().unwrap_or(f64::NAN));
            x.iter_mut().zip(u.iter().skip(first % ni)).for_each(|(x, column)| *x = *column);
        })
    };
    let counted = |n: usize| (1..=n).map(|k| k as f64).collect();
    if from == to {
        // The same grid is copied.
        return Ok(apart(part, Degree::Nearest, counted(ni), counted(to.nj())));
    }
    if let (Projection::LatLon { .. }, Projection::LatLon { .. }) = (from.projection(), to.projection()) {
        // Columns depend on longitudes alone, rows on latitudes alone.
        let (lat, lon) = from.point(1.0, 1.0);
        let place = |lat, lon| from.locate(lat, lon).unwrap_or((f64::NAN, f64::NAN));
        let columns: Vec<f64> = (1..=ni).map(|i| place(lat, to.point(i as f64, 1.0).1).0).collect();
        let rows: Vec<f64> = (1..=to.nj()).map(|j| place(to.point(1.0, j as f64).0, lon).1).collect();
        return Ok(apart(part, degree, columns, rows));
    }
    let Some(columns) = to.columns(&to.ax_values()) else {
        let (mut lat, mut lon) = (vec![0.0; len], vec![0.0; len]);
        to.points(&mut lat, &mut lon);
        return Ok(from_points(part, from, &lat, &lon, degree, ni, options));
    };
    Ok(structured(part, degree, size, options, |first, x, y| {
        let mut vectors = Vectors::new();
        to.row_vectors(&columns, to.row_value(first / ni), first % ni, x.len(), &mut vectors);
        from.locate_vectors(&vectors, x, y);
    }))
}

/// The plan from positions in one of several parts.
fn several(found: Found, degree: Degree, ni: usize, options: &Options) -> Plan {
    let Found { parts, mut at, part, nearest } = found;
    let mut odd = Odd::new(options.extrapolation);
    for (k, (at, part)) in at.iter_mut().zip(&part).enumerate() {
        let Some(part) = parts.get(usize::from(*part)) else { continue };
        *at = odd.settle(k, part.place(at[0], at[1]), part, degree, options.extrapolation);
    }
    if let (Some(part), false) = (parts.first(), nearest.is_empty()) {
        odd.beyond_degree = Degree::Nearest;
        odd.beyond = nearest.into_iter().map(|(k, [x, y])| (k, [part.layout.u_of(x), part.layout.v_of(y)])).collect();
    }
    let target_len = at.len();
    Plan::new(parts, Places::Each { at, part }, odd, degree, ni, target_len, options)
}

/// How many points of a target one call computes: a row, unless that is short or all there is.
fn chunk(ni: usize, len: usize) -> usize {
    if (64..len).contains(&ni) { ni } else { 2048 }
}

impl Plan {
    /// The plan of some places.
    pub(crate) fn new(
        parts: Vec<Part>,
        places: Places,
        odd: Odd,
        degree: Degree,
        ni: usize,
        target_len: usize,
        options: &Options,
    ) -> Self {
        let source_len = parts.iter().map(|p| p.offset + p.layout.len()).max().unwrap_or(0);
        Self {
            parts,
            places,
            odd,
            degree,
            extrapolation: options.extrapolation,
            missing: options.missing,
            source_len,
            target_len,
            ni,
            chunk: chunk(ni, target_len),
            level_rows: Vec::new(),
        }
    }

    /// The same places as rows of so many points.
    fn with_rows(mut self, ni: usize) -> Self {
        self.chunk = chunk(ni, self.target_len);
        self
    }
}

/// Rows of a B grid at the poles, when the source is a Z grid on a rotated sphere: they hold one value, as in ezscint.
fn level_rows(source: &Structured, target: &Structured) -> Vec<usize> {
    let rotated = matches!(source.letter(), b'Z' | b'#') && matches!(source.projection(), Projection::Rotated(_));
    if !rotated || target.letter() != b'B' || source == target {
        return Vec::new();
    }
    let (south, north) = if target.reversed() { (target.nj() - 1, 0) } else { (0, target.nj() - 1) };
    match target.domain() {
        Domain::Global => vec![south, north],
        Domain::North => vec![north],
        Domain::South => vec![south],
    }
}
