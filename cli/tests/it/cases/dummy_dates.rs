//! Two stamps that stand for "no date" were shown as 1910 and 1901.

use std::fs;

use crate::common::{copied, json_lines, out, path_in, run, stdout};

const FILE: &str = "cases/dummy_dates/t.std";

#[test]
fn they_are_no_dates_and_their_stamps_stay() {
    let shown = stdout(&["ls", "--csv", "--columns", "nomvar,dateo,datev,origin_time,valid_time", FILE]);
    let expected = "nomvar,dateo,datev,origin_time,valid_time\n\
                    DA,101010101,101010101,,\n\
                    DB,10101011,10101011,,\n\
                    DC,101010041,101010101,,\n\
                    OK,442361600,442361600,2020-06-15T00:00:00Z,2020-06-15T00:00:00Z\n";
    assert_eq!(shown, expected);
    let records = json_lines(&stdout(&["ls", "--json", FILE]));
    assert!(records[..3].iter().all(|record| record["valid_time"].is_null() && record["origin_time"].is_null()));
    let info = stdout(&["info", FILE]);
    assert!(info.lines().any(|line| line.trim_start() == "valid          2020-06-15T00:00:00Z"), "{info}");
    // librmn's own listing has the digits.
    let voir = stdout(&["ls", "--voir", FILE]);
    assert!(["19101010 100000", "19010101 010000", "19101010 040000"].iter().all(|date| voir.contains(date)), "{voir}");
}

#[test]
fn conditions_on_times_do_not_find_them() {
    for condition in ["valid_time<1980", "origin_time<1980", "valid_time=1910..2000"] {
        let found = out(&run(&["ls", "--json", FILE, "-w", condition]));
        assert_eq!(found, "", "{condition}");
    }
    assert!(stdout(&["ls", "--csv", FILE, "-w", "not valid_time>1980"]).contains(",DA,"));
}

#[test]
fn they_do_not_move_and_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    let done = stdout(&["edit", &file, "--set", "datev=datev+6", "--yes"]);
    assert!(done.contains("3 records without a date keep none\n1 record changed, 3 as wanted already"), "{done}");
    let stamps = || stdout(&["ls", "--csv", "--columns", "dateo,datev", &file]);
    assert!(stamps().contains("101010101,101010101\n10101011,10101011\n101010041,101010101\n442367000,442367000"));
    stdout(&["get", &file, "-o", &path_in(&folder, "{index}.npy")]);
    let list: Vec<_> = json_lines(&stdout(&["ls", "--json", &file]))
        .into_iter()
        .map(|mut record| {
            record["data"] = format!("{}.npy", record["index"]).into();
            record.to_string()
        })
        .collect();
    fs::write(path_in(&folder, "list.jsonl"), list.join("\n")).expect("written");
    let again = path_in(&folder, "again.std");
    stdout(&["mk", &again, "--records", &path_in(&folder, "list.jsonl")]);
    assert_eq!(stdout(&["ls", "--csv", "--columns", "dateo,datev", &again]), stamps());
}
