//! Signs of type 133: run lengths mixed with literal bits.

mod decode;
mod encode;

pub(super) use decode::{Runs, Signs};
pub(super) use encode::encode;

/// The sign bit of an `f32`.
pub(super) const SIGN: u32 = 0x8000_0000;

/// Length code that stands for a long repetition of the last run.
const REPEAT: u32 = 63;
const REPEAT_LENGTH: u64 = 255;
const LITERAL_LENGTH: u64 = 7;
