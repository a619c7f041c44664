//! Read-ahead: how much to fetch for a read.

use std::ops::Range;

/// How many streams are told apart: the threads of a program read different records at a time.
const STREAMS: usize = 16;

/// Reads that continue each other.
#[derive(Clone, Copy, Debug)]
struct Stream {
    start: u64,
    end: u64,
    block: u64,
}

/// The streams, the one used last at the end.
#[derive(Debug)]
pub(crate) struct Streams {
    known: Vec<Stream>,
    block: u64,
    max_block: u64,
}

impl Streams {
    pub(crate) fn new(block: u64, max_block: u64) -> Self {
        Self { known: Vec::new(), block: block.min(max_block).max(1), max_block: max_block.max(1) }
    }

    /// What to fetch for a read of `wanted` bytes at `offset` that are missing. `free` are the bytes around `offset` that
    /// nobody has or fetches; the answer begins at `offset` or before, inside of it, and is not empty if `offset` is.
    pub(crate) fn plan(&mut self, offset: u64, wanted: u64, free: &Range<u64>) -> Range<u64> {
        let near = |s: &Stream| (s.start.saturating_sub(s.block)..=s.end.saturating_add(s.block)).contains(&offset);
        let known = self.known.iter().rposition(near).map(|place| self.known.remove(place));
        let backwards = known.is_some_and(|stream| offset < stream.start);
        let block = known.map_or(self.block, |stream| stream.block.saturating_mul(2).min(self.max_block));
        let length = wanted.max(block).min(self.max_block);
        let mut end = offset.saturating_add(length).min(free.end);
        let mut start = offset;
        if end - start < length && (backwards || end - start < self.block.min(length)) {
            // A reader that goes back, or a hole too small to be worth a request: what lies before comes with it.
            start = end.saturating_sub(length).max(free.start).min(offset);
        }
        end = end.min(start.saturating_add(self.max_block)).max(offset.saturating_add(1));
        if self.known.len() == STREAMS {
            self.known.remove(0);
        }
        self.known.push(Stream { start, end, block });
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Range<u64> = 0..1 << 40;

    #[test]
    fn continuing_doubles_and_jumping_does_not() {
        let mut streams = Streams::new(100, 1000);
        assert_eq!(streams.plan(0, 10, &ALL), 0..100);
        assert_eq!(streams.plan(100, 10, &ALL), 100..300);
        assert_eq!(streams.plan(350, 10, &ALL), 350..750, "a near miss");
        assert_eq!(streams.plan(10_000, 10, &ALL), 10_000..10_100, "a jump");
        assert_eq!(streams.plan(750, 10, &ALL), 750..1550, "the first stream goes on");
        assert_eq!(streams.plan(1550, 5000, &ALL), 1550..2550, "never more than the most");
        assert_eq!(streams.plan(20_000, 700, &ALL), 20_000..20_700, "as much as is wanted");
    }

    #[test]
    fn backwards_and_small_holes() {
        let mut streams = Streams::new(100, 1000);
        assert_eq!(streams.plan(5000, 8, &(0..5008)), 4908..5008, "at the end of the object");
        assert_eq!(streams.plan(4900, 8, &(0..4908)), 4708..4908, "and before it, twice as much");
        assert_eq!(streams.plan(9000, 10, &(8990..9020)), 8990..9020, "all of a hole");
    }
}
