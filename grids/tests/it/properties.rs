//! What holds for every grid: positions there and back, winds there and back, cells that surround their points.

use proptest::prelude::*;
use rpnfst_grids::{Geometry, Grid, LambertEntry, Projection, descriptor, sphere::distance};

fn axis() -> impl Strategy<Value = Vec<f64>> {
    (3..40_usize).prop_flat_map(|n| prop::collection::vec(0.2..1.0_f64, n)).prop_map(|steps| {
        let mut at = 0.0;
        steps.iter().map(|step| (at, at += step).0).collect()
    })
}

/// An axis from `low` to at most `high`.
fn axis_between(low: f64, high: f64) -> impl Strategy<Value = Vec<f64>> {
    (axis(), low..low + 0.3 * (high - low), 0.2..0.95_f64).prop_map(move |(axis, first, part)| {
        let last = axis.last().unwrap();
        axis.iter().map(|at| first + at / last * part * (high - first)).collect()
    })
}

fn rotation() -> impl Strategy<Value = [u32; 4]> {
    (-80.0..80.0_f64, 0.0..360.0_f64, -80.0..80.0_f64, 60.0..120.0_f64).prop_map(|(lat1, lon1, lat2, more)| {
        descriptor::encode(b'E', [lat1, lon1, lat2, (lon1 + more) % 360.0]).unwrap()
    })
}

fn polar() -> impl Strategy<Value = (u8, [u32; 4])> {
    (prop::sample::select(vec![b'N', b'S']), 0..1000_u32, 0..1000_u32, 0..36000_u32, 50..2000_u32)
        .prop_map(|(letter, pj, pi, dgrw, d60)| (letter, [pj, pi, dgrw, d60]))
}

fn grid() -> impl Strategy<Value = Grid> {
    let size = || (4..60_usize, 4..60_usize);
    let global = (prop::sample::select(vec![b'A', b'B', b'G']), size(), 0..3_u32, 0..2_u32)
        .prop_map(|(letter, (ni, nj), domain, north)| Grid::new(letter, ni, nj, [domain, north, 0, 0]).unwrap());
    let lat_lon = (size(), 1..150_u32, 1..600_u32, 0..9000_u32, 0..36000_u32)
        .prop_map(|((ni, nj), dlat, dlon, lat, lon)| Grid::new(b'L', ni, nj, [dlat, dlon, lat, lon]).unwrap());
    let rotated = (size(), rotation()).prop_map(|((ni, nj), ig)| Grid::new(b'E', ni, nj, ig).unwrap());
    let plane = (size(), polar()).prop_map(|((ni, nj), (letter, ig))| Grid::new(letter, ni, nj, ig).unwrap());
    let z_e = (axis_between(0.0, 360.0), axis_between(-89.0, 89.0), rotation())
        .prop_map(|(ax, ay, ig)| Grid::from_axes(b'Z', b'E', ig, ax, ay).unwrap());
    let z_l = (axis_between(-170.0, 180.0), axis_between(-89.0, 89.0))
        .prop_map(|(ax, ay)| Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], ax, ay).unwrap());
    let seam = (axis_between(300.0, 500.0), axis_between(-89.0, 89.0))
        .prop_map(|(ax, ay)| Grid::from_axes(b'#', b'L', [100, 100, 9000, 0], ax, ay).unwrap());
    let z_plane = (axis_between(-30.0, 30.0), axis_between(-30.0, 30.0), polar())
        .prop_map(|(ax, ay, (letter, ig))| Grid::from_axes(b'Z', letter, ig, ax, ay).unwrap());
    let lambert = (10.0..40.0_f64, -150.0..150.0_f64, 35.0..50.0_f64, 0.0..20.0_f64, 5e3..3e4_f64).prop_map(
        |(lat11, lon, first, more, dx)| {
            let parallels = [first, first + more];
            let (lon11, projection_lon, projection_lat) = (lon - 20.0, lon, lat11 + 20.0);
            let entry =
                LambertEntry { lat11, lon11, dx, dy: dx, projection_lon, projection_lat, parallels, ni: 40, nj: 30 };
            Grid::lambert(&entry).unwrap()
        },
    );
    let pair = (4..40_usize, 0.0..5.0_f64, -70.0..70.0_f64, 0.0..360.0_f64).prop_map(|(rows, overlap, lat, lon)| {
        Grid::yin_yang_of(rows, overlap, [lat, lon, 5.0, (lon + 90.0) % 360.0]).unwrap()
    });
    let cubed = (1..12_u32, 1..9_u32, 0..0x100_0000_u32, 0..0x100_0000_u32, 0..0x100_0000_u32)
        .prop_filter("a cell has a neighbour", |(elements, order, ..)| elements * order > 1)
        .prop_map(|(elements, order, a, b, c)| {
            let n = (elements * order) as usize;
            Grid::new(b'Q', n, 6 * n, [a, b, c, (elements << 7) | order]).unwrap()
        });
    let radar = (0..18000_u32, 0..36000_u32).prop_map(|(lat, lon)| {
        // One degree and one kilometre.
        Grid::new(b'R', 360, 240, [100_000, 100, lat, lon]).unwrap()
    });
    prop_oneof![global, lat_lon, rotated, plane, z_e, z_l, seam, z_plane, lambert, pair, cubed, radar]
}

/// Columns in a turn, where the same place has several.
fn turn(grid: &Grid) -> Option<f64> {
    let Geometry::Structured(grid) = grid.geometry() else { return None };
    match (grid.projection(), grid.ax()) {
        (Projection::LatLon { .. } | Projection::Rotated(_), rpnfst_grids::Axis::Uniform { step, .. }) => {
            Some(360.0 / step)
        }
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_point_is_found_where_it_is(grid in grid(), at_x in 0.0..1.0_f64, at_y in 0.0..1.0_f64) {
        let (x, mut y) = (1.0 + at_x * (grid.ni() - 1) as f64, 1.0 + at_y * (grid.nj() - 1) as f64);
        if matches!(grid.geometry(), Geometry::YinYang(_) | Geometry::CubedSphere(_)) {
            // Between sub-grids there is nothing.
            y = y.round();
        }
        let (lat, lon) = grid.point(x, y);
        prop_assume!(lat.abs() <= 90.0);
        prop_assert!((0.0..360.0).contains(&lon));
        let (x2, y2) = grid.locate(lat, lon).unwrap();
        let (lat2, lon2) = grid.point(x2, y2);
        prop_assert!(distance((lat, lon), (lat2, lon2)) < 1e-9, "{x} {y} {lat} {lon}: {x2} {y2} {lat2} {lon2}");
        // Near a pole, and in the overlap of sub-grids, other coordinates are the same place.
        let pole = match grid.geometry() {
            Geometry::Structured(grid) => match grid.projection() {
                Projection::LatLon { .. } | Projection::Rotated(_) => grid.plane(x, y).1.abs() > 89.99,
                _ => false,
            },
            Geometry::Radar(_) => y < 1.01,
            Geometry::YinYang(_) => true,
            _ => false,
        };
        if !pole {
            let apart = match turn(&grid) {
                Some(turn) => ((x2 - x) / turn - ((x2 - x) / turn).round()) * turn,
                None => x2 - x,
            };
            prop_assert!(apart.abs() < 1e-6 && (y2 - y).abs() < 1e-6, "{x} {y} {lat} {lon}: {x2} {y2}");
        }
    }

    #[test]
    fn slices_are_as_single_points(grid in grid(), other in grid()) {
        let (lat, lon) = grid.points();
        for at in [0, grid.len() / 3, grid.len() - 1] {
            let (one_lat, one_lon) = grid.point((at % grid.ni() + 1) as f64, (at / grid.ni() + 1) as f64);
            prop_assert!(distance((lat[at], lon[at]), (one_lat, one_lon)) < 1e-10, "{at}");
            prop_assert!((0.0..360.0).contains(&lon[at]));
        }
        let (x, y) = grid.locate_grid(&other);
        let (lat, lon) = other.points();
        let (mut x2, mut y2) = (vec![0.0; lat.len()], vec![0.0; lat.len()]);
        grid.locate_all(&lat, &lon, &mut x2, &mut y2).unwrap();
        for at in 0..lat.len() {
            // Seams and poles may go either way; far away, coordinates are steep functions.
            let place = (lat[at].clamp(-90.0, 90.0), lon[at]);
            let inside = |x: f64, y: f64| (0.5..=grid.ni() as f64 + 0.5).contains(&x) && (0.5..=grid.nj() as f64 + 0.5).contains(&y);
            for (x, y) in [(x[at], y[at]), (x2[at], y2[at])] {
                if inside(x, y) && lat[at].abs() <= 90.0 && !matches!(grid.geometry(), Geometry::YinYang(_) | Geometry::CubedSphere(_)) {
                    prop_assert!(distance(grid.point(x, y), place) < 1e-8, "{at} {x} {y} {place:?} {:?}", grid.point(x, y));
                }
            }
            prop_assert!(x[at].is_nan() == y[at].is_nan());
        }
    }

    #[test]
    fn winds_come_back(grid in grid(), u in -50.0..50.0_f64, v in -50.0..50.0_f64) {
        if matches!(grid.geometry(), Geometry::CubedSphere(_) | Geometry::Radar(_)) {
            return Ok(());
        }
        let turns = grid.turns().unwrap();
        let (lat, lon) = grid.points();
        let (mut a, mut b) = (vec![u; grid.len()], vec![v; grid.len()]);
        turns.to_earth(&mut a, &mut b).unwrap();
        if !matches!(grid.geometry(), Geometry::YinYang(_)) {
            // The same at positions given as such; at poles the longitude counts.
            let at = grid.turns_at(&lat, &lon).unwrap();
            let (mut c, mut d) = (vec![u; grid.len()], vec![v; grid.len()]);
            at.to_earth(&mut c, &mut d).unwrap();
            for k in (0..grid.len()).filter(|k| lat[*k].abs() < 89.999) {
                prop_assert!((a[k] - c[k]).abs() < 1e-7 && (b[k] - d[k]).abs() < 1e-7, "{k} {} {}", lat[k], lon[k]);
            }
        }
        turns.to_speed_direction(&mut a, &mut b).unwrap();
        let (mut a, mut b) = (vec![u; grid.len()], vec![v; grid.len()]);
        turns.to_speed_direction(&mut a, &mut b).unwrap();
        turns.from_speed_direction(&mut a, &mut b).unwrap();
        prop_assert!(a.iter().all(|a| (a - u).abs() < 1e-10) && b.iter().all(|b| (b - v).abs() < 1e-10));
        turns.to_earth(&mut a, &mut b).unwrap();
        turns.from_earth(&mut a, &mut b).unwrap();
        prop_assert!(a.iter().all(|a| (a - u).abs() < 1e-10) && b.iter().all(|b| (b - v).abs() < 1e-10));
    }

    #[test]
    fn winds_point_where_the_grid_does(grid in grid(), at_x in 0.1..0.9_f64, at_y in 0.1..0.9_f64) {
        if matches!(grid.geometry(), Geometry::CubedSphere(_) | Geometry::Radar(_) | Geometry::YinYang(_)) {
            return Ok(());
        }
        let (x, y) = (1.0 + at_x * (grid.ni() - 1) as f64, 1.0 + at_y * (grid.nj() - 1) as f64);
        let ((lat, lon), (lat2, lon2)) = (grid.point(x, y), grid.point(x + 1e-4, y));
        prop_assume!(lat.abs() < 85.0);
        let (dx, dy) = (((lon2 - lon + 540.0) % 360.0 - 180.0) * lat.to_radians().cos(), lat2 - lat);
        let length = dx.hypot(dy);
        prop_assume!(length > 1e-7);
        let (cos, sin) = grid.turns_at(&[lat], &[lon]).unwrap().get(0).unwrap();
        prop_assert!((cos - dx / length).abs() < 2e-3 && (sin - dy / length).abs() < 2e-3, "{lat} {lon} {cos} {sin} {dx} {dy}");
    }

    #[test]
    fn cells_turn_left_around_their_points(grid in grid(), which in 0.0..1.0_f64) {
        let bounds = grid.cell_bounds().unwrap();
        prop_assert_eq!(bounds.lat.len(), 4 * grid.len());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position")]
        let cell = (which * (grid.len() - 1) as f64) as usize;
        let (lat, _) = grid.points();
        prop_assume!(lat[cell].abs() <= 90.0);
        let unit = |at: usize| rpnfst_grids::sphere::unit(bounds.lat[at], bounds.lon[at]);
        let [a, b, c, d] = [0, 1, 2, 3].map(|k| unit(4 * cell + k));
        // Twice the area, with the sign of the turn: the vector product of the diagonals along the vector to the middle.
        let middle = [0, 1, 2].map(|k| a[k] + b[k] + c[k] + d[k]);
        let (p, q) = ([0, 1, 2].map(|k| c[k] - a[k]), [0, 1, 2].map(|k| d[k] - b[k]));
        let cross = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
        let area: f64 = cross.iter().zip(middle).map(|(a, b)| a * b).sum();
        let small = matches!(grid.geometry(), Geometry::Structured(_)) && grid.ni() < 6;
        prop_assert!(small || area > -1e-12, "{area} {:?}", &bounds.lat[4 * cell..4 * cell + 4]);
    }

    #[test]
    fn descriptors_come_back(
        pole in (0..2048_u32, 0..2048_u32, 0..36000_u32, 1..32001_u32), lat_lon in (0..9999_u32, 0..9999_u32, 0..18001_u32, 0..36000_u32),
        far in (1..2000_u32, 0..1800_u32, 0..32767_u32, 2000..13000_u32), angles in (-3600..3601_i32, 0..14400_i32, -3600..3601_i32, 0..14400_i32),
        letter in prop::sample::select(vec![b'N', b'S']),
    ) {
        let there = |letter, ig| descriptor::encode(letter, descriptor::decode(letter, ig).unwrap()).unwrap();
        let ig = pole.into();
        prop_assert_eq!(there(letter, ig), ig);
        let ig = lat_lon.into();
        prop_assert_eq!(there(b'L', ig), ig);
        let [d60, dgrw, lon, lat] = far.into();
        let ig = [d60, dgrw, lon, 32768 + lat];
        let back = there(letter, ig);
        // A pole near the grid has words of its own.
        if back[3] >= 32768 {
// 360 degrees, which is 0, has a word of its own; a base above 32767 is the unit of length.
            let apart = |a: u32, b: u32| a.abs_diff(b).min(32767_u32.abs_diff(a.abs_diff(b)));
            prop_assert!(back.iter().zip(ig).all(|(a, b)| apart(*a, b) <= 1), "{ig:?} {back:?}");
        }
        let angles = <[i32; 4]>::from(angles).map(|angle| f64::from(angle) / 40.0);
        prop_assert_eq!(descriptor::decode(b'E', descriptor::encode(b'E', angles).unwrap()).unwrap(), angles);
    }

    #[test]
    fn any_descriptor_is_a_grid_or_an_error(
        letter: u8, known in prop::sample::select(b"ABCEFGHLNQRSTUVWXYZMO#+! ".to_vec()), use_known: bool,
        ni in prop_oneof![Just(0_usize), 1..50_usize, Just(usize::MAX)], nj in prop_oneof![Just(0_usize), 1..50_usize, Just(usize::MAX)],
        ig in prop::array::uniform4(prop_oneof![0..4_u32, 0..0x100_0000_u32, any::<u32>()]),
        x in prop_oneof![-10.0..60.0_f64, any::<f64>()], y in prop_oneof![-10.0..60.0_f64, any::<f64>()],
    ) {
        let letter = if use_known { known } else { letter };
        let _ = descriptor::decode(letter, ig);
        let Ok(grid) = Grid::new(letter, ni, nj, ig) else { return Ok(()) };
        let (lat, lon) = grid.point(x, y);
        let _ = (grid.locate(lat, lon), grid.locate(x, y), grid.extent(), grid.resolution_km(x, y));
        if grid.len() < 10_000 {
            let _ = (grid.points(), grid.corners(), grid.cell_bounds(), grid.turns());
        }
    }

    #[test]
    fn any_axes_are_a_grid_or_an_error(
        ax in prop::collection::vec(prop_oneof![-400.0..400.0_f64, any::<f64>()], 0..4), ay in prop::collection::vec(prop_oneof![-100.0..100.0_f64, any::<f64>()], 0..4),
        letter in prop::sample::select(b"ELNSWAGX".to_vec()), ig in prop::array::uniform4(prop_oneof![0..4_u32, 0..70_000_u32]),
        numbers in prop::collection::vec(prop_oneof![Just(70.0), Just(1.0), Just(2.0), -90.0..90.0_f64, any::<f64>()], 0..60),
    ) {
        let _ = Grid::yin_yang(&numbers);
        if let Ok(grid) = Grid::from_axes(b'Z', letter, ig, ax, ay) {
            let (lat, lon) = grid.points();
            let (mut x, mut y) = (lat.clone(), lon.clone());
            grid.locate_all(&lat, &lon, &mut x, &mut y).unwrap();
            let _ = (grid.extent(), grid.corners(), grid.cell_bounds(), grid.turns(), grid.locate_grid(&grid));
        }
    }
}
