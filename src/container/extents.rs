//! Which parts of a file are in use: overlaps are damage, gaps are wasted bytes.

use crate::record::Record;

/// Pieces of a file, and what each of them is.
#[derive(Default, Debug)]
pub(crate) struct Extents(Vec<(u64, u64, Piece)>);

/// What lies in an extent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Piece {
    Structure,
    /// Position of the record in the list of records.
    Record(usize),
}

/// Two pieces that share bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Overlap {
    pub(crate) offset: u64,
    pub(crate) first: Piece,
    pub(crate) second: Piece,
}

impl Extents {
    pub(crate) fn add(&mut self, offset: u64, length: u64, piece: Piece) {
        self.0.push((offset, offset.saturating_add(length), piece));
    }

    pub(crate) fn add_records(&mut self, records: &[Record]) {
        for (k, record) in records.iter().enumerate() {
            self.add(record.offset, record.length, Piece::Record(k));
        }
    }

    /// Overlaps in file order: each piece with the one before it that reaches furthest.
    pub(crate) fn overlaps(&mut self) -> Vec<Overlap> {
        self.0.sort_unstable();
        let mut found = Vec::new();
        let mut furthest: Option<(u64, Piece)> = None;
        for &(start, end, piece) in &self.0 {
            match furthest {
                Some((reached, first)) if start < reached => {
                    found.push(Overlap { offset: start, first, second: piece });
                    if end > reached {
                        furthest = Some((end, piece));
                    }
                }
                _ => furthest = Some((end, piece)),
            }
        }
        found
    }

    /// Bytes of the first `size` that no piece covers.
    pub(crate) fn unused(&mut self, size: u64) -> u64 {
        self.0.sort_unstable();
        let (mut reached, mut unused) = (0, 0);
        for &(start, end, _) in &self.0 {
            unused += start.min(size).saturating_sub(reached);
            reached = end.max(reached);
        }
        unused + size.saturating_sub(reached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_and_gaps() {
        let mut extents = Extents::default();
        extents.add(0, 10, Piece::Structure);
        extents.add(20, 10, Piece::Record(1));
        extents.add(10, 5, Piece::Record(0));
        assert!(extents.overlaps().is_empty());
        assert_eq!(extents.unused(40), 5 + 10);
        assert_eq!(extents.unused(25), 5);
        extents.add(25, 100, Piece::Record(2));
        extents.add(26, 1, Piece::Record(3));
        let overlaps = extents.overlaps();
        assert_eq!(overlaps.len(), 2);
        assert_eq!(overlaps[0], Overlap { offset: 25, first: Piece::Record(1), second: Piece::Record(2) });
        assert_eq!(overlaps[1].first, Piece::Record(2));
    }
}
