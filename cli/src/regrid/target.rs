//! `--to`: the grid of the output.

use std::path::{Path, PathBuf};

use rpnfst::{
    File,
    geo::{Geometry, Grid, GridSpec, GridTags},
};

use crate::{
    args::Global,
    input,
    report::{Report, Result, Stop},
};

/// Where fields go.
pub(super) struct Target {
    pub(super) grid: Grid,
    pub(super) tags: GridTags,
    /// The file whose record has the grid.
    pub(super) path: Option<PathBuf>,
}

impl Target {
    /// What the argument describes, or names.
    pub(super) fn find(text: &str, global: &Global, report: &mut Report) -> Result<Self> {
        let wrong = |what: &dyn std::fmt::Display| Stop::message(format!("--to {text}: {what}"));
        if GridSpec::is_one(text) && !Path::new(text).exists() {
            let grid = text.parse::<GridSpec>().map_err(|e| Stop::message(format!("--to: {e}")))?.into_grid();
            let tags = GridTags::of(&grid).map_err(|e| wrong(&e))?;
            return Ok(Self { grid, tags, path: None });
        }
        let (path, index) = named(text);
        let Some(file) = input::open(&path, global, report) else {
            return Err(Stop::message(format!(
                "--to {text}: neither words such as L:0.25 nor a file that can be read; see `rpnfst regrid --help`"
            )));
        };
        let (grid, tags) = match index {
            Some(index) => {
                let count = file.records().len();
                let record =
                    file.records().get(index).ok_or_else(|| wrong(&format_args!("the file has {count} records")))?;
                let grid = file.grid(record).map_err(|e| wrong(&e))?;
                (grid, file.grid_tags(record).map_err(|e| wrong(&e))?)
            }
            None => first(&file).ok_or_else(|| wrong(&"no record of the file has a grid that can be a target"))?,
        };
        if !grid.has_positions() {
            return Err(wrong(&"the points of this grid have no place"));
        }
        Ok(Self { grid, tags, path: Some(path) })
    }
}

/// A path, and the index behind it.
fn named(text: &str) -> (PathBuf, Option<usize>) {
    let with_index = text.rsplit_once('#').filter(|_| !Path::new(text).exists());
    match with_index.and_then(|(path, index)| Some((path, index.parse().ok()?))) {
        Some((path, index)) => (PathBuf::from(path), Some(index)),
        None => (PathBuf::from(text), None),
    }
}

/// The grid of the first record that has one of more than a point.
fn first(file: &File) -> Option<(Grid, GridTags)> {
    let mut fields = file.records().iter().filter(|record| !record.is_descriptor());
    fields.find_map(|record| {
        let grid = file.grid(record).ok()?;
        let is_one = grid.len() > 1 && grid.has_positions() && !matches!(grid.geometry(), Geometry::Station(_));
        Some((grid, file.grid_tags(record).ok()?)).filter(|_| is_one)
    })
}
