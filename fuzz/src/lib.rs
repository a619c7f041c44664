//! What the fuzz targets share.

pub mod look;
pub mod recipe;
