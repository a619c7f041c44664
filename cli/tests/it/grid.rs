//! `grid`.

use std::{fs, path::Path};

use rpnfst::grids::sphere::distance;
use serde_json::Value;

use crate::{
    common::{err, json_lines, out, path_in, run, stdout},
    npz::Set,
};

pub const GRIDS: &str = "grids/grids.fst";

/// The position in the listing of the record that a case of the description is of.
pub fn index_of(case: &Value, records: &[Value]) -> usize {
    let is = |record: &&Value| {
        let ips = ["ip1", "ip2", "ip3"].map(|name| &record[name]);
        record["nomvar"] == case["nomvar"] && ips.iter().enumerate().all(|(k, ip)| **ip == case["ip"][k])
    };
    let record = records.iter().find(is).unwrap_or_else(|| panic!("{case}"));
    usize::try_from(record["index"].as_u64().expect("a number")).expect("small")
}

#[test]
fn grids_for_people() {
    insta::assert_snapshot!(stdout(&["grid", GRIDS]));
}

#[test]
fn one_grid_in_full() {
    let text = ["9", "15", "59"].map(|of| stdout(&["grid", GRIDS, "--of", of])).concat();
    // The last digits of angles are the processor's.
    let cut = |line: &str| match line.split_whitespace().next() {
        Some("PROJ" | "CF" | "WKT") => line.chars().take(60).collect(),
        _ => line.to_owned(),
    };
    insta::assert_snapshot!(text.lines().map(cut).collect::<Vec<_>>().join("\n"));
}

#[test]
fn json_has_every_grid_with_its_records() {
    let grids = json_lines(&stdout(&["grid", "--json", GRIDS]));
    let records = json_lines(&stdout(&["ls", "--json", GRIDS]));
    let fields = records.iter().filter(|record| !"<>^!#".contains(&record["nomvar"].as_str().expect("a name")[..1]));
    let on_grids: u64 = grids.iter().map(|grid| grid["records"].as_u64().expect("a number")).sum();
    assert_eq!(on_grids, fields.count() as u64);
    for grid in &grids {
        let record = &records[usize::try_from(grid["of"].as_u64().expect("a number")).expect("small")];
        for name in ["grtyp", "ni", "nj", "ig1", "ig2", "ig3", "ig4"] {
            assert_eq!(grid[name], record[name], "{grid}: {name}");
        }
        assert_eq!(grid["proj"].is_string(), grid["kind"] == "structured", "{grid}");
    }
    let rotated = grids.iter().find(|grid| grid["reference"] == "E").expect("a rotated grid");
    assert_eq!(rotated["grid_mapping"]["grid_mapping_name"], "rotated_latitude_longitude");
    assert_eq!(rotated["axis_units"], "degrees");
    assert_eq!(rotated["ax"].as_array().map(Vec::len), rotated["ni"].as_u64().and_then(|n| n.try_into().ok()));
    let pair = grids.iter().find(|grid| grid["kind"] == "yin_yang").expect("a pair");
    assert_eq!((&pair["whole"], pair["subgrids"].as_array().map(Vec::len)), (&Value::from(true), Some(2)));
    let some = json_lines(&stdout(&["grid", "--json", "-w", "grtyp=Z", GRIDS]));
    assert!(some.len() > 3 && some.iter().all(|grid| grid["grtyp"] == "Z"));
}

#[test]
fn points_are_those_of_the_reference() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = path_in(&folder, "points.npz");
    let records = json_lines(&stdout(&["ls", "--json", GRIDS]));
    let set = Set::open("grids_fst");
    for case in set.cases().iter().filter(|case| case["has_latlon"] == true) {
        let of = index_of(case, &records).to_string();
        assert_eq!(stdout(&["grid", GRIDS, "--of", &of, "--points", &output, "-f"]), "", "{case}");
        let points = Set::archive(fs::read(&output).expect("written"));
        let [lat, lon] = ["lat", "lon"].map(|name| points.array(name));
        let shape = ["nj", "ni"].map(|name| usize::try_from(case[name].as_u64().expect("a number")).expect("small"));
        assert_eq!((&lat.shape[..], &lon.shape[..]), (&shape[..], &shape[..]), "{case}");
        let (of_lat, of_lon) = (set.values(case, "lat64"), set.values(case, "lon64"));
        let found = lat.values.iter().copied().zip(lon.values.iter().copied());
        for (found, expected) in found.zip(of_lat.into_iter().zip(of_lon)) {
            assert!(distance(found, expected) < 1e-8, "{case}: {found:?}, expected {expected:?}");
        }
    }
}

#[test]
fn points_as_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let [archive, csv, geojson] = ["a.npz", "a.csv", "a.geojson"].map(|name| path_in(&folder, name));
    for output in [&archive, &csv, &geojson] {
        stdout(&["grid", GRIDS, "--of", "9", "--points", output]);
    }
    let points = Set::archive(fs::read(archive).expect("written"));
    let [lat, lon] = ["lat", "lon"].map(|name| points.array(name).values);
    let text = fs::read_to_string(csv).expect("written");
    assert_eq!(text, stdout(&["grid", GRIDS, "--of", "9", "--points", "-"]));
    let rows: Vec<(usize, usize, f64, f64)> =
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), lat.len());
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(*row, (at % 20 + 1, at / 20 + 1, lat[at], lon[at]));
    }
    let text = fs::read_to_string(geojson).expect("written");
    let features: Value = serde_json::from_str(&text).expect("JSON");
    let features = features["features"].as_array().expect("features");
    assert_eq!(features.len(), lat.len());
    for (at, feature) in features.iter().enumerate() {
        let place = &feature["geometry"]["coordinates"];
        let shown = place[0].as_f64().expect("a longitude");
        let turns = (shown - lon[at]) / 360.0;
        assert!((-180.0..=180.0).contains(&shown) && (turns - turns.round()).abs() < 1e-12, "{feature}");
        assert!((place[1].as_f64().expect("a latitude") - lat[at]).abs() < 1e-12, "{feature}");
        assert_eq!(feature["properties"]["i"], at % 20 + 1);
    }
}

#[test]
fn what_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let there = path_in(&folder, "there.csv");
    fs::write(&there, "kept").expect("written");
    for (args, said) in [
        (&["--of", "99"][..], "no record 99, there are 60 (counted from 0)"),
        (&["--of", "9", "--points", &path_in(&folder, "points.txt")], "no format goes with this name"),
        (&["--of", "9", "--points", &there], "exists already; -f overwrites it"),
        (&["--of", "9", "xdf/masks.std"], "--of is the position of a record in one file"),
        (&["--of", "9", "-w", "nomvar=TT"], "cannot be used with"),
        (&["--points", &there], "required"),
    ] {
        let output = run(&[&["grid", GRIDS], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
    }
    assert_eq!(fs::read_to_string(there).expect("there"), "kept");
    let output = run(&["grid", GRIDS, "--of", "57", "--points", &path_in(&folder, "x.npz")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("points of grid type X have no place"), "{}", err(&output));
    assert!(!Path::new(&path_in(&folder, "x.npz")).exists());
}

#[test]
fn a_grid_that_is_not_known_is_told_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let lost = path_in(&folder, "lost.std");
    stdout(&["cp", "-q", GRIDS, "-o", &lost, "-w", "nomvar=ZE1,L1,UG"]);
    let output = run(&["grid", &lost]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("grid of type Z: >> and ^^ with ip1 1001"), "{}", err(&output));
    assert_eq!(out(&output).lines().count(), 3, "{}", out(&output));
    let grids = json_lines(&out(&run(&["grid", "--json", &lost])));
    assert!(grids.iter().any(|grid| grid["error"].is_string() && grid["grtyp"] == "Z"));
}
