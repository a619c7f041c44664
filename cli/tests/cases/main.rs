//! Faults that people met, one module each: what was wrong, and what is right.

#[path = "../common/mod.rs"]
mod common;
mod escapes;
mod folders_as_input;
mod ls;
mod messages_alike;
mod no_header;
mod non_utf8_paths;
mod quiet;
mod readme_example;
mod style_alias;
