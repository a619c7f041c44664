//! Tests of tables as Arrow arrays and of the saved index, one program.

mod arrays;
#[path = "../../../../tests/common/below.rs"]
mod below;
mod common;
mod damage;
mod index;
mod update;
