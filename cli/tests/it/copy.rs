//! `cp`: what is copied, converted and packed anew, and what is left when it fails.

use std::fs;

use crate::common::{self, err, json_lines, names, out, path_in, run, stdout, testdata};
use serde_json::Value;

const SAME: &str = "xdf/same_name.std";

/// The checksums of the values and the attributes of all records.
fn content(file: &str) -> Vec<(Value, Value)> {
    let sums = json_lines(&stdout(&["digest", "--json", file]));
    let attributes = "nomvar,typvar,etiket,grtyp,datev,deet,npas,ni,nj,nk,ip1,ip2,ip3,ig1,ig2,ig3,ig4";
    let attributes = json_lines(&stdout(&["ls", "--json", "--columns", attributes, file]));
    sums.into_iter().zip(attributes).map(|(sum, record)| (sum["sha256"].clone(), record)).collect()
}

/// The stored bytes too.
fn payloads(file: &str) -> Vec<Value> {
    json_lines(&stdout(&["digest", "--json", file])).iter().map(|line| line["payload_sha256"].clone()).collect()
}

#[test]
fn every_file_survives_the_way_through_all_containers() {
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b, c, d] = ["a.std", "b.rsf", "c.seq", "d.std"].map(|name| path_in(&folder, name));
    for file in [
        SAME,
        "xdf/masks.std",
        "xdf/from19.std",
        "xdf/dt003_dt007_char.std",
        "xdf/dt008_c8.std",
        "xdf/miss198_f4.std",
        "xdf/sequential.seq.std",
        "xdf/deleted.std",
        "xdf/dates.std",
        "xdf/quirks.std",
    ] {
        let before = content(file);
        stdout(&["cp", "-f", file, "-o", &a]);
        assert_eq!((content(&a), payloads(&a)), (before.clone(), payloads(file)), "{file}");
        for (from, to, container) in [(&a, &b, "rsf"), (&b, &c, "xdf-seq"), (&c, &d, "xdf")] {
            stdout(&["cp", "-f", from, "-o", to, "--container", container]);
            assert_eq!(content(to), before, "{file} {container}");
            assert_eq!(stdout(&["check", "-q", "--data", to]), "");
        }
        assert_eq!(payloads(&d), payloads(file), "{file}");
    }
    assert_eq!(names(folder.path()).len(), 4, "nothing temporary is left");
}

#[test]
fn metadata_go_where_they_can() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "rsf/extended_metadata.rsf";
    let [rsf, xdf] = ["a.rsf", "a.std"].map(|name| path_in(&folder, name));
    stdout(&["cp", file, "-o", &rsf]);
    let list = |file: &str| stdout(&["ls", "--json", "--columns", "metadata", file]);
    assert_eq!(list(&rsf), list(file));
    let output = run(&["cp", file, "-o", &xdf, "--container", "xdf"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(err(&output).lines().count(), 1, "{}", err(&output));
    assert!(err(&output).contains("extended metadata of 14 records dropped"), "{}", err(&output));
    assert_eq!(content(&xdf), content(file));
}

#[test]
fn select_merge_append_split() {
    let folder = tempfile::tempdir().expect("a folder");
    let [tt, all] = ["tt.std", "all.std"].map(|name| path_in(&folder, name));
    stdout(&["cp", SAME, "-o", &tt, "-w", "nomvar=TT and level=850 hPa"]);
    let count = |file: &str| stdout(&["ls", "--csv", file]).lines().count() - 1;
    assert_eq!(stdout(&["ls", "--csv", &tt, "-w", "nomvar=TT and level=850 hPa"]).lines().count() - 1, count(&tt));
    stdout(&["cp", SAME, "xdf/masks.std", "-o", &all]);
    assert_eq!(count(&all), count(SAME) + count("xdf/masks.std"));
    stdout(&["cp", &tt, "-o", &all, "--append"]);
    assert_eq!(count(&all), count(SAME) + count("xdf/masks.std") + count(&tt));
    assert_eq!(run(&["cp", &all, "-o", &all, "--append"]).status.code(), Some(2));
    let template = path_in(&folder, "split/{nomvar}_{ip1}.std");
    stdout(&["cp", SAME, "-o", &template]);
    let parts: Vec<_> = names(&folder.path().join("split"));
    assert!(parts.contains(&"TT_41394464.std".to_owned()), "{parts:?}");
    let mut total = 0;
    for part in &parts {
        let part = path_in(&folder, &format!("split/{part}"));
        let keys = stdout(&["ls", "--csv", "--columns", "nomvar,ip1", &part]);
        let mut keys: Vec<_> = keys.lines().skip(1).collect();
        total += keys.len();
        keys.dedup();
        assert_eq!(keys.len(), 1, "{part}");
    }
    assert_eq!(total, count(SAME));
}

#[test]
fn packing_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "new.std");
    // Without loss there is nothing to lose.
    for name in ["xdf/dt008_c8.std", "rsf/dt005_f8.rsf", "rsf/dt002_u8.rsf", "rsf/miss068_i1.rsf", "rsf/miss197_f4.rsf"]
    {
        stdout(&["cp", "-f", "--reencode", name, "-o", &file]);
        assert_eq!(content(&file), content(name), "{name}");
        assert_eq!(stdout(&["diff", "--packing", name, &file]).trim(), format!("{} identical", content(name).len()));
    }
    for (name, option) in
        [("rsf/dt129_f4.rsf", "--uncompress"), ("xdf/from19.std", "--uncompress"), ("xdf/from19.std", "--compress")]
    {
        let output = run(&["cp", "-f", option, name, "-o", &file]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert_eq!(content(&file), content(name), "{name} {option}");
        let types = stdout(&["ls", "--csv", "--columns", "data_type", &file]);
        let turbo = types.lines().skip(1).filter(|code| code.parse::<u8>().is_ok_and(|code| code >= 128)).count();
        assert_eq!(turbo > 0, option == "--compress", "{name} {option}");
    }
    stdout(&["cp", "-f", SAME, "-o", &file, "-w", "data_type=6", "--datyp", "5", "--nbits", "32"]);
    assert_eq!(stdout(&["ls", "--csv", "--columns", "datyp,nbits", &file]).lines().nth(1), Some("5,32"));
    assert_eq!(
        run(&["diff", &file, SAME, "-w", "data_type=5,6"]).status.code(),
        Some(1),
        "records of type 5 are missing"
    );
    // Missing values stay missing.
    stdout(&["cp", "-f", "xdf/miss198_f4.std", "-o", &file, "--datyp", "5", "--nbits", "32"]);
    let missing = |file: &str| stdout(&["stat", "--csv", file]).lines().map(cell_of_missing).collect::<Vec<_>>();
    assert_eq!(missing(&file), missing("xdf/miss198_f4.std"));
}

#[test]
fn effort_and_rules() {
    let folder = tempfile::tempdir().expect("a folder");
    let [normal, best, classic] = ["a", "b", "c"].map(|name| path_in(&folder, name));
    let turbo = ["rsf/miss197_f4.rsf", "-o"];
    let size = |file: &str| fs::metadata(file).expect("there").len();
    stdout(&[&["cp", "--reencode"][..], &turbo, &[&normal]].concat());
    stdout(&[&["cp", "--reencode", "--best"][..], &turbo, &[&best]].concat());
    assert_eq!(content(&best), content(turbo[0]));
    assert!(size(&best) <= size(&normal));
    // Only librmn 19 cuts IEEE reals to fewer than 16 bits.
    let short = ["cp", "xdf/from19.std", "-o", &classic, "-w", "data_type=5 and pack_bits=32", "--nbits", "12"];
    assert_eq!(run(&short).status.code(), Some(1));
    assert!(!folder.path().join("c").exists());
    stdout(&[&short[..], &["--rules", "librmn19"]].concat());
    let bits = stdout(&["ls", "--csv", "--columns", "nbits", &classic]);
    assert!(bits.lines().count() > 1 && bits.lines().skip(1).all(|bits| bits == "12"), "{bits}");
}

/// The column `missing` of a line of `stat --csv`.
fn cell_of_missing(line: &str) -> String {
    line.split(',').nth(6).unwrap_or_default().to_owned()
}

#[test]
fn a_failing_copy_leaves_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "new.std");
    // Integers of 64 bits are not for XDF.
    let wide = ["rsf/dt002_u8.rsf", "-o", &file, "--container", "xdf"];
    let output = run(&[&["cp", "--strict"][..], &wide].concat());
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert_eq!(names(folder.path()), [""; 0]);
    // The others are copied, and the exit status says that some were not.
    let output = run(&[&["cp", SAME][..], &wide].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("rsf/dt002_u8.rsf: record "), "{}", err(&output));
    assert!(err(&output).contains("10 records not copied, 44 records copied"), "{}", err(&output));
    assert_eq!(content(&file), content(SAME));
    assert_eq!(stdout(&["check", "-q", "--data", &file]), "");
    // What is there is kept, without -f.
    let before = fs::read(&file).expect("there");
    let output = run(&["cp", SAME, "-o", &file]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("exists already; -f"), "{}", err(&output));
    let output = run(&["cp", SAME, "-o", &file, "-w", "nomvar=NONE", "-f"]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(1), "rpnfst: no record selected\n"));
    assert_eq!(fs::read(&file).expect("there"), before);
    assert_eq!(names(folder.path()), ["new.std"]);
}

#[test]
fn a_damaged_record_costs_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = common::damaged(folder.path(), SAME, |bytes| bytes.truncate(31000));
    let file = path_in(&folder, "new.std");
    let output = run(&["cp", &cut, "-o", &file]);
    assert_eq!(output.status.code(), Some(1));
    let n = content(&file).len();
    assert!((30..44).contains(&n), "{n}");
    assert!(content(SAME).starts_with(&content(&file)));
}

#[cfg(unix)]
#[test]
fn an_interrupted_copy_leaves_nothing() {
    use std::{process::Command, thread, time::Duration};
    let many = vec![SAME; 4000];
    for signal in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_rpnfst"))
            .args([&["cp", "-o", &path_in(&folder, "all.std")][..], &many].concat())
            .current_dir(testdata())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it runs");
        while names(folder.path()).is_empty() && child.try_wait().expect("a child").is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("a signal");
        let status = child.wait().expect("it ends");
        // Whoever was faster: all of it or nothing.
        match status.code() {
            Some(0) => assert_eq!(names(folder.path()), ["all.std"]),
            code => assert_eq!((code, names(folder.path())), (Some(2), Vec::new()), "{signal} {sent}"),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let (file, array) = (path_in(&folder, "new.std"), path_in(&folder, "new.npy"));
    for (args, path) in [(&["cp", SAME, "-o", &file][..], &file), (&["get", SAME, "-i", "0", "-o", &array], &array)] {
        stdout(args);
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("ours");
        stdout(&[args, &["-f"]].concat());
        assert_eq!(fs::metadata(path).expect("there").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn wrong_usage() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path_in(&folder, "new.std");
    for (args, message) in [
        (&["cp", SAME][..], "--output"),
        (&["cp", SAME, "-o", &file, "--best"], "--best"),
        (&["cp", SAME, "-o", &file, "--compress", "--uncompress"], "cannot be used with"),
        (&["cp", SAME, "-o", &file, "--datyp", "9"], "no such data type"),
        (&["cp", SAME, "-o", &file, "--nbits", "65"], "1 to 64"),
        (&["cp", SAME, "-o", &file, "--container", "netcdf"], "xdf-seq"),
        (&["cp", SAME, "-o", &file, "--append", "-f"], "cannot be used with"),
        (&["cp", SAME, "-o", "-"], "pipe"),
        (&["cp", SAME, "-o", "{nothing}.std"], "no column `nothing`"),
        (&["cp", SAME, "-o", &path_in(&folder, "no/where.std")], "there is no folder"),
        (&["cp", SAME, "-o", &folder.path().display().to_string()], "is a folder"),
        (&["cp", "-o", &file], "no files given"),
        (&["cp", SAME, "-o", &file, "-w", "nomvar"], "nomvar"),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(message), "{args:?}: {}", err(&output));
        assert!(out(&output).is_empty());
    }
    assert_eq!(names(folder.path()), [""; 0]);
    assert!(testdata().join(SAME).exists());
}
