//! XDF: the classic container, random and sequential. Format: `docs/format/xdf.md`.

mod behind;
mod check;
mod directory;
mod entry;
mod header;
mod interrupted;
mod limits;
mod moved;
mod page;
mod piece;
mod scan;
mod sequential;
mod write;
mod write_sequential;

pub use self::{directory::Page, header::Header};

pub(crate) use self::{
    behind::end_of,
    check::{check, extents, record_header},
    directory::{Directory, open},
    interrupted::is_interrupted_create,
    scan::{is_believable, is_page_sound, scan},
    write::XdfWriter,
    write_sequential::SequentialWriter,
};
