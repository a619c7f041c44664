//! Speeds, directions and components of winds: `gdwdfuv` and `gduvfwd`.
//!
//! Not compared, because librmn reads memory that nobody set: `gduvfwd` on E. Nor within a tenth of a degree of rotated poles.

use rpnfst_grids::Geometry;
use rpnfst_oracle::cases::GridKind;
use rpnfst_oracle::harness;
use rpnfst_oracle::rng::Rng;

use crate::common::grids::{at, doubles, ours, single};

const WINDS: usize = 40;

/// How far librmn's single precision is off: metres per second of the speed, of the direction (times the speed), and of
/// components.
fn bounds(kind: GridKind) -> [f64; 3] {
    match kind {
        GridKind::N | GridKind::S => [4e-6, 6e-5, 7e-5],
        GridKind::E | GridKind::ZonE => [2e-5, 8e-4, 6e-4],
        GridKind::ZonL => [4e-6, 5e-5, 2e-5],
        GridKind::ZonN | GridKind::ZonS => [4e-6, 6e-5, 9e-5],
        _ => [4e-6, 4e-5, 2e-5],
    }
}

#[test]
fn speeds_and_components() {
    harness::each_seed("grids_winds::speeds_and_components", 4000, |librmn, seed| {
        let mut rng = Rng::new(seed);
        let kind = *rng.pick(&GridKind::ALL);
        let spec = kind.generate(librmn, &mut rng);
        let (grid, their_grid) = (ours(&spec), librmn.define_grid(&spec).expect("a grid"));
        let (mut lat, mut lon) = (Vec::new(), Vec::new());
        // Near rotated poles single precision does not have the latitudes: directions are the more off the nearer a pole is.
        let mut growth = Vec::new();
        while lat.len() < WINDS {
            let position = (single(178.0 * rng.unit() - 89.0), single(360.0 * rng.unit()));
            let rotated = match grid.geometry() {
                Geometry::Structured(grid) => grid.projection().to_plane(position.0.into(), position.1.into()).1,
                _ => f64::NAN,
            };
            let of_rotated = matches!(kind, GridKind::E | GridKind::ZonE);
            if !of_rotated || rotated.abs() < 89.9 {
                growth.push(if of_rotated { (0.035 / rotated.to_radians().cos()).max(1.0) } else { 1.0 });
                lat.push(position.0);
                lon.push(position.1);
            }
        }
        let mut component = || (0..WINDS).map(|_| single(40.0 * rng.unit() - 20.0)).collect::<Vec<_>>();
        let (winds, positions) = ([component(), component()], [lat, lon]);
        let [speed_bound, direction_bound, component_bound] = bounds(kind);

        let turns = grid.turns_at(&doubles(&positions[0]), &doubles(&positions[1])).expect("turns");
        let [mut speed, mut direction] = [doubles(&winds[0]), doubles(&winds[1])];
        turns.to_speed_direction(&mut speed, &mut direction).expect("speeds");
        let theirs = their_grid.speeds(&winds, &positions).expect("speeds");
        for k in 0..WINDS {
            let (ours, theirs) = ((speed[k], direction[k]), at(&theirs, k));
            let around = (ours.1 - theirs.1).rem_euclid(360.0);
            let turned = around.min(360.0 - around).to_radians() * ours.0;
            assert!((0.0..360.0).contains(&ours.1), "direction {}", ours.1);
            assert!(
                (ours.0 - theirs.0).abs() <= speed_bound && turned <= direction_bound * growth[k],
                "{:?} at {:?} of {spec:?}: {ours:?}, librmn {theirs:?}",
                at(&winds, k),
                at(&positions, k)
            );
        }

        if kind == GridKind::E {
            return;
        }
        let speeds = [&speed, &direction].map(|values| values.iter().copied().map(single).collect::<Vec<_>>());
        let [mut u, mut v] = [doubles(&speeds[0]), doubles(&speeds[1])];
        turns.from_speed_direction(&mut u, &mut v).expect("components");
        let theirs = their_grid.components(&speeds, &positions).expect("components");
        for k in 0..WINDS {
            let (ours, theirs) = ((u[k], v[k]), at(&theirs, k));
            let off = (ours.0 - theirs.0).abs().max((ours.1 - theirs.1).abs());
            assert!(
                off <= component_bound * growth[k],
                "{:?} at {:?} of {spec:?}: {ours:?}, librmn {theirs:?}",
                at(&speeds, k),
                at(&positions, k)
            );
        }
    });
}
