//! What a search through a whole file finds: for damaged files, whose directory does not list all records.

use std::{io, ops::Range};

use crate::{bytes::Source, record::Record};

/// What a search found.
#[derive(Default)]
pub(crate) struct Scan {
    pub(crate) found: Vec<Found>,
    pub(crate) gaps: Vec<Range<u64>>,
}

/// A record that a search found.
pub(crate) struct Found {
    pub(crate) record: Record,
    pub(crate) deleted: bool,
    /// The length or offset in the record's own header is impossible; `record` has the corrected one.
    pub(crate) corrected: bool,
}

impl Scan {
    /// Notes bytes that nothing is known of, unless they are all zero.
    pub(crate) fn gap(&mut self, source: &Source, from: u64, to: u64) -> io::Result<()> {
        const CHUNK: u64 = 1 << 20;
        let mut at = from;
        while at < to {
            let bytes = source.get_up_to(at, CHUNK.min(to - at))?;
            if bytes.iter().any(|&byte| byte != 0) {
                self.gaps.push(from..to);
                return Ok(());
            }
            at += CHUNK;
        }
        Ok(())
    }
}

/// The first position from `at` on, in steps of `stride` and before `limit`, where `LEN` bytes are what is looked for; or
/// `limit`.
pub(crate) fn search<const LEN: usize>(
    source: &Source,
    mut at: u64,
    limit: u64,
    stride: usize,
    mut is_there: impl FnMut(u64, &[u8; LEN]) -> io::Result<bool>,
) -> io::Result<u64> {
    // Read small pieces first: what is looked for is mostly near, and large pieces would read most bytes many times.
    let mut step = 1 << 9;
    while at < limit {
        let part = step.min(limit - at);
        let bytes = source.get_up_to(at, part + LEN as u64 - 1)?;
        for (position, window) in (at..at + part).step_by(stride).zip(bytes.windows(LEN).step_by(stride)) {
            if let Some(window) = window.first_chunk()
                && is_there(position, window)?
            {
                return Ok(position);
            }
        }
        at += part.next_multiple_of(stride as u64);
        step = (2 * step).min(1 << 20);
    }
    Ok(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_bytes_that_are_not_zero() -> io::Result<()> {
        let source = Source::bytes(vec![0, 0, 0, 0, 7, 0, 0, 0]);
        let mut scan = Scan::default();
        scan.gap(&source, 0, 4)?;
        scan.gap(&source, 4, 8)?;
        scan.gap(&source, 8, 8)?;
        assert_eq!(scan.gaps, [Range { start: 4, end: 8 }]);
        Ok(())
    }

    #[test]
    fn a_search_in_steps() -> io::Result<()> {
        // Larger than the first piece that is read; the bytes that are looked for lie across its end.
        let mut bytes = vec![0; 2000];
        bytes[511..513].copy_from_slice(b"ab");
        bytes[1000..1002].copy_from_slice(b"ab");
        let source = Source::bytes(bytes);
        let at = |at, limit, stride| search(&source, at, limit, stride, |_, bytes: &[u8; 2]| Ok(bytes == b"ab"));
        assert_eq!((at(0, 2000, 1)?, at(0, 2000, 8)?, at(512, 2000, 1)?), (511, 1000, 1000));
        assert_eq!((at(1001, 2000, 1)?, at(0, 511, 1)?), (2000, 511), "the limit when there is none");
        Ok(())
    }
}
