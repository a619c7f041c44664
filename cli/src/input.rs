//! Which files and which records: the arguments that all commands share.

mod selection;

pub(crate) use self::selection::*;

use std::{
    collections::{HashMap, HashSet},
    ffi::OsString,
    fs,
    io::{self, Read as _},
    ops::Deref,
    path::{Path, PathBuf},
};

use rpnfst::{Container, File, OpenOptions, Problem, Query, RecordTable, Severity, record::Calendar, table::FileEntry};

use crate::{
    args::{Files, Global},
    catalog, index, remote,
    report::{DAMAGED, Report, Result, Stop, UNUSABLE},
};

/// The files to work on, in order.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    paths: Vec<PathBuf>,
    /// Some were found in a folder, not named.
    found: bool,
    /// Files with lists of them, and indexes.
    lists: Vec<PathBuf>,
    /// Indexes among them, and by the positions of files what is known of them: which index, and which file of it.
    indexes: Vec<RecordTable>,
    known: HashMap<usize, (usize, u32)>,
}

impl Deref for Inputs {
    type Target = [PathBuf];

    fn deref(&self) -> &[PathBuf] {
        &self.paths
    }
}

impl IntoIterator for Inputs {
    type Item = PathBuf;
    type IntoIter = std::vec::IntoIter<PathBuf>;

    fn into_iter(self) -> Self::IntoIter {
        self.paths.into_iter()
    }
}

impl<'a> IntoIterator for &'a Inputs {
    type Item = &'a PathBuf;
    type IntoIter = std::slice::Iter<'a, PathBuf>;

    fn into_iter(self) -> Self::IntoIter {
        self.paths.iter()
    }
}

/// One of the files.
pub(crate) struct Input<'a> {
    /// Its position among the inputs.
    pub(crate) number: usize,
    pub(crate) path: &'a Path,
    /// What the query is for the records of this file.
    pub(crate) query: Query,
}

impl Input<'_> {
    /// What the file is called in all that is written.
    pub(crate) fn name(&self) -> String {
        remote::name(self.path).display().to_string()
    }
}

impl Inputs {
    /// Whether a reader must be told which file a record is from.
    pub(crate) fn several(&self) -> bool {
        self.found || self.paths.len() > 1
    }

    /// Whether an index tells what is in some of them.
    pub(crate) fn has_index(&self) -> bool {
        !self.indexes.is_empty()
    }

    /// The indexes, and by their positions among the inputs the files of them that have not changed since.
    pub(crate) fn known(&self) -> (&[RecordTable], &HashMap<usize, (usize, u32)>) {
        (&self.indexes, &self.known)
    }

    /// All files, with what a query is for each.
    pub(crate) fn each(&self, query: &Query) -> Vec<Input<'_>> {
        let files = self.paths.iter().enumerate();
        files.map(|(number, path)| Input { number, path, query: query.of_file(number) }).collect()
    }

    /// The files to open for the records that a query matches: without those in which an index knows none. Whether there are
    /// such.
    pub(crate) fn matching(&self, query: &Query, global: &Global) -> (Vec<Input<'_>>, bool) {
        let matching = |(index, table): (usize, &RecordTable)| {
            let mut files: Vec<_> = self.known.iter().filter(|(_, (of, _))| *of == index).collect();
            files.sort_unstable();
            let (numbers, files): (Vec<usize>, Vec<usize>) =
                files.into_iter().map(|(position, (_, file))| (*position, *file as usize)).unzip();
            // The calendar of the command decides on origin dates, not that of the index.
            let table = table.take_files(&files).with_calendar(global.calendar());
            let table = catalog::numbered(&table, &numbers);
            let rows = table.matching(query);
            rows.iter().filter_map(|row| table.columns().file.get(*row as usize)).map(|file| *file as usize).collect()
        };
        let matching: Vec<HashSet<usize>> = self.indexes.iter().enumerate().map(matching).collect();
        let wanted = |position: &usize| {
            let known = self.known.get(position);
            known.is_none_or(|(index, _)| matching.get(*index).is_none_or(|files| files.contains(position)))
        };
        let mut files = self.each(query);
        files.retain(|input| wanted(&input.number));
        let fewer = files.len() < self.paths.len();
        (files, fewer)
    }

    /// The container of a file that an index knows, by its position.
    pub(crate) fn container(&self, position: usize) -> Option<Container> {
        let (index, file) = self.known.get(&position)?;
        Some(self.indexes.get(*index)?.files().get(*file as usize)?.container)
    }

    /// All files that are read, those with lists too.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().chain(&self.lists).map(PathBuf::as_path)
    }
}

/// The files that are named, those of lists, and those of folders.
pub(crate) fn paths(files: &Files, report: &mut Report) -> Result<Inputs> {
    gather(files, None, report)
}

/// The files that one path stands for: itself, those of a folder, or those of an index.
pub(crate) fn paths_of(path: &Path, report: &mut Report) -> Result<Inputs> {
    let mut inputs = Inputs::default();
    add(path.to_owned(), None, &mut inputs, report)?;
    Ok(inputs)
}

/// [`paths`] for a command that writes a file: of a folder that holds it already, it is no input.
pub(crate) fn paths_beside(output: &Path, files: &Files, report: &mut Report) -> Result<Inputs> {
    gather(files, fs::canonicalize(output).ok().as_ref(), report)
}

fn gather(files: &Files, output: Option<&PathBuf>, report: &mut Report) -> Result<Inputs> {
    if files.paths.is_empty() && files.list.is_none() {
        // Not a matter of the parser: `ls --columns help` needs none.
        return Err(Stop::message("no files given; try --help"));
    }
    let mut named = Vec::new();
    for file in &files.paths {
        if file.as_os_str() == "-" { read_list(file, files.null, &mut named)? } else { named.push(file.clone()) }
    }
    if let Some(list) = &files.list {
        read_list(list, files.null, &mut named)?;
    }
    if named.is_empty() {
        return Err(Stop::message("no files given: the list of them is empty"));
    }
    let lists = files.list.iter().filter(|list| list.as_os_str() != "-").cloned().collect();
    let mut inputs = Inputs { lists, ..Inputs::default() };
    for path in named {
        add(path, output, &mut inputs, report)?;
    }
    Ok(inputs)
}

fn add(path: PathBuf, output: Option<&PathBuf>, inputs: &mut Inputs, report: &mut Report) -> Result {
    if path.is_dir() {
        inputs.found = true;
        walk(path, output, &mut inputs.paths, report);
    } else if index::is_one(&path) {
        inputs.found = true;
        add_index(path, output, inputs, report)?;
    } else {
        inputs.paths.push(path);
    }
    Ok(())
}

/// Adds the files of an index. What it says of those that are not as they were is not taken, nor of damaged ones, whose
/// damage is to be told.
fn add_index(path: PathBuf, output: Option<&PathBuf>, inputs: &mut Inputs, report: &mut Report) -> Result {
    let table = index::read(&path)?;
    let current: Vec<bool> = table.files().iter().map(FileEntry::is_current).collect();
    let unsettled = table.files().iter().zip(&current).filter(|(_, current)| !**current);
    let unsettled: Vec<&Path> = unsettled.map(|(file, _)| file.path.as_path()).collect();
    let scan = OpenOptions::new().scan(&unsettled, |_| ());
    let now: HashMap<&Path, (usize, &FileEntry)> =
        scan.table.files().iter().enumerate().map(|(number, file)| (file.path.as_path(), (number, file))).collect();
    let is_damage = |(_, problem): &&(usize, Problem)| problem.severity == Severity::Damage;
    let damaged: HashSet<usize> = scan.problems.iter().filter(is_damage).map(|(number, _)| *number).collect();
    let mut changed = 0;
    for (((number, file), has_all), current) in (0..).zip(table.files()).zip(table.has_all_records()).zip(current) {
        if output.is_some() && fs::canonicalize(&file.path).ok().as_ref() == output {
            continue;
        }
        let now = now.get(file.path.as_path()).filter(|(_, now)| now.has_records_of(file));
        // A selection of records can be saved too.
        let same = has_all && (current || now.is_some());
        if same && now.is_none_or(|(number, _)| !damaged.contains(number)) {
            inputs.known.insert(inputs.paths.len(), (inputs.indexes.len(), number));
        }
        changed += usize::from(!same);
        inputs.paths.push(file.path.clone());
    }
    if changed > 0 {
        let what = if changed == 1 { "file is" } else { "files are" };
        report.note(format_args!("{}: {changed} {what} not as in the index, read again", path.display()));
    }
    inputs.indexes.push(table);
    inputs.lists.push(path);
    Ok(())
}

/// Adds the FST files below a folder, in the order of their names, each once, whatever links lead to it. Hidden ones are
/// left out: what programs keep for themselves, such as outputs that are not complete.
fn walk(folder: PathBuf, output: Option<&PathBuf>, paths: &mut Vec<PathBuf>, report: &mut Report) {
    let mut seen: HashSet<_> = output.into_iter().cloned().collect();
    let (mut others, before) = (0_usize, paths.len());
    let name = folder.display().to_string();
    let mut waiting = vec![folder];
    while let Some(path) = waiting.pop() {
        let Ok(there) = fs::metadata(&path) else {
            paths.push(path); // opening it says why it cannot be
            continue;
        };
        let special = !there.is_dir() && !there.is_file();
        if special || fs::canonicalize(&path).is_ok_and(|real| !seen.insert(real)) {
            continue;
        }
        if there.is_dir() {
            match names(&path) {
                Ok(names) => waiting.extend(names.into_iter().rev().map(|name| path.join(name))),
                Err(error) => report.error(UNUSABLE, format_args!("{}: {error}", path.display())),
            }
        } else if let Err(rpnfst::Error::NotFst { .. }) = File::container_of(&path) {
            // The index of the folder is nothing to wonder about.
            others += usize::from(path.file_name() != Some(index::NAME.as_ref()));
        } else {
            paths.push(path);
        }
    }
    if paths.len() == before {
        report.error(UNUSABLE, format_args!("{name}: is a directory without an FST file ({others} other files)"));
    } else if others > 0 {
        let what = if others == 1 { "file is no FST file" } else { "files are no FST files" };
        report.note(format_args!("{name}: {others} {what}, skipped"));
    }
}

/// The names in a folder, sorted, without hidden ones.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let names = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name()));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.retain(|name| !name.as_encoded_bytes().starts_with(b"."));
    names.sort();
    Ok(names)
}

/// Adds the paths that a file, or the standard input (`-`), lists.
fn read_list(list: &Path, null: bool, paths: &mut Vec<PathBuf>) -> Result {
    let read = if list.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(list)
    };
    let bytes = read
        .map_err(|e| Stop::message(format!("cannot read the list of files {}: {e}", remote::name(list).display())))?;
    split(&bytes, null, paths)
}

/// One path a line, or between NULs.
fn split(list: &[u8], null: bool, paths: &mut Vec<PathBuf>) -> Result {
    if !null && list.contains(&0) {
        let what =
            "the list of files holds NUL bytes; -0 reads lists separated by them, and an FST file is named, not piped";
        return Err(Stop::message(what));
    }
    for name in list.split(|&b| b == if null { 0 } else { b'\n' }) {
        let name = if null { name } else { name.strip_suffix(b"\r").unwrap_or(name) };
        if !name.is_empty() {
            paths.push(PathBuf::from(os_string(name)?));
        }
    }
    Ok(())
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems have names that bytes cannot tell")]
pub(crate) fn os_string(bytes: &[u8]) -> Result<OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    Ok(OsString::from_vec(bytes.to_vec()))
}

#[cfg(not(unix))]
pub(crate) fn os_string(bytes: &[u8]) -> Result<OsString> {
    match std::str::from_utf8(bytes) {
        Ok(name) => Ok(name.into()),
        Err(_) => Err(Stop::message("the list of files is not UTF-8")),
    }
}

impl Global {
    /// Takes the calendar of librmn's environment variable when no option names one.
    pub(crate) fn settle_calendar(&mut self, report: &mut Report) {
        let Some(options) = std::env::var_os("NEWDATE_OPTIONS").filter(|_| self.calendar.is_none()) else { return };
        match Calendar::from_newdate_options(&options.to_string_lossy()) {
            Ok(calendar) => self.calendar = calendar,
            Err(e) => report.warning(0, format_args!("NEWDATE_OPTIONS: {e}; the Gregorian one counts")),
        }
    }

    /// The calendar of the files.
    pub(crate) fn calendar(&self) -> Calendar {
        self.calendar.unwrap_or_default()
    }
}

/// What a command says that needs a condition and has none, or an empty one.
pub(crate) const WHICH: &str = "which records? -w EXPR selects them (all: -w 'nomvar=*')";

/// The query of `--where`. A blank text, which is what an unset variable of a shell leaves, is refused by every
/// command: it must not mean all records.
pub(crate) fn query(text: Option<&str>) -> Result<Query> {
    match text {
        None => Ok(Query::new()),
        Some(text) if text.trim().is_empty() => Err(Stop::message(WHICH)),
        Some(text) => text.parse().map_err(|e: rpnfst::Error| Stop::message(e.to_string())),
    }
}

/// How commands open files. Without `--mmap` they are not mapped: one that another program cuts short meanwhile gives an
/// error, where a mapped one ends the process.
pub(crate) fn options(global: &Global) -> OpenOptions {
    OpenOptions::new().mmap(global.mmap && !global.no_mmap).calendar(global.calendar()).limits(global.limits())
}

/// Opens a file; what is wrong is said on the standard error.
pub(crate) fn open(path: &Path, global: &Global, report: &mut Report) -> Option<File> {
    match remote::open(path, &options(global)) {
        Ok(file) => {
            warn_of_damage(file.problems().map(|(_, problem)| (path, problem)), report);
            Some(file)
        }
        Err(error) => {
            report.library_error(&error);
            None
        }
    }
}

/// Says what is damaged in files although they can be read.
pub(crate) fn warn_of_damage<'a>(problems: impl IntoIterator<Item = (&'a Path, &'a Problem)>, report: &mut Report) {
    for (path, problem) in problems.into_iter().filter(|(_, problem)| problem.severity == Severity::Damage) {
        report.warning(DAMAGED, format_args!("{}: {problem}", remote::name(path).display()));
    }
}
