//! The bytes of a file, whatever holds them.
//!
//! A [`Source`] reads: from a memory map, from memory, or from any object that implements [`ReadAt`]. [`WriteAt`] writes at
//! an offset. A [`Tail`] collects what a writer appends and hands it to the file in large pieces.

#[cfg(test)]
pub(crate) mod hex;
mod memory;
mod on_disk;
mod read_at;
mod sink;
mod source;
mod tail;

pub use self::{memory::MemoryFile, read_at::ReadAt, sink::WriteAt, source::Source};

pub(crate) use self::{read_at::open_regular, tail::Tail};
