//! The tests of the crate against values that the historical library and a second implementation computed, one program.
#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failed test; exact results")]

mod beyond;
mod cdo;
mod codec;
mod compare;
mod conservative;
mod examples;
mod geometry;
mod levels;
mod npz;
mod properties;
mod regrid;
mod rules;
mod southward;
mod unstructured;
mod winds;
mod yinyang;
