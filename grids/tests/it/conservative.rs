//! Conservative regridding: totals stay, a field of one value stays, and cells share what they should.

use std::f64::consts::PI;

use proptest::prelude::*;
use rpnfst_grids::{
    Grid, descriptor,
    regrid::{self, Matrix, Normalize, SkipMissing},
    sphere::{position, unit},
};

/// A smooth field, by position.
fn field(grid: &Grid) -> Vec<f64> {
    let (lat, lon) = grid.points();
    lat.iter()
        .zip(&lon)
        .map(|(&lat, &lon)| {
            let [x, y, z] = unit(lat, lon);
            2.0 + x * y + z + (3.0 * x).sin()
        })
        .collect()
}

fn apply(matrix: &Matrix, field: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; matrix.rows()];
    matrix.apply(field, None, SkipMissing::default(), &mut out).unwrap();
    out
}

fn total(areas: &[f64], field: &[f64]) -> f64 {
    areas.iter().zip(field).map(|(a, v)| a * v).sum()
}

/// Grids of the whole globe whose cells leave no gap.
fn globes() -> Vec<Grid> {
    let rotated = descriptor::encode(b'E', [35.0, 250.0, -10.0, 345.0]).unwrap();
    let axis = |n: usize, from: f64, to: f64| {
        (0..n).map(|k| from + (to - from) * k as f64 / (n - 1) as f64).collect::<Vec<_>>()
    };
    let lon_lat = [100, 100, 9000, 0];
    let uneven: Vec<f64> = (0..24).map(|k| 15.0 * f64::from(k) + 3.0 * (f64::from(k) * 2.0).sin()).collect();
    vec![
        Grid::new(b'A', 36, 18, [0; 4]).unwrap(),
        Grid::new(b'A', 50, 31, [0, 1, 0, 0]).unwrap(),
        Grid::new(b'B', 31, 16, [0; 4]).unwrap(),
        Grid::new(b'G', 48, 24, [0; 4]).unwrap(),
        Grid::new(b'G', 64, 32, [0, 1, 0, 0]).unwrap(),
        Grid::new(b'E', 41, 20, rotated).unwrap(),
        Grid::from_axes(b'Z', b'E', rotated, axis(61, 0.0, 360.0), axis(31, -87.0, 87.0)).unwrap(),
        Grid::from_axes(b'Z', b'L', lon_lat, uneven, axis(19, -90.0, 90.0)).unwrap(),
        Grid::new(b'Q', 12, 72, [0x42_0000, 0xa4_fa00, 0x66_0000, (4 << 7) | 3]).unwrap(),
        Grid::new(b'A', 4, 3, [0; 4]).unwrap(),
    ]
}

#[test]
fn totals_and_constants() {
    let globes = globes();
    for source in &globes {
        for target in &globes {
            let names = format!(
                "{} {} to {} {}",
                char::from(source.letter()),
                source.ni(),
                char::from(target.letter()),
                target.ni()
            );
            let matrix = regrid::conservative(source, target, None, None, Normalize::FracArea).unwrap();
            let (from, to) = regrid::cell_areas(source, target).unwrap();
            assert!((from.iter().sum::<f64>() / (4.0 * PI) - 1.0).abs() < 1e-12, "{names}");
            let before = field(source);
            let after = apply(&matrix, &before);
            let (a, b) = (total(&from, &before), total(&to, &after));
            assert!((a / b - 1.0).abs() < 1e-12, "{names}: {a} {b}");
            let constant = apply(&matrix, &vec![0.1; source.len()]);
            assert!(constant.iter().all(|&v| v == 0.1), "{names}");
            for sum in matrix.sums() {
                assert!((sum - 1.0).abs() < 1e-12, "{names}: {sum}");
            }
            let whole = regrid::conservative(source, target, None, None, Normalize::DestArea).unwrap();
            for sum in whole.sums() {
                assert!((sum - 1.0).abs() < 1e-11, "{names}: {sum}");
            }
        }
    }
}

/// A globe turned about the x axis, as ocean grids have their poles elsewhere, without the rows next to those poles.
fn ocean() -> Grid {
    let (sin, cos) = 0.6_f64.sin_cos();
    let turned = Grid::new(b'A', 40, 20, [0; 4]).unwrap().points();
    let (lat, lon): (Vec<f64>, Vec<f64>) = turned
        .0
        .iter()
        .zip(&turned.1)
        .map(|(&lat, &lon)| {
            let [x, y, z] = unit(lat, lon);
            position([x, y * cos - z * sin, y * sin + z * cos])
        })
        .unzip();
    let inner = 80..lat.len() - 80;
    Grid::curvilinear(40, 16, lon[inner.clone()].to_vec(), lat[inner].to_vec()).unwrap()
}

#[test]
fn oceans() {
    let (ocean, world) = (ocean(), Grid::new(b'A', 36, 18, [0; 4]).unwrap());
    let areas = regrid::cell_areas(&ocean, &world).unwrap();
    assert!(ocean.wraps());
    let matrix = regrid::conservative(&ocean, &world, None, None, Normalize::DestArea).unwrap();
    let before = field(&ocean);
    let after: Vec<f64> = apply(&matrix, &before).into_iter().map(|v| if v.is_nan() { 0.0 } else { v }).collect();
    let (a, b) = (total(&areas.0, &before), total(&areas.1, &after));
    assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
    let back = regrid::conservative(&world, &ocean, None, None, Normalize::FracArea).unwrap();
    for (a, b) in apply(&back, &field(&world)).iter().zip(&before) {
        assert!((a - b).abs() < 0.3, "{a} {b}");
    }
}

#[test]
fn a_grid_to_itself() {
    for grid in globes() {
        let matrix = regrid::conservative(&grid, &grid, None, None, Normalize::FracArea).unwrap();
        let values: Vec<f64> = (0..grid.len()).map(|k| (k % 997) as f64).collect();
        let back = apply(&matrix, &values);
        let last = |k: usize| k.is_multiple_of(grid.ni()) || k % grid.ni() == grid.ni() - 1;
        let repeated = grid.letter() == b'B' || grid.letter() == b'E' || (grid.letter() == b'Z' && grid.ni() == 61);
        for (k, (a, b)) in values.iter().zip(&back).enumerate() {
            assert!((a - b).abs() < 1e-9 || (repeated && last(k)), "{} {k}: {a} {b}", char::from(grid.letter()));
        }
    }
}

#[test]
fn regions_and_masks() {
    let world = Grid::new(b'A', 72, 36, [0; 4]).unwrap();
    let north = Grid::new(b'N', 60, 50, [300, 250, 2000, 100]).unwrap();
    let areas = regrid::cell_areas(&world, &north).unwrap();
    // All that a region has arrives, and in cells at its edge it is thinned.
    let out = regrid::conservative(&north, &world, None, None, Normalize::DestArea).unwrap();
    let values = field(&north);
    let there: Vec<f64> = apply(&out, &values).into_iter().map(|v| if v.is_nan() { 0.0 } else { v }).collect();
    let (a, b) = (total(&areas.1, &values), total(&areas.0, &there));
    assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
    // Masked sources take no part; masked targets stay missing.
    let source_mask: Vec<bool> = (0..world.len()).map(|k| k % 3 != 0).collect();
    let target_mask: Vec<bool> = (0..north.len()).map(|k| k % 2 == 0).collect();
    let masked =
        regrid::conservative(&world, &north, Some(&source_mask), Some(&target_mask), Normalize::FracArea).unwrap();
    let values: Vec<f64> = source_mask.iter().map(|&m| if m { 3.0 } else { 1e9 }).collect();
    for (k, v) in apply(&masked, &values).into_iter().enumerate() {
        assert!(v == 3.0 || v.is_nan());
        assert!(k % 2 == 0 || v.is_nan());
    }
    assert!(regrid::conservative(&world, &north, Some(&[true]), None, Normalize::FracArea).is_err());
    assert!(
        regrid::conservative(&world, &Grid::new(b'X', 2, 2, [0; 4]).unwrap(), None, None, Normalize::FracArea).is_err()
    );
}

#[test]
fn meshes_and_pairs() {
    // An icosahedron.
    let low = 0.5_f64.atan().to_degrees();
    let (mut lat, mut lon, mut triangles) = (vec![90.0, -90.0], vec![0.0, 0.0], vec![]);
    for k in 0..5_u32 {
        lat.extend([low, -low]);
        lon.extend([f64::from(k) * 72.0, f64::from(k) * 72.0 + 36.0]);
        let (a, b) = (2 + 2 * k, 3 + 2 * k);
        let (c, d) = (2 + 2 * ((k + 1) % 5), 3 + 2 * ((k + 1) % 5));
        triangles.extend([0, a, c, a, b, c, c, b, d, b, 1, d]);
    }
    let mesh = Grid::mesh(lon, lat, triangles).unwrap();
    let world = Grid::new(b'A', 36, 18, [0; 4]).unwrap();
    let areas = regrid::cell_areas(&mesh, &world).unwrap();
    for a in &areas.0 {
        assert!((a / (PI / 3.0) - 1.0).abs() < 1e-12, "{a}");
    }
    for (source, target, from, to) in [(&mesh, &world, &areas.0, &areas.1), (&world, &mesh, &areas.1, &areas.0)] {
        let matrix = regrid::conservative(source, target, None, None, Normalize::FracArea).unwrap();
        let before: Vec<f64> = (0..source.len()).map(|k| (k % 7) as f64 + 1.0).collect();
        let after = apply(&matrix, &before);
        let (a, b) = (total(from, &before), total(to, &after));
        assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
    }
    // Yin and Yang cover the globe, but for what the edges of their cores leave or share.
    let pair = Grid::yin_yang_of(19, 3.0, [10.0, 200.0, 20.0, 290.0]).unwrap();
    let matrix = regrid::conservative(&pair, &world, None, None, Normalize::FracArea).unwrap();
    let before = field(&pair);
    let after = apply(&matrix, &before);
    for (a, b) in after.iter().zip(field(&world)) {
        assert!((a - b).abs() < 0.15, "{a} {b}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_region_keeps_its_total(
        angles in (-80.0..80.0_f64, 0.0..360.0_f64), step in 0.3..6.0_f64, corner in (100.0..200.0_f64, -40.0..20.0_f64), size in (2_usize..30, 2_usize..12)
    ) {
        let (lat, lon) = angles;
        let Ok(ig) = descriptor::encode(b'E', [lat, lon, 0.0, lon + 90.0]) else { return Ok(()) };
        let axis = |from: f64, n: usize| (0..n).map(|k| from + step * k as f64).collect::<Vec<_>>();
        let Ok(source) = Grid::from_axes(b'Z', b'E', ig, axis(corner.0, size.0), axis(corner.1, size.1)) else { return Ok(()) };
        let world = Grid::new(b'A', 60, 30, [0; 4]).unwrap();
        let matrix = regrid::conservative(&source, &world, None, None, Normalize::DestArea).unwrap();
        let areas = regrid::cell_areas(&source, &world).unwrap();
        let before = field(&source);
        let after: Vec<f64> = apply(&matrix, &before).into_iter().map(|v| if v.is_nan() { 0.0 } else { v }).collect();
        let (a, b) = (total(&areas.0, &before), total(&areas.1, &after));
        prop_assert!((a - b).abs() < 1e-12 * a.abs(), "{} {}", a, b);
    }
}
