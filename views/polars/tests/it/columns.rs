//! The columns of frames.

use polars::prelude::*;
use rpnfst::{
    Query, RecordTable,
    record::{Cell, Column as Field},
};
use rpnfst_polars::{PATH, ROW, ToPolars as _, schema};

use super::{table, testdata};

/// What Polars has, as a cell.
fn cell(value: &AnyValue<'_>) -> Cell {
    match value {
        AnyValue::Null => Cell::Null,
        AnyValue::Boolean(value) => (*value).into(),
        AnyValue::Float32(value) => (*value).into(),
        AnyValue::Float64(value) => (*value).into(),
        AnyValue::Datetime(time, TimeUnit::Microseconds, Some(zone)) => {
            assert_eq!(**zone, TimeZone::UTC);
            rpnfst::record::CivilTime::from_unix_seconds(time / 1_000_000).unwrap().into()
        }
        AnyValue::UInt64(value) => value.cast_signed().into(),
        _ => match value.get_str() {
            Some(text) => text.into(),
            None => value.try_extract::<i64>().unwrap().into(),
        },
    }
}

#[test]
fn every_column_is_that_of_the_records() {
    let table = table();
    assert!(table.len() > 50);
    let frame = table.to_polars().unwrap().collect().unwrap();
    assert_eq!(frame.shape(), (table.len(), Field::ALL.len() + 2));
    assert_eq!(**frame.schema(), schema());
    for &field in Field::ALL {
        let column = frame.column(field.name()).unwrap();
        for (row, record) in table.records().enumerate() {
            let found = cell(&column.get(row).unwrap());
            assert_eq!(found, field.of(&record), "{} of row {row}", field.name());
        }
    }
    for row in 0..table.len() {
        let path = table.file_of(row).unwrap().path.to_string_lossy();
        assert_eq!(frame.column(PATH).unwrap().get(row).unwrap().get_str(), Some(&*path));
        assert_eq!(frame.column(ROW).unwrap().get(row).unwrap().try_extract::<usize>().unwrap(), row);
    }
}

#[test]
fn numbers_of_the_directory_are_those_of_the_table_itself() {
    let table = table();
    let frame = table.to_polars().unwrap().collect().unwrap();
    let lent = |name: &str| frame.column(name).unwrap().u32().unwrap().cont_slice().unwrap().as_ptr();
    assert_eq!(lent("ni"), table.columns().ni.as_ptr());
    assert_eq!(lent("ip1"), table.columns().ip1.as_ptr());
    let offsets = frame.column("file_offset").unwrap().u64().unwrap().cont_slice().unwrap().as_ptr();
    assert_eq!(offsets, table.columns().file_offset.as_ptr());
}

/// The table may be dropped, and what Polars does with the vectors stays there.
#[test]
fn a_frame_outlives_its_table_and_does_not_change_it() {
    let table = table();
    let before = table.columns().clone();
    let frame = table.to_polars().unwrap();
    let changed = frame.clone().with_columns([col("ni") + lit(1_u32), lit(0_u32).alias("nj")]).collect().unwrap();
    assert_eq!(*table.columns(), before);
    drop(table);
    let kept = frame.select([col("ni")]).collect().unwrap();
    assert!(kept.column("ni").unwrap().u32().unwrap().iter().flatten().eq(before.ni.iter().copied()));
    let more = changed.column("ni").unwrap().u32().unwrap().iter().flatten().map(|ni| ni - 1);
    assert!(more.eq(before.ni.iter().copied()));
}

#[test]
fn filters_select_what_queries_select() {
    let table = table();
    let since =
        |seconds: i64| lit(seconds * 1_000_000).cast(DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)));
    let cases = [
        ("nomvar=TT", col("nomvar").eq(lit("TT"))),
        ("nomvar=NONE", col("nomvar").eq(lit("NONE"))),
        ("ni>=5", col("ni").gt_eq(lit(5))),
        ("level=500..1000 and level_kind=2", within(col("level"), 500.0, 1000.0).and(col("level_kind").eq(lit(2)))),
        ("hour>0 and not typvar=P", col("hour").gt(lit(0)).and(col("typvar").neq(lit("P")))),
        ("valid_time>=2000-01-01", col("valid_time").gt_eq(since(946_684_800))),
        ("data_type=134", col("data_type").eq(lit(134))),
    ];
    for (query, filter) in cases {
        let rows = table.to_polars().unwrap().filter(filter).select([col(ROW)]).collect().unwrap();
        let rows: Vec<u32> = rows.column(ROW).unwrap().u32().unwrap().iter().flatten().collect();
        assert_eq!(rows, table.matching(&query.parse::<Query>().unwrap()), "{query}");
    }
}

fn within(column: Expr, low: f64, high: f64) -> Expr {
    column.clone().gt_eq(lit(low)).and(column.lt_eq(lit(high)))
}

/// Names of two tables are of the same categories.
#[test]
fn frames_of_two_tables_join_by_name() {
    let one = RecordTable::of_files([testdata().join("xdf/same_name.std")]).unwrap();
    let other = table();
    let names = |table: &RecordTable| {
        table.to_polars().unwrap().select([col("nomvar"), col("etiket")]).unique(None, UniqueKeepStrategy::Any)
    };
    let both = names(&other).join(
        names(&one),
        [col("nomvar"), col("etiket")],
        [col("nomvar"), col("etiket")],
        JoinArgs::new(JoinType::Inner),
    );
    assert_eq!(both.collect().unwrap().height(), names(&one).collect().unwrap().height());
}

#[test]
fn few_rows_and_few_columns_are_those_of_the_whole() {
    let table = table();
    let frame = || table.to_polars().unwrap();
    let whole = frame().collect().unwrap();
    assert!(frame().limit(7).collect().unwrap().equals_missing(&whole.head(Some(7))));
    let some = frame().select([col(ROW), col("level"), col(PATH)]).slice(3, 9).collect().unwrap();
    assert!(some.equals_missing(&whole.select([ROW, "level", PATH]).unwrap().slice(3, 9)));
    let count = frame().select([len()]).collect().unwrap();
    assert_eq!(count.column("len").unwrap().get(0).unwrap().try_extract::<usize>().unwrap(), table.len());
    let none = RecordTable::default().to_polars().unwrap().collect().unwrap();
    assert_eq!(none.shape(), (0, whole.width()));
    assert!(frame().select([col("none")]).collect().is_err());
}

/// Several threads ask one frame at once.
#[test]
fn a_frame_is_for_all_threads() {
    let frame = table().to_polars().unwrap();
    let whole = frame.clone().collect().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(frame.clone().collect().unwrap().equals_missing(&whole)));
        }
    });
}
