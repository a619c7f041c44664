//! A field whose values are all missing was refused: element 0 is -1.99e38.

use std::fs;

use crate::common::{path_in, stdout};

#[test]
fn it_comes_back_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let [array, out, again] = ["a.csv", "out", "again"].map(|name| path_in(&folder, name));
    fs::write(&array, "7,7,7\n7,7,7\n").expect("written");
    let missing = |file: &str| {
        let lines = stdout(&["stat", "--csv", file]);
        let mut lines = lines.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let at = lines.next().and_then(|head| head.iter().position(|name| name == "missing")).expect("a column");
        lines.next().map(|line| line[at].clone()).expect("a record")
    };
    for container in ["xdf", "rsf"] {
        for rules in ["librmn19", "librmn20"] {
            for (datyp, bits, dtype) in [
                ("65", "12", "f4"),
                ("66", "8", "u4"),
                ("68", "16", "i4"),
                ("69", "32", "f4"),
                ("70", "16", "f4"),
                ("70", "24", "f4"),
                ("193", "16", "f8"),
                ("194", "8", "u4"),
                ("197", "32", "f4"),
                ("198", "24", "f4"),
            ] {
                let options = ["--nomvar", "TT", "--missing", "7", "--datyp", datyp, "--nbits", bits, "--dtype", dtype];
                let to = ["mk", "-f", &out, "--data", &array, "--container", container, "--rules", rules];
                stdout(&[&to[..], &options].concat());
                assert_eq!(missing(&out), "6", "{container} {rules} {datyp} {bits}");
                stdout(&["cp", "-f", &out, "-o", &again, "--reencode", "--rules", rules]);
                assert_eq!(missing(&again), "6", "{container} {rules} {datyp} {bits}");
            }
        }
    }
}
