//! Tests of tables as Arrow arrays and of the saved index, one program.

mod arrays;
mod common;
mod damage;
mod index;
mod update;
