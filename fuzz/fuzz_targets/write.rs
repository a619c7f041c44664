//! Any sequence of writes, deletes, edits and re-openings, on a new file or on one of any description: what is there in the
//! end is what the writer says, a file that began sound stays sound, and writing harms nothing that could be read before.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rpnfst::{Container, Array, DataType, File, MemoryFile, Attributes, Record, Rewrite, WriteOptions, Writer};
use rpnfst_fuzz::{look, recipe::Recipe};

#[derive(Arbitrary, Debug)]
struct Input {
    /// Content of the file; a new one otherwise.
    content: Option<Recipe>,
    container: u8,
    shared: bool,
    steps: Vec<Step>,
}

#[derive(Arbitrary, Debug)]
enum Step {
    Write {
        name: u8,
        ip1: u16,
        data_type: Option<u8>,
        pack_bits: Option<u8>,
        dims: (u8, u8),
        values: Vec<f32>,
        metadata: Option<String>,
    },
    Rewrite {
        name: u8,
        ip1: u16,
        classic: bool,
        skip: bool,
        n: u8,
    },
    Delete(u8),
    Edit {
        which: u8,
        ip1: u32,
        metadata: Option<String>,
    },
    Copy(u8),
    Commit,
    Reopen {
        force: bool,
    },
}

fuzz_target!(|input: Input| {
    let container = [Container::Xdf, Container::XdfSequential, Container::Rsf][usize::from(input.container % 3)];
    let content = input.content.as_ref().map(|recipe| recipe.build(container)).unwrap_or_default();
    let before = look::readable(content.clone());
    let memory = MemoryFile::from(content);
    let mut options = WriteOptions::new().container(container);
    if input.shared {
        options = options.shared(4096);
    }
    let Ok(mut writer) = options.append_sink(memory.clone()) else { return };
    for step in input.steps.iter().take(40) {
        let Some(next) = run(step, writer, &memory, &options) else { return };
        writer = next;
    }
    let records: Vec<Record> = writer.records().cloned().collect();
    writer.close().expect("memory has room");
    let file = File::from_bytes(memory.to_vec()).expect("a written file opens");
    assert_eq!(file.records(), records);
    // Deleting and editing change headers, which in a damaged file can lie inside of another record.
    if input.steps.iter().all(|step| matches!(step, Step::Write { .. } | Step::Copy(_) | Step::Commit)) {
        let after = look::readable(memory.to_vec());
        for record in &before {
            assert!(after.contains(record), "{:?} {} is gone or changed", record.name, record.offset);
        }
    }
    if input.content.as_ref().is_none_or(Recipe::is_sound) {
        assert_eq!(file.check().expect("memory reads"), []);
        for record in file.records() {
            file.read(record).expect("a written record reads");
        }
    }
});

fn run(step: &Step, mut writer: Writer, memory: &MemoryFile, options: &WriteOptions) -> Option<Writer> {
    let pick = |writer: &Writer, which: u8| {
        let count = writer.record_count();
        if count == 0 { None } else { writer.records().nth(usize::from(which) % count).cloned() }
    };
    let named = |name: u8, ip1: u16| Attributes::new(char::from(b'A' + name % 26).to_string()).ip1(ip1.into());
    match step {
        Step::Write { name, ip1, data_type, pack_bits, dims, values, metadata } => {
            let (ni, nj) = (usize::from(dims.0 % 40) + 1, usize::from(dims.1 % 40) + 1);
            let values: Vec<f32> =
                (0..ni * nj).map(|k| values.get(k % values.len().max(1)).copied().unwrap_or(0.0)).collect();
            let mut record = named(*name, *ip1);
            if let Some(code) = data_type {
                record = record.data_type(DataType::new(*code));
            }
            if let Some(bits) = pack_bits {
                record = record.pack_bits(*bits);
            }
            if let Some(text) = metadata {
                record = record.metadata(text.clone());
            }
            let before = writer.record_count();
            let written = writer.write(&record, &Array::new(values, (ni, nj, 1)).unwrap());
            assert_eq!(writer.record_count(), before + usize::from(written.is_ok()));
        }
        Step::Rewrite { name, ip1, classic, skip, n } => {
            let mode = match (classic, skip) {
                (true, _) => Rewrite::Classic,
                (_, true) => Rewrite::Skip,
                _ => Rewrite::Replace,
            };
            let n = usize::from(*n) + 1;
            let _ = writer.rewrite(&named(*name, *ip1), &Array::new(vec![1_u16; n], (n, 1, 1)).unwrap(), mode);
        }
        Step::Delete(which) => {
            if let Some(record) = pick(&writer, *which) {
                let _ = writer.delete(&record);
            }
        }
        Step::Edit { which, ip1, metadata } => {
            if let Some(record) = pick(&writer, *which) {
                let mut edit = Attributes::from(&record).ip1(*ip1);
                if let Some(text) = metadata {
                    edit = edit.metadata(text.clone());
                }
                let _ = writer.edit(&record, &edit);
            }
        }
        Step::Copy(which) => {
            writer.commit().ok()?;
            let file = File::from_bytes(memory.to_vec()).ok()?;
            let count = file.records().len();
            if count > 0 {
                let _ = writer.copy(&file, &file.records()[usize::from(*which) % count]);
            }
        }
        Step::Commit => writer.commit().ok()?,
        Step::Reopen { force } => {
            writer.close().ok()?;
            return options.clone().force(*force).append_sink(memory.clone()).ok();
        }
    }
    Some(writer)
}
