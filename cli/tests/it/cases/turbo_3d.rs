//! Levels that librmn 19 lost were not spoken of.

use std::process::Output;

use serde_json::Value;

use crate::common::{err, json_lines, out, path_in, run, stdout};

const FILE: &str = "cases/turbo_3d/t.std";
const LEVELS: &str = "record 0 (TT at byte 18672): levels 2 to 3 of 3 are not in the file";

fn well(args: &[&str]) -> Output {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    output
}

#[test]
fn lost_levels_are_spoken_of_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let array = path_in(&folder, "a.npy");
    for args in [&["stat", FILE][..], &["get", FILE], &["get", FILE, "-o", &array], &["get", FILE, "-o", "-"]] {
        let said = err(&well(args));
        assert_eq!((said.matches(LEVELS).count(), said.lines().count()), (1, 1), "{args:?}: {said}");
    }
    // The bytes as they are stored lack nothing.
    assert_eq!(err(&well(&["get", FILE, "--payload", "-o", &path_in(&folder, "payload")])), "");
    let report = stdout(&["check", "--data", FILE]);
    assert!(report.matches(LEVELS).count() == 1 && report.ends_with("sound, 1 record\n"), "{report}");
    let line = &json_lines(&stdout(&["check", "--data", "--json", FILE]))[0];
    assert_eq!((&line["status"], &line["problems"][0]["severity"]), (&Value::from("sound"), &Value::from("note")));
}

/// As before: all values count, and those of the lost levels are missing.
#[test]
fn lost_values_are_missing() {
    let line = &json_lines(&out(&well(&["stat", "--json", FILE])))[0];
    let found = ["n", "missing", "max"].map(|name| line[name].as_f64());
    assert_eq!(found, [Some(960.0), Some(640.0), Some(319.0)]);
    let look = out(&well(&["get", FILE]));
    assert!(look.contains("20 x 16 x 3") && look.contains("missing  640"), "{look}");
    let values = &json_lines(&out(&well(&["get", FILE, "--format", "json"])))[0]["values"];
    let missing = values.as_array().map(|values| values.iter().filter(|value| value.is_null()).count());
    assert_eq!(missing, Some(640));
}

#[test]
fn packing_anew_says_what_helps() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = path_in(&folder, "copy.std");
    let output = run(&["cp", FILE, "-o", &copy, "--reencode"]);
    assert_eq!(output.status.code(), Some(1));
    let said = err(&output);
    assert!(said.contains("levels 2 to 3 of 3 are not in the file") && said.contains("--datyp 70"), "{said}");
    well(&["cp", FILE, "-o", &copy, "--datyp", "70"]);
    let line = &json_lines(&stdout(&["stat", "--json", &copy]))[0];
    assert_eq!(["n", "missing"].map(|name| line[name].as_u64()), [Some(960), Some(640)]);
    // Nothing but the compressed record stands for the lost levels.
    for packing in [&[][..], &["--uncompress"]] {
        well(&[&["cp", FILE, "-f", "-o", &copy], packing].concat());
        assert_eq!(stdout(&["digest", &copy]), stdout(&["digest", FILE]));
    }
}

#[test]
fn many_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let many = path_in(&folder, "many.std");
    well(&[&["cp"][..], &[FILE; 20], &["-o", &many]].concat());
    let said = err(&well(&["stat", &many]));
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("19 records more of which levels are not in the file"), "{said}");
    let report = stdout(&["check", &many]);
    assert!(report.lines().count() == 5 && report.contains("note: 17 more: levels 2 to 3 of 3"), "{report}");
}
