//! XDF: the classic container, random and sequential. Format: `docs/format/xdf.md`.

mod behind;
mod check;
mod entry;
mod header;
mod limits;
mod moved;
mod open;
mod page;
mod scan;
mod sequential;
mod unborn;
mod write;
mod write_sequential;

pub use self::{header::Header, open::Page};

pub(crate) use self::{
    behind::end_of,
    check::{check, extents, record_header},
    open::open,
    scan::{is_believable, is_page_sound, scan},
    unborn::is_unborn,
    write::XdfWriter,
    write_sequential::SequentialWriter,
};
