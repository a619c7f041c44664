//! Control characters of file names and metadata reached the terminal, which obeys them.

use std::{fs, path::Path, process::Output};

use crate::common::{out, path_in, rpnfst, testdata};

/// Red, the title of the window, and the 8-bit introducer of such sequences.
const NAME: &str = "x\x1b[31m\x1b]0;title\x07\u{9b}1m.std";

/// A folder with a file of that name, one that is no FST file, and one with metadata that try.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(testdata().join("xdf/masks.std"), folder.path().join(NAME)).expect("copied");
    fs::write(folder.path().join(format!("text{NAME}")), "Dear reader,\n").expect("written");
    let values = path_in(&folder, "v.csv");
    fs::write(&values, "i,j,k,value\n1,1,1,2\n").expect("written");
    let metadata = "{\"title\":\"\u{9b}31m\u{85}\"}";
    let made = rpnfst(&["mk", &path_in(&folder, "m.rsf"), "--container", "rsf", "--data", &values, "--nomvar", "TT"])
        .args(["--metadata", metadata])
        .output()
        .expect("it runs");
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

fn run_in(folder: &Path, args: &[&str]) -> Output {
    rpnfst(args).current_dir(folder).output().expect("it runs")
}

fn is_clean(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t'))
}

#[test]
fn no_command_lets_them_through() {
    let folder = folder();
    let text = format!("text{NAME}");
    let template = format!("{NAME}/{{nomvar");
    for args in [
        &["ls", NAME, NAME][..],
        &["ls", "--voir", NAME, NAME],
        &["ls", "--columns", "nomvar,metadata", "m.rsf"],
        &["info", NAME],
        &["get", NAME, NAME],
        &["get", NAME, "-o", &template],
        &["stat", NAME, NAME],
        &["digest", NAME, NAME],
        &["check", NAME],
        &["check", &text],
        &["diff", NAME, "m.rsf"],
        &["diff", NAME, &text],
        &["cp", NAME, "-o", NAME],
        &["cp", NAME, "-o", &template],
        &["rm", NAME, "-n", "-w", "nomvar=TT"],
        &["rm", &text, "-w", "nomvar=TT"],
        &["edit", NAME, "--set", "etiket=X"],
        &["edit", "m.rsf", "--set", "metadata={\"title\":\"\u{9b}32m\"}"],
        &["salvage", &text, "-o", "s.std"],
        &["mk", NAME, "--data", "v.csv", "--nomvar", "TT"],
        &["ls", NAME, "-w", NAME],
        &[NAME],
        &["ls", "--columns", NAME, NAME],
        &["ls", "--files-from", &format!("no{NAME}")],
    ] {
        let output = run_in(folder.path(), args);
        let (text, messages) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(is_clean(&text), "{args:?}: {text:?}");
        assert!(is_clean(&messages), "{args:?}: {messages:?}");
        // Our own colours do not open the door.
        let colored = run_in(folder.path(), &[&["--color", "always"], args].concat());
        for stream in [&colored.stdout, &colored.stderr] {
            let text = String::from_utf8_lossy(stream);
            assert!(
                !text.contains("\x1b[31m\x1b]") && !text.contains("0;title\x07") && !text.contains('\u{9b}'),
                "{text:?}"
            );
        }
    }
}

#[test]
fn a_line_stays_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "x: sound, 9 records\ny.std";
    fs::copy(testdata().join("xdf/masks.std"), folder.path().join(name)).expect("copied");
    for (args, lines) in [(&["check", name][..], 1), (&["digest", name, name, "-w", "nomvar=TT"], 8)] {
        let text = out(&run_in(folder.path(), args));
        assert_eq!(text.lines().count(), lines, "{text}");
    }
}

#[test]
fn a_pipe_gets_csv_and_json_exactly() {
    let folder = folder();
    let csv = run_in(folder.path(), &["ls", "--csv", "--no-header", "--columns", "metadata", "m.rsf"]);
    assert_eq!(out(&csv), "\"{\"\"title\"\":\"\"\u{9b}31m\u{85}\"\"}\"\n");
    let csv = out(&run_in(folder.path(), &["ls", "--csv", "--columns", "path", NAME, NAME]));
    assert_eq!(csv.lines().nth(1), Some(NAME));
    let json = out(&run_in(folder.path(), &["info", "--json", NAME]));
    let line: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(line["path"], NAME);
}

#[test]
fn a_terminal_gets_clean_csv_and_json() {
    let folder = folder();
    let file = folder.path().join("m.rsf").display().to_string();
    for form in ["--csv", "--json"] {
        let Some(text) = crate::common::on_terminal(200, &["ls", form, &file]) else { return };
        assert!(text.contains("title") && is_clean(&text), "{text:?}");
    }
}
