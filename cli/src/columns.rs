//! The columns of listings: those of the library, and what only the command line knows.

use std::{borrow::Cow, fmt::Write as _, path::Path};

use rpnfst::{
    File, Record,
    record::{
        Cell, CellType, Column, IpValue,
        ip::{self, LAST_OLD_STYLE},
    },
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
    Column::OriginTime,
];

/// Where a record comes from, for what its directory does not tell.
pub(crate) trait Origin {
    /// Its extended metadata as stored.
    fn metadata_text(&self, record: &Record) -> rpnfst::Result<Option<String>>;

    /// The path of its file as it was given.
    fn path(&self) -> Option<&Path>;
}

impl Origin for &File {
    fn metadata_text(&self, record: &Record) -> rpnfst::Result<Option<String>> {
        File::metadata_text(self, record)
    }

    fn path(&self) -> Option<&Path> {
        self.first().and_then(rpnfst::Member::path)
    }
}

/// A record, and where it comes from: an open file, unless it is of a [table](crate::catalog).
#[derive(Clone, Copy)]
pub(crate) struct Row<'a, F = &'a File> {
    pub(crate) path: &'a str,
    /// Number of the file among those given.
    pub(crate) file_number: usize,
    pub(crate) file: F,
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
                None => return Err(Stop::message(Self::unknown(name))),
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

    /// What is said of a name that no column has.
    pub(crate) fn unknown(name: &str) -> String {
        let known: Vec<_> = Self::known().map(Self::name).collect();
        format!("no column `{name}`; known are {}", known.join(" "))
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
        let is_text = match self {
            Self::Index => false,
            Self::Path | Self::Metadata => true,
            Self::Of(column) => matches!(column.cell_type(), CellType::Text | CellType::Time | CellType::Bool),
        };
        if is_text { Head::left(self.name()) } else { Head::right(self.name()) }
    }

    /// Its value.
    pub(crate) fn of(self, row: &Row<'_, impl Origin>, report: &mut Report) -> Cell {
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

    /// Its bytes for CSV: a path is given as it is.
    pub(crate) fn csv(self, row: &Row<'_, impl Origin>, report: &mut Report) -> Vec<u8> {
        match (self, row.file.path()) {
            (Self::Path, Some(path)) => path.as_os_str().as_encoded_bytes().to_vec(),
            _ => self.of(row, report).to_string().into_bytes(),
        }
    }

    /// Its value for a person: levels with their unit, hours without long fractions.
    pub(crate) fn text(self, row: &Row<'_, impl Origin>, report: &mut Report) -> Cow<'static, str> {
        match self {
            Self::Of(Column::Level) => level(row.record),
            Self::Of(Column::Ip2) => ip2(row.record),
            Self::Of(Column::Ip3) => ip3(row.record),
            Self::Of(Column::Hour) => crate::number::significant(row.record.hour(), 8).into(),
            other => match other.of(row, report) {
                Cell::Null => "-".into(),
                Cell::Text(text) => text.into(),
                cell => cell.to_string().into(),
            },
        }
    }
}

/// Names and values for JSON. A path that is no text goes with its bytes, by which it can be opened.
pub(crate) fn cells(row: &Row<'_, impl Origin>, columns: &[Shown], report: &mut Report) -> Vec<(&'static str, Cell)> {
    let mut cells = Vec::with_capacity(columns.len());
    for column in columns {
        cells.push((column.name(), column.of(row, report)));
        if *column == Shown::Path
            && let Some(bytes) = row.file.path().and_then(path_bytes)
        {
            cells.push(("path_bytes", Cell::Text(bytes)));
        }
    }
    cells
}

/// The bytes of a path that is not UTF-8, hexadecimal.
pub(crate) fn path_bytes(path: &Path) -> Option<String> {
    if path.to_str().is_some() {
        return None;
    }
    Some(path.as_os_str().as_encoded_bytes().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

fn int(value: usize) -> Cell {
    Cell::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// ip2: encoded times as hours, with ip3 as the interval that they are.
fn ip2(record: &Record) -> Cow<'static, str> {
    if let Some(time) = record.time_interval() {
        return format!("{}-{} h", hours(time.lo), hours(time.hi)).into();
    }
    encoded_time(record, record.ip2())
}

/// ip3: the begin of an interval, the second level of a layer.
fn ip3(record: &Record) -> Cow<'static, str> {
    match record.level_interval() {
        Some(_) => ip::decode(record.ip3()).map_or_else(|_| record.ip3().to_string().into(), with_unit),
        None => encoded_time(record, record.ip3()),
    }
}

fn encoded_time(record: &Record, code: u32) -> Cow<'static, str> {
    let encoded = code > LAST_OLD_STYLE && !record.has_special_ips();
    match ip::decode(code) {
        Ok(value) if encoded && value.kind.is_time() => format!("{} h", hours(value.value)).into(),
        _ => code.to_string().into(),
    }
}

fn hours(value: f32) -> String {
    crate::number::significant(f64::from(value), 7)
}

/// A level and its unit, in few characters.
pub(crate) fn level(record: &Record) -> Cow<'static, str> {
    record.level().map_or("-".into(), with_unit)
}

fn with_unit(level: IpValue) -> Cow<'static, str> {
    let unit = level.kind.short_unit();
    let value = crate::number::significant(f64::from(level.value), 7);
    if unit.is_empty() { value.into() } else { format!("{value} {unit}").into() }
}
