//! `ls --style` was another name of `--voir`; the grid columns were missing without a word.

use crate::common::{err, out, run, stdout};

const FILE: &str = "cases/style-alias/t.std";

#[test]
fn style_without_value_is_that_of_voir() {
    let output = run(&["ls", "--style", FILE]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0));
    for item in ["(DATE-V  h m s)   STAMP-V", "       LEVEL   ", "      IP1"] {
        assert!(text.contains(item), "{item}: {text}");
    }
    assert!(!text.contains("DATE-O"), "{text}");
    assert!(text.contains("20200615 060000 442367000") && text.contains("500 mb"), "{text}");
    // What is not there is said once.
    assert_eq!(err(&output).matches("GRIDINFO").count(), 1, "{}", err(&output));
    let long = run(&["ls", "--voir=NINJNK+DATEV+LEVEL+IP1+GRIDINFO", FILE, FILE]);
    assert!(out(&long).contains(text.trim()), "{}", out(&long));
    assert_eq!(err(&long).matches("GRIDINFO").count(), 1);
    assert_eq!(err(&run(&["ls", "--style=full", FILE])).matches("GRIDINFO").count(), 1);
    assert_eq!(err(&run(&["-q", "ls", "--style=FULL", FILE])), "");
}

#[test]
fn voir_without_value_is_that_of_voir_without_style() {
    let output = run(&["ls", "--voir", FILE]);
    assert!(out(&output).contains("(DATE-O  h m s)") && !out(&output).contains("LEVEL"), "{}", out(&output));
    assert_eq!(err(&output), "");
    // Both together are `voir -style`.
    assert_eq!(stdout(&["ls", "--voir", "--style=DATEV", FILE]), stdout(&["ls", "--style=DATEV", FILE]));
    assert_eq!(run(&["ls", "--style", "--json", FILE]).status.code(), Some(2));
}

#[test]
fn words_that_are_none_are_named() {
    // Without them a listing lacks columns that somebody wants.
    for words in ["--style=FOO", "--voir=FOO", "--style=NINJNK+FOO+datev+DASIZ"] {
        let output = run(&["ls", words, FILE]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{words}");
        assert!(err(&output).contains("no word `FOO`") && err(&output).lines().count() == 1, "{}", err(&output));
    }
    let text = stdout(&["ls", "--style=NINJNK+datev+DASIZ", FILE]);
    assert!(text.contains("STAMP-V") && text.contains("DTY  SIZ"), "{text}");
    assert!(text.lines().any(|line| line.trim_end().ends_with("E 32  32")), "{text}");
}
