//! `rpnfst stat`: the range of each record.

use std::io::Write as _;

use rpnfst::{Field, LostPlanes, Record, Values, record::Column};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::{
    args::{Global, Stat},
    columns::{self, Row, Shown},
    input,
    ls::csv_row,
    number::{Number, dims, significant},
    output::{self, Out},
    progress,
    report::{Report, Result},
    table::{Head, Table},
    words::{self, Meaning},
};

/// A value and where it is: i, j, k, counted from 1.
pub(crate) type Extreme = (Number, [usize; 3]);

/// The range of a record's values. Missing values and NaN are left out of all but the counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stats {
    pub(crate) count: usize,
    pub(crate) missing: usize,
    pub(crate) nan: usize,
    /// Smallest and largest value, the first of them.
    pub(crate) min: Option<Extreme>,
    pub(crate) max: Option<Extreme>,
    /// Mean and standard deviation (of the population); `None` without values, and for complex numbers.
    pub(crate) mean: Option<f64>,
    pub(crate) std: Option<f64>,
}

impl Stats {
    /// Computes them, in two passes. Of words, which may stand for anything, only the count. Planes that were
    /// left out because they are not in the file count as missing.
    pub(crate) fn of(record: &Record, field: &Field, meaning: Meaning) -> Self {
        let mut stats = Self::of_values(field, meaning);
        let (ni, nj, nk) = field.dims();
        if nk < record.nk() as usize {
            let lost = ni.saturating_mul(nj).saturating_mul(record.lost_planes() as usize);
            stats.count = stats.count.saturating_add(lost);
            stats.missing = stats.missing.saturating_add(lost);
        }
        stats
    }

    fn of_values(field: &Field, meaning: Meaning) -> Self {
        if meaning == Meaning::Words {
            return Self { count: field.values().len(), ..Self::default() };
        }
        macro_rules! each {
            ($($variant:ident => $number:ident as $wide:ty, $to:expr;)*) => {
                match field.values() {
                    $(Values::$variant(v) => scan(v, field, $to, |x| Number::$number(<$wide>::from(x))),)*
                    other => Self { count: other.len(), missing: field.missing_count(), ..Self::default() },
                }
            };
        }
        each! {
            U8 => Unsigned as u64, f64::from;
            I8 => Signed as i64, f64::from;
            U16 => Unsigned as u64, f64::from;
            I16 => Signed as i64, f64::from;
            U32 => Unsigned as u64, f64::from;
            I32 => Signed as i64, f64::from;
            U64 => Unsigned as u64, |x| x as f64;
            I64 => Signed as i64, |x| x as f64;
            F32 => Single as f32, f64::from;
            F64 => Double as f64, |x| x;
        }
    }
}

#[expect(clippy::eq_op, reason = "NaN differs from itself")]
fn scan<T: Copy + PartialOrd>(
    values: &[T],
    field: &Field,
    real: impl Fn(T) -> f64,
    number: impl Fn(T) -> Number,
) -> Stats {
    let missing = field.missing();
    let there = |k: usize| missing.is_none_or(|mask| mask.get(k) != Some(true));
    let valid = || values.iter().copied().enumerate().filter(|&(k, x)| x == x && there(k));
    let mut stats = Stats { count: values.len(), missing: field.missing_count(), ..Stats::default() };
    stats.nan = values.iter().enumerate().filter(|&(k, x)| x != x && there(k)).count();
    let Some(first) = valid().next() else { return stats };
    let (mut min, mut max, mut sum, mut n) = (first, first, 0.0, 0_usize);
    for (k, x) in valid() {
        min = if x < min.1 { (k, x) } else { min };
        max = if x > max.1 { (k, x) } else { max };
        sum += real(x);
        n += 1;
    }
    let mean = sum / n as f64;
    let variance = valid().map(|(_, x)| (real(x) - mean) * (real(x) - mean)).sum::<f64>() / n as f64;
    let (ni, nj, _) = dims(field);
    let place = |at: usize| [at % ni + 1, at / ni % nj + 1, at / ni / nj + 1];
    stats.min = Some((number(min.1), place(min.0)));
    stats.max = Some((number(max.1), place(max.0)));
    stats.mean = Some(mean);
    stats.std = Some(variance.sqrt());
    stats
}

/// What is written of a record.
struct Line<'a> {
    row: Row<'a>,
    stats: &'a rpnfst::Result<Stats>,
}

/// Names of the statistics, behind the columns of `ls`.
const NAMES: [&str; 13] =
    ["n", "missing", "nan", "min", "min_i", "min_j", "min_k", "max", "max_i", "max_j", "max_k", "mean", "std"];

/// What a person is shown of a record.
const SHOWN: [Shown; 7] = [
    Shown::Index,
    Shown::Of(Column::Nomvar),
    Shown::Of(Column::Typvar),
    Shown::Of(Column::Etiket),
    Shown::Of(Column::Level),
    Shown::Of(Column::Ip2),
    Shown::Of(Column::ValidTime),
];

/// Runs the command.
pub(crate) fn run(args: &Stat, global: &Global, report: &mut Report) -> Result {
    let paths = input::paths(&args.files, report)?;
    let query = input::query(args.select.expr.as_deref())?;
    let several = paths.several();
    let mut out = if args.json || args.csv { output::data() } else { output::stdout(global.color) };
    let mut writer = Writer::new(args, several, &mut out)?;
    // A table waits for its last row, while the other forms show their own progress on a terminal.
    let quiet = output::is_terminal() && (args.json || args.csv);
    // Planes that are not in the file need no memory to be counted.
    let options = global.reading().lost_planes(LostPlanes::Omit);
    let (mut opened, mut count) = (false, 0);
    let (files, fewer) = paths.matching(&query, global);
    opened |= fewer;
    for of in files {
        let Some(file) = input::open(of.path, global, report) else { continue };
        let selected = input::select_readable(&file, &of.query, report);
        (opened, count) = (true, count + selected.len());
        input::warn_of_lost_planes(of.path, selected.iter().map(|(_, record)| *record), report);
        let bar = progress::records(selected.len(), "stat", quiet, report);
        let name = of.name();
        let records = selected.iter().map(|(_, record)| *record);
        let all = file.map_many(records, &options, |record, field| {
            bar.inc(1);
            field.map(|field| {
                let (field, meaning) = words::taken(record, field, args.words.words_as);
                Stats::of(record, &field, meaning)
            })
        });
        for (&(index, _), (record, stats)) in selected.iter().zip(all) {
            if let Err(error) = &stats {
                report.library_error(error);
            }
            let row = Row { path: &name, file_number: of.number, file: &file, index, record };
            writer.row(&Line { row, stats: &stats }, &mut out, report)?;
        }
        progress::done(&bar, report);
    }
    if let Writer::Table(_, table) = writer
        && opened
    {
        table.finish(&mut out)?;
    }
    input::none_selected(&args.select, count, opened, report);
    Ok(out.finish()?)
}

enum Writer {
    Table(Vec<Shown>, Table),
    Json(Vec<Shown>),
    Csv(Vec<Shown>),
}

impl Writer {
    fn new(args: &Stat, several: bool, out: &mut Out) -> Result<Self> {
        let all = Shown::all(several);
        Ok(if args.json {
            Self::Json(all)
        } else if args.csv {
            if !args.no_header {
                csv_row(out, all.iter().map(|column| column.name()).chain(NAMES))?;
            }
            Self::Csv(all)
        } else {
            let path = several.then_some(Shown::Path);
            let shown: Vec<_> = path.into_iter().chain(SHOWN).collect();
            let numbers = ["n", "missing", "nan", "min", "at", "max", "at", "mean", "std"].map(Head::right);
            let heads = shown.iter().map(|column| column.head()).chain(numbers).collect();
            Self::Table(shown, Table::new(heads).header(!args.no_header).for_terminal())
        })
    }

    fn row(&mut self, line: &Line<'_>, out: &mut Out, report: &mut Report) -> Result {
        match self {
            Self::Json(columns) => {
                let cells = columns::cells(&line.row, columns, report);
                serde_json::to_writer(&mut *out, &Object { cells, stats: line.stats })?;
                out.write_all(b"\n")?;
            }
            Self::Csv(columns) => {
                let cells = columns.iter().map(|column| column.csv(&line.row, report));
                csv_row(out, cells.chain(texts(line.stats.as_ref().ok()).into_iter().map(String::into_bytes)))?;
            }
            Self::Table(columns, table) => {
                for column in columns {
                    table.cell(&column.text(&line.row, report));
                }
                show(line.stats.as_ref().ok(), line.row.record.nk() > 1, table);
                table.end_row(out)?;
            }
        }
        Ok(())
    }
}

/// A line of `--json`.
struct Object<'a> {
    cells: Vec<(&'static str, rpnfst::record::Cell)>,
    stats: &'a rpnfst::Result<Stats>,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, cell) in &self.cells {
            map.serialize_entry(name, cell)?;
        }
        let found = self.stats.as_ref().ok();
        for (name, count) in counts(found) {
            map.serialize_entry(name, &count)?;
        }
        for (extreme, [name, i, j, k]) in extremes(found) {
            map.serialize_entry(name, &extreme.map(|(value, _)| value))?;
            for (axis, name) in [i, j, k].into_iter().enumerate() {
                map.serialize_entry(name, &extreme.and_then(|(_, at)| at.get(axis).copied()))?;
            }
        }
        map.serialize_entry("mean", &found.and_then(|stats| stats.mean))?;
        map.serialize_entry("std", &found.and_then(|stats| stats.std))?;
        if let Err(error) = self.stats {
            map.serialize_entry("error", &error.to_string())?;
        }
        map.end()
    }
}

fn counts(found: Option<&Stats>) -> [(&'static str, Option<usize>); 3] {
    [
        ("n", found.map(|stats| stats.count)),
        ("missing", found.map(|stats| stats.missing)),
        ("nan", found.map(|stats| stats.nan)),
    ]
}

/// Minimum and maximum with their names: of the value and of its place.
fn extremes(found: Option<&Stats>) -> [(Option<Extreme>, [&'static str; 4]); 2] {
    [
        (found.and_then(|stats| stats.min), ["min", "min_i", "min_j", "min_k"]),
        (found.and_then(|stats| stats.max), ["max", "max_i", "max_j", "max_k"]),
    ]
}

/// Cells of CSV, as [`NAMES`]; empty where there is nothing.
fn texts(found: Option<&Stats>) -> Vec<String> {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let mut texts: Vec<_> = counts(found).map(|(_, count)| text(count)).into();
    for (extreme, _) in extremes(found) {
        texts.push(text(extreme.map(|(value, _)| value)));
        texts.extend((0..3).map(|axis| text(extreme.and_then(|(_, at)| at.get(axis).copied()))));
    }
    let reals = [found.and_then(|stats| stats.mean), found.and_then(|stats| stats.std)];
    texts.extend(reals.map(|real| text(real.map(Number::Double))));
    texts
}

/// The statistics for a person; places have a k where there are several `planes`.
fn show(found: Option<&Stats>, planes: bool, table: &mut Table) {
    let place = |[i, j, k]: [usize; 3]| if planes { format!("{i},{j},{k}") } else { format!("{i},{j}") };
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    for (_, count) in counts(found) {
        table.cell(&or_dash(count.map(|n| n.to_string())));
    }
    for (extreme, _) in extremes(found) {
        table.cell(&or_dash(extreme.map(|(value, _)| brief(value))));
        table.cell(&or_dash(extreme.map(|(_, at)| place(at))));
    }
    for real in [found.and_then(|stats| stats.mean), found.and_then(|stats| stats.std)] {
        table.cell(&or_dash(real.map(|x| significant(x, 7))));
    }
}

/// A value with at most seven digits; integers in full.
pub(crate) fn brief(number: Number) -> String {
    match number {
        Number::Single(value) => significant(f64::from(value), 7),
        Number::Double(value) => significant(value, 7),
        other => match other.parts() {
            Some([re, im]) => {
                let im = brief(im);
                let plus = if im.starts_with('-') { "" } else { "+" };
                format!("{}{plus}{im}j", brief(re))
            }
            None => other.to_string(),
        },
    }
}
