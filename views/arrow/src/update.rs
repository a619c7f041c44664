//! Bringing a saved index up to date.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use rpnfst::{
    OpenOptions, Problem, RecordTable,
    record::Calendar,
    table::{FileEntry, Scanned},
};

use crate::{
    error::{Error, Result, damaged, io},
    load::{Saved, load},
    place::{self, Folder},
    save::write_index,
};

/// What [`update_index`] did, in files.
///
/// ```no_run
/// let (_, changes) = rpnfst_arrow::update_index("index.parquet", &["a.std", "b.std"], |_| ())?;
/// println!("{} files kept, {} read, {} removed", changes.kept, changes.read, changes.removed);
/// for error in changes.errors {
///     eprintln!("{error}");
/// }
/// # Ok::<(), rpnfst_arrow::Error>(())
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Changes {
    /// Their records are those of the index: by size and time, or by the digest of their directories.
    pub kept: usize,
    /// New, or with other records than in the index: their directories were read.
    pub read: usize,
    /// In the index, but not any more among the files, or not readable now.
    pub removed: usize,
    /// Why files could not be read; they are not in the table.
    pub errors: Vec<rpnfst::Error>,
    /// What [`rpnfst::File::problems`] says of files that were read; of damaged ones in each update.
    pub problems: Vec<(PathBuf, Problem)>,
}

/// Brings an index up to date with these files, and gives their table, in the order of the files. A file that is given twice
/// counts once. Only the directories of new, grown and changed files are read; `progress` is told how many of them are done.
/// Where there is no index, one is made. It is written again only when something changed.
///
/// A file is the one of the index when it has the same size and time. One that was written within two seconds before the index
/// knew it is read again, because such a time proves nothing, and so is a damaged one
/// (see [`FileEntry::modified`]).
///
/// # Errors
/// Those of [`read_index`](crate::read_index) and [`write_index`]. Files that cannot be read are in [`Changes::errors`].
pub fn update_index<P: AsRef<Path> + Sync>(
    index: impl AsRef<Path>,
    files: &[P],
    progress: impl FnMut(Scanned),
) -> Result<(RecordTable, Changes)> {
    update_index_with(index, files, &OpenOptions::new(), None, progress)
}

/// [`update_index`] with options for the files that are read, and for a table whose origin dates are those of a calendar:
/// that of the index unless one is given.
///
/// # Errors
/// See [`update_index`].
pub fn update_index_with<P: AsRef<Path> + Sync>(
    index: impl AsRef<Path>,
    files: &[P],
    opening: &OpenOptions,
    calendar: Option<Calendar>,
    progress: impl FnMut(Scanned),
) -> Result<(RecordTable, Changes)> {
    let index = index.as_ref();
    let folder = Folder::of(&place::target(index)).map_err(io(index))?;
    let saved = match load(index) {
        Ok(saved) => Some(saved),
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let is_new = saved.is_none();
    let blank = || Saved { table: RecordTable::default(), places: Vec::new() };
    let Saved { table: old, places } = saved.unwrap_or_else(blank);

    let (mut given, mut seen) = (Vec::new(), HashSet::new());
    for file in files {
        let place = folder.place(file.as_ref())?;
        if seen.insert(place.clone()) {
            given.push((place, file.as_ref()));
        }
    }
    let known: HashMap<_, usize> = places.iter().zip(0..).collect();
    let whole = old.has_all_records();
    let found: Vec<Found<'_>> = given
        .par_iter()
        .map(|(place, path)| {
            let before = known.get(place).copied().filter(|number| whole[*number]);
            let stale = !before.is_some_and(|number| at(&old.files()[number], path).is_current());
            Found { path, before, stale }
        })
        .collect();
    let stale: Vec<&Path> = found.iter().filter(|file| file.stale).map(|file| file.path).collect();
    let calendar = calendar.unwrap_or(old.calendar());
    let scan = opening.clone().calendar(calendar).scan(&stale, progress);
    let all = [old.files(), scan.table.files()].concat();
    let read: HashMap<&Path, usize> =
        scan.table.files().iter().map(|file| file.path.as_path()).zip(old.files().len()..).collect();

    let path_of = |number: usize| scan.table.files().get(number).map(|file| file.path.clone()).unwrap_or_default();
    let problems = scan.problems.into_iter().map(|(number, problem)| (path_of(number), problem)).collect();
    let mut changes = Changes { errors: scan.errors, problems, ..Changes::default() };
    // The files of the new table: their numbers among `all`.
    let (mut numbers, mut entries) = (Vec::with_capacity(found.len()), Vec::with_capacity(found.len()));
    for file in &found {
        let number = if file.stale { read.get(file.path).copied() } else { file.before };
        let Some(number) = number else { continue };
        let entry = at(&all[number], file.path);
        let same = file.before.is_some_and(|before| all[before].has_records_of(&entry));
        if same {
            changes.kept += 1;
        } else {
            changes.read += 1;
        }
        numbers.push(number);
        entries.push(entry);
    }
    let there: HashSet<&Path> = entries.iter().map(|entry| entry.path.as_path()).collect();
    let still = given.iter().filter(|(place, path)| known.contains_key(place) && there.contains(path)).count();
    changes.removed = old.files().len() - still;

    let kept = found.iter().filter(|file| there.contains(file.path)).map(|file| file.before);
    let as_before = kept.eq((0..old.files().len()).map(Some)) && entries.iter().zip(old.files()).all(is_as_it_was);
    let table = RecordTable::concat([&old, &scan.table]).take_files(&numbers);
    // By the paths that the caller gave.
    let table = RecordTable::from_columns(entries, table.columns().clone(), calendar);
    let table = table.ok_or_else(|| damaged(index, "more records than a table can have"))?;
    if is_new || !as_before || calendar != old.calendar() {
        write_index(&table, index)?;
    }
    Ok((table, changes))
}

/// A file, and what is known of it.
struct Found<'a> {
    path: &'a Path,
    /// Its number in the index.
    before: Option<usize>,
    /// Whether it has to be read.
    stale: bool,
}

/// The entry, with the path by which the caller names the file.
fn at(entry: &FileEntry, path: &Path) -> FileEntry {
    let mut entry = entry.clone();
    path.clone_into(&mut entry.path);
    entry
}

/// Whether nothing in the index has to change for a file.
fn is_as_it_was((now, before): (&FileEntry, &FileEntry)) -> bool {
    now.has_records_of(before) && (now.size, now.modified) == (before.size, before.modified)
}
