//! Vertical coordinates of records: found, computed, written.

use std::path::Path;

use rpnfst::{
    Array, Attributes, Error, File, MemoryFile, WriteOptions,
    geo::Coordinates,
    grids::levels::{Levels, Quantity, Recipe, Vcode},
    record::{DateStamp, IpValue, Kind},
};

use crate::common::collection;

fn testdata(name: &str) -> File {
    File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vertical").join(name)).expect("a file")
}

fn hybrid(r2: f32) -> Levels {
    let recipe = Recipe::new(Vcode::Hybrid5005, &[0.0125, 0.1, 0.5, 0.995]).reference(1e5).coefficients(&[0.0, r2]);
    Levels::generate(&recipe.diagnostic(10.0, 1.5, 0.0)).expect("levels")
}

/// A file with these coordinates under tags, a field at 0.5 and surface pressure on a grid of the tags 7 and 8.
fn file(tables: &[(&Levels, [u32; 2])], others: &[Attributes]) -> File {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("a file");
    let on_grid = |nomvar: &str| {
        Attributes::new(nomvar).grtyp('Z').ig(7, 8, 0, 0).etiket("RUN").datev(DateStamp::from_raw(442_372_400))
    };
    let values = |value: f32| Array::new(vec![value; 6], (3, 2, 1)).expect("a field");
    let level = IpValue::new(0.5, Kind::Hybrid);
    writer.write(&on_grid("TT").level(level), &values(1.0)).expect("written");
    writer.write(&on_grid("P0").etiket("OTHER"), &values(900.0)).expect("written");
    writer.write(&on_grid("P0").ip1(0), &values(950.0)).expect("written");
    for (levels, tags) in tables {
        writer.write_levels(levels, *tags).expect("written");
    }
    for other in others {
        writer.write(other, &values(10.0)).expect("written");
    }
    writer.close().expect("closed");
    File::from_bytes(memory.to_vec()).expect("a file")
}

#[test]
fn tables_that_the_reference_wrote() {
    let file = testdata("toctoc.std");
    let found = Coordinates::new(&file).all();
    let vcodes: Vec<_> = found.iter().map(|found| found.as_ref().expect("a coordinate").levels.vcode()).collect();
    assert_eq!(vcodes.len(), file.records().len());
    // Written again, they have the same words.
    for (record, found) in file.records().iter().zip(found) {
        let levels = found.expect("a coordinate").levels;
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("a file");
        let written = writer.write_levels(&levels, [record.ip1(), record.ip2()]).expect("written");
        writer.close().expect("closed");
        let copy = File::from_bytes(memory.to_vec()).expect("a file");
        assert_eq!(copy.payload(&copy.records()[0]).expect("words"), file.payload(record).expect("words"));
        let all = |r: &rpnfst::Record| {
            let texts = (r.nomvar(), r.typvar(), r.etiket(), r.grtyp());
            (texts, r.shape(), r.datev(), [r.ip1(), r.ip2(), r.ip3()], [r.ig1(), r.ig2(), r.ig3(), r.ig4()])
        };
        assert_eq!(all(&written), all(record));
    }
}

#[test]
fn pressures_of_a_field() {
    let levels = hybrid(1.0);
    let file = file(&[(&levels, [7, 8])], &[]);
    let coordinates = Coordinates::new(&file);
    let field = &file.records()[0];
    assert_eq!(coordinates.of(field).expect("a coordinate").tags, Some([7, 8]));
    let pressures = file.level_values(field, &coordinates, Quantity::Level).expect("pressures");
    assert_eq!(pressures, [47565.51_f32; 6]);
    assert_eq!(*file.levels(field).expect("levels"), levels);
}

#[test]
fn which_table_counts() {
    let (one, other) = (hybrid(1.0), hybrid(2.0));
    let r2 = |file: &File| file.levels(&file.records()[0]).map(|levels| levels.parameters().coefficients[1]);
    let message = |result: rpnfst::Result<Option<f32>>| result.expect_err("none").to_string();
    assert_eq!(r2(&file(&[(&other, [1, 2]), (&one, [7, 8])], &[])).expect("that of the tags"), Some(1.0));
    assert_eq!(r2(&file(&[(&one, [1, 2])], &[])).expect("the only one"), Some(1.0));
    assert_eq!(r2(&file(&[(&one, [1, 2]), (&one, [3, 4])], &[])).expect("copies"), Some(1.0));
    let text = message(r2(&file(&[(&one, [1, 2]), (&other, [3, 4])], &[])));
    assert!(text.contains("several different !! fit, such as the records 3"), "{text}");
    let text = message(r2(&file(&[], &[])));
    assert!(text.starts_with("record 0 (TT at byte ") && text.contains("there is none"), "{text}");
    let pressure = Levels::generate(&Recipe::new(Vcode::Pressure2001, &[500.0])).expect("levels");
    let text = message(r2(&file(&[(&pressure, [7, 8])], &[])));
    assert!(text.contains("levels of kind 5 (hybrid), ip1 7 and ip2 8; there is those of 2001"), "{text}");
    // A damaged table.
    let bad = Attributes::new("!!").grtyp('X').ip1(7).ip2(8).ig(5005, 0, 0, 0);
    let text = message(r2(&file(&[], std::slice::from_ref(&bad))));
    assert!(text.contains("is unusable: "), "{text}");
    assert_eq!(r2(&file(&[(&one, [7, 8])], &[bad])).expect("the sound one"), Some(1.0));
}

#[test]
fn older_records_count_where_no_table_does() {
    let (one, other) = (hybrid(1.0), hybrid(2.0));
    let top = IpValue::new(10.0, Kind::Pressure);
    let hy = Attributes::new("HY").grtyp('X').level(top).ig(800, 1600, 0, 0);
    let vcode = |file: &File| file.levels(&file.records()[0]).map(|levels| levels.vcode().number());
    let several = [(&one, [1, 2]), (&other, [3, 4])];
    assert_eq!(vcode(&file(&several, std::slice::from_ref(&hy))).expect("that of HY"), 5001);
    assert_eq!(vcode(&file(&several[..1], std::slice::from_ref(&hy))).expect("the only table"), 5005);
    // Two that have the tags of the grid are a contradiction that HY does not mend.
    let linked = [(&one, [7, 8]), (&other, [7, 8])];
    let error = vcode(&file(&linked, std::slice::from_ref(&hy))).expect_err("no choice").to_string();
    assert!(error.contains("several different !! fit"), "{error}");
    // Pressures need no table, so that several that differ do no harm.
    let on = |levels: &[f32]| Levels::generate(&Recipe::new(Vcode::Pressure2001, levels)).expect("levels");
    let (one, other) = (on(&[500.0]), on(&[850.0]));
    let pressure = Attributes::new("GZ").level(IpValue::new(700.0, Kind::Pressure));
    let file = file(&[(&one, [1, 2]), (&other, [3, 4])], &[pressure]);
    let levels = file.levels(file.records().last().expect("a field")).expect("pressures");
    assert_eq!(levels.vcode().number(), 2001);
}

#[test]
fn heights_above_the_ground_and_records_without_levels() {
    let levels = hybrid(1.0);
    let on_grid =
        |level| Attributes::new("UU").grtyp('Z').ig(7, 8, 0, 0).level(IpValue::new(level, Kind::HeightAboveGround));
    let file = file(&[(&levels, [7, 8])], &[on_grid(10.0), on_grid(33.0), Attributes::new("ME")]);
    let [.., ten, other, none] = file.records() else { panic!("records") };
    assert!(file.levels(ten).is_ok());
    assert!(file.levels(other).is_err(), "no level of the table");
    let error = file.levels(none).expect_err("no level");
    assert!(matches!(error, Error::Levels { .. }) && error.to_string().contains("it has no level"), "{error}");
}

#[test]
fn a_surface_field_that_is_missing() {
    let levels = hybrid(1.0);
    let later = Attributes::new("TT").grtyp('Z').ig(7, 8, 0, 0).level(IpValue::new(0.5, Kind::Hybrid)).ip2(6);
    let file = file(&[(&levels, [7, 8])], &[later]);
    let field = file.records().last().expect("a field");
    let coordinates = Coordinates::new(&file);
    let error = file.level_values(field, &coordinates, Quantity::Level).expect_err("no P0").to_string();
    assert!(error.contains("no P0 of its date, label, ip2, ip3 and grid (3 x 2); record 1 is of another"), "{error}");
}

#[test]
fn files_without_tables() {
    for (name, vcode) in [
        ("leg_eta.std", Vcode::Eta1002),
        ("leg_hy5.std", Vcode::Hybrid5001),
        ("leg_hybn.std", Vcode::Hybrid1003),
        ("leg_pres.std", Vcode::Pressure2001),
    ] {
        let file = testdata(name);
        let all = Coordinates::new(&file).all();
        let [Ok(found)] = &all[..] else { panic!("{name}: {all:?}") };
        assert_eq!(found.levels.vcode(), vcode, "{name}");
        for record in file.records().iter().filter(|record| record.nomvar() == "TT") {
            let levels = file.levels(record).expect(name);
            assert!(levels.momentum_ip1().contains(&record.ip1()), "{name}");
        }
    }
}

/// Files of models have the pressures (PX, hPa) and heights (GZ, dam) that the models themselves computed.
#[test]
fn pressures_and_heights_of_models() {
    let Some(folder) = collection::folder("realdata") else { return };
    let mut compared = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // The pressures of one file are too high by that at the top, which its coordinate does not explain.
        if !name.starts_with("vgrid__") || name == "vgrid__gg_5001_from_model_run_plus_toc" {
            continue;
        }
        let file = File::open(&path).expect("a file");
        let coordinates = Coordinates::new(&file);
        for record in file.records() {
            let _ = coordinates.of(record);
            let factor = match (record.nomvar().as_str(), record.level().map(|level| level.kind)) {
                ("PX", Some(_)) => 0.01,
                ("GZ", Some(Kind::MetrePressure)) => 0.1,
                _ => continue,
            };
            let Ok(coordinate) = coordinates.of(record) else { continue };
            // Heights have other coordinates than pressures.
            if coordinate.levels.vcode().is_pressure() != (record.nomvar() == "PX") {
                continue;
            }
            // A thermodynamic level that has the code of one of momentum; the model's pressure is another than its table says.
            if coordinate.levels.vcode() == Vcode::Hybrid5003 && record.file_index() == 87 {
                continue;
            }
            let ours = file.level_values(record, &coordinates, Quantity::Level);
            let ours = ours.unwrap_or_else(|e| panic!("{name}: {e}"));
            let theirs = file.read(record).expect("values").values().to_f64().expect("reals");
            for (n, theirs) in theirs.iter().enumerate() {
                let ours = f64::from(ours[n % ours.len()]) * factor;
                // The values are packed.
                let worst = 2e-4 * theirs.abs() + 2e-3;
                assert!((ours - theirs).abs() <= worst, "{name}: {record:?} {n}: {ours} {theirs}");
                compared += 1;
            }
        }
    }
    assert!(compared > 10_000, "{compared}");
}
