//! `ls` was wider than terminals are, hid missing values and the origin, and showed encoded times as they are stored.

use std::fs;

use crate::common::{json_lines, on_terminal, path_in, stdout};

const INTERVALS: &str = "cases/intervals.std";

/// The cells of a row, by what stands in the header.
fn cell<'a>(table: &'a str, row: usize, name: &str) -> &'a str {
    let mut lines = table.lines();
    let header = lines.next().expect("a header");
    let end = header.find(name).expect(name) + name.len();
    let line = lines.nth(row).expect("a row");
    let line = &line[..line.len().min(end)];
    line.rsplit("  ").next().expect("a cell").trim()
}

#[test]
fn lines_do_not_wrap() {
    for columns in [80, 100, 132] {
        for args in [
            &["ls", INTERVALS][..],
            &["ls", "xdf/masks.std", "rsf/extended_metadata.rsf"],
            &["stat", "-q", "xdf/same_name.std"],
            &["rm", "-n", "-w", "nomvar=TT", "xdf/masks.std"],
        ] {
            let Some(text) = on_terminal(columns, args) else { return };
            let text = text.replace("\x1b[1m", "").replace("\x1b[0m", "");
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!((Some(50)..=Some(columns)).contains(&widest), "{columns} {args:?}: {widest:?}\n{text}");
            assert!(text.contains("nomv") && text.contains("level") && text.contains("valid_time"), "{text}");
        }
    }
}

#[test]
fn comparisons_and_sums_do_not_wrap() {
    let folder = tempfile::tempdir().expect("a folder");
    let set = ["--set", "etiket=ANOTHERLABEL", "--set", "ip3=77", "--set", "typvar=Z", "--descriptors"];
    let [other, packed] = ["other.std", "packed.std"].map(|name| path_in(&folder, name));
    stdout(&[&["cp", "xdf/same_name.std", "-o", &other][..], &set].concat());
    stdout(&["cp", INTERVALS, "-o", &packed, "--datyp", "134", "--nbits", "2", "--set", "etiket=ANOTHERLABEL"]);
    for columns in [80, 100] {
        for args in [
            &["diff", "xdf/same_name.std", &other][..],
            &["diff", "xdf/same_name.std", &other, "--key", "nomvar,ip1,ip2,dateo"],
            &["diff", INTERVALS, &packed, "--key", "nomvar,ip1,ip2,ip3"],
            &["digest", "xdf/same_name.std"],
            &["digest", INTERVALS],
        ] {
            let Some(text) = on_terminal(columns, args) else { return };
            let text = text.replace("\x1b[1m", "").replace("\x1b[0m", "");
            // A bar is taken away before.
            let lines = text.lines().filter_map(|line| line.rsplit("\x1b[2K").next());
            let widest = lines.map(|line| line.trim_start_matches('\r').chars().count()).max();
            assert!((Some(40)..=Some(columns)).contains(&widest), "{columns} {args:?}: {widest:?}\n{text}");
        }
    }
    let sums = stdout(&["digest", "xdf/same_name.std"]);
    let Some(text) = on_terminal(80, &["digest", "xdf/same_name.std"]) else { return };
    for (line, whole) in text.lines().zip(sums.lines()) {
        assert!(whole.starts_with(line.trim_end()), "{line}");
    }
}

#[test]
fn columns_that_are_asked_for_stay() {
    let all = "index,nomvar,etiket,valid_time,origin_time,ig1,ig2,ig3,ig4,total_stored_bytes";
    let Some(text) = on_terminal(80, &["ls", "--columns", all, INTERVALS]) else { return };
    assert!(all.split(',').all(|name| text.contains(name)), "{text}");
    let Some(text) = on_terminal(80, &["ls", INTERVALS]) else { return };
    assert!(!text.contains("ig1"), "{text}");
}

#[test]
fn a_pipe_gets_everything() {
    let text = stdout(&["ls", INTERVALS]);
    for name in ["nomvar", "typvar", "grtyp", "ig4", "hour", "type", "origin_time"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert!(text.contains("2020-06-15T06:00:00Z") && text.contains("2020-06-15T00:00:00Z"), "{text}");
}

#[test]
fn encoded_times_are_hours() {
    let text = stdout(&["ls", INTERVALS]);
    let times: Vec<_> = (0..6).map(|row| (cell(&text, row, "       ip2"), cell(&text, row, "       ip3"))).collect();
    assert_eq!(
        times,
        [
            ("0-6 h", "0 h"),
            ("6-12 h", "6 h"),
            ("6", "0"),
            ("12 h", "0"),
            ("6 h", "500 hPa"),
            ("177809344", "183500800")
        ]
    );
    // Programs get the codes, and the intervals.
    let line = &json_lines(&stdout(&["ls", "--json", INTERVALS]))[1];
    assert_eq!((line["ip2"].as_u64(), line["ip3"].as_u64()), (Some(176_280_768), Some(177_809_344)));
    assert_eq!((line["interval_begin"].as_f64(), line["interval_end"].as_f64()), (Some(6.0), Some(12.0)));
}

#[test]
fn what_is_listed_can_be_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (list, made) = (path_in(&folder, "list.jsonl"), path_in(&folder, "made.std"));
    let mut lines = json_lines(&stdout(&["ls", "--json", INTERVALS]));
    fs::write(path_in(&folder, "v.csv"), "1,2\n3,4\n").expect("written");
    for line in &mut lines {
        line["data"] = "v.csv".into();
    }
    let text: Vec<_> = lines.iter().map(ToString::to_string).collect();
    fs::write(&list, text.join("\n")).expect("written");
    stdout(&["mk", &made, "--records", &list]);
    let times = |file: &str| stdout(&["ls", "--columns", "nomvar,ip2,ip3", file]);
    assert_eq!(times(&made), times(INTERVALS));
}

#[test]
fn missing_values_are_seen_in_the_type() {
    let types = |file: &str| stdout(&["ls", "--csv", "--no-header", "--columns", "datyp,nbits,type", file]);
    for (file, letter, code) in
        [("rsf/miss070_f4.rsf", "F", "70,"), ("rsf/miss065_f4.rsf", "R", "65,"), ("rsf/miss193_f4.rsf", "r", "193,")]
    {
        let text = types(file);
        let line = text.lines().find(|line| line.starts_with(code)).expect("such a record");
        let bits = line.split(',').nth(1).expect("bits");
        assert_eq!(line.split(',').nth(2), Some(format!("{letter}m{bits}").as_str()), "{text}");
    }
    assert!(!types("xdf/same_name.std").contains('m'));
}
