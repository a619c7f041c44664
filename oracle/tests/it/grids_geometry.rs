//! Positions of points, and points of positions: `gdll`, `gdllfxy`, `gdxyfll`.
//!
//! Not compared, because librmn is wrong there:
//! - A, B and G with the first row in the north, `gdllfxy` and `gdxyfll`: y counts from the south;
//! - G of one hemisphere, `gdllfxy` and `gdxyfll`: the rows of the other hemisphere are searched;
//! - Z whose second descriptor is 1, `gdllfxy`: y counts from the north.

use rpnfst_grids::{Geometry, Grid};
use rpnfst_oracle::cases::{GridKind, rotation};
use rpnfst_oracle::grids::Pair;
use rpnfst_oracle::rng::Rng;
use rpnfst_oracle::{Axes, GridSpec, harness};

use crate::common::grids::{at, distance, ours, single};

/// How far librmn's single precision is off, by thousands of grids.
struct Bounds {
    /// Degrees of the great circle.
    degrees: f64,
    /// Grid cells.
    cells: f64,
    /// Positions come out of an arcsine, which loses digits near poles: as the cosine of the latitude gets small.
    arcsine: bool,
}

impl Bounds {
    fn of(kind: GridKind, spec: &GridSpec) -> Self {
        // Of this style the pole's place is computed in single precision as well.
        let placed = spec.ig[3] >= 32768;
        let (degrees, cells, arcsine) = match kind {
            GridKind::A | GridKind::B => (3e-5, 6e-6, false),
            GridKind::G => (7e-5, 1e-5, false),
            // Before a turn is taken off, longitudes above 512 have steps of 6e-5.
            GridKind::L => {
                (if plane(&ours(spec), (spec.ni.into(), 1.0)).0 > 512.0 { 8e-5 } else { 6.5e-5 }, 1e-4, false)
            }
            GridKind::N | GridKind::S => (if placed { 1.5e-4 } else { 6e-5 }, 5e-4, true),
            GridKind::E | GridKind::ZonE => (3e-4, 5e-4, true),
            GridKind::ZonL => (2e-5, 4e-5, false),
            // A longitude above 256 has steps of 3e-5. Cells of the reference are off by as much as those of N and S.
            GridKind::ZonN | GridKind::ZonS => {
                let axes = spec.axes.iter().flat_map(|axes| [&axes.x, &axes.y]);
                let steps = axes.flat_map(|axis| axis.windows(2).map(|pair| f64::from(pair[1] - pair[0])));
                let least = steps.fold(f64::INFINITY, f64::min);
                (if placed { 1.5e-4 } else { 4e-5 }, (5e-4 / least).max(8e-4), false)
            }
        };
        Self { degrees, cells, arcsine }
    }

    /// Degrees at a latitude, of the sphere that the arcsine is taken on.
    fn degrees(&self, lat: f64) -> f64 {
        let cos = lat.to_radians().cos().abs();
        let lost = if cos < 1e-3 { 0.03 } else { 1.2e-5 / cos };
        if self.arcsine { self.degrees.max(lost) } else { self.degrees }
    }
}

/// Whether `gdllfxy` and `gdxyfll` of librmn are right.
fn point_functions_work(spec: &GridSpec) -> bool {
    let [domain, reversed, ..] = spec.ig;
    match spec.letter {
        b'A' | b'B' => reversed == 0,
        b'G' => reversed == 0 && domain == 0,
        b'Z' => reversed != 1,
        _ => true,
    }
}

fn check_points(grid: &Grid, theirs: &Pair, bounds: &Bounds, what: &dyn Fn() -> String) {
    let (lat, lon) = grid.points();
    assert_eq!(lat.len(), theirs[0].len(), "{}", what());
    for (k, ours) in lat.into_iter().zip(lon).enumerate() {
        assert!((0.0..360.0).contains(&ours.1), "longitude {} of {}", ours.1, what());
        let off = distance(ours, at(theirs, k));
        assert!(
            off <= bounds.degrees(ours.0),
            "point {k} of {}: {ours:?}, librmn {:?}: {off:e} degrees",
            what(),
            at(theirs, k)
        );
    }
}

/// Coordinates on the plane of the axes.
fn plane(grid: &Grid, (x, y): (f64, f64)) -> (f64, f64) {
    match grid.geometry() {
        Geometry::Structured(grid) => grid.plane(x, y),
        _ => (f64::NAN, f64::NAN),
    }
}

/// Random x and y on the grid and up to half a cell outside.
fn places(rng: &mut Rng, spec: &GridSpec, count: usize) -> Pair {
    let mut along = |n: i32| (0..count).map(|_| single(0.5 + f64::from(n) * rng.unit())).collect::<Vec<_>>();
    [along(spec.ni), along(spec.nj)]
}

#[test]
fn positions_and_places() {
    harness::each_seed("grids_geometry::positions_and_places", 4000, |librmn, seed| {
        let mut rng = Rng::new(seed);
        let kind = *rng.pick(&GridKind::ALL);
        let spec = kind.generate(librmn, &mut rng);
        let (grid, bounds) = (ours(&spec), Bounds::of(kind, &spec));
        let their_grid = librmn.define_grid(&spec).expect("a grid");
        let what = || format!("{kind:?} {spec:?}");
        check_points(&grid, &their_grid.positions().expect("positions"), &bounds, &what);
        if !point_functions_work(&spec) {
            return;
        }
        let xy = places(&mut rng, &spec, 40);
        let theirs = their_grid.positions_at(&xy).expect("positions");
        let mut positions = [Vec::new(), Vec::new()];
        for k in 0..xy[0].len() {
            let (x, y) = at(&xy, k);
            let ours = grid.point(x, y);
            if ours.0.is_nan() || ours.0.abs() >= 89.0 {
                continue;
            }
            let off = distance(ours, at(&theirs, k));
            assert!(off <= bounds.degrees(ours.0), "({x}, {y}) of {}: {off:e} degrees", what());
            positions[0].push(single(ours.0));
            positions[1].push(single(ours.1));
        }
        let theirs = their_grid.locate(&positions).expect("places");
        for k in 0..positions[0].len() {
            let position = at(&positions, k);
            let ours = grid.locate(position.0, position.1).unwrap_or((f64::NAN, f64::NAN));
            let theirs = at(&theirs, k);
            let off = (ours.0 - theirs.0).abs().max((ours.1 - theirs.1).abs());
            // At a seam, or where columns meet, other cells are the same place.
            let same = || {
                let lat = if spec.letter == b'E' || kind == GridKind::ZonE { plane(&grid, ours).1 } else { position.0 };
                distance(grid.point(theirs.0, theirs.1), position) <= bounds.degrees(lat)
            };
            assert!(off <= bounds.cells || same(), "{position:?} of {}: {ours:?}, librmn {theirs:?}", what());
        }
    });
}

/// A Yin-Yang pair whose second rotation is that of the first, and the numbers that describe it.
pub fn yin_yang(librmn: rpnfst_oracle::Librmn, rng: &mut Rng) -> ([GridSpec; 2], Vec<f64>) {
    let n = rng.size(5, 20);
    let (ni, nj) = (3 * (n - 1) + 1, n);
    let overlap = *rng.pick(&[0.0, 1.0, 2.5, 4.0]);
    let along = |low: f64, high: f64, n: usize| {
        (0..n).map(|k| single(low + (high - low) * k as f64 / (n - 1) as f64)).collect::<Vec<_>>()
    };
    let x = along(45.0 - 3.0 * overlap, 315.0 + 3.0 * overlap, ni);
    let y = along(-45.0 - overlap, 45.0 + overlap, nj);
    let yin = rotation(librmn, rng);
    let reference = Grid::new(b'E', 9, 9, yin.map(i32::cast_unsigned)).expect("a grid");
    // Rotated (0, 0) and (90, 0): the middle of the first column, and half a cell beyond the last row.
    let [first, second] = [reference.point(1.0, 5.0), reference.point(1.0, 9.5)];
    let yang = [first.0, first.1, second.0, second.1].map(single);
    let spec = |ig| GridSpec {
        letter: b'Z',
        ni: i32::try_from(ni).expect("small"),
        nj: i32::try_from(nj).expect("small"),
        ig,
        axes: Some(Axes { reference: b'E', x: x.clone(), y: y.clone() }),
    };
    let specs = [spec(yin), spec(librmn.encode_grid(b'E', yang))];
    let mut numbers = vec![70.0, 1.0, 2.0, 1.0, 1.0];
    for spec in &specs {
        numbers.extend([ni as f64, nj as f64]);
        numbers.extend([x[0], x[ni - 1], y[0], y[nj - 1]].map(f64::from));
        numbers.extend(librmn.decode_grid(b'E', spec.ig).map(f64::from));
        numbers.extend(x.iter().chain(&y).copied().map(f64::from));
    }
    (specs, numbers)
}

#[test]
fn unions() {
    harness::each_seed("grids_geometry::unions", 300, |librmn, seed| {
        let mut rng = Rng::new(seed);
        let ([yin, yang], numbers) = yin_yang(librmn, &mut rng);
        let grid = Grid::yin_yang(&numbers).expect("a grid");
        let their_grid = librmn.define_union([&yin, &yang]).expect("a grid");
        let what = || format!("U {yin:?} {yang:?}");
        check_points(&grid, &their_grid.positions().expect("positions"), &Bounds::of(GridKind::ZonE, &yin), &what);
        // Both choose a sub-grid where they overlap, not always the same: the place must be the position.
        let lat: Vec<f32> = (0..50).map(|_| single((2.0 * rng.unit() - 1.0).asin().to_degrees())).collect();
        let lon: Vec<f32> = (0..50).map(|_| single(360.0 * rng.unit())).collect();
        let positions = [lat, lon];
        let theirs = their_grid.locate(&positions).expect("places");
        for k in 0..50 {
            let (position, theirs) = (at(&positions, k), at(&theirs, k));
            let Some(ours) = grid.locate(position.0, position.1) else {
                panic!("{position:?} is nowhere on {}", what())
            };
            let off = distance(grid.point(ours.0, ours.1), position);
            assert!(off < 1e-9, "{position:?} at {ours:?} of {}: {off:e} degrees", what());
            let off = (ours.0 - theirs.0).abs().max((ours.1 - theirs.1).abs());
            let same = || distance(grid.point(theirs.0, theirs.1), position) <= 1e-4;
            assert!(off <= 2e-5 || same(), "{position:?} of {}: {ours:?}, librmn {theirs:?}", what());
        }
    });
}
