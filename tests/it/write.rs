//! Files written by rpnfst and read back.

use rpnfst::{
    Array, Attributes, Container, DataType, Error, Field, File, MemoryFile, Record, Rewrite, Values, WriteOptions,
    Writer,
    record::{CivilTime, DateStamp, IpValue, Kind},
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const CONTAINERS: [Container; 3] = [Container::Xdf, Container::XdfSequential, Container::Rsf];

fn values(n: u16) -> Vec<f32> {
    (0..n).map(f32::from).collect()
}

fn read(memory: &MemoryFile) -> Result<File, Error> {
    let file = File::from_bytes(memory.to_vec())?;
    let problems: Vec<_> = file.problems().map(|(_, problem)| problem.to_string()).collect();
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(file.check()?, []);
    Ok(file)
}

#[test]
fn all_attributes_come_back() -> Outcome {
    for container in CONTAINERS {
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
        let dateo = DateStamp::from_civil(CivilTime::new(2026, 11, 24, 12, 0, 0)?)?;
        let record = Attributes::new("tt")
            .typvar("P@")
            .etiket("R1_V710_N")
            .dateo(dateo)
            .deet(300)
            .npas(72)
            .level(IpValue::new(500.0, Kind::Pressure))
            .ip2_hours(6.0)
            .ip3(7)
            .grtyp('Z')
            .ig(0xFF_FFFF, 0x12_3456, 1, 2);
        let written = writer.write(&record, &Array::new(values(12), (4, 3, 1))?)?;
        writer.close()?;
        let file = read(&memory)?;
        let [r] = file.records() else { panic!("one record") };
        assert_eq!(*r, written);
        assert_eq!((r.nomvar().as_str(), r.typvar().as_str(), r.etiket().as_str()), ("TT", "P@", "R1_V710_N"));
        assert_eq!((r.dateo()?, r.deet(), r.npas()), (dateo, 300, 72));
        assert_eq!(r.datev().to_civil()?.to_string(), "2026-11-24T18:00:00Z");
        assert_eq!((r.ip1(), r.ip2(), r.ip3()), (41_394_464, 177_809_344, 7));
        assert_eq!((r.ig1(), r.ig2(), r.ig3(), r.ig4()), (0xFF_FFFF, 0x12_3456, 1, 2));
        assert_eq!((r.ni(), r.nj(), r.nk(), r.grtyp().letter()), (4, 3, 1, 'Z'));
        assert_eq!(file.read(r)?.as_slice(), Some(&values(12)[..]));
    }
    Ok(())
}

#[test]
fn sessions_deletes_and_edits() -> Outcome {
    for container in CONTAINERS {
        let memory = MemoryFile::new();
        let options = WriteOptions::new().container(container);
        options.create_sink(memory.clone())?.close()?;
        read(&memory)?;
        for session in 0..3_u32 {
            let mut writer = options.append_sink(memory.clone())?;
            assert_eq!(writer.container(), container);
            for k in 0..300 {
                let record = Attributes::new("GZ").ip1(k).ip2(session);
                writer.write(&record, &Array::new(vec![f32::from(u16::try_from(k)?); 6], (3, 2, 1))?)?;
            }
            let doomed: Vec<_> = writer.records().filter(|r| r.ip1() % 3 == 1).cloned().collect();
            for record in &doomed {
                writer.delete(record)?;
                assert!(matches!(writer.delete(record), Err(Error::ForeignRecord(_))));
            }
            if session == 1 && container != Container::XdfSequential {
                let old: Vec<_> = writer.records().filter(|r| r.ip1() == 0).cloned().collect();
                for record in old {
                    writer.edit(&record, &Attributes::from(&record).nomvar("UU").etiket("EDITED"))?;
                }
            }
            writer.close()?;
            let file = read(&memory)?;
            assert_eq!(file.records().len(), 200 * (session as usize + 1));
            let expected = |r: &rpnfst::Record| f32::from(u16::try_from(r.ip1()).unwrap_or(0));
            for r in file.records() {
                assert_eq!(file.read(r)?.as_slice(), Some(&[expected(r); 6][..]), "{container:?} {r:?}");
            }
            if session >= 1 && container != Container::XdfSequential {
                assert_eq!(file.records().iter().filter(|r| r.nomvar() == "UU" && r.etiket() == "EDITED").count(), 2);
            }
        }
    }
    Ok(())
}

#[test]
fn rewriting_replaces_skips_or_appends() -> Outcome {
    for container in CONTAINERS {
        for mode in [Rewrite::Replace, Rewrite::Skip, Rewrite::Classic] {
            let memory = MemoryFile::new();
            let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
            let record = Attributes::new("TT").ip1(5).data_type(DataType::IEEE).pack_bits(32);
            let write = |writer: &mut Writer, k: f32, n: usize| {
                writer.rewrite(&record, &Array::new(vec![k; n], (n, 1, 1))?, mode).map(|r| r.is_some())
            };
            assert!(write(&mut writer, 1.0, 4)?);
            let second = write(&mut writer, 2.0, 4)?;
            let third = write(&mut writer, 3.0, 9)?;
            writer.close()?;
            let file = read(&memory)?;
            let found: Vec<f32> = file
                .records()
                .iter()
                .map(|r| file.read(r).map(|f| f.as_slice().map_or(0.0, |v: &[f32]| v[0])))
                .collect::<Result<_, _>>()?;
            match mode {
                // Another shape is another record.
                Rewrite::Replace => assert_eq!((second, third, found), (true, true, vec![2.0, 3.0])),
                Rewrite::Skip => assert_eq!((second, third, found), (false, true, vec![1.0, 3.0])),
                _ => assert_eq!((second, third, found), (true, true, vec![3.0])),
            }
        }
    }
    Ok(())
}

/// The indices by which a rewrite finds records find what a look at all of them does.
#[test]
fn rewrites_find_the_first_record() -> Outcome {
    let mut state = 7_u64;
    let mut random = |n: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % n
    };
    for container in [Container::Xdf, Container::Rsf] {
        let mut writer = WriteOptions::new().container(container).create_sink(MemoryFile::new())?;
        for step in 0..600 {
            let mut pick = |texts: &[&'static str]| texts[usize::try_from(random(texts.len() as u64)).unwrap_or(0)];
            let (nomvar, typvar, etiket) = (pick(&["", "A", "B"]), pick(&["", "P", "X"]), pick(&["", "E"]));
            let (ip1, ni) = (u32::try_from(random(2))?, usize::try_from(1 + random(2))?);
            let mode =
                [Rewrite::Replace, Rewrite::Skip, Rewrite::Classic, Rewrite::Classic][usize::try_from(random(4))?];
            let before: Vec<_> = writer.records().cloned().collect();
            let any = |text: &str, own: &str| (text.is_empty() && mode == Rewrite::Classic) || text == own;
            let there = before.iter().find(|old| {
                any(nomvar, old.nomvar().as_str())
                    && any(typvar, old.typvar().as_str())
                    && any(etiket, old.etiket().as_str())
                    && old.ip1() == ip1
                    && (mode == Rewrite::Classic || (old.ni() as usize == ni && old.npas() == 0))
            });
            let record = Attributes::new(nomvar).typvar(typvar).etiket(etiket).ip1(ip1);
            let record = record.data_type(DataType::IEEE).pack_bits(32);
            let record = record.npas(if mode == Rewrite::Classic { step } else { 0 });
            let written = writer.rewrite(&record, &Array::new(vec![1.0_f32; ni], (ni, 1, 1))?, mode)?;
            let after: Vec<_> = writer.records().cloned().collect();
            let context = format!("{container:?}, step {step}, {mode:?} {nomvar:?} {typvar:?} {etiket:?} {ip1} {ni}");
            let mut expected = before.clone();
            expected.retain(|old| Some(old) != there || mode == Rewrite::Skip);
            match (there, &written) {
                (Some(_), None) => assert_eq!(mode, Rewrite::Skip, "{context}"),
                (_, Some(written)) => {
                    let place = expected.partition_point(|r| r.file_index() < written.file_index());
                    expected.insert(place, written.clone());
                }
                (None, None) => panic!("{context}: nothing written"),
            }
            assert_eq!(after, expected, "{context}");
            if random(4) == 0 && !after.is_empty() {
                let victim = &after[usize::try_from(random(after.len() as u64))?];
                if random(2) == 0 {
                    writer.delete(victim)?;
                } else {
                    writer.edit(victim, &Attributes::from(victim).nomvar("A").ip1(1))?;
                }
            }
        }
        writer.close()?;
    }
    Ok(())
}

#[test]
fn copies_between_containers() -> Outcome {
    for path in [
        "testdata/xdf/same_name.std",
        "testdata/xdf/from19.std",
        "testdata/rsf/masks.rsf",
        "testdata/xdf/dt008_c8.std",
        "testdata/xdf/dt003_dt007_char.std",
        "testdata/rsf/dt129_f4.rsf",
    ] {
        let original = File::open(path)?;
        for container in CONTAINERS {
            let memory = MemoryFile::new();
            let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
            for record in original.records() {
                writer.copy(&original, record)?;
            }
            writer.close()?;
            let copy = read(&memory)?;
            assert_eq!(copy.records().len(), original.records().len());
            for (a, b) in original.records().iter().zip(copy.records()) {
                assert_eq!(Attributes::from(a), Attributes::from(b));
                assert_eq!(original.read(a)?, copy.read(b)?, "{path} {container:?} {a:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_record_that_cannot_be_written_keeps_none_from_being_written() -> Outcome {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone())?;
    let names = ["A", "TOOLONG", "B"];
    let field = |n: u16| Field::new(Values::F32(values(n)), (n.into(), 1, 1), None);
    let records = names.iter().zip(4..).map(|(name, n)| Ok((Attributes::new(*name), field(n)?)));
    let records = records.collect::<Result<Vec<_>, Error>>()?;
    let results: Vec<_> = writer.write_many(records).collect();
    writer.close()?;
    assert!(matches!(results[..], [Ok(_), Err(Error::Field(_)), Ok(_)]), "{results:?}");
    let file = read(&memory)?;
    let found: Vec<_> = file.records().iter().map(|r| (r.nomvar().as_str().to_owned(), r.ni())).collect();
    assert_eq!(found, [("A".to_owned(), 4), ("B".to_owned(), 6)]);
    assert!(Field::new(Values::U8(vec![0; 3]), (2, 2, 1), None).is_err());
    Ok(())
}

#[test]
fn no_mask_is_lost() -> Outcome {
    let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    let mask = |bit: bool| (0..4).map(|k| bit && k == 1).collect::<rpnfst::Mask>();
    let reals = |bit| Array::new(values(4), (4, 1, 1))?.with_missing(mask(bit));
    let complex = |bit| Array::new(vec![[1.0_f32, 2.0]; 4], (4, 1, 1))?.with_missing(mask(bit));
    let record = Attributes::new("T");
    let plain = record.clone().data_type(DataType::QUANTIZED).pack_bits(16);
    let flagged = plain.clone().data_type(DataType::new(DataType::QUANTIZED.code() | DataType::MISSING_FLAG));
    let refused = |result: Result<Record, Error>| matches!(result, Err(Error::Field(e)) if e.field == "data_type");
    assert!(refused(writer.write(&plain, &reals(true)?)));
    assert!(refused(writer.write(&record, &complex(true)?)));
    writer.write(&plain, &reals(false)?)?;
    writer.write(&record, &complex(false)?)?;
    for record in [&record, &flagged] {
        assert!(writer.write(record, &reals(true)?)?.data_type().has_missing());
    }
    Ok(())
}

#[test]
fn wrong_attributes_are_named() {
    let name = |record: Attributes| record.check().map_err(|e| e.field);
    assert_eq!(name(Attributes::new("TOOLONG")), Err("nomvar"));
    assert_eq!(name(Attributes::new("T\u{e9}")), Err("nomvar"));
    assert_eq!(name(Attributes::new("T").typvar("P@@")), Err("typvar"));
    assert_eq!(name(Attributes::new("T").etiket("~")), Err("etiket"));
    assert_eq!(name(Attributes::new("T").ip1(1 << 28)), Err("ip1"));
    assert_eq!(name(Attributes::new("T").level(IpValue::new(-5.0, Kind::Pressure))), Err("ip1"));
    assert_eq!(name(Attributes::new("T").ig(0, 0, 1 << 24, 0)), Err("ig3"));
    assert_eq!(name(Attributes::new("T").deet(1 << 24)), Err("deet"));
    assert_eq!(name(Attributes::new("T").datev(DateStamp::from_raw(61_550_128))), Err("datev"));
    // Without the JSON parser it is not looked at.
    if cfg!(feature = "serde") {
        assert_eq!(name(Attributes::new("T").metadata("{")), Err("metadata"));
    }
    assert_eq!(name(Attributes::new("T").metadata("{\"a\":NaN}")), Ok(()));
}
