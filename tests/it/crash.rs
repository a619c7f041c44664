//! Writers that die, and media that fail: what was committed stays, and the file can be appended to again.

use std::collections::BTreeMap;

use crate::common::media::{Fault, Faulty};
use rpnfst::{Array, Attributes, Container, DataType, Error, File, MemoryFile, Record, Severity, WriteOptions, Writer};
use rpnfst_oracle::rng::Rng;

/// What is written, and whether with the permission for others to write too.
const KINDS: [(Container, bool); 4] =
    [(Container::Xdf, false), (Container::XdfSequential, false), (Container::Rsf, false), (Container::Rsf, true)];

fn options((container, shared): (Container, bool)) -> WriteOptions {
    let options = WriteOptions::new().container(container);
    if shared { options.shared(1 << 20) } else { options }
}

/// Every record has an `ip1` of its own; `ip2` counts its versions, `npas` its edits. The values follow from the first two.
fn values(ip1: u32, ip2: u32) -> Vec<f32> {
    let n = if ip1 % 23 == 7 { 30_000 } else { 1 + ip1 as usize % 40 };
    (0..n).map(|k| (ip1 * 1000 + ip2 * 10) as f32 + (k % 10) as f32).collect()
}

fn record(ip1: u32, ip2: u32) -> Attributes {
    Attributes::new("TT").ip1(ip1).ip2(ip2).etiket("CRASH").data_type(DataType::IEEE).pack_bits(32)
}

/// What must be there whatever happens, and what may.
#[derive(Default, Clone, Debug)]
struct Model {
    /// Whether the file was ever whole.
    born: bool,
    /// `ip1` and version of records that were committed and not touched since.
    committed: BTreeMap<u32, u32>,
    /// Committed, and replaced since: one of the versions must be there.
    replaced: BTreeMap<u32, u32>,
}

fn write(writer: &mut Writer, ip1: u32, ip2: u32) -> Result<Record, Error> {
    let values = values(ip1, ip2);
    let n = values.len();
    writer.write(&record(ip1, ip2), &Array::new(values, (n, 1, 1))?)
}

/// A day in the life of a file: sessions of writes, deletes, rewrites, edits and commits. Stops at the first error.
fn live(file: &Faulty, options: &WriteOptions, seed: u64, model: &mut Model) -> Result<(), Error> {
    let mut rng = Rng::new(seed);
    let mut next = 1;
    for session in 0..3 {
        let mut writer =
            if session == 0 { options.create_sink(file.clone())? } else { options.append_sink(file.clone())? };
        model.born = true;
        for _ in 0..120 {
            step(&mut writer, &mut rng, &mut next, model)?;
        }
        writer.close()?;
        commit_model(model, &File::from_bytes(file.bytes())?);
    }
    Ok(())
}

fn commit_model(model: &mut Model, file: &File) {
    model.replaced.clear();
    model.committed = file.records().iter().map(|r| (r.ip1(), r.ip2())).collect();
}

fn step(writer: &mut Writer, rng: &mut Rng, next: &mut u32, model: &mut Model) -> Result<(), Error> {
    let count = writer.record_count();
    let any = (count > 0).then(|| rng.size(0, count - 1)).and_then(|k| writer.records().nth(k).cloned());
    match (rng.int(0, 19), any) {
        (0..=1, Some(old)) => {
            model.committed.remove(&old.ip1());
            model.replaced.remove(&old.ip1());
            writer.delete(&old)
        }
        (2..=3, Some(old)) => {
            if let Some(version) = model.committed.remove(&old.ip1()) {
                model.replaced.insert(old.ip1(), version);
            }
            write(writer, old.ip1(), old.ip2() + 1)?;
            writer.delete(&old)
        }
        (4, Some(old)) if writer.container() != Container::XdfSequential => {
            writer.edit(&old, &Attributes::from(&old).npas(old.npas() + 1)).map(drop)
        }
        (5, _) => {
            writer.commit()?;
            model.replaced.clear();
            model.committed = writer.records().map(|r| (r.ip1(), r.ip2())).collect();
            Ok(())
        }
        _ => {
            *next += 1;
            write(writer, *next, 0).map(drop)
        }
    }
}

/// All that was committed is there, and all that is there is right.
fn verify(file: &File, model: &Model, what: &str) {
    let mut found: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for r in file.records() {
        let field = file.read(r).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(field.as_slice(), Some(&values(r.ip1(), r.ip2())[..]), "{what}: {r:?}");
        found.entry(r.ip1()).or_default().push(r.ip2());
    }
    for (ip1, version) in &model.committed {
        assert_eq!(found.get(ip1), Some(&vec![*version]), "{what}: record {ip1} was committed");
    }
    for ip1 in model.replaced.keys() {
        assert!(found.contains_key(ip1), "{what}: record {ip1} was replaced");
    }
}

/// Damage, apart from the checksum of a page that was being written.
fn damage(file: &File) -> Vec<String> {
    let problems = file.check().expect("in memory");
    let bad = problems.iter().filter(|p| p.severity == Severity::Damage);
    bad.map(ToString::to_string).filter(|what| !what.contains("the checksum is off")).collect()
}

/// Opens what a dead writer left, appends, and looks again.
fn revive(bytes: Vec<u8>, kind: (Container, bool), model: &Model, what: &str) {
    let memory = MemoryFile::from(bytes.clone());
    let options = WriteOptions::new().container(kind.0);
    let born = File::from_bytes(bytes);
    if kind.0 == Container::Rsf && born.as_ref().is_ok_and(|f| !f.records().is_empty()) {
        match options.append_sink(memory.clone()) {
            // The write flag is the last thing that a close writes.
            Err(Error::InUse { .. }) | Ok(_) => {}
            Err(e) => panic!("{what}: {e}"),
        }
    }
    let mut writer = options.force(true).append_sink(memory.clone()).unwrap_or_else(|e| panic!("{what}: {e}"));
    write(&mut writer, 5000, 0).expect("in memory");
    writer.close().expect("in memory");
    let file = File::from_bytes(memory.to_vec()).expect("sound");
    verify(&file, model, what);
    let mut problems: Vec<_> = file.check().expect("in memory").iter().map(ToString::to_string).collect();
    // An edit changes directory and record, and may have died between the two.
    problems.retain(|problem| !problem.contains("attributes are others"));
    assert_eq!(problems, Vec::<String>::new(), "{what}");
    assert!(file.records().iter().any(|r| r.ip1() == 5000), "{what}");
}

/// A life without trouble: where the writes ended, in bytes written.
fn ends_of_writes(kind: (Container, bool), seed: u64) -> Vec<u64> {
    let file = Faulty::new(Fault::None);
    live(&file, &options(kind), seed, &mut Model::default()).expect("no fault");
    file.ends()
}

/// Around the ends of writes, and anywhere.
fn moments(kind: (Container, bool), seed: u64, count: u32) -> Vec<u64> {
    let ends = ends_of_writes(kind, seed);
    let total = ends.last().copied().unwrap_or(0);
    let mut rng = Rng::new(seed ^ 0xC0_FFEE);
    (0..count)
        .map(|k| {
            let end = *rng.pick(&ends);
            let near = rng.size(1, 80) as u64;
            match k % 4 {
                0 => rng.bits() % total,
                1 => end,
                2 => end.saturating_sub(near),
                _ => end + near,
            }
        })
        .collect()
}

#[test]
fn killed_at_any_byte() {
    for kind in KINDS {
        for seed in 0..2 {
            for moment in moments(kind, seed, 40) {
                let file = Faulty::new(Fault::Killed { after: moment });
                let mut model = Model::default();
                let _ = live(&file, &options(kind), seed, &mut model);
                let what = format!("{kind:?}, seed {seed}, killed at {moment}");
                if model.born {
                    let found = File::from_bytes(file.bytes()).unwrap_or_else(|e| panic!("{what}: {e}"));
                    verify(&found, &model, &what);
                    assert_eq!(damage(&found), Vec::<String>::new(), "{what}");
                }
                revive(file.bytes(), kind, &model, &what);
            }
        }
    }
}

/// A life with one trouble that passes: what the writer says is there at the end.
fn survive(kind: (Container, bool), seed: u64, fault: Fault, relief: impl Fn(&Faulty)) {
    let what = format!("{kind:?}, seed {seed}, {fault:?}");
    let file = Faulty::new(fault);
    let options = options(kind).overwrite(true);
    let writer = options.create_sink(file.clone()).or_else(|_| {
        relief(&file);
        options.create_sink(file.clone())
    });
    let mut writer = writer.unwrap_or_else(|e| panic!("{what}: {e}"));
    let (mut rng, mut next, mut failures) = (Rng::new(seed), 1, 0);
    for _ in 0..250 {
        failures += u32::from(step(&mut writer, &mut rng, &mut next, &mut Model::default()).is_err());
        if failures == 3 {
            relief(&file);
        }
    }
    if writer.commit().is_err() {
        relief(&file);
        writer.commit().unwrap_or_else(|e| panic!("{what}: {e}"));
    }
    relief(&file);
    let expected: Vec<Record> = writer.records().cloned().collect();
    writer.close().unwrap_or_else(|e| panic!("{what}: {e}"));
    let found = File::from_bytes(file.bytes()).unwrap_or_else(|e| panic!("{what}: {e}"));
    verify(&found, &Model::default(), &what);
    let different = found.records().iter().zip(&expected).find(|(a, b)| a != b);
    assert_eq!((different, found.records().len()), (None, expected.len()), "{what}");
    let problems: Vec<_> = found.check().expect("in memory").iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new(), "{what}");
}

#[test]
fn one_write_fails() {
    for kind in KINDS {
        for seed in 0..2 {
            for after in moments(kind, seed, 24) {
                survive(kind, seed, Fault::Error { after }, |_| ());
            }
        }
    }
}

#[test]
fn the_medium_is_full() {
    for kind in KINDS {
        let mut rng = Rng::new(7);
        for seed in 0..30 {
            let size = rng.bits() % if seed % 4 == 0 { 20_000 } else { 600_000 };
            survive(kind, seed, Fault::Full { size }, |file| file.set(Fault::None));
        }
    }
}

/// With `sync` a power failure, after which any of the last writes are there, loses no more than a kill.
#[test]
fn the_power_fails() {
    for kind in KINDS {
        let mut rng = Rng::new(13);
        for moment in moments(kind, 1, 24) {
            let file = Faulty::new(Fault::Killed { after: moment });
            let mut model = Model::default();
            let _ = live(&file, &options(kind).sync(true), 1, &mut model);
            let percent = *rng.pick(&[0, 50, 90]);
            let bytes = file.after_power_failure(|| rng.chance(percent));
            let what = format!("{kind:?}, power failed at {moment}");
            if !model.committed.is_empty() {
                let found = File::from_bytes(bytes.clone()).unwrap_or_else(|e| panic!("{what}: {e}"));
                verify(&found, &model, &what);
                assert_eq!(damage(&found), Vec::<String>::new(), "{what}");
                revive(bytes, kind, &model, &what);
            }
        }
    }
}
