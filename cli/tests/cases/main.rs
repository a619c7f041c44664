//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;

mod append_race;
mod flush_delete;
mod live_file_truncated;
