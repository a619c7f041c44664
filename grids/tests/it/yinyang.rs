//! Positions of Yin-Yang grids.

use rpnfst_grids::{Geometry, Grid, Structured};

use crate::{
    compare::{exact, near},
    npz::Set,
};

/// Which sub-grid the library chooses: it compares positions from 1 with bounds from 0.
fn library(pair: &[Structured; 2], lat: f64, lon: f64) -> (f64, f64) {
    let [yin, yang] = pair;
    let (xi, yi) = yin.locate(lat, lon).unwrap();
    let (xa, ya) = yang.locate(lat, lon).unwrap();
    let bounds = |values: Vec<f64>, low: f64, high: f64| {
        let first = values.iter().position(|value| *value >= low).unwrap();
        let last = values.iter().rposition(|value| *value <= high).unwrap();
        (first as f64, last as f64)
    };
    let ((i0, i1), (j0, j1)) = (bounds(yin.ax().values(), 45.0, 315.0), bounds(yin.ay().values(), -45.0, 45.0));
    let core = |x: f64, y: f64| i0 <= x && x <= i1 && j0 <= y && y <= j1;
    let mut first = (1.0..=yin.ni() as f64).contains(&xi) && (1.0..=yin.nj() as f64).contains(&yi);
    if core(xa, ya) {
        first = false;
    }
    if core(xi, yi) {
        first = true;
    }
    if first { (xi, yi) } else { (xa, ya + yin.nj() as f64) }
}

#[test]
fn yin_yang_grids_are_where_both_references_say() {
    let set = Set::open("yinyang");
    for case in set.cases() {
        let array = |array: &str| set.values(case, array);
        let grid = Grid::yin_yang(&array("axy")).unwrap();
        let Geometry::YinYang(pair) = grid.geometry() else { panic!("{case}") };
        for (ours, theirs) in [pair.yin_rotation(), pair.yang_rotation()].iter().zip(0..) {
            let theirs: Vec<f64> = case["rotation_quantised"][theirs]
                .as_array()
                .unwrap()
                .iter()
                .map(|angle| angle.as_f64().unwrap())
                .collect();
            assert!(ours.angles().iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-9), "{:?}", ours.angles());
        }
        assert_eq!((grid.ni(), grid.nj()), (pair.ni(), pair.nj()));
        let (lat, lon) = grid.points();
        exact("U", (&lat, &lon), (&array("lat64"), &array("lon64")));
        near("U", (&lat, &lon), (&array("lat"), &array("lon")), 5e-4);

        let [qlat, qlon, qx, qy, qx64, qy64, ok] = ["qlat", "qlon", "qx", "qy", "qx64", "qy64", "qok"].map(array);
        let (mut x, mut y) = (vec![0.0; qlat.len()], vec![0.0; qlat.len()]);
        grid.locate_all(&qlat, &qlon, &mut x, &mut y).unwrap();
        for at in 0..qlat.len() {
            let theirs = library(pair.grids(), qlat[at], qlon[at]);
            let apart = (theirs.0 - qx64[at]).abs().max((theirs.1 - qy64[at]).abs());
            assert!(apart < 1e-8 * theirs.1.max(theirs.0).max(1.0), "{at}: {theirs:?} {} {}", qx64[at], qy64[at]);
            if ok[at] != 0.0 {
                assert!((theirs.0 - qx[at]).abs() < 1e-3 && (theirs.1 - qy[at]).abs() < 1e-3, "{at}: {theirs:?}");
            }
            // Ours may lie in the other sub-grid, at the same place.
            exact("U", (&[grid.point(x[at], y[at]).0], &[grid.point(x[at], y[at]).1]), (&[qlat[at]], &[qlon[at]]));
            let one = grid.locate(qlat[at], qlon[at]).unwrap();
            assert!((one.0 - x[at]).abs() < 1e-9 && (one.1 - y[at]).abs() < 1e-9, "{one:?} {} {}", x[at], y[at]);
        }
    }
}
