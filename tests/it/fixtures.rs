//! Every field and every bit of files written by librmn.

use std::{io, sync::Arc};

use crate::common::{Fixture, fields::FIELDS, fixtures, npz::Npz, sha256};
use rpnfst::{
    File, FillMissing, IntField, OpenOptions, Query, ReadAt, ReadOptions, Record, Source,
    ndarray::ArrayD,
    record::{Column, DateStamp},
};
use serde_json::Value;

fn open(fixture: &Fixture) -> File {
    File::from_bytes(fixture.bytes.clone()).unwrap_or_else(|e| panic!("{}: {e}", fixture.name()))
}

fn classic() -> ReadOptions {
    ReadOptions::new().missing(FillMissing::Classic)
}

#[test]
fn directory_fields_are_those_of_librmn() {
    let (mut checked, mut described) = (0, 0);
    for fixture in fixtures() {
        if fixture.refused() {
            continue;
        }
        described += fixture.records().len() * FIELDS.len();
        let file = open(&fixture);
        assert_eq!(file.records().len(), fixture.records().len(), "{}", fixture.name());
        for (record, expected) in file.records().iter().zip(fixture.records()) {
            for field in FIELDS {
                let cell = Column::from_name(field).expect("a column").of(record);
                let found = serde_json::to_value(match cell {
                    rpnfst::record::Cell::Int(value) => Value::from(value),
                    rpnfst::record::Cell::Text(text) => Value::from(text),
                    other => panic!("{field}: {other:?}"),
                });
                assert_eq!(found.expect("json"), expected[field], "{}: {field} of {expected}", fixture.name());
                checked += 1;
            }
            check_place(record, expected, &fixture);
            let text = file.metadata_text(record).expect("metadata");
            // Version 0 keeps the text elsewhere; the JSON has it re-serialised.
            if fixture.name().contains("version0") {
                assert_eq!(text.is_some(), expected["metadata"].is_string());
            } else {
                assert_eq!(text.as_deref(), expected["metadata"].as_str(), "{}", fixture.name());
            }
        }
    }
    println!("{checked} fields");
    assert_eq!(checked, described);
}

fn check_place(record: &Record, expected: &Value, fixture: &Fixture) {
    let name = fixture.name();
    if !name.contains(".seq.") && expected["file_index"].is_number() {
        assert_eq!(Value::from(record.file_index()), expected["file_index"], "{name}");
    }
    if expected["file_offset"].is_number() {
        assert_eq!(Value::from(record.file_offset()), expected["file_offset"], "{name}");
        assert_eq!(Value::from(record.total_stored_bytes()), expected["total_stored_bytes"], "{name}");
    }
}

#[test]
fn values_are_those_of_librmn() {
    let (mut checked, mut left_out, mut described) = (0, 0, 0);
    for fixture in fixtures() {
        described += fixture.records().len();
        let file = open(&fixture);
        for (record, expected) in file.records().iter().zip(fixture.records()) {
            if fixture.name().contains("quirks") && ["Q129", "Q130", "QR1"].contains(&record.nomvar().as_str()) {
                left_out += 1; // librmn reads them wrongly: see `quirks_of_librmn_are_read_as_written`
                continue;
            }
            let what = format!("{}: {} {:?}", fixture.name(), record.nomvar(), record.data_type());
            let field = file.read_with(record, &classic()).unwrap_or_else(|e| panic!("{what}: {e}"));
            let decoded = &expected["decoded"];
            let dtype = if record.data_type().base() == rpnfst_codecs::BaseType::Raw {
                "raw32"
            } else {
                field.values().kind().dtype()
            };
            assert_eq!(dtype, decoded["dtype"], "{what}");
            let (ni, nj, nk) = field.dims();
            let shape = if dtype == "raw32" { vec![field.values().len()] } else { vec![ni, nj, nk] };
            assert_eq!(Value::from(shape), decoded["shape"], "{what}");
            assert_eq!(sha256(&field.values().to_le_bytes()), decoded["sha256"].as_str().expect("sha256"), "{what}");
            let off = &expected["decoded_missing_off"];
            if let Some(expected) = off["sha256"].as_str() {
                let substitute = ReadOptions::new().missing(FillMissing::Substitute);
                let field = file.read_with(record, &substitute).expect("decodes");
                assert_eq!(sha256(&field.values().to_le_bytes()), expected, "{what}, substitutes");
                assert!(field.missing_count() > 0, "{what}");
            }
            checked += 1;
        }
    }
    println!("{checked} records, {left_out} left out");
    assert_eq!(checked + left_out, described);
}

/// Records that librmn reads wrongly: the values must be those that were written.
#[test]
fn quirks_of_librmn_are_read_as_written() {
    let (mut checked, mut files) = (0, 0);
    for fixture in fixtures().iter().filter(|f| f.name().contains("quirks")) {
        files += 1;
        let arrays = Npz::open(&fixture.path.with_extension("npz")).expect("npz");
        let file = open(fixture);
        for (record, expected) in file.records().iter().zip(fixture.records()) {
            let Some(input) = expected["input_npz"].as_str() else { continue };
            match record.nomvar().as_str() {
                "Q130" => {
                    let input: ArrayD<u32> = arrays.array(input).expect("array");
                    let field = file.read(record).expect("decodes");
                    let found = field.as_array::<u32>().expect("u32");
                    assert!(found.iter().any(|&v| v > 32767), "the case in question");
                    assert_eq!(found.into_dyn(), input);
                }
                "Q129" | "QR1" => {
                    let input: ArrayD<f32> = arrays.array(input).expect("array");
                    let field = file.read(record).expect("decodes").into_array::<f32>().expect("f32").into_dyn();
                    let range = |pick: fn(f32, f32) -> f32| input.iter().copied().reduce(pick).expect("values");
                    let span = range(f32::max) - range(f32::min);
                    // A quantum is at most twice the span over the number of tokens.
                    let quantum = 2.0 * span / f32::from(2u16).powi(i32::from(record.pack_bits()));
                    for (found, written) in field.iter().zip(&input) {
                        assert!((found - written).abs() <= quantum * 1.0001, "{found} {written} {quantum}");
                    }
                }
                _ => continue,
            }
            checked += 1;
        }
    }
    assert!(files == 2 || files == 4, "two of the repository, two of the collection: {files}");
    assert_eq!(checked, 7 * files);
}

struct Slow(Arc<[u8]>);

impl ReadAt for Slow {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        // Short reads, as a network gives.
        let limit = buf.len().min(1000);
        Source::bytes(self.0.clone()).get_up_to(offset, limit as u64).map(|bytes| {
            buf[..bytes.len()].copy_from_slice(&bytes);
            bytes.len()
        })
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }
}

#[test]
fn all_sources_read_the_same() {
    let folder = tempfile::tempdir().expect("folder");
    for fixture in fixtures() {
        let path = folder.path().join("file");
        std::fs::write(&path, &fixture.bytes).expect("write");
        let memory = open(&fixture);
        let others = [
            File::open(&path).expect("mapped"),
            OpenOptions::new().mmap(false).open(&path).expect("pread"),
            OpenOptions::new()
                .open_source(Source::reader(Slow(fixture.bytes.clone().into())).expect("reader"))
                .expect("reader"),
        ];
        for other in &others {
            assert_eq!(memory.records(), other.records());
            for record in memory.records() {
                assert_eq!(memory.payload(record).expect("payload"), other.payload(record).expect("payload"));
            }
        }
    }
}

#[test]
fn queries_find_what_librmn_finds() {
    let (mut checked, mut files) = (0, 0);
    for fixture in fixtures() {
        let Some(queries) = fixture.json["queries"].as_array() else { continue };
        files += 1;
        let file = open(&fixture);
        for query in queries {
            let built = query_of(&query["criteria"], &query["options"]);
            let found: Vec<usize> = file
                .select(&built)
                .map(|record| file.records().iter().position(|r| r == record).expect("one of them"))
                .collect();
            assert_eq!(Value::from(found), query["match"], "{}: {query}", fixture.name());
            checked += 1;
        }
    }
    assert!(files == 2 || files == 4, "two of the repository, two of the collection: {files}");
    assert_eq!(checked, 27 * files);
}

fn query_of(criteria: &Value, options: &Value) -> Query {
    let mut query = Query::new();
    for (key, value) in criteria.as_object().expect("criteria") {
        let text = || value.as_str().expect("text");
        let number = || value.as_i64().expect("integer");
        let any_ip = options["ip1_all"] == 1;
        query = match key.as_str() {
            "nomvar" => query.nomvar(text()),
            "typvar" => query.typvar(text()),
            "etiket" => query.etiket(text()),
            "grtyp" => query.grtyp(rpnfst::record::GridType(text().as_bytes()[0])),
            "datev" => query.datev(DateStamp::from_raw(i32::try_from(number()).expect("stamp"))),
            "dateo" => query, // ignored by librmn
            "ip1" if any_ip => query.ip1_any_encoding(u32::try_from(number()).expect("ip")),
            "ip1" => query.int(IntField::Ip1, number()),
            "ip2" => query.int(IntField::Ip2, number()),
            "ip3" => query.int(IntField::Ip3, number()),
            "ni" => query.int(IntField::Ni, number()),
            "nj" => query.int(IntField::Nj, number()),
            "nk" => query.int(IntField::Nk, number()),
            "npas" => query.int(IntField::Npas, number()),
            "deet" => query.int(IntField::Deet, number()),
            "data_type" => query.int(IntField::DataType, number()),
            "pack_bits" => query.int(IntField::PackBits, number()),
            other => panic!("criterion {other}"),
        };
    }
    if options["skip_grid_descriptors"] == 1 { query.skip_descriptors() } else { query }
}
