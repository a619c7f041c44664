//! Data codecs of RPN standard files (FST): payload bytes to numbers and back.
//!
//! This crate knows nothing of files. It takes the payload of one record ([`Payload`]) and decodes it into the caller's
//! buffer, or packs values as asked ([`PackRequest`]) into a payload. It is `no_std` + `alloc`, and treats
//! every byte as hostile: any input gives values or a [`DecodeError`], never a panic, and nothing is allocated that the
//! payload does not justify.
//!
//! ```
//! use rpnfst_codecs::{DataType, Payload, Shape, Threads, WordOrder};
//! // Five reals of type 6, 12 bits each, as they lie in an XDF file.
//! let bytes = [
//!     0xef, 0xfb, 0x82, 0x0c, 0xff, 0xcc, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, // header
//!     0x04, 0x40, 0x05, 0xc0, 0x00, 0x00, 0x0d, 0x40, 0x03, 0x5a, 0x00, 0x00, // tokens
//! ];
//! let payload = Payload {
//!     bytes: &bytes,
//!     order: WordOrder::Big,
//!     data_type: DataType::QUANTIZED,
//!     pack_bits: 12,
//!     data_bits: 32,
//!     shape: Shape { ni: 5, nj: 1, nk: 1 },
//! };
//! let mut values = vec![0.0_f32; payload.element_count()?];
//! payload.decode_into(&mut values, Threads::One)?;
//! assert_eq!(values, [1.0, 2.5, -3.25, 10.0, 0.1015625]);
//! # Ok::<(), rpnfst_codecs::DecodeError>(())
//! ```
//!
//! The other way round:
//!
//! ```
//! use rpnfst_codecs::{Compression, DataType, PackRequest, Rules, Shape, Threads, WordOrder};
//! let packing = PackRequest {
//!     data_type: DataType::QUANTIZED,
//!     pack_bits: 12,
//!     shape: Shape { ni: 5, nj: 1, nk: 1 },
//!     order: WordOrder::Big,
//!     rules: Rules::Recommended,
//!     compression: Compression::Normal,
//!     missing: None,
//! };
//! let mut payload = Vec::new();
//! let stored = packing.encode(&[1.0_f32, 2.5, -3.25, 10.0, 0.1], Threads::One, &mut payload)?;
//! assert_eq!((stored.data_type, stored.pack_bits, stored.data_bits), (DataType::QUANTIZED, 12, 32));
//! assert_eq!(payload[12..20], [0x04, 0x40, 0x05, 0xc0, 0x00, 0x00, 0x0d, 0x40]);
//! # Ok::<(), rpnfst_codecs::EncodeError>(())
//! ```
//!
//! # Support
//!
//! | type | letter | what | bits | elements | read | write |
//! |---|---|---|---|---|---|---|
//! | 0 | X | raw words | 1 to 64 | `u32` words | yes | yes |
//! | 1 | R | real, old quantification | 1 to 32 | `f32`, `f64` | yes | yes |
//! | 2 | I | unsigned integer | 1 to 32; 64 in RSF | `u8` to `u64` | yes | yes |
//! | 3 | C | characters | 8 | `u8` | yes | yes |
//! | 4 | S | signed integer | 1 to 32; 64 in RSF | `i8` to `i64` | yes | yes |
//! | 5 | E | IEEE real | 1 to 32, 64 | `f32`, `f64` | yes | 16 to 32, 64; fewer with [librmn's rules of 19.5](Rules::Like) |
//! | 6 | F | real, 16-bit quantification | 1 to 16 | `f32`, `f64` | yes | yes |
//! | 7 | A | string | 8 | `u8` | yes | yes |
//! | 8 | Z | complex | 1 to 32, 64 | `[f32; 2]`, `[f64; 2]` | yes | 16 to 32, 64 |
//! | 129 | r | type 1, compressed | 1 to 16 | `f32`, `f64` | yes | 16 bits; fewer with librmn's rules |
//! | 130 | i | type 2, compressed | 1 to 16 | `u8` to `u64` | yes | yes |
//! | 133 | e | type 5, compressed | 9 to 32 | `f32`, `f64` | yes | 16 to 32; fewer with [librmn's rules of 19.5](Rules::Like) |
//! | 134 | f | type 6, compressed | 1 to 16 | `f32`, `f64` | yes | yes |
//!
//! Both containers ([`WordOrder`]) have all of them. Types 129, 130 and 134 are read with all three predictors, that of
//! before 2006 included. With 64 added, types 1, 2, 4, 5, 6 and their compressed forms have missing values: see
//! [`missing`]. Numbers can be read as `f32` or `f64` whatever the type: see [`Payload::decode_into`].
//!
//! Encoders write the same bits as librmn 19.5 or 20.1, except bits without a meaning; [`PackRequest`] lists the choices and
//! the faults of librmn that are avoided. They take the element types of the table only: integers are never converted to reals.
//!
//! Decoders repair or report what old libraries wrote wrongly, where that is possible: see [`Decoded`].
//!
//! # Features
//!
//! * `rayon` (off by default): [`Threads::Many`] decodes large fields on several cores, compressed ones on two. Characters
//!   (types 3 and 7) always take one.
//! * `std` (off by default): detects AVX2 at run time and uses it. The calls into functions compiled for AVX2 are the only
//!   `unsafe` code; all of them stand in `kernels/`.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![deny(unsafe_code)]
#![allow(clippy::inline_always, reason = "what runs once per token must end up inside the loop of its width or row")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed test"))]
#![cfg_attr(test, allow(clippy::float_cmp, reason = "exact values are the point"))]

extern crate alloc;

// Floors, from the ground up. A module imports from lower floors only:
//   types, cast, order, options, mask < error < element, parallel < kernels, missing < bits < tokens
//   < text, integer, ieee, quantized, turbopack < ieee_turbo < decode, encode
mod bits;
mod cast;
mod decode;
mod element;
mod encode;
mod error;
#[cfg(test)]
mod example;
mod ieee;
mod ieee_turbo;
mod integer;
mod kernels;
mod mask;
pub mod missing;
mod options;
mod order;
mod parallel;
mod quantized;
mod text;
mod tokens;
mod turbopack;
mod types;

pub use decode::{Decoded, Payload, Plan};
pub use element::Element;
pub use encode::{PackRequest, Stored, full_width, lossless};
pub use error::{DecodeError, EncodeError};
pub use mask::Mask;
pub use options::{Compression, Librmn, Rules, Threads};
pub use types::{BaseType, DataType, ElementKind, Shape, WordOrder};
