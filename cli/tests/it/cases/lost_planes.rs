//! 248 kB of file took 16 GB of memory, and were sound.

use std::{fs, io::Read as _, path::Path, process::Output};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::common::{err, json_lines, out, path_in, rpnfst, testdata};

const PACKED: &str = "cases/lost_planes/bomb_k.std.gz";
/// Where the directory begins.
const ENTRIES: usize = 208 + 32;
/// Address space of the program, in units of 1024 bytes: with the stacks of its threads.
const ROOM: u32 = 600_000;

fn bomb() -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = fs::File::open(testdata().join(PACKED)).expect("the file");
    GzDecoder::new(file).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// Runs the program with little memory.
fn run(args: &[&str]) -> Output {
    if cfg!(not(target_os = "linux")) {
        return rpnfst(args).output().expect("it runs");
    }
    let mut command = assert_cmd::Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {ROOM}; exec \"$@\"")).arg("sh").arg(env!("CARGO_BIN_EXE_rpnfst"));
    command.args(args).output().expect("it runs")
}

fn written(folder: &tempfile::TempDir, bytes: &[u8]) -> String {
    let path = path_in(folder, "bomb.std");
    fs::write(&path, bytes).expect("written");
    path
}

#[test]
fn lost_planes_are_damage_and_cost_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = written(&folder, &bomb());
    for args in [&["check", &file][..], &["check", "--data", &file], &["stat", &file], &["get", &file]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", err(&output));
        let said = out(&output) + &err(&output);
        assert!(said.contains("levels 2 to 1000 of 1000 are not in the file"), "{args:?}: {said}");
    }
    let line = &json_lines(&out(&run(&["stat", "--json", &file])))[0];
    let found = ["n", "missing"].map(|name| line[name].as_u64());
    assert_eq!(found, [1000, 999].map(|planes| Some(planes * 1990 * 2000)));
    let line = &json_lines(&out(&run(&["check", "--json", &file])))[0];
    assert_eq!((&line["status"], &line["problems"][0]["severity"]), (&Value::from("damaged"), &Value::from("damage")));
}

#[test]
fn the_whole_array_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = written(&folder, &bomb());
    let array = path_in(&folder, "a.npy");
    for args in [&["get", &file, "-o", &array][..], &["digest", &file]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(err(&output).contains("--max-memory"), "{args:?}: {}", err(&output));
    }
    assert!(!Path::new(&array).exists());
    // The bytes of the record are there all the same.
    let copy = path_in(&folder, "copy.std");
    for args in [&["cp", &file, "-o", &copy][..], &["diff", &file, &copy], &["salvage", &file, "-f", "-o", &copy]] {
        assert_eq!(run(args).status.code(), Some(0), "{args:?}: {}", err(&run(args)));
    }
}

/// The directory lists the one record again and again: each is damage, and few are decoded.
#[test]
fn many_entries_for_one_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bytes = bomb();
    let entry = bytes[ENTRIES..ENTRIES + 72].to_vec();
    for slot in 0..256 {
        bytes[ENTRIES + 72 * slot..ENTRIES + 72 * (slot + 1)].copy_from_slice(&entry);
    }
    bytes[208 + 20..208 + 24].copy_from_slice(&256_u32.to_be_bytes());
    let file = written(&folder, &bytes);
    let output = run(&["check", "--data", &file]);
    assert_eq!(output.status.code(), Some(1));
    let report = out(&output);
    assert!(report.ends_with("damaged, 256 records listed\n"), "{report}");
    assert!(report.contains("248 records share their bytes with 8 others each"), "{report}");
}
