//! Kernels against those of librmn, and against a reference in double precision.

use serde_json::Value as Json;

use super::kernel::Kernel;
use super::layout::{Columns, Half, Layout, Shape};
use super::{Degree, poles};

#[path = "../../tests/it/npz.rs"]
mod npz;

fn numbers(json: &Json) -> Option<Vec<f64>> {
    json.as_array().map(|a| a.iter().map(|v| v.as_f64().unwrap()).collect())
}

/// The layout of a case, without polar caps.
fn layout(case: &Json) -> Option<Layout> {
    let count = |name: &str| usize::try_from(case[name].as_u64().unwrap()).unwrap();
    let ig = |n: usize| case["ig"][n].as_u64().unwrap();
    let letter = case["grtyp"].as_str().unwrap();
    if letter == "G" {
        return None;
    }
    let (ni, nj) = (count("ni"), count("nj"));
    let on_equator = letter == "B";
    let flags = "AB".contains(letter);
    let half = match ig(0) {
        1 if flags => Half::North { on_equator },
        2 if flags => Half::South { on_equator },
        _ => Half::Whole,
    };
    let columns = match case["extension"].as_u64().unwrap() {
        0 => Columns::Bounded,
        1 => Columns::Repeated,
        _ => Columns::Periodic,
    };
    let (ax, ay) = (numbers(&case["ax"]), numbers(&case["ay"]));
    Some(Layout::new(Shape { ni, nj, columns, half, reversed: flags && ig(1) == 1, ax, ay, caps: None }))
}

#[test]
fn kernels_of_the_vectors() {
    let set = npz::Set::open("kernel");
    let mut worst = [0.0_f64; 6];
    for case in set.cases() {
        let Some(layout) = layout(case) else { continue };
        let z = set.values(case, "z");
        let (x, y) = (set.values(case, "x"), set.values(case, "y"));
        let own = poles::scalar(&layout, &z);
        let rows = layout.view(&z, &own);
        let kernel = Kernel::new(&layout, &rows);
        let methods =
            [(Degree::Nearest, "nearest", 0.0), (Degree::Linear, "linear", 4e-4), (Degree::Cubic, "cubic", 6e-3)];
        for (m, (method, name, tolerance)) in methods.into_iter().enumerate() {
            let (library, reference) = (set.values(case, &format!("v_{name}")), set.values(case, &format!("r_{name}")));
            let ok = set.values(case, &format!("ok_{name}"));
            for k in 0..x.len() {
                let got = kernel.value(method, layout.u_of(x[k]), layout.v_from_south(y[k]));
                let scale = reference[k].abs().max(1.0);
                let error = (got - reference[k]).abs() / scale;
                let near = |v: f64| (v - v.floor() - 0.5).abs() < 1e-6;
                if method != Degree::Nearest || !(near(x[k]) || near(y[k])) {
                    worst[m] = worst[m].max(error);
                    assert!(error <= 1e-9, "{} {name} {k}: ({}, {}) {got} {}", case["kind"], x[k], y[k], reference[k]);
                }
                if ok[k] != 0.0 {
                    let error = (got - library[k]).abs() / scale;
                    worst[3 + m] = worst[3 + m].max(error);
                    assert!(error <= tolerance + 1e-12, "{} {name} {k}: {got} librmn {}", case["kind"], library[k]);
                }
            }
        }
    }
    println!("{worst:?}");
}

/// A global grid, worked by hand: z(i, j) = (i - 1 + 4 (j - 1))^2.
#[test]
fn worked_example() {
    let z: Vec<f32> = (0..16_u8).map(|k| f32::from(k) * f32::from(k)).collect();
    let layout = Layout::new(Shape { ni: 4, nj: 4, columns: Columns::Periodic, ..Shape::default() });
    let rows = layout.view(&z, &[]);
    let kernel = Kernel::new(&layout, &rows);
    let at = |method| kernel.value(method, layout.u_of(4.5), layout.v_of(2.25));
    assert_eq!([Degree::Nearest, Degree::Linear, Degree::Cubic].map(at), [16.0, 47.5, 44.75]);

    let (ax, ay) = ([0.0, 1.0, 3.0, 4.0, 6.0], [0.0, 2.0, 3.0, 5.0, 6.0]);
    let z: Vec<f64> = ay.iter().flat_map(|y| ax.iter().map(move |x: &f64| x * x * x + y * y)).collect();
    let shape = Shape { ni: 5, nj: 5, ax: Some(ax.to_vec()), ay: Some(ay.to_vec()), ..Shape::default() };
    let layout = Layout::new(shape);
    let rows = layout.view(&z, &[]);
    let kernel = Kernel::new(&layout, &rows);
    let at = |method| kernel.value(method, layout.u_of(2.5), layout.v_of(3.25));
    assert!((at(Degree::Linear) - 27.0).abs() < 1e-12 && (at(Degree::Cubic) - 20.25).abs() < 1e-12);
}
