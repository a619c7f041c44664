//! Old date stamps that differ only in the run number are the same date.

use rpnfst::{
    Attributes, File, Writer,
    record::{CivilTime, DateStamp},
};

use crate::common::{copied, json_lines, out, path_in, run, stdout};

const A: &str = "cases/run-number/a.std";
const B: &str = "cases/run-number/b.std";

#[test]
fn records_of_the_same_date_belong_together() {
    let output = run(&["diff", A, B]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("datev 61593120 / 61593123"), "{}", out(&output));
    assert!(out(&output).ends_with("0 identical, 1 different\n"), "{}", out(&output));
    let lines = json_lines(&out(&run(&["diff", A, B, "--json"])));
    assert_eq!(lines[0]["attributes"]["datev"], serde_json::json!([61593120, 61593123]));
    assert_eq!(lines[0]["values"]["differ"], 0);
    assert_eq!(stdout(&["diff", A, B, "--ignore", "datev"]), "1 identical\n");
    let output = run(&["diff", A, B, "--key", "nomvar,dateo"]);
    assert!(out(&output).ends_with("0 identical, 1 different\n"), "{}", out(&output));
}

#[test]
fn the_very_stamp_goes_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, other] = ["one.std", "other.std"].map(|name| path_in(&folder, name));
    stdout(&["cp", A, B, "-o", &one]);
    stdout(&["cp", B, A, "-o", &other]);
    assert_eq!(stdout(&["diff", &one, &other]), "2 identical\n");
    let output = run(&["diff", &one, A]);
    assert!(out(&output).ends_with("1 identical, 1 only in A\n"), "{}", out(&output));
}

#[test]
fn stamps_of_another_encoding_and_of_no_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let extended = |text: &str| {
        let time: CivilTime = text.parse().expect("a date");
        DateStamp::from_civil_extended(time).expect("a stamp")
    };
    for (stamp, pairs) in
        [(extended("1993-06-15T12"), true), (extended("1993-06-15T13"), false), (DateStamp::NONE, false)]
    {
        let file = copied(&folder, A);
        let record = File::open(&file).expect("a file").records()[0].clone();
        let mut writer = Writer::append(&file).expect("a writer");
        writer.edit(&record, &Attributes::from(&record).datev(stamp)).expect("edited");
        writer.close().expect("closed");
        let text = out(&run(&["diff", A, &file]));
        assert_eq!(text.ends_with("0 identical, 1 different\n"), pairs, "{stamp}: {text}");
        assert_eq!(text.contains("1 only in A, 1 only in B"), !pairs, "{stamp}: {text}");
        assert_eq!(stdout(&["diff", &file, &file]), "1 identical\n");
    }
}
