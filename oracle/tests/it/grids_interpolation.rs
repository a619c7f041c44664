//! Fields and winds from grid to grid: `ezsint` and `ezuvint`.
//!
//! Not compared, because librmn is wrong there or chooses by single precision (docs/grids.md says how it was found out):
//! - E as a source: crashes, no columns around the globe;
//! - L, and Z on L with columns more than two degrees apart: whether such a source goes round the globe depends on the target, or on its first
//!   and last column. Where librmn finds otherwise than its own rule, only what lies within the columns and away from the polar rows counts;
//! - a regional L: librmn looks for what lies beyond the first column behind the last one, and the other way round;
//! - Z on L all around that does not begin at 0 or -180: places west of the first column are extrapolated;
//! - cubic, equal distances, last column repeated (B, L): the last cell but one takes a wrong column;
//! - cubic, unequal distances, last column repeated, in polar caps: the last cell has a wrong abscissa;
//! - cubic, Z on L all around that does not begin at 0: wrong differences in the first cell;
//! - linear and cubic, the mirrored half of northern A and B: rows are truncated, not rounded down; hemispheric G: rows of the other half are
//!   searched;
//! - nearest, no column repeated: the half cell beyond the last column does not go round;
//! - Z on E to B of one hemisphere that begins in the north: librmn levels the row at the equator, not the one at the pole;
//! - winds, caps of A, B, G that are reversed or hemispheric: poles come from wrong rows;
//! - winds, southern cap of L and Z on L that do not begin at 0: in the first column the pole's wind is turned the wrong way;
//! - winds, cubic, Z on E with a row on the pole: in the last cell, what librmn does is not known;
//! - winds at rotated poles, where directions are none;
//! - Yin-Yang: points within a cell of the border of Yin's core, where the two sides may choose another sub-grid;
//! - targets that an earlier interpolation used: librmn has added turns to their longitudes;
//! - ties of the nearest point and the border of the outside, to two hundredths of half a cell.

use rpnfst_grids::regrid::{Extrapolation, Method, Options, Regrid};
use rpnfst_grids::{Domain, Geometry, Grid, Projection, Structured, Wrap};
use rpnfst_oracle::cases::GridKind;
use rpnfst_oracle::grids::{Degree, Extrapolation as Outside, Interpolation};
use rpnfst_oracle::rng::Rng;
use rpnfst_oracle::{GridSpec, Librmn, harness};

use crate::common::grids::{at, doubles, ours, single};
use crate::grids_geometry::yin_yang;

/// A pair of grids that both sides treat alike.
struct Pair {
    kind: GridKind,
    specs: [GridSpec; 2],
    grids: [Grid; 2],
    /// Whether both sides take the source for global, or both for regional.
    same: bool,
}

fn structured(grid: &Grid) -> &Structured {
    match grid.geometry() {
        Geometry::Structured(grid) => grid,
        other => panic!("{other:?} has no columns and rows"),
    }
}

fn pair(librmn: Librmn, rng: &mut Rng) -> Pair {
    let sources: Vec<GridKind> = GridKind::ALL.into_iter().filter(|kind| *kind != GridKind::E).collect();
    let kind = *rng.pick(&sources);
    let specs = [kind.generate(librmn, rng), rng.pick(&GridKind::ALL).generate(librmn, rng)];
    let grids = [ours(&specs[0]), ours(&specs[1])];
    let [wraps, target_wraps] = [0, 1].map(|k| structured(&grids[k]).wrap() != Wrap::None);
    let same = match (kind, &specs[0].axes) {
        (GridKind::L, _) => wraps == (target_wraps && specs[1].letter != b'E'),
        (GridKind::ZonL | GridKind::ZonE, Some(axes)) => {
            let ends = axes.x.first().zip(axes.x.last());
            wraps == ends.is_some_and(|(first, last)| last - first >= 358.0)
        }
        _ => true,
    };
    Pair { kind, specs, grids, same }
}

/// Where the rows of a source are: its y from the south, and the first and last row, mirrored ones included.
fn rows(grid: &Structured, y: f64) -> (f64, [f64; 2]) {
    let nj = grid.nj() as f64;
    let ends = match (grid.letter(), grid.domain()) {
        (_, Domain::Global) => [1.0, nj],
        (b'B', Domain::North) => [2.0 - nj, nj],
        (b'B', Domain::South) => [1.0, 2.0 * nj - 1.0],
        (_, Domain::North) => [1.0 - nj, nj],
        (_, Domain::South) => [1.0, 2.0 * nj],
    };
    (if grid.reversed() { nj + 1.0 - y } else { y }, ends)
}

/// Whether librmn's value at x and y of the source is to be compared.
fn is_sound(pair: &Pair, degree: Degree, outside: Outside, (x, stored_y): (f64, f64)) -> bool {
    let grid = structured(&pair.grids[0]);
    let (ni, nj) = (grid.ni() as f64, grid.nj() as f64);
    let (y, [low, high]) = rows(grid, stored_y);
    let close = |value: f64, to: f64| (value - to).abs() < 0.005;
    let mirrored = match grid.domain() {
        Domain::Global => false,
        Domain::North if grid.letter() == b'G' => true,
        Domain::North => y < 0.01 && degree != Degree::Nearest,
        Domain::South => grid.letter() == b'G' && y > nj - 1.0,
    };
    let nearest = degree == Degree::Nearest || outside == Outside::Degree(Degree::Nearest);
    let tie = nearest && (close(x.fract().abs(), 0.5) || close(y.fract().abs(), 0.5));
    let inner = (1.001..ni - 0.001).contains(&x) && (2.0..nj - 1.0).contains(&y);
    if mirrored || tie || !(x.is_finite() && y.is_finite()) || !(pair.same || inner) {
        return false;
    }
    if grid.wrap() == Wrap::None {
        let beyond = pair.kind == GridKind::L && !(1.001..ni - 0.001).contains(&x);
        let other_side = beyond && ((0.5..ni + 0.5).contains(&x) || is_formula(outside));
        let edge = [(x, 0.5), (x, ni + 0.5), (y, 0.5), (y, nj + 0.5)].into_iter().any(|(value, to)| close(value, to));
        // Longitudes of Z on L end with 180 where the axis begins with -180.
        let turn = pair.kind == GridKind::ZonL && x < 1.001 && grid.plane(1.0, 1.0).0 < -179.99;
        return !(other_side || edge || turn);
    }
    let first = grid.plane(1.0, 1.0).0;
    if pair.kind == GridKind::ZonL {
        let lon = pair.grids[0].point(x, stored_y).1;
        let lon = if first < 0.0 && lon > 180.0 { lon - 360.0 } else { lon };
        if lon < first + 1e-4 || lon > grid.plane(ni, 1.0).0 - 1e-4 && degree == Degree::Nearest {
            return false;
        }
    }
    let caps = y >= high - 1.01 || y < low + 1.01;
    match (degree, grid.wrap()) {
        (Degree::Nearest, Wrap::Periodic) => (0.505..ni + 0.495).contains(&x),
        (Degree::Cubic, Wrap::Repeated) if !grid.irregular() => x <= ni - 2.01,
        (Degree::Cubic, Wrap::Repeated) => !caps || (1.01..ni - 1.01).contains(&x),
        (Degree::Cubic, Wrap::Periodic) => {
            pair.kind != GridKind::ZonL || first == 0.0 || (2.01..ni + 0.99).contains(&x)
        }
        _ => true,
    }
}

/// Whether librmn's wind at x and y of the source is to be compared, beyond what makes it sound for scalars.
fn is_sound_wind(pair: &Pair, degree: Degree, (x, stored_y): (f64, f64)) -> bool {
    let grid = structured(&pair.grids[0]);
    let (y, [low, high]) = rows(grid, stored_y);
    if grid.wrap() == Wrap::None {
        return true;
    }
    let cap = y < low + 1.01 || y >= high - 1.01;
    let unprepared = grid.reversed() || grid.domain() != Domain::Global;
    let row_on_pole =
        pair.kind == GridKind::ZonE && degree == Degree::Cubic && grid.plane(1.0, grid.nj() as f64).1 > 89.9999;
    // Where the pole's wind in the first column has a say.
    let shifted = matches!(pair.kind, GridKind::L | GridKind::ZonL) && grid.plane(1.0, 1.0).0 != 0.0;
    let turned = shifted && y < low + 1.01 && !(3.01..grid.ni() as f64 - 1.01).contains(&x);
    !(cap && (unprepared || row_on_pole) || turned)
}

/// Whether a polynomial gives what lies outside.
fn is_formula(outside: Outside) -> bool {
    matches!(outside, Outside::Neutral | Outside::Degree(_))
}

/// How much polynomials make of errors of single precision outside, for the degree that is used there.
fn growth(grid: &Structured, degree: Degree, (x, y): (f64, f64)) -> f64 {
    let beyond = |value: f64, n: usize| 1.0 + (1.0 - value).max(value - n as f64).max(0.0);
    let power = match degree {
        Degree::Nearest => 0,
        Degree::Linear => 1,
        Degree::Cubic => 3,
    };
    if grid.wrap() == Wrap::None { (beyond(x, grid.ni()) * beyond(y, grid.nj())).powi(power) } else { 1.0 }
}

/// What librmn's latitudes lose at a latitude of a rotated sphere, since they come out of an arcsine: nothing until near the poles.
fn lost(lat: f64) -> f64 {
    1.0 / lat.to_radians().cos().abs().max(1e-9)
}

/// Whether an interpolation before added turns to the longitudes of a target, which librmn keeps for all grids defined alike and then takes for
/// what they say.
fn is_used(positions: &rpnfst_oracle::grids::Pair) -> bool {
    positions[1].iter().any(|lon| !(0.0..=360.0).contains(lon))
}

/// Waves of amplitude 15, smooth on the sphere.
fn waves(rng: &mut Rng, lat: &[f64], lon: &[f64]) -> Vec<f32> {
    let [a, b, c] = [0; 3].map(|_| 2.0 * rng.unit() - 1.0);
    let phase = 6.0 * rng.unit();
    lat.iter()
        .zip(lon)
        .map(|(lat, lon)| {
            let ((sin, cos), (sin_l, cos_l)) = (lat.to_radians().sin_cos(), lon.to_radians().sin_cos());
            single(15.0 * (3.0 * (a * cos * cos_l + b * cos * sin_l + c * sin) + phase).sin())
        })
        .collect()
}

const METHODS: [(Degree, Method); 3] =
    [(Degree::Nearest, Method::Nearest), (Degree::Linear, Method::Linear), (Degree::Cubic, Method::Cubic)];

const OUTSIDE: [(Outside, Extrapolation); 7] = [
    (Outside::Maximum, Extrapolation::Maximum),
    (Outside::Minimum, Extrapolation::Minimum),
    (Outside::Value(-99.0), Extrapolation::Value(-99.0)),
    (Outside::Neutral, Extrapolation::Neutral),
    (Outside::Degree(Degree::Nearest), Extrapolation::Nearest),
    (Outside::Degree(Degree::Linear), Extrapolation::Linear),
    (Outside::Degree(Degree::Cubic), Extrapolation::Cubic),
];

#[test]
fn scalars() {
    harness::each_seed("grids_interpolation::scalars", 2000, |librmn, seed| {
        let mut rng = Rng::new(seed);
        let pair = pair(librmn, &mut rng);
        let [source, target] = [0, 1].map(|k| librmn.define_grid(&pair.specs[k]).expect("a grid"));
        let positions = target.positions().expect("positions");
        if is_used(&positions) {
            return;
        }
        let (lat, lon) = (doubles(&positions[0]), doubles(&positions[1]));
        let (lat_in, lon_in) = pair.grids[0].points();
        let field = waves(&mut rng, &lat_in, &lon_in);
        let (outside, extrapolation) = *rng.pick(&OUTSIDE);
        // Rows of B at the poles are replaced by their means: by the grid, since points know nothing of rows.
        let level = pair.kind == GridKind::ZonE && pair.specs[1].letter == b'B';
        let [domain, reversed, ..] = pair.specs[1].ig;
        let turned = domain != 0 && reversed == 1;
        let columns = usize::try_from(pair.specs[1].ni).expect("a size");
        let plane = structured(&pair.grids[0]);
        for (degree, method) in METHODS {
            let how = Interpolation { degree, extrapolation: outside };
            let theirs = source.interpolate(&target, how, &field).expect("values");
            let options = Options::new(method).extrapolate(extrapolation);
            let regrid = Regrid::to_points(&pair.grids[0], &lat, &lon, &options);
            let mut mine: Vec<f32> = regrid.and_then(|regrid| regrid.apply(&field, None)).expect("values");
            let last = mine.len() - columns;
            if level {
                let regrid = Regrid::new(&pair.grids[0], &pair.grids[1], &options);
                let whole: Vec<f32> = regrid.and_then(|regrid| regrid.apply(&field, None)).expect("values");
                mine[..columns].copy_from_slice(&whole[..columns]);
                mine[last..].copy_from_slice(&whole[last..]);
            }
            for (k, (ours, theirs)) in mine.iter().zip(&theirs).enumerate() {
                let place = pair.grids[0].locate(lat[k], lon[k]).unwrap_or((f64::NAN, f64::NAN));
                let equator = level && turned && (k < columns || k >= last);
                if equator || !is_sound(&pair, degree, outside, place) {
                    continue;
                }
                let used = match outside {
                    Outside::Degree(other) => other,
                    _ => degree,
                };
                let growth = if is_formula(outside) { growth(plane, used, place) } else { 1.0 };
                // Means of rows are summed in single precision.
                let (y, [low, high]) = rows(plane, place.1);
                let mean = plane.wrap() != Wrap::None && !(low + 0.01..high - 0.01).contains(&y)
                    || level && (k < columns || k >= last);
                let tolerance: f64 = match (degree, used) {
                    (Degree::Nearest, Degree::Nearest) if !mean => 4e-6,
                    (Degree::Nearest, Degree::Nearest) => 2e-5,
                    (Degree::Nearest | Degree::Linear, Degree::Nearest | Degree::Linear) => 3e-4,
                    _ => 8e-4,
                };
                let near_pole =
                    if pair.kind == GridKind::ZonE { 6e-6 * lost(plane.plane(place.0, place.1).1) } else { 0.0 };
                let tolerance = if degree == Degree::Nearest { tolerance } else { tolerance.max(near_pole.min(2e-3)) };
                let tolerance = if growth > 1.5 { tolerance.max(6e-5 * growth) } else { tolerance };
                let off = f64::from((ours - theirs).abs()) / f64::from(theirs.abs() / 20.0).max(1.0);
                assert!(
                    off <= tolerance,
                    "{degree:?} {outside:?} at {:?}, place {place:?}: {ours}, librmn {theirs}\nfrom {:?}\nto {:?}",
                    at(&positions, k),
                    pair.specs[0],
                    pair.specs[1]
                );
            }
        }
    });
}

#[test]
fn winds() {
    harness::each_seed("grids_interpolation::winds", 1500, |librmn, seed| {
        let mut rng = Rng::new(seed);
        let pair = pair(librmn, &mut rng);
        let plane = structured(&pair.grids[0]);
        // librmn's wind functions on E read memory that nobody set.
        if pair.specs[1].letter == b'E' {
            return;
        }
        let [source, target] = [0, 1].map(|k| librmn.define_grid(&pair.specs[k]).expect("a grid"));
        if is_used(&target.positions().expect("positions")) {
            return;
        }
        let (lat, lon) = pair.grids[1].points();
        let (lat_in, lon_in) = pair.grids[0].points();
        let target_plane = structured(&pair.grids[1]);
        let rotated = matches!(target_plane.projection(), Projection::Rotated(_));
        let columns = target_plane.ni();
        let field = [waves(&mut rng, &lat_in, &lon_in), waves(&mut rng, &lat_in, &lon_in)];
        for (degree, method) in METHODS {
            let how = Interpolation { degree, extrapolation: Outside::Value(-99.0) };
            let theirs = source.interpolate_winds(&target, how, &field).expect("values");
            let options = Options::new(method).extrapolate(Extrapolation::Value(-99.0));
            let regrid = Regrid::new(&pair.grids[0], &pair.grids[1], &options).expect("a regridding");
            let (u, v) = regrid.apply_winds(&field[0], &field[1], None).expect("values");
            for (k, ours) in u.into_iter().zip(v).enumerate() {
                let place = pair.grids[0].locate(lat[k], lon[k]).unwrap_or((f64::NAN, f64::NAN));
                let target_row = target_plane.plane(1.0, (k / columns + 1) as f64).1;
                let on_pole = rotated && target_row.abs() > 89.9;
                let sound = is_sound(&pair, degree, how.extrapolation, place) && is_sound_wind(&pair, degree, place);
                if on_pole || !sound {
                    continue;
                }
                // Near poles directions are the more off the nearer a pole is, up to where there are none.
                let source_row = if pair.kind == GridKind::ZonE { plane.plane(place.0, place.1).1 } else { 0.0 };
                if source_row.abs() > 89.95 {
                    continue;
                }
                let tolerance = (1e-4 * lost(lat[k]).max(lost(source_row))).clamp(4e-3, 0.12);
                let off = (ours.0 - theirs[0][k]).abs().max((ours.1 - theirs[1][k]).abs());
                assert!(
                    f64::from(off) <= tolerance,
                    "{degree:?} at {:?}, place {place:?}: {ours:?}, librmn {:?}\nfrom {:?}\nto {:?}",
                    (lat[k], lon[k]),
                    at(&theirs, k),
                    pair.specs[0],
                    pair.specs[1]
                );
            }
        }
    });
}

#[test]
fn unions() {
    harness::each_seed("grids_interpolation::unions", 300, |librmn, seed| {
        let mut rng = Rng::new(seed);
        let ([yin, yang], numbers) = yin_yang(librmn, &mut rng);
        let source = Grid::yin_yang(&numbers).expect("a grid");
        let their_source = librmn.define_union([&yin, &yang]).expect("a grid");
        let target = *rng.pick(&[GridKind::A, GridKind::L, GridKind::N, GridKind::ZonL]);
        let target = librmn.define_grid(&target.generate(librmn, &mut rng)).expect("a grid");
        let positions = target.positions().expect("positions");
        let (lat, lon) = (doubles(&positions[0]), doubles(&positions[1]));
        let (lat_in, lon_in) = source.points();
        let field = waves(&mut rng, &lat_in, &lon_in);
        let first = ours(&yin);
        let column = |x: f64| structured(&first).plane(x, 1.0).0;
        let step = column(2.0) - column(1.0);
        for (degree, method) in METHODS {
            let how = Interpolation { degree, extrapolation: Outside::Maximum };
            let theirs = their_source.interpolate(&target, how, &field).expect("values");
            let regrid = Regrid::to_points(&source, &lat, &lon, &Options::new(method));
            let mine: Vec<f32> = regrid.and_then(|regrid| regrid.apply(&field, None)).expect("values");
            for (k, (ours, theirs)) in mine.iter().zip(&theirs).enumerate() {
                let (rlon, rlat) = structured(&first).projection().to_plane(lat[k], lon[k]);
                let border = [rlon - 45.0, rlon - 315.0, rlat - 45.0, rlat + 45.0];
                let place = source.locate(lat[k], lon[k]).unwrap_or((f64::NAN, f64::NAN));
                let tie = |value: f64| (value.fract() - 0.5).abs() < 0.01;
                let nearest = degree == Degree::Nearest;
                if border.iter().any(|off| off.abs() < 1.1 * step) || nearest && (tie(place.0) || tie(place.1)) {
                    continue;
                }
                let off = (ours - theirs).abs();
                // Longitudes above 256 have steps of 3e-5 degrees, in which such waves change by 3e-5 to 6e-5.
                let tolerance = if nearest { 4e-6 } else { 1e-4 };
                assert!(
                    off <= tolerance,
                    "{degree:?} at {:?}, place {place:?}: {ours}, librmn {theirs}\nfrom {yin:?} {yang:?}",
                    at(&positions, k)
                );
            }
        }
    });
}
