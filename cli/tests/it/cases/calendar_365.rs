//! Origin dates of models without leap years were off, and nothing could be said about it.

use crate::common::{copied, err, out, path_in, rpnfst, run, stdout};

const FILE: &str = "cases/calendar_365/t.std";
const COLUMNS: [&str; 4] = ["ls", "--csv", "--columns", "origin_time"];

#[test]
fn the_origin_follows_in_the_calendar_of_the_model() {
    let origins = |more: &[&str]| stdout(&[&COLUMNS[..], &[FILE], more].concat());
    assert_eq!(origins(&["--calendar", "365_day"]), "origin_time\n".to_owned() + &"2000-01-01T00:00:00Z\n".repeat(3));
    assert_eq!(origins(&[]), "origin_time\n".to_owned() + &"2000-01-02T00:00:00Z\n".repeat(3));
    assert_eq!(origins(&["-w", "origin_time=2000-01-01", "--calendar", "365_day"]).lines().count(), 4);
    assert_eq!(out(&run(&["ls", "--json", FILE, "-w", "origin_time=2000-01-01"])), "");
    // 59, 60 and 365 days of months of 30 days.
    let of_360 = origins(&["--calendar", "360_day"]);
    assert_eq!(of_360.lines().nth(1), Some("2000-01-01T00:00:00Z"), "{of_360}");
}

#[test]
fn the_variable_of_librmn_counts() {
    let with = |options: &str, more: &[&str]| {
        let mut command = rpnfst(&[&COLUMNS[..], &[FILE], more].concat());
        command.env("NEWDATE_OPTIONS", options).output().expect("it runs")
    };
    assert_eq!(out(&with("year=365_day", &[])).matches("2000-01-01").count(), 3);
    assert_eq!(out(&with("debug,YEAR=365_DAY", &[])).matches("2000-01-01").count(), 3);
    assert_eq!(out(&with("year=gregorian", &[])).matches("2000-01-02").count(), 3);
    // The option goes before.
    assert_eq!(out(&with("year=365_day", &["--calendar", "gregorian"])).matches("2000-01-02").count(), 3);
    let unknown = with("year=julian", &[]);
    assert_eq!(out(&unknown).matches("2000-01-02").count(), 3);
    assert!(err(&unknown).contains("\"julian\" is not a calendar"), "{}", err(&unknown));
    let mut voir = rpnfst(&["ls", "--voir", FILE]);
    let voir = out(&voir.env("NEWDATE_OPTIONS", "year=365_day").output().expect("it runs"));
    assert_eq!(voir.matches("20000101 000000").count(), 3, "{voir}");
    let wrong = run(&["ls", FILE, "--calendar", "julian"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("365_day"), "{}", err(&wrong));
}

/// A February 29 was stored, and became a March 1 by `edit`.
#[test]
fn dates_that_the_calendar_does_not_have_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let made = path_in(&folder, "made.std");
    stdout(&["get", FILE, "-i", "0", "-o", &path_in(&folder, "a.npy")]);
    let array = path_in(&folder, "a.npy");
    for (calendar, date, is_there) in [
        ("365_day", "2000022900", false),
        ("365_day", "2000-02-29T12", false),
        ("365_day", "stamp:282262400", false),
        ("365_day", "20000331", true),
        ("365_day", "20001231", true),
        ("360_day", "20000229", false),
        ("360_day", "20000531", false),
        ("360_day", "20001231", false),
        ("360_day", "20000131", true),
        ("360_day", "20000331", true),
        ("gregorian", "20000229", true),
    ] {
        let set = format!("dateo={date}");
        for args in [
            &["mk", &made, "-f", "--data", &array, "--nomvar", "PR", "--dateo", date][..],
            &["edit", &file, "--set", &set],
            &["cp", &file, "-o", &made, "-f", "--set", &set],
        ] {
            let output = run(&[args, &["--calendar", calendar]].concat());
            let said = err(&output);
            assert_eq!(output.status.code(), Some(if is_there { 0 } else { 2 }), "{args:?} {calendar}: {said}");
            assert!(is_there || said.contains(&format!("is no date of the {calendar} calendar")), "{said}");
        }
    }
    // What a file has is shown; nothing is added to it.
    stdout(&["edit", &file, "--set", "datev=20000229", "--yes"]);
    let calendar = ["--calendar", "365_day"];
    let valid = stdout(&[&["ls", "--csv", "--no-header", "--columns", "valid_time", &file][..], &calendar].concat());
    assert_eq!(valid, "2000-02-29T00:00:00Z\n".repeat(3));
    let output = run(&[&["edit", &file, "--set", "datev=datev+24"][..], &calendar].concat());
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
}

#[test]
fn all_commands_know_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let calendar = ["--calendar", "365_day"];
    stdout(&[&["cp", FILE, "-o", &path_in(&folder, "{dateo}.std")][..], &calendar].concat());
    stdout(&[&["get", FILE, "-o", &path_in(&folder, "{dateo}_{npas}.npy")][..], &calendar].concat());
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let expected = ["280988000.std", "280988000_1416.npy"];
    assert!(expected.iter().all(|name| names.iter().any(|found| found == name)), "{names:?}");
    // Over February 28 of a leap year.
    stdout(&[&["edit", &file, "--set", "datev=datev-24", "--yes"][..], &calendar].concat());
    let valid = stdout(&["ls", "--csv", "--columns", "valid_time", &file]);
    assert_eq!(valid, "valid_time\n2000-02-28T00:00:00Z\n2000-03-01T00:00:00Z\n2000-12-31T00:00:00Z\n");
    // An origin gives the validity that librmn stores.
    stdout(&[&["edit", &file, "--set", "dateo=20000101", "--yes"][..], &calendar].concat());
    let datev = ["ls", "--csv", "--columns", "datev"];
    assert_eq!(stdout(&[&datev[..], &[&file]].concat()), stdout(&[&datev[..], &[FILE]].concat()));
    let made = path_in(&folder, "made.std");
    let array = path_in(&folder, "280988000_1416.npy");
    let record = ["--nomvar", "PR", "--dateo", "20000101", "--deet", "3600", "--npas", "1416"];
    stdout(&[&["mk", &made, "--data", &array][..], &record, &calendar].concat());
    assert!(stdout(&["ls", "--csv", "--columns", "valid_time", &made]).contains("2000-03-01"));
    let same = ["diff", FILE, &file, "--key", "nomvar,dateo,npas", "--calendar", "365_day"];
    assert_eq!(run(&same).status.code(), Some(0));
}
