//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;

mod diff_nothing_compared;
mod run_number;
mod stat;
mod x32_diff;
mod x32_reals;
