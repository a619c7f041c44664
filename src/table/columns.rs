//! The fields of many records: a vector for each, and records made of them again.

use super::names::{Builder as NamesBuilder, Names};
use crate::record::date::Reckoning;
use crate::record::{Container, Record, Shape, Words};

/// The directory fields of many records, a vector for each; all have the same length.
///
/// The fields are those of [`Record`], by the same names; `datev` is the [raw stamp](crate::record::DateStamp::raw).
#[derive(Clone, PartialEq, Debug, Default)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names of the fields of a record")]
pub struct Columns {
    pub nomvar: Names<4>,
    pub typvar: Names<2>,
    pub etiket: Names<12>,
    pub grtyp: Vec<u8>,
    pub datev: Vec<i32>,
    pub deet: Vec<u32>,
    pub npas: Vec<u32>,
    pub ni: Vec<u32>,
    pub nj: Vec<u32>,
    pub nk: Vec<u32>,
    pub data_type: Vec<u8>,
    pub pack_bits: Vec<u8>,
    /// As stored: 0 when not known.
    pub stored_data_bits: Vec<u8>,
    pub ip1: Vec<u32>,
    pub ip2: Vec<u32>,
    pub ip3: Vec<u32>,
    pub ig1: Vec<u32>,
    pub ig2: Vec<u32>,
    pub ig3: Vec<u32>,
    pub ig4: Vec<u32>,
    /// Number of the file of the table.
    pub file: Vec<u32>,
    pub file_index: Vec<u32>,
    pub file_offset: Vec<u64>,
    pub total_stored_bytes: Vec<u64>,
    /// RSF: words of metadata before the payload; else 0.
    pub meta_words: Vec<u16>,
    /// RSF: how many of them are extended metadata; else 0.
    pub text_words: Vec<u16>,
    /// Records whose reserved bits are not zero, by row in ascending order: all their directory words.
    pub odd: Vec<(u32, [u32; 16])>,
}

/// For each vector of numbers.
macro_rules! each_vector {
    ($each:ident) => {
        $each!(
            grtyp,
            datev,
            deet,
            npas,
            ni,
            nj,
            nk,
            data_type,
            pack_bits,
            stored_data_bits,
            ip1,
            ip2,
            ip3,
            ig1,
            ig2,
            ig3,
            ig4,
            file,
            file_index,
            file_offset,
            total_stored_bytes,
            meta_words,
            text_words
        )
    };
}

impl Columns {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.ni.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ni.is_empty()
    }

    /// Whether all vectors have the same length and every record a file below `files`.
    pub(super) fn is_sound(&self, files: usize) -> bool {
        let n = self.len();
        macro_rules! lengths { ($($name:ident),*) => { [$(self.$name.len()),*] } }
        let names = [self.nomvar.keys().len(), self.typvar.keys().len(), self.etiket.keys().len()];
        let odd =
            self.odd.is_sorted_by(|one, next| one.0 < next.0) && self.odd.iter().all(|(row, _)| (*row as usize) < n);
        u32::try_from(n).is_ok()
            && odd
            && each_vector!(lengths).into_iter().chain(names).all(|length| length == n)
            && self.file.iter().all(|file| (*file as usize) < files)
    }

    /// The words of a record whose reserved bits are zero.
    fn plain_words(&self, row: usize, container: Container) -> Option<Words> {
        let mut words = Words::default();
        words.set_nomvar(self.nomvar.get(row));
        words.set_typvar(self.typvar.get(row));
        words.set_etiket(self.etiket.get(row));
        words.set_grtyp(*self.grtyp.get(row)?);
        words.set_stored_date(crate::record::DateStamp::from_raw(*self.datev.get(row)?).to_stored());
        words.set_deet(*self.deet.get(row)?);
        words.set_npas(*self.npas.get(row)?);
        let [ni, nj, nk] = [*self.ni.get(row)?, *self.nj.get(row)?, *self.nk.get(row)?];
        words.set_shape(Shape { ni, nj, nk }, container);
        words.set_codes_of_type(*self.data_type.get(row)?, *self.pack_bits.get(row)?, *self.stored_data_bits.get(row)?);
        words.set_ip1(*self.ip1.get(row)?);
        words.set_ip2(*self.ip2.get(row)?);
        words.set_ip3(*self.ip3.get(row)?);
        words.set_ig1(*self.ig1.get(row)?);
        words.set_ig2(*self.ig2.get(row)?);
        words.set_ig3(*self.ig3.get(row)?);
        words.set_ig4(*self.ig4.get(row)?);
        Some(words)
    }

    /// A record as it was.
    pub(super) fn record(&self, row: usize, container: Container, reckoning: Reckoning) -> Option<Record> {
        let odd = if self.odd.is_empty() {
            None
        } else {
            self.odd.binary_search_by_key(&row, |(row, _)| *row as usize).ok().and_then(|at| self.odd.get(at))
        };
        Some(Record {
            words: match odd {
                Some((_, words)) => Words::from_words(*words),
                None => self.plain_words(row, container)?,
            },
            offset: *self.file_offset.get(row)?,
            length: *self.total_stored_bytes.get(row)?,
            file: *self.file.get(row)?,
            index: *self.file_index.get(row)?,
            container,
            meta_words: *self.meta_words.get(row)?,
            text_words: *self.text_words.get(row)?,
            reckoning,
        })
    }

    /// The same fields of other rows.
    pub(super) fn take(&self, rows: &[u32]) -> Self {
        let odd = if self.odd.is_empty() { Vec::new() } else { self.take_odd(rows) };
        macro_rules! taken {
            ($($name:ident),*) => {
                Self {
                    nomvar: self.nomvar.take(rows),
                    typvar: self.typvar.take(rows),
                    etiket: self.etiket.take(rows),
                    odd,
                    $($name: take(&self.$name, rows)),*
                }
            };
        }
        each_vector!(taken)
    }

    fn take_odd(&self, rows: &[u32]) -> Vec<(u32, [u32; 16])> {
        let words = |row: &u32| self.odd.binary_search_by_key(row, |(row, _)| *row).ok().map(|at| self.odd[at].1);
        (0..).zip(rows).filter_map(|(at, row)| words(row).map(|words| (at, words))).collect()
    }
}

/// The values of some rows; those that are not there are left out.
pub(super) fn take<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().filter_map(|row| values.get(*row as usize)).copied().collect()
}

/// Columns that grow.
#[derive(Default)]
pub(super) struct Builder {
    columns: Columns,
    nomvar: NamesBuilder<4>,
    typvar: NamesBuilder<2>,
    etiket: NamesBuilder<12>,
}

impl Builder {
    /// Appends a record of file number `file`.
    pub(super) fn push(&mut self, record: &Record, file: u32) {
        let (words, columns) = (&record.words, &mut self.columns);
        let Shape { ni, nj, nk } = record.shape();
        self.nomvar.push(words.nomvar());
        self.typvar.push(words.typvar());
        self.etiket.push(words.etiket());
        columns.grtyp.push(words.grtyp());
        columns.datev.push(words.datev().raw());
        columns.deet.push(words.deet());
        columns.npas.push(words.npas());
        columns.ni.push(ni);
        columns.nj.push(nj);
        columns.nk.push(nk);
        columns.data_type.push(words.datyp());
        columns.pack_bits.push(words.nbits());
        columns.stored_data_bits.push(words.data_bits());
        columns.ip1.push(words.ip1());
        columns.ip2.push(words.ip2());
        columns.ip3.push(words.ip3());
        columns.ig1.push(words.ig1());
        columns.ig2.push(words.ig2());
        columns.ig3.push(words.ig3());
        columns.ig4.push(words.ig4());
        columns.file.push(file);
        columns.file_index.push(record.index);
        columns.file_offset.push(record.offset);
        columns.total_stored_bytes.push(record.length);
        columns.meta_words.push(record.meta_words);
        columns.text_words.push(record.text_words);
        if !words.is_told_by_fields(record.container) {
            let row = u32::try_from(columns.ni.len() - 1).unwrap_or(u32::MAX);
            columns.odd.push((row, words.to_words()));
        }
    }

    /// Appends records that were collected apart; their files are counted from `first_file` on.
    pub(super) fn append(&mut self, other: &Columns, first_file: u32) {
        let rows = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        let columns = &mut self.columns;
        macro_rules! extend { ($($name:ident),*) => { $(columns.$name.extend_from_slice(&other.$name);)* } }
        each_vector!(extend);
        for file in columns.file.iter_mut().skip(rows as usize) {
            *file = file.saturating_add(first_file);
        }
        self.nomvar.append(&other.nomvar);
        self.typvar.append(&other.typvar);
        self.etiket.append(&other.etiket);
        columns.odd.extend(other.odd.iter().map(|(row, words)| (rows.saturating_add(*row), *words)));
    }

    /// Room for more records.
    pub(super) fn reserve(&mut self, more: usize) {
        let columns = &mut self.columns;
        macro_rules! reserve { ($($name:ident),*) => { $(columns.$name.reserve(more);)* } }
        each_vector!(reserve);
        self.nomvar.reserve(more);
        self.typvar.reserve(more);
        self.etiket.reserve(more);
    }

    /// The columns, with the room that they have.
    pub(super) fn columns(self) -> Columns {
        Columns {
            nomvar: self.nomvar.names(),
            typvar: self.typvar.names(),
            etiket: self.etiket.names(),
            ..self.columns
        }
    }

    /// The columns, without room for more.
    pub(super) fn finish(self) -> Columns {
        let mut columns = self.columns;
        macro_rules! shrink { ($($name:ident),*) => { $(columns.$name.shrink_to_fit();)* } }
        each_vector!(shrink);
        Columns { nomvar: self.nomvar.finish(), typvar: self.typvar.finish(), etiket: self.etiket.finish(), ..columns }
    }
}
