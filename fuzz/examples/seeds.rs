//! Makes seeds: `seeds CORPUS FOLDER...` takes every standard file below the folders for `open_and_read`, every payload of
//! their records for `decode`, and the texts of the documentation for `query`.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use rpnfst::{Container, File};

/// Larger inputs only slow a fuzzer down.
const LARGEST: usize = 1 << 17;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let corpus = arguments.next().ok_or("usage: seeds CORPUS FOLDER...")?;
    let mut pending: Vec<PathBuf> = arguments.collect();
    let (mut files, mut payloads) = (0, 0);
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(
                fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?,
            );
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        let bytes = fs::read(&path)?;
        if bytes.len() <= LARGEST {
            put(&corpus.join("open_and_read"), files, &bytes)?;
            files += 1;
        }
        for record in file.records() {
            let (Ok(ni), Ok(nj), Ok(nk)) =
                (u16::try_from(record.ni()), u16::try_from(record.nj()), u8::try_from(record.nk()))
            else {
                continue;
            };
            let Ok(payload) = file.payload(record) else { continue };
            let little = record.container() == Container::Rsf;
            let mut seed = vec![record.data_type().code(), record.pack_bits(), record.data_bits(), little.into()];
            seed.extend([ni.to_le_bytes(), nj.to_le_bytes()].concat());
            seed.push(nk);
            seed.extend_from_slice(&payload);
            if seed.len() <= LARGEST {
                put(&corpus.join("decode"), payloads, &seed)?;
                payloads += 1;
            }
        }
    }
    let mut queries = 0;
    for line in include_str!("../../docs/guide.md").lines().chain(include_str!("../../tests/it/query.rs").lines()) {
        // Every text between quotation marks or backticks.
        for text in line.split(['`', '"']).skip(1).step_by(2) {
            put(&corpus.join("query"), queries, text.as_bytes())?;
            queries += 1;
        }
    }
    println!("{files} files, {payloads} payloads, {queries} texts");
    Ok(())
}

fn put(folder: &Path, number: usize, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(format!("seed-{number:04}")), bytes)
}
