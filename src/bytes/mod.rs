//! The bytes of a file: where they are read from, and where they are written to.

mod memory;
mod on_disk;
mod read_at;
mod sink;
mod source;
mod tail;

pub use self::{memory::MemoryFile, read_at::ReadAt, sink::WriteAt, source::Source};

pub(crate) use self::{read_at::open_regular, tail::Tail};
