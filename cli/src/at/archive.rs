//! Values of all records as numpy arrays.

use super::{Values, places::Places};
use crate::{
    columns::Row,
    memory,
    npy::{Npz, Numbers},
    report::{Result, Stop},
    sink::Sink,
};

/// An archive of arrays that appears when all records are there.
pub(super) struct Archive<'a> {
    sink: Sink,
    places: &'a Places,
    several: bool,
    max_memory: u64,
    files: Vec<i64>,
    indexes: Vec<i64>,
    values: Vec<f64>,
}

impl<'a> Archive<'a> {
    pub(super) fn new(sink: Sink, places: &'a Places, several: bool, max_memory: u64) -> Self {
        Self { sink, places, several, max_memory, files: Vec::new(), indexes: Vec::new(), values: Vec::new() }
    }

    /// Adds a record; one that could not be read has no row.
    pub(super) fn row(&mut self, row: &Row<'_>, values: &Values) -> Result {
        let Ok(values) = values else { return Ok(()) };
        if (self.values.len() + values.len()) as u64 * 8 > self.max_memory {
            return Err(Stop::message(memory::with_advice("the values of all records are too many")));
        }
        self.files.push(row.file_number.try_into().unwrap_or(i64::MAX));
        self.indexes.push(row.index.try_into().unwrap_or(i64::MAX));
        self.values.extend(values);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result {
        let (records, points) = (self.indexes.len(), self.places.lat.len());
        let mut archive = Npz::new(&mut self.sink);
        archive.add("lat", &[points], Numbers::Reals(&self.places.lat))?;
        archive.add("lon", &[points], Numbers::Reals(&self.places.lon))?;
        archive.add("index", &[records], Numbers::Integers(&self.indexes))?;
        if self.several {
            archive.add("file", &[records], Numbers::Integers(&self.files))?;
        }
        archive.add("values", &[records, points], Numbers::Reals(&self.values))?;
        archive.finish()?;
        self.sink.finish()
    }
}
