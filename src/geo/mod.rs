//! Where values are: the grid of a record, and the vertical coordinate of its level.
//!
//! A record names its grid by a letter, [`grtyp`](crate::record::GridType), and four numbers, `ig1` to `ig4`. For some letters they
//! are the grid; for others they are tags of positional records (`>>`, `^^`, `^>`, `##`), which are sought in the same file
//! and then in the files that are open with it. [`File::grid`](crate::File::grid) finds and reads them, and keeps the grid: ten
//! thousand records on one grid make it once.
//!
//! ```
//! use rpnfst::{File, Query};
//! let file = File::open("testdata/cases/shift_undated/t.std")?;
//! let record = file.find(&Query::new().nomvar("TT")).expect("a temperature");
//! let grid = file.grid(record)?;
//! assert_eq!((grid.ni(), grid.nj()), (record.ni() as usize, record.nj() as usize));
//! let (lat, lon) = grid.point(1.0, 1.0); // of the first value
//! let place = grid.locate(lat, lon).expect("on the grid");
//! assert!((place.0 - 1.0).abs() < 1e-9 && (place.1 - 1.0).abs() < 1e-9);
//! # Ok::<(), rpnfst::Error>(())
//! ```

mod axes;
mod grid;
mod kept;
mod lambert;
mod levels;
mod numbers;
mod points;
mod seams;
mod spec;
mod surface;
mod tables;
mod tiles;
mod winds;
mod write;

pub use rpnfst_grids::{Error as GridError, Geometry, Grid};

pub use self::{
    levels::{Coordinate, Coordinates},
    numbers::Numbers,
    points::Points,
    spec::GridSpec,
    surface::Surface,
    tiles::Tiles,
    winds::Winds,
    write::GridTags,
};
