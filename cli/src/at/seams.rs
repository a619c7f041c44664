//! Records that are tiles: between two of them the neighbours of a point lie in both.

use std::collections::HashMap;

use rpnfst::{
    File, ReadOptions, Record,
    geo::{Points, Tiles, Winds},
    record::Descriptors,
};

use crate::threads;

/// The fields in tiles of a file, and the values of those that the last records belong to.
pub(super) struct Seams<'a> {
    fields: Vec<Tiles<'a>>,
    of_records: HashMap<u32, usize>,
    joined: HashMap<Sought, Joined>,
}

/// A field, or the two of a wind.
type Sought = (usize, Option<usize>);

/// Values of one field, or of both components; `None` where the tiles make no whole, so that each stands for itself.
type Joined = Option<(Vec<f64>, Option<Vec<f64>>)>;

impl<'a> Seams<'a> {
    pub(super) fn of(file: &'a File) -> Self {
        let fields: Vec<_> = Tiles::of(file.records()).into_iter().filter(|tiles| tiles.records().len() > 1).collect();
        let mut of_records = HashMap::new();
        for (number, tiles) in fields.iter().enumerate() {
            of_records.extend(tiles.records().iter().map(|tile| (tile.file_index(), number)));
        }
        Self { fields, of_records, joined: HashMap::new() }
    }

    fn sought(&self, record: &Record, wind: Option<&Winds<'_>>) -> Option<Sought> {
        let of = |record: &Record| self.of_records.get(&record.file_index()).copied();
        match wind {
            None => Some((of(record)?, None)),
            Some(wind) => Some((of(wind.u)?, Some(of(wind.v)?))),
        }
    }

    /// Computes what some records need, on all threads; forgets what they do not.
    pub(super) fn prepare<'r>(
        &mut self,
        records: impl Iterator<Item = (&'r Record, Option<&'r Winds<'r>>)>,
        (file, points, masks, reading): (&File, &Points, &Descriptors<'_>, &ReadOptions),
    ) {
        let mut needed: Vec<_> = records.filter_map(|(record, wind)| self.sought(record, wind)).collect();
        needed.sort_unstable();
        needed.dedup();
        self.joined.retain(|sought, _| needed.binary_search(sought).is_ok());
        let new: Vec<_> = needed.into_iter().filter(|sought| !self.joined.contains_key(sought)).collect();
        let mask_of = |tile: &Record| masks.mask_of(tile);
        let computed = threads::map(new.len(), |at| -> Joined {
            let (u, v) = *new.get(at)?;
            let u = self.fields.get(u)?;
            match v {
                None => points.joined_values(file, u, &mask_of, reading).ok().map(|values| (values, None)),
                Some(v) => {
                    let winds = points.joined_winds(file, (u, self.fields.get(v)?), &mask_of, reading).ok();
                    winds.map(|(u, v)| (u, Some(v)))
                }
            }
        });
        self.joined.extend(new.iter().copied().zip(computed));
    }

    /// Puts the values of the whole field at the points that lie in this tile: of the record, and of the other component.
    pub(super) fn mend(
        &self,
        (record, wind, along_y): (&Record, Option<&Winds<'_>>, bool),
        (file, points): (&File, &Points),
        (own, other): (&mut [f64], Option<&mut [f64]>),
    ) {
        let Some(Some((first, second))) = self.sought(record, wind).and_then(|sought| self.joined.get(&sought)) else {
            return;
        };
        let Ok(is_in) = points.in_tile(file, record) else { return };
        let put = |values: &mut [f64], joined: &[f64]| {
            for ((value, joined), _) in values.iter_mut().zip(joined).zip(&is_in).filter(|(_, is_in)| **is_in) {
                *value = *joined;
            }
        };
        let (of_own, of_other) = match second {
            Some(second) if along_y => (second, Some(first)),
            second => (first, second.as_ref()),
        };
        put(own, of_own);
        if let (Some(other), Some(of_other)) = (other, of_other) {
            put(other, of_other);
        }
    }
}
