//! Payloads of the reference library, of our own encoders and of nobody, encoded and decoded.
#![allow(clippy::unwrap_used, reason = "a failed test")]

mod common;

mod encode_streams;
mod encode_vectors;
mod examples;
mod hostile;
mod requests;
mod roundtrip;
mod streams;
mod vectors;
