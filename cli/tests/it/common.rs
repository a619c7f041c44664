//! Running the program on the files of `testdata`.

use std::{fs, path::Path, process::Output};

use assert_cmd::Command;
use serde_json::Value;

/// The program, in the folder of the test files.
pub fn rpnfst(args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("rpnfst").expect("the program is built");
    command.current_dir(testdata()).args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.env_remove("NEWDATE_OPTIONS");
    command
}

/// What it says with these arguments.
pub fn run(args: &[&str]) -> Output {
    rpnfst(args).output().expect("it runs")
}

/// Its standard output; it must end well.
pub fn stdout(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    out(&output)
}

/// What a listing with a condition says, which may select nothing: then the exit status says so.
pub fn listed(args: &[&str]) -> String {
    let output = run(args);
    let text = out(&output);
    let nothing = err(&output) == "rpnfst: no record selected\n";
    assert_eq!(output.status.code(), Some(i32::from(nothing)), "{args:?}: {}", err(&output));
    text
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// One JSON object a line.
pub fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

pub fn testdata() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata"))
}

/// What the reference library reads from a file of `testdata`.
pub fn expected(name: &str) -> Value {
    let text = fs::read_to_string(testdata().join(name)).expect("the description");
    serde_json::from_str(&text).expect("JSON")
}

/// Its records.
pub fn records(description: &Value) -> &[Value] {
    description["records"].as_array().map_or(&[], Vec::as_slice)
}

/// A copy of a file of `testdata`, changed.
pub fn damaged(folder: &Path, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = fs::read(testdata().join(name)).expect("the file");
    change(&mut bytes);
    let path = folder.join(Path::new(name).file_name().expect("a name"));
    fs::write(&path, bytes).expect("written");
    path.display().to_string()
}

/// The names of what is in a folder, in their order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The path of a file in a folder.
pub fn path_in(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// A copy of a file of `testdata`.
pub fn copied(folder: &tempfile::TempDir, name: &str) -> String {
    damaged(folder.path(), name, |_| ())
}

/// What a terminal of so many columns gets to see, the two streams together; `None` where nothing makes one.
pub fn on_terminal(columns: usize, args: &[&str]) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None; // `script` has other arguments
    }
    let program = assert_cmd::cargo::cargo_bin("rpnfst").display().to_string();
    let quoted = std::iter::once(&*program).chain(args.iter().copied()).map(|arg| format!("'{arg}'"));
    let line = format!("stty rows 24 cols {columns} && {}", quoted.collect::<Vec<_>>().join(" "));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(testdata());
    script.env_remove("COLUMNS").env_remove("NO_COLOR").env("TERM", "xterm");
    let Ok(output) = script.output() else {
        eprintln!("no program `script`: nothing is looked at on a terminal");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"))
}
