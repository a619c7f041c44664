//! Fields and winds between grids, against ezscint and against a reference in double precision.

use rpnfst_grids::regrid::{Extrapolation, Method, Options, Regrid};
use rpnfst_grids::{Grid, descriptor};
use serde_json::Value as Json;

use super::npz::Set;

fn numbers(json: &Json) -> Vec<f64> {
    json.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn words(json: &Json) -> [u32; 4] {
    let words: Vec<u32> = numbers(json).iter().map(|v| format!("{v}").parse().unwrap()).collect();
    words.try_into().unwrap()
}

/// The grid that a case describes.
pub fn grid(json: &Json) -> Grid {
    let letter = |name: &str| json[name].as_str().unwrap().as_bytes()[0];
    let size = |name: &str| usize::try_from(json[name].as_u64().unwrap()).unwrap();
    if json.get("ax").is_some() {
        let axis = |name: &str| numbers(&json[name]);
        return Grid::from_axes(letter("grtyp"), letter("grref"), words(&json["igref"]), axis("ax"), axis("ay"))
            .unwrap();
    }
    Grid::new(letter("grtyp"), size("ni"), size("nj"), words(&json["ig"])).unwrap()
}

fn extrapolation(case: &Json) -> Extrapolation {
    match case["extrap"].as_str().unwrap() {
        "maximum" => Extrapolation::Maximum,
        "minimum" => Extrapolation::Minimum,
        "nearest" => Extrapolation::Nearest,
        "value" => Extrapolation::Value(case["value"].as_f64().unwrap()),
        other => panic!("{other}"),
    }
}

const METHODS: [(Method, &str); 3] =
    [(Method::Nearest, "nearest"), (Method::Linear, "linear"), (Method::Cubic, "cubic")];

/// Largest differences, with where they are; reported, then judged.
#[derive(Default)]
struct Worst(std::collections::BTreeMap<String, (f64, String)>);

impl Worst {
    fn see(&mut self, kind: &str, error: f64, place: impl FnOnce() -> String) {
        let worst = self.0.entry(kind.to_owned()).or_default();
        if error > worst.0 || error.is_nan() {
            *worst = (error, place());
        }
    }

    fn judge(&self, limit: impl Fn(&str) -> f64) {
        for (kind, (error, place)) in &self.0 {
            println!("{kind}: {error:e} {place}");
        }
        for (kind, (error, place)) in &self.0 {
            assert!(*error <= limit(kind), "{kind}: {error:e} at {place}");
        }
    }
}

fn narrow(values: &[f64]) -> Vec<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "they are singles")]
    values.iter().map(|v| *v as f32).collect()
}

/// Whether a place is so near to the middle between two points that rounding decides which is nearest.
fn is_tie(source: &Grid, lat: f64, lon: f64) -> bool {
    let near = |at: f64| (at - at.floor() - 0.5).abs() < 0.005;
    source.locate(lat, lon).is_none_or(|(x, y)| near(x) || near(y))
}

#[test]
fn scalars_of_the_vectors() {
    let set = Set::open("scalar");
    let mut worst = Worst::default();
    for case in set.cases() {
        let source = grid(&case["src"]);
        let target = grid(&case["dst"]);
        let z = set.values(case, "z");
        let (dlat, dlon) = (set.values(case, "dlat"), set.values(case, "dlon"));
        let pair = case["pair"].to_string();
        for (method, name) in METHODS {
            let options = Options::new(method).extrapolate(extrapolation(case));
            let points = Regrid::to_points(&source, &dlat, &dlon, &options).unwrap();
            let between = Regrid::new(&source, &target, &options).unwrap();
            let wide: Vec<f64> = points.apply(&z, None).unwrap();
            let single: Vec<f32> = between.apply(&narrow(&z), None).unwrap();
            let (library, reference) = (set.values(case, &format!("v_{name}")), set.values(case, &format!("r_{name}")));
            let ok = set.values(case, &format!("ok_{name}"));
            for k in 0..library.len() {
                let place =
                    || format!("{} {pair} {k}: {} {} {} {}", case["key"], wide[k], single[k], reference[k], library[k]);
                // The last step for targets of type B takes the grid, not points.
                let levelled = pair.starts_with("[\"Z")
                    && target.letter() == b'B'
                    && (k < target.ni() || k >= target.len() - target.ni());
                if !levelled && (method != Method::Nearest || !is_tie(&source, dlat[k], dlon[k])) {
                    worst.see(
                        &format!("reference {name}"),
                        (wide[k] - reference[k]).abs() / reference[k].abs().max(1.0),
                        place,
                    );
                }
                if ok[k] != 0.0 {
                    let error = (f64::from(single[k]) - library[k]).abs() / (library[k].abs() / 20.0).max(1.0);
                    worst.see(&format!("librmn {name}"), error, place);
                }
            }
        }
    }
    worst.judge(|kind| match kind {
        "librmn nearest" => 2e-5,
        "librmn linear" => 3e-4,
        "librmn cubic" => 8e-4,
        _ => 1e-12,
    });
}

#[test]
fn winds_of_the_vectors() {
    let set = Set::open("vector");
    let mut worst = Worst::default();
    for case in set.cases() {
        let (source, target) = (grid(&case["src"]), grid(&case["dst"]));
        let (u, v) = (set.values(case, "u"), set.values(case, "v"));
        let (dlat, dlon) = (set.values(case, "dlat"), set.values(case, "dlon"));
        for (method, name) in METHODS {
            let Some(ok) = set.find(&format!("{}_ok_{name}", case["key"].as_str().unwrap())) else { continue };
            let options = Options::new(method).extrapolate(extrapolation(case));
            let regrid = Regrid::new(&source, &target, &options).unwrap();
            let (got_u, got_v) = regrid.apply_winds(&u, &v, None).unwrap();
            for (component, got) in [("u", got_u), ("v", got_v)] {
                let library = set.values(case, &format!("v_{name}_{component}"));
                let reference = set.values(case, &format!("r_{name}_{component}"));
                for k in 0..got.len() {
                    let place = || {
                        format!(
                            "{} {} {component}{k}: {} {} {}",
                            case["key"], case["pair"], got[k], reference[k], library[k]
                        )
                    };
                    let scale = (library[k].abs() / 20.0).max(1.0);
                    if ok.values[k] != 0.0 {
                        worst.see(&format!("librmn {name}"), (got[k] - library[k]).abs() / scale, place);
                    }
                    if method != Method::Nearest || !is_tie(&source, dlat[k], dlon[k]) {
                        worst.see(&format!("reference {name}"), (got[k] - reference[k]).abs() / scale, place);
                    }
                }
            }
        }
    }
    // The reference takes the positions of librmn, which are singles; its values are singles too.
    worst.judge(|kind| if kind.starts_with("reference") { 1e-4 } else { 1e-3 });
}

#[test]
fn yin_yang_of_the_vectors() {
    let set = Set::open("yinyang");
    let mut worst = Worst::default();
    for case in set.cases() {
        let source = Grid::yin_yang(&set.values(case, "axy")).unwrap();
        let target = grid(&case["dst"]);
        let (z, v) = (set.values(case, "z"), set.values(case, "v"));
        let (dlat, dlon) = (set.values(case, "dlat"), set.values(case, "dlon"));
        for (method, name) in METHODS {
            // The reference takes the positions of librmn, which are singles.
            let regrid = Regrid::to_points(&source, &dlat, &dlon, &Options::new(method)).unwrap();
            let got: Vec<f64> = regrid.apply(&z, None).unwrap();
            let (library, reference) = (set.values(case, &format!("v_{name}")), set.values(case, &format!("r_{name}")));
            let ok = set.values(case, &format!("ok_{name}"));
            for k in 0..got.len() {
                let place = || format!("{} {k}: {} {} {}", case["key"], got[k], reference[k], library[k]);
                if ok[k] != 0.0 {
                    worst.see(
                        &format!("librmn {name}"),
                        (got[k] - library[k]).abs() / (library[k].abs() / 20.0).max(1.0),
                        place,
                    );
                    worst.see(
                        &format!("reference {name}"),
                        (got[k] - reference[k]).abs() / reference[k].abs().max(1.0),
                        place,
                    );
                }
            }
        }
        let regrid = Regrid::new(&source, &target, &Options::new(Method::Cubic)).unwrap();
        let winds = regrid.apply_winds(&z, &v, None).unwrap();
        let ok = set.values(case, "ok_cubic_uv");
        for (component, got) in [("u", winds.0), ("v", winds.1)] {
            let library = set.values(case, &format!("v_cubic_{component}"));
            let reference = set.values(case, &format!("r_cubic_{component}"));
            for k in (0..got.len()).filter(|k| ok[*k] != 0.0) {
                let place = || format!("{} {component}{k}: {} {} {}", case["key"], got[k], reference[k], library[k]);
                let scale = (library[k].abs() / 20.0).max(1.0);
                worst.see("librmn winds", (got[k] - library[k]).abs() / scale, place);
                worst.see("reference winds", (got[k] - reference[k]).abs() / scale, place);
            }
        }
    }
    worst.judge(|kind| match kind {
        "librmn winds" => 4e-5,
        "reference winds" => 2e-5,
        kind if kind.starts_with("librmn") => 3e-5,
        _ => 1e-12,
    });
}

#[test]
fn cloud_of_the_vectors() {
    let set = Set::open("cloud");
    let values = |name: &str| set.array(name).values;
    let (lat, lon, z) = (values("lat"), values("lon"), values("z"));
    let source = Grid::cloud(lat.len(), 1, lon, lat).unwrap();
    let (dlat, dlon, expected) = (set.array("dlat"), values("dlon"), values("v"));
    let ni = *dlat.shape.last().unwrap();
    let regrid = Regrid::to_points(&source, &dlat.values, &dlon, &Options::new(Method::InverseDistance)).unwrap();
    let got: Vec<f64> = regrid.apply(&z, None).unwrap();
    let mut compared = 0;
    for k in (0..got.len()).filter(|k| k % ni != ni - 1 && !got[*k].is_nan()) {
        assert!((got[k] - expected[k]).abs() < 2e-4 * expected[k].abs().max(1.0), "{k}: {} {}", got[k], expected[k]);
        compared += 1;
    }
    assert!(compared > got.len() / 2, "{compared} of {}", got.len());
}

#[test]
fn constants_and_sums_of_weights() {
    for (letter, xg) in [(b'A', [0.0; 4]), (b'B', [0.0; 4]), (b'G', [0.0; 4]), (b'L', [-20.0, 10.0, 2.0, 3.0])] {
        let source = Grid::new(letter, 24, 12, descriptor::encode(letter, xg).unwrap()).unwrap();
        let target = Grid::new(b'N', 19, 17, descriptor::encode(b'N', [9.0, 9.0, 600_000.0, 21.0]).unwrap()).unwrap();
        for (method, _) in METHODS {
            let regrid =
                Regrid::new(&source, &target, &Options::new(method).extrapolate(Extrapolation::Nearest)).unwrap();
            let field: Vec<f32> = regrid.apply(&vec![0.1_f32; source.len()], None).unwrap();
            assert!(field.iter().all(|v| v.to_bits() == 0.1_f32.to_bits()), "{}", char::from(letter));
            for k in 0..regrid.target_len() {
                let sum: f64 = regrid.weights(k).iter().map(|w| w.1).sum();
                assert!((sum - 1.0).abs() < 1e-12, "{sum}");
            }
        }
    }
}
