//! A file that a program with librmn 19 is writing: no header, no lock, only its length says so.

use std::fs;

use crate::common::{copied, err, out, path_in, run, stdout};

const HALF: &str = "cases/live_file_truncated/half.std";

#[test]
fn nothing_cuts_or_overwrites_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, data) = (copied(&folder, HALF), path_in(&folder, "a.csv"));
    fs::write(&data, "1,2\n3,4\n").expect("written");
    let before = fs::read(&path).expect("the file");
    for args in [
        &["edit", &path, "--set", "typvar=A", "--yes"][..],
        &["rm", &path, "-w", "nomvar=AA"],
        &["rm", &path, "--compact"],
        &["cp", "xdf/same_name.std", "-o", &path, "--append"],
        &["cp", "xdf/same_name.std", "-o", &path, "-f"],
        &["mk", &path, "--append", "--data", &data, "--nomvar", "A"],
        &["mk", &path, "-f", "--data", &data, "--nomvar", "A"],
        &["salvage", "xdf/same_name.std", "-o", &path, "-f"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", out(&output));
        assert!(err(&output).contains("144 bytes follow its end"), "{args:?}: {}", err(&output));
        assert_eq!(fs::read(&path).expect("the file"), before, "{args:?}");
    }
    assert!(stdout(&["check", &path]).contains("another program is writing, or died"));
    // What reads is free to.
    stdout(&["cp", &path, "-o", &path_in(&folder, "copy.std")]);
}

#[test]
fn with_unlock_its_records_are_taken_in() {
    for args in [
        &["edit", "FILE", "-w", "nomvar=AA", "--set", "typvar=A", "--yes", "--unlock"][..],
        &["rm", "FILE", "-w", "nomvar=ZZ or nomvar=AA", "--unlock"],
        &["cp", "xdf/same_name.std", "-o", "FILE", "--append", "--unlock"],
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = copied(&folder, HALF);
        let args: Vec<_> = args.iter().map(|&arg| if arg == "FILE" { path.as_str() } else { arg }).collect();
        stdout(&args);
        assert!(stdout(&["ls", &path]).contains("BB"), "{args:?}");
        assert!(stdout(&["check", "--data", &path]).contains("sound"), "{args:?}");
    }
}

/// What nobody has seen is not deleted, and dry runs say that they do not see it.
#[test]
fn what_is_taken_in_is_not_deleted_with_the_same_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = copied(&folder, HALF);
    let dry = run(&["rm", &path, "-n", "--unlock", "-w", "nomvar=BB"]);
    assert!(err(&dry).contains("not looked at: --unlock takes it in"), "{}", err(&dry));
    let dry = stdout(&["edit", &path, "--unlock", "--set", "typvar=A"]);
    assert!(dry.contains("not looked at: --unlock takes it in"), "{dry}");
    for args in [&["rm", &path, "-n", "-w", "nomvar=AA"][..], &["edit", &path, "--set", "typvar=A"]] {
        let dry = stdout(args);
        assert!(dry.contains("but ") && dry.contains("--unlock takes the complete records in"), "{args:?}: {dry}");
    }
    let removed = run(&["rm", &path, "--unlock", "-w", "nomvar=*"]);
    assert!(err(&removed).contains("1 record taken in as they are"), "{}", err(&removed));
    assert_eq!(stdout(&["ls", "--csv", "--columns", "nomvar", &path]), "nomvar\nBB\n");
    let none = run(&["rm", &copied(&folder, HALF), "--unlock", "-w", "nomvar=BB"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(err(&none).contains("taken in as they are"), "{}", err(&none));
    assert!(stdout(&["ls", &path]).contains("BB"));
    // Nor is it changed.
    let path = copied(&folder, HALF);
    let edited = run(&["edit", &path, "--unlock", "--set", "etiket=SEEN", "--yes"]);
    assert!(err(&edited).contains("1 record taken in as they are"), "{}", err(&edited));
    assert_eq!(stdout(&["ls", "--csv", "--columns", "nomvar,etiket", &path]), "nomvar,etiket\nAA,SEEN\nBB,CASE\n");
    // A sound file has nothing of the kind.
    let dry = stdout(&["rm", &path, "-n", "--unlock", "-w", "nomvar=BB"]);
    assert!(dry.ends_with("1 record would be deleted\n"), "{dry}");
}

#[test]
fn what_is_cut_off_is_told() {
    for args in [
        &["edit", "FILE", "--set", "typvar=A", "--yes", "--unlock"][..],
        &["cp", "xdf/same_name.std", "-o", "FILE", "--append", "--unlock"],
        &["rm", "FILE", "-w", "nomvar=AA", "--unlock"],
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = copied(&folder, HALF);
        let whole = fs::read(&path).expect("the file");
        fs::write(&path, &whole[..whole.len() - 10]).expect("ours");
        let args: Vec<_> = args.iter().map(|&arg| if arg == "FILE" { path.as_str() } else { arg }).collect();
        let done = run(&args);
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", err(&done));
        assert!(err(&done).contains("134 bytes of an incomplete record cut off"), "{args:?}: {}", err(&done));
    }
}
