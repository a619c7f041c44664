//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;

mod append_race;
mod calendar_365;
mod comma_swallows_condition;
mod copy_onto_itself;
mod cp_datyp_repacks_descriptors;
mod dateo_as_stamp;
mod diff_nothing_compared;
mod dummy_dates;
mod escapes;
mod flush_delete;
mod folders_as_input;
mod full_output;
mod ip_both_ways;
mod killed_copy;
mod live_file_truncated;
mod ls;
mod merge_duplicates;
mod messages_alike;
mod misread_by_librmn;
mod mk_records_order;
mod no_header;
mod non_utf8_paths;
mod non_utf8_template;
mod old_ip1;
mod quiet;
mod r1_64bits;
mod readme_example;
mod rm_empty_condition;
mod run_number;
mod set_quotes;
mod shift_undated;
mod shown_units;
mod stat;
mod steps_and_intervals;
mod style_alias;
mod wholly_missing;
mod with_grid;
mod x32_diff;
mod x32_reals;
mod zap_while_copying;
