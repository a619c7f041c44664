//! More inputs than a process may have open: they are not mapped, and stay open as long as descriptors are not short.
#![cfg(target_os = "linux")]

use std::{fs, process::Command};

use crate::common::{copied, path_in, stdout};

#[test]
fn more_than_descriptors() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, "xdf/masks.std");
    let list: Vec<_> = (0..2000).map(|k| path_in(&folder, &format!("{k:04}.std"))).collect();
    for path in &list {
        fs::hard_link(&file, path).expect("a link");
    }
    let [names, some, all, split] = ["names", "some", "all.rsf", "split/{stem}.rsf"].map(|name| path_in(&folder, name));
    fs::write(&names, list.join("\n")).expect("written");
    fs::write(&some, list[..400].join("\n")).expect("written");
    let count = stdout(&["ls", "--csv", "--no-header", &file]).lines().count();
    for args in [
        format!("cp --files-from {names} --container rsf -o {all}"),
        format!("cp --files-from {some} --container rsf -o {split} --set etiket=NEW"),
        format!("get --files-from {names} -i 0 --missing classic -o {all}.json"),
    ] {
        let line = format!("ulimit -n 200 && exec {} {args}", env!("CARGO_BIN_EXE_rpnfst"));
        let output = Command::new("sh").args(["-c", &line]).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*said), (Some(0), ""), "{args}");
    }
    assert_eq!(stdout(&["ls", "--csv", "--no-header", &all]).lines().count(), 2000 * count);
    assert_eq!(fs::read_dir(path_in(&folder, "split")).expect("a folder").count(), 400);
    let lines = fs::read_to_string(format!("{all}.json")).expect("there");
    assert_eq!(lines.lines().count(), 2000);
}
