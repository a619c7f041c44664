//! O, M, Y and + against positions of `grids.fst`.

use rpnfst_grids::{Grid, PointIndex, sphere::distance};

use crate::npz::Set;

/// Case and arrays of a record.
fn positions(set: &Set, key: &str) -> (usize, usize, Vec<f64>, Vec<f64>) {
    let case = set.cases().iter().find(|c| c["key"] == key).unwrap();
    let size = |name: &str| usize::try_from(case[name].as_u64().unwrap()).unwrap();
    (size("ni"), size("nj"), set.values(case, "lat64"), set.values(case, "lon64"))
}

#[test]
fn curvilinear() {
    let set = Set::open("grids_fst");
    let (ni, nj, lat, lon) = positions(&set, "O1_500_0_0");
    let grid = Grid::curvilinear(ni, nj, lon.clone(), lat.clone()).unwrap();
    let (own_lat, own_lon) = grid.points();
    let (mut x, mut y) = (vec![0.0; lat.len()], vec![0.0; lat.len()]);
    grid.locate_all(&lat, &lon, &mut x, &mut y).unwrap();
    for k in 0..lat.len() {
        assert!(distance((lat[k], lon[k]), (own_lat[k], own_lon[k])) < 1e-9);
        let (i, j) = ((k % ni + 1) as f64, (k / ni + 1) as f64);
        assert!(distance(grid.point(i, j), (lat[k], lon[k])) < 1e-9);
        assert!((x[k] - i).abs() < 1e-8 && (y[k] - j).abs() < 1e-8, "{k}: {} {}", x[k], y[k]);
    }
    for k in 0..1000 {
        let (x, y) =
            (1.0 + (ni - 1) as f64 * f64::from(k * 7 % 1000) / 1000.0, 1.0 + (nj - 1) as f64 * f64::from(k) / 1000.0);
        let (lat, lon) = grid.point(x, y);
        let found = grid.locate(lat, lon).unwrap();
        assert!((found.0 - x).abs() < 1e-8 && (found.1 - y).abs() < 1e-8, "{x} {y} {found:?}");
    }
}

#[test]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "node numbers")]
fn mesh() {
    let set = Set::open("grids_fst");
    let (ni, _, lat, lon) = positions(&set, "M1_500_0_0");
    let triangles: Vec<u32> = set.array("M1_tri").values.iter().map(|&n| n as u32).collect();
    let grid = Grid::mesh(lon.clone(), lat.clone(), triangles.clone()).unwrap();
    assert_eq!((grid.ni(), grid.nj()), (ni, 1));
    let (own_lat, own_lon) = grid.points();
    for k in 0..lat.len() {
        assert!(distance((lat[k], lon[k]), (own_lat[k], own_lon[k])) < 1e-9);
    }
    for t in 0..triangles.len() / 3 {
        let (x, y) = (3.0 * t as f64 + 0.5, 3.0 * t as f64 + 0.3);
        let (lat, lon) = grid.point(x, y);
        let found = grid.locate(lat, lon).unwrap();
        assert!((found.0 - x).abs() < 1e-8 && (found.1 - y).abs() < 1e-8, "{x} {y} {found:?}");
    }
}

#[test]
fn clouds() {
    let set = Set::open("grids_fst");
    for key in ["Y1_500_0_0", "ZY1_500_0_0", "Y2_500_0_0"] {
        let (ni, nj, lat, lon) = positions(&set, key);
        let grid = Grid::cloud(ni, nj, lon.clone(), lat.clone()).unwrap();
        let index = PointIndex::new(&lat, &lon).unwrap();
        for k in 0..lat.len() {
            assert_eq!(index.nearest(lat[k], lon[k] - 360.0).unwrap().index, k);
            let place = ((k % ni + 1) as f64, (k / ni + 1) as f64);
            assert_eq!(grid.locate(lat[k], lon[k]), Some(place));
            assert!(distance(grid.point(place.0, place.1), (lat[k], lon[k])) < 1e-9);
        }
    }
}
