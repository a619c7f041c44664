//! The program's tests: it runs on files, and what it says and does is looked at.

mod at;
mod cases;
mod change;
mod common;
mod compare;
mod copy;
mod damage;
mod date;
mod docs;
#[path = "../../../tests/common/fields.rs"]
mod fields;
mod grid;
#[cfg(feature = "index")]
mod index;
mod levels;
mod list;
mod make;
#[allow(clippy::unwrap_used, reason = "a failed test")]
#[path = "../../../grids/tests/it/npz.rs"]
mod npz;
mod regrid;
mod remote;
mod rescue;
#[cfg(feature = "sql")]
mod sql;
mod tables;
mod values;
mod weights;
