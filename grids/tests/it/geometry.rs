//! Positions of points, and points of positions.

use rpnfst_grids::{Geometry, Grid, LambertEntry, Wrap};

use crate::{
    compare::{exact, grid, near, size, words},
    npz::{Set, number, numbers},
};

#[test]
fn structured_grids_are_where_both_references_say() {
    let set = Set::open("geom");
    for case in set.cases() {
        let name = format!("{} {}", case["key"], case["kind"]);
        let grid = grid(case);
        let Geometry::Structured(structured) = grid.geometry() else { panic!("{name}") };
        let wrap = match case["extension"].as_u64() {
            // The library does not know that the last column of E repeats the first.
            Some(0) if case["kind"] == "E" => Wrap::Repeated,
            Some(0) => Wrap::None,
            Some(1) => Wrap::Repeated,
            _ => Wrap::Periodic,
        };
        assert_eq!(structured.wrap(), wrap, "{name}");
        let array = |array: &str| set.values(case, array);
        let (lat, lon) = grid.points();
        exact(&name, (&lat, &lon), (&array("lat64"), &array("lon64")));
        near(&name, (&lat, &lon), (&array("lat"), &array("lon")), number(case, "tol_deg"));

        let (px, py) = (array("px"), array("py"));
        let (mut lat, mut lon) = (vec![0.0; px.len()], vec![0.0; px.len()]);
        grid.points_at(&px, &py, &mut lat, &mut lon).unwrap();
        exact(&format!("{name} point"), (&lat, &lon), (&array("plat64"), &array("plon64")));
        if case["library_point_functions_ok"] == true {
            near(&format!("{name} point"), (&lat, &lon), (&array("plat"), &array("plon")), number(case, "tol_deg"));
        }

        let (qlat, qlon) = (array("qlat"), array("qlon"));
        let (mut x, mut y) = (vec![0.0; qlat.len()], vec![0.0; qlat.len()]);
        grid.locate_all(&qlat, &qlon, &mut x, &mut y).unwrap();
        let [qx64, qy64, qx, qy, ok] = ["qx64", "qy64", "qx", "qy", "qok"].map(array);
        for at in 0..x.len() {
            let one = grid.locate(qlat[at], qlon[at]).unwrap_or((f64::NAN, f64::NAN));
            for (ours, slice, theirs) in [(one.0, x[at], qx64[at]), (one.1, y[at], qy64[at])] {
                let most = 1e-8 * theirs.abs().max(1.0);
                assert!((ours - theirs).abs() <= most, "{name} {at}: {one:?}, {} {}", qx64[at], qy64[at]);
                assert!((slice - theirs).abs() <= most, "{name} {at} as slice: {slice} {theirs}");
            }
            if ok[at] != 0.0 {
                let most = number(case, "tol_cells");
                assert!((x[at] - qx[at]).abs() <= most && (y[at] - qy[at]).abs() <= most, "{name} {at}: {one:?}");
            }
        }
    }
}

#[test]
fn lambert_grids_are_where_both_references_say() {
    let set = Set::open("lambert");
    for case in set.cases() {
        let entry = LambertEntry {
            lat11: number(case, "lat11"),
            lon11: number(case, "lon11"),
            dx: number(case, "dx"),
            dy: number(case, "dy"),
            projection_lon: number(case, "ylon"),
            projection_lat: number(case, "ylat"),
            parallels: [number(case, "latin1"), number(case, "latin2")],
            ni: size(case, "ni"),
            nj: size(case, "nj"),
        };
        let grid = Grid::lambert(&entry).unwrap();
        let array = |array: &str| set.values(case, array);
        let (x, y) = (array("x"), array("y"));
        let (mut lat, mut lon) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        grid.points_at(&x, &y, &mut lat, &mut lon).unwrap();
        exact("!", (&lat, &lon), (&array("lat64"), &array("lon64")));
        near("!", (&lat, &lon), (&array("lat"), &array("lon")), 1e-4);
        let (mut u, mut v) = (array("u"), array("v"));
        let turns = grid.turns_at(&array("lat64"), &array("lon64")).unwrap();
        turns.to_speed_direction(&mut u, &mut v).unwrap();
        for (at, (spd, dir)) in array("spd64").iter().zip(array("dir64")).enumerate() {
            assert!((u[at] - spd).abs() < 1e-9 * spd.max(1.0), "{at}: {} {spd}", u[at]);
            let apart = (v[at] - dir + 540.0).rem_euclid(360.0) - 180.0;
            assert!(apart.to_radians().abs() * spd < 1e-6, "{at}: {} {dir}", v[at]);
        }
    }
}

#[test]
fn cubed_spheres_are_those_of_libgeoref() {
    let set = Set::open("cubed");
    for case in set.cases() {
        let (ni, nj) = (size(case, "ni"), size(case, "nj"));
        let grid = Grid::new(b'Q', ni, nj, words(&numbers(case, "ig"))).unwrap();
        // Coordinates of libgeoref count from 0.
        let array = |array: &str| set.values(case, array);
        let ours = |x: &[f64], y: &[f64]| -> (Vec<f64>, Vec<f64>) {
            x.iter().zip(y).map(|(x, y)| grid.point(x + 1.0, y + 1.0)).unzip()
        };
        let (lat, lon) = ours(&array("x"), &array("y"));
        exact("Q", (&lat, &lon), (&array("lat"), &array("lon")));
        let (lat, lon) = ours(&array("gx"), &array("gy"));
        exact("Q", (&lat, &lon), (&array("glat"), &array("glon")));
        for ((lat, lon), (x, y)) in array("lat").iter().zip(array("lon")).zip(array("x2").iter().zip(array("y2"))) {
            let (ours_x, ours_y) = grid.locate(*lat, lon).unwrap();
            assert!((ours_x - 1.0 - x).abs() < 1e-8 && (ours_y - 1.0 - y).abs() < 1e-8, "{ours_x} {ours_y} {x} {y}");
        }
        let (lat, lon) = grid.points();
        for j in [1, ni, ni + 1, nj] {
            for i in [1, ni] {
                let at = (j - 1) * ni + i - 1;
                let (one_lat, one_lon) = grid.point(i as f64, j as f64);
                exact("Q", (&lat[at..=at], &lon[at..=at]), (&[one_lat], &[one_lon]));
            }
        }
    }
}
