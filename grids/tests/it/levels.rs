//! Vertical coordinates against the reference vertical library 6.4.2.

use proptest::prelude::*;
use rpnfst_grids::{
    ip::{self, IpValue, Kind, LAST_OLD_STYLE},
    levels::{HybridRecord, Level, Levels, OldRecords, Quantity, Recipe, Table, Vcode, atmosphere},
};
use serde_json::Value;

use crate::npz::Set;

const MADE: [&str; 16] = [
    "sigma_1001",
    "eta_1002",
    "pres_2001",
    "hgt_4001",
    "hyb_5001_complete",
    "hyb_5001_incomplete",
    "hybs_5002",
    "hybt_5003",
    "hybm_5004_user",
    "hybm_5004_auto1",
    "hybm_5004_auto2",
    "hybmd_5005",
    "hybps_5100_avg0",
    "hybps_5100_avg1",
    "hybh_21001",
    "hybhs_21001_sleve",
];
const LORENZ: [&str; 2] = ["hybhl_21002", "hybhls_21002_sleve"];
const OLD: [&str; 4] = ["leg_eta", "leg_hy5", "leg_hybn", "leg_pres"];

fn all() -> impl Iterator<Item = &'static str> {
    MADE.into_iter().chain(LORENZ).chain(OLD)
}

fn open(name: &str) -> Set {
    Set::alone("vertical", name)
}

fn one(set: &Set, name: &str) -> Option<f64> {
    set.find(name).map(|array| array.values[0])
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "stored as whole numbers")]
fn codes(set: &Set, name: &str) -> Vec<u32> {
    set.array(name).values.iter().map(|v| *v as u32).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "stored in single precision")]
fn singles(values: &[f64]) -> Vec<f32> {
    values.iter().map(|v| *v as f32).collect()
}

fn table(set: &Set) -> Table {
    // Four coefficients where there is a C.
    let width = if set.find("CC_M").is_some() { 4 } else { 3 };
    Table::new(width, set.words("table")).unwrap()
}

fn levels(set: &Set) -> Levels {
    Levels::from_table(table(set)).unwrap()
}

fn recipe(set: &Set) -> Recipe {
    #[expect(clippy::cast_possible_truncation, reason = "a number of a coordinate")]
    let vcode = Vcode::from_number(one(set, "vcode").unwrap() as i64).unwrap();
    let parameters: Value = serde_json::from_str(&set.text("params")).unwrap();
    let number = |name: &str| parameters[name].as_f64();
    let mut recipe = Recipe::new(vcode, &singles(&set.array("hyb").values));
    let r: Vec<f64> = (1..=4).map_while(|n| number(&format!("rcoef{n}"))).collect();
    recipe = recipe.coefficients(&singles(&r));
    if let Some(top) = number("ptop") {
        recipe = recipe.top(top);
    }
    if let Some(reference) = number("pref") {
        recipe = recipe.reference(reference);
    }
    if let Some(dhm) = number("dhm") {
        let heights = singles(&[dhm, number("dht").unwrap(), number("dhw").unwrap_or(0.0)]);
        recipe = recipe.diagnostic(heights[0], heights[1], heights[2]);
    }
    recipe.average(number("avg") == Some(1.0))
}

fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    found.to_bits() == expected.to_bits() || (found - expected).abs() <= tolerance * expected.abs()
}

#[test]
fn tables_are_made_to_the_bit() {
    let mut different = 0;
    for name in MADE.into_iter().chain(LORENZ) {
        let set = open(name);
        let made = Levels::generate(&recipe(&set)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (ours, theirs) = (made.table().unwrap(), set.words("table"));
        assert_eq!(ours.words().len(), theirs.len(), "{name}");
        for (n, (ours, theirs)) in ours.words().iter().zip(&theirs).enumerate() {
            different += usize::from(ours != theirs);
            let (x, y) = (f64::from_bits(*ours), f64::from_bits(*theirs));
            assert!(close(x, y, 1e-13) && x.is_normal() == y.is_normal(), "{name}, word {n}: {x} {y}");
        }
        let header: Value = serde_json::from_str(&set.text("header")).unwrap();
        let ours = made.header();
        assert_eq!(header["ETIK"], ours.etiket, "{name}");
        for (n, ig) in ours.ig.iter().enumerate() {
            // A negative one cannot be written.
            let theirs = header[format!("IG_{}", n + 1)].as_i64().unwrap().max(0);
            assert_eq!(i64::from(*ig), theirs, "{name}, ig{}", n + 1);
        }
    }
    assert_eq!(different, 0, "words that differ in the last bits");
}

#[test]
fn tables_say_what_the_reference_reads_in_them() {
    for name in all() {
        let set = open(name);
        let levels = levels(&set);
        let parameters = levels.parameters();
        assert_eq!(f64::from(levels.vcode().number()), one(&set, "vcode").unwrap(), "{name}");
        assert_eq!(levels.vcode().is_logarithmic(), one(&set, "logp") == Some(1.0), "{name}");
        for (list, letter) in
            [(levels.momentum(), "m"), (levels.thermodynamic(), "t"), (levels.vertical_velocity(), "w")]
        {
            let theirs = codes(&set, &format!("ip1_{letter}"));
            assert_eq!(list.iter().map(|level| level.ip1).collect::<Vec<_>>(), theirs, "{name} {letter}");
            let of = |value: fn(&Level) -> f64| list.iter().map(value).collect::<Vec<_>>();
            let capital = letter.to_uppercase();
            for (ours, key) in [(of(|l| l.a), "CA"), (of(|l| l.b), "CB"), (of(|l| l.c), "CC")] {
                if let Some(theirs) = set.find(&format!("{key}_{capital}")) {
                    assert_eq!(ours, theirs.values, "{name} {key}_{capital}");
                }
            }
        }
        let text = |name: &Option<String>| name.clone().unwrap_or_default();
        assert_eq!(text(&parameters.field), set.text("rfld"), "{name}");
        assert_eq!(text(&parameters.large_scale_field), set.text("rfls"), "{name}");
        assert_eq!(parameters.top, one(&set, "PTOP"), "{name}");
        assert_eq!(parameters.reference, one(&set, "PREF"), "{name}");
        for (n, ours) in parameters.coefficients.iter().enumerate() {
            let theirs = one(&set, &format!("RC_{}", n + 1)).filter(|rc| *rc != -9999.0);
            assert_eq!(ours.map(f64::from), theirs, "{name} r{}", n + 1);
        }
        for (ours, key) in [(levels.momentum_diagnostic(), "DIPM"), (levels.thermodynamic_diagnostic(), "DIPT")] {
            assert_eq!(ours.map(f64::from), one(&set, key), "{name} {key}");
        }
        assert_eq!(levels.table(), Some(&table(&set)));
    }
}

#[test]
fn pressures_and_heights() {
    let mut compared = 0;
    for name in all() {
        let set = open(name);
        let levels = levels(&set);
        let field = |name| set.find(name).map(|array| array.values);
        let (surface, large) = (field("sfc").unwrap_or_default(), field("sfc_ls"));
        let wanted = codes(&set, "levels_ip1");
        for (key, quantity) in [
            ("levels_f32", Quantity::Level),
            ("levels_f64", Quantity::Level),
            ("levels_log_f32", Quantity::Logarithm),
            ("dpidpis_f32", Quantity::PerSurface),
        ] {
            let Some(theirs) = set.find(key) else { continue };
            let (points, count) = (theirs.shape[0], theirs.shape[1]);
            let ours: Vec<f64> = if key.ends_with("64") {
                levels.compute(&wanted, &surface, large.as_deref(), quantity).unwrap()
            } else {
                let large = large.as_deref().map(singles);
                let ours = levels.compute(&wanted, &singles(&surface), large.as_deref(), quantity).unwrap();
                ours.into_iter().map(f64::from).collect()
            };
            assert_eq!(ours.len(), points * count, "{name} {key}");
            for (n, theirs) in theirs.values.iter().enumerate() {
                let ours = ours[(n % count) * points + n / count];
                let fits = if key.ends_with("64") { close(ours, *theirs, 1e-13) } else { ours == *theirs };
                assert!(fits, "{name} {key} {n}: {ours} {theirs}");
                compared += 1;
            }
        }
        // One level at a time, and as a code of the other style.
        let single = levels.compute(&wanted[1..2], &surface, large.as_deref(), Quantity::Level).unwrap();
        assert_eq!(single.len(), surface.len().max(1));
    }
    assert!(compared > 5000, "{compared}");
}

#[test]
fn files_without_tables() {
    for name in OLD {
        let set = open(name);
        let mut old = OldRecords { codes: codes(&set, "levels_in_file"), ..OldRecords::default() };
        if let (Some(reference), Some(top), Some(r)) = (one(&set, "PREF"), one(&set, "PTOP"), one(&set, "RC_1")) {
            let top = IpValue::new(singles(&[top / 100.0])[0], Kind::Pressure).encode().unwrap();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole")]
            let [ig1, ig2] = [reference / 100.0, r * 1000.0].map(|v| v.round() as u32);
            old.hybrid = Some(HybridRecord::new(top, ig1, ig2).unwrap());
        } else if let Some(top) = one(&set, "PTOP") {
            old.top = Some(singles(&[top / 100.0])[0]);
        }
        let (ours, theirs) = (old.levels().unwrap(), levels(&set));
        assert_eq!(ours.vcode(), theirs.vcode(), "{name}");
        assert_eq!(ours.parameters(), theirs.parameters(), "{name}");
        let values = |levels: &Levels| levels.momentum().iter().map(|l| l.value().unwrap()).collect::<Vec<_>>();
        assert_eq!(values(&ours), values(&theirs), "{name}");
        if ours.vcode() == Vcode::Hybrid1003 {
            // The reference takes a set that does not begin at 0 for one that does. librmn's formula, in hPa:
            let hybrid = old.hybrid.unwrap();
            let top = hybrid.top / hybrid.reference;
            for level in ours.momentum() {
                let v = f64::from(level.value().unwrap().value);
                let x = v + (1.0 - v) * top;
                let b = ((x - top).max(0.0) / (1.0 - top)).powf(hybrid.coefficient.into());
                assert!(close(level.b, b, 1e-12) && close(level.a, hybrid.reference * (x - b), 1e-12), "{level:?} {b}");
            }
            continue;
        }
        for (x, y) in ours.momentum().iter().zip(theirs.momentum()) {
            assert!(close(x.a, y.a, 1e-13) && close(x.b, y.b, 1e-13), "{name} {x:?} {y:?}");
        }
        assert!(ours.momentum_ip1().iter().all(|ip1| old.codes.contains(ip1)), "{name}: the codes of the file");
    }
}

#[test]
fn codes_of_levels() {
    let set = open("ip1");
    let (kinds, values) = (set.array("decode_kind").values, set.array("decode_value").values);
    for ((ip1, kind), value) in set.array("decode_ip").values.iter().zip(kinds).zip(values) {
        #[expect(clippy::cast_possible_truncation, reason = "whole")]
        let ip1 = *ip1 as i64;
        // Negative ones are old arbitrary numbers there, and no records have them.
        let Ok(ip1) = u32::try_from(ip1) else { continue };
        match ip::decode(ip1) {
            Ok(ours) => assert_eq!((f64::from(ours.kind.code()), f64::from(ours.value)), (kind, value), "{ip1}"),
            Err(_) => assert_eq!(kind, -1.0, "{ip1}"),
        }
    }
    let [kinds, values, new, old] =
        ["encode_kind", "encode_value", "encode_new", "encode_old"].map(|name| set.array(name).values);
    for (((kind, value), new), old) in kinds.iter().zip(&values).zip(new).zip(old) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole")]
        let value = IpValue::new(singles(&[*value])[0], Kind::from_code(*kind as u8));
        assert_eq!(value.encode().map(f64::from), Ok(new), "{value:?}");
        let ours = value.encode_old().map_or(-1.0, f64::from);
        // What has no code of the old style, the reference encodes in the new one.
        assert!(ours == old || old > f64::from(LAST_OLD_STYLE), "{value:?} {ours} {old}");
    }
}

#[test]
fn standard_atmosphere() {
    let set = open("stda76");
    let [pressures, heights, p_to_z, z_to_p] =
        ["pres", "hgts", "hgts_from_pres", "pres_from_hgts"].map(|name| set.array(name).values);
    for (p, z) in pressures.iter().zip(p_to_z) {
        assert!((atmosphere::height(*p).unwrap() - z).abs() <= 0.01, "{p} Pa: {z} m");
    }
    for (z, p) in heights.iter().zip(z_to_p) {
        assert!(close(atmosphere::pressure(*z).unwrap(), p, 5e-6), "{z} m: {p} Pa");
    }
}

/// Any of the numbers that hurt, or one of a table.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        prop::sample::select(vec![
            0.0,
            -1.0,
            1.0,
            -9999.0,
            f64::NAN,
            f64::INFINITY,
            f64::MIN_POSITIVE,
            1e308,
            4e9,
            0.5
        ]),
        (0_u32..1 << 28).prop_map(f64::from),
        1e-3..1e5,
    ]
}

fn hostile_single() -> impl Strategy<Value = f32> {
    #[expect(clippy::cast_possible_truncation, reason = "any number will do")]
    hostile().prop_map(|value| value as f32)
}

/// What can be asked of a coordinate.
fn use_up(levels: &Levels) {
    assert!(levels.is_same(&levels.clone()));
    let _ = (levels.header(), levels.momentum_diagnostic(), levels.thermodynamic_diagnostic());
    let all = [levels.momentum_ip1(), levels.thermodynamic_ip1(), levels.vertical_velocity_ip1()].concat();
    for quantity in [Quantity::Level, Quantity::Logarithm, Quantity::PerSurface] {
        for surface in [&[95_000.0_f32, f32::NAN, 0.0, -1.0, f32::INFINITY][..], &[]] {
            if let Ok(values) = levels.compute(&all, surface, Some(surface), quantity) {
                assert!(values.len() == all.len() * surface.len().max(1) || surface.is_empty());
            }
            let _ = levels.compute(&all, surface, None, quantity);
        }
    }
    assert!(levels.compute_into(&all, &[1.0_f64; 3], None, Quantity::Level, &mut [0.0; 1]).is_err());
}

proptest! {
    #[test]
    fn damaged_tables(name in prop::sample::select(all().collect::<Vec<_>>()), at in any::<prop::sample::Index>(),
                      word in hostile(), cut in any::<prop::sample::Index>(), width in 0_usize..6) {
        let whole = table(&open(name));
        let mut words = whole.words().to_vec();
        let place = at.index(words.len());
        words[place] = word.to_bits();
        for table in [Table::new(whole.ni(), words.clone()), Table::new(width, words[..cut.index(words.len())].to_vec())] {
            if let Ok(levels) = table.and_then(Levels::from_table) {
                use_up(&levels);
            }
        }
    }

    #[test]
    fn hostile_recipes(number in prop::sample::select(vec![1, 1001, 1002, 1003, 2001, 4001, 5001, 5002, 5003, 5004, 5005, 5100, 5999, 21001, 21002]),
                       values in prop::collection::vec(hostile_single(), 0..6), sort in any::<bool>(),
                       [top, reference] in [hostile(), hostile()], r in prop::collection::vec(hostile_single(), 0..5),
                       [m, t, w] in [hostile_single(), hostile_single(), hostile_single()], average in any::<bool>()) {
        let mut values = values;
        if sort {
            for value in &mut values {
                *value = (value.abs() % 1.0).min(0.999);
            }
            values.sort_by(f32::total_cmp);
            values.dedup();
        }
        let recipe = Recipe::new(Vcode::from_number(number).unwrap(), &values).top(top).reference(reference);
        let recipe = recipe.coefficients(&r).diagnostic(m, t, w).average(average);
        if let Ok(levels) = Levels::generate(&recipe) {
            use_up(&levels);
        }
    }

    #[test]
    fn hostile_old_records(codes in prop::collection::vec(any::<u32>(), 0..9), kind in 0_u32..8,
                           [ip1, ig1, ig2] in any::<[u32; 3]>(), top in hostile_single(), eta in hostile_single()) {
        let codes = codes.into_iter().map(|code| kind << 24 | code & 0x00FF_FFFF).collect();
        let hybrid = HybridRecord::new(ip1 & 0x02FF_FFFF, 400 + ig1 % 700, 1000 + ig2 % 1100).ok();
        for (top, eta_top) in [(None, None), (Some(top), None), (Some(top), Some(eta))] {
            let old = OldRecords { codes: Vec::clone(&codes), hybrid, top, eta_top, sigma: ig1 % 2 == 0 };
            if let Ok(levels) = old.levels() {
                use_up(&levels);
            }
        }
    }
}
