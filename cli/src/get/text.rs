//! Values as CSV and JSON.

use std::io::{self, Write};

use rpnfst::{Field, record::Cell};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::{
    columns::{self, Row, Shown},
    number::{Number, dims},
    report::{Report, Result},
};

/// How text is written.
#[expect(clippy::struct_excessive_bools, reason = "independent switches, each with its name")]
pub(crate) struct Options {
    /// Several records in one table: a column that tells them apart.
    pub(crate) index: bool,
    /// Rows of many values, without header.
    pub(crate) matrix: bool,
    /// Real and imaginary part.
    pub(crate) complex: bool,
    /// Missing values are left out.
    pub(crate) hole: bool,
}

impl Options {
    /// The header of a CSV table; matrices have none.
    pub(crate) fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.matrix {
            return Ok(());
        }
        let index = if self.index { "index," } else { "" };
        let value = if self.complex { "real,imag" } else { "value" };
        writeln!(out, "{index}i,j,k,{value}")
    }

    /// The rows of a record.
    pub(crate) fn csv(&self, index: usize, field: &Field, out: &mut dyn Write) -> io::Result<()> {
        if field.values().is_empty() {
            return Ok(()); // whatever the other dimensions are
        }
        let (ni, nj, nk) = dims(field);
        let mut at = 0;
        for k in 1..=nk {
            if self.matrix && k > 1 {
                out.write_all(b"\n")?;
            }
            for j in 1..=nj {
                for i in 1..=ni {
                    let value = self.value(field, at);
                    at += 1;
                    if self.matrix {
                        if i > 1 {
                            out.write_all(b",")?;
                        }
                        if let Some(value) = value {
                            write!(out, "{value}")?;
                        }
                        continue;
                    }
                    if self.index {
                        write!(out, "{index},")?;
                    }
                    write!(out, "{i},{j},{k},")?;
                    self.cells(value, out)?;
                    out.write_all(b"\n")?;
                }
                if self.matrix {
                    out.write_all(b"\n")?;
                }
            }
        }
        Ok(())
    }

    fn cells(&self, value: Option<Number>, out: &mut dyn Write) -> io::Result<()> {
        match (value.and_then(Number::parts), value) {
            (Some([re, im]), _) => write!(out, "{re},{im}"),
            (None, Some(value)) if self.complex => write!(out, "{value},"),
            (None, Some(value)) => write!(out, "{value}"),
            (None, None) if self.complex => out.write_all(b","),
            (None, None) => Ok(()),
        }
    }

    /// Value number `at`; `None` where it is missing.
    fn value(&self, field: &Field, at: usize) -> Option<Number> {
        let missing = self.hole && field.missing().is_some_and(|mask| mask.get(at) == Some(true));
        if missing { None } else { Number::at(field.values(), at) }
    }

    /// A JSON object, and the end of the line.
    pub(crate) fn json(&self, row: &Row<'_>, field: &Field, mut out: &mut dyn Write, report: &mut Report) -> Result {
        let object = Object { cells: cells(row, report), field, options: self };
        serde_json::to_writer(&mut out, &object)?;
        Ok(out.write_all(b"\n")?)
    }
}

fn cells(row: &Row<'_>, report: &mut Report) -> Vec<(&'static str, Cell)> {
    columns::cells(row, &Shown::all(true), report)
}

struct Object<'a> {
    cells: Vec<(&'static str, Cell)>,
    field: &'a Field,
    options: &'a Options,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let (ni, nj, nk) = dims(self.field);
        let mut map = serializer.serialize_map(None)?;
        for (name, cell) in &self.cells {
            map.serialize_entry(name, cell)?;
        }
        map.serialize_entry("dtype", self.field.values().kind().dtype())?;
        map.serialize_entry("shape", &[ni, nj, nk])?;
        map.serialize_entry("order", "F")?;
        map.serialize_entry("missing_count", &self.field.missing_count())?;
        map.serialize_entry("values", &Flat { field: self.field, options: self.options })?;
        map.end()
    }
}

struct Flat<'a> {
    field: &'a Field,
    options: &'a Options,
}

impl Serialize for Flat<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.field.values().len()).map(|at| self.options.value(self.field, at)))
    }
}

/// The line of a record that cannot be decoded.
pub(crate) fn write_error(
    row: &Row<'_>,
    error: &rpnfst::Error,
    mut out: &mut dyn Write,
    report: &mut Report,
) -> Result {
    let mut cells = cells(row, report);
    cells.push(("error", Cell::Text(error.to_string())));
    serde_json::to_writer(&mut out, &crate::ls::Members(&cells))?;
    Ok(out.write_all(b"\n")?)
}
