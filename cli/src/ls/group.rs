//! `rpnfst ls --group`: a line for the records that agree in some columns.

use std::borrow::Cow;

use rpnfst::{
    Record, RecordTable,
    record::{Cell, Column, date::CivilTime},
    table::{ColumnData, ColumnValues},
};

use super::{Members, csv_row};
use crate::{
    args::Ls,
    catalog::{self, Catalog, Key},
    columns::{self, Shown},
    number::significant,
    output::Out,
    report::{Report, Result, Stop},
    table::{Head, Table},
};

/// What is told of a group, behind the columns in which its records agree.
const NAMES: [&str; 9] =
    ["records", "files", "bytes", "valid_from", "valid_to", "level_min", "level_max", "level_unit", "levels"];
/// Of these, what a person is shown.
const SHOWN: [&str; 6] = ["records", "files", "bytes", "valid_from", "valid_to", "levels"];

/// The columns of `--group`.
pub(super) fn parse(list: &str) -> Result<Vec<Shown>> {
    let mut columns = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match Shown::from_name(name) {
            Some(Shown::Index | Shown::Metadata) => {
                return Err(Stop::message(format!("--group: records do not agree in their {name}")));
            }
            Some(column) if columns.contains(&column) => {}
            Some(column) => columns.push(column),
            None => return Err(Stop::message(format!("--group: {}", Shown::unknown(name)))),
        }
    }
    if columns.is_empty() { Err(Stop::message("--group without a column")) } else { Ok(columns) }
}

/// A line.
struct Line {
    /// Values of the columns in which the records agree.
    key: Vec<Cell>,
    /// Of [`NAMES`].
    cells: [Cell; NAMES.len()],
    /// The first of the records, which stands for all in the columns of the group.
    first: u32,
}

/// Writes a line for each group of rows.
pub(super) fn run(
    args: &Ls,
    by: &[Shown],
    catalog: &Catalog,
    rows: &[u32],
    out: &mut Out,
    report: &mut Report,
) -> Result {
    let lines = lines(catalog, rows, by);
    let keys = order(args.sort.as_deref(), by)?;
    let mut order: Vec<u32> = (0..).take(lines.len()).collect();
    catalog::sort_by(&mut order, &|one, other| {
        let cells = |(place, _): &(Place, bool)| [one, other].map(|line| place.of(&lines[line as usize]));
        let orders = keys.iter().map(|key| (cells(key), key.1));
        let mut orders = orders.map(|([one, other], descending)| catalog::compare(one, other, descending));
        orders.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    // What the group has a column for is not told twice.
    let told: Vec<_> = (0..NAMES.len()).filter(|&k| by.iter().all(|column| column.name() != NAMES[k])).collect();
    let names = || by.iter().map(|column| column.name()).chain(told.iter().map(|&k| NAMES[k]));
    if args.csv && !args.no_header {
        csv_row(out, names())?;
    }
    let shown: Vec<_> = (0..NAMES.len()).filter(|&k| SHOWN.contains(&NAMES[k])).collect();
    let heads = by.iter().map(|column| column.head()).chain(shown.iter().map(|&k| head(NAMES[k])));
    let mut table = Table::new(heads.collect()).header(!args.no_header).for_terminal();
    for line in order.iter().filter_map(|line| lines.get(*line as usize)) {
        let record = catalog.table().record(line.first as usize);
        let Some(record) = &record else { continue };
        let row = catalog.row(line.first, record);
        if args.json {
            let mut cells = columns::cells(&row, by, report);
            cells.extend(told.iter().map(|&k| (NAMES[k], line.cells[k].clone())));
            serde_json::to_writer(&mut *out, &Members(&cells))?;
            std::io::Write::write_all(out, b"\n")?;
        } else if args.csv {
            let key = by.iter().map(|column| column.csv(&row, report));
            csv_row(out, key.chain(told.iter().map(|&k| line.cells[k].to_string().into_bytes())))?;
        } else {
            for column in by {
                table.cell(&column.text(&row, report));
            }
            for &k in &shown {
                table.cell(&match &line.cells[k] {
                    Cell::Null => Cow::Borrowed("-"),
                    cell => cell.to_string().into(),
                });
            }
            table.end_row(out)?;
        }
    }
    if !args.json && !args.csv {
        table.finish(out)?;
    }
    Ok(())
}

fn head(name: &'static str) -> Head {
    if name.starts_with("valid") || name == "levels" { Head::left(name) } else { Head::right(name) }
}

/// A value of a line.
#[derive(Clone, Copy)]
enum Place {
    Key(usize),
    Told(usize),
}

impl Place {
    fn of(self, line: &Line) -> &Cell {
        let cell = match self {
            Self::Key(k) => line.key.get(k),
            Self::Told(k) => line.cells.get(k),
        };
        cell.unwrap_or(&Cell::Null)
    }
}

/// By what lines are put in order: what `--sort` says, then the columns of the group.
fn order(sort: Option<&str>, by: &[Shown]) -> Result<Vec<(Place, bool)>> {
    let mut keys = Vec::new();
    for (name, descending) in sort.into_iter().flat_map(Key::split) {
        let key = Shown::from_name(name).and_then(|column| by.iter().position(|of| *of == column)).map(Place::Key);
        let place = key.or_else(|| NAMES.iter().position(|told| *told == name).map(Place::Told));
        let place = place.ok_or_else(|| {
            let known: Vec<_> = by.iter().map(|column| column.name()).chain(NAMES).collect();
            Stop::message(format!("--sort: groups have no column `{name}`; theirs are {}", known.join(" ")))
        })?;
        keys.push((place, descending));
    }
    keys.extend((0..by.len()).map(|k| (Place::Key(k), false)));
    Ok(keys)
}

fn lines(catalog: &Catalog, rows: &[u32], by: &[Shown]) -> Vec<Line> {
    let whole = catalog.table();
    let table = if rows.len() == whole.len() { whole.clone() } else { whole.take(rows) };
    let grouped: Vec<_> = by
        .iter()
        .map(|column| match column {
            Shown::Of(column) => *column,
            _ => Column::File,
        })
        .collect();
    let ranges = Ranges::new(&table);
    let line = |group: rpnfst::table::Group| {
        let mut key = group.values;
        for (cell, column) in key.iter_mut().zip(by) {
            if let (Shown::Path, Cell::Int(file)) = (column, &*cell) {
                *cell = u32::try_from(*file).map_or(Cell::Null, |file| catalog.name(file).into());
            }
        }
        let first = group.rows.first().and_then(|row| rows.get(*row as usize)).copied().unwrap_or_default();
        Line { key, cells: ranges.of(&group.rows), first }
    };
    table.group(&grouped).into_iter().map(line).collect()
}

/// The columns of which ranges are told.
struct Ranges<'a> {
    table: &'a RecordTable,
    valid: ColumnData<'a>,
    level: ColumnData<'a>,
    kind: ColumnData<'a>,
}

/// The levels of one kind.
struct Levels {
    kind: u8,
    min: f32,
    max: f32,
    /// As conditions and people have it, and as the column `level_unit`.
    unit: &'static str,
    modern: &'static str,
}

impl<'a> Ranges<'a> {
    fn new(table: &'a RecordTable) -> Self {
        let [valid, level, kind] =
            [Column::ValidTime, Column::Level, Column::LevelKind].map(|column| table.column(column));
        Self { table, valid, level, kind }
    }

    /// What is told of a group of rows, ascending.
    fn of(&self, rows: &[u32]) -> [Cell; NAMES.len()] {
        let columns = self.table.columns();
        let at = |row: &u32| *row as usize;
        let mut files = 0;
        let mut last = None;
        let mut bytes = 0_u64;
        for row in rows.iter().map(at) {
            let file = columns.file.get(row).copied();
            files += i64::from(file != last);
            last = file;
            bytes = bytes.saturating_add(columns.total_stored_bytes.get(row).copied().unwrap_or_default());
        }
        let (mut from, mut to) = (None::<i64>, None::<i64>);
        if let ColumnValues::Time(seconds) = &self.valid.values {
            for &time in
                rows.iter().map(at).filter(|&row| is_there(&self.valid, row)).filter_map(|row| seconds.get(row))
            {
                from = Some(from.map_or(time, |from| from.min(time)));
                to = Some(to.map_or(time, |to| to.max(time)));
            }
        }
        let time = |seconds: Option<i64>| Cell::from(seconds.and_then(CivilTime::from_unix_seconds));
        let levels = self.levels(rows);
        let one = <[Levels; 1]>::try_from(levels);
        let (one, text) = match &one {
            Ok([level]) => (Some(level), level.text()),
            Err(several) => (None, several.iter().map(Levels::text).collect::<Vec<_>>().join(", ")),
        };
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        [
            Cell::Int(count),
            Cell::Int(files),
            Cell::Int(i64::try_from(bytes).unwrap_or(i64::MAX)),
            time(from),
            time(to),
            one.map(|levels| levels.min).into(),
            one.map(|levels| levels.max).into(),
            one.map(|levels| levels.modern).into(),
            Some(text).filter(|text| !text.is_empty()).into(),
        ]
    }

    /// The levels of each kind, in the order in which the kinds come first.
    fn levels(&self, rows: &[u32]) -> Vec<Levels> {
        let (ColumnValues::F32(values), ColumnValues::U8(kinds)) = (&self.level.values, &self.kind.values) else {
            return Vec::new();
        };
        let mut found: Vec<Levels> = Vec::new();
        for row in rows.iter().map(|row| *row as usize).filter(|&row| is_there(&self.level, row)) {
            let (Some(&value), Some(&kind)) = (values.get(row), kinds.get(row)) else { continue };
            if let Some(levels) = found.iter_mut().find(|levels| levels.kind == kind) {
                levels.min = levels.min.min(value);
                levels.max = levels.max.max(value);
            } else {
                let level = self.table.record(row).as_ref().and_then(Record::level);
                let (unit, modern) =
                    level.map_or(("", ""), |level| (level.kind.short_unit(), level.kind.modern_unit()));
                found.push(Levels { kind, min: value, max: value, unit, modern });
            }
        }
        found
    }
}

fn is_there(column: &ColumnData<'_>, row: usize) -> bool {
    column.missing.as_ref().is_none_or(|missing| missing.get(row) != Some(true))
}

impl Levels {
    /// `500 hPa`, or `10..1000 hPa`, as conditions have it.
    fn text(&self) -> String {
        let number = |value: f32| significant(f64::from(value), 7);
        let range = if self.min.total_cmp(&self.max).is_eq() {
            number(self.min)
        } else {
            format!("{}..{}", number(self.min), number(self.max))
        };
        if self.unit.is_empty() { range } else { format!("{range} {}", self.unit) }
    }
}
