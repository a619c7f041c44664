//! What is kept with a file: its positional records and the grids made of them.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{PoisonError, RwLock},
};

use rpnfst_grids::Grid;

use crate::{
    file::File,
    record::{DateStamp, Nomvar, Record},
};

/// Names of the records that grids are made of.
pub(super) const POSITIONAL: [&str; 5] = [">>", "^^", "^>", "##", "####"];

/// Positional records and grids of a file.
pub(super) struct Kept {
    /// Positional records, by their name, ip1 and ip2; in the order of the directory.
    positional: HashMap<(Nomvar, u32, u32), Vec<Record>>,
    grids: RwLock<Grids>,
}

#[derive(Default)]
struct Grids {
    /// By what a record says of its grid.
    of_records: HashMap<Key, Grid>,
    /// By what they are made of: files of one run have the same axes.
    of_numbers: HashMap<u64, Grid>,
}

/// What records on one grid have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    grtyp: u8,
    dims: [u32; 2],
    ig: [u32; 4],
    file: u32,
    datev: DateStamp,
    /// ip3 of a record that is about one station of several.
    station: Option<u32>,
}

impl Key {
    /// The key of a record; file and date count only where other records are sought.
    pub(super) fn of(record: &Record, is_positional: bool) -> Self {
        Self {
            grtyp: record.grtyp().0,
            dims: [record.ni(), record.nj()],
            ig: [record.ig1(), record.ig2(), record.ig3(), record.ig4()],
            file: if is_positional { record.file } else { 0 },
            datev: if is_positional { record.datev() } else { DateStamp::NONE },
            station: None,
        }
    }

    /// The key of the whole grid of a tile.
    pub(super) fn of_whole(tile: &Record) -> Self {
        let own = Self::of(tile, true);
        Self { dims: [0, 0], ig: [tile.ig1(), tile.ig2(), 0, 0], ..own }
    }

    /// The same for a record that is about one station.
    pub(super) fn of_station(self, record: &Record) -> Self {
        Self { station: Some(record.ip3()), ..self }
    }
}

impl Kept {
    /// Of this file; made when it is asked for first.
    pub(super) fn of(file: &File) -> Option<&Self> {
        file.derived.get_or_init(|| {
            let mut positional: HashMap<_, Vec<Record>> = HashMap::new();
            for record in file.records() {
                if record.is_descriptor() && POSITIONAL.iter().any(|name| record.nomvar() == *name) {
                    positional.entry((record.nomvar(), record.ip1(), record.ip2())).or_default().push(record.clone());
                }
            }
            Self { positional, grids: RwLock::default() }
        })
    }

    /// The first record of a name that a record can refer to and that `fits`: of the same file if there is one, and of those the
    /// one with the same ip3 and date.
    pub(super) fn find(&self, name: &str, of: &Record, fits: impl Fn(&Record) -> bool) -> Option<&Record> {
        let all = self.positional.get(&(Nomvar::new(name), of.ig1(), of.ig2()))?;
        // Records have the order of their files.
        let (from, to) =
            (all.partition_point(|axis| axis.file < of.file), all.partition_point(|axis| axis.file <= of.file));
        let is_tile = of.grtyp().0 == b'#';
        let rank = |axis: &&Record| (!is_tile && axis.ip3() != of.ig3(), axis.datev() != of.datev());
        let own = all.get(from..to).unwrap_or_default();
        let best = own.iter().filter(|axis| fits(axis)).min_by_key(rank);
        best.or_else(|| all.iter().filter(|axis| fits(axis)).min_by_key(rank))
    }

    /// All positional records, for messages.
    pub(super) fn tags(&self, name: &str) -> Vec<String> {
        let of_name = self.positional.iter().filter(|((nomvar, ..), _)| *nomvar == name);
        let mut tags: Vec<_> = of_name
            .flat_map(|(_, records)| records)
            .map(|axis| format!("{} {} {} ({} x {})", axis.ip1(), axis.ip2(), axis.ip3(), axis.ni(), axis.nj()))
            .collect();
        tags.sort();
        tags.dedup();
        tags
    }

    /// The grid that was made for a key before.
    pub(super) fn grid(&self, key: &Key) -> Option<Grid> {
        self.grids.read().unwrap_or_else(PoisonError::into_inner).of_records.get(key).cloned()
    }

    /// Keeps a grid that is made of `numbers`; one that is made of the same is taken instead, where there is one.
    pub(super) fn keep(
        &self,
        key: Key,
        numbers: &[u64],
        make: impl FnOnce() -> Result<Grid, rpnfst_grids::Error>,
    ) -> Result<Grid, rpnfst_grids::Error> {
        let mut hasher = DefaultHasher::new();
        numbers.hash(&mut hasher);
        let number = hasher.finish();
        let known = self.grids.read().unwrap_or_else(PoisonError::into_inner).of_numbers.get(&number).cloned();
        let grid = known.map_or_else(make, Ok)?;
        let mut grids = self.grids.write().unwrap_or_else(PoisonError::into_inner);
        let grid = grids.of_numbers.entry(number).or_insert(grid).clone();
        grids.of_records.insert(key, grid.clone());
        Ok(grid)
    }
}
