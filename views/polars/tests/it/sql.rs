//! Questions in SQL.

use polars::prelude::*;
use rpnfst::Query;
use rpnfst_polars::{ROW, rows_of, sql, write_parquet};

use super::table;

#[test]
fn conditions_select_what_queries_select() {
    let table = table();
    let cases = [
        ("nomvar = 'TT'", "nomvar=TT"),
        ("nomvar IN ('TT', 'UU') AND ni > 4", "nomvar=TT,UU and ni>4"),
        ("level BETWEEN 500 AND 1000 AND level_kind = 2", "level=500..1000 and level_kind=2"),
        ("hour >= 6", "hour>=6"),
        ("nomvar LIKE 'T%'", "nomvar=T*"),
        ("valid_time >= '2000-01-01'", "valid_time>=2000-01-01"),
        ("origin_time >= TIMESTAMP '2000-01-01 00:00:00'", "origin_time>=2000-01-01"),
        ("valid_time >= DATE '2000-01-01'", "valid_time>=2000-01-01"),
        ("valid_time >= '2000-01-01 00:00:00'", "valid_time>=2000-01-01"),
        ("valid_time >= '2000-01-01T00:00:00'", "valid_time>=2000-01-01"),
        ("NOT typvar = 'P'", "not typvar=P"),
    ];
    for (condition, query) in cases {
        let answer = sql(&table, &format!("SELECT * FROM records WHERE {condition}"));
        let answer = answer.unwrap_or_else(|error| panic!("{condition}: {error}"));
        let rows: Vec<u32> = answer.column(ROW).unwrap().u32().unwrap().iter().flatten().collect();
        assert_eq!(rows, table.matching(&query.parse::<Query>().unwrap()), "{condition}");
        assert_eq!(rows_of(&answer, &table).unwrap().len(), rows.len());
    }
}

#[test]
fn every_column_can_be_asked_for_by_its_name() {
    let table = table();
    for &column in rpnfst::record::Column::ALL {
        let name = column.name();
        let answer = sql(&table, &format!("SELECT {name} FROM records"));
        assert_eq!(answer.unwrap_or_else(|error| panic!("{name}: {error}")).get_column_names(), [name]);
    }
}

#[test]
fn groups_are_counted() {
    let table = table();
    let question =
        "SELECT nomvar, COUNT(*) AS n, MIN(level) AS low, MAX(valid_time) AS last FROM records GROUP BY nomvar";
    let answer = sql(&table, question).unwrap();
    assert_eq!(answer.height(), table.group(&[rpnfst::record::Column::Nomvar]).len());
    let n: u32 =
        answer.column("n").unwrap().strict_cast(&DataType::UInt32).unwrap().u32().unwrap().iter().flatten().sum();
    assert_eq!(n as usize, table.len());
}

#[test]
fn wrong_questions_are_errors() {
    for question in
        ["", "SELEC", "SELECT none FROM records", "SELECT * FROM other", "SELECT * FROM records WHERE nomvar >"]
    {
        assert!(sql(&table(), question).is_err(), "{question}");
    }
}

#[test]
fn parquet_files_have_the_whole_frame() {
    let answer = sql(&table(), "SELECT * FROM records").unwrap();
    let mut bytes = Vec::new();
    write_parquet(&answer, &mut bytes).unwrap();
    let read = ParquetReader::new(std::io::Cursor::new(bytes)).finish().unwrap();
    assert!(read.equals_missing(&answer));
}
