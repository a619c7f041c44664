//! `ls --sort` and `ls --group`: the records of many files as one table.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use rpnfst::{
    RecordTable,
    record::{Cell, Column},
};
use serde_json::Value;

use crate::common::{damaged, err, json_lines, out, path_in, run, stdout, testdata};

const FILES: [&str; 4] = ["xdf/same_name.std", "cases/intervals.std", "rsf/extended_metadata.rsf", "xdf/masks.std"];

fn listed(args: &[&str]) -> Vec<Value> {
    json_lines(&stdout(&[&["ls", "--json"], args, &FILES].concat()))
}

/// Numbers and texts; what has no value comes last in either direction.
fn compare(one: &Value, other: &Value, descending: bool) -> Ordering {
    let order = match (one, other) {
        (Value::Null, Value::Null) => return Ordering::Equal,
        (Value::Null, _) => return Ordering::Greater,
        (_, Value::Null) => return Ordering::Less,
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (one, other) => one.as_f64().partial_cmp(&other.as_f64()).expect("numbers"),
    };
    if descending { order.reverse() } else { order }
}

#[test]
fn records_are_sorted_by_columns() {
    let all = listed(&[]);
    assert!(all.len() > 50, "{} records", all.len());
    for list in
        ["nomvar", "-level,nomvar", "valid_time, -index", "-path,level", "hour,-path,nomvar,-ip1", "interval_end"]
    {
        let mut expected = all.clone();
        expected.sort_by(|one, other| {
            let keys = list.split(',').map(str::trim);
            let mut orders = keys.map(|key| match key.strip_prefix('-') {
                Some(key) => compare(&one[key], &other[key], true),
                None => compare(&one[key], &other[key], false),
            });
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        assert_eq!(listed(&["--sort", list]), expected, "{list}");
    }
    // Conditions, other forms.
    let some = listed(&["-w", "nomvar=TT", "--sort=-level"]);
    assert!(!some.is_empty() && some.iter().all(|line| line["nomvar"] == "TT"));
    let csv =
        stdout(&["ls", "--csv", "--columns", "level", "--no-header", "-w", "nomvar=TT", "--sort", "level", FILES[0]]);
    let levels: Vec<f64> = csv.lines().map(|line| line.parse().expect("a level")).collect();
    assert!(levels.len() == 18 && levels.is_sorted(), "{levels:?}");
    let voir = stdout(&["ls", "--voir", "--sort", "path", FILES[0]]);
    assert_eq!(voir, stdout(&["ls", "--voir", FILES[0]]));
}

#[test]
fn groups_tell_counts_and_ranges() {
    let all = listed(&[]);
    let lines = listed(&["--group", "nomvar,level_kind"]);
    let mut expected = BTreeMap::<String, Vec<&Value>>::new();
    for record in &all {
        expected.entry(format!("{} {}", record["nomvar"], record["level_kind"])).or_default().push(record);
    }
    assert_eq!(lines.len(), expected.len());
    for line in &lines {
        let records = &expected[&format!("{} {}", line["nomvar"], line["level_kind"])];
        let column = |name: &str| records.iter().map(|record| record[name].clone()).collect::<Vec<_>>();
        let files: BTreeSet<_> = column("path").iter().map(Value::to_string).collect();
        assert_eq!(
            (line["records"].as_u64(), line["files"].as_u64()),
            (Some(records.len() as u64), Some(files.len() as u64))
        );
        let bytes = column("total_stored_bytes").iter().filter_map(Value::as_u64).sum::<u64>();
        assert_eq!(line["bytes"].as_u64(), Some(bytes));
        for (name, of, descending) in [
            ("valid_from", "valid_time", false),
            ("valid_to", "valid_time", true),
            ("level_min", "level", false),
            ("level_max", "level", true),
        ] {
            let mut values = column(of);
            values.sort_by(|one, other| compare(one, other, descending));
            assert_eq!(line[name], values[0], "{name} of {line}");
        }
        assert_eq!(line["level_unit"], records[0]["level_unit"]);
    }
    let names: Vec<_> = lines.iter().map(|line| line["nomvar"].as_str().expect("a name")).collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn lines_of_groups_are_sorted_too() {
    let counts: Vec<_> = listed(&["--group", "nomvar", "--sort", "-records"])
        .iter()
        .map(|line| line["records"].as_u64().expect("a count"))
        .collect();
    assert!(counts.iter().rev().is_sorted(), "{counts:?}");
    let paths: Vec<_> = listed(&["--group", "path"]).iter().map(|line| line["path"].to_string()).collect();
    assert_eq!((paths.len(), paths.is_sorted()), (FILES.len(), true));
    let table = stdout(&["ls", "--group", "nomvar", "-w", "nomvar=TT", FILES[0]]);
    assert_eq!(
        table,
        "nomvar  records  files  bytes  valid_from            valid_to              levels\n\
         TT           18      1   6336  2020-06-15T12:00:00Z  2020-06-15T18:00:00Z  250..1000 hPa\n"
    );
    // Several kinds of level have no smallest one together.
    let all = json_lines(&stdout(&["ls", "-q", "--json", "--group", "descriptor", "cases"]));
    let fields = all.iter().find(|line| line["descriptor"] == false).expect("fields");
    assert!(fields["levels"].as_str().is_some_and(|levels| levels.contains(" hPa, ")), "{fields}");
    assert!(["level_min", "level_max", "level_unit"].iter().all(|name| fields[*name].is_null()), "{fields}");
}

#[test]
fn what_is_wrong_is_said_as_without_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = damaged(folder.path(), "xdf/same_name.std", |bytes| bytes.truncate(30000));
    let text = path_in(&folder, "text");
    fs::write(&text, "Dear reader,\n").expect("written");
    for files in [&[cut.as_str(), "xdf/masks.std"][..], &[&text, "xdf/masks.std"], &[&text], &["nowhere.std", &cut]] {
        let plain = run(&[&["ls", "--json"], files].concat());
        let sorted = run(&[&["ls", "--json", "--sort", "path"], files].concat());
        assert_eq!(
            (sorted.status.code(), out(&sorted).lines().count()),
            (plain.status.code(), out(&plain).lines().count())
        );
        let grouped = run(&[&["ls", "--group", "nomvar"], files].concat());
        assert_eq!(grouped.status.code(), plain.status.code());
        let said = |text: String| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(said(err(&sorted)), said(err(&plain)), "{files:?}");
        assert_eq!(said(err(&grouped)), said(err(&plain)), "{files:?}");
        // The number of a file counts those that could not be read.
        let numbers =
            |text: &str| json_lines(text).iter().map(|line| line["file"].to_string()).collect::<BTreeSet<_>>();
        assert_eq!(numbers(&out(&sorted)), numbers(&out(&plain)));
    }
    for (args, what) in [
        (&["--sort", "nothing"][..], "no column `nothing`"),
        (&["--sort", ","], "without a column"),
        (&["--sort", "metadata"], "have no order"),
        (&["--group", "nothing"], "no column `nothing`"),
        (&["--group", "index"], "do not agree"),
        (&["--group", "nomvar", "--sort", "level"], "groups have no column `level`"),
        (&["--group", "nomvar", "-w", "nomvar=NONE"], "no record selected"),
    ] {
        let output = run(&[&["ls", "xdf/masks.std"], args].concat());
        assert!(matches!(output.status.code(), Some(1 | 2)), "{args:?}");
        assert!(err(&output).contains(what), "{args:?}: {}", err(&output));
    }
}

/// Without the feature that reads them.
#[cfg(not(feature = "index"))]
#[test]
fn indexes_are_told_from_other_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = path_in(&folder, "rpnfst-index.parquet");
    fs::write(&index, "PAR1 and so on").expect("written");
    let output = run(&["ls", &index]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("without the feature `index`"), "{}", err(&output));
}

/// What `ls --json` says of each record is what the table of all files says.
#[test]
fn json_is_the_table() {
    let mut folders = vec![testdata().to_owned()];
    if let Some(root) = std::env::var_os("RPNFST_FIXTURES").filter(|root| !root.is_empty()) {
        folders.extend(["fixtures", "realdata"].map(|name| Path::new(&root).join(name)));
    }
    for folder in folders {
        let output = run(&["ls", "--json", folder.to_str().expect("UTF-8")]);
        let lines = json_lines(&out(&output));
        let mut paths: Vec<&str> = lines.iter().map(|line| line["path"].as_str().expect("a path")).collect();
        paths.dedup();
        let table = RecordTable::of_files(&paths).expect("they were listed");
        assert_eq!(lines.len(), table.len(), "{}", folder.display());
        for &column in Column::ALL.iter().filter(|column| **column != Column::File) {
            let data = table.column(column);
            for (row, line) in lines.iter().enumerate() {
                let cell = serde_json::to_value(data.cell(row)).expect("JSON");
                // Reals of single precision are written with the digits that they need, and read as doubles.
                let cell = match data.cell(row) {
                    Cell::Single(value) => value.to_string().parse::<f64>().expect("a number").into(),
                    _ => cell,
                };
                assert_eq!(cell, line[column.name()], "{} of row {row}", column.name());
            }
        }
    }
}
