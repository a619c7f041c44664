//! Merging files repeated the axes that each of them has, and nothing replaced records of an earlier run.

use rpnfst::{Array, Attributes, File, Writer};

use crate::common::{copied, err, path_in, run, stdout};

const FILES: [&str; 2] = ["cases/merge_duplicates/pm0.std", "cases/merge_duplicates/pm1.std"];

fn columns(file: &str, columns: &str) -> Vec<String> {
    stdout(&["ls", "--csv", "--columns", columns, file]).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn axes_come_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path_in(&folder, "x.std");
    for (option, order) in [("--replace", ["TT", ">>", "^^", "TT"]), ("--skip-same", [">>", "^^", "TT", "TT"])] {
        let output = run(&["cp", "-f", FILES[0], FILES[1], "-o", &out, option]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert_eq!(columns(&out, "nomvar"), order, "{option}");
        assert!(
            err(&output).contains("2 records left out, whatever their values: of those given more than once"),
            "{}",
            err(&output)
        );
        // Nothing is written first and deleted then.
        assert!(stdout(&["info", "--json", &out]).contains("\"deleted\":0"));
    }
    stdout(&["cp", "-f", FILES[0], FILES[1], "-o", &out]);
    assert_eq!(columns(&out, "nomvar").len(), 6, "all of them without an option");
    assert_eq!(run(&["cp", "-f", FILES[0], "-o", &out, "--replace", "--skip-same"]).status.code(), Some(2));
}

#[test]
fn appended_to_what_is_there() {
    for container in ["xdf", "rsf", "xdf-seq"] {
        let folder = tempfile::tempdir().expect("a folder");
        let out = path_in(&folder, "x");
        let append = |option: &str, more: &[&str]| {
            stdout(&["cp", "-f", FILES[0], "-o", &out, "--container", container]);
            let output = run(&[&["cp", FILES[1], "-o", &out, "--append", option][..], more].concat());
            assert_eq!(output.status.code(), Some(0), "{container} {option}: {}", err(&output));
            assert_eq!(stdout(&["check", "-q", "--data", &out]), "");
            (columns(&out, "nomvar"), err(&output))
        };
        let (names, said) = append("--skip-same", &[]);
        assert_eq!(names, [">>", "^^", "TT", "TT"], "{container}");
        assert!(said.contains("2 records skipped, whatever their values: in the output already"), "{said}");
        for more in [&[][..], &["--reencode", "--descriptors"], &["--compress"]] {
            let (names, said) = append("--replace", more);
            assert_eq!(names, ["TT", ">>", "^^", "TT"], "{container} {more:?}");
            assert!(said.contains("2 records of the output replaced"), "{said}");
        }
    }
}

/// The restarted run gives the last time of one file again in the next.
#[test]
fn which_copy_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = ["1", "2", "3"].map(|name| path_in(&folder, name));
    for (path, value) in paths.iter().zip([1.0_f32, 2.0, 3.0]) {
        let mut writer = Writer::create(path).expect("a file");
        for (name, ip1) in [("TT", 500), ("TT", 850)] {
            let record = Attributes::new(name).ip1(ip1);
            writer.write(&record, &Array::new(&[value], (1, 1, 1)).expect("a value")).expect("written");
        }
        writer.close().expect("closed");
    }
    let [a, b, c] = &paths;
    let out = path_in(&folder, "out");
    let values = || {
        let lines = stdout(&["stat", "--csv", &out]);
        let mut lines = lines.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let at = lines.next().and_then(|head| head.iter().position(|name| *name == "max")).expect("a column");
        lines.map(|line| line[at].to_owned()).collect::<Vec<_>>()
    };
    for (option, new, appended) in [("--replace", "3.0", "2.0"), ("--skip-same", "1.0", "1.0")] {
        run(&["cp", "-f", a, b, c, "-o", &out, option]);
        assert_eq!(values(), [new, new], "{option}");
        stdout(&["cp", "-f", a, "-o", &out]);
        run(&["cp", c, b, "-o", &out, "--append", option]);
        assert_eq!(values(), [appended, appended], "{option}");
    }
    // What `--set` makes equal is equal.
    run(&["cp", "-f", a, "-o", &out, "--replace", "--set", "ip1=1"]);
    assert_eq!(values(), ["1.0"]);
    // All copies that there are give way to one.
    stdout(&["cp", "-f", a, a, a, "-o", &out]);
    let said = err(&run(&["cp", b, "-o", &out, "--append", "--replace"]));
    assert_eq!(values(), ["2.0", "2.0"]);
    assert!(said.contains("6 records of the output replaced"), "{said}");
    // Another date is another record.
    let dated = copied(&folder, FILES[0]);
    stdout(&["cp", "-f", &dated, "-o", &out]);
    stdout(&["cp", &dated, "-o", &out, "--append", "--replace", "-w", "nomvar=TT", "--set", "datev=datev+6"]);
    assert_eq!(columns(&out, "nomvar").len(), 4);
}

/// The winner may be the one that a kill cut.
#[test]
fn a_damaged_copy_gives_way_to_a_sound_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path_in(&folder, "out.std");
    let sound = FILES[0];
    let cut = crate::common::damaged(folder.path(), sound, |bytes| bytes.truncate(bytes.len() - 64));
    for (a, b, option) in [(sound, &cut[..], "--replace"), (&cut, sound, "--skip-same")] {
        for packing in [&[][..], &["--reencode", "--descriptors"]] {
            let output = run(&[&["cp", "-f", a, b, "-o", &out, option][..], packing].concat());
            assert_eq!(output.status.code(), Some(1), "{}", err(&output));
            assert!(err(&output).contains("1 record not copied, 3 records copied"), "{}", err(&output));
            let mut names = columns(&out, "nomvar");
            names.sort();
            assert_eq!(names, [">>", "TT", "^^"], "{option} {packing:?}");
            assert_eq!(stdout(&["check", "-q", "--data", &out]), "");
        }
    }
}

/// XDF leaves bits of directory words without a meaning: one that is set made another record of it.
#[test]
fn reserved_bits_are_not_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let (plain, out) = (path_in(&folder, "plain.std"), path_in(&folder, "out.std"));
    let mut writer = Writer::create(&plain).expect("a file");
    for ip1 in [500, 850] {
        let value = Array::new(&[1.0_f32], (1, 1, 1)).expect("a value");
        writer.write(&Attributes::new("TT").ip1(ip1), &value).expect("written");
    }
    writer.close().expect("closed");
    let mut bytes = std::fs::read(&plain).expect("read");
    for record in File::open(&plain).expect("a file").records() {
        let at = usize::try_from(record.file_offset()).expect("small");
        let entry = bytes[at..at + 72].to_vec();
        for at in (0..bytes.len() - 71).filter(|at| bytes[*at..].starts_with(&entry)).collect::<Vec<_>>() {
            bytes[at + 8 + 4 * 13 + 3] |= 1; // below ip2
        }
    }
    let reserved = path_in(&folder, "reserved.std");
    std::fs::write(&reserved, bytes).expect("written");
    assert_eq!(stdout(&["check", "--data", "-q", &reserved]), "");
    for option in ["--skip-same", "--replace"] {
        for (first, second) in [(&reserved, &reserved), (&reserved, &plain), (&plain, &reserved)] {
            stdout(&["cp", "-f", first, "-o", &out]);
            stdout(&["cp", second, "-o", &out, "--append", option]);
            assert_eq!(columns(&out, "ip1"), ["500", "850"], "{option}");
        }
    }
}
