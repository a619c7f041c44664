//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;

mod calendar_365;
mod dateo_as_stamp;
mod dummy_dates;
mod old_ip1;
mod set_quotes;
mod shift_undated;
