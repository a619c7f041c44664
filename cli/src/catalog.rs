//! The records of all inputs as one table, for what needs them together.

use std::{
    cell::RefCell,
    collections::HashMap,
    path::{Path, PathBuf},
};

use rpnfst::{
    Container, File, OpenOptions, Query, Record, RecordTable,
    record::{Calendar, Cell, Column},
    table::{FileEntry, SortBy},
};

use crate::{
    args::Global,
    columns::{Origin, Row, Shown},
    input::{self, Inputs},
    progress, remote,
    report::{Report, Result, Stop},
};

/// The records of all inputs, and what rows of a listing tell of them. No file stays open.
pub(crate) struct Catalog {
    table: RecordTable,
    /// Of each file of the table: its name, its number among the inputs, its first row.
    names: Vec<String>,
    numbers: Vec<usize>,
    starts: Vec<usize>,
    /// The URLs among the inputs that could be read, by number.
    urls: Vec<(usize, PathBuf)>,
    options: OpenOptions,
    /// The file that was opened last for what only it has.
    last: RefCell<Option<(u32, File)>>,
}

/// A column by which rows are put in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Key {
    pub(crate) column: Shown,
    pub(crate) descending: bool,
}

impl Key {
    /// The names of a list, each behind a minus when the largest values come first.
    pub(crate) fn split(list: &str) -> impl Iterator<Item = (&str, bool)> {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| name.strip_prefix('-').map_or((name, false), |name| (name.trim(), true)))
    }

    fn is_of_file(self) -> bool {
        matches!(self.column, Shown::Path | Shown::Of(Column::File))
    }

    /// The columns of `--sort`.
    pub(crate) fn parse(list: &str) -> Result<Vec<Self>> {
        let key = |(name, descending)| match Shown::from_name(name) {
            Some(Shown::Metadata) => Err(Stop::message("--sort: extended metadata have no order")),
            Some(column) => Ok(Self { column, descending }),
            None => Err(Stop::message(format!("--sort: {}", Shown::unknown(name)))),
        };
        match Self::split(list).map(key).collect::<Result<Vec<_>>>()? {
            none if none.is_empty() => Err(Stop::message("--sort without a column")),
            keys => Ok(keys),
        }
    }
}

impl Catalog {
    /// Reads the directories of the inputs; what is wrong with them is said.
    pub(crate) fn of(paths: &Inputs, global: &Global, report: &mut Report) -> Self {
        let options = input::options(global);
        let (indexes, known) = paths.known();
        let (mut tables, mut known) = (indexes.to_vec(), known.clone());
        let (mut numbers, mut unknown, mut urls) = (Vec::new(), Vec::new(), Vec::new());
        for (number, path) in paths.iter().enumerate() {
            if remote::url(path).is_some() {
                if let Some(file) = input::open(path, global, report) {
                    known.insert(number, (tables.len(), 0));
                    tables.push(of_url(path, &file));
                    urls.push((number, path.clone()));
                }
                continue;
            }
            if known.contains_key(&number) {
                continue;
            }
            numbers.push(number);
            unknown.push(path);
        }
        let bar = progress::files(unknown.len(), "reading", report);
        let scan = options.scan(&unknown, |done| progress::scanned(&bar, done));
        progress::done(&bar, report);
        for error in &scan.errors {
            report.library_error(error);
        }
        let files = scan.table.files();
        let problems = scan.problems.iter();
        let problems = problems.filter_map(|(file, problem)| Some((files.get(*file)?.path.as_path(), problem)));
        input::warn_of_damage(problems, report);
        // Inputs that could not be read have no file in the table.
        let mut inputs = numbers.iter().zip(&unknown);
        let scanned = scan.table.files().iter().map(|file| {
            let input = inputs.find(|(_, input)| **input == &file.path);
            input.map_or(0, |(number, _)| *number)
        });
        let scanned: Vec<_> = scanned.collect();
        let (table, numbers) = if known.is_empty() {
            (scan.table, scanned)
        } else {
            joined(&tables, &known, &scan.table, &scanned, global.calendar())
        };
        Self::new(table, numbers, urls, options)
    }

    fn new(table: RecordTable, numbers: Vec<usize>, urls: Vec<(usize, PathBuf)>, options: OpenOptions) -> Self {
        let files = table.files();
        let names = files.iter().map(|file| file.path.display().to_string()).collect();
        let mut starts = vec![0; files.len()];
        for (row, file) in table.columns().file.iter().enumerate().rev() {
            if let Some(start) = starts.get_mut(*file as usize) {
                *start = row;
            }
        }
        Self { table, names, numbers, starts, urls, options, last: RefCell::new(None) }
    }

    /// The URL of a file of the table.
    fn url(&self, file: u32) -> Option<&Path> {
        let number = self.numbers.get(file as usize)?;
        self.urls.iter().find(|(of, _)| of == number).map(|(_, path)| path.as_path())
    }

    /// Whether any input could be read.
    pub(crate) fn is_any_open(&self) -> bool {
        !self.table.files().is_empty()
    }

    pub(crate) fn table(&self) -> &RecordTable {
        &self.table
    }

    /// The table with the numbers that files have among the inputs, those that could not be read counted.
    pub(crate) fn numbered(&self) -> RecordTable {
        numbered(&self.table, &self.numbers)
    }

    /// The rows that a query matches.
    pub(crate) fn matching(&self, query: &Query) -> Vec<u32> {
        self.numbered().matching(query)
    }

    /// Puts rows in order.
    pub(crate) fn sort(&self, rows: Vec<u32>, keys: &[Key]) -> Vec<u32> {
        let mut rows = rows;
        // The last column first: what is in order stays in order where earlier columns agree.
        for keys in keys.chunk_by(|one, next| !one.is_of_file() && !next.is_of_file()).rev() {
            if let [key] = keys
                && key.is_of_file()
            {
                self.sort_by_file(&mut rows, *key);
                continue;
            }
            let by = keys.iter().filter_map(|key| {
                let column = match key.column {
                    Shown::Of(column) => column,
                    Shown::Index => Column::FileIndex,
                    Shown::Path | Shown::Metadata => return None,
                };
                Some(if key.descending { SortBy::descending(column) } else { column.into() })
            });
            let order = self.table.take(&rows).order(&by.collect::<Vec<_>>());
            rows = order.iter().filter_map(|at| rows.get(*at as usize)).copied().collect();
        }
        rows
    }

    /// By path, or by the number of the file among the inputs.
    fn sort_by_file(&self, rows: &mut [u32], key: Key) {
        let file = |row: u32| self.table.columns().file.get(row as usize).map_or(0, |file| *file as usize);
        let path = |row: u32| self.table.file_of(row as usize).map(|file| file.path.as_os_str());
        sort_by(rows, &|one, other| {
            let order = match key.column {
                Shown::Path => path(one).cmp(&path(other)),
                _ => self.numbers.get(file(one)).cmp(&self.numbers.get(file(other))),
            };
            if key.descending { order.reverse() } else { order }
        });
    }

    /// What a listing tells of a record that the table gave for its row.
    pub(crate) fn row<'a>(&'a self, row: u32, record: &'a Record) -> Row<'a, Listed<'a>> {
        let at = row as usize;
        let file = self.table.columns().file.get(at).map_or(0, |file| *file as usize);
        Row {
            path: self.names.get(file).map_or("", String::as_str),
            file_number: self.numbers.get(file).copied().unwrap_or_default(),
            file: Listed { catalog: self, row },
            index: at - self.starts.get(file).copied().unwrap_or_default().min(at),
            record,
        }
    }

    /// The name of a file of the table.
    pub(crate) fn name(&self, file: u32) -> &str {
        self.names.get(file as usize).map_or("", String::as_str)
    }
}

/// The table of a file that no path leads to, under the name of its URL.
fn of_url(path: &Path, file: &File) -> RecordTable {
    let table = RecordTable::from(file);
    let mut files = table.files().to_vec();
    for file in &mut files {
        file.path = remote::name(path).into_owned();
    }
    RecordTable::from_columns(files, table.columns().clone(), table.calendar()).unwrap_or(table)
}

/// A table whose files have other numbers; what is between them has no records.
pub(crate) fn numbered(table: &RecordTable, numbers: &[usize]) -> RecordTable {
    if numbers.iter().copied().eq(0..table.files().len()) {
        return table.clone();
    }
    let count = numbers.iter().max().map_or(0, |most| most + 1);
    let mut files = vec![FileEntry::new(PathBuf::new(), Container::Xdf); count];
    for (number, file) in numbers.iter().zip(table.files()) {
        files[*number].clone_from(file);
    }
    let mut columns = table.columns().clone();
    for file in &mut columns.file {
        let number = numbers.get(*file as usize).and_then(|number| u32::try_from(*number).ok());
        *file = number.unwrap_or(u32::MAX);
    }
    RecordTable::from_columns(files, columns, table.calendar()).unwrap_or_else(|| table.clone())
}

/// What indexes know and what was read as one table in the order of the inputs, and the number of each of its files
/// among them.
fn joined(
    indexes: &[RecordTable],
    known: &HashMap<usize, (usize, u32)>,
    read: &RecordTable,
    numbers: &[usize],
    calendar: Calendar,
) -> (RecordTable, Vec<usize>) {
    // By their numbers among all tables, one after the other.
    let tables = || indexes.iter().chain([read]);
    let mut firsts = vec![0];
    for table in tables() {
        firsts.push(firsts.last().copied().unwrap_or(0) + table.files().len());
    }
    let mut scanned = numbers.iter().zip(firsts[indexes.len()]..).peekable();
    let mut files = Vec::new();
    let most = known.keys().chain(numbers).max().copied().unwrap_or(0);
    for number in 0..=most {
        if let Some((index, file)) = known.get(&number) {
            files.push((number, firsts[*index] + *file as usize));
        } else if let Some((_, file)) = scanned.next_if(|(of, _)| **of == number) {
            files.push((number, file));
        }
    }
    let numbers = files.iter().map(|(number, _)| *number).collect();
    let files: Vec<usize> = files.into_iter().map(|(_, file)| file).collect();
    (RecordTable::concat(tables()).take_files(&files).with_calendar(calendar), numbers)
}

/// Where a record of a table comes from.
#[derive(Clone, Copy)]
pub(crate) struct Listed<'a> {
    catalog: &'a Catalog,
    row: u32,
}

impl Origin for Listed<'_> {
    fn metadata_text(&self, record: &Record) -> rpnfst::Result<Option<String>> {
        let (table, at) = (&self.catalog.table, self.row as usize);
        let (Some(words), Some(&number)) = (table.columns().meta_words.get(at), table.columns().file.get(at)) else {
            return Ok(None);
        };
        if *words == 0 {
            return Ok(None);
        }
        let mut last = self.catalog.last.borrow_mut();
        let file = match (last.take(), self.catalog.url(number)) {
            (Some((known, file)), _) if known == number => file,
            (_, Some(url)) => remote::open(url, &self.catalog.options)?,
            _ => {
                let start = self.catalog.starts.get(number as usize).copied().unwrap_or_default();
                let rows = table.columns().file.iter().skip(start).take_while(|file| **file == number);
                let rows: Vec<u32> =
                    (u32::try_from(start).unwrap_or(u32::MAX)..).zip(rows).map(|(row, _)| row).collect();
                table.take(&rows).file_with(&self.catalog.options)?
            }
        };
        let known = file.records().binary_search_by_key(&record.file_index(), Record::file_index);
        let known = known.ok().and_then(|at| file.records().get(at));
        let text = known.map_or(Ok(None), |known| file.metadata_text(known));
        *last = Some((number, file));
        text
    }

    fn path(&self) -> Option<&Path> {
        self.catalog.table.file_of(self.row as usize).map(|file| file.path.as_path())
    }
}

/// Sorts rows or the like; what is equal stays in its order. Compiled once.
pub(crate) fn sort_by(rows: &mut [u32], compare: &dyn Fn(u32, u32) -> std::cmp::Ordering) {
    rows.sort_by(|&one, &other| compare(one, other));
}

/// The order of two values of a column; what has none comes last whatever the direction.
pub(crate) fn compare(one: &Cell, other: &Cell, descending: bool) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let order = match (one, other) {
        (Cell::Null, Cell::Null) => return Ordering::Equal,
        (Cell::Null, _) => return Ordering::Greater,
        (_, Cell::Null) => return Ordering::Less,
        (Cell::Int(one), Cell::Int(other)) => one.cmp(other),
        (Cell::Single(one), Cell::Single(other)) => one.total_cmp(other),
        (Cell::Double(one), Cell::Double(other)) => one.total_cmp(other),
        (Cell::Bool(one), Cell::Bool(other)) => one.cmp(other),
        (Cell::Time(one), Cell::Time(other)) => one.unix_seconds().cmp(&other.unix_seconds()),
        (Cell::Text(one), Cell::Text(other)) => one.cmp(other),
        _ => Ordering::Equal,
    };
    if descending { order.reverse() } else { order }
}
