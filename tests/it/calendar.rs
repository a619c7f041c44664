//! Calendars of models: the origin of a record follows from its validity in the one that the reader names.

use rpnfst::{Attributes, File, OpenOptions, Query, Writer, record::Calendar};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/cases/calendar_365/t.std");

fn open(calendar: Calendar) -> rpnfst::Result<File> {
    OpenOptions::new().calendar(calendar).open(FILE)
}

#[test]
fn origins_follow_in_the_calendar() -> rpnfst::Result<()> {
    let (gregorian, no_leap) = (File::open(FILE)?, open(Calendar::NoLeap)?);
    let origin = |file: &File| -> rpnfst::Result<Vec<String>> {
        file.records().iter().map(|record| Ok(record.dateo()?.to_civil()?.to_string())).collect()
    };
    assert_eq!(origin(&gregorian)?, ["2000-01-02T00:00:00Z"; 3]);
    assert_eq!(origin(&no_leap)?, ["2000-01-01T00:00:00Z"; 3]);
    let query: Query = "origin_time=2000-01-01".parse()?;
    assert_eq!((gregorian.select(&query).count(), no_leap.select(&query).count()), (0, 3));
    // It is no part of the record: one of either file is found and read in the other.
    assert_eq!(gregorian.records(), no_leap.records());
    for (one, other) in gregorian.records().iter().zip(no_leap.records()) {
        assert_eq!(gregorian.read(other)?.values(), no_leap.read(one)?.values());
        assert_eq!(one.clone().with_calendar(Calendar::NoLeap).dateo(), other.dateo());
    }
    let mut again = open(Calendar::NoLeap)?;
    again.refresh()?;
    assert_eq!(origin(&again)?, origin(&no_leap)?);
    Ok(())
}

#[test]
fn validities_follow_in_the_calendar() -> rpnfst::Result<()> {
    let file = open(Calendar::NoLeap)?;
    for record in file.records() {
        // A copy with its own origin keeps its validity.
        let edited = Attributes::from(record).dateo(record.dateo()?).preview(record)?;
        assert_eq!((edited.datev(), edited.dateo()), (record.datev(), record.dateo()));
        let made =
            Attributes::new("PR").calendar(Calendar::NoLeap).dateo(record.dateo()?).deet(3600).npas(record.npas());
        assert_eq!(made.preview(record)?.datev(), record.datev());
    }
    Ok(())
}

/// A record that was found with a calendar is edited by a writer, which knows none.
#[test]
fn writers_know_the_records() -> rpnfst::Result<()> {
    let folder = tempfile::tempdir().expect("there");
    let path = folder.path().join("t.std");
    std::fs::copy(FILE, &path).expect("there");
    let file = OpenOptions::new().calendar(Calendar::NoLeap).open(&path)?;
    let mut writer = Writer::append(&path)?;
    for record in file.records() {
        let edited = writer.edit(record, &Attributes::from(record).dateo(record.dateo()?).etiket("NEW"))?;
        assert_eq!(edited.datev(), record.datev());
    }
    writer.close()
}
