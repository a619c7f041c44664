//! The commands of `docs/from-rmn-tools.md`, as a reader would type them.
#![cfg(unix)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::common::{damaged, path_in, stdout};

#[test]
fn commands_of_the_documentation_run() {
    let folder = tempfile::tempdir().expect("a folder");
    stdout(&["cp", "xdf/same_name.std", "-o", &path_in(&folder, "model.std")]);
    stdout(&["cp", "xdf/masks.std", "xdf/same_name.std", "-o", &path_in(&folder, "old.std")]);
    stdout(&["cp", "xdf/same_name.std", "-o", &path_in(&folder, "model.rsf"), "--container", "rsf"]);
    let bad = damaged(folder.path(), "xdf/same_name.std", |bytes| bytes.truncate(31000));
    fs::rename(bad, path_in(&folder, "bad.std")).expect("renamed");
    let program = Path::new(env!("CARGO_BIN_EXE_rpnfst"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().expect("a folder").display());
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/from-rmn-tools.md")).expect("the page");
    let (mut shell, mut count) = (false, 0);
    for line in page.lines() {
        if line.starts_with("```") {
            shell = line == "```sh";
        } else if shell {
            let mut command = Command::new("sh");
            command.args(["-c", line]).current_dir(folder.path()).env("PATH", &path).stdout(Stdio::null());
            let output = command.output().expect("it runs");
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            count += 1;
        }
    }
    assert!(count > 25, "{count} commands");
}
