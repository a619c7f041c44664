//! Nobody said that a file lacks the grid of its fields, or has some records twice.

use rpnfst::{
    Array, Attributes, DataType, WriteOptions,
    record::{IpValue, Kind},
};
use serde_json::Value;

use crate::common::{json_lines, path_in, stdout};

fn file(folder: &tempfile::TempDir, name: &str, records: &[Attributes]) -> String {
    let path = path_in(folder, name);
    let mut writer = WriteOptions::new().create(&path).expect("a new file");
    for record in records {
        let n = if record == &small() { 2 } else { 16 };
        let values = Array::new(vec![1.0_f32; n * n], (n, n, 1)).expect("dims");
        writer.write(&record.clone().data_type(DataType::IEEE).pack_bits(32), &values).expect("written");
    }
    writer.close().expect("closed");
    path
}

fn small() -> Attributes {
    Attributes::new("P0").typvar("P")
}

fn field(nomvar: &str, level: f32) -> Attributes {
    Attributes::new(nomvar).grtyp('Z').ig(1, 2, 3, 0).level(IpValue::new(level, Kind::Hybrid))
}

fn descriptor(nomvar: &str) -> Attributes {
    Attributes::new(nomvar).typvar("X").grtyp('E').ip1(1).ip2(2).ip3(3)
}

fn said(paths: &[&str]) -> Vec<String> {
    let report = stdout(&[&["check", "--ops"][..], paths].concat());
    report.lines().filter_map(|line| line.split_once(": ops: ")).map(|(_, what)| what.to_owned()).collect()
}

#[test]
fn what_is_missing_surplus_or_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let fields = file(&folder, "fields.std", &[field("TT", 0.5), field("TT", 0.75), small()]);
    let found = said(&[&fields]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].ends_with("not there: >> and ^^ of its grid Z (ig1 to ig3 1, 2, 3); 2 records need it"));
    assert!(found[1].contains("not there: !! of its vertical coordinate (kind of level 5)"), "{found:?}");
    assert!(found[2].starts_with("not compressed: 2 records, "), "{found:?}");

    // They may be in another file.
    let table = descriptor("!!").grtyp('X').ip3(0).ig(5002, 0, 0, 0);
    let grids = file(&folder, "grids.std", &[descriptor(">>"), descriptor("^^"), table]);
    let found = said(&[&fields, &grids]);
    assert!(found.iter().all(|what| what.starts_with("not compressed")), "{found:?}");
    let found = said(&[&grids]);
    assert_eq!(found.iter().filter(|what| what.ends_with("nothing refers to this descriptor")).count(), 3);

    // Grids of another type that refer to axes, and half a grid.
    let other = file(&folder, "other.std", &[field("GL", 0.5).grtyp('X').ip1(0), small()]);
    let found = said(&[&other]);
    assert!(
        found.iter().any(|what| what.ends_with("not there: >> and ^^ of its grid X (ig1 to ig3 1, 2, 3)")),
        "{found:?}"
    );
    let half = file(&folder, "half.std", &[field("GL", 0.5).grtyp('X').ip1(0), descriptor(">>")]);
    let found = said(&[&half]);
    assert!(found.iter().any(|what| what.ends_with("not there: ^^ of its grid X (ig1 to ig3 1, 2, 3)")), "{found:?}");

    let twice = file(&folder, "twice.std", &[small(), small(), field("TT", 0.5).grtyp('G')]);
    let found = said(&[&twice]);
    assert!(found.iter().any(|what| what.contains("other record")), "{found:?}");
    let line = &json_lines(&stdout(&["check", "--ops", "--json", &twice]))[0];
    assert_eq!((&line["status"], &line["problems"][0]["severity"]), (&Value::from("sound"), &Value::from("ops")));
    // Only on request.
    assert_eq!(stdout(&["check", &twice]).lines().count(), 1);
}
