//! Development only: the real librmn 19.5 as an oracle for `rpnfst`.
//!
//! A librmn shared library is loaded at run time (never linked, never shipped) and *the same call* is made on both
//! sides: write with librmn and read with `rpnfst`, or the reverse.
//!
//! # Setting up
//!
//! Put the path of the shared library in the environment variable `RPNFST_LIBRMN`. The wheel `fstd2nc-deps` holds
//! one (`fstd2nc_deps/rpnpy/_sharedlibs/librmnshared_*.so`). Without the variable [`Librmn::load`] returns `Ok(None)`
//! and every test prints `skipped: RPNFST_LIBRMN not set`.
//!
//! # Rooms
//!
//! | module | what |
//! |---|---|
//! | [`library`] | [`Librmn`]: loading, the process-wide lock, the quieting of messages |
//! | [`mod@file`] | [`OracleFile`]: open, write, list, search, read, delete, edit, close; [`LinkedFiles`] |
//! | [`spec`], [`entry`], [`data`] | what is asked of a write, what a directory says, arrays of every element type |
//! | [`dates`], [`ip`] | `newdate`, `incdatr`, `difdatr`, `convip_plus`, `EncodeIp` … |
//! | [`grids`] | `ezqkdef`, `gdll`, `gdxyfll`, `ezsint`, `ezuvint` …: positions, winds and interpolation |
//! | [`vgrid`] | vertical coordinates of the library beside librmn: tables, codes, levels |
//! | [`codec`] | codecs without a file, for benchmarks |
//! | [`child`] | jobs in child processes: listings, damaged files, anything that may end the process |
//! | [`cases`], [`rng`] | random records from one printed number |
//! | [`harness`] | what tests share: skipping, seeds, numbers of cases |
//!
//! # What librmn does to its process
//!
//! librmn is full of global state: every call of this crate holds one process-wide lock, and the modes that are global
//! in librmn (element width, missing values, turbo level, calendar) are arguments here. Its C messages are thrown away.
//! A few Fortran messages (invalid dates and levels) cannot be: they leave through a buffer of the Fortran run-time
//! library, which reaches standard output when the process ends. Run tests that provoke many of them in a
//! [`child`] process.

#![allow(clippy::must_use_candidate, reason = "as in the workspace")]

pub mod cases;
pub mod child;
pub mod codec;
pub mod data;
pub mod dates;
pub mod entry;
pub mod error;
pub mod file;
pub mod grids;
pub mod harness;
pub mod ip;
pub mod library;
pub mod rng;
pub mod skipped;
pub mod spec;
mod symbols;
pub mod vgrid;

pub use codec::Codec;
pub use data::{Buffer, Data, Element};
pub use entry::Entry;
pub use error::OracleError;
pub use file::{Container, LinkedFiles, OracleFile};
pub use grids::{Axes, Grid, GridSpec, Interpolation};
pub use library::Librmn;
pub use spec::{Criteria, Edit, Missing, Spec, Turbo};
pub use vgrid::{Vgrid, VgridLevels, VgridRecipe};
