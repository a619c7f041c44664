//! `rm` and `edit`.

use std::fs;

use crate::common::{self, copied, err, json_lines, out, path_in, run, stdout};
use serde_json::Value;

const SAME: &str = "xdf/same_name.std";

/// A column of all records.
fn column(file: &str, name: &str) -> Vec<Value> {
    let lines = json_lines(&stdout(&["ls", "--json", "--columns", name, file]));
    lines.into_iter().map(|mut line| line[name].take()).collect()
}

fn sums(file: &str) -> Vec<Value> {
    json_lines(&stdout(&["digest", "--json", file])).into_iter().map(|mut line| line["sha256"].take()).collect()
}

#[test]
fn rm_deletes_what_is_selected() {
    for name in [SAME, "rsf/same_name.rsf", "xdf/sequential.seq.std"] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = copied(&folder, name);
        let condition = "nomvar=TT";
        let before = fs::read(&file).expect("there");
        let kept: Vec<_> = json_lines(&stdout(&["ls", "--json", name, "-w", "not nomvar=TT"]));
        let doomed = json_lines(&stdout(&["ls", "--json", name, "-w", condition])).len();
        assert!(doomed > 0 && !kept.is_empty(), "{name}");

        let shown = stdout(&["rm", &file, "-w", condition, "-n"]);
        assert!(shown.ends_with(&format!("dry run: {doomed} records would be deleted\n")), "{shown}");
        assert_eq!(shown.lines().count(), doomed + 2);
        assert_eq!(fs::read(&file).expect("there"), before, "a dry run changes nothing");

        let shown = stdout(&["rm", &file, "-w", condition]);
        assert!(shown.ends_with(&format!("\n{doomed} records deleted\n")), "{shown}");
        assert_eq!(column(&file, "nomvar").len(), kept.len());
        assert!(!column(&file, "nomvar").contains(&Value::from("TT")));
        assert_eq!(stdout(&["check", "-q", "--data", &file]), "");
        let sums_kept = sums(&file);

        let output = run(&["rm", &file, "-w", condition]);
        assert_eq!((output.status.code(), err(&output).as_str()), (Some(1), "rpnfst: no record selected\n"));

        stdout(&["rm", &file, "--compact"]);
        assert_eq!(sums(&file), sums_kept);
        assert_eq!(stdout(&["check", "-q", "--data", &file]), "");
        let info = &json_lines(&stdout(&["info", "--json", &file]))[0];
        assert_eq!(info["wasted_bytes"], 0, "{info}");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing temporary is left");
    }
}

#[test]
fn compacting_at_once_is_deleting_and_compacting() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    stdout(&["rm", &file, "-w", "nomvar=TT"]);
    stdout(&["rm", &file, "--compact"]);
    let expected = fs::read(&file).expect("there");
    let file = copied(&folder, SAME);
    stdout(&["rm", &file, "-w", "nomvar=TT", "--compact"]);
    assert_eq!(fs::read(&file).expect("there"), expected);
}

#[cfg(unix)]
#[test]
fn compacting_keeps_permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("ours");
    let link = path_in(&folder, "link.std");
    symlink(&file, &link).expect("a link");
    stdout(&["rm", &link, "-w", "nomvar=TT", "--compact"]);
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o640);
    assert!(!column(&file, "nomvar").contains(&Value::from("TT")));
}

#[test]
fn files_in_use_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let flagged = common::damaged(folder.path(), SAME, |bytes| bytes[59] = 3);
    for file in [flagged, copied(&folder, "rsf/unclosed.rsf")] {
        let before = fs::read(&file).expect("there");
        for args in [&["rm", &file, "-w", "nomvar=*"][..], &["edit", &file, "--set", "etiket=X", "--yes"]] {
            let output = run(&[args, &["--wait", "0"]].concat());
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(err(&output).contains("--unlock"), "{}", err(&output));
        }
        assert_eq!(fs::read(&file).expect("there"), before);
        // What was in no directory yet is taken in only.
        run(&["edit", &file, "-w", "nomvar=ZZZZ", "--set", "etiket=UNSEEN", "--yes", "--unlock"]);
        stdout(&["edit", &file, "--descriptors", "--set", "etiket=UNLOCKED", "--yes"]);
        assert!(column(&file, "etiket").iter().all(|etiket| etiket == "UNLOCKED"));
    }
}

#[test]
fn edit_shows_first_and_does_on_demand() {
    for name in [SAME, "rsf/same_name.rsf"] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = copied(&folder, name);
        let before = fs::read(&file).expect("there");
        let sums_before = sums(&file);
        let args = ["edit", &file, "-w", "nomvar=TT and ip2=0", "--set", "etiket=new", "--set", "level=500 hPa"];
        let shown = stdout(&args);
        assert!(shown.contains("record 0: TT A R1FX00: etiket R1FX00 -> NEW, ip1 39945888 -> 41394464"), "{shown}");
        assert!(shown.ends_with("--yes does it\n"), "{shown}");
        assert_eq!(fs::read(&file).expect("there"), before, "a dry run changes nothing");

        let done = stdout(&[&args[..], &["--yes"]].concat());
        assert_eq!(done.lines().count(), shown.lines().count());
        assert_eq!(done.lines().next(), shown.lines().next());
        let edited = json_lines(&stdout(&["ls", "--json", &file, "-w", "etiket=NEW"]));
        assert_eq!(edited.len(), done.lines().count() - 1);
        assert!(edited.iter().all(|record| record["level"] == 500.0 && record["nomvar"] == "TT"));
        assert_eq!(sums(&file), sums_before, "values stay");
        assert_eq!(stdout(&["check", "-q", "--data", &file]), "");
        let again = stdout(&[&args[..], &["--yes"]].concat());
        assert_eq!(again, format!("0 records changed, {} as wanted already\n", edited.len()));
    }
}

#[test]
fn edit_knows_dates_and_all_fields() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    let fields = [
        ("nomvar", "es"),
        ("typvar", "P@"),
        ("etiket", "E"),
        ("grtyp", "Z"),
        ("dateo", "2026-11-24T12:00"),
        ("deet", "300"),
        ("npas", "72"),
        ("ip1", "1"),
        ("ip2", "2"),
        ("ip3", "3"),
        ("ig1", "4"),
        ("ig2", "5"),
        ("ig3", "6"),
        ("ig4", "7"),
    ];
    let set: Vec<_> = fields.iter().flat_map(|(name, value)| ["--set".to_owned(), format!("{name}={value}")]).collect();
    let set: Vec<_> = set.iter().map(String::as_str).collect();
    stdout(&[&["edit", &file, "--yes", "-w", "nomvar=GZ"][..], &set].concat());
    let records = json_lines(&stdout(&["ls", "--json", &file, "-w", "nomvar=ES"]));
    assert_eq!(records.len(), 12);
    for record in records {
        assert_eq!((&record["valid_time"], &record["hour"]), (&"2026-11-24T18:00:00Z".into(), &6.0.into()));
        assert_eq!(record["origin_time"], "2026-11-24T12:00:00Z");
        for (name, value) in fields.iter().filter(|(name, _)| *name != "dateo") {
            let found = record[*name].to_string();
            assert_eq!(found.trim_matches('"'), value.to_uppercase(), "{name}");
        }
    }
}

#[test]
fn edit_from_the_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    let columns =
        || json_lines(&stdout(&["ls", "--json", "--columns", "ip1,ip2,ip3,valid_time", &file, "-w", "nomvar=TT"]));
    let before = columns();
    let set = ["--set", "datev=datev-12", "--set", "ip2=ip2+6", "--set", "ip3 = ip2"];
    stdout(&[&["edit", &file, "-w", "nomvar=TT", "--yes"][..], &set].concat());
    for (old, new) in before.iter().zip(columns()) {
        assert_eq!(new["ip2"].as_i64(), old["ip2"].as_i64().map(|ip2| ip2 + 6));
        assert_eq!((&new["ip3"], &new["ip1"]), (&old["ip2"], &old["ip1"]));
        let moved = old["valid_time"].as_str().map(|time| match &time[10..13] {
            "T12" => time.replace("T12", "T00"),
            "T15" => time.replace("T15", "T03"),
            _ => time.replace("T18", "T06"),
        });
        assert_eq!(new["valid_time"].as_str(), moved.as_deref());
    }
    let output = run(&["edit", &file, "--set", "ip2=ip2-7", "--yes"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("record 0: ip2: `-1` is not a number that can be stored"), "{}", err(&output));
}

/// Whether anybody reads what was done must not decide what is done.
#[test]
fn a_closed_pipe_does_not_stop_an_edit() {
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "many.std");
    stdout(&[&["cp", "-o", &file][..], &vec![SAME; 40]].concat());
    let mut child = Command::new(env!("CARGO_BIN_EXE_rpnfst"))
        .args(["edit", &file, "--descriptors", "--set", "etiket=NEW", "--yes"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(column(&file, "etiket").iter().all(|etiket| etiket == "NEW"));
}

#[test]
fn edit_of_metadata() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, "rsf/extended_metadata.rsf");
    let set = |condition: &str| run(&["edit", &file, "-w", condition, "--set", "metadata={\"a\":1}", "--yes"]);
    let output = set("nomvar=MD00");
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("metadata {") && out(&output).contains(" -> {\"a\":1}"), "{}", out(&output));
    assert_eq!(column(&file, "metadata")[0], "{\"a\":1}");
    assert_eq!(stdout(&["check", "-q", "--data", &file]), "");
    // A record without metadata has no room for some; then nothing at all is changed.
    let before = fs::read(&file).expect("there");
    let output = set("nomvar=NO00,MD01");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("record 1: metadata: the record has none, and no room for some"), "{}", err(&output));
    assert_eq!(fs::read(&file).expect("there"), before);
    // Nor when those of one record are too long for the old ones.
    let long = format!("metadata={{\"a\":\"{}\"}}", "x".repeat(5000));
    let output = run(&["edit", &file, "-w", "nomvar=MD00,MD01", "--set", "etiket=NEW", "--set", &long, "--yes"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("metadata: 5008 bytes, the record has room for"), "{}", err(&output));
    assert!(err(&output).contains("nothing is changed"), "{}", err(&output));
    assert_eq!(fs::read(&file).expect("there"), before);
    let output = run(&["edit", &file, "--set", "metadata={"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("metadata: not JSON"), "{}", err(&output));
}

#[test]
fn wrong_usage() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, SAME);
    let before = fs::read(&file).expect("there");
    let empty = path_in(&folder, "empty.std");
    fs::write(&empty, b"").expect("written");
    for (args, message) in [
        (&["rm", &file][..], "which records?"),
        (&["rm", &file, "-w", "nomvar"], "nomvar"),
        (&["rm", &empty, "-w", "nomvar=*"], "not an FST file"),
        (&["rm", &path_in(&folder, "none"), "-w", "nomvar=*"], "none: "),
        (&["edit", &file], "--set"),
        (&["edit", &file, "--set", "etiket"], "FIELD=VALUE"),
        (&["edit", &file, "--set", "ni=3"], "no such field"),
        (&["edit", &file, "--set", "etiket=TOO LONG A LABEL"], "record 0: etiket: "),
        (&["edit", &file, "--set", "ip1=268435456", "--yes"], "ip1: 268435456 is not within"),
        (&["edit", "xdf/sequential.seq.std", "--set", "etiket=X"], "sequential"),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(message), "{args:?}: {}", err(&output));
    }
    assert_eq!(fs::read(&file).expect("there"), before);
    assert_eq!(fs::metadata(&empty).expect("there").len(), 0);
    assert!(!folder.path().join("none").exists());
}
