//! What becomes of each record: its attributes, its packing.

use std::ops::Deref;

use rpnfst::{Attributes, BaseType, Container, DataType, Query, Record};

use super::{Counts, Packing};
use crate::{
    columns::Row,
    input,
    report::{Result, Stop},
    settings::Settings,
};

/// A record to copy.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) row: Row<'a>,
    changed: Option<&'a Changed>,
    /// Its values stay as they are packed.
    kept: bool,
}

/// What `--set` makes of a record.
pub(super) struct Changed {
    attributes: Attributes,
    record: Record,
}

/// Where it comes from.
impl<'a> Deref for Item<'a> {
    type Target = Row<'a>;

    fn deref(&self) -> &Row<'a> {
        &self.row
    }
}

impl<'a> Item<'a> {
    /// The record as it will be; its values are those of another.
    pub(super) fn result(&self) -> &'a Record {
        self.changed.map_or(self.row.record, |changed| &changed.record)
    }

    /// The attributes to be written if they are not those of the record.
    pub(super) fn changed(&self) -> Option<&'a Attributes> {
        self.changed.map(|changed| &changed.attributes)
    }

    /// The attributes to be written, extended metadata apart unless they were set.
    pub(super) fn attributes(&self) -> Attributes {
        self.changed().cloned().unwrap_or_else(|| Attributes::from(self.row.record))
    }

    /// Whether it is to be decoded.
    pub(super) fn encodes(&self, packing: Packing) -> bool {
        !self.kept && packing.encodes(&self.row)
    }
}

/// What the command line says of records.
pub(super) struct Plan<'p> {
    pub(super) set: &'p Settings,
    pub(super) sets: bool,
    pub(super) query: &'p Query,
    /// `--descriptors`
    pub(super) all: bool,
    pub(super) packing: Packing,
}

impl Plan<'_> {
    /// What `--set` makes of the records, one after the other; nothing of descriptors that are not named.
    pub(super) fn changes<'r>(
        &self,
        rows: impl IntoIterator<Item = &'r Row<'r>>,
        counts: &mut Counts,
    ) -> Result<Vec<Option<Changed>>> {
        rows.into_iter().map(|row| self.change(row, counts)).collect()
    }

    fn change(&self, row: &Row<'_>, counts: &mut Counts) -> Result<Option<Changed>> {
        if !self.sets {
            return Ok(None);
        }
        let record = row.record;
        if input::leaves_alone(record, &self.query.of_file(row.file_number), self.all) {
            counts.not_set += 1;
            return Ok(None);
        }
        let wrong = |what: String| Stop::message(format!("{}: record {}: {what}", row.path, row.index));
        let igs = [record.ig1(), record.ig2(), record.ig3(), record.ig4()];
        let set = self.set.for_record(record).map_err(wrong)?;
        let attributes = set.apply(Attributes::from(record), igs);
        // Metadata have another room in the copy than in the record.
        let preview = attributes.clone().without_metadata().preview(record);
        attributes.check().map_err(|e| wrong(e.to_string()))?;
        Ok(Some(Changed { record: preview.map_err(|e| wrong(e.to_string()))?, attributes }))
    }

    /// A record that was selected, and what `--set` makes of it.
    pub(super) fn item<'a>(&self, row: Row<'a>, changed: Option<&'a Changed>, counts: &mut Counts) -> Item<'a> {
        let kept = self.keeps_packing(&row);
        if kept && self.packing.encodes(&row) {
            counts.not_packed += 1;
            counts.words += usize::from(self.makes_reals_of_words(row.record));
        }
        Item { row, changed, kept }
    }

    /// One that a selected record refers to; it stays as it is packed unless --descriptors takes all.
    pub(super) fn companion<'a>(&self, row: Row<'a>, changed: Option<&'a Changed>) -> Item<'a> {
        Item { row, changed, kept: !self.all }
    }

    /// Axes, tables and what has 64 bits would lose more than what packing is to save; masks are selected by the name of
    /// their fields, and are no reals.
    fn keeps_packing(&self, row: &Row<'_>) -> bool {
        let record = row.record;
        if self.makes_reals_of_words(record) {
            return true;
        }
        if !matches!(self.packing, Packing::Anew { .. }) || self.all {
            return false;
        }
        let is_wide = record.data_bits() == 64 || record.pack_bits() > 32;
        let is_one = record.is_descriptor() || is_wide;
        record.typvar() == "@@" || is_one && !self.query.of_file(row.file_number).selects_by_name(record)
    }

    /// Raw words are no reals, whatever a program takes them for: not even those that are named.
    fn makes_reals_of_words(&self, record: &Record) -> bool {
        let target = match self.packing {
            Packing::Anew { datyp: Some(datyp), .. } => DataType::new(datyp).base(),
            _ => return false,
        };
        record.data_type().base() == BaseType::Raw
            && !matches!(target, BaseType::Raw | BaseType::Unsigned | BaseType::Signed)
    }

    /// Whether `--set` asks for something that a container cannot hold.
    pub(super) fn check(&self, container: Container) -> Result {
        match self.set.metadata() {
            Some(text) if !text.is_empty() && container != Container::Rsf => {
                Err(Stop::message("--set metadata: XDF files cannot hold extended metadata"))
            }
            _ => Ok(()),
        }
    }
}
