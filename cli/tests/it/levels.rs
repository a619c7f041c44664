//! `levels`.

use rpnfst::{Array, Attributes, Writer};
use serde_json::Value;

use crate::common::{err, json_lines, out, path_in, run, stdout};

/// Names of the coordinates of `toctoc.std` in its order.
const TOCTOC: &str = "vertical/toctoc.std";

#[test]
fn coordinates_for_people() {
    insta::assert_snapshot!(stdout(&["levels", "vertical/leg_eta.std"]));
}

#[test]
fn an_object_a_line() {
    let lines = json_lines(&stdout(&["levels", "--json", TOCTOC]));
    let vcodes: Vec<_> = lines.iter().map(|line| line["vcode"].as_u64().unwrap_or_default()).collect();
    assert_eq!(
        vcodes,
        [1001, 1002, 2001, 4001, 5001, 5001, 5002, 5003, 5004, 5005, 5100, 5100, 21001, 21001, 21002, 21002]
    );
    for (n, line) in lines.iter().enumerate() {
        assert_eq!(line["index"], n);
        for letter in ["m", "t", "w"] {
            let length = |name: &str| line[format!("{name}_{letter}")].as_array().map_or(0, Vec::len);
            let count = length("ip1");
            assert!(count > 0, "{n} {letter}");
            assert_eq!(["a", "b", "c", "level"].map(length), [count; 4], "{n} {letter}");
        }
    }
    let of = |vcode: u64| lines.iter().find(|line| line["vcode"] == vcode).expect("a line");
    let with_diagnostic = of(5005);
    assert_eq!(with_diagnostic["ptop"], Value::Null, "the table has -9999");
    assert_eq!((&with_diagnostic["pref"], &with_diagnostic["rfld"]), (&100_000.0.into(), &"P0".into()));
    assert_eq!(with_diagnostic["rcoef"], serde_json::json!([3.0, 15.0]));
    assert_eq!((&with_diagnostic["dipm"], &with_diagnostic["dipt"]), (&75_597_472.into(), &76_696_048.into()));
    let pressure = of(2001);
    assert_eq!(
        (&pressure["rcoef"], &pressure["rfld"], &pressure["dipm"]),
        (&serde_json::json!([]), &"".into(), &Value::Null)
    );
    assert_eq!(of(5100)["rfls"], "P0LS");
}

#[test]
fn files_without_coordinates() {
    let output = run(&["levels", "xdf/from19.std"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains("2001, pressure") || err(&output).contains("no vertical coordinate"));
    let output = run(&["levels", "--json", "vertical/leg_pres.std", "vertical/leg_hy5.std"]);
    let lines = json_lines(&out(&output));
    let names: Vec<_> = lines.iter().map(|line| (&line["vcode"], line["path"].as_str().unwrap_or_default())).collect();
    assert_eq!(names, [(&2001.into(), "vertical/leg_pres.std"), (&5001.into(), "vertical/leg_hy5.std")]);
}

#[test]
fn a_table_that_cannot_be_used_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = path_in(&folder, "bad.std");
    let mut writer = Writer::create(&path).expect("created");
    let mut table = vec![0.0_f64; 12];
    table[..4].copy_from_slice(&[5.0, 7.0, 3.0, 3.0]);
    let attributes = Attributes::new("!!").typvar("X").ip1(1500).ig(5007, 0, 0, 0);
    writer.write(&attributes, &Array::new(table, (3, 4, 1)).expect("a field")).expect("written");
    writer.close().expect("closed");
    for args in [&["levels", &path][..], &["levels", "--json", &path, "vertical/leg_eta.std"]] {
        let ended = run(args);
        assert_eq!(ended.status.code(), Some(1), "{}", err(&ended));
        assert!(err(&ended).contains("5007 is not known"), "{}", err(&ended));
        assert!(!err(&ended).contains("no vertical coordinate"), "{}", err(&ended));
    }
    assert_eq!(json_lines(&out(&run(&["levels", "--json", &path, "vertical/leg_eta.std"]))).len(), 1);
}
