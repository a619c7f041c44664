//! XDF: the classic container, random and sequential. Format: `docs/format/xdf.md`.
//!
//! A random file has a header, a chain of directory pages with 256 entries each, and records between the pages. A
//! sequential file has a header and records up to an end mark; it has no directory. In both, a record begins with a copy of
//! its directory entry. Words are big-endian; lengths and addresses count units of 8 bytes, and addresses begin at 1.

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
mod write_commit;
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
