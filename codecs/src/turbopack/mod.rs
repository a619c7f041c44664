//! Second-stage ("turbo") compression of 16-bit tokens, for types 129, 130 and 134: section 6 of the format's description.
//!
//! A stream is a header word, which names one of three predictors, and the tokens of a plane, tile by tile:
//!
//! * [`minimum`]: a tile is its minimum and the differences from it. For narrow tokens and small planes.
//! * [`parallelogram`]: a tile is second differences, from the tokens to the left and above. For all others.
//! * [`sample`]: nested grids and interpolation. Decoded only, because no writer has used it since 2006.
//!
//! Decoders unpack one row of tiles at a time into a band, which stays in the first-level cache, and push it into a
//! [`TokenSink`](crate::tokens::TokenSink). Nothing as large as the field is allocated, except for SAMPLE.

#[cfg(test)]
mod collected;
mod decode;
mod encode;
pub(crate) mod minimum;
pub(crate) mod parallelogram;
mod plane;
mod sample;
mod strips;

pub(crate) use decode::{decode, lorenzo_rows};
pub(crate) use encode::encode;
pub(crate) use plane::{Header, Incompressible, Limits, Plane, header_error};
