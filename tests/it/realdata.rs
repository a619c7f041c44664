//! Operational files, where they are (see `common::collection`).

use std::{collections::HashMap, fs, path::Path};

use crate::common::{collection, fields::FIELDS, random::Random, sha256};
use rayon::prelude::*;
use rpnfst::{File, FillMissing, OpenOptions, Origin, ReadOptions, Severity, Source, Threads};
use serde_json::Value;

#[test]
fn operational_files() {
    let Some(folder) = collection::folder("realdata") else { return };
    let options = ReadOptions::new().missing(FillMissing::Classic);
    let (mut files, mut records) = (0, 0);
    for entry in fs::read_dir(folder.join("expected")).expect("descriptions") {
        let json = entry.expect("entry").path();
        let expected: Value = serde_json::from_str(&fs::read_to_string(&json).expect("json")).expect("json");
        let name = expected["file"].as_str().expect("name");
        let file = File::open(folder.join(name)).unwrap_or_else(|e| panic!("{e}"));
        files += 1;
        if expected["reference_open"] == "refused" {
            refused(name, &folder.join(name), &file, &options);
            continue;
        }
        let list = expected["records"].as_array().expect("records");
        assert_eq!(file.records().len(), list.len(), "{name}");
        for (record, expected) in file.records().iter().zip(list) {
            // These descriptions say nothing of the width in memory.
            for field in FIELDS.into_iter().filter(|field| *field != "data_bits") {
                let cell = rpnfst::record::Column::from_name(field).expect("column").of(record);
                let expected = &expected[field];
                let same = match &cell {
                    rpnfst::record::Cell::Int(value) => expected.as_i64() == Some(*value),
                    rpnfst::record::Cell::Text(text) => expected.as_str() == Some(text),
                    _ => false,
                };
                assert!(same, "{name}: {field} is {cell}, expected {expected}");
            }
            let field = file.read_with(record, &options).unwrap_or_else(|e| panic!("{name}: {e}"));
            let found = sha256(&field.values().to_le_bytes());
            assert_eq!(found, expected["decoded"]["sha256"].as_str().expect("sha256"), "{name}: {expected}");
            records += 1;
        }
    }
    println!("{files} files, {records} records");
    assert_eq!(files, 36);
}

/// Files that librmn 20.1 does not open: their sound records are readable.
fn refused(name: &str, path: &Path, file: &File, options: &ReadOptions) {
    let readable = file.records().iter().filter(|r| file.read_with(r, options).is_ok()).count();
    let damaged = file.check().expect("walks").iter().any(|p| p.severity == Severity::Damage);
    match name {
        "fst-tools__anal_temp" => assert_eq!((file.records().len(), readable, damaged), (8, 8, true)),
        // One byte was lost inside of the first record: the others lie one byte before their place.
        "fst-tools__zzzz" => {
            assert_eq!((file.records().len(), readable, damaged), (4, 1, true));
            let error = file.read(&file.records()[2]).expect_err("shifted").to_string();
            assert!(error.contains("record 2 (>> at byte 724464): record header: length"), "{error}");
            moved(path);
        }
        other => panic!("{other}: a new damaged file"),
    }
}

/// The records behind the lost byte are found where they are, and hold the coordinates of a grid.
fn moved(path: &Path) {
    let salvage = File::salvage(path).expect("there are records");
    for (nomvar, offset) in [(">>", 724463), ("^^", 725823)] {
        let (record, origin) = salvage.records().find(|(record, _)| record.file_offset() == offset).expect("found");
        assert_eq!((record.nomvar().as_str(), origin), (nomvar, Origin::Found));
        let field = salvage.file().read(record).expect("readable");
        let values = field.as_slice::<f32>().expect("reals");
        // Two kilometres apart, but for a few: line ends were converted.
        let apart = |pair: &&[f32]| (pair[1] - pair[0] - 2.0).abs() < 0.01;
        assert!(values.len() == 420 && values.windows(2).filter(apart).count() > 400, "{nomvar}: {values:?}");
    }
}

/// Whatever happens to these files, nothing panics, and salvage finds the records that were missed.
#[test]
fn random_damage() {
    let Some(folder) = collection::folder("realdata") else { return };
    let paths = fs::read_dir(folder).expect("files").map(|entry| entry.expect("entry").path());
    let paths: Vec<_> = paths.filter(|path| path.is_file() && File::open(path).is_ok()).collect();
    assert_eq!(paths.len(), 36);
    let (missed, hit): (Vec<_>, Vec<_>) = paths.into_par_iter().map(|path| damaged(&path)).unzip();
    println!("{} records missed and found, {} hit", missed.iter().sum::<usize>(), hit.iter().sum::<usize>());
}

/// Damages a file several times; says how many records were missed and how many hit.
fn damaged(path: &Path) -> (usize, usize) {
    let bytes = fs::read(path).expect("file");
    let sound = File::from_bytes(bytes.clone()).expect("opens");
    let readable = |record: &&rpnfst::Record| sound.payload(record).is_ok();
    let sound_records: Vec<_> = sound.records().iter().filter(readable).collect();
    let options = ReadOptions::new().threads(Threads::One);
    let (mut missed, mut hit) = (0, 0);
    for seed in 0..6 {
        let random = &mut Random::new(seed);
        let mut damaged = bytes.clone();
        for _ in 0..=random.below(8) {
            // Half of them near the beginning, where header and directory are.
            let within = if random.below(2) == 0 { bytes.len() } else { bytes.len().min(20_000) };
            let at = random.below(within);
            let end = bytes.len().min(at + 1 + random.below(200));
            damaged[at..end].iter_mut().for_each(|byte| *byte = random.byte());
        }
        let salvage = OpenOptions::new().salvage_source(Source::bytes(damaged.clone()));
        let found: HashMap<_, _> = salvage
            .iter()
            .flat_map(rpnfst::Salvage::records)
            .map(|(record, _)| ((record.file_offset(), record.data_type(), record.shape()), record))
            .collect();
        let mut records = Vec::new();
        for record in &sound_records {
            let start = usize::try_from(record.file_offset()).expect("small");
            let end = bytes.len().min(start + usize::try_from(record.total_stored_bytes()).expect("small"));
            if damaged[start..end] == bytes[start..end] {
                missed += 1;
                let own = found.get(&(record.file_offset(), record.data_type(), record.shape()));
                let own = own.unwrap_or_else(|| panic!("{}, seed {seed}: {record:?} is lost", path.display()));
                let salvage = salvage.as_ref().expect("records were found");
                let payload = salvage.file().payload(own).expect("undamaged");
                assert_eq!(payload, sound.payload(record).expect("readable"), "{}, seed {seed}", path.display());
            } else {
                hit += 1;
                records.push(record.file_offset());
            }
        }
        // Decode what was hit; the rest is as in the sound file.
        let opened = File::from_bytes(damaged);
        for file in [opened.as_ref().ok(), salvage.as_ref().ok().map(rpnfst::Salvage::file)].into_iter().flatten() {
            let _ = file.check();
            for record in file.records().iter().filter(|record| records.contains(&record.file_offset())).take(5) {
                let _ = (file.read_with(record, &options), file.metadata_text(record));
            }
        }
    }
    (missed, hit)
}
