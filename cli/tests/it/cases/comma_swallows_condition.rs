//! A comma between conditions, or what can never match, was taken without a word.

use crate::common::{copied, err, json_lines, listed, run, stdout};

const FILE: &str = "cases/comma_swallows_condition/t.std";

#[test]
fn conditions_are_joined_by_and() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    for (condition, message, column) in [
        ("nomvar=TT,ip1=500", "`ip1=500` is no value: `and` joins conditions, quotes make it a text", 11),
        ("nomvar=TT, ip1=500", "`and` joins conditions", 12),
        ("nomvar=TT,ip1>500", "`and` joins conditions", 11),
        ("nomvar=TT;ip1=500", "`and` joins conditions", 10),
        ("nomvar=[TT,UU]", "a list is written as TT,UU or (TT, UU)", 8),
        ("ip1=500,nomvar=TT", "expected an integer", 9),
        ("ip1=500;nomvar=TT", "expected `and`", 8),
    ] {
        for args in [&["ls"][..], &["rm"], &["rm", "-n"], &["edit", "--set", "etiket=X", "--yes"], &["stat"]] {
            let output = run(&[args, &[&file, "-w", condition]].concat());
            assert_eq!(output.status.code(), Some(2), "{args:?} {condition}");
            let text = err(&output);
            assert!(text.contains(message), "{condition}: {text}");
            assert_eq!(text.lines().nth(2), Some(format!("  {:>column$}", "^").as_str()), "{condition}: {text}");
        }
    }
    // Nothing was deleted or changed.
    assert_eq!(std::fs::read(&file).ok(), std::fs::read(crate::common::testdata().join(FILE)).ok());
}

#[test]
fn what_was_meant_works() {
    let found = |condition: &str| {
        let lines = json_lines(&listed(&["ls", "--json", "--columns", "nomvar,ip1", FILE, "-w", condition]));
        lines.iter().map(|line| format!("{} {}", line["nomvar"].as_str().expect("a name"), line["ip1"])).collect()
    };
    let all: Vec<String> = found("nomvar=*");
    for (condition, expected) in [
        ("nomvar=TT and level=500 hPa", &all[..1]),
        ("nomvar=TT,  UU", &all[..]),
        ("nomvar in (TT,UU)", &all[..]),
        ("etiket='A;B=[C]'", &[]),
        ("nomvar=>>,^^,!!,^>", &[]),
    ] {
        assert_eq!(found(condition), expected, "{condition}");
    }
}

#[test]
fn what_no_record_can_have_is_an_error() {
    for (condition, message) in [
        ("nomvar=TTTTX", "nomvar has at most 4 characters"),
        ("nomvar='TTTTX'", "nomvar has at most 4 characters"),
        ("typvar=P@X", "typvar has at most 2 characters"),
        ("etiket='ABCDEFGHIJKLM'", "etiket has at most 12 characters"),
        ("nomvar=*TTTTX*", "nomvar has at most 4 characters"),
        ("nomvar=T\u{c9}", "no nomvar has the character"),
        ("ip1=999999999", "ip1 is 0 to 268435455"),
        ("ni=0", "ni is 1 to"),
        ("nbits=1000", "nbits is 0 to 255"),
        ("deet=99999999", "deet is 0 to 16777215"),
        ("npas=-1", "npas is 0 to"),
        ("ig2<0", "ig2 is 0 to 16777215"),
        ("hour=-6", "hours are not negative"),
        ("level=500 sg", "sigma is 0 to 1"),
        ("level_kind=99", "one of 0 to 7, 10, 15, 17 and 21"),
        ("datev=20201340", "neither a date"),
    ] {
        let output = run(&["ls", FILE, "-w", condition]);
        assert_eq!(output.status.code(), Some(2), "{condition}");
        assert!(err(&output).contains(message), "{condition}: {}", err(&output));
    }
    assert_eq!(
        stdout(&["ls", "--csv", "--columns", "nomvar", FILE, "-w", "ip1>5 and ip1<=999999999"]).lines().count(),
        4
    );
}

/// `datev=20200615` found nothing: the digits were a stamp.
#[test]
fn digits_that_are_a_date_are_a_date() {
    for (condition, expected) in [
        ("datev=20200615", 3),
        ("datev=2020061500", 3),
        ("datev=202006150000", 3),
        ("dateo=2020-06-15", 3),
        ("datev=2020-06", 3),
        ("datev=442361600", 3),
        ("datev=stamp:442361600", 3),
        ("datev>=20200615 and datev<20200616", 3),
        ("datev=20200614..2020-06-15", 3),
        ("datev=442361600..442361600", 3),
        ("datev=20200614,442361600", 3),
        ("datev!=20200615", 0),
        ("datev=2020061501", 0),
        ("datev>20200615", 0),
        ("datev=0", 0),
        ("datev=stamp:20200615", 0),
    ] {
        let text = listed(&["ls", "--csv", "--columns", "nomvar", FILE, "-w", condition]);
        assert_eq!(text.lines().count() - 1, expected, "{condition}");
    }
}
