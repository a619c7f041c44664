//! `rpnfst grid`: where values are.

mod json;
mod points;
mod show;
mod words;

use rpnfst::{File, Record, geo::Grid};

use crate::{
    args::{self, Global},
    input,
    output::{self, Out},
    report::{DAMAGED, Report, Result, Stop},
    table::{Head, Table},
};

/// A grid of a file, and who is on it.
struct Found<'a> {
    /// The grid, or why it is not known.
    grid: std::result::Result<Grid, String>,
    /// The first record on it, and its position in the listing.
    record: &'a Record,
    index: usize,
    /// How many there are.
    records: usize,
}

/// Runs the command.
pub(crate) fn run(args: &args::Grid, global: &Global, report: &mut Report) -> Result {
    let paths = input::paths(&args.files, report)?;
    if args.of.is_some() && paths.several() {
        return Err(Stop::message("--of is the position of a record in one file; several are given"));
    }
    if let Some(output) = &args.points {
        crate::same_file::FilesRead::new(paths.files()).keep(output)?;
    }
    let query = input::query(args.select.expr.as_deref())?;
    let mut out = if args.json || args.points.is_some() { output::data() } else { output::stdout(global.color) };
    let mut table = (!args.json && args.of.is_none()).then(|| table(paths.several()));
    let (files, fewer) = paths.matching(&query, global);
    let (mut opened, mut count) = (fewer, 0);
    for of in files {
        let Some(file) = input::open(of.path, global, report) else { continue };
        let selected = match args.of {
            Some(index) => vec![(index, record(&file, index)?)],
            None => input::select(&file, &of.query),
        };
        (opened, count) = (true, count + selected.len());
        let name = of.name();
        for found in grids(&file, &selected, args.of.is_some(), report) {
            match &mut table {
                Some(table) => {
                    if paths.several() {
                        table.cell(&name);
                    }
                    row(&found, table);
                    table.end_row(&mut out)?;
                }
                None if args.json => json::write(&name, &found, &mut out)?,
                None => one(args, &file, &found, &mut out, report)?,
            }
        }
    }
    if let Some(table) = table.filter(|_| opened) {
        table.finish(&mut out)?;
    }
    input::none_selected(&args.select, count, opened, report);
    Ok(out.finish()?)
}

/// The record of `--of`.
fn record(file: &File, index: usize) -> Result<&Record> {
    file.records().get(index).ok_or_else(|| {
        let count = file.records().len();
        Stop::message(format!("no record {index}, there are {count} (counted from 0)"))
    })
}

/// The grids of some records in the order of the first record on each. Descriptors are on none, unless one is asked for.
fn grids<'a>(file: &File, records: &[(usize, &'a Record)], asked: bool, report: &mut Report) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    // The grid of the last record is mostly that of the next one.
    let mut last = 0;
    for &(index, record) in records.iter().filter(|(_, record)| asked || !record.is_descriptor()) {
        let grid = file.grid(record);
        let is_same = |other: &Found<'_>| match (&other.grid, &grid) {
            (Ok(one), Ok(other)) => one.same(other),
            (Err(_), Err(_)) => named_alike(other.record, record),
            _ => false,
        };
        let place = found.get(last).is_some_and(is_same).then_some(last).or_else(|| found.iter().position(is_same));
        if let Some(place) = place {
            last = place;
            found[place].records += 1;
            continue;
        }
        if let Err(error) = &grid {
            report.library_error(error);
        }
        let grid = grid.map_err(|error| reason(&error));
        last = found.len();
        found.push(Found { grid, record, index, records: 1 });
    }
    found
}

/// Why a grid is not known, without the name of the record.
fn reason(error: &rpnfst::Error) -> String {
    match error {
        rpnfst::Error::Record { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// Whether two records say the same of their grid.
fn named_alike(one: &Record, other: &Record) -> bool {
    let name = |record: &Record| {
        let tags = [record.ig1(), record.ig2(), record.ig3(), record.ig4()];
        (record.grtyp(), record.ni(), record.nj(), tags)
    };
    name(one) == name(other)
}

fn table(several: bool) -> Table {
    let path = several.then_some(Head::left("path"));
    let heads = [
        Head::right("of"),
        Head::left("grtyp"),
        Head::left("ref"),
        Head::right("ni"),
        Head::right("nj"),
        Head::left("step"),
        Head::left("km"),
        Head::left("lat"),
        Head::left("lon"),
        Head::left("pole"),
        Head::right("records"),
        Head::left("what"),
    ];
    Table::new(path.into_iter().chain(heads).collect()).for_terminal()
}

fn row(found: &Found<'_>, table: &mut Table) {
    let record = found.record;
    table.cell(&found.index.to_string());
    table.cell(&record.grtyp().to_string());
    let words = found.grid.as_ref().ok().map(words::Words::of);
    let cell = |of: fn(&words::Words) -> &str| words.as_ref().map_or("-", of);
    table.cell(cell(|words| &words.reference));
    table.cell(&record.ni().to_string());
    table.cell(&record.nj().to_string());
    table.cell(cell(|words| &words.step));
    table.cell(cell(|words| &words.km));
    table.cell(cell(|words| &words.lat));
    table.cell(cell(|words| &words.lon));
    table.cell(cell(|words| words.pole));
    table.cell(&found.records.to_string());
    match (&words, &found.grid) {
        (Some(words), _) => table.cell(&words.what),
        (None, Err(error)) => table.cell(error),
        (None, Ok(_)) => table.cell("-"),
    }
}

/// The grid of `--of`.
fn one(args: &args::Grid, file: &File, found: &Found<'_>, out: &mut Out, report: &mut Report) -> Result {
    let Ok(grid) = &found.grid else { return Ok(()) }; // said already
    match &args.points {
        Some(output) if !grid.has_positions() => {
            let (output, letter) = (output.display(), found.record.grtyp());
            let what = "nothing written: points of grid type";
            report.error(DAMAGED, format_args!("{output}: {what} {letter} have no place"));
            Ok(())
        }
        Some(output) => points::write(grid, output, args.force, out),
        None => show::write(file, found, grid, out),
    }
}
