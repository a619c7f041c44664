//! The columns of listings: those of the library, and what only the command line knows.

use std::{borrow::Cow, fmt::Write as _};

use rpnfst::{
    File, Record,
    record::{Cell, Column},
};

use crate::{
    report::{DAMAGED, Report, Result, Stop},
    table::Head,
};

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shown {
    /// Position of the record in the listing of its file.
    Index,
    /// Path of the file.
    Path,
    /// Extended metadata, JSON as stored.
    Metadata,
    /// A column of the library.
    Of(Column),
}

/// What a person wants to see of a record.
const DEFAULT: &[Column] = &[
    Column::Nomvar,
    Column::Typvar,
    Column::Etiket,
    Column::Ni,
    Column::Nj,
    Column::Nk,
    Column::ValidTime,
    Column::Level,
    Column::Ip2,
    Column::Ip3,
    Column::Hour,
    Column::Type,
    Column::Grtyp,
    Column::Ig1,
    Column::Ig2,
    Column::Ig3,
    Column::Ig4,
];

/// A record, and where it comes from.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) path: &'a str,
    /// Number of the file among those given.
    pub(crate) file_number: usize,
    pub(crate) file: &'a File,
    pub(crate) index: usize,
    pub(crate) record: &'a Record,
}

impl Shown {
    const OWN: &[Self] = &[Self::Index, Self::Path, Self::Metadata];

    /// The columns of the table for a person.
    pub(crate) fn for_people(several_files: bool) -> Vec<Self> {
        let own = if several_files { &[Self::Path, Self::Index][..] } else { &[Self::Index] };
        own.iter().copied().chain(DEFAULT.iter().copied().map(Self::Of)).collect()
    }

    /// All columns, for programs.
    pub(crate) fn all(several_files: bool) -> Vec<Self> {
        let own = if several_files { &[Self::Path, Self::Index][..] } else { &[Self::Index] };
        let all = own.iter().copied().chain(Column::ALL.iter().copied().map(Self::Of));
        all.chain([Self::Metadata]).collect()
    }

    /// The columns of `--columns`.
    pub(crate) fn parse(list: &str, several_files: bool) -> Result<Vec<Self>> {
        let mut columns = Vec::new();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match Self::from_name(name) {
                Some(column) => columns.push(column),
                None if name == "all" => columns.extend(Self::all(several_files)),
                None => {
                    let known: Vec<_> = Self::known().map(Self::name).collect();
                    return Err(Stop::message(format!("no column `{name}`; known are {}", known.join(" "))));
                }
            }
        }
        match columns.as_slice() {
            [] => Err(Stop::message("--columns without a column")),
            _ => Ok(columns),
        }
    }

    fn known() -> impl Iterator<Item = Self> {
        Self::OWN.iter().copied().chain(Column::ALL.iter().copied().map(Self::Of))
    }

    /// The column of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let own = Self::OWN.iter().copied().find(|column| column.name() == name);
        own.or_else(|| Column::from_name(name).map(Self::Of))
    }

    /// Names and meanings of all columns, a line each.
    pub(crate) fn help() -> String {
        Self::known().fold(String::new(), |mut text, column| {
            let _ = writeln!(text, "{:19} {}", column.name(), column.describe());
            text
        })
    }

    /// Name in headers and JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Path => "path",
            Self::Metadata => "metadata",
            Self::Of(column) => column.name(),
        }
    }

    const fn describe(self) -> &'static str {
        match self {
            Self::Index => "Position in the listing of the file, from 0",
            Self::Path => "Path of the file",
            Self::Metadata => "Extended metadata of RSF records, JSON as stored",
            Self::Of(column) => column.describe(),
        }
    }

    /// Its head in a table: numbers to the right.
    pub(crate) fn head(self) -> Head {
        let left = matches!(
            self,
            Self::Path
                | Self::Metadata
                | Self::Of(
                    Column::Nomvar
                        | Column::Typvar
                        | Column::Etiket
                        | Column::Grtyp
                        | Column::OriginTime
                        | Column::ValidTime
                        | Column::LevelName
                        | Column::LevelUnit
                        | Column::Type
                )
        );
        if left { Head::left(self.name()) } else { Head::right(self.name()) }
    }

    /// Its value.
    pub(crate) fn of(self, row: &Row<'_>, report: &mut Report) -> Cell {
        match self {
            Self::Index => int(row.index),
            Self::Path => Cell::Text(row.path.to_owned()),
            Self::Metadata => match row.file.metadata_text(row.record) {
                Ok(text) => text.map_or(Cell::Null, Cell::Text),
                Err(error) => {
                    report.error(DAMAGED, error);
                    Cell::Null
                }
            },
            Self::Of(Column::File) => int(row.file_number),
            Self::Of(column) => column.of(row.record),
        }
    }

    /// Its value for a person: levels with their unit, hours without long fractions.
    pub(crate) fn text(self, row: &Row<'_>, report: &mut Report) -> Cow<'static, str> {
        match self {
            Self::Of(Column::Level) => level(row.record),
            Self::Of(Column::Hour) => crate::number::significant(row.record.forecast_hour(), 8).into(),
            other => match other.of(row, report) {
                Cell::Null => "-".into(),
                Cell::Text(text) => text.into(),
                cell => cell.to_string().into(),
            },
        }
    }
}

fn int(value: usize) -> Cell {
    Cell::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A level and its unit, in few characters.
pub(crate) fn level(record: &Record) -> Cow<'static, str> {
    let Some(level) = record.level() else { return "-".into() };
    let unit = level.kind.short_unit();
    let value = crate::number::significant(f64::from(level.value), 7);
    if unit.is_empty() { value.into() } else { format!("{value} {unit}").into() }
}
