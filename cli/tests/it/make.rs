//! `mk`: arrays and lists into files.

use std::{fmt::Write as _, fs};

use crate::common::{err, json_lines, path_in, run, stdout};
use serde_json::Value;

/// `get` of all records of a file, and the list that `mk` takes.
fn unpacked(folder: &tempfile::TempDir, file: &str, extension: &str) -> String {
    stdout(&["get", "-f", file, "--missing", "classic", "-o", &path_in(folder, &format!("out/{{index}}.{extension}"))]);
    let mut list = String::new();
    for mut record in json_lines(&stdout(&["ls", "--json", file])) {
        record["data"] = format!("out/{}.{extension}", record["index"]).into();
        let _ = writeln!(list, "{record}");
    }
    let path = path_in(folder, "list.jsonl");
    fs::write(&path, list).expect("written");
    path
}

#[test]
fn what_get_wrote_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = path_in(&folder, "made");
    for (file, container) in [
        ("xdf/same_name.std", "xdf"),
        ("xdf/same_name.std", "xdf-seq"),
        ("xdf/masks.std", "rsf"),
        ("xdf/dt003_dt007_char.std", "xdf"),
        ("xdf/dt008_c8.std", "xdf"),
        ("xdf/dates.std", "xdf"),
        ("xdf/miss198_f4.std", "xdf"),
        ("rsf/dt000_binary.rsf", "rsf"),
        ("rsf/dt002_u8.rsf", "rsf"),
        ("rsf/dt004_i8.rsf", "rsf"),
        ("rsf/dt005_f8.rsf", "rsf"),
        ("rsf/miss066_u1.rsf", "rsf"),
        ("rsf/miss068_i1.rsf", "rsf"),
        ("rsf/extended_metadata.rsf", "rsf"),
    ] {
        let list = unpacked(&folder, file, "npy");
        stdout(&["mk", "-f", &made, "--records", &list, "--container", container]);
        let n = json_lines(&stdout(&["ls", "--json", file])).len();
        assert_eq!(stdout(&["diff", "--packing", file, &made]), format!("{n} identical\n"), "{file}");
    }
}

#[test]
fn csv_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = path_in(&folder, "made");
    for (file, container) in [
        ("xdf/same_name.std", "xdf"),
        ("xdf/dt008_c8.std", "xdf"),
        ("rsf/miss068_i1.rsf", "rsf"),
        ("xdf/masks.std", "xdf"),
    ] {
        let list = unpacked(&folder, file, "csv");
        // Of integers the type in memory is what the text does not say.
        let text = fs::read_to_string(&list).expect("written");
        let mut typed = String::new();
        for mut record in json_lines(&text) {
            if file.starts_with("rsf/miss068") {
                record["dtype"] = "i1".into();
            }
            let _ = writeln!(typed, "{record}");
        }
        fs::write(&list, typed).expect("written");
        stdout(&["mk", "-f", &made, "--records", &list, "--container", container]);
        let n = json_lines(&stdout(&["ls", "--json", file])).len();
        assert_eq!(stdout(&["diff", file, &made]), format!("{n} identical\n"), "{file}");
    }
}

/// A numpy file.
fn npy(path: &str, dtype: &str, fortran: bool, shape: &str, data: &[u8]) {
    let fortran = if fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let length = u16::try_from(header.len()).expect("short").to_le_bytes();
    fs::write(path, [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()).expect("written");
}

#[test]
fn orders_of_axes() {
    let folder = tempfile::tempdir().expect("a folder");
    let [array, made] = ["a.npy", "made"].map(|name| path_in(&folder, name));
    let data: Vec<u8> = (0..6_u16).flat_map(|k| f32::from(k).to_be_bytes()).collect();
    let make = |fortran: bool, shape: &str, more: &[&str]| {
        npy(&array, ">f4", fortran, shape, &data);
        stdout(&[&["mk", "-f", &made, "--data", &array, "--nomvar", "A"], more].concat());
        let record = &json_lines(&stdout(&["ls", "--json", &made]))[0];
        let dims = ["ni", "nj", "nk"].map(|name| record[name].as_u64().unwrap_or(0));
        (dims, stdout(&["get", &made, "-i", "0", "-o", "-", "--matrix"]))
    };
    let rows = "0.0,1.0,2.0\n3.0,4.0,5.0\n".to_owned();
    assert_eq!(make(false, "(2, 3)", &[]), ([3, 2, 1], rows.clone()));
    assert_eq!(make(true, "(3, 2)", &[]), ([3, 2, 1], rows.clone()));
    assert_eq!(make(false, "(1, 2, 3)", &[]), ([3, 2, 1], rows.clone()));
    assert_eq!(make(false, "(6,)", &["--dims", "3,2"]), ([3, 2, 1], rows.clone()));
    assert_eq!(make(false, "(3, 2)", &["--order", "ijk"]), ([3, 2, 1], "0.0,2.0,4.0\n1.0,3.0,5.0\n".to_owned()));
    assert_eq!(make(true, "(2, 3)", &["--order", "kji"]), ([3, 2, 1], "0.0,2.0,4.0\n1.0,3.0,5.0\n".to_owned()));
}

#[test]
fn integers_of_64_bits() {
    let folder = tempfile::tempdir().expect("a folder");
    let [array, made] = ["a.npy", "made"].map(|name| path_in(&folder, name));
    let make = |values: [i64; 3], container: &str| {
        npy(&array, "<i8", false, "(3,)", &values.map(i64::to_le_bytes).concat());
        run(&["mk", "-f", &made, "--data", &array, "--nomvar", "A", "--container", container])
    };
    for (values, container, expected) in [
        ([-1, 0, 1 << 31], "rsf", Some("-1,0,2147483648\n")),
        ([-1, 0, (1 << 31) - 1], "xdf", Some("-1,0,2147483647\n")),
        ([-1, 0, 1 << 31], "xdf", None),
    ] {
        let output = make(values, container);
        assert_eq!(output.status.success(), expected.is_some(), "{values:?}: {}", err(&output));
        if let Some(expected) = expected {
            assert_eq!(stdout(&["get", &made, "-i", "0", "-o", "-", "--matrix"]), expected);
        }
    }
    npy(&array, "<c8", false, "(1,)", &[0; 8]);
    let output = run(&["mk", "-f", &made, "--data", &array, "--nomvar", "A", "--missing", "0"]);
    assert!(err(&output).contains("missing: complex"), "{}", err(&output));
}

#[test]
fn one_record_with_all_its_options() {
    let folder = tempfile::tempdir().expect("a folder");
    let [data, made] = ["a.csv", "made.rsf"].map(|name| path_in(&folder, name));
    fs::write(&data, "1,-999,3\n4,5,6\n").expect("written");
    let options = "--nomvar tt --typvar P --etiket label --grtyp Z --dateo 2026-11-24T12:00 --deet 300 --npas 72 --ip2 6 \
                   --ip3 7 --ig 1,2,3,4 --datyp 5 --nbits 32 --missing -999 --container rsf";
    let mut args = vec!["mk", &made, "--data", &data, "--level", "500 hPa", "--metadata", "{\"a\":1}"];
    args.extend(options.split_whitespace());
    stdout(&args);
    let record = &json_lines(&stdout(&["ls", "--json", &made]))[0];
    for (name, value) in [
        ("nomvar", Value::from("TT")),
        ("typvar", "P".into()),
        ("etiket", "LABEL".into()),
        ("grtyp", "Z".into()),
        ("valid_time", "2026-11-24T18:00:00Z".into()),
        ("level", 500.0.into()),
        ("ip2", 6.into()),
        ("ip3", 7.into()),
        ("ig1", 1.into()),
        ("ig4", 4.into()),
        ("data_type", 69.into()),
        ("pack_bits", 32.into()),
        ("metadata", "{\"a\":1}".into()),
    ] {
        assert_eq!(record[name], value, "{name}");
    }
    let stat = &json_lines(&stdout(&["stat", "--json", &made]))[0];
    assert_eq!((&stat["missing"], &stat["min"], &stat["max"]), (&1.into(), &1.0.into(), &6.0.into()));
    // And another one behind it.
    stdout(&["mk", &made, "--append", "--data", &data, "--nomvar", "UU"]);
    assert_eq!(json_lines(&stdout(&["ls", "--json", &made])).len(), 2);
    assert_eq!(stdout(&["check", "-q", "--data", &made]), "");
}

#[test]
fn lists_for_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let [data, list, made] = ["a.csv", "list.jsonl", "made"].map(|name| path_in(&folder, name));
    fs::write(&data, "1,2\n").expect("written");
    let lines = [
        r#"{"data": "a.csv", "nomvar": "TT", "level": "850 hPa", "origin_time": "2026-11-24T12:00:00Z"}"#,
        "",
        r#"{"data": "a.csv", "nomvar": "TT", "level": 0.995, "level_kind": 1, "dims": "1,2", "nbits": 16, "datyp": 6}"#,
    ];
    fs::write(&list, lines.join("\n")).expect("written");
    stdout(&["mk", &made, "--records", &list]);
    let records = json_lines(&stdout(&["ls", "--json", &made]));
    assert_eq!((&records[0]["level"], &records[0]["valid_time"]), (&850.0.into(), &"2026-11-24T12:00:00Z".into()));
    assert_eq!(
        (&records[1]["level_kind"], &records[1]["nj"], &records[1]["type"]),
        (&1.into(), &2.into(), &"F16".into())
    );
}

#[test]
fn what_is_wrong_is_said_and_leaves_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let [data, list, array, made] = ["a.csv", "list.jsonl", "a.npy", "made"].map(|name| path_in(&folder, name));
    fs::write(&data, "1,2\n3\n").expect("written");
    npy(&array, "<f4", true, "(1000, 1000, 1000)", &[0; 16]);
    let check = |args: &[&str], message: &str| {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(message), "{args:?}: {}", err(&output));
        assert!(!folder.path().join("made").exists(), "{args:?}");
    };
    check(&["mk", &made], "--data");
    check(&["mk", &made, "--data", &data], "--nomvar");
    check(&["mk", &made, "--data", &data, "--nomvar", "TT"], "a row has 1 values");
    check(&["mk", &made, "--data", &array, "--nomvar", "TT"], "a.npy: damaged");
    check(&["mk", &made, "--data", "xdf/same_name.std", "--nomvar", "TT"], "only .npy and .csv");
    fs::write(&data, "1,2\n3,4\n").expect("written");
    check(&["mk", &made, "--data", &data, "--nomvar", "TOOLONG"], "nomvar: ");
    check(
        &["mk", &made, "--data", &data, "--nomvar", "TT", "--dims", "3"],
        "2 x 2 x 1 values, the record has 3 x 1 x 1",
    );
    check(&["mk", &made, "--data", &data, "--nomvar", "TT", "--metadata", "{}"], "extended metadata");
    check(&["mk", &made, "--data", &data, "--nomvar", "TT", "--datyp", "1", "--nbits", "99"], "nbits: 99");
    check(&["mk", &made, "--records", &list], "list.jsonl: ");
    for (line, message) in [
        ("x", "line 1: not a JSON object"),
        ("{}", "line 1: no nomvar"),
        (r#"{"nomvar": "TT"}"#, "line 1: no data"),
        (r#"{"nomvar": "TT", "data": "none.npy"}"#, "line 1: "),
        (r#"{"nomvar": "TT", "data": "a.csv", "colour": "red"}"#, "colour: no such field"),
        (r#"{"nomvar": "TT", "data": "a.csv", "level": 5}"#, "level: a number needs level_kind"),
        (r#"{"nomvar": "TT", "data": "a.csv", "ip1": -5}"#, "ip1: "),
    ] {
        fs::write(&list, line).expect("written");
        check(&["mk", &made, "--records", &list], message);
    }
}
