//! A file that another program cuts short while it is mapped ended the work on all others (`SIGBUS`).
#![cfg(unix)]

use std::{
    fs,
    io::{Read as _, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use rpnfst::{Array, Attributes, Container, WriteOptions};

use crate::common::{copied, json_lines, out, path_in, stdout};

/// A file of many records, so that what is said of them does not go into the buffers of a pipe: the command waits until
/// somebody reads.
fn many(path: &str, value: f32) {
    let mut writer = WriteOptions::new().container(Container::Rsf).create(path).expect("a new file");
    let values = vec![value; 1 << 12];
    for ip1 in 0..2000 {
        let record = Attributes::new("TT").ip1(ip1).data_type(rpnfst::DataType::IEEE).pack_bits(32);
        writer.write(&record, &Array::new(&values, (1 << 6, 1 << 6, 1)).expect("dims")).expect("written");
    }
    writer.close().expect("closed");
}

fn start(args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rpnfst"));
    // Little memory, so that few records are read ahead.
    command.args(args).args(["-j", "1", "--max-memory", "1M"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs")
}

fn cut(path: &str) {
    fs::OpenOptions::new().write(true).open(path).expect("there").set_len(1 << 16).expect("cut");
}

/// What a command says of a file that is cut once it has begun to say something.
fn cut_under(args: &[&str], path: &str) -> Output {
    let mut child = start(args);
    let mut first = [0];
    child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("it says something");
    cut(path);
    let mut output = child.wait_with_output().expect("it ends");
    output.stdout.splice(0..0, first);
    output
}

#[test]
fn the_other_files_are_still_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (large, small) = (path_in(&folder, "large.rsf"), copied(&folder, "xdf/same_name.std"));
    for args in [&["digest", "--json"][..], &["stat", "--json"], &["get", "--format", "json", "-o", "-"]] {
        drop(fs::remove_file(&large));
        many(&large, 1.0);
        let output = cut_under(&[args, &[&large, &small]].concat(), &large);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", output.status);
        let lines = json_lines(&out(&output));
        assert_eq!(lines.iter().filter(|line| line["path"] == small.as_str()).count(), 44, "{args:?}");
        assert!(lines.iter().any(|line| line.get("error").is_some()), "{args:?}");
        // One file alone is not mapped either.
        drop(fs::remove_file(&large));
        many(&large, 1.0);
        let output = cut_under(&[args, &[&large]].concat(), &large);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", output.status);
    }
}

#[test]
fn a_comparison_tells_what_it_could_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (large, other) = (path_in(&folder, "large.rsf"), path_in(&folder, "other.rsf"));
    many(&large, 1.0);
    many(&other, 2.0);
    let output = cut_under(&["diff", "--json", &large, &other], &large);
    assert_eq!(output.status.code(), Some(2), "{}", output.status);
    let lines = json_lines(&out(&output));
    assert_eq!(lines.len(), 2001);
    assert!(lines.iter().any(|line| line["status"] == "trouble"), "{:?}", lines.last());
}

/// Nothing holds these up: they are tried until one was still at work.
#[test]
fn copies_have_the_other_records() {
    let folder = tempfile::tempdir().expect("a folder");
    let (large, small) = (path_in(&folder, "large.rsf"), copied(&folder, "xdf/same_name.std"));
    many(&large, 1.0);
    let whole = fs::read(&large).expect("there");
    let result = path_in(&folder, "result.rsf");
    for args in [&["cp", &large, &small, "-o", &result, "-f"][..], &["salvage", &large, "-o", &result, "-f"]] {
        let was_at_work = (0..200).any(|_| {
            fs::File::create(&large).and_then(|mut file| file.write_all(&whole)).expect("written");
            let mut child = start(args);
            while !has_begun(folder.path()) && child.try_wait().expect("a child").is_none() {
                thread::sleep(Duration::from_micros(100));
            }
            cut(&large);
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.code().is_some_and(|code| code < 3), "{args:?}: {}", output.status);
            output.status.code() != Some(0)
        });
        assert!(was_at_work, "{args:?}");
    }
    assert!(stdout(&["ls", &result]).lines().count() > 1);
}

/// Whether there is an output that is not complete.
fn has_begun(folder: &Path) -> bool {
    let mut names = fs::read_dir(folder).expect("a folder").filter_map(|entry| Some(entry.ok()?.file_name()));
    names.any(|name| name.as_encoded_bytes().starts_with(b"."))
}
