//! Reading the directories of an RSF file.

use std::{borrow::Cow, io};

use super::{
    entry::{ENTRY_HEAD, Entry, State, entry},
    marker::{END_BYTES, SOS_BYTES, SOS_SIZE, START_BYTES, START_MARK, SegmentStart, kind, segment_start, start},
    recover::{Backwards, is_unwritten},
};
use crate::{
    bytes::Source,
    container::{contents::Contents, parse::parse, problem::Problem},
    record::Container,
};

/// What a segment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum SegmentKind {
    /// Closed; its directory lists its records.
    Closed,
    /// Closed, without records.
    Empty,
    /// Being written, or left by a writer that died: its records are not visible.
    Open,
    /// Room that a parallel writer gave back.
    Filler,
}

/// A segment of an RSF file.
///
/// ```
/// use rpnfst::{File, info::{Details, SegmentKind}};
/// let file = File::open("testdata/rsf/unclosed.rsf")?;
/// let Some(Details::Rsf { segments, .. }) = file.first().map(|member| member.info().details) else { panic!("RSF") };
/// assert!(segments.iter().any(|segment| segment.kind == SegmentKind::Open));
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Segment {
    /// Byte offset of the segment.
    pub offset: u64,
    /// Bytes up to the next segment; for the last open one, up to the end of the file.
    pub size: u64,
    /// What it is.
    pub kind: SegmentKind,
    /// Directory entries, deleted ones included.
    pub entries: u32,
    /// Live records.
    pub live: u32,
    /// Byte offset of the directory in the file; 0 without one.
    pub directory_offset: u64,
    /// Length of the directory in bytes.
    pub directory_bytes: u64,
}

impl Segment {
    fn without_records(offset: u64, size: u64, kind: SegmentKind) -> Self {
        Self { offset, size, kind, entries: 0, live: 0, directory_offset: 0, directory_bytes: 0 }
    }
}

/// The directories of an RSF file.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) contents: Contents,
    /// Segments in file order.
    pub(crate) segments: Vec<Segment>,
    /// Number of writers that have the file open: 0 none, `0xFFFF` an exclusive one, else parallel ones.
    pub(crate) write_flag: u16,
    /// Embedded files, which are no records.
    pub(crate) embedded_files: u64,
}

impl Directory {
    pub(crate) fn new() -> Self {
        Self { contents: Contents::new(Container::Rsf), segments: Vec::new(), write_flag: 0, embedded_files: 0 }
    }
}

/// Longer directories are not small pieces scattered over a file (see [`Source::peek`]).
const SCATTERED: usize = 1 << 16;

/// Reads the directories of an RSF file. Fails only when there is nothing to be found; what else is wrong is listed.
pub(crate) fn open(source: &Source, file: u32) -> io::Result<Result<Directory, String>> {
    let mut directory = Directory::new();
    let (mut offset, mut backwards) = (0, Backwards::default());
    let mut next_index = 0;
    while offset < source.len() {
        let mut buffer = [0; SOS_SIZE];
        let head = source.peek(offset, &mut buffer)?;
        let sos = match segment_at(head) {
            Ok(sos) => sos,
            Err(what) if offset == 0 => return Ok(Err(what)),
            Err(what) if directory.write_flag != 0 && is_unwritten(head) => {
                let what = format!("{what}; a writer begins a segment here, or died while it did");
                directory.contents.problems.push(Problem::note(offset, what));
                let Some(next) = backwards.end_of(source, offset)? else { return Ok(Ok(directory)) };
                directory.segments.push(Segment::without_records(offset, next - offset, SegmentKind::Open));
                offset = next;
                continue;
            }
            Err(what) => {
                directory.contents.problems.push(Problem::damage(offset, what));
                return Ok(Ok(directory));
            }
        };
        if offset == 0 {
            let flag = sos.start.meta_words;
            directory.write_flag = flag;
            if flag != 0 {
                let what = format!("opened for writing and not closed (flag {flag:#x})");
                directory.contents.problems.push(Problem::note(1, what));
            }
        }
        let segment = read_segment(source, file, offset, &sos, &mut next_index, &mut directory)?;
        directory.segments.push(segment);
        if sos.total == 0 {
            return Ok(Ok(directory)); // an open exclusive segment is always the last
        }
        if sos.total < SOS_BYTES {
            let what = format!("segment of {} bytes, its start alone has {SOS_BYTES}", sos.total);
            directory.contents.problems.push(Problem::damage(offset, what));
            return Ok(Ok(directory));
        }
        match offset.checked_add(sos.total) {
            Some(next) if next <= source.len() => offset = next,
            Some(_) if segment.kind == SegmentKind::Open => return Ok(Ok(directory)),
            _ => {
                let what = format!("truncated: segment of {} bytes, {} are there", sos.total, source.len() - offset);
                directory.contents.problems.push(Problem::damage(offset, what));
                return Ok(Ok(directory));
            }
        }
    }
    Ok(Ok(directory))
}

fn segment_at(head: &[u8]) -> Result<SegmentStart, String> {
    let sos = parse(segment_start, head)
        .ok_or_else(|| format!("start of segment: {} bytes are left, it has {SOS_BYTES}", head.len()))?;
    if sos.start.kind != kind::SEGMENT_START || sos.start.mark != START_MARK {
        return Err(format!(
            "start of segment: type {} and mark {:#x}, expected {} and {START_MARK:#x}",
            sos.start.kind,
            sos.start.mark,
            kind::SEGMENT_START
        ));
    }
    Ok(sos)
}

/// Reads the directory of the segment at `offset`.
fn read_segment(
    source: &Source,
    file: u32,
    offset: u64,
    sos: &SegmentStart,
    next_index: &mut u32,
    directory: &mut Directory,
) -> io::Result<Segment> {
    let Directory { contents, embedded_files, .. } = directory;
    let size = if sos.total == 0 { source.len() - offset } else { sos.total };
    let mut segment = Segment::without_records(offset, size, SegmentKind::Empty);
    if sos.directory == 0 || sos.directory_size == 0 {
        if &sos.signature[4..] == b"<-->" {
            segment.kind = SegmentKind::Filler;
        } else if sos.is_open(offset) {
            segment.kind = SegmentKind::Open;
            let what = format!("a segment of {size} bytes was not closed, its records are not listed");
            contents.problems.push(Problem::note(offset, what));
        }
        return Ok(segment);
    }
    segment.kind = SegmentKind::Closed;
    let mut damage = |at: u64, what: String| contents.problems.push(Problem::damage(at, what));
    let place = offset.saturating_add(sos.directory);
    // Segments do not overlap, so that this also bounds the work on a hostile file.
    let inside = sos.directory.checked_add(sos.directory_size).is_some_and(|end| end <= size);
    if sos.directory_size < START_BYTES + 4 + END_BYTES || !inside {
        let what =
            format!("directory of {} bytes at byte {} of a segment of {size} bytes", sos.directory_size, sos.directory);
        damage(offset, what);
        return Ok(segment);
    }
    (segment.directory_offset, segment.directory_bytes) = (place, sos.directory_size);
    let there = source.len().saturating_sub(place).min(sos.directory_size);
    if there < sos.directory_size {
        damage(place, format!("directory of {} bytes, {there} are there", sos.directory_size));
    }
    let mut buffer = [0; DIRECTORY_HEAD];
    let head = source.peek(place, &mut buffer)?;
    match parse(start, head) {
        Some(start) if start.kind == kind::DIRECTORY && start.mark == START_MARK => {}
        Some(start) => {
            let what = format!(
                "directory: type {} and mark {:#x}, expected {} and {START_MARK:#x}",
                start.kind,
                start.mark,
                kind::DIRECTORY
            );
            damage(place, what);
            return Ok(segment);
        }
        None => return Ok(segment),
    }
    let Some(&count) = head.last_chunk().filter(|_| head.len() == DIRECTORY_HEAD) else { return Ok(segment) };
    let after = if there == sos.directory_size { END_BYTES } else { 0 };
    let (count, at, end) = (u32::from_le_bytes(count), place + DIRECTORY_HEAD as u64, place + there - after);
    Entries {
        count,
        number: 0,
        at,
        size: source.len(),
        file,
        segment: &mut segment,
        next_index,
        contents,
        embedded_files,
    }
    .read(source, end)?;
    Ok(segment)
}

/// Bytes of a directory before its entries.
const DIRECTORY_HEAD: usize = 20;
/// Bytes of a directory of a file that is not in memory that are read at a time: several of the longest entries.
const CHUNK: u64 = 1 << 20;

/// Going through the entries of a directory.
struct Entries<'a> {
    count: u32,
    /// The next entry, and where it lies in the file.
    number: u32,
    at: u64,
    /// Bytes of the file.
    size: u64,
    file: u32,
    segment: &'a mut Segment,
    next_index: &'a mut u32,
    contents: &'a mut Contents,
    embedded_files: &'a mut u64,
}

impl Entries<'_> {
    /// Reads all entries, the last one ends before byte `end`.
    fn read(mut self, source: &Source, end: u64) -> io::Result<()> {
        // Each entry has ENTRY_HEAD bytes at least, so that this is bounded by what is there.
        let most = usize::try_from(end.saturating_sub(self.at) / 108).unwrap_or(usize::MAX);
        self.contents.records.reserve(most.min(self.count as usize));
        let mut buffer = Vec::new();
        while self.number < self.count {
            let left = end.saturating_sub(self.at);
            let small = usize::try_from(left).ok().filter(|&left| left <= SCATTERED);
            let bytes = if let Some(left) = small {
                buffer.resize(left, 0);
                Cow::Borrowed(source.peek(self.at, &mut buffer)?)
            } else {
                source.get_up_to(self.at, if source.as_slice().is_some() { left } else { left.min(CHUNK) })?
            };
            let before = self.number;
            self.entries(&bytes);
            if self.number == before || (bytes.len() as u64 == left && self.number < self.count) {
                let what = format!("the directory ends after {} of {} entries", self.number, self.count);
                self.contents.problems.push(Problem::damage(self.at, what));
                return Ok(());
            }
        }
        let rest = end.saturating_sub(self.at);
        if rest > 0 {
            let what = format!("{rest} bytes of the directory follow its {} entries", self.count);
            self.contents.problems.push(Problem::damage(self.at, what));
        }
        Ok(())
    }

    /// Takes in the entries that `rest` has whole.
    fn entries(&mut self, mut rest: &[u8]) {
        while let (true, Ok((after, entry))) = (self.number < self.count, entry(rest)) {
            let index = *self.next_index;
            *self.next_index = index.wrapping_add(1);
            self.segment.entries += 1;
            self.take(&entry, index);
            self.number += 1;
            self.at += ENTRY_HEAD + entry.meta.len() as u64;
            rest = after;
        }
    }

    #[inline]
    fn take(&mut self, entry: &Entry<'_>, index: u32) {
        let (segment, size, contents) = (&mut *self.segment, self.size, &mut *self.contents);
        match entry.state() {
            State::Live => {
                if let Some(place) = entry.place(segment.offset, size) {
                    segment.live += 1;
                    contents.records.push(entry.record(place, index, self.file));
                    if place.offset.saturating_add(entry.length) > size {
                        contents.note_truncated(&entry.record(place, index, self.file), size);
                    }
                } else {
                    let what = format!("directory entry {index}: {}", entry.trouble(segment.offset, size));
                    contents.problems.push(Problem::damage(self.at, what));
                }
            }
            State::Deleted => contents.delete(entry.length),
            State::EmbeddedFile => *self.embedded_files += 1,
            State::Other(other) => {
                let what = format!("directory entry {index}: record of type {other}, not one of standard files");
                contents.problems.push(Problem::note(self.at, what));
            }
        }
    }
}
