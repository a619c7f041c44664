//! Reading the directory of an XDF file.

use std::io;

use super::{
    entry::{ENTRY_BYTES, Entry, State},
    header::{
        HEADER_BYTES, HEADER_SIZE, Header, MAX_PAGES, PAGE_BYTES, PAGE_HEADER, PAGE_HEADER_SIZE, PAGE_SIZE, SLOTS,
        header, page_header,
    },
    sequential,
};
use crate::{
    bytes::Source,
    container::{contents::Contents, parse::parse, problem::Problem},
    record::Container,
};

/// A directory page of a random file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Page {
    /// Byte offset of the page.
    pub offset: u64,
    /// Slots in use, deleted records included; at most 256.
    pub used: u32,
    /// Live records among them.
    pub live: u32,
}

/// The directory of an XDF file.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) contents: Contents,
    pub(crate) header: Header,
    /// None in sequential files.
    pub(crate) pages: Vec<Page>,
}

impl Directory {
    pub(crate) fn new(header: Header) -> Self {
        let container = if header.random { Container::Xdf } else { Container::XdfSequential };
        Self { contents: Contents::new(container), header, pages: Vec::new() }
    }
}

/// Reads the directory of an XDF file. Fails only when there is nothing to be found; what else is wrong is listed.
pub(crate) fn open(source: &Source, file: u32) -> io::Result<Result<Directory, String>> {
    let mut buffer = [0; HEADER_SIZE];
    let head = source.peek(0, &mut buffer)?;
    let Some(header) = parse(header, head) else {
        return Ok(Err(format!("the header has {HEADER_BYTES} bytes, {} are there", head.len())));
    };
    let mut directory = Directory::new(header);
    if header.entry_length != 9 || header.auxiliary_length != 1 {
        return Ok(Err(format!(
            "directory entries of {} and auxiliary keys of {} units of 64 bits; standard files have 9 and 1",
            header.entry_length, header.auxiliary_length
        )));
    }
    let begin = 8 * u64::from(header.length);
    if begin < HEADER_BYTES || begin > source.len() {
        return Ok(Err(format!("the header is {begin} bytes long, the file {}", source.len())));
    }
    note_state(&header, source, &mut directory.contents);
    if header.random && header.pages > 0 {
        walk_pages(source, file, begin, &mut directory)?;
    } else {
        let contents = &mut directory.contents;
        if header.random {
            // Killed before the first close, or a sequential file under the wrong signature: the records tell.
            contents.problems.push(Problem::damage(28, "no directory; records found by walking through the file"));
        }
        // As many as the header counts, if so many can be there.
        let most = u64::from(header.records).min(source.len() / (ENTRY_BYTES + 8));
        contents.records.reserve_exact(usize::try_from(most).unwrap_or(0));
        sequential::walk(source, file, begin, contents)?;
    }
    let contents = &mut directory.contents;
    let (counted, live) = (u64::from(header.records), contents.records.len() as u64);
    if contents.container == Container::XdfSequential && u64::from(header.extensions) > live + contents.deleted {
        // Nothing else says that such a file goes on.
        let there = live + contents.deleted;
        let what = format!("the header counts {} appended records, {there} are there", header.extensions);
        contents.problems.push(Problem::damage(24, what));
    } else if counted != live && contents.problems.list.is_empty() {
        let what = format!("the header counts {counted} records, {live} are there");
        contents.problems.push(Problem::note(52, what));
    }
    Ok(Ok(directory))
}

/// What the header says of how the file was closed.
fn note_state(header: &Header, source: &Source, contents: &mut Contents) {
    if header.write_flag != 0 {
        let what = format!("opened for writing and not closed (flag {})", header.write_flag);
        contents.problems.push(Problem::note(56, what));
    }
    let (expected, found) = (8 * u64::from(header.file_size), source.len());
    if header.random && found < expected {
        let what = format!("truncated: the header says {expected} bytes, {found} are there");
        contents.problems.push(Problem::damage(found, what));
    } else if header.random && header.pages > 0 && found > expected {
        let what = format!(
            "{} bytes after the end that the header says: another program is writing, or died",
            found - expected
        );
        contents.problems.push(Problem::note(expected, what));
    }
}

/// Follows the chain of directory pages.
fn walk_pages(source: &Source, file: u32, first: u64, directory: &mut Directory) -> io::Result<()> {
    let Directory { contents, header, pages } = directory;
    let count = header.pages;
    let mut offset = first;
    let mut visited = Vec::new();
    // Every record has a slot in a page and ten units of its own: what the header says is bounded by what is there.
    let most = u64::from(header.extensions.min(count.min(MAX_PAGES) * SLOTS)).min(source.len() / (ENTRY_BYTES + 80));
    contents.records.reserve_exact(usize::try_from(most).unwrap_or(0));
    let mut buffer = vec![0; PAGE_SIZE];
    for number in 0..count.min(MAX_PAGES) {
        visited.push(offset);
        let bytes = source.peek(offset, &mut buffer)?;
        let Some(page) = parse(page_header, bytes) else {
            let what = format!("directory page {number}: beyond the end of the file");
            contents.problems.push(Problem::damage(offset, what));
            return Ok(());
        };
        if let Err(what) = page.check(offset) {
            contents.problems.push(Problem::damage(offset, format!("directory page {number}: {what}")));
            return Ok(());
        }
        let slots = bytes.get(PAGE_HEADER_SIZE..).unwrap_or_default().as_chunks().0;
        let entries = slots.get(..page.used as usize).unwrap_or(slots);
        let live = read_entries(entries, number * SLOTS, file, source.len(), offset, contents);
        pages.push(Page { offset, used: page.used, live });
        if entries.len() < page.used as usize {
            contents
                .problems
                .push(Problem::damage(offset, format!("directory page {number}: cut by the end of the file")));
            return Ok(());
        }
        if number + 1 == count {
            break;
        }
        let Some(next) = page.next.checked_sub(1).map(|units| 8 * u64::from(units)) else {
            let what = format!("the directory ends after {} of {count} pages", number + 1);
            contents.problems.push(Problem::damage(offset, what));
            return Ok(());
        };
        // Pages that overlap would list records without end in a few bytes.
        if next >= source.len() || visited.iter().any(|page| page.abs_diff(next) < PAGE_BYTES) {
            let what = format!("directory page {number}: the next page is said to be at byte {next}");
            contents.problems.push(Problem::damage(offset, what));
            return Ok(());
        }
        offset = next;
    }
    if count > MAX_PAGES {
        contents
            .problems
            .push(Problem::damage(28, format!("{count} directory pages, the format has at most {MAX_PAGES}")));
    }
    Ok(())
}

/// Decodes the entries of a page; returns how many are live.
fn read_entries(entries: &[[u8; 72]], base: u32, file: u32, size: u64, page: u64, contents: &mut Contents) -> u32 {
    let before = contents.records.len();
    // Nearly all pages are of live, whole records only: they are decoded in place, and looked at once more if that was
    // wrong.
    let mut plain = true;
    contents.records.extend(entries.iter().zip(base..).map(|(bytes, index)| {
        let entry = Entry::new(bytes);
        plain &= entry.is_plain(size);
        entry.record(entry.offset(), index, file, Container::Xdf)
    }));
    if !plain {
        contents.records.truncate(before);
        read_entries_one_by_one(entries, base, file, size, page, contents);
    }
    u32::try_from(contents.records.len() - before).unwrap_or(u32::MAX)
}

#[cold]
fn read_entries_one_by_one(entries: &[[u8; 72]], base: u32, file: u32, size: u64, page: u64, contents: &mut Contents) {
    for (bytes, index) in entries.iter().zip(base..) {
        let entry = Entry::new(bytes);
        let offset = entry.offset();
        let at = page + PAGE_HEADER + u64::from(index - base) * ENTRY_BYTES;
        match entry.state() {
            State::Live if entry.is_sound(offset, size) => {
                let record = entry.record(offset, index, file, Container::Xdf);
                contents.note_truncated(&record, size);
                contents.records.push(record);
            }
            State::Live => {
                let what = format!("directory entry {index}: {}", entry.trouble(offset, size));
                contents.problems.push(Problem::damage(at, what));
            }
            State::Deleted => contents.delete(entry.bytes()),
            State::Invalid => {
                let what = format!("directory entry {index}: type {} is neither live nor deleted", entry.idtyp);
                contents.problems.push(Problem::damage(at, what));
            }
        }
    }
}
