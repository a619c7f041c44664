//! Files of librmn as they were before their records were deleted or edited, and which of their bytes are undefined.

use std::ops::Range;

use rpnfst::{
    Container, File, Record,
    info::{Details, SegmentKind},
};

/// A segment of an RSF file.
pub enum Segment {
    Empty,
    /// Positions of its records in the list.
    Records(Range<usize>),
    Filler,
}

pub struct Original {
    /// All records ever appended, as they were.
    pub file: File,
    /// RSF only.
    pub segments: Vec<Segment>,
    /// Ranges of bytes that librmn leaves undefined, payloads apart.
    pub undefined: Vec<Range<usize>>,
    /// RSF: bytes of the extended metadata of each record.
    room: Vec<usize>,
}

impl Original {
    pub fn of(bytes: &[u8]) -> Self {
        let file = File::from_bytes(bytes.to_vec()).expect("sound");
        let info = file.first().expect("one file").info();
        match (info.container, &info.details) {
            (Container::Xdf, Details::Xdf { pages, .. }) => Self::of_xdf(bytes, pages),
            (_, Details::Rsf { segments, .. }) => Self::of_rsf(bytes, segments),
            _ => Self { file, segments: Vec::new(), undefined: Vec::new(), room: Vec::new() },
        }
    }

    /// Entries as the records themselves have them.
    fn of_xdf(bytes: &[u8], pages: &[rpnfst::info::Page]) -> Self {
        let mut old = bytes.to_vec();
        let mut undefined = Vec::new();
        for page in pages {
            let start = small(page.offset);
            undefined.push(start + 24..start + 32); // checksum and a word of garbage
            let used = small(page.used.into());
            undefined.push(start + 32 + 72 * used.max(128)..start + 32 + 72 * 256.max(used));
            for slot in 0..used {
                let entry = start + 32 + 72 * slot;
                let address = u32::from_be_bytes(bytes[entry + 4..entry + 8].try_into().expect("4"));
                let record = 8 * (small(address.into()) - 1);
                let own = bytes[record..record + 72].to_vec();
                old[entry..entry + 72].copy_from_slice(&own);
                old[entry] = 1;
                old[record] = 1;
            }
        }
        Self { file: File::from_bytes(old).expect("sound"), segments: Vec::new(), undefined, room: Vec::new() }
    }

    fn of_rsf(bytes: &[u8], found: &[rpnfst::info::Segment]) -> Self {
        let mut old = bytes.to_vec();
        let (mut segments, mut undefined, mut room) = (Vec::new(), Vec::new(), Vec::new());
        for segment in found {
            match segment.kind {
                SegmentKind::Filler => segments.push(Segment::Filler),
                SegmentKind::Closed => {
                    let first = room.len();
                    let mut entry = small(segment.directory_offset) + 20;
                    for _ in 0..segment.entries {
                        let words =
                            usize::from(u16::from_le_bytes(bytes[entry + 26..entry + 28].try_into().expect("2")));
                        let (begin, length) = (u64p(&bytes[entry..]), u64p(&bytes[entry + 8..]));
                        // Deleting makes the place an absolute one.
                        let mut places = [small(segment.offset) + begin, begin].into_iter();
                        let at = places.find(|&at| is_record(bytes, at, length)).expect("a record");
                        let deleted = bytes[at] == 0x80;
                        old[at] = 1;
                        old[entry + 32] = 1;
                        let low = u32::try_from(at - small(segment.offset)).expect("small");
                        old[entry + 4..entry + 8].copy_from_slice(&low.to_le_bytes());
                        if deleted {
                            undefined.extend([entry..entry + 8, entry + 16..entry + 24]);
                        }
                        undefined.push(at + 14..at + 15); // unused bits
                        for text in [at + 16 + 76, entry + 32 + 76] {
                            let end = text + 4 * (words - 19);
                            let used = bytes[text..end].iter().position(|&b| b == 0).map_or(end, |n| text + n);
                            undefined.push(used..end); // stale after an edit
                        }
                        room.push(4 * (words - 19));
                        entry += 32 + 4 * words;
                    }
                    segments.push(Segment::Records(first..room.len()));
                }
                _ => segments.push(Segment::Empty),
            }
        }
        Self { file: File::from_bytes(old).expect("sound"), segments, undefined, room }
    }

    /// A text as long as that which was there when the record was written.
    pub fn padded(&self, record: &Record, text: &str) -> String {
        let room = self.room[small(record.file_index().into())];
        let words_taken = text.len() / 4 + 1;
        let blanks = if 4 * words_taken < room { room - 1 - text.len() } else { 0 };
        format!("{text}{}", " ".repeat(blanks))
    }
}

fn is_record(bytes: &[u8], at: usize, length: usize) -> bool {
    let Some(start) = bytes.get(at..at + 12) else { return false };
    matches!(start[0], 1 | 0x80) && start[3] == 0xFE && u64p(&start[4..]) == length
}

fn u64p(bytes: &[u8]) -> usize {
    let word = |k: usize| u64::from(u32::from_le_bytes(bytes[k..k + 4].try_into().expect("4")));
    small(word(0) << 32 | word(4))
}

fn small(n: u64) -> usize {
    usize::try_from(n).expect("small")
}
