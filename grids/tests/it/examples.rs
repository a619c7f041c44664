//! Worked examples, and what grids say of themselves.

use rpnfst_grids::{Geometry, Grid, LambertEntry, Wkt, Wrap, descriptor, sphere::distance};

fn new(letter: u8, ni: usize, nj: usize, ig: [u32; 4]) -> Grid {
    Grid::new(letter, ni, nj, ig).unwrap()
}

#[track_caller]
fn near((a, b): (f64, f64), (c, d): (f64, f64)) {
    assert!((a - c).abs() < 1e-9 && (b - d).abs() < 1e-9, "{a} {b}, expected {c} {d}");
}

#[test]
fn descriptors() {
    for (letter, xg, ig) in [
        (b'L', [-90.0, -180.0, 0.25, 0.25], [25, 25, 0, 18000]),
        (b'N', [-500.0, 300.0, 25000.0, 0.0], [250, 0, 29961, 42019]),
        (b'N', [-30.5, 120.25, 15000.0, 350.0], [150, 100, 26832, 50762]),
        (b'S', [-30.5, 120.25, 15000.0, 350.0], [150, 100, 5935, 63925]),
        (b'N', [300.0, 300.0, 381_000.0, 10.0], [381, 100, 52337, 48383]),
        (b'E', [-35.0, -95.0, -60.0, 80.0], [550, 1200, 56800, 12801]),
        (b'E', [0.0, 180.0, 0.0, 270.0], [900, 0, 43200, 43200]),
        (b'E', [45.0, 359.99, 12.0, 0.0], [1350, 120, 6464, 0]),
        (b'+', [45.12345, -73.98765, 0.0, 0.0], [1345, 1235, 14512, 28601]),
        (b'C', [-89.5, 0.0, 1.0, 1.0], [180, 360, 50, 0]),
        (b'H', [9090.0, 50.0, 10000.0, 250.0], [1250, 20, 9090, 14000]),
    ] {
        assert_eq!(descriptor::encode(letter, xg), Ok(ig), "{}", char::from(letter));
    }
    let [pi, pj, ..] = descriptor::decode(b'N', [250, 0, 29961, 42019]).unwrap();
    assert!((pi + 500.045622).abs() < 1e-6 && (pj - 300.021951).abs() < 1e-6);
    assert_eq!(descriptor::decode(b'E', [1350, 120, 6464, 0]).unwrap()[1], 360.0);
}

#[test]
fn positions() {
    let north = new(b'N', 100, 100, [510, 510, 2100, 600]);
    near(north.point(1.0, 1.0), (50.719988453718, 204.0));
    near(north.point(52.0, 51.0), (89.421670789802, 339.0));
    near(north.locate(60.0, 259.0).unwrap(), (60.219269171032, -1.285073639838));
    assert_eq!(north.locate(-90.0, 0.0), None);
    assert_eq!(north.point(51.0, 51.0), (90.0, 0.0));
    let south = new(b'S', 100, 100, [510, 510, 2100, 600]);
    near(south.point(1.0, 1.0), (-50.719988453718, 156.0));
    near(south.locate(-60.0, 259.0).unwrap(), (22.865709150994, 96.024277095749));
    assert_eq!(south.locate(90.0, 10.0), None);
    let cubed = new(b'Q', 30, 180, [0x420000, 0xa4fa00, 0x660000, (6 << 7) | 5]);
    near(cubed.point(13.3, 101.7), (-33.081043987197, 360.0 - 138.411720703375));
    let lambert = LambertEntry {
        lat11: 20.0,
        lon11: -125.0,
        dx: 25000.0,
        dy: 25000.0,
        projection_lon: -100.0,
        projection_lat: 32.5,
        parallels: [45.0, 60.0],
        ni: 120,
        nj: 100,
    };
    let lambert = Grid::lambert(&lambert).unwrap();
    near(lambert.point(10.0, 5.0), (21.335281124118, 236.517002531607));
    near(lambert.locate(40.0, 260.0).unwrap(), (118.009501821643, 75.523401033137));
}

#[test]
fn winds() {
    for (grid, lat, lon, expected) in [
        (
            Grid::from_axes(b'Z', b'E', [1250, 600, 56800, 12800], vec![100.0, 200.0], vec![-20.0, 20.0]).unwrap(),
            45.0,
            285.0,
            170.391847656795,
        ),
        (new(b'N', 9, 9, [510, 510, 2100, 600]), 50.0, 259.0, 253.434948822922),
    ] {
        let (mut u, mut v) = ([10.0_f32], [5.0_f32]);
        grid.turns_at(&[lat], &[lon]).unwrap().to_speed_direction(&mut u, &mut v).unwrap();
        assert!((u[0] - 11.180_34).abs() < 1e-5 && (f64::from(v[0]) - expected).abs() < 1e-4, "{u:?} {v:?}");
    }
    let mut calm = ([0.0], [0.0]);
    new(b'A', 8, 8, [0; 4]).turns_at(&[0.0], &[0.0]).unwrap().to_speed_direction(&mut calm.0, &mut calm.1).unwrap();
    assert_eq!(calm, ([0.0], [0.0]));
}

#[test]
fn yin_yang() {
    let grid = Grid::yin_yang_of(15, 2.0, [10.0, 200.0, 20.0, 290.0]).unwrap();
    let Geometry::YinYang(pair) = grid.geometry() else { panic!() };
    assert_eq!(pair.yang().reference(), (b'E', [800, 679, 17600, 13467]));
    assert!(grid.extent().whole && grid.contains_pole() == (true, true));
}

#[test]
fn extents_wraps_and_poles() {
    let axis = |from: f64, to: f64, n: usize| -> Vec<f64> {
        (0..n).map(|at| from + (to - from) * at as f64 / (n - 1) as f64).collect()
    };
    let rotation = [1250, 600, 56800, 12800];
    let cases = [
        (new(b'A', 36, 18, [0; 4]), true, (true, true), true),
        (new(b'A', 36, 9, [1, 1, 0, 0]), true, (true, false), false),
        (new(b'B', 37, 19, [0; 4]), true, (true, true), true),
        (new(b'G', 36, 18, [0; 4]), true, (true, true), true),
        (new(b'G', 36, 18, [0, 1, 0, 0]), true, (true, true), true),
        (new(b'G', 36, 9, [2, 1, 0, 0]), true, (false, true), false),
        (new(b'E', 37, 18, rotation), true, (true, true), true),
        (new(b'L', 360, 181, [100, 100, 0, 0]), true, (true, true), true),
        (new(b'L', 360, 101, [100, 100, 4000, 0]), false, (false, false), false),
        (new(b'L', 10, 10, [100, 100, 9000, 0]), false, (false, false), false),
        (new(b'N', 101, 101, [510, 510, 2100, 600]), false, (true, false), false),
        (new(b'S', 40, 40, [510, 510, 2100, 600]), false, (false, false), false),
        (
            Grid::from_axes(b'Z', b'E', rotation, axis(0.0, 360.0, 73), axis(-88.0, 88.0, 89)).unwrap(),
            true,
            (true, true),
            true,
        ),
        (
            Grid::from_axes(b'Z', b'E', rotation, axis(150.0, 200.0, 73), axis(-20.0, 20.0, 89)).unwrap(),
            false,
            (false, false),
            false,
        ),
    ];
    for (grid, wraps, poles, whole) in cases {
        let what = format!("{:?}", grid.geometry()).chars().take(200).collect::<String>();
        assert_eq!((grid.wraps(), grid.contains_pole(), grid.extent().whole), (wraps, poles, whole), "{what}");
        let extent = grid.extent();
        let (lat, lon) = grid.points();
        for (lat, lon) in lat.iter().zip(&lon) {
            assert!((extent.lat[0] - 0.2..=extent.lat[1] + 0.2).contains(lat), "{extent:?} {lat} {what}");
            let inside = |lon: &f64| (extent.lon[0] - 1e-9..=extent.lon[1] + 1e-9).contains(lon);
            assert!(inside(lon) || inside(&(lon + 360.0)), "{extent:?} {lon} {what}");
        }
    }
    // A station, and what has no place.
    let station = new(b'+', 1, 20, [0, 0, 14500, 28600]);
    assert_eq!((station.extent().lat, station.extent().lon), ([45.0; 2], [286.0; 2]));
    let text = || Wkt { text: "+proj=lcc".to_owned(), matrix: [0.0, 1e3, 0.0, 0.0, 0.0, 1e3] };
    for unknown in [Grid::projected(3, 2, text()), Grid::projected_axes(vec![0.0, 1.0], vec![5.0, 6.0], text())] {
        let unknown = unknown.unwrap();
        assert!(!unknown.has_positions() && unknown.points().0[0].is_nan() && unknown.locate(1.0, 1.0).is_none());
        assert!(unknown.turns().is_err() && !unknown.wraps() && unknown.contains_pole() == (false, false));
    }
    let nowhere = new(b'X', 3, 3, [0; 4]);
    assert!(
        nowhere.point(1.0, 1.0).0.is_nan() && nowhere.locate(1.0, 1.0).is_none() && nowhere.extent().lat[0].is_nan()
    );
}

#[test]
fn rows_are_those_stored() {
    let (south, north) = (new(b'G', 8, 4, [1, 0, 0, 0]), new(b'G', 8, 4, [1, 1, 0, 0]));
    for y in [0.5, 1.0, 2.25, 4.0] {
        assert_eq!(south.point(3.0, y), north.point(3.0, 5.0 - y));
    }
    near(north.locate(south.point(3.0, 1.0).0, 100.0).unwrap(), (1.0 + 100.0 / 45.0, 4.0));
}

#[test]
fn axes_across_the_seam() {
    let grid = Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], vec![350.0, 360.0, 380.0], vec![0.0, 1.0]).unwrap();
    near(grid.locate(0.0, 10.0).unwrap(), (2.5, 1.0));
    near(grid.locate(0.0, 355.0).unwrap(), (1.5, 1.0));
    let west = Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], vec![-10.0, 0.0, 20.0], vec![0.0, 1.0]).unwrap();
    near(west.locate(0.0, 355.0).unwrap(), (1.5, 1.0));
    let down = Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], vec![0.0, 1.0], vec![50.0, 40.0, 20.0]).unwrap();
    near(down.locate(30.0, 0.5).unwrap(), (1.5, 2.5));
    let Geometry::Structured(down) = down.geometry() else { panic!() };
    assert!(!down.ay().is_increasing() && down.wrap() == Wrap::None);
    // A regional L grid: what lies just west of it has a small x.
    let regional = new(b'L', 10, 10, [100, 100, 9000, 35500]);
    near(regional.locate(0.0, 354.5).unwrap(), (0.5, 1.0));
    near(regional.locate(0.0, 2.0).unwrap(), (8.0, 1.0));
}

#[test]
fn cells_cover_the_globe_once() {
    for (grid, tolerance) in [
        (new(b'A', 36, 18, [0; 4]), 2e-3),
        (new(b'A', 36, 18, [0, 1, 0, 0]), 2e-3),
        (new(b'Q', 20, 120, [0x420000, 0xa4fa00, 0x660000, (5 << 7) | 4]), 1e-9),
    ] {
        let bounds = grid.cell_bounds().unwrap();
        let mut whole = 0.0;
        for cell in 0..grid.len() {
            let corner = |k: usize| (bounds.lat[4 * cell + k], bounds.lon[4 * cell + k]);
            whole += triangle(corner(0), corner(1), corner(2)) + triangle(corner(0), corner(2), corner(3));
        }
        assert!((whole / (4.0 * std::f64::consts::PI) - 1.0).abs() < tolerance, "{whole}");
    }
}

/// The area of a triangle on the unit sphere, by the sides.
fn triangle(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> f64 {
    let [a, b, c] = [distance(b, c), distance(c, a), distance(a, b)].map(f64::to_radians);
    let s = 0.5 * (a + b + c);
    let product = [s, s - a, s - b, s - c].iter().map(|x| (0.5 * x).tan()).product::<f64>();
    4.0 * product.max(0.0).sqrt().atan()
}
