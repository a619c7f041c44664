//! Two threads against one, rpnfst alone.

use std::{hint::black_box, path::Path, time::Duration};

use rpnfst::{Array, Attributes, DataType, Field, File, MemoryFile, ReadOptions, Record, Threads, WriteOptions};
use rpnfst_oracle::Librmn;

use crate::{
    Outcome,
    cases::{CASES, Case, Work, field, with_values},
    report::Section,
    timing::{elapsed, in_turns, ratio, speed},
};

/// A record that is large.
const LARGE: (u16, u16) = (4000, 3000);
const MANY: usize = 48;
const SIZE: (u16, u16) = (1000, 1000);
const SHOWN: [(u8, u8); 8] = [(1, 16), (4, 16), (5, 32), (6, 16), (129, 16), (130, 16), (133, 32), (134, 16)];

pub fn parallel(_: Librmn, _: &Path) -> Outcome<Vec<Section>> {
    let columns = ["datyp/bits", "one thread MB/s", "two threads MB/s", "ratio"];
    let title = |what: &str, (ni, nj): (u16, u16)| format!("Two threads: {what} of {ni} x {nj}");
    let text = "`File::map_many`, each record decoded into new memory and dropped. MB/s of decoded values.";
    let mut reading = Section::new(title(&format!("reading {MANY} records"), SIZE), text, &columns);
    let text = "`File::read_into` with `Threads::Many`: within one record.";
    let mut inside = Section::new(title("reading one record", LARGE), text, &columns);
    let text = "`Writer::write` to memory: within one record, on all processors. MB/s of values given.";
    let mut outside = Section::new(title("writing one record", LARGE), text, &columns);
    let text = "`Writer::write_many` to memory. MB/s of values given.";
    let mut writing = Section::new(title(&format!("writing {MANY} records"), SIZE), text, &columns);
    let pools = [1, 2].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    let [Ok(one), Ok(two)] = pools else { return Err("no threads".into()) };
    let pools = [one, two];
    let (values, large) = (field(SIZE), field(LARGE));
    for &case in CASES.iter().filter(|case| SHOWN.contains(&(case.datyp, case.bits))) {
        let row = |section: &mut Section, bytes: usize, [one, two]: [Duration; 2]| {
            let cell = |time| format!("{:.0}", speed(bytes, time));
            section.rows.push(vec![case.name(), cell(one), cell(two), format!("{:.2}", ratio(two, one))]);
        };
        let bytes = case.element.size() * MANY * values.len();
        let [written, read] = with_values(&case.data(&values), Many { case, pools: &pools })?;
        row(&mut writing, bytes, written);
        row(&mut reading, bytes, read);
        let bytes = case.element.size() * large.len();
        let [written, read] = with_values(&case.data(&large), One { case, pools: &pools })?;
        row(&mut outside, bytes, written);
        row(&mut inside, bytes, read);
    }
    Ok(vec![reading, inside, writing, outside])
}

fn record(case: Case) -> Attributes {
    Attributes::new("TT").data_type(DataType::new(case.datyp)).pack_bits(case.bits)
}

fn dims((ni, nj): (u16, u16)) -> (usize, usize, usize) {
    (ni.into(), nj.into(), 1)
}

/// Many records written, and read.
struct Many<'a> {
    case: Case,
    pools: &'a [rayon::ThreadPool; 2],
}

impl Work for Many<'_> {
    type Result = [[Duration; 2]; 2];

    fn on<T: rpnfst::Element>(self, values: &[T]) -> Outcome<Self::Result> {
        let memory = MemoryFile::new();
        let data = Array::new(values, dims(SIZE))?;
        let write = || {
            elapsed(|| {
                let mut writer = WriteOptions::new().overwrite(true).create_sink(memory.clone())?;
                writer
                    .write_many((0..MANY).map(|_| (record(self.case), &data)))
                    .try_for_each(|result| result.map(drop))?;
                Ok(writer.close()?)
            })
        };
        let written = in_turns(7, [&mut || self.pools[0].install(write), &mut || self.pools[1].install(write)])?;
        let file = File::from_bytes(memory.to_vec())?;
        let options = ReadOptions::new().threads(Threads::Many);
        let elements = |record: &Record, field: rpnfst::Result<Field>| match black_box(field) {
            Ok(_) => record.element_count(),
            Err(_) => None,
        };
        let read = || {
            elapsed(|| {
                let total =
                    file.map_many(file.records(), &options, elements).map(|(_, count)| count).sum::<Option<u64>>();
                total.ok_or_else(|| "a record that cannot be read".into())
            })
        };
        let read = in_turns(7, [&mut || self.pools[0].install(read), &mut || self.pools[1].install(read)])?;
        Ok([written, read])
    }
}

/// One large record written, and read.
struct One<'a> {
    case: Case,
    pools: &'a [rayon::ThreadPool; 2],
}

impl Work for One<'_> {
    type Result = [[Duration; 2]; 2];

    fn on<T: rpnfst::Element>(self, values: &[T]) -> Outcome<Self::Result> {
        let memory = MemoryFile::new();
        let data = Array::new(values, dims(LARGE))?;
        let write = |threads| {
            elapsed(|| {
                let mut writer = WriteOptions::new().overwrite(true).threads(threads).create_sink(memory.clone())?;
                writer.write(&record(self.case), &data)?;
                Ok(writer.close()?)
            })
        };
        let written = in_turns(9, [&mut || write(Threads::One), &mut || write(Threads::Many)])?;
        let file = File::from_bytes(memory.to_vec())?;
        let options = ReadOptions::new().threads(Threads::Many);
        let out = std::cell::RefCell::new(vec![T::default(); values.len()]);
        let read = |pool: &rayon::ThreadPool| {
            let mut out = out.borrow_mut();
            let out = &mut out[..];
            pool.install(|| elapsed(|| Ok(file.read_into(&file.records()[0], out, &options)?)))
        };
        let read = in_turns(9, [&mut || read(&self.pools[0]), &mut || read(&self.pools[1])])?;
        Ok([written, read])
    }
}
