//! Second-stage compression of 16-bit tokens (types 129, 130 and 134).
//!
//! The stream codes a plane of tokens tile by tile. Each method decodes one row of tiles at a time into a small band, which
//! stays in the first-level cache; the mapping to the caller's element type is the last pass over the band. Nothing as large
//! as the field is allocated, except by the old SAMPLE method.

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
