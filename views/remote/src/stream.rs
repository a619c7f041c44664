//! Read-ahead: how much to fetch for a read.

use std::ops::Range;

/// How many streams are told apart: the threads of a program read different records at a time.
const STREAMS: usize = 16;

/// After so many jumps in a row that nothing continued, fewer bytes are fetched: a walk from header to header through a
/// sequential file needs no more of them.
const JUMPS: u32 = 8;
/// How many bytes then.
const GLANCE: u64 = 4 << 10;

/// Reads that continue each other.
#[derive(Clone, Copy, Debug)]
struct Stream {
    start: u64,
    end: u64,
    block: u64,
    /// Bytes of the last block that were read.
    used: u64,
}

/// The streams, the one used last at the end.
#[derive(Debug)]
pub(crate) struct Streams {
    known: Vec<Stream>,
    block: u64,
    max_block: u64,
    /// Jumps in a row.
    jumps: u32,
}

impl Streams {
    pub(crate) fn new(block: u64, max_block: u64) -> Self {
        Self { known: Vec::new(), block: block.min(max_block).max(1), max_block: max_block.max(1), jumps: 0 }
    }

    /// What to fetch for a read of `wanted` bytes at `offset` that are missing. `free` are the bytes around `offset` that
    /// nobody has or fetches; the answer begins at `offset` or before, inside of it, and is not empty if `offset` is.
    pub(crate) fn plan(&mut self, offset: u64, wanted: u64, free: &Range<u64>) -> Range<u64> {
        let near = |s: &Stream| {
            let reach = s.block.max(s.end - s.start) / 4;
            (s.start.saturating_sub(reach)..=s.end.saturating_add(reach)).contains(&offset)
        };
        let known = self.known.iter().rposition(near).map(|place| self.known.remove(place));
        let backwards = known.is_some_and(|stream| offset < stream.start);
        self.jumps = if known.is_some() { 0 } else { self.jumps.saturating_add(1) };
        let first = if self.jumps > JUMPS { self.block.min(GLANCE) } else { self.block };
        // A reader that skips most of what it gets does not get more of it.
        let is_dense = |stream: &Stream| stream.used >= (stream.end - stream.start) / 2;
        let block = known.map_or(first, |stream| {
            let last = stream.block.max(stream.end - stream.start);
            if is_dense(&stream) { last.saturating_mul(2).min(self.max_block) } else { stream.block }
        });
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
        self.known.push(Stream { start, end, block, used: wanted.min(end - offset) });
        start..end
    }

    /// Takes note of a read of bytes that are there.
    pub(crate) fn note(&mut self, offset: u64, length: u64) {
        let stream = self.known.iter_mut().rfind(|stream| (stream.start..stream.end).contains(&offset));
        if let Some(stream) = stream {
            stream.used = stream.used.saturating_add(length);
        }
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
        streams.note(10, 60);
        assert_eq!(streams.plan(100, 10, &ALL), 100..300);
        streams.note(110, 100);
        assert_eq!(streams.plan(350, 300, &ALL), 350..750, "a near miss");
        assert_eq!(streams.plan(10_000, 10, &ALL), 10_000..10_100, "a jump");
        assert_eq!(streams.plan(750, 10, &ALL), 750..1550, "the first stream goes on");
        assert_eq!(streams.plan(1550, 10, &ALL), 1550..2350, "most of the last block was of no use");
        assert_eq!(streams.plan(2350, 5000, &ALL), 2350..3350, "never more than the most");
        assert_eq!(streams.plan(20_000, 700, &ALL), 20_000..20_700, "as much as is wanted");
    }

    #[test]
    fn a_walk_in_large_steps_takes_small_blocks() {
        let mut streams = Streams::new(65_536, 1 << 20);
        let lengths: Vec<_> = (0..20).map(|step| streams.plan(step << 30, 80, &ALL)).map(|r| r.end - r.start).collect();
        assert_eq!(lengths, [&[65_536; 8][..], &[4096; 12]].concat());
        streams.plan((19 << 30) + 4096, 80, &ALL);
        assert_eq!(streams.plan(30 << 30, 80, &ALL), 30 << 30..(30 << 30) + 65_536, "until something was continued");
    }

    #[test]
    fn backwards_and_small_holes() {
        let mut streams = Streams::new(100, 1000);
        assert_eq!(streams.plan(5000, 8, &(0..5008)), 4908..5008, "at the end of the object");
        streams.note(4908, 90);
        assert_eq!(streams.plan(4900, 8, &(0..4908)), 4708..4908, "and before it, twice as much");
        assert_eq!(streams.plan(9000, 10, &(8990..9020)), 8990..9020, "all of a hole");
    }
}
