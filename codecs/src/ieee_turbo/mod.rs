//! Type 133: IEEE reals whose signs, exponents and mantissas are compressed apart, without loss.
//!
//! The three streams do not depend on each other, so they are decoded in lockstep, one band of rows at a time, and merged
//! while they are in the first-level cache; or mantissas and signs on one thread, exponents and the rest on another.

mod decode;
mod encode;
mod mantissas;
mod signs;

pub(crate) use decode::decode;
pub(crate) use encode::encode;

const PREDICTOR: u32 = 5;
const STEP: usize = 3;
/// Bits of the fraction of an `f32`.
const FRACTION: u32 = 23;
