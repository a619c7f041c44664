//! Questions in SQL.

use serde_json::Value;

use crate::common::{err, json_lines, out, path_in, run, stdout};

const SAME: &str = "xdf/same_name.std";
const PLACES: &str = "cases/intervals.std";

#[test]
fn every_field_is_that_of_a_listing() {
    let listed = json_lines(&stdout(&["ls", "--json", SAME, PLACES]));
    let asked = json_lines(&stdout(&["sql", "--json", "SELECT * FROM records", SAME, PLACES]));
    assert_eq!(listed.len(), asked.len());
    for (row, (listed, asked)) in listed.iter().zip(&asked).enumerate() {
        assert_eq!(asked["row"], row);
        let fields = listed.as_object().expect("an object");
        for (name, value) in fields.iter().filter(|(name, _)| !["index", "metadata"].contains(&name.as_str())) {
            assert_eq!(asked[name], *value, "{name} of row {row}");
        }
    }
}

#[test]
fn an_answer_has_the_form_that_is_asked_for() {
    let question = "SELECT nomvar, COUNT(*) AS n, MAX(valid_time) AS last FROM records GROUP BY nomvar ORDER BY nomvar";
    let table = stdout(&["sql", question, SAME]);
    let csv = stdout(&["sql", "--csv", question, SAME]);
    assert!(table.starts_with("nomvar") && csv.starts_with("nomvar,n,last\n"), "{table}{csv}");
    assert_eq!(table.lines().count(), csv.lines().count());
    let json = json_lines(&stdout(&["sql", "--json", question, SAME]));
    for (line, object) in csv.lines().skip(1).zip(&json) {
        let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(line, format!("{},{},{}", text("nomvar"), object["n"], text("last")));
    }
    let n: u64 = json.iter().filter_map(|object| object["n"].as_u64()).sum();
    assert_eq!(usize::try_from(n), Ok(stdout(&["ls", "--no-header", SAME]).lines().count()));
    assert_eq!(stdout(&["sql", "--csv", "--no-header", "SELECT 1 + 1 AS two FROM records LIMIT 1", SAME]), "2\n");
}

#[test]
fn what_is_missing_is_null() {
    let question = "SELECT level, interval_begin FROM records WHERE interval_begin IS NULL LIMIT 1";
    let lines = json_lines(&stdout(&["sql", "--json", question, SAME]));
    assert_eq!(lines[0]["interval_begin"], Value::Null);
    assert!(stdout(&["sql", "--no-header", question, SAME]).trim_end().ends_with('-'));
}

#[test]
fn parquet_files_are_complete_and_keep_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = path_in(&folder, "records.parquet");
    let args = ["sql", "SELECT * FROM records", SAME, "--parquet", &path];
    assert_eq!(stdout(&args), "");
    let bytes = std::fs::read(&path).expect("the file");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let again = run(&args);
    assert_eq!(again.status.code(), Some(2));
    assert!(err(&again).contains("exists already; -f overwrites it"), "{}", err(&again));
    stdout(&[&args[..], &["-f"]].concat());
}

#[test]
fn wrong_questions_and_files_are_said() {
    for (args, what) in [
        (&["sql", "SELEC", SAME][..], "SQL: "),
        (&["sql", "SELECT colour FROM records", SAME], "colour"),
        (&["sql", "SELECT * FROM files", SAME], "files"),
        (&["sql", "SELECT * FROM records WHERE valid_time > 'soon'", SAME], "SQL: "),
        (&["sql", " ", SAME], "empty"),
        (&["sql", "SELECT * FROM records", "nothing.std"], "nothing.std"),
        (&["sql", "SELECT * FROM records"], "no files given"),
    ] {
        let output = run(args);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{args:?}");
        assert!(err(&output).contains(what), "{args:?}: {}", err(&output));
        assert_eq!(err(&output).lines().count(), 1, "{}", err(&output));
    }
    let some = run(&["sql", "--csv", "SELECT COUNT(*) AS n FROM records", "nothing.std", SAME]);
    assert_eq!((some.status.code(), out(&some)), (Some(2), format!("n\n{}\n", 44)));
}
