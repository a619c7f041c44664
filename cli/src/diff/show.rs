//! What `diff` says: a table for people, or JSON.

use std::io::Write as _;

use rpnfst::{Record, record::Cell};
use serde_json::{Map, Value, json};

use super::{Counts, Outcome, matching::Pair, values::Comparison};
use crate::{
    args::{Diff, Global},
    columns,
    number::significant,
    output::{self, Out, printable},
    report::Result,
    table::{Head, Table},
};

/// Writes results as they come in.
pub(super) struct Shower {
    out: Out,
    form: Form,
}

enum Form {
    Quiet,
    Json,
    Table(Table),
}

impl Shower {
    pub(super) fn new(args: &Diff, global: &Global) -> Self {
        let out = if args.json { output::data() } else { output::stdout(global.color) };
        let form = if global.quiet {
            Form::Quiet
        } else if args.json {
            Form::Json
        } else {
            let mut heads = ["a", "b"].map(Head::right).to_vec();
            heads.extend(["nomvar", "typvar", "etiket"].map(Head::left));
            heads.extend(["level", "hour", "differ", "abs", "rel", "rms", "corr", "bias"].map(Head::right));
            heads.push(Head::left("what"));
            Form::Table(Table::new(heads).header(!args.no_header).for_terminal())
        };
        Self { out, form }
    }

    /// Two records; nothing is said of those that are identical.
    pub(super) fn pair(&mut self, pair: &Pair<'_>, outcome: &Outcome) -> Result {
        let status = outcome.name();
        if status == "identical" {
            return Ok(());
        }
        let (places, record) = ((Some(pair.a.0), Some(pair.b.0)), pair.a.1);
        match (&mut self.form, outcome) {
            (Form::Quiet, _) => Ok(()),
            (Form::Json, Outcome::Compared { attributes, values }) => {
                let attributes: Map<_, _> =
                    attributes.iter().map(|(name, a, b)| ((*name).to_owned(), json!([a, b]))).collect();
                let values = values.as_ref().map(as_json);
                self.object(status, places, record, &[("attributes", attributes.into()), ("values", values.into())])
            }
            (Form::Json, Outcome::Trouble(error)) => {
                self.object(status, places, record, &[("error", error.to_string().into())])
            }
            (Form::Table(_), Outcome::Compared { attributes, values }) => {
                let mut what: Vec<_> = attributes.iter().map(|(name, a, b)| difference(name, a, b)).collect();
                if let Some(values) = values {
                    if values.missing > 0 {
                        what.push(format!("{} missing in only one", values.missing));
                    }
                    what.extend(values.why.clone());
                }
                if status == "close" {
                    what.push("within the tolerance".to_owned());
                }
                self.row(places, record, values.as_ref(), &what.join(", "))
            }
            (Form::Table(_), Outcome::Trouble(_)) => self.row(places, record, None, "cannot be read"),
        }
    }

    /// A record that only one of the files has.
    pub(super) fn only(&mut self, name: &str, index: usize, record: &Record) -> Result {
        let places = if name == "a" { (Some(index), None) } else { (None, Some(index)) };
        match &mut self.form {
            Form::Quiet => Ok(()),
            Form::Json => self.object(&format!("only_{name}"), places, record, &[]),
            Form::Table(_) => self.row(places, record, None, &format!("only in {}", name.to_ascii_uppercase())),
        }
    }

    /// The counts.
    pub(super) fn finish(mut self, counts: Counts) -> Result {
        let Counts { identical, close, different, only_a, only_b, trouble } = counts;
        match self.form {
            Form::Quiet => {}
            Form::Json => {
                let summary = json!({
                    "status": "summary", "identical": identical, "close": close, "different": different,
                    "only_a": only_a, "only_b": only_b, "trouble": trouble,
                });
                serde_json::to_writer(&mut self.out, &summary)?;
                self.out.write_all(b"\n")?;
            }
            Form::Table(table) => {
                if close + different + only_a + only_b + trouble > 0 {
                    table.finish(&mut self.out)?;
                }
                write!(self.out, "{identical} identical")?;
                for (n, what) in [
                    (close, "within the tolerance"),
                    (different, "different"),
                    (only_a, "only in A"),
                    (only_b, "only in B"),
                    (trouble, "cannot be read"),
                ] {
                    if n > 0 {
                        write!(self.out, ", {n} {what}")?;
                    }
                }
                self.out.write_all(b"\n")?;
            }
        }
        Ok(self.out.finish()?)
    }

    fn object(
        &mut self,
        status: &str,
        (a, b): (Option<usize>, Option<usize>),
        record: &Record,
        more: &[(&str, Value)],
    ) -> Result {
        let level = record.level();
        let mut object = json!({
            "status": status,
            "a": a,
            "b": b,
            "nomvar": record.nomvar().as_str(),
            "typvar": record.typvar().as_str(),
            "etiket": record.etiket().as_str(),
            "level": level.map(|level| level.value),
            "level_unit": level.map(|level| level.kind.modern_unit()),
            "hour": record.hour(),
        });
        if let Value::Object(map) = &mut object {
            map.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
        serde_json::to_writer(&mut self.out, &object)?;
        Ok(self.out.write_all(b"\n")?)
    }

    fn row(
        &mut self,
        (a, b): (Option<usize>, Option<usize>),
        record: &Record,
        values: Option<&Comparison>,
        what: &str,
    ) -> Result {
        let Form::Table(table) = &mut self.form else { return Ok(()) };
        let index = |at: Option<usize>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        table.cell(&index(a));
        table.cell(&index(b));
        table.cell(record.nomvar().as_str());
        table.cell(record.typvar().as_str());
        table.cell(record.etiket().as_str());
        table.cell(&columns::level(record));
        table.cell(&significant(record.hour(), 8));
        let real = |x: f64| significant(x, 4);
        table.cell(&values.map_or_else(|| "-".to_owned(), |values| format!("{}/{}", values.differ, values.count)));
        let cells = values.and_then(|values| values.numbers).map(|numbers| {
            let correlation = numbers.correlation.map_or_else(|| "-".to_owned(), |c| significant(c, 7));
            [real(numbers.max_abs), real(numbers.max_rel), real(numbers.rms), correlation, real(numbers.bias)]
        });
        for cell in cells.unwrap_or_else(|| ["-"; 5].map(str::to_owned)) {
            table.cell(&cell);
        }
        table.cell(what);
        Ok(table.end_row(&mut self.out)?)
    }
}

fn as_json(values: &Comparison) -> Value {
    // JSON has no infinity: null, as where there are no numbers.
    let numbers = values.numbers;
    json!({
        "count": values.count,
        "differ": values.differ,
        "missing_in_one": values.missing,
        "max_abs": numbers.map(|n| n.max_abs),
        "max_rel": numbers.map(|n| n.max_rel),
        "rms": numbers.map(|n| n.rms),
        "correlation": numbers.and_then(|n| n.correlation),
        "bias": numbers.map(|n| n.bias),
        "why": values.why,
    })
}

/// Longest values shown in a table.
const LONG: usize = 24;

fn difference(name: &str, a: &Cell, b: &Cell) -> String {
    let short = |cell: &Cell| {
        let text = printable(&cell.to_string());
        if text.chars().count() > LONG { text.chars().take(LONG).chain("...".chars()).collect() } else { text }
    };
    format!("{name} {} / {}", short(a), short(b))
}
