//! The program's tests: it runs on files, and what it says and does is looked at.

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
#[cfg(feature = "index")]
mod index;
mod list;
mod make;
mod remote;
mod rescue;
#[cfg(feature = "sql")]
mod sql;
mod tables;
mod values;
