//! What was fetched and is kept.

use std::{collections::BTreeMap, ops::Range};

use bytes::Bytes;

/// Bytes of a piece that a longer one may replace.
const ISLAND: usize = 16 << 10;

/// Pieces of an object that do not overlap, up to a budget of bytes. The piece used longest ago goes first.
#[derive(Debug)]
pub(crate) struct Cache {
    /// By their offsets, with the time of their last use.
    pieces: BTreeMap<u64, (Bytes, u64)>,
    /// Offsets by that time.
    used: BTreeMap<u64, u64>,
    clock: u64,
    bytes: u64,
    budget: u64,
}

impl Cache {
    pub(crate) fn new(budget: u64) -> Self {
        Self { pieces: BTreeMap::new(), used: BTreeMap::new(), clock: 0, bytes: 0, budget }
    }

    /// The bytes from `offset` to the end of the piece that has it.
    pub(crate) fn get(&mut self, offset: u64) -> Option<Bytes> {
        let (&start, (bytes, time)) = self.pieces.range_mut(..=offset).next_back()?;
        let skip = usize::try_from(offset - start).ok().filter(|&skip| skip < bytes.len())?;
        self.clock += 1;
        self.used.remove(time);
        *time = self.clock;
        self.used.insert(self.clock, start);
        Some(bytes.slice(skip..))
    }

    /// The bytes around `offset`, which is in no piece, that no piece has, but for small ones behind it: fetching them again
    /// costs less than a request on either side of them.
    pub(crate) fn hole(&self, offset: u64, size: u64) -> Range<u64> {
        let before = self.pieces.range(..=offset).next_back();
        let after = self.pieces.range(offset..).find(|(_, (bytes, _))| bytes.len() > ISLAND);
        before.map_or(0, |(start, (bytes, _))| start + bytes.len() as u64)..after.map_or(size, |(&start, _)| start)
    }

    /// Where a request must end that would end at `end`: before a piece that reaches beyond it.
    pub(crate) fn end_before(&self, end: u64) -> u64 {
        let last = self.pieces.range(..end).next_back();
        last.filter(|(start, (bytes, _))| **start + bytes.len() as u64 > end).map_or(end, |(&start, _)| start)
    }

    /// Keeps a piece. It replaces those that lie in it; it overlaps with no others.
    pub(crate) fn insert(&mut self, offset: u64, bytes: Bytes) {
        let length = bytes.len() as u64;
        if length == 0 || length > self.budget {
            return;
        }
        while let Some((&inside, _)) = self.pieces.range(offset..offset.saturating_add(length)).next() {
            if let Some((old, time)) = self.pieces.remove(&inside) {
                self.used.remove(&time);
                self.bytes -= old.len() as u64;
            }
        }
        self.clock += 1;
        self.used.insert(self.clock, offset);
        self.pieces.insert(offset, (bytes, self.clock));
        self.bytes += length;
        while self.bytes > self.budget {
            let Some((_, oldest)) = self.used.pop_first() else { break };
            if let Some((bytes, _)) = self.pieces.remove(&oldest) {
                self.bytes -= bytes.len() as u64;
            }
        }
    }

    #[cfg(test)]
    fn len(&self) -> u64 {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_and_holes() {
        let mut cache = Cache::new(100_000);
        cache.insert(100, Bytes::from_static(b"abcdef"));
        cache.insert(200, Bytes::from(vec![7; ISLAND + 1]));
        assert_eq!(cache.get(103).as_deref(), Some(&b"def"[..]));
        assert_eq!((cache.get(106), cache.get(99)), (None, None));
        assert_eq!(cache.hole(150, 90_000), 106..200);
        assert_eq!((cache.hole(0, 90_000), cache.hole(50_000, 90_000)), (0..200, 200 + ISLAND as u64 + 1..90_000));
        assert_eq!((cache.end_before(103), cache.end_before(106), cache.end_before(150)), (100, 106, 150));
        cache.insert(50, Bytes::from_static(&[8; 100]));
        assert_eq!((cache.get(100).as_deref(), cache.len()), (Some(&[8; 50][..]), 100 + ISLAND as u64 + 1));
    }

    #[test]
    fn the_oldest_goes_first() {
        let mut cache = Cache::new(10);
        cache.insert(0, Bytes::from_static(b"aaaa"));
        cache.insert(10, Bytes::from_static(b"bbbb"));
        assert!(cache.get(0).is_some());
        cache.insert(20, Bytes::from_static(b"cccc"));
        assert!(cache.get(0).is_some() && cache.get(10).is_none() && cache.get(20).is_some());
        assert_eq!(cache.len(), 8);
        cache.insert(30, Bytes::from_static(b"more than 10 bytes"));
        assert!(cache.get(30).is_none() && cache.get(20).is_some());
    }
}
