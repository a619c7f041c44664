//! `rpnfst index`, and saved indexes among the inputs.

use std::{fs::File, io::Read as _, path::Path};

use rpnfst::RecordTable;

use crate::report::Result;

/// The name of the index of a folder.
pub(crate) const NAME: &str = "rpnfst-index.parquet";
/// How Parquet files begin.
const MAGIC: &[u8; 4] = b"PAR1";

/// Whether a regular file is an index by its first bytes.
pub(crate) fn is_one(path: &Path) -> bool {
    let mut begin = [0; 4];
    std::fs::metadata(path).is_ok_and(|there| there.is_file())
        && File::open(path).is_ok_and(|mut file| file.read_exact(&mut begin).is_ok())
        && &begin == MAGIC
}

/// Reads an index.
#[cfg(feature = "index")]
pub(crate) fn read(path: &Path) -> Result<RecordTable> {
    rpnfst_arrow::read_index(path).map_err(|error| crate::report::Stop::message(error.to_string()))
}

/// Says that an index cannot be read.
#[cfg(not(feature = "index"))]
pub(crate) fn read(path: &Path) -> Result<RecordTable> {
    let what = "an index (Parquet), and this program was built without the feature `index`";
    Err(crate::report::Stop::message(format!("{}: {what}", path.display())))
}

#[cfg(feature = "index")]
pub(crate) use command::run;

#[cfg(feature = "index")]
mod command {
    use std::{
        io::Write as _,
        path::{Path, PathBuf},
    };

    use rpnfst_arrow::{Changes, Error};

    use crate::{
        args::{Global, Index},
        catalog::Catalog,
        input,
        number::records,
        output, progress, remote,
        report::{Report, Result, Stop, UNUSABLE},
        same_file::FilesRead,
    };

    /// Runs the command.
    pub(crate) fn run(args: &Index, global: &Global, report: &mut Report) -> Result {
        let index = args.output.clone().or_else(|| place(&args.files.paths));
        let index =
            index.ok_or_else(|| Stop::message("-o INDEX says where the index goes; only a folder keeps its own"))?;
        let paths = input::paths(&args.files, report)?;
        // Nothing on a server tells whether a file is the one of the index, and no path leads to it.
        if let Some(url) = paths.iter().find(|path| remote::url(path).is_some()) {
            let what =
                "an index keeps files on disk only; download it, or ask `ls --group` and `ls --sort` about the URL";
            return Err(Stop::message(format!("{}: {what}", remote::name(url).display())));
        }
        let stop = |error: Error| Stop::message(error.to_string());
        if args.update && paths.is_empty() {
            let what = format_args!("{}: not changed: no file is there", index.display());
            report.error(UNUSABLE, what);
            return Ok(());
        }
        if args.update && index.exists() {
            FilesRead::new(paths.iter()).keep(&index)?;
            let bar = progress::files(paths.len(), "reading", report);
            let (opening, calendar) = (input::options(global), global.calendar);
            let done = rpnfst_arrow::update_index_with(&index, &paths, &opening, calendar, |done| {
                progress::scanned(&bar, done);
            });
            progress::done(&bar, report);
            let (table, changes) = done.map_err(stop)?;
            for error in &changes.errors {
                report.library_error(error);
            }
            let problems = changes.problems.iter().map(|(path, problem)| (path.as_path(), problem));
            input::warn_of_damage(problems, report);
            return say(&index, (table.len(), table.files().len()), Some(&changes), global);
        }
        FilesRead::new(paths.files()).keep(&index)?;
        // What is no index is not replaced without being asked.
        if index.exists() && !args.force && rpnfst_arrow::read_index(&index).is_err() {
            return Err(Stop::message(format!(
                "{}: exists already and is no index; -f overwrites it",
                index.display()
            )));
        }
        let catalog = Catalog::of(&paths, global, report);
        if !catalog.is_any_open() {
            let what = format_args!("{}: not written: there is nothing to put into it", index.display());
            report.error(UNUSABLE, what);
            return Ok(());
        }
        let table = catalog.table();
        rpnfst_arrow::write_index(table, &index).map_err(stop)?;
        say(&index, (table.len(), table.files().len()), None, global)
    }

    /// Where the index of these inputs goes when nobody says it: into the only one, if that is a folder.
    fn place(paths: &[PathBuf]) -> Option<PathBuf> {
        match paths {
            [folder] if folder.is_dir() => Some(folder.join(super::NAME)),
            _ => None,
        }
    }

    fn say(index: &Path, (count, files): (usize, usize), changes: Option<&Changes>, global: &Global) -> Result {
        let mut out = output::remarks(global);
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let what = changes.map_or_else(String::new, |changes| {
            format!("; {} kept, {} read, {} removed", changes.kept, changes.read, changes.removed)
        });
        writeln!(out, "{}: {} of {files} file{}{what}", output::name(index), records(count), plural(files))?;
        Ok(out.finish()?)
    }
}
