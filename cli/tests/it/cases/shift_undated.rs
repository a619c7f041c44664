//! Shifting the dates of a whole file stopped at grid descriptors, which have none, or moved their links.

use std::fs;

use crate::common::{copied, err, run, stdout};

const FILE: &str = "cases/shift_undated/t.std";
const SHIFT: [&str; 4] = ["--set", "datev=datev+6", "--set", "ip2=ip2+6"];

#[test]
fn descriptors_are_left_and_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let columns = ["ls", "--csv", "--columns", "nomvar,datev,ip2", &file];
    let before = stdout(&columns);
    let done = stdout(&[&["edit", &file, "--yes"][..], &SHIFT].concat());
    assert!(done.contains("2 grid and level descriptors left as they are"), "{done}");
    assert!(done.ends_with("1 record changed, 0 as wanted already\n"), "{done}");
    let after = stdout(&columns);
    let descriptors = |text: &str| text.lines().filter(|line| !line.starts_with("TT")).map(str::to_owned).collect();
    let (old, new): (Vec<String>, Vec<String>) = (descriptors(&before), descriptors(&after));
    assert_eq!((old.len(), &old), (3, &new));
    assert!(after.contains("TT,442367000,6"), "{after}");
}

#[test]
fn records_without_a_date_keep_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let done = stdout(&["edit", &file, "--descriptors", "--yes", "--set", "datev=datev+6"]);
    assert!(done.contains("2 records without a date keep none\n1 record changed, 2 as wanted already"), "{done}");
    assert_eq!(stdout(&["ls", "--csv", "--columns", "datev", &file]), "datev\n0\n0\n442367000\n");
}

/// A condition takes a descriptor by its name, or it does not take it.
#[test]
fn which_conditions_take_descriptors() {
    let changes = |condition: &str| {
        let output = run(&["edit", FILE, "-w", condition, "--set", "etiket=NEW"]);
        let shown = crate::common::out(&output);
        ([">>", "^^", "TT"].map(|name| shown.contains(&format!(": {name} "))), output.status.code(), err(&output))
    };
    for (condition, expected) in [
        ("nomvar=>>", [true, false, false]),
        ("nomvar=\">>\",^^", [true, true, false]),
        ("nomvar=^* and ip1>=0", [false, true, false]),
        ("nomvar=*", [false, false, true]),
        ("not nomvar=UU", [false, false, true]),
        ("ip1>=0", [false, false, true]),
        ("nomvar=TT or nomvar=>>", [true, false, true]),
    ] {
        let (found, status, message) = changes(condition);
        assert_eq!((found, status), (expected, Some(0)), "{condition}: {message}");
    }
    let (_, status, message) = changes("not nomvar=TT");
    assert_eq!(status, Some(1));
    assert!(message.contains("no record selected: 2 grid and level descriptors left"), "{message}");
}

#[test]
fn fields_that_lose_their_grid_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let before = fs::read(&file).expect("there");
    let shown = stdout(&[&["edit", &file, "--descriptors"][..], &SHIFT].concat());
    assert!(shown.contains("beware: 1 record loses its grid"), "{shown}");
    let shown = stdout(&["edit", &file, "--set", "ig2=ig2+1"]);
    assert!(shown.contains("beware: 1 record loses its grid"), "{shown}");
    let shown = stdout(&["edit", &file, "--descriptors", "--set", "etiket=NEW"]);
    assert!(!shown.contains("beware"), "{shown}");
    assert_eq!(fs::read(&file).expect("there"), before);
}

/// Before 1980 stamps hold whole hours: half of one is not rounded in silence.
#[test]
fn a_shift_that_cannot_be_stored_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    stdout(&["edit", &file, "-w", "nomvar=TT", "--set", "datev=1950-06-15T12", "--yes"]);
    let output = run(&["edit", &file, "--set", "datev=datev+0.5", "--yes"]);
    assert_eq!(output.status.code(), Some(2));
    let message = err(&output);
    assert!(message.contains("record 2: datev: 1950-06-15T12:00:00Z +0.5 h: the sum is between"), "{message}");
    stdout(&["edit", &file, "--set", "datev=datev+24", "--yes"]);
    assert!(stdout(&["ls", "--csv", "--columns", "valid_time", &file]).contains("1950-06-16T12:00:00Z"));
}

#[test]
fn units_as_in_rpnfst_date() {
    for (set, expected) in [
        ("datev=datev+6h", "+6"),
        ("datev=datev+90min", "+90min"),
        ("datev=datev-1d", "-1d"),
        ("datev=datev+10s", "+10s"),
        ("datev=datev+6", "+6h"),
    ] {
        let [moved, date] = [stdout(&["edit", FILE, "--set", set]), stdout(&["date", "--iso", "442361600", expected])];
        assert!(moved.contains(&format!("-> {}", date.trim())), "{set}: {moved}{date}");
    }
    let output = run(&["edit", FILE, "--set", "datev=datev+1s"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("they count 5 seconds"), "{}", err(&output));
}
