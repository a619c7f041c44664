//! As many records and files as there may be: what they cost in memory and in file descriptors.

use std::{
    alloc::System,
    error::Error,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use cap::Cap;
use rpnfst::{Array, Attributes, Container, File, OpenOptions, WriteOptions, Writer, info::Details};
use rpnfst_oracle::{self as oracle, Element, Librmn, Missing};

type Outcome = Result<(), Box<dyn Error>>;

// The reason for a program of its own, with the limit of file descriptors.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// What is allocated and open belongs to the process: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Bytes that a record may cost while a file is opened.
const BYTES_PER_RECORD: usize = 150;

fn tiny(path: &Path, container: Container, count: u32) -> Outcome {
    let mut writer = WriteOptions::new().container(container).create(path)?;
    for k in 0..count {
        writer.write(&Attributes::new("TT").ip1(k), &Array::words(&[k], (1, 1, 1))?)?;
    }
    Ok(writer.close()?)
}

/// The result, and the most that was allocated meanwhile beyond what was before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    // The counter keeps its highest value: fill up to it, so that whatever is needed now is above.
    let ballast: Vec<u8> = Vec::with_capacity(MEMORY.max_allocated() - MEMORY.allocated());
    let before = MEMORY.allocated();
    let result = work();
    let peak = MEMORY.max_allocated() - before;
    drop(ballast);
    (result, peak)
}

#[test]
fn memory_for_each_record() -> Outcome {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir()?;
    // All slots of an XDF file, and numbers that memory which doubles would not fit.
    for (container, count) in
        [(Container::Xdf, 1024 * 256), (Container::XdfSequential, 70_000), (Container::Rsf, 200_000)]
    {
        let path = folder.path().join("many");
        tiny(&path, container, count)?;
        for options in [OpenOptions::new(), OpenOptions::new().mmap(false)] {
            let (file, peak) = peak(|| options.open(&path));
            let file = file?;
            let found = file.records();
            assert_eq!(found.len(), count as usize);
            assert!(found.iter().zip(0..).all(|(record, k)| record.ip1() == k), "{container:?}");
            assert_eq!(file.read(&found[found.len() - 1])?.as_slice(), Some(&[count - 1][..]));
            let each = peak / found.len();
            assert!(each <= BYTES_PER_RECORD, "{container:?} of {count} records: {each} bytes a record");
        }
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

fn copies(folder: &Path, count: u32, records: u32) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let first = folder.join("0.std");
    tiny(&first, Container::Xdf, records)?;
    let path = |k| folder.join(format!("{k}.std"));
    for k in 1..count {
        std::fs::copy(&first, path(k))?;
    }
    Ok((0..count).map(path).collect())
}

/// One call opens them, side by side; mapped files need no descriptor, of others few stay open.
#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_files_with_few_descriptors() -> Outcome {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    const FILES: u32 = 10_000;
    const IN_EACH: u32 = 30;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir()?;
    let paths = copies(folder.path(), FILES, IN_EACH)?;
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, soft.min(1024), hard)?;
    let (mapped, peak) = peak(|| File::link(&paths));
    let read = OpenOptions::new().mmap(false).link(&paths);
    let same = [mapped?, read?].iter().try_for_each(|file| {
        assert_eq!((file.members().len(), file.records().len()), (10_000, 300_000));
        for (place, record) in file.records().iter().enumerate().step_by(997) {
            let (number, k) = (place / IN_EACH as usize, u32::try_from(place)? % IN_EACH);
            assert_eq!((record.file_number(), record.ip1()), (number, k));
            assert_eq!(file.read(record)?.as_slice(), Some(&[k][..]));
        }
        // The records of each file and then all of them; a kilobyte for what is known of each file.
        let bound = 2 * 96 * file.records().len() + 1024 * file.members().len();
        assert!(peak <= bound, "{peak} bytes, expected at most {bound}");
        Outcome::Ok(())
    });
    setrlimit(Resource::RLIMIT_NOFILE, soft, hard)?;
    same
}

/// A directory is not believed when it promises more records than it has.
#[test]
fn memory_follows_what_is_there() -> Outcome {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("few.std");
    tiny(&path, Container::Xdf, 3)?;
    let mut bytes = std::fs::read(&path)?;
    // Extensions and directory pages, as the header counts them.
    bytes[24..28].copy_from_slice(&u32::MAX.to_be_bytes());
    bytes[28..32].copy_from_slice(&1024_u32.to_be_bytes());
    let size = bytes.len();
    std::fs::write(&path, bytes)?;
    let (file, peak) = peak(|| File::open(&path));
    let file = file?;
    assert_eq!(file.records().len(), 3);
    let Some(Details::Xdf { header, .. }) = file.first().map(|member| member.info().details) else {
        return Err("no XDF".into());
    };
    assert_eq!((header.extensions, header.pages), (u32::MAX, 1024));
    assert!(peak < 4 * size, "{peak} bytes for a file of {size}");
    Ok(())
}

/// What is appended behind a hole of 5 GiB, on disk, mapped and not: read, edited, deleted, and read by librmn.
#[test]
#[cfg(unix)]
fn beyond_four_gibibytes() -> Outcome {
    const HOLE: u64 = 5 << 30;
    use std::os::unix::fs::FileExt as _;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir()?;
    for container in [Container::Xdf, Container::Rsf] {
        let path = folder.path().join(container.name());
        tiny(&path, container, 200)?;
        // The file is said to end behind the hole; in RSF its segment, and the same file follows.
        let bytes = std::fs::read(&path)?;
        let on_disk = std::fs::OpenOptions::new().write(true).open(&path)?;
        if container == Container::Rsf {
            let [low, high] = [HOLE & 0xFFFF_FFFF, HOLE >> 32].map(|word| u32::try_from(word).unwrap_or(0));
            on_disk.write_all_at(&[high.to_le_bytes(), low.to_le_bytes()].concat(), 36)?;
            on_disk.write_all_at(&bytes, HOLE)?;
        } else {
            on_disk.write_all_at(&u32::try_from(HOLE / 8)?.to_be_bytes(), 16)?;
            on_disk.set_len(HOLE)?;
        }
        let before = File::open(&path)?;
        let (count, problems) = (before.records().len(), before.check()?);
        let mut writer = Writer::append(&path)?;
        for k in 200..400 {
            let record = writer.write(&Attributes::new("TT").ip1(k), &Array::words(&[k], (1, 1, 1))?)?;
            assert!(record.file_offset() >= HOLE);
        }
        writer.close()?;
        let mut writer = Writer::append(&path)?;
        let records: Vec<_> = writer.records().cloned().collect();
        writer.delete(&records[count + 198])?;
        writer.edit(&records[count + 199], &Attributes::new("UU").ip1(399))?;
        writer.close()?;
        for mapped in [true, false] {
            let file = OpenOptions::new().mmap(mapped).open(&path)?;
            assert_eq!((file.check()?, file.records().len()), (problems.clone(), count + 199));
            for record in file.records() {
                assert_eq!(file.read(record)?.as_slice(), Some(&[record.ip1()][..]));
            }
            let last = &file.records()[count + 198];
            assert_eq!((last.ip1(), last.nomvar().as_str()), (399, "UU"));
        }
        if let (Some(librmn), Container::Xdf) = (Librmn::load()?, container) {
            let theirs = librmn.open(&path)?;
            let entries = theirs.list()?;
            assert_eq!(entries.len(), 399);
            let value = |k: usize| theirs.read(&entries[k], Element::U32, Missing::Off);
            assert_eq!((value(198)?, value(398)?), (oracle::Data::U32(vec![198]), oracle::Data::U32(vec![399])));
        }
    }
    Ok(())
}
