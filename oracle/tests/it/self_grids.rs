//! The oracle alone: grids, with examples from the documentation of librmn's descriptors.

use rpnfst_oracle::cases::GridKind;
use rpnfst_oracle::grids::{Degree, Extrapolation};
use rpnfst_oracle::rng::Rng;
use rpnfst_oracle::{Axes, GridSpec, Interpolation, harness};

fn near(found: f32, expected: f64, tolerance: f64) {
    assert!((f64::from(found) - expected).abs() <= tolerance, "{found}, expected {expected}");
}

#[test]
fn descriptors() {
    harness::in_child("self_grids::descriptors", |librmn| {
        assert_eq!(librmn.encode_grid(b'N', [51.0, 51.0, 60000.0, 21.0]), [510, 510, 2100, 600]);
        assert_eq!(librmn.encode_grid(b'E', [-35.0, -95.0, -60.0, 80.0]), [550, 1200, 56800, 12801]);
        let decoded = librmn.decode_grid(b'L', [25, 25, 0, 18000]);
        for (found, expected) in decoded.into_iter().zip([-90.0, 180.0, 0.25, 0.25]) {
            near(found, expected, 1e-4);
        }
    });
}

#[test]
fn polar_stereographic() -> Result<(), rpnfst_oracle::OracleError> {
    let mut outcome = Ok(());
    harness::in_child("self_grids::polar_stereographic", |librmn| {
        outcome = (|| {
            let spec = GridSpec { letter: b'N', ni: 101, nj: 101, ig: [510, 510, 2100, 600], axes: None };
            let grid = librmn.define_grid(&spec)?;
            let [lat, lon] = grid.positions()?;
            near(lat[0], 50.719988453718, 1e-4);
            near(lon[0], 204.0, 1e-4);
            let [x, y] = grid.locate(&[vec![60.0], vec![259.0]])?;
            near(x[0], 60.219269171032, 5e-4);
            near(y[0], -1.285073639838, 5e-4);
            let [lat, lon] = grid.positions_at(&[vec![52.0], vec![51.0]])?;
            near(lat[0], 89.421670789802, 5e-3);
            near(lon[0], 339.0, 1e-2);
            let positions = [vec![40.0], vec![259.0]];
            let speeds = grid.speeds(&[vec![10.0], vec![5.0]], &positions)?;
            near(speeds[0][0], 11.180339887499, 1e-4);
            near(speeds[1][0], 253.434948822922, 1e-3);
            let back = grid.components(&speeds, &positions)?;
            near(back[0][0], 10.0, 1e-3);
            near(back[1][0], 5.0, 1e-3);
            Ok(())
        })();
    });
    outcome
}

#[test]
fn interpolation() -> Result<(), rpnfst_oracle::OracleError> {
    let mut outcome = Ok(());
    harness::in_child("self_grids::interpolation", |librmn| {
        outcome = (|| {
            let axes = Axes { reference: b'L', x: vec![0.0, 1.0, 3.0, 4.0, 6.0], y: vec![0.0, 2.0, 3.0, 5.0, 6.0] };
            let field: Vec<f32> = axes.y.iter().flat_map(|y| axes.x.iter().map(move |x| x * x * x + y * y)).collect();
            let spec = GridSpec { letter: b'Z', ni: 5, nj: 5, ig: [100, 100, 9000, 0], axes: Some(axes) };
            let source = librmn.define_grid(&spec)?;
            let target = GridSpec { letter: b'L', ni: 2, nj: 1, ig: [100, 4000, 9350, 200], axes: None };
            let target = librmn.define_grid(&target)?;
            let how = |degree| Interpolation { degree, extrapolation: Extrapolation::Value(-7.0) };
            for (degree, expected) in [(Degree::Nearest, 36.0), (Degree::Linear, 27.0), (Degree::Cubic, 20.25)] {
                let found = source.interpolate(&target, how(degree), &field)?;
                near(found[0], expected, 1e-3);
                near(found[1], -7.0, 0.0);
                let found = source.values_at(how(degree), &field, &[vec![2.4999], vec![3.25]])?;
                near(found[0], if degree == Degree::Nearest { 10.0 } else { expected }, 1e-2);
            }
            let winds = [vec![3.0; 25], vec![4.0; 25]];
            let found = source.interpolate_winds(&target, how(Degree::Linear), &winds)?;
            near(found[0][0], 3.0, 1e-4);
            near(found[1][0], 4.0, 1e-4);
            Ok(())
        })();
    });
    outcome
}

#[test]
fn unions() -> Result<(), rpnfst_oracle::OracleError> {
    let mut outcome = Ok(());
    harness::in_child("self_grids::unions", |librmn| {
        outcome = (|| {
            let axis = |n: u8, from: f32, step: f32| (0..n).map(|k| from + step * f32::from(k)).collect::<Vec<_>>();
            let axes = Axes { reference: b'E', x: axis(28, 45.0, 10.0), y: axis(10, -45.0, 10.0) };
            let yin = GridSpec { letter: b'Z', ni: 28, nj: 10, ig: [1000, 800, 46400, 46400], axes: Some(axes) };
            let yang = GridSpec { ig: [800, 679, 17600, 13467], ..yin.clone() };
            let grid = librmn.define_union([&yin, &yang])?;
            assert_eq!(grid.points(), 560);
            let [lat, _] = grid.positions()?;
            assert!(lat.iter().all(|lat| (-90.0..=90.0).contains(lat)));
            assert!(lat.iter().any(|lat| *lat > 75.0) && lat.iter().any(|lat| *lat < -75.0));
            Ok(())
        })();
    });
    outcome
}

#[test]
fn random_grids() {
    harness::each_seed("self_grids::random_grids", 500, |librmn, seed| {
        let mut rng = Rng::new(seed);
        let spec = rng.pick(&GridKind::ALL).generate(librmn, &mut rng);
        let positions = librmn.define_grid(&spec).and_then(|grid| grid.positions());
        let Ok([lat, lon]) = positions else { panic!("{spec:?}") };
        assert!(lat.iter().all(|lat| lat.abs() <= 90.001), "{spec:?}");
        assert!(lon.iter().all(|lon| (-0.001..=360.001).contains(lon)), "{spec:?} {lon:?}");
    });
}
