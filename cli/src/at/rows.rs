//! A row for each record, as a table, CSV or JSON.

use std::io::Write;

use rpnfst::record::{Cell, Column};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Values, places::Places};
use crate::{
    columns::{self, Row, Shown},
    ls::csv_row,
    number::significant,
    output::Out,
    report::{Report, Result},
    table::{Head, Table},
};

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Table,
    Csv,
    Json,
}

/// What a person is shown of a record.
const SHOWN: [Shown; 6] = [
    Shown::Index,
    Shown::Of(Column::Nomvar),
    Shown::Of(Column::Typvar),
    Shown::Of(Column::Etiket),
    Shown::Of(Column::Level),
    Shown::Of(Column::ValidTime),
];

/// Rows that are being written.
pub(super) struct Rows<'a> {
    places: &'a Places,
    columns: Vec<Shown>,
    writer: Writer,
}

enum Writer {
    Table(Table),
    Csv,
    Json,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        form: Form,
        places: &'a Places,
        several: bool,
        header: bool,
        out: &mut dyn Write,
    ) -> Result<Self> {
        let all = Shown::all(several);
        let (columns, writer) = match form {
            Form::Json => (all, Writer::Json),
            Form::Csv => {
                if header {
                    let names = all.iter().map(|column| column.name());
                    csv_row(out, names.chain(places.names.iter().map(String::as_str)))?;
                }
                (all, Writer::Csv)
            }
            Form::Table => {
                let shown: Vec<_> = several.then_some(Shown::Path).into_iter().chain(SHOWN).collect();
                // A command writes one table, whose names live as long as the program.
                let points = places.names.iter().map(|name| Head::right(String::leak(name.clone())));
                let heads = shown.iter().map(|column| column.head()).chain(points).collect();
                (shown, Writer::Table(Table::new(heads).header(header).for_terminal()))
            }
        };
        Ok(Self { places, columns, writer })
    }

    /// Whether rows appear at once: a table waits for its last row.
    pub(super) fn streams(&self) -> bool {
        !matches!(self.writer, Writer::Table(_))
    }

    pub(super) fn row(&mut self, row: &Row<'_>, values: &Values, out: &mut dyn Write, report: &mut Report) -> Result {
        let known = values.as_deref().ok();
        let value = |at: usize| known.and_then(|values| values.get(at)).copied().filter(|value| !value.is_nan());
        let count = self.places.lat.len();
        match &mut self.writer {
            Writer::Table(table) => {
                for column in &self.columns {
                    table.cell(&column.text(row, report));
                }
                for at in 0..count {
                    table.cell(&value(at).map_or_else(|| "-".to_owned(), |value| significant(value, 7)));
                }
            }
            Writer::Csv => {
                let cells: Vec<_> = self.columns.iter().map(|column| column.csv(row, report)).collect();
                let numbers = (0..count).map(|at| value(at).map_or_else(String::new, |value| format!("{value:?}")));
                csv_row(out, cells.into_iter().chain(numbers.map(String::into_bytes)))?;
            }
            Writer::Json => {
                let cells = columns::cells(row, &self.columns, report);
                serde_json::to_writer(&mut *out, &Object { cells, places: self.places, values })?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Long tables are written in pieces.
    pub(super) fn end_row(&mut self, out: &mut Out) -> Result {
        if let Writer::Table(table) = &mut self.writer {
            table.end_row(out)?;
        }
        Ok(())
    }

    pub(super) fn finish(self, out: &mut Out) -> Result {
        if let Writer::Table(table) = self.writer {
            table.finish(out)?;
        }
        Ok(())
    }
}

/// A line of `--json`.
struct Object<'a> {
    cells: Vec<(&'static str, Cell)>,
    places: &'a Places,
    values: &'a Values,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, cell) in &self.cells {
            map.serialize_entry(name, cell)?;
        }
        map.serialize_entry("lat", &self.places.lat)?;
        map.serialize_entry("lon", &self.places.lon)?;
        match self.values {
            Ok(values) => map.serialize_entry("values", values)?, // null where there is none
            Err(error) => {
                map.serialize_entry("values", &())?;
                map.serialize_entry("error", &error.to_string())?;
            }
        }
        map.end()
    }
}
