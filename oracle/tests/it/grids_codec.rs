//! Descriptors of grids: `cxgaig` and `cigaxg`.

use rpnfst_grids::descriptor::{decode, encode};
use rpnfst_oracle::harness;
use rpnfst_oracle::rng::Rng;

use crate::common::grids::single;

const LETTERS: [u8; 9] = *b"NSLCE+ABG";

/// Parameters that mean something, in units of the letter.
fn parameters(rng: &mut Rng, letter: u8) -> [f64; 4] {
    let between = |rng: &mut Rng, low: f64, high: f64| {
        let value = low + (high - low) * rng.unit();
        // Round numbers as people write them, or any.
        if rng.chance(50) { (value * 100.0).round() / 100.0 } else { value }
    };
    match letter {
        b'N' | b'S' => {
            let wide = rng.chance(50);
            let [low, high] = if wide { [-1500.0, 3000.0] } else { [0.0, 204.0] };
            let [pi, pj] = [0; 2].map(|_| between(rng, low, high));
            [pi, pj, between(rng, 1000.0, 400_000.0), between(rng, -180.0, 360.0)]
        }
        b'L' => {
            [between(rng, -90.0, 89.0), between(rng, -180.0, 360.0), between(rng, 0.01, 20.0), between(rng, 0.01, 20.0)]
        }
        b'C' => [
            between(rng, -89.5, 0.0),
            between(rng, -180.0, 360.0),
            180.0 / f64::from(rng.int(2, 720)),
            360.0 / f64::from(rng.int(2, 1440)),
        ],
        b'E' => [
            between(rng, -89.0, 89.0),
            between(rng, -180.0, 360.0),
            between(rng, -89.0, 89.0),
            between(rng, -180.0, 360.0),
        ],
        b'+' => [between(rng, -90.0, 90.0), between(rng, -180.0, 360.0), 0.0, 0.0],
        _ => [f64::from(rng.int(0, 2)), f64::from(rng.int(0, 1)), 0.0, 0.0],
    }
}

/// Columns that trigonometry in single precision loses of the position of a pole: some of thousands, more where the first
/// point is near one of the poles.
fn lost([pi, pj, d60, _]: [f64; 4]) -> f64 {
    let radius = 1.866025 * 6_371_000.0 / d60;
    let distance = (pi - 1.0).hypot(pj - 1.0);
    let far = (distance / radius).powi(2);
    distance * (3e-6 + 2e-7 * far + 3e-8 / far.max(1e-9))
}

#[test]
fn descriptors() {
    harness::each_seed("grids_codec::descriptors", 5000, |librmn, seed| {
        let mut rng = Rng::new(seed);
        for letter in LETTERS {
            let xg = parameters(&mut rng, letter);
            let theirs = librmn.encode_grid(letter, xg.map(single));
            let name = char::from(letter);
            let ours = encode(letter, xg).unwrap_or_else(|error| panic!("{name} {xg:?}: {error}"));
            let ours = ours.map(u32::cast_signed);
            if ours != theirs {
                // The position of the first point is computed in single precision there: one unit of difference in one
                // of a thousand.
                let polar = matches!(letter, b'N' | b'S') && ours[..2] == theirs[..2];
                let close = ours.iter().zip(theirs).all(|(ours, theirs)| ours.abs_diff(theirs) <= 1);
                assert!(polar && close && ours[3] >= 32768, "{name} {xg:?}: {ours:?}, librmn {theirs:?}");
            }
            let found = decode(letter, theirs.map(i32::cast_unsigned));
            let found = found.unwrap_or_else(|error| panic!("{name} {theirs:?}: {error}"));
            let expected = librmn.decode_grid(letter, theirs);
            for (k, (ours, theirs32)) in found.into_iter().zip(expected).enumerate() {
                let scale = if matches!(letter, b'N' | b'S') { lost(found) } else { 0.0 };
                let tolerance = 2e-7 * ours.abs().max(100.0) + scale;
                let difference = (ours - f64::from(theirs32)).abs();
                assert!(difference <= tolerance, "{name} {theirs:?} {k}: {ours}, librmn {theirs32}");
            }
        }
    });
}
