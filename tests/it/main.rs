//! The library's tests, one program: each links the whole library.

#[path = "../common/mod.rs"]
mod common;

mod calendar;
mod changing;
mod crash;
mod damage;
mod files;
mod fixtures;
mod grids;
mod hostile;
mod levels;
mod limits;
mod live;
mod memory;
mod positional;
mod processes;
mod query;
mod realdata;
mod record_vectors;
mod recreate;
mod round_trip;
mod salvage;
mod structure;
mod table;
mod work;
mod write;
