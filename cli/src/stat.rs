//! `rpnfst stat`: the range of each record.

use std::io::Write as _;

use rpnfst::{Field, LostPlanes, Record, Values, codecs::BaseType};
use serde::Serialize;

use crate::{
    args::{Global, Stat},
    columns, input,
    ls::csv_row,
    number::{Number, significant},
    output::{self, Out},
    progress,
    report::{Report, Result},
    table::{Head, Table},
};

/// The range of a record's values. Missing values and NaN are left out of all but the counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stats {
    pub(crate) count: usize,
    pub(crate) missing: usize,
    pub(crate) nan: usize,
    /// Smallest and largest value, and where they are in storage order.
    pub(crate) min: Option<(Number, usize)>,
    pub(crate) max: Option<(Number, usize)>,
    /// Mean and standard deviation (of the population); `None` without values, and for complex numbers.
    pub(crate) mean: Option<f64>,
    pub(crate) std: Option<f64>,
}

impl Stats {
    /// Computes them, in two passes. Of binary records, whose words may stand for anything, only the count. Planes that were
    /// left out because they are not in the file count as missing.
    pub(crate) fn of(record: &Record, field: &Field) -> Self {
        let mut stats = Self::of_values(record, field);
        let (ni, nj, nk) = field.dims();
        if nk < record.nk() as usize {
            let lost = ni.saturating_mul(nj).saturating_mul(record.lost_planes() as usize);
            stats.count = stats.count.saturating_add(lost);
            stats.missing = stats.missing.saturating_add(lost);
        }
        stats
    }

    fn of_values(record: &Record, field: &Field) -> Self {
        if record.data_type().base() == BaseType::Raw {
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
    let there = |k: usize| missing.is_none_or(|mask| mask.get(k).is_none_or(|bit| !*bit));
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
    stats.min = Some((number(min.1), min.0));
    stats.max = Some((number(max.1), max.0));
    stats.mean = Some(mean);
    stats.std = Some(variance.sqrt());
    stats
}

/// A line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    index: usize,
    nomvar: &'a str,
    level: Option<f32>,
    level_unit: Option<&'a str>,
    valid_time: Option<String>,
    n: Option<usize>,
    missing: Option<usize>,
    nan: Option<usize>,
    min: Option<Number>,
    max: Option<Number>,
    mean: Option<f64>,
    std: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

const NAMES: [&str; 12] =
    ["index", "nomvar", "level", "level_unit", "valid_time", "n", "missing", "nan", "min", "max", "mean", "std"];

/// Runs the command.
pub(crate) fn run(args: &Stat, global: &Global, report: &mut Report) -> Result {
    let paths = input::paths(&args.files)?;
    let query = input::query(args.select.expr.as_deref())?;
    let several = paths.len() > 1;
    let mut out = output::stdout(global.color);
    let mut writer = Writer::new(args, several, &mut out)?;
    // A table waits for its last row, while the other forms show their own progress on a terminal.
    let quiet = output::is_terminal() && (args.json || args.csv);
    // Planes that are not in the file need no memory to be counted.
    let options = global.reading().lost_planes(LostPlanes::Omit);
    for path in &paths {
        let Some(file) = input::open_one_of(paths.len(), path, global, report) else { continue };
        let selected = input::select(&file, &query);
        input::warn_of_lost_planes(path, selected.iter().map(|(_, record)| *record), report);
        let bar = progress::records(selected.len(), "stat", quiet, report);
        let name = path.display().to_string();
        let name = several.then_some(name.as_str());
        let records = selected.iter().map(|(_, record)| *record);
        let all = file.map_many(records, &options, |record, field| {
            bar.inc(1);
            field.map(|field| Stats::of(record, &field))
        });
        for (&(index, _), (record, stats)) in selected.iter().zip(all) {
            if let Err(error) = &stats {
                report.library_error(error);
            }
            writer.row(name, index, record, &stats, &mut out)?;
        }
        progress::done(&bar, report);
    }
    if let Writer::Table(table) = writer {
        table.finish(&mut out)?;
    }
    Ok(out.finish()?)
}

enum Writer {
    Table(Table),
    Json,
    Csv,
}

impl Writer {
    fn new(args: &Stat, several: bool, out: &mut Out) -> Result<Self> {
        let path = several.then_some("path");
        Ok(if args.json {
            Self::Json
        } else if args.csv {
            csv_row(out, path.into_iter().chain(NAMES))?;
            Self::Csv
        } else {
            let heads = NAMES.into_iter().filter(|&name| name != "level_unit").map(|name| match name {
                "nomvar" | "valid_time" => Head::left(name),
                _ => Head::right(name),
            });
            Self::Table(Table::new(path.map(Head::left).into_iter().chain(heads).collect()))
        })
    }

    fn row(
        &mut self,
        path: Option<&str>,
        index: usize,
        record: &Record,
        stats: &rpnfst::Result<Stats>,
        out: &mut Out,
    ) -> Result {
        let nomvar = record.nomvar();
        let level = record.level();
        let found = stats.as_ref().ok();
        let line = Line {
            path,
            index,
            nomvar: nomvar.as_str(),
            level: level.map(|level| level.value),
            level_unit: level.map(|level| level.kind.modern_unit()),
            valid_time: record.datev().to_civil().ok().map(|time| time.to_string()),
            n: found.map(|stats| stats.count),
            missing: found.map(|stats| stats.missing),
            nan: found.map(|stats| stats.nan),
            min: found.and_then(|stats| Some(stats.min?.0)),
            max: found.and_then(|stats| Some(stats.max?.0)),
            mean: found.and_then(|stats| stats.mean),
            std: found.and_then(|stats| stats.std),
            error: stats.as_ref().err().map(ToString::to_string),
        };
        match self {
            Self::Json => {
                serde_json::to_writer(&mut *out, &line)?;
                out.write_all(b"\n")?;
            }
            Self::Csv => csv_row(out, path.map(str::to_owned).into_iter().chain(line.cells()))?,
            Self::Table(table) => {
                if let Some(path) = path {
                    table.cell(path);
                }
                line.show(table, &columns::level(record));
                table.end_row(out)?;
            }
        }
        Ok(())
    }
}

impl Line<'_> {
    /// As [`NAMES`].
    fn cells(&self) -> [String; 12] {
        fn text<T: ToString>(value: Option<T>) -> String {
            value.map_or_else(String::new, |value| value.to_string())
        }
        [
            self.index.to_string(),
            self.nomvar.to_owned(),
            text(self.level),
            text(self.level_unit),
            text(self.valid_time.as_ref()),
            text(self.n),
            text(self.missing),
            text(self.nan),
            text(self.min),
            text(self.max),
            text(self.mean.map(Number::Double)),
            text(self.std.map(Number::Double)),
        ]
    }

    /// For a person: as [`NAMES`] but the unit, which stands with the level.
    fn show(&self, table: &mut Table, level: &str) {
        let count = |value: Option<usize>| value.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let real = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |x| significant(x, 7));
        table.cell(&self.index.to_string());
        table.cell(self.nomvar);
        table.cell(level);
        table.cell(self.valid_time.as_deref().unwrap_or("-"));
        table.cell(&count(self.n));
        table.cell(&count(self.missing));
        table.cell(&count(self.nan));
        table.cell(&self.min.map_or_else(|| "-".to_owned(), brief));
        table.cell(&self.max.map_or_else(|| "-".to_owned(), brief));
        table.cell(&real(self.mean));
        table.cell(&real(self.std));
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
