//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;

mod copy_onto_itself;
mod cp_datyp_repacks_descriptors;
mod full_output;
mod killed_copy;
mod merge_duplicates;
mod mk_records_order;
mod non_utf8_template;
mod wholly_missing;
mod with_grid;
mod zap_while_copying;
