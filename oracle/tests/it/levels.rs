//! Vertical coordinates beside the vertical library.

use rpnfst_grids::levels::{Levels, Quantity, Recipe, Vcode};
use rpnfst_oracle::{Librmn, Vgrid, VgridRecipe, harness, rng::Rng};

use crate::common::grids::single;

const VCODES: [i32; 13] = [1001, 1002, 2001, 4001, 5001, 5002, 5003, 5004, 5005, 5100, 21001, 21002, 21002];
const POINTS: usize = 7;

/// Levels with so many digits as codes have, each once.
fn sorted(rng: &mut Rng, low: f64, high: f64) -> Vec<f32> {
    let count = rng.size(3, 90);
    let unit = (high - low) / 20_000.0;
    let steps: std::collections::BTreeSet<u16> =
        (0..count).map(|_| u16::try_from(rng.int(1, 19_999)).unwrap_or(1)).collect();
    steps.into_iter().map(|k| single(low + unit * f64::from(k))).collect()
}

fn recipe(rng: &mut Rng, vcode: i32) -> VgridRecipe {
    let mut made = VgridRecipe { vcode, ..VgridRecipe::default() };
    let between = |rng: &mut Rng, low: f64, high: f64| low + (high - low) * rng.unit();
    made.levels = match vcode {
        1001 | 1002 | 5001 => [sorted(rng, 0.02, 0.99), vec![1.0]].concat(),
        2001 => sorted(rng, 1.0, 1050.0),
        4001 => sorted(rng, 0.0, 20_000.0),
        21001 | 21002 => sorted(rng, 0.0, 40_000.0).into_iter().rev().collect(),
        _ => sorted(rng, 0.02, 0.999),
    };
    let reference = if rng.chance(50) { 100_000.0 } else { 80_000.0 };
    let heights = if rng.chance(50) { [10.0, 1.5, 10.0] } else { [single(between(rng, 2.0, 40.0)), 2.0, 5.0] };
    let mut r = [0.0, between(rng, 1.0, 20.0), 0.0, between(rng, 1.0, 20.0)];
    (r[0], r[2]) = (between(rng, 0.0, r[1]), between(rng, 0.0, r[3]));
    let r = r.map(|r| Some(single(r)));
    match vcode {
        1002 => made.top = Some(f64::from(rng.int(1, 50)) * 100.0),
        5001 => {
            // Below the first level, or at it.
            let share = if rng.chance(30) { 1.0 } else { 0.5 };
            made.top = Some(f64::from(made.levels[0]) * reference * share);
            made.coefficients[0] = Some(single(between(rng, 1.0, 2.0)));
        }
        5002..=5004 => {
            let automatic = if rng.chance(50) { -1.0 } else { -2.0 };
            let given = f64::from(made.levels[0]) * reference * 0.9;
            made.top = Some(if vcode == 5004 && rng.chance(50) { automatic } else { given });
            made.coefficients = [r[0], r[1], None, None];
        }
        5005 => (made.coefficients, made.diagnostic) = ([r[0], r[1], None, None], Some(heights)),
        5100 => {
            (made.coefficients, made.diagnostic, made.average) = (r, Some(heights), rng.chance(50));
        }
        21001 | 21002 => {
            let sleve = rng.chance(50);
            let none = Some(-1.0);
            made.coefficients = if sleve { r } else { [r[0], r[1], none, none] };
            made.diagnostic = Some(heights);
        }
        _ => {}
    }
    if (5001..=5100).contains(&vcode) {
        made.reference = Some(reference);
    }
    made
}

fn ours(recipe: &VgridRecipe) -> Levels {
    let vcode = Vcode::from_number(recipe.vcode.into()).expect("one of those");
    let mut made = Recipe::new(vcode, &recipe.levels).average(recipe.average);
    let r: Vec<f32> = recipe.coefficients.into_iter().map_while(|r| r).collect();
    made = made.coefficients(&r);
    if let Some(top) = recipe.top {
        made = made.top(top);
    }
    if let Some(reference) = recipe.reference {
        made = made.reference(reference);
    }
    if let Some([m, t, w]) = recipe.diagnostic {
        made = made.diagnostic(m, t, w);
    }
    Levels::generate(&made).unwrap_or_else(|error| panic!("{recipe:?}: {error}"))
}

/// How many units of the last place two numbers are apart.
fn units(a: f32, b: f32) -> u32 {
    a.to_bits().abs_diff(b.to_bits())
}

fn near(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a - b).abs() <= 1e-13 * b.abs()
}

fn compare(librmn: Librmn, rng: &mut Rng, vcode: i32) {
    let Some(vgrid) = Vgrid::load(librmn).expect("it loads") else {
        return rpnfst_oracle::skipped::skipped("no libvgridshared beside librmn");
    };
    let recipe = recipe(rng, vcode);
    let theirs = vgrid.generate(&recipe).unwrap_or_else(|error| panic!("{recipe:?}: {error}"));
    let ours = ours(&recipe);
    let (columns, table) = theirs.table().expect("a table");
    let own = ours.table().expect("a table");
    assert_eq!((own.words().len() % columns, own.words().len()), (0, table.len()), "{recipe:?}");
    for (n, (a, b)) in own.values().into_iter().zip(&table).enumerate() {
        assert!(near(a, *b), "{recipe:?}: word {n}: {a}, vgrid {b}");
    }
    let mut lists = vec![("VIPM", ours.momentum_ip1()), ("VIPT", ours.thermodynamic_ip1())];
    if vcode == 21002 {
        lists.push(("VIPW", ours.vertical_velocity_ip1()));
    }
    let mut surface: Vec<f64> = (0..POINTS).map(|_| f64::from(single(50_000.0 + 55_000.0 * rng.unit()))).collect();
    if vcode >= 21_000 {
        for value in &mut surface {
            *value = f64::from(single((*value - 50_000.0) / 20.0));
        }
    }
    let large_scale: Vec<f64> = surface.iter().map(|value| f64::from(single(value * 0.98))).collect();
    let [surface32, large32] =
        [&surface, &large_scale].map(|field| field.iter().map(|v| single(*v)).collect::<Vec<_>>());
    for (name, ip1) in lists {
        let codes = theirs.codes(name).expect("codes");
        let own: Vec<i32> = ip1.iter().map(|ip1| ip1.cast_signed()).collect();
        assert_eq!(own, codes, "{recipe:?} {name}");
        for (quantity, logarithm, per_surface) in
            [(Quantity::Level, false, false), (Quantity::Logarithm, true, false), (Quantity::PerSurface, false, true)]
        {
            // Other coordinates get levels there, or an error; heights have no logarithm.
            let is_height = vcode == 4001 || vcode > 21_000;
            if per_surface && !(5001..=5100).contains(&vcode) || logarithm && is_height {
                continue;
            }
            let expected = theirs.doubles(&codes, &surface, &large_scale, logarithm, per_surface);
            let expected = expected.unwrap_or_else(|error| panic!("{recipe:?} {name} {quantity:?}: {error}"));
            let found = ours.compute(&ip1, &surface, Some(&large_scale), quantity);
            let found = found.unwrap_or_else(|error| panic!("{recipe:?} {name} {quantity:?}: {error}"));
            let at = |n: usize| format!("{recipe:?} {name} {quantity:?} level {} point {}", n / POINTS, n % POINTS);
            for (n, (a, b)) in found.iter().zip(&expected).enumerate() {
                assert!(near(*a, *b), "{}: {a}, vgrid {b}", at(n));
            }
            let expected = theirs.singles(&codes, &surface32, &large32, logarithm, per_surface).expect("levels");
            let found = ours.compute(&ip1, &surface32, Some(&large32), quantity).expect("levels");
            for (n, (a, b)) in found.iter().zip(&expected).enumerate() {
                assert!(units(*a, *b) <= 1, "{}: {a}, vgrid {b}", at(n));
            }
        }
    }
}

#[test]
fn coordinates() {
    harness::each_seed("levels::coordinates", 300, |librmn, seed| {
        let mut rng = Rng::new(seed);
        for vcode in VCODES {
            compare(librmn, &mut rng, vcode);
        }
    });
}
