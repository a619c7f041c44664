//! RSF: the container of librmn 20 and later. Format: `docs/format/rsf.md`.

mod check;
mod directory;
mod entry;
mod flag;
mod marker;
mod recover;
mod scan;
mod segment;
mod write;

pub use self::directory::{Segment, SegmentKind};

pub(crate) use self::{
    check::{check, extents, record_header},
    directory::{Directory, open},
    flag::{Sharing, enter, leave},
    recover::{is_interrupted_create, recover},
    scan::{is_believable, scan},
    write::RsfWriter,
};
