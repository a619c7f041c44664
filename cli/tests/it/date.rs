//! `rpnfst date`.

use crate::common::{err, json_lines, out, run, stdout};

#[test]
fn stamps_and_dates() {
    for (args, expected) in [
        (&["442372400"][..], "442372400  2020-06-15T12:00:00Z\n"),
        (&["2020-06-15T12"], "442372400  2020-06-15T12:00:00Z\n"),
        (&["2020061512", "20200615"], "442372400  2020-06-15T12:00:00Z\n442361600  2020-06-15T00:00:00Z\n"),
        (&["stamp:2020061512"], "2020061512  2220-06-08T15:54:10Z\n"),
        (&["61550127"], "61550127  1950-06-15T12:00:00Z  run 7\n"),
        (&["-1275244186"], "-1275244186  1800-01-01T00:00:00Z\n"),
        (&["2020061512", "+6"], "442377800  2020-06-15T18:00:00Z\n"),
        (&["2020061512", "-24"], "442350800  2020-06-14T12:00:00Z\n"),
        (&["2020061512", "-1d", "+30min", "--ymdh"], "202006141230\n"),
        (&["--stamp", "2020-06-15T12"], "442372400\n"),
        (&["--iso", "442372400"], "2020-06-15T12:00:00Z\n"),
        (&["--ymdh", "442372400", "+2d"], "2020061712\n"),
        (&["2020061512", "-", "2020061400"], "36\n"),
        (&["2020061512", "-", "202006151230"], "-0.5\n"),
        (&["20000301", "-", "20000228", "--calendar", "365_day"], "24\n"),
        (&["20000228", "+24", "--ymdh", "--calendar", "365_day"], "2000030100\n"),
        (&["20000131", "+24", "--ymdh", "--calendar", "360_day"], "2000020100\n"),
        (&["20000228", "+24", "--ymdh", "--calendar", "360_day"], "2000030100\n"),
        (&["282262400", "--calendar", "365_day"], "282262400  2000-02-29T00:00:00Z\n"),
        (&["2020061512", "+5s"], "442372401  2020-06-15T12:00:05Z\n"),
        (&["0", "101010101", "none"], "0  no date\n101010101  no date\n0  no date\n"),
    ] {
        assert_eq!(stdout(&[&["date"][..], args].concat()), expected, "{args:?}");
    }
    let lines = json_lines(&stdout(&["date", "--json", "442372400", "10101011"]));
    let date = r#"{"stamp":442372400,"time":"2020-06-15T12:00:00Z","ymdh":"2020061512","run":null}"#;
    assert_eq!(lines[0].to_string(), date);
    assert!(lines[1]["time"].is_null());
    let hours = json_lines(&stdout(&["date", "--json", "2020061512", "-", "2020061400"]));
    assert_eq!(hours[0].to_string(), r#"{"hours":36.0,"calendar":"gregorian"}"#);
}

#[test]
fn what_is_wrong_is_said() {
    for (args, status, part) in [
        (&["stamp:20200615"][..], 1, "date stamp 20200615 does not decode"),
        (&["--ymdh", "0"], 1, "date stamp 0 is not a date"),
        (&["0", "+6"], 1, "date stamp 0 is not a date"),
        (&["20200615", "-", "101010101"], 1, "date stamp 101010101 is not a date"),
        (&["1950-06-15", "+0.5"], 1, "between two dates"),
        (&["-1275244186", "+6", "--calendar", "365_day"], 1, "calendars without leap years"),
        (&["2020063112"], 2, "neither a date"),
        (&["2020061512", "+1s"], 1, "they count 5 seconds"),
        (&["2020061512", "+0.0001"], 1, "between two dates"),
        (&["20000229", "--calendar", "365_day"], 2, "2000-02-29T00:00:00Z is no date of the 365_day calendar"),
        (&["20000301", "-", "20000229", "--calendar", "365_day"], 2, "no date of the 365_day"),
        (&["20000301", "-", "stamp:282262400", "--calendar", "365_day"], 1, "no date of the 365_day"),
        (&["282262400", "+24", "--calendar", "360_day"], 1, "no date of the 360_day"),
        (&["20001231", "--calendar", "360_day"], 2, "no date of the 360_day"),
        (&["2020-06-15T12:00:07"], 2, "cannot be stored"),
        (&["yesterday"], 2, "is not a date"),
        (&["2020061512", "+6weeks"], 2, "expected hours"),
        (&["2020061512", "--calendar", "julian"], 2, "365_day"),
        (&[], 2, "required"),
    ] {
        let output = run(&[&["date"][..], args].concat());
        assert_eq!(output.status.code(), Some(status), "{args:?}: {}", err(&output));
        assert!(err(&output).contains(part), "{args:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{args:?}");
    }
}
