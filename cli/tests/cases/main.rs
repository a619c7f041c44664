//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;

mod check_ops;
mod cmcarc;
mod cut_while_mapped;
mod lost_planes;
mod many_notes;
mod max_memory;
mod salvage_in_words;
mod turbo_3d;
