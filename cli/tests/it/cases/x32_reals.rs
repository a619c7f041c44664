//! Reals that are stored as raw words can be seen.

use std::fs;

use serde_json::Value;

use crate::common::{copied, err, json_lines, out, path_in, run, stdout};

const T: &str = "cases/x32-reals/t.std";
const U: &str = "cases/x32-reals/u.std";

fn stat(args: &[&str]) -> Vec<Value> {
    json_lines(&stdout(&[&["stat", "--json", T], args].concat()))
}

#[test]
fn axes_are_reals_and_other_words_when_asked() {
    let lines = stat(&[]);
    assert_eq!((&lines[0]["nomvar"], &lines[0]["min"], &lines[0]["max"]), (&">>".into(), &280.0.into(), &290.0.into()));
    assert_eq!((&lines[1]["nomvar"], &lines[1]["n"], &lines[1]["min"]), (&"VV".into(), &12.into(), &Value::Null));
    let lines = stat(&["--words-as", "f4"]);
    assert_eq!((&lines[1]["min"], &lines[1]["max"], &lines[1]["mean"]), (&(-5.0).into(), &5.0.into(), &0.0.into()));
    let lines = stat(&["--words-as", "u4"]);
    assert_eq!(lines[0]["min"], Value::from(280_f32.to_bits()));
    let lines = stat(&["--words-as", "i4"]);
    assert_eq!(lines[1]["max"], Value::from(5_f32.to_bits()));
    assert!(lines[1]["min"].as_i64().is_some_and(|least| least < 0), "{}", lines[1]);
    let output = run(&["stat", T, "--words-as", "f8"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
}

#[test]
fn values_come_as_reals() {
    let csv = |args: &[&str]| stdout(&[&["get", T, "-o", "-"], args].concat());
    assert!(csv(&["-i", "0"]).starts_with("i,j,k,value\n1,1,1,280.0\n"));
    assert!(csv(&["-i", "1"]).starts_with("i,j,k,value\n1,1,1,3231711232\n"));
    assert!(csv(&["-i", "1", "--words-as", "f4"]).starts_with("i,j,k,value\n1,1,1,-5.0\n"));
    assert!(csv(&["-i", "0", "--words-as", "u4"]).starts_with("i,j,k,value\n1,1,1,1133248512\n"));
    let lines = json_lines(&csv(&["--format", "json"]));
    assert_eq!((&lines[0]["dtype"], &lines[1]["dtype"]), (&"<f4".into(), &"<u4".into()));
    assert_eq!(lines[0]["values"][11], 290.0);
    // The bytes are the same, whatever they are taken for.
    let raw = |kind: &str| run(&["get", T, "-i", "1", "--format", "raw", "-o", "-", "--words-as", kind]).stdout;
    assert_eq!(raw("f4"), raw("u4"));
    let look = stdout(&["get", T]);
    assert!(look.contains("words taken as f32; type 0 (raw words), 32 bits\n  min      280 at (1, 1, 1)"), "{look}");
    assert!(look.contains("  words    12 of 32 bits, binary; type 0"), "{look}");
}

#[test]
fn differences_are_those_of_the_reals() {
    let output = run(&["diff", T, U, "--json"]);
    let values = &json_lines(&out(&output))[0]["values"];
    assert!(values["max_abs"].as_f64().is_some_and(|abs| (2e-4..3e-4).contains(&abs)), "{values}");
    assert_eq!(run(&["diff", "-q", T, U, "--rel", "1e-5"]).status.code(), Some(0));
}

#[test]
fn digests_stay_those_of_the_words() {
    let lines = json_lines(&stdout(&["digest", "--json", T]));
    assert_eq!((&lines[0]["dtype"], &lines[0]["shape"]), (&"raw32".into(), &serde_json::json!([12])));
}

/// Two words a point: no reals by themselves.
#[test]
fn words_that_are_not_one_a_point_stay_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let (csv, file) = (path_in(&folder, "w.csv"), path_in(&folder, "w.std"));
    fs::write(&csv, "1,2,3,4\n").expect("written");
    stdout(&["mk", &file, "--data", &csv, "--nomvar", ">>", "--datyp", "0", "--nbits", "64", "--dims", "2"]);
    assert_eq!(json_lines(&stdout(&["stat", "--json", &file]))[0]["min"], Value::Null);
}

#[test]
fn reals_go_back_into_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let sha = |file: &str| json_lines(&stdout(&["digest", "--json", file]))[0]["sha256"].clone();
    let file = path_in(&folder, "again.std");
    for (name, dtype) in [("axis.npy", &[][..]), ("axis.csv", &["--dtype", "f4"])] {
        let data = path_in(&folder, name);
        stdout(&["get", T, "-i", "0", "-o", &data]);
        let make = ["mk", &file, "-f", "--data", &data, "--nomvar", ">>", "--datyp", "0", "--dims", "4,3"];
        stdout(&[&make, dtype].concat());
        assert_eq!(sha(&file), sha(T), "{name}");
    }
    let csv = path_in(&folder, "d.csv");
    fs::write(&csv, "1,2\n").expect("written");
    let output = run(&["mk", &file, "-f", "--data", &csv, "--dtype", "f8", "--nomvar", ">>", "--datyp", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("datyp 0 takes words: u4, i4 or f4"), "{}", err(&output));
    let kept = copied(&folder, T);
    assert_eq!(stdout(&["diff", T, &kept]), "2 identical\n");
}
