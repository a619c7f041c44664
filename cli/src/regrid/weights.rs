//! Weights in `.npz` files, with the names that ESMF and xESMF use.

use std::path::{Path, PathBuf};

use rpnfst::{
    Values,
    geo::Grid,
    grids::regrid::{Matrix, Triplets},
};

use crate::{
    args::{Global, RegridMethod},
    memory,
    npy::{Archive, Array, Npz, Numbers},
    report::{Result, Stop},
    sink::{self, Sink},
};

/// Weights that were read.
pub(super) struct Weights {
    path: PathBuf,
    triplets: Triplets,
    /// The number of values of each side, where the file has it.
    source: Option<i64>,
    target: Option<i64>,
    source_dims: Option<[i64; 2]>,
    target_dims: Option<[i64; 2]>,
}

impl Weights {
    pub(super) fn read(path: &Path, global: &Global) -> Result<Self> {
        let named = |what: String| Stop::message(format!("{}: {what}", path.display()));
        let size = std::fs::metadata(path).map_or(0, |there| there.len());
        // What is in the file, the lists and the matrix.
        if size.saturating_mul(3) > global.max_memory {
            return Err(named(memory::with_advice("too many weights")));
        }
        let mut file = Archive::open(path).map_err(named)?;
        let mut list = |name: &str| file.array(name).transpose();
        let mut read = || {
            let mut needed = |name: &str| list(name)?.ok_or_else(|| format!("no array {name}"));
            let (row, col, s) = (needed("row")?, needed("col")?, needed("S")?);
            let triplets = Triplets { row: places("row", &row)?, col: places("col", &col)?, s: reals("S", s)? };
            let mut sizes = |name: &str| list(name)?.map(|array| integers(name, &array)).transpose();
            let one = |of: Option<Vec<i64>>| of.and_then(|n| n.first().copied());
            let two = |of: Option<Vec<i64>>| of.and_then(|n| <[i64; 2]>::try_from(n).ok());
            Ok(Self {
                path: path.to_owned(),
                triplets,
                source: one(sizes("n_a")?),
                target: one(sizes("n_b")?),
                source_dims: two(sizes("src_grid_dims")?),
                target_dims: two(sizes("dst_grid_dims")?),
            })
        };
        read().map_err(named)
    }

    /// The matrix between two grids, if it is one of their size.
    pub(super) fn matrix(&self, source: &Grid, target: &Grid) -> Result<Matrix, String> {
        self.fitting(source, target).map_err(|what| format!("{}: {what}", self.path.display()))
    }

    fn fitting(&self, source: &Grid, target: &Grid) -> Result<Matrix, String> {
        let sides =
            [("source", source, self.source, self.source_dims), ("target", target, self.target, self.target_dims)];
        for (name, grid, count, dims) in sides {
            let (ni, nj) = (grid.ni(), grid.nj());
            if count.is_some_and(|count| usize::try_from(count) != Ok(grid.len())) {
                let count = count.unwrap_or_default();
                return Err(format!("the weights are of a {name} of {count} values, the grid has {ni} x {nj}"));
            }
            if let Some([i, j]) = dims.filter(|dims| dims.map(usize::try_from) != [Ok(ni), Ok(nj)])
                // Programs without columns and rows have one list.
                && ![i, j].contains(&1)
            {
                return Err(format!("the weights are of a {name} of {i} x {j} values, the grid has {ni} x {nj}"));
            }
        }
        let Triplets { row, col, s } = &self.triplets;
        Matrix::from_triplets(target.len(), source.len(), row, col, s).map_err(|e| e.to_string())
    }
}

/// A file for weights, which gets its name when they are there.
pub(super) struct Saved<'a> {
    sink: Sink,
    path: &'a Path,
}

impl<'a> Saved<'a> {
    pub(super) fn create(path: &'a Path, force: bool) -> Result<Self> {
        Ok(Self { sink: Sink::create(path, force)?, path })
    }

    pub(super) fn write(mut self, matrix: &Matrix, source: &Grid, target: &Grid) -> Result {
        let named = |e: std::io::Error| sink::named(e.into(), self.path);
        let wrong = |e: &dyn std::fmt::Display| Stop::message(format!("{}: {e}", self.path.display()));
        let Triplets { row, col, s } = matrix.to_triplets().map_err(|e| wrong(&e))?;
        let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let dims = |grid: &Grid| [size(grid.ni()), size(grid.nj())];
        let (counts, dims) = ([[matrix.columns()], [matrix.rows()]].map(|n| n.map(size)), [dims(source), dims(target)]);
        let mut archive = Npz::new(&mut self.sink);
        let mut add = |name: &str, shape: &[usize], numbers| archive.add(name, shape, numbers).map_err(named);
        add("row", &[row.len()], Numbers::Short(&row))?;
        add("col", &[col.len()], Numbers::Short(&col))?;
        add("S", &[s.len()], Numbers::Reals(&s))?;
        add("n_a", &[], Numbers::Integers(&counts[0]))?;
        add("n_b", &[], Numbers::Integers(&counts[1]))?;
        add("src_grid_dims", &[2], Numbers::Integers(&dims[0]))?;
        add("dst_grid_dims", &[2], Numbers::Integers(&dims[1]))?;
        archive.finish().map_err(named)?;
        self.sink.finish()
    }
}

/// Statistics have no weights that are the same for all fields.
pub(super) fn check(method: RegridMethod, option: &str) -> Result {
    use RegridMethod::{Conservative, Cubic, Linear, Nearest};
    if matches!(method, Nearest | Linear | Cubic | Conservative) {
        return Ok(());
    }
    let name = format!("{method:?}").to_lowercase();
    let others = "nearest, linear, cubic and conservative have";
    Err(Stop::message(format!("{option}: --method {name} has no weights that are the same for every field; {others}")))
}

/// Numbers of values, from 1.
fn places(name: &str, array: &Array) -> Result<Vec<i32>, String> {
    let numbers = integers(name, array)?.into_iter();
    numbers.map(|n| i32::try_from(n).map_err(|_| format!("{name}: {n}, expected 1 to 2147483647"))).collect()
}

fn integers(name: &str, array: &Array) -> Result<Vec<i64>, String> {
    match &array.values {
        Values::I64(values) => Ok(values.clone()),
        Values::I32(values) => Ok(values.iter().map(|n| i64::from(*n)).collect()),
        Values::U32(values) => Ok(values.iter().map(|n| i64::from(*n)).collect()),
        _ => Err(format!("{name}: expected integers of 32 or 64 bits")),
    }
}

fn reals(name: &str, array: Array) -> Result<Vec<f64>, String> {
    match array.values {
        Values::F64(values) => Ok(values),
        Values::F32(values) => Ok(values.into_iter().map(f64::from).collect()),
        _ => Err(format!("{name}: expected reals of 32 or 64 bits")),
    }
}
