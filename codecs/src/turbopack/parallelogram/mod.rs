//! The parallelogram (Lorenzo) predictor: method 4 of the 16-bit streams, and the exponents and mantissas of type 133.
//!
//! Tokens are stored as second differences `d[j][i] = f[j][i] - f[j-1][i] - f[j][i-1] + f[j-1][i-1]`, so the plane is their
//! two-dimensional prefix sum in wrapping arithmetic: `f[j] = f[j-1] + scan(d[j])`. The sums along a row are taken while the
//! tiles are unpacked (three independent chains of additions hide in the latency of the bit positions); what is left is
//! one vector addition per row, [`TokenSink::differences`](crate::tokens::TokenSink::differences).

mod decode;
mod encode;
mod widths;

pub(crate) use decode::Lorenzo;
pub(crate) use encode::{Scheme, encode, length};
pub(crate) use widths::Widths;
