//! Digits that are a date were a date in conditions, and a stamp of the year 2220 where dates are written.

use std::fs;

use crate::common::{copied, err, json_lines, path_in, run, stdout};

const FILE: &str = "cases/dateo_as_stamp/t.std";
const ARRAY: &str = "cases/dateo_as_stamp/a.npy";

fn origins(file: &str) -> Vec<String> {
    stdout(&["ls", "--csv", "--columns", "origin_time", file]).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn mk_takes_digits_for_a_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "x.std");
    for (text, expected) in [
        ("2020061512", "2020-06-15T12:00:00Z"),
        ("20200615", "2020-06-15T00:00:00Z"),
        ("202006151230", "2020-06-15T12:30:00Z"),
        ("20200615123005", "2020-06-15T12:30:05Z"),
        ("442372400", "2020-06-15T12:00:00Z"),
        ("stamp:442372400", "2020-06-15T12:00:00Z"),
        ("stamp:2020061512", "2220-06-08T15:54:10Z"),
        ("2020-06-15T12", "2020-06-15T12:00:00Z"),
    ] {
        for option in ["--dateo", "--datev"] {
            stdout(&["mk", &file, "-f", "--data", ARRAY, "--nomvar", "TT", option, text]);
            assert_eq!(origins(&file), [expected], "{option} {text}");
        }
    }
    stdout(&["mk", &file, "-f", "--data", ARRAY, "--nomvar", "TT", "--dateo", "0"]);
    assert_eq!(origins(&file), ["\"\""]);
}

#[test]
fn what_is_no_date_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "x.std");
    for (text, part) in [
        ("2020063112", "2020063112 is neither a date"),
        ("20209999", "20209999 is neither a date"),
        ("stamp:20200615", "date stamp 20200615 does not decode"),
        ("101010101", "date stamp 101010101 is not a date"),
    ] {
        let output = run(&["mk", &file, "--data", ARRAY, "--nomvar", "TT", "--dateo", text]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(err(&output).contains(part), "{text}: {}", err(&output));
        let output = run(&["edit", FILE, "--set", &format!("datev={text}")]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(err(&output).contains(part), "{text}: {}", err(&output));
    }
}

/// A date of a run of the climate before, with a month 0, or after 2100: neither a stamp nor a date without a word.
#[test]
fn digits_of_other_years_need_to_be_spelled_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "x.std");
    for (text, spellings) in [
        ("1850010100", &["1850-01-01T00", "stamp:1850010100"][..]),
        ("2101010100", &["2101-01-01T00", "stamp:2101010100"]),
        ("21010101", &["2101-01-01", "stamp:21010101"]),
        ("185001010000", &["1850-01-01T00:00"]),
        ("20200000", &["stamp:20200000"]),
        ("20201345", &[]),
        ("20200231", &["stamp:20200231"]),
        ("20240230", &["stamp:20240230"]),
        ("22001231", &["2200-12-31", "stamp:22001231"]),
    ] {
        let (set, dateo, datev) = (format!("dateo={text}"), format!("dateo={text}"), format!("datev={text}"));
        let (valid, since) = (format!("valid_time={text}"), format!("origin_time>={text}"));
        for args in [
            &["mk", &file, "-f", "--data", ARRAY, "--nomvar", "TT", "--dateo", text][..],
            &["mk", &file, "-f", "--data", ARRAY, "--nomvar", "TT", "--datev", text],
            &["edit", FILE, "--set", &set],
            &["cp", FILE, "-o", &file, "--set", &set],
            &["ls", FILE, "-w", &dateo],
            &["ls", FILE, "-w", &datev],
            &["ls", FILE, "-w", &valid],
            &["ls", FILE, "-w", &since],
            &["date", text],
        ] {
            let output = run(args);
            let said = err(&output);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
            assert!(spellings.iter().all(|spelling| said.contains(spelling)), "{args:?}: {said}");
            // Where a stamp would be refused, it is not offered.
            let offers = said.contains(&format!("stamp:{text}"));
            assert!(!offers || args[0] == "ls" || spellings.iter().any(|s| s.starts_with("stamp:")), "{said}");
        }
        for spelling in spellings {
            stdout(&["mk", &file, "-f", "--data", ARRAY, "--nomvar", "TT", "--dateo", spelling]);
            assert_eq!(run(&["ls", &file, "-w", &format!("dateo={spelling}")]).status.code(), Some(0), "{spelling}");
            assert_eq!(run(&["ls", &file, "-w", &format!("valid_time={spelling}")]).status.code(), Some(0));
        }
    }
}

#[test]
fn now_is_a_date_in_conditions_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "x.std");
    stdout(&["mk", &file, "--data", ARRAY, "--nomvar", "TT", "--dateo", "now"]);
    for query in ["valid_time<=now", "dateo<=now", "origin_time=2020..now"] {
        assert_eq!(stdout(&["ls", "--csv", "--no-header", &file, "-w", query]).lines().count(), 1, "{query}");
    }
    assert_eq!(run(&["ls", &file, "-w", "valid_time>now"]).status.code(), Some(1));
}

#[test]
fn edit_takes_digits_for_a_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    for field in ["dateo", "datev"] {
        stdout(&["edit", &file, "--set", "dateo=none", "--yes"]);
        stdout(&["edit", &file, "--set", &format!("{field}=2020061512"), "--yes"]);
        assert_eq!(origins(&file), ["2020-06-15T12:00:00Z"]);
    }
    assert!(stdout(&["edit", &file, "--set", "dateo=now"]).contains("1 record would change"));
    // A sum whose stamp has the digits of a date is that stamp: 1910-02-01 10 h, run 1.
    stdout(&["edit", &file, "--set", "datev=stamp:20110091", "--yes"]);
    stdout(&["edit", &file, "--set", "datev=datev+1", "--yes"]);
    assert!(stdout(&["ls", "--csv", "--columns", "datev,valid_time", &file]).contains("20110101,1910-02-01T10"));
}

/// What `ls --json` shows comes back to the letter; what somebody writes by hand is a date.
#[test]
fn lists_of_records() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, list) = (path_in(&folder, "x.std"), path_in(&folder, "list.jsonl"));
    fs::copy(crate::common::testdata().join(ARRAY), path_in(&folder, "a.npy")).expect("copied");
    let make = |date: &str| {
        fs::write(&list, format!("{{\"nomvar\":\"TT\",\"data\":\"a.npy\",{date}}}\n")).expect("written");
        run(&["mk", &file, "-f", "--records", &list])
    };
    let stamp = || json_lines(&stdout(&["ls", "--json", &file]))[0]["datev"].clone();
    for (date, expected) in [
        // As listed: with the time beside it, whatever the digits look like.
        (r#""datev":20110101,"valid_time":"1910-02-01T10:00:00Z""#, 20_110_101),
        (r#""datev":2020061512,"valid_time":"2220-06-08T15:54:10Z""#, 2_020_061_512),
        (r#""datev":101010101,"valid_time":null"#, 101_010_101),
        (r#""datev":20200615,"valid_time":null"#, 20_200_615),
        (r#""datev":442372400"#, 442_372_400),
        (r#""dateo":"2020061512""#, 442_372_400),
        (r#""dateo":"stamp:442372400""#, 442_372_400),
        (r#""valid_time":"2020061512""#, 442_372_400),
        // Neither a stamp nor anything else than a date.
        (r#""dateo":20200615"#, 442_361_600),
        (r#""datev":0"#, 0),
    ] {
        let output = make(date);
        assert_eq!(output.status.code(), Some(0), "{date}: {}", err(&output));
        assert_eq!(stamp(), expected, "{date}");
    }
    for (date, part) in [
        (r#""dateo":2020061512"#, r#"is a date and a stamp: write "2020061512" or "stamp:2020061512""#),
        (r#""datev":5"#, "5 is neither a date"),
        (r#""datev":"yesterday""#, "is not a date"),
    ] {
        let output = make(date);
        assert_eq!(output.status.code(), Some(2), "{date}");
        assert!(err(&output).contains(part), "{date}: {}", err(&output));
    }
}
