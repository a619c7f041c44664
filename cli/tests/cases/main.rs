//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;

mod append_race;
mod flush_delete;
mod live_file_truncated;
mod comma_swallows_condition;
mod ip_both_ways;
mod rm_empty_condition;
mod shown_units;
mod steps_and_intervals;
