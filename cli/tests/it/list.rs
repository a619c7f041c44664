//! `ls` and `info`.

use crate::common::{err, expected, json_lines, out, records, rpnfst, run, stdout, testdata};
use crate::fields::FIELDS;
use serde_json::Value;

const SAME: &str = "xdf/same_name.std";
const META: &str = "rsf/extended_metadata.rsf";

#[test]
fn a_table_for_people() {
    insta::assert_snapshot!(stdout(&["ls", "-w", "level=850 hPa and hour<=3", SAME, META]));
}

#[test]
fn table_without_a_record_has_its_header() {
    let output = run(&["ls", "-w", "nomvar=NONE", SAME]);
    let text = out(&output);
    assert_eq!((output.status.code(), text.lines().count()), (Some(1), 1));
    assert!(text.starts_with("index  nomvar"));
}

#[test]
fn json_has_what_the_reference_library_says() {
    for (file, description) in [
        (SAME, "xdf/same_name.json"),
        ("xdf/dates.std", "xdf/dates.json"),
        ("xdf/from19.std", "xdf/from19.json"),
        ("xdf/deleted.std", "xdf/deleted.json"),
        ("xdf/sequential.seq.std", "xdf/sequential.json"),
        (META, "rsf/extended_metadata.json"),
        ("rsf/rsf_version0.rsf", "rsf/rsf_version0.json"),
    ] {
        let listed = json_lines(&stdout(&["ls", "--json", file]));
        let expected = expected(description);
        assert_eq!(listed.len(), records(&expected).len(), "{file}");
        for (k, (line, record)) in listed.iter().zip(records(&expected)).enumerate() {
            assert_eq!(line["index"], k, "{file}");
            assert!(line.get("path").is_none(), "one file only");
            for name in FIELDS {
                assert_eq!(line[name], record[name], "{file}, record {k}: {name}");
            }
            if file != "rsf/rsf_version0.rsf" {
                assert_eq!(line["metadata"], record["metadata"], "{file}, record {k}");
            }
        }
    }
}

#[test]
fn json_has_decoded_fields() {
    let line = &json_lines(&stdout(&["ls", "--json", "-w", "nomvar=TT and level=850 hPa", SAME]))[1];
    assert_eq!(line["valid_time"], "2020-06-15T15:00:00Z");
    assert_eq!(line["origin_time"], "2020-06-15T12:00:00Z");
    assert_eq!((&line["level"], &line["level_unit"]), (&Value::from(850.0), &Value::from("hPa")));
    assert_eq!(line["level_kind"], 2);
    assert_eq!(line["hour"], 3.0);
    assert_eq!(line["index"], 4, "the index is that of the whole listing");
}

#[test]
fn several_files_have_a_path() {
    let lines = json_lines(&stdout(&["ls", "--json", "xdf/masks.std", META]));
    assert_eq!(lines.len(), 28);
    assert_eq!((&lines[0]["path"], &lines[0]["file"]), (&Value::from("xdf/masks.std"), &Value::from(0)));
    assert_eq!((&lines[10]["path"], &lines[10]["file"]), (&Value::from(META), &Value::from(1)));
    assert_eq!(lines[10]["index"], 0);
    assert!(stdout(&["ls", "xdf/masks.std", META]).starts_with("path"));
}

#[test]
fn csv_is_rectangular() {
    let text = stdout(&["ls", "--csv", SAME, META]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    assert_eq!(header.get(0), Some("path"));
    assert_eq!(header.iter().next_back(), Some("metadata"));
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("rectangular");
    assert_eq!(rows.len(), 44 + 18);
    assert_eq!(rows[44].iter().next_back(), records(&expected("rsf/extended_metadata.json"))[0]["metadata"].as_str());
}

#[test]
fn columns_are_those_asked_for() {
    assert_eq!(
        stdout(&["ls", "--csv", "--columns", "nomvar,datyp,level", "-w", "ip2=0", "xdf/masks.std"]).lines().next(),
        { Some("nomvar,data_type,level") }
    );
    let text = stdout(&["ls", "--columns", "index, level ,ip1", "-w", "nomvar=TT and ip2=0", SAME]);
    assert_eq!(text.lines().nth(1).map(str::trim), Some("0  1000 hPa  39945888"));
    let help = stdout(&["ls", "--columns", "help"]);
    assert!(help.contains("valid_time") && help.contains("metadata"), "{help}");
    let output = run(&["ls", "--columns", "nomvar,colour", SAME]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).starts_with("rpnfst: no column `colour`; known are index"), "{}", err(&output));
}

#[test]
fn voir_listing_has_its_styles() {
    insta::assert_snapshot!(stdout(&["ls", "--voir", "-w", "nomvar=TT", "xdf/masks.std"]));
    let full = stdout(&["ls", "--style=FULL", "xdf/masks.std"]);
    assert!(full.contains("DECODED IP1/IP2/IP3"), "{full}");
}

#[test]
fn lists_of_files() {
    let both = stdout(&["ls", SAME, META]);
    for (args, list) in [
        (&["ls", "-"][..], format!("{SAME}\n\n{META}\n")),
        (&["ls", "-"], format!("{SAME}\r\n{META}")),
        (&["ls", "--files-from", "-"], format!("{SAME}\n{META}\n")),
        (&["ls", "-0", "-"], format!("{SAME}\0{META}\0")),
        (&["ls", SAME, "-"], format!("{META}\n")),
    ] {
        let output = rpnfst(args).write_stdin(list).output().expect("it runs");
        assert_eq!((output.status.code(), out(&output)), (Some(0), both.clone()), "{args:?}: {}", err(&output));
    }
    let output = rpnfst(&["ls", "--json", "-"]).write_stdin("").output().expect("it runs");
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    assert_eq!(run(&["ls", "--files-from", "none"]).status.code(), Some(2));
    // An FST file where a list of files is expected: one message, and nothing of it on the terminal.
    let file = std::fs::read(testdata().join(SAME)).expect("the file");
    let output = rpnfst(&["ls", "-"]).write_stdin(file).output().expect("it runs");
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    assert!(err(&output).contains("an FST file is named, not piped") && err(&output).lines().count() == 1);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let output = rpnfst(&["ls", "-"]).write_stdin("no\x1b[31m\tfile").output().expect("it runs");
    assert!(err(&output).starts_with("rpnfst: no\u{FFFD}[31m\u{FFFD}file: "), "{}", err(&output));
}

#[test]
fn no_table_of_files_that_do_not_open() {
    let output = run(&["ls", "nothing.std"]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
}

#[test]
fn wrong_conditions_are_pointed_at() {
    let output = run(&["ls", "-w", "nomvar=TT and levl=500", SAME]);
    assert_eq!(output.status.code(), Some(2));
    let message = err(&output);
    assert!(message.starts_with("rpnfst: query, column 15: no field `levl`"), "{message}");
    assert_eq!(message.lines().last().map(str::trim_end), Some("                ^"), "{message}");
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    let output = run(&["ls", "--json", "nothing.std", "xdf/masks.std", "PROVENANCE.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(json_lines(&out(&output)).len(), 10);
    let message = err(&output);
    assert!(
        message.contains("rpnfst: nothing.std: ")
            && message.contains("PROVENANCE.md: not an FST file: it looks like text"),
        "{message}"
    );
}

#[test]
fn without_mmap_and_with_threads() {
    let plain = stdout(&["ls", "--json", META]);
    assert_eq!(plain, stdout(&["--no-mmap", "ls", "--json", META]));
    assert_eq!(plain, stdout(&["ls", "--json", META, "-j", "1"]));
    assert_eq!(run(&["ls", META, "-j", "0"]).status.code(), Some(2));
}

#[test]
fn info_describes_files() {
    insta::assert_snapshot!(stdout(&[
        "info",
        "xdf/deleted.std",
        "rsf/flushed.rsf",
        "rsf/unclosed.rsf",
        "xdf/sequential.seq.std"
    ]));
}

#[test]
fn info_as_json() {
    let lines = json_lines(&stdout(&["info", "--json", "xdf/deleted.std", "rsf/flushed.rsf"]));
    let (xdf, rsf) = (&lines[0], &lines[1]);
    assert_eq!((&xdf["container"], &rsf["container"]), (&Value::from("xdf"), &Value::from("rsf")));
    assert_eq!(
        (&xdf["records"], &xdf["deleted"], &xdf["size"]),
        (&Value::from(22), &Value::from(18), &Value::from(23160))
    );
    assert!(xdf["wasted_bytes"].as_u64() > Some(0));
    assert_eq!(xdf["pages"][0]["used"], 40);
    assert_eq!(xdf["variables"]["VV"], 6);
    assert_eq!(rsf["segments"].as_array().map(Vec::len), Some(4));
    assert_eq!(run(&["info", "PROVENANCE.md"]).status.code(), Some(2));
}

/// A condition on `file` means the column `file`, in every way to list and to read: which of the inputs, from 0, those
/// that cannot be read counted.
#[test]
fn conditions_on_the_number_of_a_file() {
    let files = ["xdf/same_name.std", "xdf/same_name.json", "cases/intervals.std", "xdf/masks.std"];
    let all = json_lines(&out(&run(&[&["ls", "--json"][..], &files].concat())));
    for (condition, wanted) in
        [("file=2", &[2][..]), ("file>=2", &[2, 3]), ("not file=0", &[2, 3]), ("file=0 or file_number=3", &[0, 3])]
    {
        let is_wanted = |line: &&Value| line["file"].as_u64().is_some_and(|file| wanted.contains(&file));
        let expected: Vec<_> = all.iter().filter(is_wanted).cloned().collect();
        assert!(!expected.is_empty());
        for more in [&["ls", "--json"][..], &["ls", "--json", "--sort", "file"]] {
            let listed = run(&[more, &["-w", condition], &files].concat());
            assert_eq!(json_lines(&out(&listed)), expected, "{more:?} {condition}");
        }
        let groups = run(&[&["ls", "--json", "--group", "file", "-w", condition][..], &files].concat());
        let groups: Vec<_> = json_lines(&out(&groups)).iter().map(|line| line["file"].as_u64()).collect();
        assert_eq!(groups, wanted.iter().map(|file| Some(*file)).collect::<Vec<_>>(), "{condition}");
        for command in ["stat", "digest"] {
            let lines = run(&[&[command, "--json", "-w", condition][..], &files].concat());
            assert_eq!(out(&lines).lines().count(), expected.len(), "{command} {condition}");
        }
    }
    let output = run(&[&["ls", "-w", "file=1"][..], &files].concat());
    assert!(err(&output).contains("no record selected"), "{}", err(&output));
}
