//! Words and bit streams.
//!
//! A payload is a sequence of 32-bit words. Bits are numbered from the most significant bit of word 0 down, whatever the
//! byte order of the words.
//!
//! * [`Words`]: random access. [`Words::window`] returns at least 33 bits from any position on, in one 64-bit number.
//! * [`Stream`]: tokens that all have the same width. It works on groups of 8 tokens, which fill whole bytes, or of 32, which
//!   fill whole words: within a group all shifts are known. The inverse is [`pack`](crate::tokens::pack()).
//! * [`BitWriter`]: writes tokens of different widths. [`BitCounter`] only counts their bits; both are a [`BitSink`].

mod stream;
mod words;
mod writer;

pub(crate) use stream::{Pairs, Stream, unpack};
pub(crate) use words::{STAGE, Words, put_words, word_bytes};
pub(crate) use writer::{BitCounter, BitSink, BitWriter, append_words};
