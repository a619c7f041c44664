//! Records behind the end that the header of a random file names: its directory does not list them yet.
//!
//! librmn appends records at once, and writes header and directory when the file is closed. Until then the length of the
//! file is the only sign of its writer: there is no flag and no lock.

use std::io;

use super::{
    directory::Directory,
    entry::{ENTRY, ENTRY_BYTES},
    header::PAGE_BYTES,
    piece::{Piece, piece, search},
};
use crate::{
    bytes::Source,
    record::{Container, Record},
};

/// Where a random file ends by its own account: the header's, the pages' and the listed records'.
pub(crate) fn end_of(directory: &Directory, records: &[Record]) -> u64 {
    let pages = directory.pages.iter().map(|page| page.offset + PAGE_BYTES);
    let records = records.iter().map(|record| record.offset.saturating_add(record.length));
    pages.chain(records).fold(8 * u64::from(directory.header.file_size), u64::max)
}

/// A complete record that no directory lists: where it lies, and the beginning of it, which is its directory entry.
pub(super) struct Unlisted {
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) entry: [u8; ENTRY],
}

/// The complete live records from byte `end` on, in their order.
pub(super) fn unlisted(source: &Source, end: u64) -> io::Result<Vec<Unlisted>> {
    let mut list = Vec::new();
    let mut at = end.next_multiple_of(8);
    while at < source.len() {
        let offset = search(source, at, source.len(), Container::Xdf)?;
        at = match piece(source, offset, Container::Xdf)? {
            Some((Piece::Record(found), length)) if offset + length <= source.len() => {
                let head = source.get(offset, ENTRY_BYTES)?;
                if let Some(&entry) = head.first_chunk().filter(|_| !found.deleted) {
                    list.push(Unlisted { offset, length, entry });
                }
                offset + length
            }
            Some((Piece::Page, length)) => offset + length,
            _ => offset + 8,
        };
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::xdf::entry::tests::record;

    #[test]
    fn complete_records_behind_the_end() {
        // 16 bytes that the header counts, a record, and the beginning of another.
        let bytes = [&[0; 16][..], &record(16), &record(104)[..40]].concat();
        let list = unlisted(&Source::bytes(bytes), 16).expect("read");
        assert_eq!(list.iter().map(|found| (found.offset, found.length)).collect::<Vec<_>>(), [(16, 88)]);
        assert_eq!(list[0].entry[..], record(16)[..72]);
    }
}
