//! Memory and threads had no bounds.

use crate::common::{err, out, path_in, rpnfst, run, stdout};

/// 1,024 x 1,024 x 2 words: 8 MiB.
fn large(folder: &tempfile::TempDir) -> String {
    let array = path_in(folder, "a.npy");
    let mut bytes = Vec::from(*b"\x93NUMPY\x01\x00\x76\x00");
    let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (1024, 1024, 2), }";
    bytes.extend(format!("{header:<117}\n").as_bytes());
    bytes.extend((0..2 * 1024 * 1024_u32).flat_map(|k| f32::from(u8::try_from(k % 251).unwrap_or(0)).to_le_bytes()));
    std::fs::write(&array, bytes).expect("written");
    let file = path_in(folder, "large.std");
    stdout(&["mk", &file, "--data", &array, "--nomvar", "TT", "--datyp", "5", "--nbits", "32"]);
    file
}

#[test]
fn larger_records_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, copy) = (large(&folder), path_in(&folder, "copy.std"));
    let commands: [&[&str]; 6] = [
        &["stat", &file],
        &["digest", &file],
        &["get", &file, "--format", "raw", "-f", "-o", &copy],
        &["check", "--data", &file],
        &["diff", &file, &file],
        &["cp", &file, "-f", "-o", &copy, "--nbits", "24"],
    ];
    for args in commands {
        let output = run(&[args, &["--max-memory", "8M"]].concat());
        assert!(matches!(output.status.code(), Some(1 | 2)), "{args:?}");
        let said = out(&output) + &err(&output);
        assert!(said.contains("needs") && said.contains("--max-memory allows more"), "{args:?}: {said}");
        let output = run(&[args, &["--max-memory", "64M"]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    }
    // Not having looked is neither sound nor damaged.
    let output = run(&["check", "--data", &file, "--max-memory", "8M"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(out(&output).ends_with("not all looked at, 1 record listed\n"), "{}", out(&output));
    // What is copied is not decoded, and what is salvaged is not lost.
    for args in [&["cp", &file, "-f", "-o", &copy][..], &["salvage", &file, "-f", "-o", &copy]] {
        let output = run(&[args, &["--max-memory", "1M"]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    }
}

#[test]
fn sizes_that_are_none() {
    for size in ["", "0", "lots", "-1G", "100"] {
        let output = run(&["check", "xdf/same_name.std", "--max-memory", size]);
        assert_eq!(output.status.code(), Some(2), "{size}");
    }
}

/// More threads than a small multiple of the processors are not started: the note says how many are. (Where there are many
/// processors, 64 threads are not more; `bounded` in `cli/src/threads.rs` has a test for any number.)
#[test]
fn threads_are_bounded() {
    let most = std::thread::available_parallelism().map_or(1, usize::from).saturating_mul(4).max(16);
    let is_noted = |said: &str| {
        if most < 64 { said.contains(&format!("64: {most} threads do the work")) } else { said.is_empty() }
    };
    let args = ["check", "--data", "xdf/same_name.std"];
    let output = run(&[&args[..], &["-j", "64"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert!(is_noted(&err(&output)), "{}", err(&output));
    let output = rpnfst(&args).env("RAYON_NUM_THREADS", "64").output().expect("it runs");
    assert!(is_noted(&err(&output)), "{}", err(&output));
    for fits in ["1", "2", "16"] {
        assert_eq!(err(&run(&[&args[..], &["-j", fits]].concat())), "");
        assert_eq!(err(&rpnfst(&args).env("RAYON_NUM_THREADS", fits).output().expect("it runs")), "");
    }
    assert_eq!(run(&[&args[..], &["-j", "0"]].concat()).status.code(), Some(2));
}
