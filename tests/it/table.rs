//! The table of records says what the records say.

use std::{fs, path::Path};

use proptest::prelude::*;
use rpnfst::{
    Array, Attributes, Error, File, MemoryFile, OpenOptions, Query, RecordTable, Source, WriteOptions,
    record::{Column, IpValue, Kind},
    table::{ColumnValues, Columns, SortBy},
};

use crate::common::{below::files_below, collection};

/// Every FST file of testdata, and the table of them.
fn all() -> (Vec<File>, RecordTable) {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let scan = OpenOptions::new().scan(&files_below(&testdata), |_| ());
    let files: Vec<File> =
        scan.table.files().iter().map(|entry| File::open(&entry.path).expect("it was read")).collect();
    (files, scan.table)
}

#[test]
fn records_come_back_as_they_were() {
    let (files, table) = all();
    assert_eq!((files.len(), table.len()), (79, 1019));
    let mut records = table.records();
    for (number, (file, entry)) in files.iter().zip(table.files()).enumerate() {
        assert_eq!(entry.records, file.records().len() as u64);
        for record in file.records() {
            let found = records.next().expect("as many as in the files");
            assert_eq!(found.file_number(), number);
            // The file number is all that differs.
            let alone = RecordTable::from(file).record(record_row(file, record)).expect("a row");
            assert_eq!(&alone, record);
            assert_eq!((found.identity(), found.payload_extent()), (record.identity(), record.payload_extent()));
        }
    }
    assert!(records.next().is_none());
}

fn record_row(file: &File, record: &rpnfst::Record) -> usize {
    file.records().iter().position(|own| own == record).expect("of this file")
}

#[test]
fn columns_are_the_cells_of_records() {
    check_columns(&all().1);
}

/// The whole collection is one table.
#[test]
fn columns_of_the_collection() {
    let folders = ["fixtures", "realdata"].map(collection::folder);
    let files: Vec<_> = folders.into_iter().flatten().flat_map(|folder| files_below(&folder)).collect();
    let scan = OpenOptions::new().scan(&files, |_| ());
    check_columns(&scan.table);
    let mut records = scan.table.records();
    for entry in scan.table.files() {
        let file = File::open(&entry.path).expect("it was read");
        for (own, record) in file.records().iter().zip(&mut records) {
            assert_eq!(format!("{:?}", record.identity()), format!("{:?}", own.identity()), "{}", entry.path.display());
            assert_eq!(
                (record.file_index(), record.payload_extent(), record.data_type(), record.pack_bits()),
                (own.file_index(), own.payload_extent(), own.data_type(), own.pack_bits())
            );
        }
    }
    assert!(records.next().is_none());
}

fn check_columns(table: &RecordTable) {
    for &column in Column::ALL {
        let data = table.column(column);
        for (row, record) in table.records().enumerate() {
            assert_eq!(data.cell(row), column.of(&record), "{} of row {row}", column.name());
        }
    }
}

#[test]
fn filters_are_queries() {
    let (_, table) = all();
    for text in [
        "",
        "nomvar=TT",
        "nomvar=T* and not typvar=P",
        "etiket='' or etiket=R1* or ni>=100",
        "not (nomvar=>> or nomvar=^^) and level=500..1000 hPa",
        "datev=2020.. or ip1=500",
        "pack_bits=16 and data_type=1,2,133,134 and grtyp=Z",
        "hour=0..48/6 and ip2=0..",
        "valid_time=2000.. and interval_end>0",
        "file_offset>10000 and total_stored_bytes<5000 and file=3..",
        "dateo=none or data_bits=64 or level_kind=2",
    ] {
        let query: Query = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        let rows = table.records().enumerate().filter(|(_, record)| query.matches(record));
        let expected: Vec<_> = rows.map(|(row, _)| u32::try_from(row).expect("few")).collect();
        assert_eq!(table.matching(&query), expected, "{text}");
        assert_eq!(table.filter(&query).len(), expected.len());
    }
}

#[test]
fn values_are_read_through_the_table() {
    let (files, table) = all();
    let selected = table.filter(&"nk=1 and not data_type=0".parse().expect("a query")).sort(&[Column::Nomvar.into()]);
    let through = selected.file().expect("the files are there");
    assert_eq!(through.records().len(), selected.len());
    for record in through.records() {
        let path = through.member_of(record).expect("one of its files").path().expect("on disk").to_owned();
        let number = table.files().iter().position(|entry| entry.path == path).expect("of the table");
        let direct = &files[number];
        let same = direct.records().iter().find(|own| own.file_offset() == record.file_offset()).expect("at its place");
        match (through.read(record), direct.read(same)) {
            (Ok(one), Ok(other)) => assert_eq!(format!("{one:?}"), format!("{other:?}")),
            (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
            (one, other) => panic!("{path:?}: {one:?} and {other:?}"),
        }
    }
    let row = table.len() / 2;
    let one = table.open(row).expect("there");
    assert_eq!(one.records()[0].identity(), table.record(row).expect("a row").identity());
    assert!(table.open(table.len()).is_err());
}

#[test]
fn sorting_and_grouping() {
    let (_, table) = all();
    let sorted = table.sort(&[Column::Nomvar.into(), SortBy::descending(Column::Level)]);
    let keys: Vec<_> = sorted
        .records()
        .map(|record| (record.nomvar().to_string(), record.level().map_or(f32::INFINITY, |level| -level.value)))
        .collect();
    assert!(keys.is_sorted_by(|one, other| one <= other));
    let groups = table.group(&[Column::Nomvar, Column::LevelKind]);
    assert_eq!(groups.iter().map(|group| group.rows.len()).sum::<usize>(), table.len());
    for group in &groups {
        for row in &group.rows {
            let record = table.record(*row as usize).expect("a row");
            assert_eq!(group.values, [Column::Nomvar.of(&record), Column::LevelKind.of(&record)]);
        }
    }
    assert_eq!(table.group(&[]).len(), 1);
    assert!(RecordTable::default().group(&[Column::Ni]).is_empty());
}

/// Kind 0 is the smallest value there is: no value comes behind it all the same.
#[test]
fn what_has_no_value_comes_last() -> rpnfst::Result<()> {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone())?;
    let data = Array::new(&[1.0_f32], (1, 1, 1))?;
    for (name, kind) in [(">>", Kind::Height), ("TT", Kind::Height), ("^^", Kind::Height), ("UU", Kind::Pressure)] {
        writer.write(&Attributes::new(name).level(IpValue::new(10.0, kind)), &data)?;
    }
    writer.close()?;
    let table = RecordTable::from(&File::from_bytes(memory.to_vec())?);
    let sorted = table.sort(&[SortBy::descending(Column::LevelKind)]);
    let names: Vec<_> = sorted.records().map(|record| record.nomvar().to_string()).collect();
    assert_eq!(names, ["UU", "TT", ">>", "^^"]);
    Ok(())
}

#[test]
fn tables_are_joined_and_made_of_columns() {
    let (_, table) = all();
    assert!(table.has_all_records().iter().all(|all| *all));
    let twice = table.take(&[0, 0]);
    assert_eq!(
        twice.has_all_records().iter().filter(|all| **all).count(),
        table.files().iter().filter(|file| file.records == 0).count()
    );
    let halves =
        [table.take(&(0..500).collect::<Vec<_>>()), table.take(&(500..).take(table.len() - 500).collect::<Vec<_>>())];
    let joined = RecordTable::concat(&halves);
    assert_eq!((joined.len(), joined.files().len()), (table.len(), 2 * table.files().len()));
    assert!(joined.records().zip(table.records()).all(|(one, other)| one.identity() == other.identity()));
    let again = RecordTable::from_columns(table.files().to_vec(), table.columns().clone(), table.calendar());
    assert!(again.is_some_and(|again| again.records().eq(table.records())));
    let mut short: Columns = table.columns().clone();
    short.ni.pop();
    assert!(RecordTable::from_columns(table.files().to_vec(), short, table.calendar()).is_none());
    assert!(RecordTable::from_columns(Vec::new(), table.columns().clone(), table.calendar()).is_none());
}

/// Conditions that records of testdata satisfy or nearly so.
fn condition() -> impl Strategy<Value = String> {
    let (_, table) = all();
    let texts = ["nomvar", "typvar", "etiket"];
    let numbers = [
        "ni",
        "nj",
        "nk",
        "ip1",
        "ip2",
        "ip3",
        "ig1",
        "ig2",
        "ig3",
        "ig4",
        "deet",
        "npas",
        "data_type",
        "pack_bits",
        "data_bits",
        "file",
        "file_index",
        "file_offset",
        "total_stored_bytes",
        "level_kind",
        "hour",
        "level",
    ];
    let names = texts.into_iter().chain(numbers).map(|name| (name, Column::from_name(name).expect("a column")));
    let columns: Vec<_> = names.map(|(name, column)| (name, table.column(column).into_owned())).collect();
    (0..columns.len(), 0..table.len(), 0..4_usize, any::<u8>()).prop_map(move |(at, row, form, cut)| {
        let (name, data) = &columns[at];
        let value = data.cell(row).to_string();
        if texts.contains(name) {
            let start: String = value.chars().take(usize::from(cut % 4)).collect();
            return if form == 0 { format!("{name}='{start}*'") } else { format!("{name}='{value}'") };
        }
        match form {
            _ if value.is_empty() => format!("{name}=0"),
            0 | 1 if *name == "level_kind" => format!("{name}={value}"),
            0 => format!("{name}<={value}"),
            1 => format!("{name}>{value}"),
            2 => format!("{name}!={value}"),
            _ => format!("{name}={value}"),
        }
    })
}

fn query() -> impl Strategy<Value = String> {
    condition().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} and {other})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} or {other})")),
            inner.prop_map(|one| format!("not ({one})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_filter_of_the_table_is_a_filter_of_records(text in query()) {
        thread_local!(static TABLE: RecordTable = all().1);
        TABLE.with(|table| {
            let query: Query = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            let expected: Vec<_> = (0..).zip(table.records()).filter(|(_, record)| query.matches(record)).collect();
            assert_eq!(table.matching(&query), expected.into_iter().map(|(row, _)| row).collect::<Vec<u32>>(), "{text}");
        });
    }
}

/// The table of `docs/table.md`.
#[test]
fn the_documented_columns_are_these() {
    let (_, table) = all();
    let text = include_str!("../../docs/table.md");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(lines.len(), Column::ALL.len());
    for (line, &column) in lines.iter().zip(Column::ALL) {
        let kind = match table.column(column).values {
            ColumnValues::U8(_) => "u8",
            ColumnValues::U32(_) => "u32",
            ColumnValues::I32(_) => "i32",
            ColumnValues::U64(_) => "u64",
            ColumnValues::F32(_) => "f32",
            ColumnValues::F64(_) => "f64",
            ColumnValues::Bool(_) => "bool",
            ColumnValues::Time(_) => "timestamp, UTC",
            ColumnValues::Text { .. } => "dictionary of text",
            _ => "unknown",
        };
        let expected = format!("| `{}` | {kind} | {} | ", column.name(), column.unit().unwrap_or_default());
        assert!(line.starts_with(&expected), "{line}\n{expected}");
    }
}

/// Files of one run after the other often have one layout: lengths and places of the records agree.
#[test]
fn a_file_that_was_replaced_by_one_of_the_same_layout_gives_no_wrong_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.std");
    let write = |npas: u32| {
        let _ = fs::remove_file(&path);
        let mut writer = rpnfst::Writer::create(&path).expect("created");
        let value = rpnfst::Array::new(vec![npas as f32; 4], (2, 2, 1)).expect("four values");
        for name in ["TT", "UU"] {
            let attributes = rpnfst::Attributes::new(name).deet(3600).npas(npas).ip2(npas);
            writer.write(&attributes, &value).expect("written");
        }
        writer.close().expect("closed");
    };
    write(6);
    let table = RecordTable::of_files([&path]).expect("a table");
    let touch = fs::OpenOptions::new().append(true).open(&path).expect("open");
    touch.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("a time");
    assert!(table.file().is_ok() && table.open(1).is_ok(), "only the time changed");
    write(12);
    assert_eq!(fs::metadata(&path).expect("there").len(), table.files()[0].size);
    for file in [table.file(), table.open(1)] {
        let error = file.expect_err("other records");
        assert!(matches!(error, rpnfst::Error::Changed { .. }), "{error}");
        assert_eq!(error.path(), Some(path.as_path()));
    }
}

#[test]
fn files_are_taken_in_any_order() {
    let (_, table) = all();
    let last = table.files().len() - 1;
    let numbers = [last, 3, 3, 0, table.files().len()];
    let taken = table.take_files(&numbers);
    assert_eq!(taken.files(), [last, 3, 0].map(|number| table.files()[number].clone()));
    let of = |number: usize| table.records().filter(move |record| record.file_number() == number);
    let expected: Vec<_> =
        [last, 3, 0].into_iter().flat_map(of).map(|record| (record.identity(), record.file_offset())).collect();
    assert_eq!(taken.records().map(|record| (record.identity(), record.file_offset())).collect::<Vec<_>>(), expected);
    assert!(taken.has_all_records().iter().all(|all| *all));
    let all_of_them: Vec<usize> = (0..=last).collect();
    assert_eq!(
        table.sort(&[Column::Nomvar.into()]).take_files(&all_of_them).columns().file_offset,
        table.columns().file_offset
    );
}

/// A table of what has no path says why its values cannot be opened again.
#[test]
fn tables_of_files_without_a_path_say_so() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/xdf/same_name.std");
    let source = Source::reader(fs::File::open(path).expect("open")).expect("a reader");
    let file = OpenOptions::new().open_source(source.named("https://example.com/a")).expect("open");
    let table = RecordTable::from(&file);
    for error in [table.file().expect_err("no path"), table.open(3).expect_err("no path")] {
        assert!(
            matches!(&error, Error::Io { source, .. } if source.kind() == std::io::ErrorKind::Unsupported),
            "{error}"
        );
        assert!(error.to_string().contains("no path to open them again"), "{error}");
    }
    assert!(file.read(&file.records()[3]).is_ok());
}
