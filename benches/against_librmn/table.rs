//! One table of the records of many files.

use std::path::{Path, PathBuf};

use rpnfst::{
    Array, Attributes, OpenOptions, Query, RecordTable,
    record::{Column, DateStamp, IpValue, Kind},
};
use rpnfst_oracle::Librmn;

use crate::{
    MEMORY, Outcome,
    report::Section,
    timing::{elapsed, in_turns, milliseconds},
};

const FILES: u32 = 10_000;
const IN_EACH: u32 = 100;

pub fn table(_: Librmn, folder: &Path) -> Outcome<Vec<Section>> {
    let text = "10000 XDF files of 100 records, in the page cache; time on the wall, all cores; medians. Memory: what the table has \
                allocated when it is done, and at most while it was made.";
    let mut section = Section::new("A table of 1000000 records", text, &["what", "ms", "million records/s"]);
    let paths = files(folder)?;
    let before = MEMORY.allocated();
    let scan = OpenOptions::new().scan(&paths, |_| ());
    assert_eq!((scan.table.len(), scan.errors.len()), ((FILES * IN_EACH) as usize, 0));
    let table = scan.table;
    let bytes = [MEMORY.allocated() - before, MEMORY.max_allocated() - before].map(|n| n as f64 / table.len() as f64);
    let query = |text: &str| text.parse::<Query>();
    let [names, numbers, levels] =
        [query("nomvar=TT")?, query("ip2=0..48 and ni=1")?, query("level=500..1000 hPa and not nomvar=UU")?];
    let work: [(&str, &dyn Fn() -> usize); 9] = [
        ("files to table", &|| RecordTable::of_files(&paths).map_or(0, |table| table.len())),
        ("filter: a name", &|| table.matching(&names).len()),
        ("filter: two numbers", &|| table.matching(&numbers).len()),
        ("filter: levels and a name", &|| table.matching(&levels).len()),
        ("valid times", &|| usize::from(table.column(Column::ValidTime).missing.is_some())),
        ("levels", &|| usize::from(table.column(Column::Level).missing.is_some())),
        ("all columns", &|| Column::ALL.iter().filter(|column| table.column(**column).missing.is_some()).count()),
        ("group by nomvar, level_kind", &|| table.group(&[Column::Nomvar, Column::LevelKind]).len()),
        ("sort by valid_time, nomvar", &|| table.sort(&[Column::ValidTime.into(), Column::Nomvar.into()]).len()),
    ];
    for (name, work) in work {
        let [time] = in_turns(5, [&mut || elapsed(|| Ok(work()))])?;
        let speed = f64::from(FILES * IN_EACH) / 1e6 / time.as_secs_f64();
        section.rows.push(vec![name.to_owned(), milliseconds(time), format!("{speed:.1}")]);
    }
    for (name, bytes) in ["bytes a record", "bytes a record, peak"].into_iter().zip(bytes) {
        section.rows.push(vec![format!("{name}: {bytes:.0}"), String::new(), String::new()]);
    }
    Ok(vec![section])
}

/// Forecasts of five variables on twenty levels, a file for each hour of many runs.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for number in 0..FILES {
        let path = folder.join(format!("{number:05}.std"));
        let mut writer = rpnfst::Writer::create(&path)?;
        let origin = DateStamp::from_raw(400_000_000 + 10_800 * i32::try_from(number / 50)?);
        for k in 0..IN_EACH {
            let name = ["TT", "UU", "VV", "GZ", "HU"][(k % 5) as usize];
            let level = IpValue::new(50.0 * f32::from(u16::try_from(k / 5 + 1)?), Kind::Pressure);
            let record =
                Attributes::new(name).typvar("P").etiket("G1_7_1_0N").dateo(origin).deet(3600).npas(number % 50);
            writer.write(&record.level(level).ip2(number % 50), &Array::words(&[k], (1, 1, 1))?)?;
        }
        writer.close()?;
        paths.push(path);
    }
    Ok(paths)
}
