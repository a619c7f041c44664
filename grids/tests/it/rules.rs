//! What regridding promises beside values: weights, missing values, masks, points outside, copies.

use proptest::prelude::*;
use rpnfst_grids::regrid::{Extrapolation, Method, Missing, Normalize, Options, Regrid, SkipMissing, Statistic};
use rpnfst_grids::{Error, Grid, descriptor};

const METHODS: [Method; 3] = [Method::Nearest, Method::Linear, Method::Cubic];

fn described(letter: u8, ni: usize, nj: usize, xg: [f64; 4]) -> Grid {
    Grid::new(letter, ni, nj, descriptor::encode(letter, xg).unwrap()).unwrap()
}

fn rotated(ni: usize, nj: usize, ax: impl Fn(usize) -> f64, ay: impl Fn(usize) -> f64) -> Grid {
    let ig = descriptor::encode(b'E', [35.0, 265.0, 60.0, 80.0]).unwrap();
    Grid::from_axes(b'Z', b'E', ig, (0..ni).map(ax).collect(), (0..nj).map(ay).collect()).unwrap()
}

/// Sources of every kind that has a plane, and some that have none.
fn sources() -> Vec<(Grid, bool)> {
    let uneven = |k: usize| 20.0 + 4.0 * k as f64 + (k as f64).sin();
    vec![
        (described(b'A', 24, 12, [0.0; 4]), true),
        (described(b'A', 24, 8, [1.0, 1.0, 0.0, 0.0]), true),
        (described(b'B', 25, 9, [2.0, 0.0, 0.0, 0.0]), true),
        (described(b'G', 24, 12, [0.0, 1.0, 0.0, 0.0]), true),
        (described(b'G', 24, 8, [2.0, 0.0, 0.0, 0.0]), true),
        (described(b'E', 25, 12, [35.0, 265.0, 60.0, 80.0]), true),
        (described(b'L', 36, 17, [-80.0, 0.0, 10.0, 10.0]), true),
        (described(b'L', 20, 15, [-20.0, 10.0, 3.0, 4.0]), false),
        (described(b'N', 21, 19, [10.0, 9.0, 500_000.0, 21.0]), false),
        (rotated(30, 12, uneven, |k| -40.0 + 7.0 * k as f64 + (k as f64).cos()), false),
        (rotated(25, 12, |k| 15.0 * k as f64, |k| -82.5 + 15.0 * k as f64), true),
        (Grid::yin_yang_of(10, 2.0, [10.0, 200.0, 20.0, 290.0]).unwrap(), true),
        (Grid::new(b'Q', 8, 48, [0x42_0000, 0xa4_fa00, 0x66_0000, (4 << 7) | 2]).unwrap(), true),
    ]
}

/// A field without jumps, also at the poles and at the date line, and the same north and south of the equator.
fn smooth(lat: f64, lon: f64) -> f64 {
    let ((sin, cos), (east, north)) = (lat.to_radians().sin_cos(), lon.to_radians().sin_cos());
    3.0 * sin * sin + 2.0 * cos * north - cos * east + 0.5 * sin * sin * cos * north
}

fn field(grid: &Grid) -> Vec<f64> {
    let (lat, lon) = grid.points();
    lat.iter().zip(&lon).map(|(lat, lon)| smooth(*lat, *lon)).collect()
}

#[test]
fn regrids_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Regrid>();
}

#[test]
fn smooth_fields_stay_so() {
    for (source, global) in sources() {
        let values = field(&source);
        let target = if global { described(b'L', 23, 19, [-88.0, 3.0, 9.7, 15.5]) } else { shrunk(&source) };
        for (method, limit) in [(Method::Nearest, 0.8), (Method::Linear, 0.2), (Method::Cubic, 0.2)] {
            let got: Vec<f64> =
                Regrid::new(&source, &target, &Options::new(method)).unwrap().apply(&values, None).unwrap();
            for (k, (got, expected)) in got.iter().zip(field(&target)).enumerate() {
                let letter = char::from(source.letter());
                assert!((got - expected).abs() < limit, "{letter} {method:?} {k}: {got} {expected}");
            }
        }
    }
}

/// A latitude-longitude grid within a regional one.
fn shrunk(source: &Grid) -> Grid {
    let (lat, lon) = source.point(source.ni() as f64 / 2.0, source.nj() as f64 / 2.0);
    described(b'L', 9, 7, [lat - 3.0, lon - 4.0, 1.0, 1.0])
}

#[test]
fn weights_stand_for_values() {
    for (source, _) in sources() {
        let values = field(&source);
        for target in [described(b'N', 17, 13, [8.0, 7.0, 800_000.0, 10.0]), described(b'B', 13, 7, [0.0; 4])] {
            for method in METHODS {
                let options = Options::new(method).extrapolate(Extrapolation::Cubic);
                let regrid = Regrid::new(&source, &target, &options).unwrap();
                let got: Vec<f64> = regrid.apply(&values, None).unwrap();
                let constant: Vec<f32> = regrid.apply(&vec![0.1_f32; source.len()], None).unwrap();
                for k in 0..target.len() {
                    let weights = regrid.weights(k);
                    let (sum, size): (f64, f64) = weights.iter().fold((0.0, 0.0), |(a, b), w| (a + w.1, b + w.1.abs()));
                    let value: f64 = weights.iter().map(|(index, weight)| weight * values[*index]).sum();
                    let place = || format!("{} {method:?} {k}", char::from(source.letter()));
                    if weights.is_empty() {
                        assert!(got[k].is_nan(), "{}", place());
                        continue;
                    }
                    assert!((sum - 1.0).abs() < 1e-12 * size.max(1.0), "{}: {sum}", place());
                    assert!((value - got[k]).abs() < 1e-10 * size.max(1.0), "{}: {value} {}", place(), got[k]);
                    assert_eq!(constant[k], 0.1, "{}", place());
                }
            }
        }
    }
}

#[test]
fn a_grid_on_itself_is_copied() {
    for (source, _) in sources() {
        let values = field(&source);
        for method in METHODS {
            let regrid = Regrid::new(&source, &source, &Options::new(method)).unwrap();
            let got: Vec<f64> = regrid.apply(&values, None).unwrap();
            let far = got.iter().zip(&values).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(far < 1e-12, "{} {method:?}: {far}", char::from(source.letter()));
            if source.letter() != b'Q' {
                let (u, v) = regrid.apply_winds(&values, &values, None).unwrap();
                let far = u.iter().zip(&v).zip(&values).map(|((a, b), c)| (a - c).abs().max((b - c).abs()));
                assert!(far.fold(0.0, f64::max) < 1e-12, "{}", char::from(source.letter()));
            }
        }
    }
}

#[test]
fn a_sub_grid_is_copied() {
    let pair = Grid::yin_yang_of(10, 2.0, [10.0, 200.0, 20.0, 290.0]).unwrap();
    let rpnfst_grids::Geometry::YinYang(grids) = pair.geometry() else { panic!() };
    let yang = grids.yang();
    let ig = descriptor::encode(b'E', grids.yang_rotation().angles()).unwrap();
    let target = Grid::from_axes(b'Z', b'E', ig, yang.ax().values(), yang.ay().values()).unwrap();
    let values: Vec<f32> = (0..pair.len()).map(|k| (k % 101) as f32).collect();
    let got: Vec<f32> =
        Regrid::new(&pair, &target, &Options::new(Method::Linear)).unwrap().apply(&values, None).unwrap();
    assert_eq!(got, values[pair.len() / 2..]);
}

#[test]
fn missing_values_by_the_rule() {
    let grid = Grid::new(b'L', 6, 5, [100, 100, 9000, 0]).unwrap();
    let mut values: Vec<f64> = (0..30).map(|k| f64::from(k % 6)).collect();
    values[14] = f64::NAN; // x = 3, y = 3
    let nan = |v: f64| v.is_nan();
    let at = |method, missing, x: f64, y: f64| {
        let options = Options::new(method).missing(missing);
        let regrid = Regrid::to_points(&grid, &[y - 1.0], &[x - 1.0], &options).unwrap();
        regrid.apply::<f64>(&values, None).unwrap()[0]
    };
    for method in [Method::Linear, Method::Cubic] {
        // Nearest to the missing point.
        assert!(nan(at(method, Missing::IfNearest, 3.2, 3.2)) && nan(at(method, Missing::IfAny, 3.2, 3.2)));
        assert!(!nan(at(method, Missing::IfAll, 3.2, 3.2)));
        // Nearest to another one: what is left has its mean.
        let got = at(method, Missing::IfNearest, 3.75, 3.0);
        assert!((got - 3.0).abs() < 1e-12, "{got}");
        assert!(nan(at(method, Missing::IfAny, 3.75, 3.0)));
        // A point without weight does not matter.
        assert_eq!(at(method, Missing::IfAny, 3.0, 2.0), 2.0);
        assert_eq!(at(method, Missing::IfAny, 4.0, 3.0), 3.0);
    }
    assert!(nan(at(Method::Nearest, Missing::IfAll, 3.2, 3.2)));
    assert_eq!(at(Method::Nearest, Missing::IfAny, 3.6, 3.2), 3.0);
}

#[test]
fn masks_are_missing_values() {
    let grid = Grid::new(b'L', 6, 5, [100, 100, 9000, 0]).unwrap();
    let values: Vec<f32> = (0..30_u8).map(f32::from).collect();
    let mut source_mask = vec![true; 30];
    source_mask[14] = false;
    let mut target_mask = vec![true; 30];
    target_mask[29] = false;
    let options = Options::new(Method::Nearest).source_mask(source_mask).target_mask(target_mask);
    let regrid = Regrid::new(&grid, &grid, &options).unwrap();
    let mut mask = vec![true; 30];
    mask[3] = false;
    let got = regrid.apply(&values, Some(&mask)).unwrap();
    let missing: Vec<usize> = (0..30).filter(|k| got[*k].is_nan()).collect();
    assert_eq!(missing, [3, 14, 29]);
    let (u, v) = regrid.apply_winds(&values, &values, None).unwrap();
    assert!((0..30).all(|k| u[k].is_nan() == v[k].is_nan() && u[k].is_nan() == [14, 29].contains(&k)));
    assert!(matches!(regrid.apply(&values, Some(&mask[1..])), Err(Error::Length { .. })));
    assert!(matches!(regrid.apply(&values[1..], None), Err(Error::Length { .. })));
    assert!(matches!(regrid.apply_winds(&values, &values[1..], None), Err(Error::Length { .. })));
    let wrong = Options::default().source_mask(vec![true; 3]);
    assert!(matches!(Regrid::new(&grid, &grid, &wrong), Err(Error::Length { .. })));
}

#[test]
fn points_outside_by_the_option() {
    let grid = Grid::new(b'L', 6, 5, [100, 100, 9000, 0]).unwrap();
    let values: Vec<f64> = (0..30).map(|k| f64::from(k % 6)).collect();
    let at = |method, extrapolation| {
        let options = Options::new(method).extrapolate(extrapolation);
        // Half a cell beyond the edge is not outside; a place that is no number lies nowhere.
        let regrid = Regrid::to_points(&grid, &[1.0, 1.0, f64::NAN], &[6.0, 5.25, 1.0], &options).unwrap();
        assert_eq!(regrid.outside(), 2);
        let got: Vec<f64> = regrid.apply(&values, None).unwrap();
        assert!(method == Method::Nearest || (got[1] - 5.25).abs() < 1e-12, "{}", got[1]);
        (got[0], got[2])
    };
    for method in METHODS {
        assert!(at(method, Extrapolation::Missing).0.is_nan());
        assert_eq!(at(method, Extrapolation::Maximum), (5.25, 5.25));
        assert_eq!(at(method, Extrapolation::Minimum), (-0.25, -0.25));
        assert_eq!(at(method, Extrapolation::Value(-9.0)), (-9.0, -9.0));
        assert_eq!(at(method, Extrapolation::Nearest).0, 5.0);
        assert!((at(method, Extrapolation::Linear).0 - 6.0).abs() < 1e-12);
        assert!((at(method, Extrapolation::Cubic).0 - 6.0).abs() < 1e-12);
        assert!(at(method, Extrapolation::Cubic).1.is_nan());
        let options = Options::new(method).extrapolate(Extrapolation::Abort);
        assert!(matches!(Regrid::to_points(&grid, &[1.0], &[6.0], &options), Err(Error::Invalid { .. })));
    }
    assert_eq!(at(Method::Nearest, Extrapolation::Neutral).0, 5.0);
    assert!((at(Method::Linear, Extrapolation::Neutral).0 - 6.0).abs() < 1e-12);
}

#[test]
fn small_sources_are_refused() {
    let target = Grid::new(b'L', 6, 5, [100, 100, 9000, 0]).unwrap();
    for (ni, nj) in [(1, 1), (1, 5), (5, 1), (3, 5), (5, 3)] {
        let grid = Grid::new(b'L', ni, nj, [100, 100, 9000, 0]).unwrap();
        assert!(Regrid::new(&grid, &target, &Options::new(Method::Nearest)).is_ok());
        assert!(matches!(Regrid::new(&grid, &target, &Options::new(Method::Cubic)), Err(Error::Size { .. })));
    }
}

proptest! {
    #[test]
    fn any_sources_and_targets(
        letter in prop::sample::select(b"ABGELNS".to_vec()), ni in 4_usize..30, nj in 4_usize..30, domain in 0..3_u8, turned: bool,
        ig in prop::array::uniform4(0_u32..66_000), lat in prop::collection::vec(-90.0..90.0, 40), lon in prop::collection::vec(-400.0..400.0, 40),
        extrapolation in prop::sample::select(vec![Extrapolation::Nearest, Extrapolation::Neutral, Extrapolation::Linear]),
    ) {
        let ig = if b"ABG".contains(&letter) { [domain.into(), turned.into(), 0, 0] } else { ig };
        let Ok(source) = Grid::new(letter, ni, nj, ig) else { return Ok(()) };
        for method in METHODS {
            let options = Options::new(method).extrapolate(extrapolation);
            let regrid = Regrid::to_points(&source, &lat, &lon, &options).unwrap();
            let constant: Vec<f64> = regrid.apply(&vec![0.1; source.len()], None).unwrap();
            for (k, value) in constant.into_iter().enumerate() {
                let weights = regrid.weights(k);
                let (sum, size): (f64, f64) = weights.iter().fold((0.0, 0.0), |(a, b), w| (a + w.1, b + w.1.abs()));
                prop_assert!(weights.is_empty() == value.is_nan());
                prop_assert!(weights.is_empty() || value == 0.1, "{value}");
                prop_assert!(weights.is_empty() || (sum - 1.0).abs() < 1e-11 * size, "{sum}");
            }
        }
    }

    #[test]
    fn winds_keep_their_speed(
        ni in 8_usize..20, nj in 8_usize..20, rotation in prop::array::uniform4(0.0..80.0), lat in prop::collection::vec(-90.0..90.0, 20),
        lon in prop::collection::vec(0.0..360.0, 20), u in -20.0..20.0, v in -20.0..20.0,
    ) {
        // The nearest wind is turned, no more.
        let Ok(ig) = descriptor::encode(b'E', rotation) else { return Ok(()) };
        let Ok(source) = Grid::new(b'E', ni, nj, ig) else { return Ok(()) };
        let regrid = Regrid::to_points(&source, &lat, &lon, &Options::new(Method::Nearest)).unwrap();
        let (east, north): (Vec<f64>, _) = regrid.apply_winds(&vec![u; source.len()], &vec![v; source.len()], None).unwrap();
        let near_poles = |k: usize| source.locate(lat[k], lon[k]).is_none_or(|(_, y)| y < 1.6 || y > nj as f64 - 0.6);
        for k in (0..lat.len()).filter(|k| !near_poles(*k)) {
            let speed: f64 = east[k].hypot(north[k]);
            prop_assert!((speed - u.hypot(v)).abs() < 1e-9, "{speed}");
        }
    }
}

/// A mesh of triangles over a rectangle of degrees.
fn mesh() -> Grid {
    let (mut lat, mut lon, mut triangles) = (Vec::new(), Vec::new(), Vec::new());
    for j in 0..9_u32 {
        for i in 0..11_u32 {
            lat.push(40.0 + f64::from(j));
            lon.push(350.0 + 2.0 * f64::from(i));
            if i < 10 && j < 8 {
                let node = j * 11 + i;
                triangles.extend([node, node + 1, node + 12, node, node + 12, node + 11]);
            }
        }
    }
    Grid::mesh(lon, lat, triangles).unwrap()
}

#[test]
fn sources_without_columns_and_rows() {
    let target = described(b'L', 7, 5, [41.3, 352.7, 1.1, 1.3]);
    let (lat, lon) = mesh().points();
    let plane = |lat: &[f64], lon: &[f64]| -> Vec<f64> {
        lat.iter().zip(lon).map(|(lat, lon)| 2.0 * lat - (lon + 180.0) % 360.0).collect()
    };
    let values = plane(&lat, &lon);
    let (to_lat, to_lon) = target.points();
    let wanted = plane(&to_lat, &to_lon);
    let cloud = Grid::cloud(99, 1, lon.clone(), lat.clone()).unwrap();
    let ocean = Grid::curvilinear(11, 9, lon, lat).unwrap();
    for (source, method, limit) in [
        (&mesh(), Method::Linear, 1e-9),
        (&mesh(), Method::Nearest, 2.6),
        (&cloud, Method::Nearest, 2.6),
        (&ocean, Method::Linear, 1e-9),
        (&ocean, Method::Cubic, 1e-9),
        (&ocean, Method::Nearest, 2.6),
    ] {
        let regrid = Regrid::new(source, &target, &Options::new(method)).unwrap();
        let got: Vec<f64> = regrid.apply(&values, None).unwrap();
        for (got, wanted) in got.iter().zip(&wanted) {
            assert!((got - wanted).abs() < limit, "{} {method:?}: {got} {wanted}", char::from(source.letter()));
        }
        let outside = Regrid::to_points(source, &[0.0], &[180.0], &Options::new(method)).unwrap();
        let got: f64 = outside.apply(&values, None).unwrap()[0];
        assert!(got.is_nan(), "{} {method:?}", char::from(source.letter()));
    }
    // Far from all points of a cloud the nearest one counts where that is said, and of a single place wherever the target is.
    let options = Options::new(Method::Nearest);
    let nearest = options.clone().extrapolate(Extrapolation::Nearest);
    let far = Regrid::to_points(&cloud, &[0.0], &[180.0], &nearest).unwrap();
    assert!(values.contains(&far.apply(&values, None).unwrap()[0]));
    let station = Grid::cloud(1, 1, vec![286.4], vec![45.5]).unwrap();
    let far = Regrid::to_points(&station, &[0.0], &[180.0], &options).unwrap();
    assert_eq!(far.apply(&[7.0], None).unwrap(), [7.0]);
    assert!(matches!(Regrid::new(&cloud, &target, &Options::new(Method::Cubic)), Err(Error::Unsupported { .. })));
}

#[test]
fn cells_through_the_same_door() {
    let (source, target) =
        (described(b'L', 20, 20, [0.0, 0.0, 1.0, 1.0]), described(b'L', 10, 5, [1.5, 2.5, 4.0, 4.0]));
    let values: Vec<f32> = (0..400_u16).map(f32::from).collect();
    let mean = Regrid::new(&source, &target, &Options::new(Method::Statistic(Statistic::Average))).unwrap();
    let area = Regrid::new(&source, &target, &Options::new(Method::Conservative(Normalize::FracArea))).unwrap();
    let (mean, shared) = (mean.apply(&values, None).unwrap(), area.apply(&values, None).unwrap());
    for k in [0, 1, 10, 22] {
        assert!((mean[k] - shared[k]).abs() < 0.1, "{k}: {} {}", mean[k], shared[k]);
    }
    assert!(mean[9].is_nan() && shared[9].is_nan() && area.outside() > 0);
    let (u, _) = area.apply_winds(&values, &values, None).unwrap();
    assert_eq!(u[0], shared[0]);
    let options = Options::new(Method::Conservative(Normalize::FracArea)).extrapolate(Extrapolation::Value(-1.0));
    let filled = Regrid::new(&source, &target, &options).unwrap();
    assert_eq!(filled.apply(&values, None).unwrap()[9], -1.0);
    assert!(Regrid::to_points(&source, &[1.0], &[1.0], &options).is_err());
}

#[test]
fn means_over_cells_of_several_sub_grids_are_winds() {
    let source = Grid::yin_yang_of(30, 3.0, [30.0, 40.0, -20.0, 110.0]).unwrap();
    let target = described(b'E', 24, 13, [30.0, 260.0, -50.0, 20.0]);
    let (mut u, mut v) = (vec![10.0_f64; source.len()], vec![-5.0; source.len()]);
    source.turns().unwrap().from_earth(&mut u, &mut v).unwrap();
    let of = |method| Regrid::new(&source, &target, &Options::new(method)).unwrap();
    for method in [Method::Conservative(Normalize::FracArea), Method::Statistic(Statistic::Average)] {
        let (mut u, mut v) = of(method).apply_winds(&u, &v, None).unwrap();
        target.turns().unwrap().to_earth(&mut u, &mut v).unwrap();
        assert!(u.iter().zip(&v).all(|(u, v)| (u - 10.0).abs() < 1e-9 && (v + 5.0).abs() < 1e-9));
    }
    let count = of(Method::Statistic(Statistic::Count));
    assert!(matches!(count.apply_winds(&u, &v, None), Err(Error::Unsupported { .. })));
}

#[test]
fn a_matrix_does_the_same() {
    let source = described(b'G', 24, 12, [0.0; 4]);
    let target = described(b'N', 17, 13, [8.0, 7.0, 800_000.0, 10.0]);
    let values = field(&source);
    for method in METHODS {
        let regrid = Regrid::new(&source, &target, &Options::new(method)).unwrap();
        let matrix = regrid.matrix();
        let mut got = vec![0.0; target.len()];
        matrix.apply(&values, None, SkipMissing::default(), &mut got).unwrap();
        let wanted: Vec<f64> = regrid.apply(&values, None).unwrap();
        assert!(got.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-12));
        assert_eq!(matrix.rows(), target.len());
    }
}

/// Large targets are kept and interpolated in another way than a few points.
#[test]
fn large_targets_are_many_points() {
    let z = |x: [f64; 2], y: [f64; 2], n: (u16, u16)| {
        let axis = |[first, step]: [f64; 2], n: u16| {
            (0..n).map(|k| first + step * (f64::from(k) + 0.1 * (f64::from(k) * 0.7).sin())).collect()
        };
        let ig = descriptor::encode(b'E', [40.0, 260.0, 10.0, 340.0]).unwrap();
        Grid::from_axes(b'Z', b'E', ig, axis(x, n.0), axis(y, n.1)).unwrap()
    };
    let regional = z([150.0, 0.5], [-20.0, 0.5], (120, 90));
    let turned = z([150.0, 0.5], [24.0, -0.5], (120, 90));
    let globe = Grid::new(b'G', 180, 90, [0; 4]).unwrap();
    let world = described(b'L', 640, 321, [-80.0, 0.0, 0.5, 0.5625]);
    let polar = Grid::new(b'N', 400, 300, descriptor::encode(b'N', [200.5, 150.5, 30_000.0, 10.0]).unwrap()).unwrap();
    for (source, target) in [
        (&regional, &world),
        (&turned, &polar),
        (&regional, &polar),
        (&globe, &polar),
        (&globe, &z([0.0, 1.0], [-80.0, 0.5], (360, 300))),
    ] {
        let (lat, lon) = target.points();
        let mut field: Vec<f64> = (0..source.len())
            .map(|k| ((k % source.ni()) as f64 / 9.0).sin() * ((k / source.ni()) as f64 / 7.0).cos())
            .collect();
        for k in [17, 2005, 2006, 5003, 9001] {
            field[k] = f64::NAN;
        }
        #[allow(clippy::cast_possible_truncation, reason = "the nearest single is meant")]
        let narrow: Vec<f32> = field.iter().map(|v| *v as f32).collect();
        for method in [Method::Nearest, Method::Linear, Method::Cubic] {
            for outside in [Extrapolation::Missing, Extrapolation::Value(7.0), Extrapolation::Nearest] {
                let options = Options::new(method).extrapolate(outside);
                let regrid = Regrid::new(source, target, &options).unwrap();
                let all: Vec<f64> = regrid.apply(&field, None).unwrap();
                let all_narrow: Vec<f32> = regrid.apply(&narrow, None).unwrap();
                let mut different = 0;
                for first in (0..target.len()).step_by(50_000) {
                    let part = first..(first + 50_000).min(target.len());
                    let points = Regrid::to_points(source, &lat[part.clone()], &lon[part.clone()], &options).unwrap();
                    let some: Vec<f64> = points.apply(&field, None).unwrap();
                    for ((some, all), narrow) in some.iter().zip(&all[part.clone()]).zip(&all_narrow[part]) {
                        let same = |a: f64, b: f64, limit: f64| {
                            (a.is_nan() && b.is_nan()) || (a - b).abs() <= limit * a.abs().max(1.0)
                        };
                        different += usize::from(!same(*some, *all, 1e-8) || !same(*some, f64::from(*narrow), 1e-5));
                    }
                }
                // Of two points at the same distance, or at the edge, another one may be chosen.
                let allowed = target.len() / 10_000;
                assert!(
                    different <= allowed,
                    "{method:?} {outside:?} {}: {different} differ",
                    char::from(target.letter())
                );
            }
        }
    }
}
