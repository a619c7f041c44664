//! Quotation marks delimit a text in conditions, and were stored by `--set`.

use crate::common::{copied, err, run, stdout};

const FILE: &str = "cases/set_quotes/t.std";

#[test]
fn quotation_marks_delimit_a_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    for (set, label) in [
        ("etiket=\"MY RUN\"", "MY RUN"),
        ("etiket='MY RUN'", "MY RUN"),
        ("etiket = \" X\" ", " X"),
        ("etiket='\"A\"'", "\"A\""),
        ("etiket=\"\"", ""),
        ("etiket=O'NEIL", "O'NEIL"),
        ("etiket=MY RUN", "MY RUN"),
    ] {
        stdout(&["edit", &file, "--set", "etiket=BEFORE", "--yes"]);
        stdout(&["edit", &file, "--set", set, "--yes"]);
        let shown = stdout(&["ls", "--json", "--columns", "etiket", &file]);
        assert_eq!(crate::common::json_lines(&shown)[0]["etiket"], label, "{set}");
    }
    for (set, part) in [
        ("etiket=\"MY RUN", "the quotation does not end"),
        ("etiket='", "the quotation does not end"),
        ("etiket=", "a blank text is written ''"),
        ("etiket='A' B", "text after the quotation"),
    ] {
        let output = run(&["edit", &file, "--set", set]);
        assert_eq!(output.status.code(), Some(2), "{set}");
        assert!(err(&output).contains(part), "{set}: {}", err(&output));
    }
}
