//! Data codecs of RPN standard files (FST): payload bytes to numbers.
//!
//! This crate knows nothing of files. It takes the payload of one record ([`Packed`]) and decodes it into the caller's
//! buffer. It is `no_std` + `alloc`, has no `unsafe` code, and treats every byte as hostile: any input gives values or a
//! [`DecodeError`], never a panic, and nothing is allocated that the payload does not justify.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![forbid(unsafe_code)]
#![allow(clippy::inline_always, reason = "what runs once per token must end up inside the loop of its width or row")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed test"))]

extern crate alloc;

mod bits;
mod element;
mod error;
mod ieee;
mod ieee_turbo;
mod integer;
pub mod missing;
mod packed;
#[cfg(feature = "rayon")]
mod parallel;
mod quantized;
mod text;
mod turbopack;
mod types;

pub use element::Element;
pub use error::DecodeError;
pub use packed::{Decoded, Packed, Threads};
pub use types::{BaseType, DataType, ElementKind, Shape, WordOrder};
