//! What the formats cannot hold is refused, and the file goes on.

use std::sync::Arc;

use crate::common::media::Sparse;
use rpnfst::{
    Array, Attributes, Container, DataType, Error, File, MemoryFile, OpenOptions, Source, WriteAt as _, WriteOptions,
    Writer,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn small(writer: &mut Writer, ip1: u32) -> Result<(), Error> {
    writer.write(&Attributes::new("SMAL").ip1(ip1), &Array::words(&[ip1], (1, 1, 1))?).map(drop)
}

fn is_full<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Full { .. }))
}

fn is_field<T>(result: &Result<T, Error>, name: &str) -> bool {
    matches!(result, Err(Error::Field(e)) if e.field == name)
}

#[test]
fn slots_of_an_xdf_file() -> Outcome {
    const SLOTS: u32 = 1024 * 256;
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone())?;
    for k in 0..SLOTS {
        small(&mut writer, k)?;
    }
    assert!(is_full(&small(&mut writer, 0)));
    // Deleted records keep their slots.
    let first = writer.records().next().cloned().ok_or("a record")?;
    writer.delete(&first)?;
    assert!(is_full(&small(&mut writer, 0)));
    writer.close()?;
    let file = File::from_bytes(memory.to_vec())?;
    assert_eq!(file.check()?, []);
    assert_eq!(file.records().len(), SLOTS as usize - 1);
    let last = file.records().last().ok_or("a record")?;
    assert_eq!(file.read(last)?.as_slice(), Some(&[SLOTS - 1][..]));
    assert!(is_full(&small(&mut WriteOptions::new().append_sink(memory)?, 0)));
    Ok(())
}

#[test]
fn longest_record() -> Outcome {
    // 2^24 - 1 units of 8 bytes, 10 of them before the payload; type 0 has up to 120 bits behind its data.
    const WORDS: usize = 2 * (0xFF_FFFF - 10) - 4;
    let words = vec![0x0102_0304; WORDS + 2];
    let long = Attributes::new("LONG");
    for container in [Container::Xdf, Container::XdfSequential] {
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
        small(&mut writer, 1)?;
        let shape = |words: usize| (words / 2, 2, 1);
        assert!(is_full(&writer.write(&long, &Array::words(&words, shape(WORDS + 2))?)));
        small(&mut writer, 2)?;
        // In sequential files the end of a record is aligned.
        let most = if container == Container::Xdf { WORDS } else { WORDS - 128 };
        let longest = writer.write(&long, &Array::words(&words[..most], shape(most))?)?;
        assert!(8 * 0xFF_FFFF - longest.total_stored_bytes() <= if container == Container::Xdf { 0 } else { 512 });
        small(&mut writer, 3)?;
        writer.close()?;
        let file = File::from_bytes(memory.to_vec())?;
        assert_eq!((file.check()?, file.records().len()), (vec![], 4));
        assert_eq!(file.read(&longest)?.as_slice(), Some(&words[..most]));
    }
    Ok(())
}

#[test]
fn dimensions_beyond_the_container_are_refused() -> Outcome {
    const NI: usize = 1 << 24;
    let letters = vec![b'x'; NI];
    let text = Attributes::new("TEXT").data_type(DataType::STRING);
    for container in [Container::Xdf, Container::XdfSequential, Container::Rsf] {
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
        let long = writer.write(&text, &Array::new(&letters, (NI, 1, 1))?);
        let high = writer.write(&text, &Array::new(&letters, (1, NI, 1))?);
        if container == Container::Rsf {
            assert_eq!((long?.ni(), high?.nj()), (0x100_0000, 0x100_0000));
        } else {
            assert!(is_field(&long, "ni") && is_field(&high, "nj"));
        }
        let deep = writer.write(&text, &Array::new(&letters[..1 << 20], (1, 1, 1 << 20))?);
        assert!(is_field(&deep, "nk"));
        writer.write(&text, &Array::new(&letters[..NI - 1], (NI - 1, 1, 1))?)?;
        writer.close()?;
        let file = File::from_bytes(memory.to_vec())?;
        assert_eq!(file.check()?, []);
        for record in file.records() {
            let field = file.read(record)?;
            assert_eq!(field.as_slice::<u8>().map(|found| found.iter().all(|&c| c == b'x')), Some(true));
        }
    }
    Ok(())
}

/// XDF files end at 8 GiB: positions are signed 32-bit numbers of words in librmn.
#[test]
fn longest_file() -> Outcome {
    const END: u64 = 8 << 30;
    let sparse = Sparse::default();
    let mut writer = WriteOptions::new().create_sink(sparse.clone())?;
    small(&mut writer, 1)?;
    writer.close()?;
    // As if there were records up to 1000 bytes before the end.
    let units = u32::try_from((END - 1000) / 8)?;
    sparse.write_at(&units.to_be_bytes(), 16)?;
    sparse.set_size(END - 1000)?;
    let mut writer = WriteOptions::new().append_sink(sparse.clone())?;
    let mut written = 0;
    let refused = loop {
        match small(&mut writer, written) {
            Ok(()) => written += 1,
            Err(e) => break Err::<(), _>(e),
        }
    };
    assert!(is_full(&refused));
    assert_eq!(written, 1000 / 104);
    writer.close()?;
    let file = OpenOptions::new().open_source(Source::reader(Arc::new(sparse))?)?;
    assert_eq!((file.check()?, file.records().len()), (vec![], 10));
    let last = file.records().last().ok_or("a record")?;
    assert!(last.file_offset() + last.total_stored_bytes() <= END);
    assert_eq!(file.read(last)?.as_slice(), Some(&[8_u32][..]));
    Ok(())
}

#[test]
fn extended_metadata() -> Outcome {
    let json = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
    let most = (0xFFFF - 19) * 4 - 1;
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().container(Container::Rsf).create_sink(memory.clone())?;
    let words = Array::words(&[1], (1, 1, 1))?;
    assert!(is_field(&writer.write(&Attributes::new("META").metadata(json(most + 1)), &words), "metadata"));
    writer.write(&Attributes::new("META").metadata(json(most)), &words)?;
    writer.close()?;
    let file = File::from_bytes(memory.to_vec())?;
    assert_eq!(file.check()?, []);
    assert_eq!(file.metadata_text(&file.records()[0])?, Some(json(most)));
    let mut xdf = WriteOptions::new().create_sink(MemoryFile::new())?;
    let refused = xdf.write(&Attributes::new("META").metadata("{}"), &words);
    assert!(matches!(refused, Err(Error::Unsupported { .. })));
    Ok(())
}
