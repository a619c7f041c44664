//! Files of as many records as there can be, and many files.

use std::{fs, path::Path};

use rpnfst::{Array, Attributes, Container, File, WriteOptions, record::DateStamp};
use rpnfst_oracle::Librmn;

use crate::{
    MEMORY, Outcome,
    encode::fresh,
    listing::all_fields,
    report::Section,
    timing::{elapsed, in_turns, milliseconds, ratio, timed},
};

/// All slots of an XDF file, and a number of records without limit.
const RECORDS: [(&str, Container, u32); 2] =
    [("XDF, the most it holds", Container::Xdf, 1024 * 256), ("RSF", Container::Rsf, 2_000_000)];
const FILES: u32 = 10_000;
const IN_EACH: u32 = 20;

pub fn scale(librmn: Librmn, folder: &Path) -> Outcome<Vec<Section>> {
    Ok(vec![many_records(librmn, folder)?, many_files(librmn, folder)?])
}

fn tiny(path: &Path, container: Container, count: u32) -> Outcome<()> {
    let mut writer = fresh(path, &WriteOptions::new().container(container))?;
    for k in 0..count {
        let record = Attributes::new("TT").dateo(DateStamp::from_raw(380_000_000)).deet(300).npas(k % 1000).ip1(k);
        writer.write(&record, &Array::words(&[k], (1, 1, 1))?)?;
    }
    Ok(writer.close()?)
}

fn many_records(librmn: Librmn, folder: &Path) -> Outcome<Section> {
    let columns = [
        "container",
        "records",
        "open ms",
        "s per million",
        "open and list ms",
        "librmn ms",
        "ratio",
        "bytes/record, peak",
    ];
    let text =
        "As in the listing above, one thread. Memory: what rpnfst had allocated at most while it opened the file.";
    let mut section = Section::new("Many records in one file", text, &columns);
    for (name, container, count) in RECORDS {
        let path = folder.join("many");
        tiny(&path, container, count)?;
        // The counter keeps its highest value: fill up to it, so that whatever opening needs is above.
        let ballast: Vec<u8> = Vec::with_capacity(MEMORY.max_allocated() - MEMORY.allocated());
        let before = MEMORY.allocated();
        let file = File::open(&path)?;
        assert_eq!(file.records().len(), count as usize);
        let peak = MEMORY.max_allocated() - before;
        drop((file, ballast));
        let list = || {
            File::open(&path)?.records().iter().for_each(all_fields);
            Ok(())
        };
        let [opened, listed] = in_turns(7, [&mut || timed(|| Ok(File::open(&path)?)), &mut || timed(list)])?;
        let mut cells = vec![
            name.to_owned(),
            count.to_string(),
            milliseconds(opened),
            format!("{:.3}", opened.as_secs_f64() * 1e6 / f64::from(count)),
            milliseconds(listed),
        ];
        if container == Container::Xdf {
            let [theirs] = in_turns(5, [&mut || timed(|| Ok(librmn.open(&path)?.scan()?))])?;
            cells.extend([milliseconds(theirs), format!("{:.1}", ratio(listed, theirs))]);
        } else {
            cells.extend([String::new(), String::new()]);
        }
        cells.push(format!("{:.0}", peak as f64 / f64::from(count)));
        section.rows.push(cells);
        fs::remove_file(path)?;
    }
    Ok(section)
}

fn many_files(librmn: Librmn, folder: &Path) -> Outcome<Section> {
    let first = folder.join("0.std");
    tiny(&first, Container::Xdf, IN_EACH)?;
    let mut paths = vec![first.clone()];
    for k in 1..FILES {
        let path = folder.join(format!("{k}.std"));
        fs::copy(&first, &path)?;
        paths.push(path);
    }
    let list = || {
        elapsed(|| {
            let file = File::link(&paths)?;
            assert_eq!(file.records().len(), (FILES * IN_EACH) as usize);
            file.records().iter().for_each(all_fields);
            Ok(file)
        })
    };
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let (one_thread, two_threads) = (pool(1)?, pool(2)?);
    let [one, two, theirs] = in_turns(
        5,
        [&mut || one_thread.install(list), &mut || two_threads.install(list), &mut || {
            elapsed(|| paths.iter().try_fold(0, |sum, path| Ok(sum + librmn.open(path)?.scan()?)))
        }],
    )?;
    let text = "One call, `File::link`, and every field of every record. librmn: one file after the other, since it does not \
                open so many at once.";
    let columns = ["rpnfst, one thread ms", "two threads ms", "ratio", "librmn ms", "ratio to one thread"];
    let mut section = Section::new(format!("{FILES} files of {IN_EACH} records"), text, &columns);
    section.rows.push(vec![
        milliseconds(one),
        milliseconds(two),
        format!("{:.2}", ratio(two, one)),
        milliseconds(theirs),
        format!("{:.1}", ratio(one, theirs)),
    ]);
    Ok(section)
}
