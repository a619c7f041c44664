//! Tables of FST records as Polars frames, and rows of frames as records again.
//!
//! [`ToPolars`] makes a `LazyFrame` of a [`RecordTable`] or of an open [`File`]: the
//! directory fields and what they say, no values. [`rows_of`] goes back, from the rows of a frame to their records, whose
//! values are read as ever.
//!
//! ```
//! use polars::prelude::*;
//! use rpnfst::RecordTable;
//! use rpnfst_polars::{ToPolars as _, rows_of};
//!
//! # std::env::set_current_dir("../..")?;
//! let table = RecordTable::of_files(["testdata/xdf/same_name.std", "testdata/cases/intervals.std"])?;
//! let rain = table.to_polars()?.filter(col("nomvar").eq(lit("PR")).and(col("hour").gt_eq(lit(6)))).collect()?;
//! let file = rows_of(&rain, &table)?.file()?;
//! for record in file.records() {
//!     println!("{:?} {:?}", record.valid_time(), file.read(record)?.dims());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Columns
//! All of [`Column::ALL`](rpnfst::record::Column::ALL), by their names and in their order, then
//!
//! | column | type | what |
//! |---|---|---|
//! | [`PATH`] | Categorical | path of the file; null for bytes in memory; what is not UTF-8 in it is replaced |
//! | [`ROW`] | UInt32 | row of the table, for the way back |
//!
//! | `rpnfst` | Polars |
//! |---|---|
//! | text | Categorical, of the global categories: equal names of two frames compare and join |
//! | time | Datetime of microseconds, UTC |
//! | integer | UInt8, UInt32, Int32 (stamps) or UInt64, the smallest that holds every value |
//! | f32, f64, yes or no | Float32, Float64, Boolean |
//!
//! What a record does not have, such as the level of a code that is none, is null.
//!
//! # What is computed, and what is copied
//! A frame takes from the table the columns that its query asks for, when it is collected. Numbers of the directory
//! are not copied: Polars reads the vectors of the table, which live as long as the frame. Names are codes of 4 bytes in
//! both, but Polars gives a name one code for all frames of the program: the codes are written anew, unless they are the
//! same. Columns that the directory does not hold, such as `valid_time`, are computed.
//!
//! # Features
//! `sql`: [`sql`](fn@sql) asks in SQL, [`write_parquet`](fn@write_parquet) writes frames.
#![cfg_attr(not(feature = "sql"), allow(rustdoc::broken_intra_doc_links))]
#![forbid(unsafe_code)]

mod back;
mod columns;
mod scan;
#[cfg(feature = "sql")]
mod sql;

/// The crate that frames are of, for programs that do not name it themselves.
pub use polars;
use polars::prelude::{LazyFrame, PolarsResult};
use rpnfst::{File, RecordTable};

#[cfg(feature = "sql")]
pub use self::sql::{sql, write_parquet};
pub use self::{
    back::rows_of,
    columns::{PATH, ROW, schema},
};

/// What has records that Polars can show.
pub trait ToPolars {
    /// The records as a frame, a row for each; see [the crate](crate) for the columns. Only metadata, no values.
    ///
    /// ```
    /// use polars::prelude::*;
    /// use rpnfst_polars::ToPolars as _;
    /// # std::env::set_current_dir("../..")?;
    /// let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
    /// let counts = file.to_polars()?.group_by([col("nomvar")]).agg([len()]).collect()?;
    /// assert_eq!(counts.get_column_names(), ["nomvar", "len"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of Polars.
    fn to_polars(&self) -> PolarsResult<LazyFrame>;
}

impl ToPolars for RecordTable {
    fn to_polars(&self) -> PolarsResult<LazyFrame> {
        scan::frame(self.clone())
    }
}

/// The records that the file has now.
impl ToPolars for File {
    fn to_polars(&self) -> PolarsResult<LazyFrame> {
        RecordTable::from(self).to_polars()
    }
}
