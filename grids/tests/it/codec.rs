//! Descriptors and Gaussian latitudes.

use rpnfst_grids::{descriptor, gaussian_latitudes};

use crate::{compare::words, npz::Set};

#[test]
fn descriptors_are_those_of_the_library() {
    let set = Set::open("codec");
    for case in set.cases() {
        let letter = case["grtyp"].as_str().unwrap().as_bytes()[0];
        let [xg, ig, exact, single] = ["xg", "ig", "dec64", "dec32"].map(|name| set.values(case, name));
        let inexact = set.values(case, "inexact");
        for row in 0..inexact.len() {
            let four = |values: &[f64]| <[f64; 4]>::try_from(&values[4 * row..4 * row + 4]).unwrap();
            let ig = words(&four(&ig));
            let encoded = descriptor::encode(letter, four(&xg)).unwrap_or_else(|error| panic!("{case} {row}: {error}"));
            if inexact[row] == 0.0 {
                assert_eq!(encoded, ig, "{case} {row} {:?}", four(&xg));
            } else {
                assert!(encoded.iter().zip(&ig).all(|(a, b)| a.abs_diff(*b) <= 1), "{encoded:?} {ig:?}");
            }
            let decoded = descriptor::decode(letter, ig).unwrap();
            for ((ours, exact), single) in decoded.iter().zip(four(&exact)).zip(four(&single)) {
                assert!((ours - exact).abs() <= 1e-9 * exact.abs().max(1.0), "{case} {row}: {decoded:?} {exact}");
                assert!((ours - single).abs() <= 2e-4 * single.abs().max(1.0), "{case} {row}: {decoded:?} {single}");
            }
        }
    }
}

#[test]
fn gaussian_latitudes_are_roots() {
    let set = Set::open("gauss");
    for case in set.cases() {
        let exact = set.values(case, "exact");
        let ours = gaussian_latitudes(exact.len());
        for (ours, exact) in ours.iter().zip(&exact) {
            assert!((ours - exact).abs() < 1e-11, "{ours} {exact}");
        }
        for (ours, single) in ours.iter().zip(set.values(case, "librmn")) {
            assert!((ours - single).abs() < 1e-3, "{ours} {single}");
        }
    }
}
