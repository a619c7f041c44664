//! `rpnfst check --ops`: what is no damage, and troubles those who work with a file all the same.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use rpnfst::{
    BaseType, Record, RecordId,
    record::{Descriptors, Identity},
};

use super::Found;
use crate::{args::Global, input, number, remote};

/// Least dimensions of a field for which compressing it is worth while.
const LEAST: u32 = 16;

/// The records of all files that were given: a descriptor may be in another one than the fields.
pub(super) fn all_records(paths: &[PathBuf], global: &Global) -> Vec<Record> {
    let opening = input::options(global);
    // Those that do not open are reported when it is their turn.
    let files = paths.iter().filter_map(|path| remote::open(path, &opening).ok());
    files.flat_map(|file| file.records().to_vec()).collect()
}

/// What refers to what, in all files.
pub(super) struct Links<'a> {
    descriptors: Descriptors<'a>,
    /// Descriptors to which something refers.
    referred: HashSet<Identity>,
}

impl<'a> Links<'a> {
    pub(super) fn new(records: &'a [Record]) -> Self {
        let descriptors = Descriptors::new(records);
        let mut referred = HashSet::new();
        for record in records {
            referred.extend(descriptors.of(record).into_iter().map(Record::identity));
        }
        Self { descriptors, referred }
    }

    /// What there is to say of the records of one file.
    pub(super) fn look(&self, records: &[Record]) -> Vec<Found> {
        let mut found = self.missing(records);
        let surplus =
            records.iter().filter(|record| is_told_by_links(record) && !self.referred.contains(&record.identity()));
        found.extend(surplus.map(|record| ops(record, "nothing refers to this descriptor".to_owned())));
        found.extend(duplicates(records));
        found.extend(uncompressed(records));
        found
    }

    /// Descriptors that fields need and that are in none of the files: once for all fields that need the same.
    fn missing(&self, records: &[Record]) -> Vec<Found> {
        let mut order: Vec<(&Record, String)> = Vec::new();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for record in records.iter().filter(|record| !record.is_descriptor()) {
            let lacking = self.descriptors.lacking(record);
            let tags = [record.ig1(), record.ig2(), record.ig3()].map(|ig| ig.to_string()).join(", ");
            let mut lacks = Vec::new();
            if !lacking.axes.is_empty() {
                lacks.push(format!(
                    "{} of its grid {} (ig1 to ig3 {tags})",
                    lacking.axes.join(" and "),
                    record.grtyp()
                ));
            }
            if lacking.table {
                lacks.push(format!("!! of its vertical coordinate (kind of level {})", kind_of(record)));
            }
            if lacking.mask {
                lacks.push(format!("mask (@@) of {}", record.nomvar()));
            }
            for what in lacks {
                let count = counts.entry(what.clone()).or_default();
                *count += 1;
                if *count == 1 {
                    order.push((record, what));
                }
            }
        }
        let said = order.into_iter().map(|(record, what)| {
            let count = counts.get(&what).copied().unwrap_or_default();
            let also = if count > 1 { format!("; {} need it", number::records(count)) } else { String::new() };
            ops(record, format!("not there: {what}{also}"))
        });
        said.collect()
    }
}

fn ops(record: &Record, what: String) -> Found {
    Found::Ops(Some(RecordId::from(record)), what)
}

fn kind_of(record: &Record) -> String {
    record.level().map_or_else(String::new, |level| level.kind.code().to_string())
}

/// Descriptors that are found by what refers to them. (`HY` serves where there is no `!!`, and old programs.)
fn is_told_by_links(record: &Record) -> bool {
    record.is_descriptor() && record.nomvar() != "HY"
}

/// Records of one identity.
fn duplicates(records: &[Record]) -> Vec<Found> {
    let mut counts: HashMap<Identity, usize> = HashMap::with_capacity(records.len());
    for record in records {
        *counts.entry(record.identity()).or_default() += 1;
    }
    let mut found = Vec::new();
    for record in records {
        if let Some(count) = counts.remove(&record.identity()).filter(|count| *count > 1) {
            let others = count - 1;
            let others =
                if others == 1 { "another record has".to_owned() } else { format!("{others} other records have") };
            found.push(ops(record, format!("{others} the same name, label, levels, dates and grid")));
        }
    }
    found
}

/// Records that could have the second stage.
fn uncompressed(records: &[Record]) -> Option<Found> {
    let could = |record: &&Record| {
        let data_type = record.data_type();
        let bits = match data_type.base() {
            BaseType::Real | BaseType::Unsigned | BaseType::Quantized => 1..=16,
            BaseType::Ieee => 9..=32,
            _ => return false,
        };
        !data_type.is_turbo()
            && bits.contains(&record.pack_bits())
            && record.nk() == 1
            && record.ni() >= LEAST
            && record.nj() >= LEAST
    };
    let (count, bytes) = records
        .iter()
        .filter(could)
        .fold((0, 0_u64), |(count, bytes), record| (count + 1, bytes.saturating_add(record.total_stored_bytes())));
    let count_of = number::records(count);
    let what = format!("not compressed: {count_of}, {bytes} bytes; cp --compress makes them smaller where it can");
    (count > 0).then_some(Found::Ops(None, what))
}
