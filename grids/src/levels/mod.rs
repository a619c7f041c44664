//! Vertical coordinates: which pressures or heights the levels of a file are.
//!
//! A file describes its levels in a [`Table`], the record `!!`, or in older records. [`Levels`] is what such a description
//! says: the lists of levels with their coefficients. With the field at the surface, [`Levels::compute`] turns levels into
//! pressures (Pa) or heights (m). [`Columns`] brings fields on model levels to pressures or heights.
//!
//! | page | what it has |
//! |---|---|
//! | [`Vcode`] | the coordinates there are |
//! | [`Levels::from_table`], [`Table`] | reading and writing `!!` |
//! | [`Recipe`] | a coordinate from a list of levels and parameters |
//! | [`OldRecords`] | a coordinate from `HY`, `PT`, `E1` and the levels of a file |
//! | [`Levels::compute`] | pressures, their logarithms, heights, dp/dps |
//! | [`Columns`] | interpolation of columns |
//! | [`atmosphere`] | the standard atmosphere of 1976 |

pub mod atmosphere;
mod compute;
mod coordinate;
mod error;
mod exp;
mod generate;
mod interpolate;
mod legacy;
mod table;
mod vcode;

pub use compute::Quantity;
pub use coordinate::{Header, Levels, Parameters};
pub use error::{LevelError, Result};
pub use generate::Recipe;
pub use interpolate::{ColumnPlan, Columns, Outside, Scale};
pub use legacy::{HybridRecord, OldRecords};
pub use table::{Level, Table};
pub use vcode::Vcode;
