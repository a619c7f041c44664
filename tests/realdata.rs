//! Operational files, where they are (see `common::collection`).

mod common;

use std::fs;

use common::{collection, sha256};
use rpnfst::{File, Missing, ReadOptions, Severity};
use serde_json::Value;

#[test]
fn operational_files() {
    let Some(folder) = collection::folder("realdata") else { return };
    let options = ReadOptions::new().missing(Missing::Classic);
    let (mut files, mut records) = (0, 0);
    for entry in fs::read_dir(folder.join("expected")).expect("descriptions") {
        let json = entry.expect("entry").path();
        let expected: Value = serde_json::from_str(&fs::read_to_string(&json).expect("json")).expect("json");
        let name = expected["file"].as_str().expect("name");
        let file = File::open(folder.join(name)).unwrap_or_else(|e| panic!("{e}"));
        files += 1;
        if expected["reference_open"] == "refused" {
            refused(name, &file, &options);
            continue;
        }
        let list = expected["records"].as_array().expect("records");
        assert_eq!(file.records().len(), list.len(), "{name}");
        for (record, expected) in file.records().iter().zip(list) {
            for field in [
                "nomvar",
                "typvar",
                "etiket",
                "grtyp",
                "dateo",
                "datev",
                "deet",
                "npas",
                "ni",
                "nj",
                "nk",
                "data_type",
                "pack_bits",
                "ip1",
                "ip2",
                "ip3",
                "ig1",
                "ig2",
                "ig3",
                "ig4",
            ] {
                let cell = rpnfst::record::Column::from_name(field).expect("column").of(record);
                let expected = &expected[field];
                let same = match &cell {
                    rpnfst::record::Cell::Int(value) => expected.as_i64() == Some(*value),
                    rpnfst::record::Cell::Text(text) => expected.as_str() == Some(text),
                    _ => false,
                };
                assert!(same, "{name}: {field} is {cell}, expected {expected}");
            }
            let field = file.read_with(record, &options).unwrap_or_else(|e| panic!("{name}: {e}"));
            let found = sha256(&field.values().to_le_bytes());
            assert_eq!(found, expected["decoded"]["sha256"].as_str().expect("sha256"), "{name}: {expected}");
            records += 1;
        }
    }
    println!("{files} files, {records} records");
    assert_eq!(files, 36);
}

/// Files that librmn 20.1 does not open: their sound records are readable.
fn refused(name: &str, file: &File, options: &ReadOptions) {
    let readable = file.records().iter().filter(|r| file.read_with(r, options).is_ok()).count();
    let damaged = file.check(0).expect("walks").iter().any(|p| p.severity == Severity::Damage);
    match name {
        "fst-tools__anal_temp" => assert_eq!((file.records().len(), readable, damaged), (8, 8, true)),
        // One byte was lost inside of the first record: the others lie one byte before their place.
        "fst-tools__zzzz" => {
            assert_eq!((file.records().len(), readable, damaged), (4, 1, true));
            let error = file.read(&file.records()[2]).expect_err("shifted").to_string();
            assert!(error.contains("record 2 (>> at byte 724464): record header: length"), "{error}");
        }
        other => panic!("{other}: a new damaged file"),
    }
}
