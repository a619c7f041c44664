//! How test vectors are compared.

use rpnfst_grids::{Grid, sphere::distance};
use serde_json::Value;

use crate::npz::numbers;

/// The grid of a case.
pub fn grid(case: &Value) -> Grid {
    let letter = |key: &str| case[key].as_str().unwrap().as_bytes()[0];
    let words = |key: &str| words(&numbers(case, key));
    match letter("grtyp") {
        b'Z' => {
            Grid::from_axes(b'Z', letter("grref"), words("igref"), numbers(case, "ax"), numbers(case, "ay")).unwrap()
        }
        grtyp => Grid::new(grtyp, size(case, "ni"), size(case, "nj"), words("ig")).unwrap(),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "descriptor words")]
pub fn words(values: &[f64]) -> [u32; 4] {
    <[f64; 4]>::try_from(values).unwrap().map(|word| word as u32)
}

pub fn size(case: &Value, key: &str) -> usize {
    usize::try_from(case[key].as_u64().unwrap()).unwrap()
}

/// Positions against the double-precision reference: 1e-9 degree, 1e-8 near a pole.
pub fn exact(what: &str, ours: (&[f64], &[f64]), theirs: (&[f64], &[f64])) {
    positions(what, ours, theirs, |lat| if lat.abs() > 89.999 { 1e-8 } else { 1e-9 });
}

/// Positions against the single-precision library.
pub fn near(what: &str, ours: (&[f64], &[f64]), theirs: (&[f64], &[f64]), degrees: f64) {
    positions(what, ours, theirs, |lat| if lat.abs() < 89.0 { degrees } else { 0.035 });
}

fn positions(what: &str, ours: (&[f64], &[f64]), theirs: (&[f64], &[f64]), most: impl Fn(f64) -> f64) {
    assert_eq!(ours.0.len(), theirs.0.len(), "{what}");
    for at in 0..ours.0.len() {
        let (a, b) = ((ours.0[at], ours.1[at]), (theirs.0[at], theirs.1[at]));
        let apart = distance(a, b);
        assert!(apart <= most(b.0), "{what} {at}: {a:?} {b:?} {apart}");
        assert!((0.0..360.0).contains(&a.1), "{what} {at}: longitude {}", a.1);
    }
}
