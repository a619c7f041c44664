//! `mk --records` refused `--order`: how arrays are read can be said for all records of a list.

use std::fs;

use crate::common::{err, path_in, run, stdout};

#[test]
fn options_hold_for_the_lines_that_do_not_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let [array, list, out] = ["a.csv", "list.jsonl", "out.std"].map(|name| path_in(&folder, name));
    fs::write(&array, "1,2,-999\n4,5,6\n").expect("written");
    let lines = [
        r#"{"nomvar": "A", "data": "a.csv"}"#,
        r#"{"nomvar": "B", "data": "a.csv", "missing": 6, "order": "ijk", "dtype": "i4"}"#,
    ];
    fs::write(&list, lines.join("\n")).expect("written");
    stdout(&["mk", &out, "--records", &list, "--order", "kji", "--missing", "-999", "--dtype", "f8"]);
    let columns = stdout(&["ls", "--csv", "--columns", "nomvar,ni,nj,datyp,nbits", &out]);
    assert_eq!(columns.lines().skip(1).collect::<Vec<_>>(), ["A,1,2,69,64", "B,3,2,68,11"]);
    let output = run(&["mk", "-f", &out, "--records", &list, "--order", "ijkl"]);
    assert_eq!(output.status.code(), Some(2));
    // What a list says of each record itself is not for options.
    let output = run(&["mk", "-f", &out, "--records", &list, "--etiket", "X"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("cannot be used with"), "{}", err(&output));
}
