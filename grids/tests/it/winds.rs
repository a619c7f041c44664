//! Winds: speed and direction, and back.

use crate::{compare::grid, npz::Set};

/// The difference of two directions in radians.
fn apart(a: f64, b: f64) -> f64 {
    ((a - b + 540.0).rem_euclid(360.0) - 180.0).to_radians().abs()
}

#[test]
fn winds_are_those_of_both_references() {
    let set = Set::open("winds");
    for case in set.cases() {
        let name = format!("{} {}", case["key"], case["kind"]);
        let grid = grid(case);
        let array = |array: &str| set.values(case, array);
        let [lat, lon, u, v, spd, dir, spd64, dir64] =
            ["lat", "lon", "u", "v", "spd", "dir", "spd64", "dir64"].map(array);
        // The library has none for E: it reads what it never wrote there.
        let back = |array: &str| set.find(&format!("{}_{array}", case["key"].as_str().unwrap()));
        let back = back("u2").zip(back("v2"));
        let turns = grid.turns_at(&lat, &lon).unwrap();
        let (mut speed, mut direction) = (u.clone(), v.clone());
        turns.to_speed_direction(&mut speed, &mut direction).unwrap();
        for at in 0..u.len() {
            let what = format!("{name} {at} at {} {}: {} {}", lat[at], lon[at], speed[at], direction[at]);
            assert!((speed[at] - spd64[at]).abs() <= 1e-9 * spd64[at].max(1.0), "{what}, {}", spd64[at]);
            assert!(apart(direction[at], dir64[at]) * spd64[at] <= 1e-7, "{what}, {}", dir64[at]);
            assert!((speed[at] - spd[at]).abs() <= 1e-4, "{what}, {}", spd[at]);
            assert!(apart(direction[at], dir[at]) * spd[at] <= 2e-3, "{what}, {}", dir[at]);
            assert!((0.0..360.0).contains(&direction[at]));
        }
        turns.from_speed_direction(&mut speed, &mut direction).unwrap();
        for at in 0..u.len() {
            assert!((speed[at] - u[at]).abs() < 1e-9 && (direction[at] - v[at]).abs() < 1e-9, "{name} {at}");
            if let Some((u2, v2)) = &back {
                let apart = (speed[at] - u2.values[at]).abs().max((direction[at] - v2.values[at]).abs());
                assert!(apart < 3e-3, "{name} {at}: {apart}");
            }
        }
        let (mut east, mut north) = (u.clone(), v.clone());
        turns.to_earth(&mut east, &mut north).unwrap();
        turns.from_earth(&mut east, &mut north).unwrap();
        for at in 0..u.len() {
            assert!((east[at] - u[at]).abs() < 1e-10 && (north[at] - v[at]).abs() < 1e-10, "{name} {at}");
        }
    }
}
