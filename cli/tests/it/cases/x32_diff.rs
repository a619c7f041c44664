//! Tolerances are for numbers: not for raw words, not for characters.

use std::fs;

use serde_json::Value;

use crate::common::{copied, json_lines, out, path_in, run, stdout};

const FILES: [&str; 4] = ["a", "b", "a_ieee", "b_ieee"];

fn files() -> [String; 4] {
    FILES.map(|name| format!("cases/x32-diff/{name}.std"))
}

#[test]
fn reals_in_words_are_compared_as_reals() {
    let [a, b, a_ieee, b_ieee] = files();
    for (x, y) in [(&a, &b), (&a_ieee, &b_ieee), (&a, &b_ieee), (&a_ieee, &b)] {
        let output = run(&["diff", x, y, "--rel", "1e-5", "--json"]);
        assert_eq!(output.status.code(), Some(1), "{x} {y}");
        let values = &json_lines(&out(&output))[0]["values"];
        let [abs, rel] = ["max_abs", "max_rel"].map(|name| values[name].as_f64().expect("a number"));
        assert!((0.2999..0.3001).contains(&abs) && (0.00107..0.00108).contains(&rel), "{values}");
        assert_eq!(run(&["diff", "-q", x, y, "--rel", "2e-3"]).status.code(), Some(0), "{x} {y}");
    }
    assert_eq!(stdout(&["diff", &a, &a_ieee]), "1 identical\n");
}

#[test]
fn words_of_which_nothing_is_known_are_equal_or_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut words, [a, b, a_ieee, _]) = (Vec::new(), files());
    for file in [&a, &b] {
        words.push(copied(&folder, file));
        stdout(&["edit", &words[words.len() - 1], "--set", "nomvar=VV", "--descriptors", "--yes"]);
    }
    let (x, y) = (&words[0], &words[1]);
    for tolerance in [["--rel", "1"], ["--abs", "1e9"], ["--bits", "1"]] {
        let output = run(&[&["diff", "--json", x, y], &tolerance[..]].concat());
        assert_eq!(output.status.code(), Some(1), "{tolerance:?}");
        let values = &json_lines(&out(&output))[0]["values"];
        assert_eq!((&values["differ"], &values["why"]), (&12.into(), &"raw words".into()));
        for name in ["max_abs", "max_rel", "rms", "correlation", "bias"] {
            assert_eq!(values[name], Value::Null, "{name}");
        }
    }
    let table = out(&run(&["diff", x, y, "--rel", "1"]));
    assert!(table.contains(" 12/12    -    -    -     -     -  raw words\n"), "{table}");
    assert_eq!(stdout(&["diff", x, x]), "1 identical\n");
    for (kind, status) in [("f4", 1), ("u4", 0), ("i4", 0)] {
        let output = run(&["diff", "-q", x, y, "--rel", "1e-5", "--words-as", kind]);
        assert_eq!(output.status.code(), Some(status), "{kind}");
    }
    // Words are not numbers, whatever these are.
    let reals = copied(&folder, &a_ieee);
    stdout(&["edit", &reals, "--set", "nomvar=VV", "--descriptors", "--yes"]);
    let output = run(&["diff", x, &reals, "--rel", "9"]);
    assert!(out(&output).contains("raw words / numbers\n"), "{}", out(&output));
    assert_eq!(stdout(&["diff", x, &reals, "--words-as", "f4"]), "1 identical\n");
}

#[test]
fn characters_are_equal_or_not() {
    let folder = tempfile::tempdir().expect("a folder");
    for datyp in ["3", "7"] {
        let [a, b] = ["MONTREAL", "MONTREAM"].map(|text| {
            let (csv, file) = (path_in(&folder, "text.csv"), path_in(&folder, &format!("{text}{datyp}.std")));
            let codes: Vec<_> = text.bytes().map(|byte| byte.to_string()).collect();
            fs::write(&csv, codes.join(",") + "\n").expect("written");
            stdout(&["mk", &file, "--data", &csv, "--nomvar", "NAME", "--datyp", datyp]);
            file
        });
        let output = run(&["diff", &a, &b, "--abs", "1"]);
        assert_eq!(output.status.code(), Some(1), "type {datyp}");
        assert!(out(&output).contains(" 1/8    -    -    -     -     -  characters\n"), "{}", out(&output));
        assert_eq!(stdout(&["diff", &a, &a, "--abs", "1"]), "1 identical\n");
    }
}

#[test]
fn tolerances_are_finite() {
    let [a, b, ..] = files();
    for tolerance in ["nan", "inf", "-inf", "1e999", "-1", ""] {
        for option in ["--abs", "--rel"] {
            let output = run(&["diff", &a, &b, &format!("{option}={tolerance}")]);
            assert_eq!(output.status.code(), Some(2), "{option}={tolerance}");
        }
    }
}
