//! `stat` says which record it is, and where the extremes are.

use std::fs;

use serde_json::Value;

use crate::common::{json_lines, path_in, stdout};

#[test]
fn every_key_of_a_listing() {
    let file = "rsf/extended_metadata.rsf";
    let listed = json_lines(&stdout(&["ls", "--json", file]));
    let lines = json_lines(&stdout(&["stat", "--json", file]));
    assert_eq!(lines.len(), listed.len());
    for (line, listed) in lines.iter().zip(&listed) {
        for (name, value) in listed.as_object().expect("an object") {
            assert_eq!(&line[name], value, "{name}");
        }
        for name in ["n", "missing", "nan", "min", "min_i", "max", "max_k", "mean", "std"] {
            assert!(line.get(name).is_some(), "{name}");
        }
    }
}

#[test]
fn places_of_the_extremes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (csv, file) = (path_in(&folder, "a.csv"), path_in(&folder, "a.std"));
    // Three planes of two columns and two rows; the least value is there twice, NaN is none.
    fs::write(&csv, "0,1\n2,nan\n\n3,4\n-7,5\n\n6,-7\n8,9\n").expect("written");
    stdout(&["mk", &file, "--data", &csv, "--nomvar", "TT", "--etiket", "LABEL", "--typvar", "P", "--ip2", "6"]);
    let line = &json_lines(&stdout(&["stat", "--json", &file]))[0];
    let place = |extreme: &str| ["i", "j", "k"].map(|axis| line[format!("{extreme}_{axis}")].as_u64());
    assert_eq!((&line["min"], place("min")), (&(-7.0).into(), [Some(1), Some(2), Some(2)]), "{line}");
    assert_eq!((&line["max"], place("max")), (&9.0.into(), [Some(2), Some(2), Some(3)]), "{line}");
    assert!(stdout(&["get", &file, "-o", "-"]).contains("\n1,2,2,-7.0\n"), "the same places as in CSV");
    let table = stdout(&["stat", &file]);
    let cells: Vec<_> = table.lines().nth(1).unwrap_or_default().split_whitespace().collect();
    let head: Vec<_> = table.lines().next().unwrap_or_default().split_whitespace().collect();
    let of = |name: &str, after: usize| {
        let at = head.iter().skip(after).position(|head| *head == name).map(|at| at + after);
        at.and_then(|at| cells.get(at + 1)).copied() // the level has two words
    };
    let least = head.iter().position(|head| *head == "min").unwrap_or_default();
    let most = head.iter().position(|head| *head == "max").unwrap_or_default();
    assert_eq!(
        (of("min", 0), of("at", least), of("max", 0), of("at", most)),
        (Some("-7"), Some("1,2,2"), Some("9"), Some("2,2,3"))
    );
    assert_eq!((cells[2], cells[3], of("ip2", 0)), ("P", "LABEL", Some("6")), "{table}");
    // Nothing is smallest of complex numbers.
    let line = &json_lines(&stdout(&["stat", "--json", "xdf/dt008_c8.std"]))[0];
    assert_eq!((&line["min"], &line["min_i"]), (&Value::Null, &Value::Null));
}
