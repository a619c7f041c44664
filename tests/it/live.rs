//! Files that are being written: what is complete is listed, what is not is no damage, and nothing of it is harmed.

use std::{
    fs, io,
    io::Read as _,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rpnfst::{
    Array, Attributes, Container, DataType, Error, File, MemoryFile, OpenOptions, ReadAt, Severity, Source, WriteAt,
    WriteOptions, Writer,
};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn case(name: &str) -> io::Result<Vec<u8>> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases").join(name))
}

fn damage(file: &File) -> Vec<String> {
    let mut problems: Vec<_> = file.problems().map(|(_, problem)| problem.clone()).collect();
    problems.extend(file.check().expect("readable"));
    problems.retain(|problem| problem.severity == Severity::Damage);
    problems.iter().map(ToString::to_string).collect()
}

fn names(file: &File) -> Vec<String> {
    file.records().iter().map(|record| record.nomvar().to_string()).collect()
}

/// A file that remembers how it looked after each write.
#[derive(Clone, Default)]
struct Remembering {
    file: MemoryFile,
    states: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl ReadAt for Remembering {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }
}

impl WriteAt for Remembering {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let written = self.file.write_at(bytes, offset);
        self.states.lock().expect("no panic").push(self.file.to_vec());
        written
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        self.file.set_size(size)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A reader who asks for the size, is asleep while a writer works, and reads then.
struct Sleepy {
    before: u64,
    asked: AtomicUsize,
    after: Vec<u8>,
}

impl ReadAt for Sleepy {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.after.len());
        let n = buf.len().min(self.after.len() - start);
        buf[..n].copy_from_slice(&self.after[start..start + n]);
        Ok(n)
    }

    fn size(&self) -> io::Result<u64> {
        let first = self.asked.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(if first { self.before } else { self.after.len() as u64 })
    }
}

fn write(writer: &mut Writer, ip1: u32) -> Outcome {
    let record = Attributes::new("TT").ip1(ip1).data_type(DataType::IEEE).pack_bits(32);
    writer.write(&record, &Array::new(vec![ip1 as f32; 20], (20, 1, 1))?)?;
    Ok(())
}

/// Each state of a file in the making.
fn states(container: Container, shared: bool) -> Outcome<Vec<Vec<u8>>> {
    let file = Remembering::default();
    let mut options = WriteOptions::new().container(container);
    if shared {
        options = options.shared(1 << 20);
    }
    for session in 0..3 {
        let mut writer = options.append_sink(file.clone())?;
        for k in 0..6 {
            write(&mut writer, session * 10 + k)?;
            if k % 3 == 2 {
                writer.commit()?;
            }
        }
        writer.close()?;
    }
    let states = std::mem::take(&mut *file.states.lock().expect("no panic"));
    Ok(states)
}

/// From the first state that is a file on.
fn born(states: &[Vec<u8>]) -> usize {
    states.iter().position(|bytes| File::from_bytes(bytes.clone()).is_ok()).expect("a file")
}

#[test]
fn a_reader_that_is_overtaken_lists_what_is_complete() -> Outcome {
    for (container, shared) in
        [(Container::Rsf, false), (Container::Rsf, true), (Container::Xdf, false), (Container::XdfSequential, false)]
    {
        let states = states(container, shared)?;
        for asked in born(&states)..states.len() {
            let known = File::from_bytes(states[asked].clone())?.records().len();
            for after in &states[asked..] {
                let before = states[asked].len() as u64;
                let reader = Sleepy { before, asked: AtomicUsize::new(0), after: after.clone() };
                let file = OpenOptions::new().open_source(Source::reader(reader)?)?;
                let what = format!("{container:?}, shared {shared}, state {asked} of {}", states.len());
                assert_eq!(damage(&file), Vec::<String>::new(), "{what}");
                assert!(file.records().len() >= known, "{what}");
                for record in file.records() {
                    assert_eq!(file.read(record)?.as_slice(), Some(&[record.ip1() as f32; 20][..]), "{what}");
                }
            }
        }
    }
    Ok(())
}

/// librmn marks the end of a parallel segment before it writes the start.
#[test]
fn a_segment_without_a_start_is_no_damage() -> Outcome {
    let states = states(Container::Rsf, true)?;
    let mut seen = 0;
    for pair in states.windows(2) {
        // Our writer writes the start, then the mark, a mebibyte further.
        let (start, end) = (pair[0].len(), pair[1].len());
        if end - start < 1 << 19 {
            continue;
        }
        let begin = start - 92;
        let mut bytes = pair[1].clone();
        bytes[begin..start].fill(0);
        let known = File::from_bytes(bytes[..begin].to_vec())?.records().len();
        let file = File::from_bytes(bytes.clone())?;
        assert_eq!(damage(&file), Vec::<String>::new());
        assert_eq!(file.records().len(), known);
        // Another writer goes on behind it, and a reader sees that.
        let memory = MemoryFile::from(bytes);
        let mut writer = WriteOptions::new().shared(1 << 20).append_sink(memory.clone())?;
        write(&mut writer, 77)?;
        writer.close()?;
        let file = File::from_bytes(memory.to_vec())?;
        assert_eq!(file.records().len(), known + 1);
        assert_eq!(damage(&file), Vec::<String>::new());
        // When its writer is dead, force makes it room that is not used.
        WriteOptions::new().force(true).append_sink(memory.clone())?.close()?;
        let file = File::from_bytes(memory.to_vec())?;
        assert_eq!((file.records().len(), file.check()?), (known + 1, Vec::new()));
        seen += 1;
    }
    assert_eq!(seen, 6, "one for each commit with records");
    Ok(())
}

#[test]
fn half_segment_of_librmn() -> Outcome {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&case("interop/half_segment_of_librmn.rsf.gz")?[..]).read_to_end(&mut bytes)?;
    let file = File::from_bytes(bytes.clone())?;
    assert_eq!((names(&file), damage(&file)), (["R0", "R1", "R2"].map(str::to_owned).to_vec(), Vec::new()));
    let memory = MemoryFile::from(bytes);
    let exclusive = WriteOptions::new().append_sink(memory.clone());
    assert!(matches!(exclusive, Err(Error::InUse { flag: 1, .. })));
    let mut writer = WriteOptions::new().force(true).append_sink(memory.clone())?;
    write(&mut writer, 5)?;
    writer.close()?;
    let file = File::from_bytes(memory.to_vec())?;
    assert_eq!((file.records().len(), file.check()?), (4, Vec::new()));
    Ok(())
}

/// librmn 20.1 deletes a record of a flushed segment in its header only.
#[test]
fn flush_delete() -> Outcome {
    let bytes = case("interop/flush_delete.rsf")?;
    let file = File::from_bytes(bytes.clone())?;
    let problems = file.check()?;
    assert_eq!((problems.len(), damage(&file)), (1, Vec::new()), "{problems:?}");
    let deleted = &file.records()[1];
    assert!(file.read(deleted).is_err_and(|e| e.is_deleted_record()));
    assert!(file.read(&file.records()[0]).is_ok());
    let origins = File::salvage(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases/interop/flush_delete.rsf"))?;
    let of_directory = origins.records().filter(|(_, origin)| *origin == rpnfst::Origin::Directory).count();
    assert_eq!((of_directory, origins.records().count()), (2, 3));
    let memory = MemoryFile::from(bytes);
    let mut writer = WriteOptions::new().append_sink(memory.clone())?;
    writer.delete(deleted)?;
    writer.close()?;
    let file = File::from_bytes(memory.to_vec())?;
    assert_eq!((names(&file), file.check()?), (["R0", "R2"].map(str::to_owned).to_vec(), Vec::new()));
    Ok(())
}

/// What is on disk while a program that uses librmn 19 has the file open.
#[test]
fn live_file_truncated() -> Outcome {
    let bytes = case("live_file_truncated/half.std")?;
    let memory = MemoryFile::from(bytes.clone());
    for options in [WriteOptions::new(), WriteOptions::new().sync(true)] {
        let refused = options.append_sink(memory.clone());
        assert!(matches!(refused, Err(Error::Unfinished { bytes: 144, .. })), "{refused:?}");
        let replaced = options.overwrite(true).create_sink(memory.clone());
        assert!(matches!(replaced, Err(Error::Unfinished { bytes: 144, .. })), "{replaced:?}");
    }
    assert_eq!(memory.to_vec(), bytes);
    // With force the complete record behind the end is taken in.
    let writer = WriteOptions::new().force(true).append_sink(memory.clone())?;
    assert_eq!(writer.record_count(), 2);
    writer.close()?;
    let file = File::from_bytes(memory.to_vec())?;
    assert_eq!((names(&file), file.check()?), (vec!["AA".to_owned(), "BB".to_owned()], Vec::new()));
    for record in file.records() {
        file.read(record)?;
    }
    // An incomplete one is cut off.
    let cut = MemoryFile::from(bytes[..bytes.len() - 40].to_vec());
    let writer = WriteOptions::new().force(true).append_sink(cut.clone())?;
    assert_eq!(writer.record_count(), 1);
    writer.close()?;
    assert_eq!(File::from_bytes(cut.to_vec())?.check()?, []);
    Ok(())
}

/// More records than a directory page has room for.
#[test]
fn many_records_behind_the_end_are_taken_in() -> Outcome {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone())?;
    for k in 0..200 {
        write(&mut writer, k)?;
    }
    writer.close()?;
    let known = memory.to_vec();
    let mut writer = WriteOptions::new().append_sink(memory.clone())?;
    for k in 200..700 {
        write(&mut writer, k)?;
    }
    writer.close()?;
    // As if header and directory had never been written.
    let mut bytes = memory.to_vec();
    bytes[..known.len()].copy_from_slice(&known);
    let memory = MemoryFile::from(bytes);
    assert!(matches!(WriteOptions::new().append_sink(memory.clone()), Err(Error::Unfinished { .. })));
    WriteOptions::new().force(true).append_sink(memory.clone())?.close()?;
    let file = File::from_bytes(memory.to_vec())?;
    assert_eq!(file.check()?, []);
    let ip1: Vec<_> = file.records().iter().map(rpnfst::Record::ip1).collect();
    assert_eq!(ip1, (0..700).collect::<Vec<_>>());
    Ok(())
}

/// A program that uses librmn appends while we have the file open: nothing of it is touched.
#[test]
fn bytes_that_come_between_opening_and_writing_are_kept() -> Outcome {
    for container in [Container::Xdf, Container::XdfSequential] {
        let memory = MemoryFile::new();
        let options = WriteOptions::new().container(container);
        let mut writer = options.create_sink(memory.clone())?;
        write(&mut writer, 1)?;
        writer.close()?;
        let mut writer = options.append_sink(memory.clone())?;
        memory.write_at(&[7; 160], memory.size()?)?;
        let before = memory.to_vec();
        let record = writer.records().next().cloned().ok_or("a record")?;
        writer.delete(&record)?;
        write(&mut writer, 2)?;
        assert!(matches!(writer.commit(), Err(Error::Unfinished { bytes: 160, .. })), "{container:?}");
        drop(writer);
        assert_eq!(memory.to_vec(), before, "{container:?}");
    }
    Ok(())
}

/// A medium with room for so many bytes.
#[derive(Clone)]
struct Small {
    file: MemoryFile,
    room: u64,
}

impl ReadAt for Small {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }
}

impl WriteAt for Small {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let room = usize::try_from(self.room.saturating_sub(offset)).unwrap_or(usize::MAX).min(bytes.len());
        match room {
            0 => Err(io::ErrorKind::StorageFull.into()),
            n => self.file.write_at(&bytes[..n], offset),
        }
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        self.file.set_size(size)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A writer that cannot complete its records leaves the file as it was, and others may write to it.
#[test]
fn an_append_that_fails_for_lack_of_room_leaves_the_file_as_it_was() -> Outcome {
    for container in [Container::Xdf, Container::XdfSequential, Container::Rsf] {
        let memory = MemoryFile::new();
        let options = WriteOptions::new().container(container);
        let mut writer = options.create_sink(memory.clone())?;
        write(&mut writer, 1)?;
        writer.close()?;
        let before = memory.to_vec();
        for more in [0, 10, 100, 300, 70_000] {
            let small = Small { file: memory.clone(), room: before.len() as u64 + more };
            let mut writer = options.append_sink(small)?;
            let record = Attributes::new("BIG").data_type(DataType::IEEE).pack_bits(32);
            // Longer than what waits in memory.
            let failed = (0..5)
                .find_map(|_| writer.write(&record, &Array::new(vec![1.0_f32; 100_000], (100_000, 1, 1)).ok()?).err());
            assert!(failed.is_some() || writer.commit().is_err(), "{container:?}, {more}");
            drop(writer);
            assert!(memory.to_vec() == before, "{container:?}, {more}: {} bytes", memory.size()?);
        }
        options.append_sink(memory.clone())?.close()?;
        assert_eq!(File::from_bytes(memory.to_vec())?.check()?, []);
    }
    Ok(())
}

/// What librmn appends between two commits of ours is not written over.
#[test]
fn bytes_that_come_between_two_commits_are_kept() -> Outcome {
    for container in [Container::Xdf, Container::XdfSequential] {
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
        write(&mut writer, 1)?;
        writer.close()?;
        let mut writer = WriteOptions::new().append_sink(memory.clone())?;
        write(&mut writer, 2)?;
        writer.commit()?;
        memory.write_at(&[7; 160], memory.size()?)?;
        let before = memory.to_vec();
        // A writer with nothing to say closes in peace.
        writer.commit()?;
        write(&mut writer, 3)?;
        assert!(matches!(writer.commit(), Err(Error::Unfinished { bytes: 160, .. })), "{container:?}");
        drop(writer);
        assert_eq!(memory.to_vec(), before, "{container:?}");
    }
    Ok(())
}

/// Bytes of an RSF file that a machine lost when it went down read as zeros.
#[test]
fn a_tail_of_zeros_is_cut_with_force() -> Outcome {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().container(Container::Rsf).create_sink(memory.clone())?;
    write(&mut writer, 1)?;
    writer.close()?;
    let mut bytes = memory.to_vec();
    let whole = bytes.len();
    bytes.resize(whole + 5000, 0);
    bytes[1] = 1;
    let memory = MemoryFile::from(bytes);
    assert!(WriteOptions::new().append_sink(memory.clone()).is_err());
    let mut writer = WriteOptions::new().force(true).append_sink(memory.clone())?;
    write(&mut writer, 2)?;
    writer.close()?;
    let file = File::from_bytes(memory.to_vec())?;
    assert_eq!((file.records().len(), file.check()?), (2, Vec::new()));
    Ok(())
}

/// Counts how often it is read.
struct Counting(Vec<u8>, Arc<AtomicUsize>);

impl ReadAt for Counting {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.as_slice().get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default().read(buf)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }
}

/// Found in a review: the ends of segments were looked for from the end of the file, once for each without a start.
#[test]
fn many_segments_without_a_start_are_walked_once() -> Outcome {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().container(Container::Rsf).shared(1).create_sink(memory.clone())?;
    write(&mut writer, 1)?;
    writer.close()?;
    // Segments of 140 bytes: zeros where the start belongs, and an end that says their size.
    let mut bytes = memory.to_vec();
    bytes[1] = 1;
    let filler = File::from_bytes(bytes.clone())?;
    let size = filler.first().ok_or("a file")?.size();
    let end = bytes[usize::try_from(size)? - 48..].to_vec();
    for _ in 0..2000 {
        let mut segment = [0; 92].to_vec();
        let mut end = end.clone();
        // Both sizes of the end mark: high word, low word.
        end[12..20].copy_from_slice(&[0, 0, 0, 0, 140, 0, 0, 0]);
        segment.extend(end);
        bytes.extend(segment);
    }
    let count = Arc::new(AtomicUsize::new(0));
    let file = OpenOptions::new().open_source(Source::reader(Counting(bytes, Arc::clone(&count)))?)?;
    let open = file.first().map(|member| member.info().details);
    let Some(rpnfst::info::Details::Rsf { segments, .. }) = open else { return Err("RSF".into()) };
    assert!(segments.len() > 2000, "{}", segments.len());
    assert!(count.load(Ordering::Relaxed) < 10_000, "{} readings", count.load(Ordering::Relaxed));
    Ok(())
}
