//! `rpnfst index`, and indexes in the place of files.

use std::{fs, path::Path};

use crate::common::{damaged, err, json_lines, out, path_in, run, stdout, testdata};

const NAME: &str = "rpnfst-index.parquet";

/// `a.std`, `b/c.std`, `b/d.rsf` and a text.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("b")).expect("made");
    for (from, to) in
        [("xdf/same_name.std", "a.std"), ("cases/intervals.std", "b/c.std"), ("rsf/extended_metadata.rsf", "b/d.rsf")]
    {
        fs::copy(testdata().join(from), folder.path().join(to)).expect("copied");
    }
    fs::write(folder.path().join("README"), "Dear reader,\n").expect("written");
    folder
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn commands_say_of_an_index_what_they_say_of_its_files() {
    let folder = archive();
    let (root, index) = (text(folder.path()), path_in(&folder, NAME));
    let said = stdout(&["index", &root]);
    let records = stdout(&["ls", "-q", "--no-header", &root]).lines().count();
    assert_eq!(said, format!("{index}: {records} records of 3 files\n"));
    // The index is no file of the folder.
    assert!(err(&run(&["ls", &root])).contains(": 1 file is no FST file"), "{}", err(&run(&["ls", &root])));
    for args in [
        &["ls", "--json"][..],
        &["ls", "--csv", "-w", "nomvar=TT"],
        &["ls"],
        &["ls", "--voir"],
        &["ls", "--json", "--sort", "-level,path"],
        &["ls", "--json", "--sort", "-file"],
        &["ls", "--group", "nomvar,level_kind"],
        &["stat", "--json", "-w", "nomvar=TT"],
        &["digest", "--json"],
        &["info", "--json"],
        &["get", "--format", "json", "-w", "nomvar=QQ"],
        &["get", "--format", "json", "-i", "1"],
        &["check"],
    ] {
        let of_files = run(&[args, &[&root, "-q"]].concat());
        let of_index = run(&[args, &[&index, "-q"]].concat());
        assert_eq!(out(&of_index), out(&of_files), "{args:?}");
        assert_eq!((of_index.status.code(), err(&of_index)), (of_files.status.code(), err(&of_files)), "{args:?}");
    }
    // Copies, with and without what describes their grids.
    for more in [&[][..], &["--with-grid"], &["--set", "etiket=X"]] {
        let [one, other] = ["one", "other"].map(|name| path_in(&folder, name));
        stdout(&[&["cp", "-q", &root, "-o", &one, "-w", "nomvar=TT"], more].concat());
        stdout(&[&["cp", "-q", &index, "-o", &other, "-w", "nomvar=TT"], more].concat());
        let listed = |path: &str| stdout(&["ls", "--csv", "--columns", "nomvar,etiket,level,valid_time", path]);
        assert_eq!(listed(&one), listed(&other), "{more:?}");
        fs::remove_file(one).expect("removed");
        fs::remove_file(other).expect("removed");
    }
    stdout(&["diff", "-q", &root, &index]);
    // The calendar of the command decides which day a run began.
    for calendar in ["gregorian", "360_day"] {
        let args = ["stat", "--json", "--calendar", calendar, "-w", "origin_time>=2020-06-15", "-q"];
        assert_eq!(out(&run(&[&args[..], &[&index]].concat())), out(&run(&[&args[..], &[&root]].concat())));
    }
    // Nothing selected is told as ever.
    let output = run(&["stat", &index, "-w", "nomvar=NONE"]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(1), "rpnfst: no record selected\n"));
    // Beside files, in any order, and twice.
    let names = |args: &[&str]| -> Vec<String> {
        let lines = json_lines(&stdout(&[&["ls", "-q", "--json", "--sort", "file"], args].concat()));
        let mut names: Vec<_> = lines.iter().map(|line| format!("{} {}", line["file"], line["path"])).collect();
        names.dedup();
        names
    };
    let masks = "xdf/masks.std";
    let files = names(&[masks, &root, masks]);
    assert_eq!((names(&[masks, &index, masks]), files.len()), (files, 5));
    assert_eq!(names(&[&index, &index]).len(), 6);
}

#[test]
fn stale_entries_are_read_again_and_an_update_repairs_them() {
    let folder = archive();
    let (root, index) = (text(folder.path()), path_in(&folder, NAME));
    stdout(&["index", &root]);
    let [a, c] = ["a.std", "b/c.std"].map(|name| path_in(&folder, name));
    fs::copy(testdata().join("xdf/masks.std"), &a).expect("replaced");
    let output = run(&["ls", "--json", &index]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("1 file is not as in the index, read again"), "{}", err(&output));
    assert_eq!(out(&output), stdout(&["ls", "--json", "-q", &root]));
    let output = run(&["get", "--format", "json", &index]);
    assert_eq!(out(&output), out(&run(&["get", "--format", "json", &root])));
    fs::remove_file(&c).expect("removed");
    let output = run(&["ls", "--json", &index]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("c.std"), "{}", err(&output));
    fs::copy(testdata().join("xdf/masks.std"), folder.path().join("new.std")).expect("copied");
    let said = stdout(&["index", &root, "--update"]);
    assert!(said.contains("of 3 files; 1 kept, 2 read, 1 removed"), "{said}");
    let output = run(&["ls", "--json", &index]);
    assert_eq!((err(&output).as_str(), output.status.code()), ("", Some(0)));
    assert_eq!(out(&output), stdout(&["ls", "--json", "-q", &root]));
    let said = stdout(&["index", &root, "--update"]);
    assert!(said.contains("of 3 files; 3 kept, 0 read, 0 removed"), "{said}");
}

/// Same size and time, other records: the time lies too near to the reading to prove anything.
#[test]
fn a_file_that_was_written_just_before_is_not_taken_by_its_time() {
    let folder = archive();
    let (root, index) = (text(folder.path()), path_in(&folder, NAME));
    let a = path_in(&folder, "a.std");
    let touch = |time| {
        let file = fs::OpenOptions::new().append(true).open(&a).expect("open");
        file.set_modified(time).expect("a time");
    };
    let now = std::time::SystemTime::now();
    touch(now);
    stdout(&["index", &root]);
    let size = fs::metadata(&a).expect("there").len();
    // As long as the records are the same, nothing is said.
    let output = run(&["ls", "--json", &index]);
    assert_eq!((err(&output).as_str(), out(&output)), ("", stdout(&["ls", "--json", "-q", &root])));
    stdout(&["rm", &a, "-w", "nomvar=TT"]);
    touch(now);
    assert_eq!(fs::metadata(&a).expect("there").len(), size);
    let output = run(&["ls", "--json", &index]);
    assert!(err(&output).contains("1 file is not as in the index, read again"), "{}", err(&output));
    assert_eq!(out(&output), stdout(&["ls", "--json", "-q", &root]));
}

/// What is damaged is told through an index as of the file itself, and by each update.
#[test]
fn damage_is_told_behind_an_index_too() {
    let folder = archive();
    let (root, index) = (text(folder.path()), path_in(&folder, NAME));
    let cut = damaged(folder.path(), "xdf/masks.std", |bytes| bytes.truncate(bytes.len() / 2));
    let said = run(&["ls", "-q", &cut]);
    let warned = err(&run(&["ls", &cut]));
    assert!(said.status.code() == Some(1) && !warned.is_empty(), "{warned}");
    for args in [&["index", &root][..], &["index", &root, "--update"], &["index", &root, "--update"]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(err(&output).contains(warned.lines().next().expect("a line")), "{args:?}: {}", err(&output));
        for args in [&["ls", "--json"][..], &["ls", "--group", "nomvar"], &["stat", "--json"]] {
            let [of_files, of_index] = [&root, &index].map(|from| run(&[args, &[from]].concat()));
            assert_eq!(of_index.status.code(), of_files.status.code(), "{args:?}");
            assert_eq!(out(&of_index), out(&of_files), "{args:?}");
            assert!(err(&of_files).ends_with(&err(&of_index)) && !err(&of_index).is_empty(), "{args:?}");
        }
    }
}

#[test]
fn an_update_takes_the_calendar_that_is_given() {
    let folder = archive();
    let (root, index) = (text(folder.path()), path_in(&folder, NAME));
    let calendar = || rpnfst_arrow::read_index(&index).expect("read").calendar();
    stdout(&["index", &root, "--calendar", "365_day"]);
    stdout(&["index", &root, "--update"]);
    assert_eq!(calendar(), rpnfst::record::Calendar::NoLeap, "that of the index");
    stdout(&["index", &root, "--update", "--calendar", "360_day"]);
    assert_eq!(calendar(), rpnfst::record::Calendar::Days360);
    assert!(run(&["index", &root, "--update", "--max-memory", "4M"]).status.success());
}

/// Through a link the index is written where it points, and read as if it was named there.
#[cfg(unix)]
#[test]
fn links_to_indexes_stay_links() {
    let folder = archive();
    let root = text(folder.path());
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (link, index) = (path_in(&elsewhere, "link"), path_in(&folder, "b/x.parquet"));
    std::os::unix::fs::symlink(&index, &link).expect("linked");
    // Where nothing is yet, over an index, and by an update.
    for more in [&[][..], &[], &["--update"]] {
        stdout(&[&["index", &root, "-o", &link], more].concat());
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink(), "{more:?}");
        assert!(!fs::symlink_metadata(&index).expect("there").is_symlink(), "{more:?}");
        for from in [&link, &index] {
            let args = ["ls", "--csv", "--columns", "nomvar,file_offset"];
            assert_eq!(stdout(&[&args[..], &[from]].concat()), stdout(&[&args[..], &[&root, "-q"]].concat()));
        }
    }
    assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 1);
}

/// The container of a copy does not depend on which files an index spares.
#[test]
fn copies_through_an_index_have_the_container_of_the_first_file() {
    let folder = archive();
    let (root, index) = (text(folder.path()), path_in(&folder, NAME));
    stdout(&["index", &root]);
    let [masks, rsf] = ["xdf/masks.std".to_owned(), path_in(&folder, "b/d.rsf")];
    for (inputs, wanted) in [
        // In `b/d.rsf` alone.
        (vec![index.as_str()], "nomvar=MD00"),
        (vec![rsf.as_str(), index.as_str()], "nomvar=TT"),
        (vec![index.as_str(), masks.as_str()], "nomvar=TT"),
    ] {
        let files: Vec<&str> = inputs.iter().map(|input| if *input == index { &*root } else { input }).collect();
        let container = |inputs: &[&str]| {
            let copy = path_in(&folder, "copy");
            stdout(&[&["cp", "-q", "-o", &copy, "-w", wanted], inputs].concat());
            let info = json_lines(&stdout(&["info", "--json", &copy]))[0]["container"].clone();
            fs::remove_file(&copy).expect("removed");
            info
        };
        assert_eq!(container(&inputs), container(&files), "{inputs:?} -w {wanted}");
    }
}

/// The number of a file is that among all inputs, not that in the index.
#[test]
fn conditions_on_the_number_of_a_file() {
    let folder = archive();
    let (root, index) = (text(folder.path()), path_in(&folder, NAME));
    stdout(&["index", &root]);
    let masks = "xdf/masks.std";
    for condition in ["file=0", "file=1", "file=3", "not file=2", "file=9"] {
        for args in [&["ls", "--json"][..], &["ls", "--json", "--sort", "file"], &["stat", "--json"], &["digest"]] {
            let of = |from: &str| run(&[args, &["-q", "-w", condition, masks, from]].concat());
            let (of_index, of_files) = (of(&index), of(&root));
            assert_eq!(out(&of_index), out(&of_files), "{args:?} {condition}");
            assert_eq!(of_index.status.code(), of_files.status.code(), "{args:?} {condition}");
            assert_eq!(of_index.status.code() == Some(1), condition == "file=9", "{args:?}");
        }
    }
}

#[test]
fn an_index_moves_with_its_folder() {
    let folder = archive();
    let old = folder.path().join("old");
    fs::create_dir(&old).expect("made");
    for name in ["a.std", "b"] {
        fs::rename(folder.path().join(name), old.join(name)).expect("moved");
    }
    stdout(&["index", &text(&old)]);
    let new = folder.path().join("new");
    fs::rename(&old, &new).expect("moved");
    let output = run(&["ls", "--json", &text(&new.join(NAME))]);
    assert_eq!((err(&output).as_str(), out(&output)), ("", stdout(&["ls", "--json", &text(&new)])));
}

#[test]
fn what_is_no_index_is_refused() {
    let folder = archive();
    let root = text(folder.path());
    let index = path_in(&folder, "x.parquet");
    // Nothing is overwritten that is no index, and no input.
    fs::write(&index, "mine").expect("written");
    for (args, what) in [
        (&["index", &root, "-o", &index][..], "is no index; -f overwrites it"),
        (&["index", &root, "-o", &path_in(&folder, "a.std"), "-f"], "is an input and the output"),
        (&["index", &path_in(&folder, "a.std")], "-o INDEX says where"),
        (&["index", &path_in(&folder, "README"), "-o", &path_in(&folder, "y.parquet")], "not written"),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(err(&output).contains(what), "{args:?}: {}", err(&output));
    }
    assert_eq!(fs::read_to_string(&index).expect("read"), "mine");
    assert!(!folder.path().join("y.parquet").exists());
    stdout(&["index", &root, "-o", &index, "-f"]);
    // Cut, or changed.
    let bytes = fs::read(&index).expect("read");
    for wrong in [&bytes[..bytes.len() / 2], &bytes[..5], b"PAR1PAR1"] {
        fs::write(&index, wrong).expect("written");
        let output = run(&["ls", &index]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{}", err(&output));
        assert!(err(&output).contains("x.parquet: "), "{}", err(&output));
    }
    // An output is no input of itself, by way of an index neither.
    fs::write(&index, &bytes).expect("written");
    let output = run(&["cp", &index, "-o", &index, "-f"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("is an input and the output"), "{}", err(&output));
}
