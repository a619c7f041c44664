//! There was no way to turn a file to new-style or old-style codes of levels.

use std::fs;

use crate::common::{copied, err, json_lines, run, stdout};

const FILE: &str = "cases/old_ip1/t.std";

#[test]
fn every_record_keeps_its_level() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let levels = || stdout(&["ls", "--csv", "--columns", "level,level_kind", &file]);
    let codes = || stdout(&["ls", "--csv", "--columns", "ip1", &file]);
    let (before, old) = (levels(), codes());
    assert_eq!(old, "ip1\n1000\n850\n500\n12000\n1199\n");
    for set in ["ip1=new", "level=level"] {
        stdout(&["edit", &file, "--set", set, "--yes"]);
        assert_eq!(codes(), "ip1\n39945888\n41744464\n41394464\n26314400\n59868832\n", "{set}");
        assert_eq!(levels(), before, "{set}");
        assert!(stdout(&["edit", &file, "--set", set]).contains("0 records would change, 5 as wanted already"));
        stdout(&["edit", &file, "--set", "ip1=old", "--yes"]);
        assert_eq!((codes(), levels()), (old.clone(), before.clone()), "{set}");
    }
}

#[test]
fn a_level_without_an_old_code_stops_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    stdout(&["edit", &file, "-w", "file_index=1", "--set", "level=487.35 hPa", "--yes"]);
    stdout(&["edit", &file, "-w", "file_index=2", "--set", "level=0.9 hy", "--yes"]);
    let before = fs::read(&file).expect("there");
    let output = run(&["edit", &file, "--set", "ip1=old", "--yes"]);
    assert_eq!(output.status.code(), Some(2));
    let message = err(&output);
    assert!(message.contains("record 1: ip1: the old style has 487 hPa instead of 487.35 hPa"), "{message}");
    assert!(message.contains("record 2: ip1: 0.9 hy: hybrid values have no old-style code"), "{message}");
    assert!(message.contains("nothing is changed"), "{message}");
    assert_eq!(fs::read(&file).expect("there"), before);
    stdout(&["edit", &file, "-w", "not file_index=1,2", "--set", "ip1=old", "--yes"]);
}

/// Links of descriptors are no levels, and codes without a meaning stay.
#[test]
fn what_is_no_level_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, "cases/shift_undated/t.std");
    let ips = |file: &str| stdout(&["ls", "--csv", "--columns", "nomvar,ip1", file]);
    let before = ips(&file);
    let done = stdout(&["edit", &file, "--descriptors", "--set", "ip1=new", "--yes"]);
    assert!(done.contains("2 records whose code says no level or time keep it"), "{done}");
    let after = ips(&file);
    assert!(before.lines().zip(after.lines()).all(|(a, b)| a == b || b.starts_with("TT")), "{before}{after}");
    let file = copied(&folder, FILE);
    stdout(&["edit", &file, "-w", "file_index=0", "--set", "ip1=134217728", "--yes"]);
    let done = stdout(&["edit", &file, "--set", "ip1=new", "--yes"]);
    assert!(done.contains("1 record whose code says no level or time keep it\n4 records changed"), "{done}");
    assert!(ips(&file).contains("134217728"));
}

#[test]
fn times_of_ip2() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    stdout(&["edit", &file, "--set", "ip2=6", "--yes"]);
    stdout(&["edit", &file, "--set", "ip2=new", "--yes"]);
    let ip2 = || json_lines(&stdout(&["ls", "--json", "--columns", "ip2", &file]))[0]["ip2"].as_u64();
    assert_eq!(ip2(), Some(177_809_344));
    // A number is added to the hours and not to the code.
    stdout(&["edit", &file, "--set", "ip2=ip2+6", "--yes"]);
    stdout(&["edit", &file, "--set", "ip2=old", "--yes"]);
    assert_eq!(ip2(), Some(12));
    // Hours of a climatology are a plain number, though a large one.
    stdout(&["edit", &file, "-w", "file_index=0", "--set", "ip2=254208", "--yes"]);
    stdout(&["edit", &file, "-w", "file_index=0", "--set", "ip2=ip2+6", "--yes"]);
    assert_eq!(ip2(), Some(254_214));
    stdout(&["edit", &file, "--set", "ip1=new", "--yes"]);
    let output = run(&["edit", &file, "--set", "ip1=ip1+1", "--yes"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("is the code of 1000 hPa, to which no number can be added"), "{}", err(&output));
}
