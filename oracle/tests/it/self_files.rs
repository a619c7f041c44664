//! The oracle alone: files, searches, edits.

use std::path::Path;

use rpnfst_oracle::{
    Container, Criteria, Data, Edit, Element, Librmn, Missing, OracleError, OracleFile, Spec, Turbo, harness,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn ramp(count: i16) -> Data {
    Data::F32((0..count).map(f32::from).collect())
}

fn spec(ip1: i32) -> Spec {
    Spec { ip1, ni: 12, ..Spec::default() }
}

/// A file with ip1 = 1, 2, ... and the same values everywhere.
fn create(librmn: Librmn, path: &Path, container: Container, records: i32) -> Result<OracleFile, OracleError> {
    let mut file = librmn.create(path, container)?;
    for ip1 in 1..=records {
        file.write(&spec(ip1), &ramp(12))?;
    }
    Ok(file)
}

fn ip1s(file: &OracleFile) -> Result<Vec<i32>, OracleError> {
    Ok(file.list()?.iter().map(|entry| entry.ip1).collect())
}

#[test]
fn delete_rewrite_edit() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("edited.std");
    create(librmn, &path, Container::Random, 4)?.close()?;

    let mut file = librmn.update(&path)?;
    let entries = file.list()?;
    file.delete(entries[1].handle)?;
    // Same length: in place. Another length: at the end.
    file.write(&Spec { rewrite: true, npas: 7, ..spec(1) }, &ramp(12))?;
    file.write(&Spec { rewrite: true, ni: 100, ..spec(3) }, &ramp(100))?;
    let edit = Edit { ip3: Some(99), etiket: Some("edited".into()), datev: Some(380_010_000), ..Edit::default() };
    file.edit(entries[3].handle, &edit)?;
    file.close()?;

    let file = librmn.open(&path)?;
    assert_eq!(ip1s(&file)?, [1, 4, 3]);
    let entries = file.list()?;
    assert_eq!((entries[0].npas, entries[2].ni), (7, 100));
    assert_eq!((entries[1].ip3, entries[1].etiket.as_str()), (99, "EDITED      "));
    assert_eq!((entries[1].datev, entries[1].nomvar.as_str()), (380_010_000, "TT  "));
    assert_eq!(file.record_count(), 3);
    assert_eq!(file.read(&entries[2], Element::F32, Missing::Off)?, ramp(100));
    Ok(())
}

#[test]
fn searches_find_what_was_written() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("searched.std");
    let mut file = create(librmn, &path, Container::Random, 600)?;
    file.write(&Spec { nomvar: "UU".into(), ..spec(5) }, &ramp(12))?;
    for ip1 in [850, 41_744_464, 850] {
        file.write(&Spec { nomvar: "UU".into(), ..spec(ip1) }, &ramp(12))?;
    }
    file.close()?;
    let file = librmn.open(&path)?;
    let found = |criteria: &Criteria| -> Result<Vec<(String, i32)>, OracleError> {
        let entries = file.find_all(criteria)?.into_iter().map(|handle| file.entry(handle));
        entries.map(|entry| entry.map(|entry| (entry.nomvar, entry.ip1))).collect()
    };
    assert_eq!(found(&Criteria::default())?.len(), 604);
    let five = found(&Criteria { ip1: 5, ..Criteria::default() })?;
    assert_eq!(five, [("TT  ".into(), 5), ("UU  ".into(), 5)]);
    assert_eq!(found(&Criteria { nomvar: "uu".into(), ..Criteria::default() })?.len(), 4);
    assert!(found(&Criteria { nomvar: "U".into(), ..Criteria::default() })?.is_empty());
    let uu = Criteria { nomvar: "UU".into(), ..Criteria::default() };
    // The first match may be of any encoding; it decides for the others.
    let levels = file.find_level(&uu, 850.0, 2)?;
    assert_eq!(levels.len(), 2);
    // The flag concerns one search only.
    assert_eq!(file.find_all(&Criteria { ip1: 41_744_464, ..uu })?.len(), 1);
    Ok(())
}

#[test]
fn sequential_files() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("sequential.std");
    create(librmn, &path, Container::Sequential, 3)?.close()?;
    let mut file = librmn.update(&path)?;
    file.write(&spec(4), &ramp(12))?;
    file.close()?;
    let file = librmn.open(&path)?;
    assert_eq!(file.container(), Container::Sequential);
    assert_eq!(ip1s(&file)?, [1, 2, 3, 4]);
    let entries = file.list()?;
    assert_eq!(file.read(&entries[3], Element::F32, Missing::Off)?, ramp(12));
    assert_eq!(file.find_all(&Criteria { ip1: 2, ..Criteria::default() })?.len(), 1);
    Ok(())
}

#[test]
fn linked_files() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let [first, second] = ["first.std", "second.std"].map(|name| folder.path().join(name));
    create(librmn, &first, Container::Random, 300)?.close()?;
    create(librmn, &second, Container::Random, 5)?.close()?;
    let linked = librmn.open_linked(&[&second, &first])?;
    let ip1s = |entries: Vec<rpnfst_oracle::Entry>| entries.iter().map(|entry| entry.ip1).collect::<Vec<_>>();
    let expected: Vec<i32> = (1..=5).chain(1..=300).collect();
    assert_eq!(ip1s(linked.find_all(&Criteria::default())?), expected);
    let threes = linked.find_all(&Criteria { ip1: 3, ..Criteria::default() })?;
    assert_eq!(threes.len(), 2);
    assert_eq!(linked.read_natural(&threes[1], Missing::Off)?, Some(ramp(12)));
    Ok(())
}

#[test]
fn modes_do_not_leak() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("modes.std");
    let mut file = librmn.create(&path, Container::Random)?;
    let mut values: Vec<f32> = (0..400_i16).map(f32::from).collect();
    values[7] = -1.0e38;
    let data = Data::F32(values.clone());
    let square = Spec { ni: 20, nj: 20, datyp: 198, npak: -16, ..Spec::default() };
    for (missing, turbo) in [(Missing::Flags, Turbo::Best), (Missing::Off, Turbo::Fast), (Missing::Flags, Turbo::Fast)]
    {
        file.write(&Spec { missing, turbo, ..square.clone() }, &data)?;
    }
    // Bytes, then floats: the element width is that of each call.
    file.write(&Spec { datyp: 2, npak: -8, ..spec(1) }, &Data::U8((0..12).collect()))?;
    file.write(&spec(2), &ramp(12))?;
    file.close()?;
    let file = librmn.open(&path)?;
    let entries = file.list()?;
    let types: Vec<i32> = entries.iter().map(|entry| entry.datyp).collect();
    assert_eq!(types, [198, 134, 198, 2, 5]);
    let on = file.read_natural(&entries[0], Missing::Flags)?;
    let off = file.read_natural(&entries[0], Missing::Off)?;
    let (Some(Data::F32(on)), Some(Data::F32(off))) = (on, off) else { panic!("not reals") };
    assert_eq!(on[7].to_bits(), values[7].to_bits());
    assert!(off[7] > 399.0 && off[7] < 410.0, "{}", off[7]);
    assert_eq!(file.read_natural(&entries[0], Missing::Flags)?, file.read_natural(&entries[2], Missing::Flags)?);
    // The two levels do not store the same bytes.
    assert_ne!(entries[0].lng, entries[2].lng);
    assert_eq!(file.read(&entries[3], Element::U8, Missing::Off)?, Data::U8((0..12).collect()));
    Ok(())
}

#[test]
fn wrong_calls_are_refused() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("refused.std");
    let mut file = create(librmn, &path, Container::Random, 1)?;
    assert!(matches!(file.write(&spec(1), &ramp(3)), Err(OracleError::Length { expected: 12, found: 3 })));
    let out_of_range = Spec { ip1: -5, ..spec(1) };
    assert!(matches!(file.write(&out_of_range, &ramp(12)), Err(OracleError::Call { function: "fstecr", .. })));
    file.close()?;
    std::fs::write(&path, b"not a standard file")?;
    assert!(matches!(librmn.open(&path), Err(OracleError::NotStandardFile(_))));
    Ok(())
}
