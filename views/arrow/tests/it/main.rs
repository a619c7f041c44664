//! Tests of tables as Arrow arrays and of the saved index, one program.

mod arrays;
#[path = "../../../../tests/common/below.rs"]
mod below;
#[path = "../../../../tests/common/collection.rs"]
mod collection;
mod collection_index;
mod common;
mod damage;
mod index;
mod update;

use rpnfst_oracle::skipped;
