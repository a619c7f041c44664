//! RSF: the container of librmn 20 and later. Format: `docs/format/rsf.md`.
//!
//! A file is a series of segments. Each segment has a start, records, a directory that lists them, and an end. A record
//! stands between a start marker and an end marker, which both have its length. The first segment start has the write flag:
//! how many writers have the file open. Words are little-endian; of 64-bit numbers the high word comes first.

mod check;
mod directory;
mod entry;
mod flag;
mod marker;
mod recover;
mod scan;
mod segment;
mod write;
mod write_patch;
mod write_segment;

pub use self::directory::{Segment, SegmentKind};

pub(crate) use self::{
    check::{check, extents, record_header},
    directory::{Directory, open},
    flag::{Sharing, enter, leave},
    recover::{is_interrupted_create, recover},
    scan::{is_believable, scan},
    write::RsfWriter,
};
