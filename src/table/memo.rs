//! Columns that are computed: once for all records that agree in what the column depends on.

use super::{Columns, RecordTable, distinct::Distinct};
use crate::{
    parallel,
    record::{Cell, Column},
};

/// Rows that one thread works on at a time.
const CHUNK: usize = 32_768;
/// Values that are remembered, a power of two.
const SLOTS: usize = 4096;

/// Fields of a record.
type Key = [u32; 7];

/// The [bits](bits_of) of the cell of each row.
pub(super) fn each(table: &RecordTable, column: Column) -> Vec<Option<u64>> {
    let chunks = chunks(table.len(), |first| {
        let mut memo = Memo::new(table, column);
        (first..table.len().min(first + CHUNK)).map(|row| memo.get(row, &mut |cell| bits_of(&cell))).collect::<Vec<_>>()
    });
    chunks.concat()
}

/// A value that is no text in 64 bits: seconds since 1970 of a time. For all types the same, which is compiled once.
fn bits_of(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::Bool(value) => Some(u64::from(*value)),
        Cell::Int(value) => Some(value.cast_unsigned()),
        Cell::Time(value) => Some(value.unix_seconds().cast_unsigned()),
        Cell::Single(value) => Some(value.to_bits().into()),
        Cell::Double(value) => Some(value.to_bits()),
        Cell::Text(_) | Cell::Null => None,
    }
}

/// The texts of the cells, each once, and which of them each row has.
pub(super) fn distinct(table: &RecordTable, column: Column) -> (Vec<u32>, Vec<Option<String>>) {
    let chunks = chunks(table.len(), |first| {
        let (mut memo, mut found) = (Memo::new(table, column), Distinct::default());
        let mut key = |cell| Some(found.key(if let Cell::Text(text) = cell { Some(text) } else { None }).into());
        let rows = first..table.len().min(first + CHUNK);
        let keys = rows.map(|row| memo.get(row, &mut key).and_then(|key| u32::try_from(key).ok()).unwrap_or(u32::MAX));
        (keys.collect::<Vec<u32>>(), found.values)
    });
    let (mut keys, mut all) = (Vec::with_capacity(table.len()), Distinct::default());
    for (own, values) in chunks {
        let global: Vec<u32> = values.into_iter().map(|value| all.key(value)).collect();
        keys.extend(own.into_iter().filter_map(|key| global.get(key as usize)));
    }
    (keys, all.values)
}

/// What a function gives for the first row of each chunk.
fn chunks<T: Send>(rows: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    parallel::map(rows.div_ceil(CHUNK), |chunk| of(chunk * CHUNK))
}

/// The values of a column that were met, by the fields on which they depend: a slot for each hash, the last value in it.
struct Memo<'a> {
    table: &'a RecordTable,
    column: Column,
    /// For each name whether the ips of its records are links.
    special: Vec<bool>,
    slots: Vec<Option<(Key, Option<u64>)>>,
}

impl<'a> Memo<'a> {
    fn new(table: &'a RecordTable, column: Column) -> Self {
        let names = table.columns().nomvar.values();
        let special = names.iter().map(|name| name.has_special_ips()).collect();
        Self { table, column, special, slots: vec![None; SLOTS] }
    }

    fn get(&mut self, row: usize, value: &mut dyn FnMut(Cell) -> Option<u64>) -> Option<u64> {
        let key = self.key(self.table.columns(), row);
        let hash = key
            .iter()
            .fold(0_u64, |hash, part| (hash.rotate_left(23) ^ u64::from(*part)).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let slot = &mut self.slots[(hash >> 52) as usize % SLOTS];
        match slot {
            Some((known, value)) if *known == key => *value,
            _ => {
                let cell = self.table.record(row).map_or(Cell::Null, |record| self.column.of(&record));
                slot.insert((key, value(cell))).1
            }
        }
    }

    /// The fields on which the column depends. All columns that are computed must be here: what is left out gets the place of
    /// the record, which is right and slow.
    fn key(&self, own: &Columns, row: usize) -> Key {
        let special = || u32::from(self.special[own.nomvar.keys()[row] as usize]);
        let date = || own.datev[row].cast_unsigned();
        match self.column {
            Column::Run | Column::Label | Column::Implementation | Column::Member => {
                [own.etiket.keys()[row], 0, 0, 0, 0, 0, 0]
            }
            Column::Nature | Column::Treatment => [own.typvar.keys()[row], 0, 0, 0, 0, 0, 0],
            Column::Descriptor => [own.nomvar.keys()[row], 0, 0, 0, 0, 0, 0],
            Column::Grtyp => [own.grtyp[row].into(), 0, 0, 0, 0, 0, 0],
            Column::Type | Column::DataTypeName => {
                [own.data_type[row].into(), own.pack_bits[row].into(), 0, 0, 0, 0, 0]
            }
            Column::DataBits => [own.stored_data_bits[row].into(), own.pack_bits[row].into(), 0, 0, 0, 0, 0],
            Column::Level | Column::LevelKind | Column::LevelName | Column::LevelUnit => {
                [own.ip1[row], special(), 0, 0, 0, 0, 0]
            }
            Column::LayerBegin | Column::LayerEnd => [own.ip1[row], own.ip3[row], special(), 0, 0, 0, 0],
            Column::IntervalBegin | Column::IntervalEnd => [own.ip2[row], own.ip3[row], special(), 0, 0, 0, 0],
            Column::ValidTime => [date(), 0, 0, 0, 0, 0, 0],
            Column::OriginTime | Column::Dateo => [date(), own.deet[row], own.npas[row], 0, 0, 0, 0],
            Column::Hour => [own.deet[row], own.npas[row], 0, 0, 0, 0, 0],
            Column::Grid => {
                let [ig1, ig2, ig3, ig4] = [own.ig1[row], own.ig2[row], own.ig3[row], own.ig4[row]];
                [own.grtyp[row].into(), own.ni[row], own.nj[row], ig1, ig2, ig3, ig4]
            }
            _ => [u32::try_from(row).unwrap_or(u32::MAX), 0, 0, 0, 0, 0, 0],
        }
    }
}
