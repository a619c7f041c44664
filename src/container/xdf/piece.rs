//! What stands at a position of a file, by its own account.

use std::io;

use rpnfst_codecs::BaseType;

use super::{
    entry::{ENTRY_BYTES, Entry, State, entry},
    header::{PAGE_BYTES, page_header},
};
use crate::{
    bytes::Source,
    container::{
        parse::parse,
        scan::{self, Found},
    },
    record::{Container, DataType},
};

/// The alignment of everything in the file.
pub(super) const UNIT: u64 = 8;

/// What stands at a position, by its own account.
pub(super) enum Piece {
    /// A record, live or deleted.
    Record(Found),
    Page,
    /// Postfixes and end marks of sequential files.
    Mark,
}

/// What stands at `at`, and its length.
pub(super) fn piece(source: &Source, at: u64, container: Container) -> io::Result<Option<(Piece, u64)>> {
    let bytes = source.get_up_to(at, ENTRY_BYTES)?;
    let Some([first, second]) = bytes.as_chunks::<4>().0.first_chunk().copied() else { return Ok(None) };
    let address = u32::from_be_bytes(second);
    let itself = 8 * u64::from(address) == at + 8;
    if itself && parse(page_header, &bytes).is_some_and(|page| page.check(at).is_ok()) {
        return Ok(Some((Piece::Page, PAGE_BYTES)));
    }
    if let Some(own) = parse(entry, &bytes).filter(|own| itself && is_plausible(own, at, source.len())) {
        let record = own.record(at, 0, 0, container);
        let deleted = own.state() == State::Deleted;
        return Ok(Some((Piece::Record(Found { record, deleted, corrected: false }), own.bytes())));
    }
    // Some sequential files have the signature of random ones.
    Ok(is_mark(&bytes).then_some((Piece::Mark, if first[3] == 2 { 2 * UNIT } else { UNIT })))
}

/// Whether these are a postfix or an end mark of sequential files.
pub(super) fn is_mark(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, ..] | [112..=127, 0, 0, 1, ..])
}

/// Whether the beginning of a record is one: possible dimensions, a known data type, and zero where nothing is stored.
pub(super) fn is_plausible(own: &Entry<'_>, at: u64, size: u64) -> bool {
    own.state() != State::Invalid
        && own.is_sound(at, size)
        && !matches!(DataType::new(own.words().datyp()).base(), BaseType::Unknown(_))
        && own.words().unused_bits_are_zero()
}

/// The next position from `at` on, before `limit`, where a record or a page is by its own account; or `limit`.
pub(super) fn search(source: &Source, at: u64, limit: u64, container: Container) -> io::Result<u64> {
    scan::search(source, at, limit, 8, |position, &[_, _, _, _, address @ ..]: &[u8; 8]| {
        // Nearly all positions end here.
        Ok(8 * u64::from(u32::from_be_bytes(address)) == position + 8
            && matches!(piece(source, position, container)?, Some((Piece::Record(_) | Piece::Page, _))))
    })
}
