//! Words and bit streams.
//!
//! A payload is a sequence of 32-bit words; bits are consumed from the most significant bit of a word down.
//!
//! Reads at any position go through [`Words::window`]: two words as one 64-bit number, of which at least 33 bits lie
//! after any position. Streams of one width go through [`Stream`] and its inverse, [`pack`](crate::tokens::pack). They work on groups of 8 tokens,
//! which fill whole bytes, or of 32, which fill whole words, so that within a group every shift is known. Streams of many
//! widths are written by [`BitWriter`].

mod stream;
mod words;
mod writer;

pub(crate) use stream::{Pairs, Stream, unpack};
pub(crate) use words::{STAGE, Words, put_words, word_bytes};
pub(crate) use writer::{BitCounter, BitSink, BitWriter, append_words};
