//! Directories that lie: pages in a circle, segments that point backwards, records that overlap or contradict their
//! entries, sizes beyond everything. Each gives what is sound and names the rest.

use std::{path::Path, sync::Arc};

use crate::common::{bombs, corpus::small_file};
use rpnfst::{Container, Error, File, OpenOptions};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// First page of an XDF file, its slots, and the fields of a page header.
const PAGE: usize = 208;
const SLOTS: usize = PAGE + 32;
const NEXT: usize = PAGE + 16;
const USED: usize = PAGE + 20;

/// Where the second record begins.
fn second(bytes: &[u8]) -> Result<usize, Box<dyn std::error::Error>> {
    Ok(usize::try_from(File::from_bytes(bytes.to_vec())?.records()[1].file_offset())?)
}

fn put(bytes: &mut [u8], at: usize, word: u32) {
    bytes[at..at + 4].copy_from_slice(&word.to_be_bytes());
}

fn put_le(bytes: &mut [u8], at: usize, value: u64) {
    bytes[at..at + 4].copy_from_slice(&u32::try_from(value >> 32).unwrap_or(0).to_le_bytes());
    bytes[at + 4..at + 8].copy_from_slice(&u32::try_from(value & 0xFFFF_FFFF).unwrap_or(0).to_le_bytes());
}

/// Opens, reads everything, and says how many records are listed, how many read, and what is wrong.
fn look(bytes: Vec<u8>) -> Result<(usize, usize, String), Error> {
    let file = File::from_bytes(bytes)?;
    let read = file.records().iter().filter(|record| file.read(record).is_ok()).count();
    let problems: Vec<String> = file.check()?.iter().map(ToString::to_string).collect();
    Ok((file.records().len(), read, problems.join("\n")))
}

#[test]
fn pages_in_a_circle() -> Outcome {
    let mut bytes = small_file(Container::Xdf, 300)?;
    assert_eq!(look(bytes.clone())?, (300, 300, String::new()));
    // The second page says that the first one follows, and the header that there are a thousand.
    let second = 8 * (u32::from_be_bytes(bytes[NEXT..NEXT + 4].try_into()?) as usize - 1);
    put(&mut bytes, second + 16, 27);
    put(&mut bytes, 28, 1000);
    let (listed, read, problems) = look(bytes.clone())?;
    assert_eq!((listed, read), (300, 300));
    assert!(problems.contains("the next page is said to be at byte 208"), "{problems}");
    // A page that follows itself.
    put(&mut bytes, NEXT, 27);
    assert_eq!(look(bytes)?.0, 256);
    Ok(())
}

/// Pages that lie in each other would list 256 records for every 72 bytes.
#[test]
fn pages_in_pages() -> Outcome {
    let (_, bytes) = bombs::all(10_000).into_iter().find(|(name, _)| *name == "xdf: pages in pages").ok_or("there")?;
    let (listed, _, problems) = look(bytes)?;
    assert_eq!(listed, 256);
    assert!(problems.contains("the next page is said to be at byte 280"), "{problems}");
    Ok(())
}

#[test]
fn pages_inside_of_data_and_beyond_the_end() -> Outcome {
    let whole = small_file(Container::Xdf, 300)?;
    for next in [28, 100_000, 0x7FFF_FFFF, u32::MAX] {
        let mut bytes = whole.clone();
        put(&mut bytes, NEXT, next);
        let (listed, read, problems) = look(bytes)?;
        assert_eq!((listed, read), (256, 256), "{next}");
        assert!(problems.contains("directory page"), "{problems}");
    }
    for (used, listed) in [(0, 44), (255, 299), (257, 0), (u32::MAX, 0)] {
        let mut bytes = whole.clone();
        put(&mut bytes, USED, used);
        assert_eq!(look(bytes)?.0, listed, "{used} slots");
    }
    for pages in [0, 1, 3, u32::MAX] {
        let mut bytes = whole.clone();
        put(&mut bytes, 28, pages);
        let (listed, read, _) = look(bytes)?;
        assert!(listed >= 256 && listed == read, "{pages} pages: {listed} listed, {read} read");
    }
    Ok(())
}

#[test]
fn addresses_and_lengths_of_every_size() -> Outcome {
    let whole = small_file(Container::Xdf, 3)?;
    for address in [0, 1, 27, 0x1FFF_FFFF, 0x2000_0001, 0x8000_0000, u32::MAX] {
        let mut bytes = whole.clone();
        put(&mut bytes, SLOTS + 72 + 4, address);
        let (_, read, problems) = look(bytes)?;
        assert_eq!(read, 2, "{address}");
        assert!(problems.contains("damage"), "{address}: {problems}");
    }
    for length in [0, 9, 10, 11, 0xFF_FFFF] {
        let mut bytes = whole.clone();
        put(&mut bytes, SLOTS + 72, 1 << 24 | length);
        let (_, read, problems) = look(bytes)?;
        assert_eq!(read, 2, "{length}");
        assert!(problems.contains("damage"), "{length}: {problems}");
    }
    Ok(())
}

/// The same in sequential files, where lengths lead from record to record.
#[test]
fn lengths_and_types_of_sequential_files() -> Outcome {
    let whole = small_file(Container::XdfSequential, 3)?;
    assert_eq!(look(whole.clone())?, (3, 3, String::new()));
    let second = second(&whole)?;
    for length in [0, 1, 9, 10, 11, 16, 0xFF_FFFF] {
        let mut bytes = whole.clone();
        put(&mut bytes, second, 1 << 24 | length);
        let (listed, read, problems) = look(bytes)?;
        assert!((1..=3).contains(&listed) && read <= listed, "{length}: {listed} listed, {read} read");
        assert!(problems.contains("damage"), "{length}: {problems}");
    }
    // No record, another application's, logical and physical ends of the file.
    for kind in [0, 111, 112, 126, 127, 128, 200] {
        let mut bytes = whole.clone();
        bytes[second] = kind;
        let (listed, read, problems) = look(bytes)?;
        assert!((1..=3).contains(&listed) && read == listed, "{kind}: {listed} listed, {read} read");
        assert_eq!(problems.contains("damage"), kind != 111, "{kind}: {problems}");
    }
    for (address, sound) in [(0, 1), (1, 3), (0x1FFF_FFFF, 3), (0x8000_0000, 3), (u32::MAX, 3)] {
        let mut bytes = whole.clone();
        put(&mut bytes, second + 4, address);
        let (listed, read, problems) = look(bytes)?;
        assert_eq!((listed, read), (sound, sound), "{address}");
        assert!(problems.contains("damage"), "{address}: {problems}");
    }
    // A file that ends behind a record, without its mark.
    let (listed, read, problems) = look(whole[..whole.len() - 8].to_vec())?;
    assert_eq!((listed, read), (3, 3));
    assert!(problems.contains("no mark at the end"), "{problems}");
    Ok(())
}

/// What a record says of itself, against what its directory says.
#[test]
fn records_that_contradict_their_directory() -> Outcome {
    let whole = small_file(Container::Xdf, 3)?;
    let at_second = second(&whole)?;
    for (at, word, readable) in [
        (0, 0x0100_000C, false),    // length
        (4, 26, false),             // address
        (4, u32::MAX, false),       // address
        (0, 0xFF << 24 | 15, true), // deleted
        (12, 4 << 8, true),         // ni
        (16, 0x0385, true),         // nj and type
        (20, 5 << 12, true),        // nk
        (8, 0x01, true),            // bits
    ] {
        let mut bytes = whole.clone();
        put(&mut bytes, at_second + at, word);
        let (listed, read, problems) = look(bytes)?;
        assert_eq!((listed, read), (3, if readable { 3 } else { 2 }), "{at}: {word:#x} {problems}");
        assert!(problems.contains("damage: record 1"), "{at}: {word:#x} {problems}");
    }
    let whole = small_file(Container::Rsf, 3)?;
    let at_second = second(&whole)?;
    for (at, readable) in
        [(0, false), (1, false), (3, false), (6, false), (8, false), (32, true), (36, true), (40, true)]
    {
        let mut bytes = whole.clone();
        bytes[at_second + at] ^= 0x10;
        let (listed, read, problems) = look(bytes)?;
        assert_eq!((listed, read), (3, if readable { 3 } else { 2 }), "{at} {problems}");
        assert!(problems.contains("record 1"), "{at}: {problems}");
    }
    Ok(())
}

#[test]
fn huge_dimensions_cost_nothing() -> Outcome {
    let whole = small_file(Container::Xdf, 1)?;
    for data_type in [0, 1, 2, 3, 4, 5, 6, 7, 8, 129, 130, 133, 134, 198] {
        for (ni, nj, nk) in
            [(0xFF_FFFF, 0xFF_FFFF, 0xF_FFFF), (0xFF_FFFF, 0xFF_FFFF, 1), (0xFF_FFFF, 1, 1), (1, 1, 0xF_FFFF)]
        {
            let mut bytes = whole.clone();
            put(&mut bytes, SLOTS + 12, ni << 8);
            put(&mut bytes, SLOTS + 16, nj << 8 | data_type);
            put(&mut bytes, SLOTS + 20, nk << 12);
            let (listed, read, problems) = look(bytes)?;
            assert_eq!((listed, read), (1, 0), "type {data_type}");
            assert!(problems.contains("record header"), "{problems}");
        }
    }
    // RSF has more bits for ni and nj.
    let whole = small_file(Container::Rsf, 1)?;
    let record = usize::try_from(File::from_bytes(whole.clone())?.records()[0].file_offset())?;
    let entry = whole.windows(4).rposition(|word| word == [1, 1, 1, 0]).ok_or("the metadata in the directory")?;
    for (high, listed) in [(0x7F, 1), (0x80, 0), (0xFF, 0)] {
        let mut bytes = whole.clone();
        for metadata in [record + 16, entry] {
            for field in [16, 20] {
                bytes[metadata + field + 1..metadata + field + 4].fill(0xFF);
            }
            bytes[metadata + 52] = high;
            bytes[metadata + 64] |= high & 0xF;
            bytes[metadata + 68] |= high >> 4;
        }
        assert_eq!(look(bytes)?.0, listed, "{high:#x}");
    }
    Ok(())
}

#[test]
fn overlapping_records_are_named() -> Outcome {
    let mut bytes = small_file(Container::Xdf, 3)?;
    // The third entry names the second record.
    let entry = bytes[SLOTS + 72..SLOTS + 144].to_vec();
    bytes[SLOTS + 144..SLOTS + 216].copy_from_slice(&entry);
    let (listed, read, problems) = look(bytes)?;
    assert_eq!((listed, read), (3, 3), "each is readable by itself");
    assert!(problems.contains("shares bytes with record 1"), "{problems}");
    Ok(())
}

#[test]
fn overlapping_records_of_rsf_are_named() -> Outcome {
    let (_, bytes) =
        bombs::all(2000).into_iter().find(|(name, _)| name.starts_with("rsf: records in")).ok_or("there")?;
    let (listed, _, problems) = look(bytes)?;
    assert!(listed > 5);
    assert!(problems.contains("record 1 (TT at byte 316): shares bytes with record 0"), "{problems}");
    Ok(())
}

#[test]
fn segments_that_point_anywhere() -> Outcome {
    let whole = small_file(Container::Rsf, 3)?;
    assert_eq!(look(whole.clone())?, (3, 3, String::new()));
    // The second segment starts behind the empty first one.
    let segment = 140;
    for total in [1, 71, 72, 139, 1 << 31, 1 << 62, u64::MAX, 0_u64.wrapping_sub(140), 0_u64.wrapping_sub(72)] {
        for at in [0, segment] {
            let mut bytes = whole.clone();
            put_le(&mut bytes, at + 36, total);
            let (listed, read, problems) = look(bytes)?;
            assert!(listed <= 3 && read == listed, "{at} {total}");
            assert!(!problems.is_empty(), "{at} {total}");
        }
    }
    for field in [44, 52] {
        for value in [1, 71, 1 << 20, 1 << 40, u64::MAX] {
            let mut bytes = whole.clone();
            put_le(&mut bytes, segment + field, value);
            let (_, read, problems) = look(bytes)?;
            assert_eq!(read, 0, "{field} {value}");
            assert!(problems.contains("directory"), "{field} {value}: {problems}");
        }
    }
    Ok(())
}

#[test]
fn entries_that_point_anywhere() -> Outcome {
    let whole = small_file(Container::Rsf, 3)?;
    let directory = match File::from_bytes(whole.clone())?.first().map(|member| member.info().details) {
        Some(rpnfst::info::Details::Rsf { segments, .. }) => usize::try_from(segments[1].directory_offset)?,
        _ => unreachable!("an RSF file"),
    };
    let entry = directory + 20;
    for value in [0, 1, 40, 1 << 31, 1 << 63, u64::MAX] {
        for field in [0, 8] {
            let mut bytes = whole.clone();
            put_le(&mut bytes, entry + field, value);
            let (_, read, problems) = look(bytes)?;
            assert_eq!(read, 2, "{field} {value}");
            assert!(problems.contains("damage"), "{field} {value}: {problems}");
        }
    }
    for count in [0_u32, 1, 2, 4, u32::MAX] {
        let mut bytes = whole.clone();
        bytes[directory + 16..directory + 20].copy_from_slice(&count.to_le_bytes());
        let (listed, read, _) = look(bytes)?;
        assert_eq!((listed, read), (count.min(3) as usize, count.min(3) as usize), "{count} entries");
    }
    Ok(())
}

/// Records beyond 4 GiB, in a sparse file.
#[test]
fn large_offsets() -> Outcome {
    struct Sparse(Vec<u8>, u64);
    impl rpnfst::ReadAt for Sparse {
        fn read_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<usize> {
            // The header and directory, a gap of zeros, and what was behind the directory.
            let (head, tail) = self.0.split_at(PAGE + 18464);
            let size = self.size()?;
            let n = buf.len().min(usize::try_from(size.saturating_sub(offset)).unwrap_or(usize::MAX));
            for (k, byte) in buf[..n].iter_mut().enumerate() {
                let at = offset + k as u64;
                *byte = match usize::try_from(at) {
                    Ok(at) if at < head.len() => head[at],
                    _ => at
                        .checked_sub(self.1 + head.len() as u64)
                        .map_or(0, |at| tail[usize::try_from(at).unwrap_or(0)]),
                };
            }
            Ok(n)
        }
        fn size(&self) -> std::io::Result<u64> {
            Ok(self.0.len() as u64 + self.1)
        }
    }
    let mut bytes = small_file(Container::Xdf, 2)?;
    let gap: u64 = 5 << 30;
    let units = u32::try_from(gap / 8)?;
    let records = File::from_bytes(bytes.clone())?;
    let mut more = |at: usize| {
        let old = u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        bytes[at..at + 4].copy_from_slice(&(old + units).to_be_bytes());
    };
    more(16); // size in the header
    for record in records.records() {
        more(SLOTS + 72 * record.file_index() as usize + 4); // address in the entry, and in the record itself
        more(usize::try_from(record.file_offset())? + 4);
    }
    let file = OpenOptions::new().open_source(rpnfst::Source::reader(Arc::new(Sparse(bytes, gap)))?)?;
    let last = &file.records()[1];
    assert!(last.file_offset() > 1 << 32, "{}", last.file_offset());
    assert_eq!(file.read(last)?.as_slice(), Some(&[1.0_f32; 6][..]));
    Ok(())
}

/// A real file on disk with a hole of 5 GiB, read through a mapping as well.
#[test]
fn large_offsets_on_disk() -> Outcome {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let memory = small_file(Container::Rsf, 2)?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("sparse.rsf");
    sparse_rsf(&path, &memory, 5 << 30, |file, at, bytes| {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    })?;
    for mapped in [true, false] {
        let open = OpenOptions::new().mmap(mapped).open(&path)?;
        let last = &open.records()[1];
        assert!(last.file_offset() > 5 << 30);
        assert_eq!(open.read(last)?.as_slice(), Some(&[1.0_f32; 6][..]));
    }
    Ok(())
}

/// The first segment made so large that the second one starts behind the hole.
fn sparse_rsf(
    path: &Path,
    memory: &[u8],
    hole: u64,
    write: impl Fn(&mut std::fs::File, u64, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut head = memory[..140].to_vec();
    put_le(&mut head, 36, 140 + hole);
    let mut file = std::fs::File::create(path)?;
    write(&mut file, 0, &head)?;
    write(&mut file, 140 + hole, &memory[140..])
}
