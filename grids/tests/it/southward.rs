//! Rows listed from north to south give what the same rows from south to north do.

use rpnfst_grids::regrid::{Method, Options, Regrid};
use rpnfst_grids::{Geometry, Grid, Wrap};

fn grid(columns: usize, rows: &[f64]) -> Grid {
    let step = 360.0 / 36.0;
    let ax = (0..columns).map(|k| k as f64 * step).collect();
    Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], ax, rows.to_vec()).unwrap()
}

/// Rows in the other order.
fn turned(field: &[f64], ni: usize) -> Vec<f64> {
    field.chunks(ni).rev().flatten().copied().collect()
}

#[test]
fn global_sources() {
    let even = |first: f64, step: f64, n: usize| (0..n).map(|k| first + step * k as f64).collect::<Vec<_>>();
    let mut uneven = even(-85.0, 10.0, 18);
    uneven[0] = -86.0;
    uneven[17] = 83.5;
    let lat: Vec<f64> = [90.0, 89.3, 86.0, 82.0, 44.0, 1.0, -44.0, -84.0, -89.9, -90.0, 12.0].into();
    let lon: Vec<f64> = [17.0, 355.0, 355.0, 3.0, 355.0, 359.9, 359.0, 351.0, 355.0, 200.0, 122.0].into();
    for (columns, wrap) in [(36, Wrap::Periodic), (37, Wrap::Repeated)] {
        for rows in [even(-90.0, 10.0, 19), even(-85.0, 10.0, 18), uneven.clone()] {
            let north = grid(columns, &rows);
            let south = grid(columns, &rows.iter().rev().copied().collect::<Vec<_>>());
            let Geometry::Structured(structured) = south.geometry() else { panic!() };
            assert_eq!(structured.wrap(), wrap);
            let (mut u, v): (Vec<f64>, Vec<f64>) =
                (0..north.len()).map(|k| (((k * 7919) % 101) as f64, ((k * 104_729) % 89) as f64 - 40.0)).collect();
            for row in u.chunks_mut(columns).filter(|_| wrap == Wrap::Repeated) {
                row[columns - 1] = row[0];
            }
            for method in [Method::Nearest, Method::Linear, Method::Cubic] {
                let regrid = |source| Regrid::to_points(source, &lat, &lon, &Options::new(method)).unwrap();
                let (regrid, other) = (regrid(&north), regrid(&south));
                assert_eq!(other.outside(), 0);
                let same = |a: &[f64], b: &[f64]| {
                    for (k, (a, b)) in a.iter().zip(b).enumerate() {
                        assert!((a - b).abs() < 1e-9, "{method:?} {columns} {rows:?} {}: {a} {b}", lat[k]);
                    }
                };
                same(&regrid.apply(&u, None).unwrap(), &other.apply(&turned(&u, columns), None).unwrap());
                let (a, b) = regrid.apply_winds(&u, &v, None).unwrap();
                let (c, d) = other.apply_winds(&turned(&u, columns), &turned(&v, columns), None).unwrap();
                same(&a, &c);
                same(&b, &d);
            }
        }
    }
}

#[test]
fn a_band_stays_regional() {
    let rows: Vec<f64> = (0..12).map(|k| 55.0 - 10.0 * f64::from(k)).collect();
    let band = grid(36, &rows);
    let Geometry::Structured(structured) = band.geometry() else { panic!() };
    assert_eq!(structured.wrap(), Wrap::None);
}
