//! Points outside of sources that have no plane: O, M, Y, R.

use rpnfst_grids::regrid::{Extrapolation, Method, Options, Regrid};
use rpnfst_grids::{Error, Grid, descriptor};

/// A source, its methods, a place inside, a place outside, and the point that is nearest to that.
type Source = (Grid, Vec<Method>, [f64; 2], [f64; 2], usize);

fn sources() -> Vec<Source> {
    let (n, mut lat, mut lon) = (6, Vec::new(), Vec::new());
    for k in 0..36 {
        let (i, j) = (f64::from(k % 6), f64::from(k / 6));
        lon.push(10.0 + i + 0.1 * j);
        lat.push(40.0 + j + 0.05 * i);
    }
    let curvilinear = Grid::curvilinear(n, n, lon.clone(), lat.clone()).unwrap();
    let cloud = Grid::cloud(36, 1, lon, lat).unwrap();
    let mesh = Grid::mesh(vec![10.0, 20.0, 10.0, 20.0], vec![0.0, 0.0, 10.0, 10.0], vec![0, 1, 2, 1, 3, 2]).unwrap();
    vec![
        (curvilinear, vec![Method::Nearest, Method::Linear, Method::Cubic], [42.0, 12.2], [60.0, 40.0], 35),
        (cloud, vec![Method::Nearest, Method::InverseDistance], [42.0, 12.2], [60.0, 40.0], 35),
        (mesh, vec![Method::Nearest, Method::Linear], [3.0, 13.0], [15.0, 27.0], 3),
    ]
}

#[test]
fn the_nearest_point_or_an_error() {
    for (source, methods, inside, outside, nearest) in sources() {
        let field: Vec<f64> = (0..source.len()).map(|k| (k * k) as f64).collect();
        for method in methods {
            let plan = |to, places: &[[f64; 2]]| {
                let (lat, lon): (Vec<_>, Vec<_>) = places.iter().map(|[lat, lon]| (*lat, *lon)).unzip();
                Regrid::to_points(&source, &lat, &lon, &Options::new(method).extrapolate(to))
            };
            let missing = plan(Extrapolation::Missing, &[inside, outside, [f64::NAN, 0.0]]).unwrap();
            let without: Vec<f64> = missing.apply(&field, None).unwrap();
            assert!(without[0].is_finite() && without[1].is_nan() && without[2].is_nan());
            let regrid = plan(Extrapolation::Nearest, &[inside, outside, [f64::NAN, 0.0]]).unwrap();
            let letter = char::from(source.letter());
            assert_eq!((regrid.outside(), missing.outside()), (2, 2), "{letter} {method:?}");
            let got: Vec<f64> = regrid.apply(&field, None).unwrap();
            assert_eq!(got[..2], [without[0], field[nearest]], "{letter} {method:?}");
            assert!(got[2].is_nan());
            assert_eq!(regrid.weights(1), [(nearest, 1.0)]);
            let (u, v) = regrid.apply_winds(&field, &field, None).unwrap();
            let speed = u[1].hypot(v[1]) / 2.0_f64.sqrt();
            assert!((speed - field[nearest]).abs() < 1e-9, "{letter} {speed}");
            // No formula goes on; where nothing is outside, none is needed.
            for to in [Extrapolation::Linear, Extrapolation::Cubic] {
                assert!(matches!(plan(to, &[inside, outside]), Err(Error::Unsupported { .. })), "{letter} {method:?}");
                assert!(plan(to, &[inside]).is_ok());
            }
            let neutral = plan(Extrapolation::Neutral, &[inside, outside]);
            match method {
                Method::Nearest => assert_eq!(neutral.unwrap().apply(&field, None).unwrap()[1], field[nearest]),
                Method::InverseDistance => assert!(neutral.is_ok()),
                _ => assert!(matches!(neutral, Err(Error::Unsupported { .. }))),
            }
        }
    }
}

#[test]
fn to_grids() {
    let (source, ..) = sources().remove(0);
    let ig = descriptor::encode(b'L', [35.0, 5.0, 1.0, 1.0]).unwrap();
    let target = Grid::new(b'L', 20, 20, ig).unwrap();
    let field: Vec<f64> = (0..source.len()).map(|k| k as f64).collect();
    for method in [Method::Nearest, Method::Linear, Method::Cubic] {
        let regrid = Regrid::new(&source, &target, &Options::new(method).extrapolate(Extrapolation::Nearest)).unwrap();
        assert!(regrid.outside() > 300);
        let got: Vec<f64> = regrid.apply(&field, None).unwrap();
        assert!(got.iter().all(|v| v.is_finite()));
        assert_eq!((got[0], got[399]), (0.0, 35.0));
    }
}

#[test]
fn beyond_the_range_of_a_radar() {
    for azimuths in [36, 20] {
        let source = Grid::new(b'R', azimuths, 30, [100_000, 1000, 13500, 28600]).unwrap();
        let field: Vec<f64> = (0..source.len()).map(|k| (k / azimuths) as f64).collect();
        // Due north of the radar, in and beyond the last range.
        let (lat, lon) = (source.point(1.0, 25.0).0, 286.0);
        let beyond = source.point(1.0, 33.0).0;
        for method in [Method::Nearest, Method::Linear, Method::Cubic] {
            let at = |to| {
                let options = Options::new(method).extrapolate(to);
                let regrid = Regrid::to_points(&source, &[lat, beyond], &[lon, lon], &options).unwrap();
                assert_eq!(regrid.outside(), 1);
                regrid.apply(&field, None).unwrap()
            };
            let close = |to, value: f64| {
                let got: Vec<f64> = at(to);
                assert!((got[0] - 24.0).abs() < 1e-6 && (got[1] - value).abs() < 1e-6, "{method:?} {to:?} {got:?}");
            };
            assert!(at(Extrapolation::Missing)[1].is_nan());
            close(Extrapolation::Nearest, 29.0);
            close(Extrapolation::Linear, 32.0);
            close(Extrapolation::Cubic, 32.0);
            close(Extrapolation::Maximum, 29.0 * 1.05);
        }
    }
}
