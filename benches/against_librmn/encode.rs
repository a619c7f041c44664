//! Whole records written, each through the library's own call.

use std::{fs, io::Write as _, path::Path, time::Duration};

use rpnfst::{Attributes, DataType, Element, Rules, Threads, WriteOptions, Writer};
use rpnfst_oracle::{Buffer, Container, Data, Librmn};

use crate::{
    Outcome,
    cases::{CASES, Case, SIZES, Work, field, with_values},
    chart::Chart,
    report::{SPEED, Section, columns_of_speed},
    timing::{copying, in_turns, ratio, speed, timed},
};

const TEXT: &str = "A new file of six records, created and closed (`Writer::write`, `fstecr`). MB/s of values given. The last \
                    column: the same bytes written\nby `write(2)` alone, in six pieces, which bounds both.";

/// Records in a file that is timed.
const WRITTEN: usize = 6;

pub fn encode(librmn: Librmn, folder: &Path) -> Outcome<Vec<Section>> {
    SIZES.iter().map(|&size| one_size(librmn, folder, size)).collect()
}

fn one_size(librmn: Librmn, folder: &Path, (ni, nj): (u16, u16)) -> Outcome<Section> {
    let columns = [&["datyp/bits"][..], &SPEED, &["write(2) alone MB/s"]].concat();
    let mut section = Section::new(format!("Writing records of {ni} x {nj}"), TEXT, &columns);
    let values = field((ni, nj));
    let mut bars = Vec::new();
    for &case in CASES {
        let data = case.data(&values);
        let duel = Duel { librmn, folder, case, size: (ni, nj), data: &data };
        let [ours, theirs, floor, copy] = with_values(&data, duel)?;
        let bytes = WRITTEN * values.len() * case.element.size();
        let cells = columns_of_speed(bytes, [ours, theirs, copy * u32::try_from(WRITTEN)?]);
        section.rows.push([&[case.name()][..], &cells, &[format!("{:.0}", speed(bytes, floor))]].concat());
        bars.push((case.name(), ratio(ours, theirs)));
    }
    if SIZES.last() == Some(&(ni, nj)) {
        let title = format!("Writing records of {ni} x {nj}: how many times faster than librmn 19.5");
        section.chart = Some(Chart::ratios("encode", title, bars));
    }
    Ok(section)
}

struct Duel<'a> {
    librmn: Librmn,
    folder: &'a Path,
    case: Case,
    size: (u16, u16),
    data: &'a Data,
}

impl Work for Duel<'_> {
    type Result = [Duration; 4];

    /// The same records written by both, the bytes of our file by nobody but the system, and the values only copied.
    fn on<T: Element>(self, values: &[T]) -> Outcome<[Duration; 4]> {
        let [mine, yours, copy] = ["ours.std", "theirs.std", "copy.std"].map(|name| self.folder.join(name));
        let mut buffer = Buffer::from_data(self.data);
        let spec = self.case.spec(self.size);
        let (ni, nj) = self.size;
        let dims = (usize::from(ni), usize::from(nj), 1);
        let record = Attributes::new("TT").data_type(DataType::new(self.case.datyp)).pack_bits(self.case.bits);
        in_turns(
            9,
            [
                &mut || {
                    timed(|| {
                        let mut writer = fresh(
                            &mine,
                            &WriteOptions::new().rules(Rules::Like(rpnfst::Librmn::V19)).threads(Threads::One),
                        )?;
                        for _ in 0..WRITTEN {
                            writer.write(&record, &rpnfst::Array::new(values, dims)?)?;
                        }
                        Ok(writer.close()?)
                    })
                },
                &mut || {
                    timed(|| {
                        let mut writer = self.librmn.create(&yours, Container::Random)?;
                        for _ in 0..WRITTEN {
                            writer.write_buffer(&spec, self.data.element(), &mut buffer)?;
                        }
                        Ok(writer.close()?)
                    })
                },
                &mut || {
                    let bytes = fs::read(&mine)?;
                    timed(|| {
                        remove(&copy)?;
                        let mut file = fs::File::create(&copy)?;
                        for piece in bytes.chunks(bytes.len().div_ceil(WRITTEN)) {
                            file.write_all(piece)?;
                        }
                        Ok(())
                    })
                },
                &mut copying(values),
            ],
        )
    }
}

/// A new file in place of one that may be there, as the oracle makes it.
pub fn fresh(path: &Path, options: &WriteOptions) -> Outcome<Writer> {
    remove(path)?;
    Ok(options.create(path)?)
}

fn remove(path: &Path) -> Outcome<()> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    Ok(())
}
