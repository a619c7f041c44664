//! Tables of RPN standard files as Arrow arrays, and as a file that is opened instead of thousands.
//!
//! | to do | take |
//! |---|---|
//! | give a [`RecordTable`] to a program that reads Arrow | [`record_batch`], [`reader`] |
//! | give it to another language through the C stream interface (`__arrow_c_stream__`) | [`stream`] |
//! | know the columns beforehand (`__arrow_c_schema__`) | [`schema`] |
//! | keep it on disk and read it in a moment | [`write_index`], [`read_index`] |
//! | follow files that come, grow, change and go | [`update_index`], [`update_index_with`] |
//!
//! # Columns
//! All columns of [`Column::ALL`](rpnfst::record::Column::ALL) under their names, and `path`. Texts and paths are
//! dictionary-coded (keys of 32 bits without sign), times are microseconds since 1970 in UTC, levels are `f32`. Fields have
//! the meta-data `description` and, where it is one for all records, `unit`. The columns that a [`RecordTable`] has in memory
//! are lent, not copied: an array keeps the table alive. Others are computed when the arrays are made.
//!
//! ```
//! use arrow_array::cast::AsArray;
//! use rpnfst::RecordTable;
//! let table = RecordTable::of_files(["../../testdata/cases/intervals.std"])?;
//! let batch = rpnfst_arrow::record_batch(&table)?;
//! let names = batch.column_by_name("nomvar").expect("a column").as_any_dictionary();
//! assert_eq!((batch.num_rows(), names.values().len()), (table.len(), table.columns().nomvar.values().len()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The saved index
//! One Parquet file, which `DuckDB`, polars and pandas open as well: the columns above, and those that make a table again to
//! the bit. The paths in it are relative to its folder, so that folder and index move together. What it says of files and
//! their times is in the file's key-value meta-data, as JSON under [`KEY`].
//!
//! Two checksums in front of Parquet's footer cover every byte: an index that is cut or changed is an error, and so is a
//! Parquet file of somebody else. Even so, what an index says of a file is not trusted: a file whose size or time changed must
//! have the records in its directory, and a record that is read its length and address (see [`RecordTable::file`]).
//!
//! ```
//! # let folder = tempfile::tempdir()?;
//! # std::fs::copy("../../testdata/xdf/same_name.std", folder.path().join("a.std"))?;
//! # std::fs::copy("../../testdata/cases/intervals.std", folder.path().join("b.std"))?;
//! # let index = &folder.path().join("index.parquet");
//! # let [a, b] = &["a.std", "b.std"].map(|name| folder.path().join(name));
//! use rpnfst::RecordTable;
//! rpnfst_arrow::write_index(&RecordTable::of_files([a])?, index)?;
//! let (table, changes) = rpnfst_arrow::update_index(index, &[a, b], |_| ())?;
//! assert_eq!((changes.kept, changes.read, changes.removed), (1, 1, 0));
//! assert!(rpnfst_arrow::read_index(index)?.records().eq(table.records()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod arrays;
mod batch;
mod error;
mod files;
mod load;
mod place;
mod save;
mod seal;
mod update;

// Of other crates only these have types in the signatures of this one.
pub use arrow_array;
pub use arrow_schema;
#[cfg(doc)]
use rpnfst::RecordTable;

pub use self::{
    batch::{reader, record_batch, record_batch_of, schema, stream},
    error::{Error, Result},
    files::KEY,
    load::read_index,
    save::write_index,
    update::{Changes, update_index, update_index_with},
};
