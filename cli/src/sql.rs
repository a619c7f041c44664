//! `rpnfst sql`: questions in SQL about the records of files.

use rpnfst::{
    RecordTable,
    record::{Cell, CivilTime},
};
use rpnfst_polars::polars::prelude::{AnyValue, Column, DataFrame, TimeUnit};

use crate::{
    args::{Global, Sql},
    catalog::Catalog,
    input,
    ls::{Members, csv_row},
    output::{self, Out},
    report::{Report, Result, Stop},
    same_file::FilesRead,
    sink::{self, Sink},
    table::{Head, Table},
};

/// Runs the command.
pub(crate) fn run(args: &Sql, global: &Global, report: &mut Report) -> Result {
    if args.question.trim().is_empty() {
        return Err(Stop::message("the question is empty; try 'SELECT * FROM records'"));
    }
    let Some(records) = records(args, global, report)? else { return Ok(()) };
    let answer = rpnfst_polars::sql(&records, &args.question).map_err(|e| wrong(&e.to_string()))?;
    if let Some(path) = &args.parquet {
        let mut sink = Sink::create(path, args.force)?;
        let written = rpnfst_polars::write_parquet(&answer, &mut sink);
        written.map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
        return sink.finish().map_err(|stop| sink::named(stop, path));
    }
    let mut out = if args.json || args.csv { output::data() } else { output::stdout(global.color) };
    write(&answer, args, &mut out)?;
    Ok(out.finish()?)
}

/// What is wrong with a question, without the plan that Polars made of it.
fn wrong(message: &str) -> Stop {
    Stop::message(format!("SQL: {}", message.split("\n\nResolved plan").next().unwrap_or(message)))
}

/// The records of the files; `None` when none of them can be read.
fn records(args: &Sql, global: &Global, report: &mut Report) -> Result<Option<RecordTable>> {
    let paths = input::paths(&args.files, report)?;
    if let Some(output) = &args.parquet {
        FilesRead::new(paths.files()).keep(output)?;
    }
    let catalog = Catalog::of(&paths, global, report);
    Ok(catalog.is_any_open().then(|| catalog.numbered()))
}

/// Writes an answer in the form that is asked for.
fn write(answer: &DataFrame, args: &Sql, out: &mut Out) -> Result {
    let columns: Vec<(&str, &Column)> =
        answer.columns().iter().map(|column| (column.name().as_str(), column)).collect();
    if columns.is_empty() {
        return Ok(());
    }
    let value = |column: &Column, row| column.get(row).map_or(Cell::Null, |value| cell(&value));
    let rows = 0..answer.height();
    if args.json {
        for row in rows {
            let cells: Vec<_> = columns.iter().map(|(name, column)| (*name, value(column, row))).collect();
            serde_json::to_writer(&mut *out, &Members(&cells))?;
            std::io::Write::write_all(out, b"\n")?;
        }
    } else if args.csv {
        if !args.no_header {
            csv_row(out, columns.iter().map(|(name, _)| name))?;
        }
        for row in rows {
            csv_row(out, columns.iter().map(|(_, column)| value(column, row).to_string()))?;
        }
    } else {
        let mut table = Table::new(columns.iter().map(|(name, column)| head(name, column)).collect());
        table = table.header(!args.no_header);
        for row in rows {
            for (_, column) in &columns {
                match value(column, row) {
                    Cell::Null => table.cell("-"),
                    cell => table.cell(&cell.to_string()),
                }
            }
            table.end_row(out)?;
        }
        table.finish(out)?;
    }
    Ok(())
}

/// The head of a column: numbers to the right.
fn head(name: &str, column: &Column) -> Head {
    // A command writes one table, whose few names live as long as the program.
    let name: &'static str = String::leak(name.to_owned());
    if column.dtype().is_primitive_numeric() { Head::right(name) } else { Head::left(name) }
}

/// A value of Polars as the program writes it.
fn cell(value: &AnyValue<'_>) -> Cell {
    match value {
        AnyValue::Null => Cell::Null,
        AnyValue::Boolean(value) => (*value).into(),
        AnyValue::Float32(value) => (*value).into(),
        AnyValue::Float64(value) => (*value).into(),
        AnyValue::Datetime(time, unit, _) | AnyValue::DatetimeOwned(time, unit, _) => {
            CivilTime::from_unix_seconds(seconds(*time, *unit)).into()
        }
        other => match (other.get_str(), other.is_integer().then(|| other.extract::<i64>()).flatten()) {
            (Some(text), _) => text.into(),
            (None, Some(number)) => number.into(),
            (None, None) => other.to_string().into(),
        },
    }
}

fn seconds(time: i64, unit: TimeUnit) -> i64 {
    time.div_euclid(match unit {
        TimeUnit::Nanoseconds => 1_000_000_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1_000,
    })
}
