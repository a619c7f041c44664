//! Winds: pairs of records that hold the two components.

use std::collections::HashMap;

use crate::record::{DateStamp, Etiket, Nomvar, Record, Typvar};

/// Names of the components of winds along x and y.
const NAMES: [(&str, &str); 1] = [("UU", "VV")];

/// The two components of a wind at one time and level, along the columns and rows of one grid.
///
/// ```
/// # let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
/// for wind in rpnfst::geo::Winds::of(file.records()) {
///     assert_eq!((wind.u.nomvar().as_str(), wind.v.nomvar().as_str()), ("UU", "VV"));
///     assert_eq!(wind.u.level(), wind.v.level());
/// }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Winds<'a> {
    /// The component along x.
    pub u: &'a Record,
    /// The component along y.
    pub v: &'a Record,
}

/// What the components have in common.
type Same = (usize, usize, Typvar, Etiket, DateStamp, [u32; 4], [u32; 2], u8, [u32; 4]);

impl<'a> Winds<'a> {
    /// The pairs among some records, in the order of their first components. Of several records that differ in nothing but
    /// their values, the first `UU` goes with the first `VV`.
    pub fn of(records: impl IntoIterator<Item = &'a Record>) -> Vec<Self> {
        let mut us = Vec::new();
        let mut vs: HashMap<Same, Vec<&Record>> = HashMap::new();
        for record in records {
            match component(record.nomvar()) {
                Some((wind, false)) => us.push((same(wind, record), record)),
                Some((wind, true)) => vs.entry(same(wind, record)).or_default().push(record),
                None => {}
            }
        }
        for vs in vs.values_mut() {
            vs.reverse();
        }
        let pair = |(same, u): (Same, &'a Record)| Some(Self { u, v: vs.get_mut(&same)?.pop()? });
        us.into_iter().filter_map(pair).collect()
    }

    /// Whether a record is a component of a wind, by its name.
    pub fn has(record: &Record) -> bool {
        component(record.nomvar()).is_some()
    }
}

/// Which wind a name belongs to, and whether to its component along y.
fn component(nomvar: Nomvar) -> Option<(usize, bool)> {
    let of = |(wind, (u, v)): (usize, &(&str, &str))| match nomvar {
        name if name == *u => Some((wind, false)),
        name if name == *v => Some((wind, true)),
        _ => None,
    };
    NAMES.iter().enumerate().find_map(of)
}

fn same(wind: usize, record: &Record) -> Same {
    (
        wind,
        record.file_number(),
        record.typvar(),
        record.etiket(),
        record.datev(),
        [record.ip1(), record.ip2(), record.ip3(), record.nk()],
        [record.ni(), record.nj()],
        record.grtyp().0,
        [record.ig1(), record.ig2(), record.ig3(), record.ig4()],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, Attributes, File, MemoryFile, WriteOptions};

    #[test]
    fn pairs_of_one_level_and_grid() {
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("created");
        let data = Array::new(vec![1.0_f32; 4], (2, 2, 1)).expect("4 values");
        for (name, ip1, ig1) in [("UU", 500, 0), ("UU", 850, 0), ("VV", 850, 0), ("TT", 850, 0), ("VV", 500, 1)] {
            let attributes = Attributes::new(name).typvar("P").ip1(ip1).grtyp('A').ig(ig1, 0, 0, 0);
            writer.write(&attributes, &data).expect("written");
        }
        writer.close().expect("closed");
        let file = File::from_bytes(memory.to_vec()).expect("a file");
        let winds = Winds::of(file.records());
        let levels: Vec<_> = winds.iter().map(|wind| (wind.u.ip1(), wind.v.ip1())).collect();
        assert_eq!(levels, [(850, 850)], "the other pair is not on one grid");
    }
}
