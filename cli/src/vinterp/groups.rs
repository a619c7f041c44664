//! Fields on several levels: records that differ in their level only.

use std::collections::{HashMap, HashSet};

use rpnfst::{
    BaseType, Record,
    record::{DateStamp, Etiket, GridType, Kind, Nomvar, Typvar},
};

/// What the records of a field have in common, their name apart.
type Same = (usize, Etiket, [u32; 2], DateStamp, [u32; 2], GridType, [u32; 4], [u32; 3]);

/// The records of a file.
pub(super) struct Groups<'a> {
    /// Those on several levels.
    pub(super) columns: Vec<Vec<&'a Record>>,
    /// All others that were selected.
    pub(super) others: Vec<(usize, &'a Record)>,
    /// Heights and pressures of levels, by their codes.
    known: HashMap<(Nomvar, Same), HashMap<u32, &'a Record>>,
}

impl<'a> Groups<'a> {
    /// Groups the selected records; what tells heights and pressures is taken from all.
    pub(super) fn of(all: &'a [Record], wanted: &[(usize, &'a Record)]) -> Self {
        let mut known: HashMap<_, HashMap<_, _>> = HashMap::new();
        for record in all.iter().filter(|record| record.nomvar() == "GZ" || record.nomvar() == "PX") {
            known.entry((record.nomvar(), same(record))).or_default().entry(record.ip1()).or_insert(record);
        }
        let mut places = HashMap::new();
        let mut groups: Vec<Vec<(usize, &Record)>> = Vec::new();
        let mut others = Vec::new();
        for &(index, record) in wanted {
            if !is_on_level(record) {
                others.push((index, record));
                continue;
            }
            let key: (Nomvar, Typvar, u8, Same) = (record.nomvar(), record.typvar(), class(record), same(record));
            let place = *places.entry(key).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push((index, record)),
                None => groups.push(vec![(index, record)]),
            }
        }
        let mut columns = Vec::new();
        for group in groups {
            let (mut seen, mut column) = (HashSet::new(), Vec::new());
            for (_, record) in &group {
                if seen.insert(record.ip1()) {
                    column.push(*record);
                }
            }
            // Heights above the ground only, as of winds at 10 and 40 m, are no model levels.
            let is_column = column.len() > 1 && column.iter().any(|record| !is_above_ground(record));
            if is_column {
                // What the coordinate is sought for comes first.
                column.sort_by_key(|record| is_above_ground(record));
                columns.push(column);
            } else {
                others.extend(group);
            }
        }
        others.sort_by_key(|(index, _)| *index);
        Self { columns, others, known }
    }

    /// The record of a name on the level of another.
    pub(super) fn beside(&self, nomvar: &str, record: &Record) -> Option<&'a Record> {
        self.known.get(&(Nomvar::new(nomvar), same(record)))?.get(&record.ip1()).copied()
    }
}

/// Levels of one coordinate: pressures, heights, or those of a model, whose lowest ones are heights above the ground.
fn class(record: &Record) -> u8 {
    match record.level().map(|level| level.kind) {
        Some(Kind::Pressure) => 0,
        Some(Kind::Height) => 1,
        _ => 2,
    }
}

fn is_above_ground(record: &Record) -> bool {
    record.level().is_some_and(|level| level.kind == Kind::HeightAboveGround)
}

/// Whether a record is one level of a field.
fn is_on_level(record: &Record) -> bool {
    let is_real = !matches!(
        record.data_type().base(),
        BaseType::Raw
            | BaseType::Unsigned
            | BaseType::Signed
            | BaseType::Characters
            | BaseType::String
            | BaseType::Complex
            | BaseType::Unknown(_)
    );
    let name = record.nomvar();
    !record.is_descriptor()
        && is_real
        && record.nk() == 1
        && record.typvar() != "@@"
        && !["P0", "PT", "E1", "ME", "MELS", "P0LS"].iter().any(|surface| name == *surface)
        && record.ip1() != 0
        && record.level().is_some_and(|level| level.kind.is_level() && level.kind != Kind::Arbitrary)
}

fn same(record: &Record) -> Same {
    (
        record.file_number(),
        record.etiket(),
        [record.ip2(), record.ip3()],
        record.datev(),
        [record.deet(), record.npas()],
        record.grtyp(),
        [record.ig1(), record.ig2(), record.ig3(), record.ig4()],
        [record.ni(), record.nj(), record.nk()],
    )
}
