//! RSF: the container of librmn 20 and later. Format: `docs/format/rsf.md`.

mod check;
mod entry;
mod flag;
mod marker;
mod open;
mod recover;
mod scan;
mod segment;
mod write;

pub use self::open::{Segment, SegmentKind};

pub(crate) use self::{
    check::{check, extents, record_header},
    flag::{Sharing, enter, leave},
    open::open,
    recover::{is_unborn, recover},
    scan::{is_believable, scan},
    write::RsfWriter,
};
