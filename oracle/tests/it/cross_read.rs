//! librmn 19.5 reads what rpnfst writes, whatever the rules and the compression, appends to it and deletes in it; then
//! rpnfst reads the result. Also what a dead writer left.

use crate::common::request;
use std::error::Error;
use std::path::Path;

use crate::common::{compare_fields, compare_values, records_of_seeds};
use crate::media::{Fault, Faulty};
use rpnfst::{
    Array, Attributes, Compression, Container, DataType, File, FillMissing as Fill, ReadOptions, Rewrite, Rules,
    Values, WriteOptions, Writer,
};
use rpnfst_codecs::EncodeError;
use rpnfst_oracle::cases::{Case, Profile};
use rpnfst_oracle::rng::Rng;
use rpnfst_oracle::{Entry, Librmn, Missing, harness};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A request for one of our writers: several levels too, which librmn would store wrongly.
fn request(rng: &mut Rng) -> Case {
    let mut case = Case::generate(rng.bits(), &Profile { max_points: 1200, ..Profile::default() });
    if rng.chance(30) {
        (case.spec.nj, case.spec.nk) = (case.spec.nk, case.spec.nj);
    }
    case
}

/// Writes a request, unless our rules refuse it.
fn write(writer: &mut Writer, case: &Case, rewrite: Option<Rewrite>) -> Outcome<bool> {
    let (record, values) = (request::new_record(&case.spec), request::values(case));
    let written = match rewrite {
        None => writer.write(&record, &*values).map(Some),
        Some(mode) => writer.rewrite(&record, &*values, mode),
    };
    match written {
        Ok(_) => Ok(true),
        Err(rpnfst::Error::Encode { source: EncodeError::PackBits { .. } | EncodeError::Value { .. }, .. }) => {
            Ok(false)
        }
        Err(e) => Err(e.into()),
    }
}

/// Every record: fields, and values as rpnfst and as librmn read them.
fn compare(librmn: Librmn, path: &Path, random: bool) -> Outcome<usize> {
    let file = File::open(path)?;
    assert_eq!(file.check()?, [], "sound");
    let theirs = librmn.open(path)?;
    let entries = theirs.list()?;
    if entries.len() != file.records().len() {
        return Err(format!("librmn {} records, rpnfst {}", entries.len(), file.records().len()).into());
    }
    for (record, entry) in file.records().iter().zip(&entries) {
        compare_fields(record, entry, random).map_err(|complaint| format!("{complaint}\n{record:?}"))?;
        let ours = file.read_with(record, &ReadOptions::new().missing(Fill::Substitute))?;
        let read = theirs.read_natural(entry, Missing::Off)?.ok_or("unknown type")?;
        let ours = widened(ours.values(), entry);
        compare_values(&ours, &read).map_err(|complaint| format!("{complaint}\n{record:?}"))?;
    }
    Ok(entries.len())
}

/// As librmn 19.5 reads it, which knows nothing of the element's width in memory.
fn widened(values: &Values, entry: &Entry) -> Values {
    let unsigned = |values: Vec<u32>| Values::U32(values);
    let signed = |values: Vec<i32>| Values::I32(values);
    match (values, entry.datyp & 0x3F) {
        (Values::U8(values), 2) => unsigned(values.iter().map(|&v| v.into()).collect()),
        (Values::U16(values), 2) => unsigned(values.iter().map(|&v| v.into()).collect()),
        (Values::I8(values), 4) => signed(values.iter().map(|&v| v.into()).collect()),
        (Values::I16(values), 4) => signed(values.iter().map(|&v| v.into()).collect()),
        _ => values.clone(),
    }
}

/// Runs one job per seed; a failure names the seed.
fn for_each_seed(name: &str, default: u64, job: impl Fn(Librmn, u64) -> Outcome<usize>) {
    records_of_seeds(&format!("cross_read::{name}"), 90, default, job);
}

fn options(rng: &mut Rng, container: Container) -> WriteOptions {
    let rules = *rng.pick(&[Rules::Recommended, Rules::Recommended, Rules::Like(rpnfst::Librmn::V19)]);
    let compression = *rng.pick(&[Compression::Fast, Compression::Normal, Compression::Best]);
    WriteOptions::new().container(container).rules(rules).compression(compression)
}

#[test]
fn random_files() {
    for_each_seed("random_files", 40, |librmn, seed| {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("ours.std");
        let mut rng = Rng::new(seed);
        let options = options(&mut rng, Container::Xdf);
        options.create(&path)?.close()?;
        let mut compared = compare(librmn, &path, true)?;
        for _ in 0..rng.size(1, 3) {
            let mut writer = options.append(&path)?;
            let mut last = request(&mut rng);
            for _ in 0..rng.size(0, 250) {
                let live = writer.record_count();
                match (rng.int(0, 19), live) {
                    (0 | 1, 1..) => {
                        let record = writer.records().nth(rng.size(0, live - 1)).cloned().ok_or("a record")?;
                        writer.delete(&record)?;
                    }
                    (2 | 3, 1..) => {
                        let record = writer.records().nth(rng.size(0, live - 1)).cloned().ok_or("a record")?;
                        let edit = Attributes::from(&record).etiket("EDITED").ig(1, 0xABCDEF, 3, 0xFF_FFFF);
                        writer.edit(&record, &edit)?;
                    }
                    (4 | 5, _) => {
                        let mut case = request(&mut rng);
                        let same_layout = case.spec.clone();
                        case.spec = rpnfst_oracle::Spec {
                            nomvar: last.spec.nomvar.clone(),
                            typvar: last.spec.typvar.clone(),
                            etiket: last.spec.etiket.clone(),
                            ip1: last.spec.ip1,
                            ip2: last.spec.ip2,
                            ip3: last.spec.ip3,
                            ..same_layout
                        };
                        let mode = *rng.pick(&[Rewrite::Replace, Rewrite::Skip, Rewrite::Classic]);
                        write(&mut writer, &case, Some(mode))?;
                    }
                    _ => {
                        last = request(&mut rng);
                        write(&mut writer, &last, None)?;
                    }
                }
            }
            writer.close()?;
            compared += compare(librmn, &path, true)?;
            // librmn's turn.
            let mut theirs = librmn.update(&path)?;
            for _ in 0..rng.size(0, 20) {
                let case = Case::generate(rng.bits(), &Profile { max_points: 60, ..Profile::default() });
                if request::stored_well(&case) {
                    theirs.write(&case.spec, &case.data)?;
                }
            }
            for _ in 0..rng.size(0, 5) {
                let entries = theirs.list()?;
                if !entries.is_empty() {
                    theirs.delete(rng.pick(&entries).handle)?;
                }
            }
            theirs.close()?;
            compared += compare(librmn, &path, true)?;
        }
        Ok(compared)
    });
}

#[test]
fn sequential_files() {
    for_each_seed("sequential_files", 20, |librmn, seed| {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("ours.std");
        let mut rng = Rng::new(seed);
        let options = options(&mut rng, Container::XdfSequential);
        let mut compared = 0;
        for _ in 0..rng.size(1, 3) {
            let mut writer = options.append(&path)?;
            for _ in 0..rng.size(1, 60) {
                write(&mut writer, &request(&mut rng), None)?;
            }
            writer.close()?;
            compared += compare(librmn, &path, false)?;
            let mut theirs = librmn.update(&path)?;
            for _ in 0..rng.size(0, 20) {
                let case = Case::generate(rng.bits(), &Profile { max_points: 60, ..Profile::default() });
                if request::stored_well(&case) {
                    theirs.write(&case.spec, &case.data)?;
                }
            }
            theirs.close()?;
            compared += compare(librmn, &path, false)?;
        }
        Ok(compared)
    });
}

/// The values of a record follow from its `ip1`.
fn life(file: &Faulty, sure: &mut Vec<u32>) -> Result<(), rpnfst::Error> {
    let mut next = 0;
    for session in 0..3 {
        let options = WriteOptions::new();
        let mut writer =
            if session == 0 { options.create_sink(file.clone())? } else { options.append_sink(file.clone())? };
        for k in 0..130 {
            let record = Attributes::new("TT").ip1(next).data_type(DataType::IEEE).pack_bits(32);
            writer.write(&record, &Array::new(vec![next as f32; 30], (30, 1, 1))?)?;
            next += 1;
            if k % 40 == 39 {
                writer.commit()?;
                *sure = (0..next).collect();
            }
        }
        writer.close()?;
        *sure = (0..next).collect();
    }
    Ok(())
}

#[test]
fn files_of_dead_writers() {
    harness::in_child("cross_read::files_of_dead_writers", |librmn| {
        let whole = Faulty::new(Fault::None);
        life(&whole, &mut Vec::new()).unwrap();
        let ends = whole.ends();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("left.std");
        let mut rng = Rng::new(harness::seed(3));
        let mut read = 0;
        for _ in 0..harness::cases(200) {
            let moment = rng.pick(&ends).saturating_sub(rng.bits() % 3 * 4 * (rng.bits() % 30));
            let file = Faulty::new(Fault::Killed { after: moment });
            let mut sure = Vec::new();
            let _ = life(&file, &mut sure);
            std::fs::write(&path, file.bytes()).unwrap();
            if sure.is_empty() {
                continue;
            }
            let theirs = librmn.open(&path).unwrap_or_else(|e| panic!("killed at {moment}: {e}"));
            let entries = theirs.list().unwrap();
            let ip1s: Vec<u32> = entries.iter().map(|entry| entry.ip1.cast_unsigned()).collect();
            assert!(ip1s.starts_with(&sure), "killed at {moment}: {} of {}", ip1s.len(), sure.len());
            for entry in &entries {
                let values = theirs.read_natural(entry, Missing::Off).unwrap().unwrap();
                assert_eq!(values, rpnfst_oracle::Data::F32(vec![entry.ip1 as f32; 30]), "killed at {moment}");
                read += 1;
            }
            theirs.close().unwrap();
            // librmn goes on writing, and so do we after it.
            let case = Case::generate(rng.bits(), &Profile { max_points: 60, ..Profile::default() });
            let mut theirs = librmn.update(&path).unwrap();
            theirs.write(&case.spec, &case.data).unwrap();
            theirs.close().unwrap();
            let listed = File::open(&path).unwrap().records().len();
            assert_eq!(listed, ip1s.len() + 1, "killed at {moment}");
            match Writer::append(&path) {
                Ok(writer) => writer.close().unwrap(),
                // What the dead writer left behind what librmn wrote: complete records of it are taken in.
                Err(rpnfst::Error::Unfinished { .. }) => {
                    WriteOptions::new().force(true).append(&path).unwrap().close().unwrap();
                }
                Err(e) => panic!("killed at {moment}: {e}"),
            }
            let ours = File::open(&path).unwrap();
            assert!(ours.records().len() >= listed, "killed at {moment}");
            assert!(ours.records().iter().all(|record| ours.read(record).is_ok()), "killed at {moment}");
            assert_eq!(ours.check().unwrap(), [], "killed at {moment}");
        }
        println!("{read} records");
    });
}
