//! Whole records read, each through the library's own call.

use std::{path::Path, time::Duration};

use rpnfst::{Element, File, FillMissing, ReadOptions, Record, Threads};
use rpnfst_oracle::{Buffer, Container, Element as Type, Entry, Librmn, Missing as OracleMissing, OracleFile};

use crate::{
    Outcome,
    cases::{CASES, Case, SIZES, Work, field, with_values},
    chart::Chart,
    report::{SPEED, Section, columns_of_speed},
    timing::{copying, in_turns, ratio, timed},
};

const TEXT: &str = "A file that librmn wrote; `File::read_into` and `fstluk` read each of its records into an array that is \
                    there. MB/s of decoded values.\n`memcpy` copies such an array; the last column is the \
                    speed of rpnfst as a percentage of that.";

pub fn decode(librmn: Librmn, folder: &Path) -> Outcome<Vec<Section>> {
    SIZES.iter().map(|&size| one_size(librmn, folder, size)).collect()
}

fn one_size(librmn: Librmn, folder: &Path, (ni, nj): (u16, u16)) -> Outcome<Section> {
    let path = folder.join(format!("{ni}x{nj}.std"));
    let values = field((ni, nj));
    let mut writer = librmn.create(&path, Container::Random)?;
    for case in CASES {
        writer.write(&case.spec((ni, nj)), &case.data(&values))?;
    }
    writer.close()?;

    let columns = [&["datyp/bits", "stored"][..], &SPEED].concat();
    let mut section = Section::new(format!("Reading records of {ni} x {nj}"), TEXT, &columns);
    let mut bars = Vec::new();
    let ours = File::open(&path)?;
    let theirs = librmn.open(&path)?;
    let entries = theirs.list()?;
    for ((record, entry), case) in ours.records().iter().zip(&entries).zip(CASES) {
        assert_eq!(record.data_type().code(), case.datyp, "stored as asked");
        let race = Race { ours: &ours, record, theirs: &theirs, entry, element: case.element };
        let times = with_values(&case.data(&values), race)?;
        let bytes = values.len() * case.element.size();
        let stored = 100.0 * record.payload_extent().1 as f64 / bytes as f64;
        let cells = columns_of_speed(bytes, times);
        section.rows.push([&[case.name(), format!("{stored:.0} %")][..], &cells].concat());
        bars.push((Case::name(*case), ratio(times[0], times[1])));
    }
    if SIZES.last() == Some(&(ni, nj)) {
        let title = format!("Reading records of {ni} x {nj}: how many times faster than librmn 19.5");
        section.chart = Some(Chart::ratios("decode", title, bars));
    }
    Ok(section)
}

struct Race<'a> {
    ours: &'a File,
    record: &'a Record,
    theirs: &'a OracleFile,
    entry: &'a Entry,
    element: Type,
}

impl Work for Race<'_> {
    type Result = [Duration; 3];

    fn on<T: Element>(self, values: &[T]) -> Outcome<[Duration; 3]> {
        let options = ReadOptions::new().missing(FillMissing::Substitute).threads(Threads::One);
        let mut out = vec![T::default(); values.len()];
        let mut buffer = Buffer::new(self.element, values.len());
        let times = in_turns(
            25,
            [
                &mut || timed(|| Ok(self.ours.read_into(self.record, &mut out, &options)?)),
                &mut || {
                    timed(|| Ok(self.theirs.read_into(self.entry, self.element, OracleMissing::Off, &mut buffer)?))
                },
                &mut copying(values),
            ],
        )?;
        Ok(times)
    }
}
