//! The table of Lambert grids (`!`), which is not in the files that refer to it.

use std::path::{Path, PathBuf};

use rpnfst_grids::LambertEntry;

use crate::{error::RecordError, record::Record};

/// Largest table that is read; real ones have a few thousand lines.
const MOST_BYTES: u64 = 1 << 24;

/// Where librmn seeks the table: the working folder, then the folders that two environment variables name.
fn places() -> impl Iterator<Item = PathBuf> {
    let of = |name: &str, below: &str| std::env::var_os(name).map(|folder| Path::new(&folder).join(below));
    [Some(PathBuf::from("gribtable")), of("CMCCONST", "gribtable"), of("ARMNLIB", "data/gribtable")]
        .into_iter()
        .flatten()
}

/// The entry that a table has for a record on type `!`.
pub(super) fn entry(record: &Record) -> Result<LambertEntry, RecordError> {
    let lacking = |found: String| RecordError::Lacking {
        sought: format!("grid of type !: entry {} of centre {} in a table `gribtable`", record.ig1(), record.ig2()),
        found,
    };
    let Some(path) =
        places().find(|path| path.metadata().is_ok_and(|there| there.is_file() && there.len() <= MOST_BYTES))
    else {
        let folders = "it is neither in the working folder, nor in $CMCCONST, nor in $ARMNLIB/data";
        return Err(lacking(folders.to_owned()));
    };
    let table = std::fs::read_to_string(&path).map_err(|error| lacking(format!("{}: {error}", path.display())))?;
    LambertEntry::find(&table, record.ig1(), record.ig2())
        .map_err(|error| lacking(format!("{}: {error}", path.display())))
}

/// All numbers of an entry, by which the grid is known.
pub(super) fn numbers(entry: &LambertEntry) -> [f64; 8] {
    let [first, second] = entry.parallels;
    [entry.lat11, entry.lon11, entry.dx, entry.dy, entry.projection_lon, entry.projection_lat, first, second]
}
