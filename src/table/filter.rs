//! Selecting records by a query, column by column.

use super::RecordTable;
use crate::{
    query::{Ints, Query, Rows},
    record::{IntField, Record, TextField, Words},
};

impl RecordTable {
    /// The records that a query matches, in their order. Conditions on names and integers are evaluated column by column, on
    /// the threads of the current rayon pool.
    ///
    /// Extended metadata are in the files and not in the table: a condition on them is false, as in [`Query::matches`].
    #[must_use]
    pub fn filter(&self, query: &Query) -> Self {
        self.take(&self.matching(query))
    }

    /// The rows that a query matches, ascending.
    pub fn matching(&self, query: &Query) -> Vec<u32> {
        query.rows(self)
    }
}

impl Rows for RecordTable {
    fn len(&self) -> usize {
        self.len()
    }

    fn record(&self, row: usize) -> Option<Record> {
        self.record(row)
    }

    fn ints(&self, field: IntField) -> Option<Ints<'_>> {
        let own = self.columns();
        Some(match field {
            IntField::Grtyp => Ints::U8(&own.grtyp),
            IntField::Datev => Ints::I32(&own.datev),
            IntField::Deet => Ints::U32(&own.deet),
            IntField::Npas => Ints::U32(&own.npas),
            IntField::Ni => Ints::U32(&own.ni),
            IntField::Nj => Ints::U32(&own.nj),
            IntField::Nk => Ints::U32(&own.nk),
            IntField::DataType => Ints::U8(&own.data_type),
            IntField::PackBits => Ints::U8(&own.pack_bits),
            IntField::Ip1 => Ints::U32(&own.ip1),
            IntField::Ip2 => Ints::U32(&own.ip2),
            IntField::Ip3 => Ints::U32(&own.ip3),
            IntField::Ig1 => Ints::U32(&own.ig1),
            IntField::Ig2 => Ints::U32(&own.ig2),
            IntField::Ig3 => Ints::U32(&own.ig3),
            IntField::Ig4 => Ints::U32(&own.ig4),
            IntField::File => Ints::U32(&own.file),
            IntField::FileIndex => Ints::U32(&own.file_index),
            _ => return None,
        })
    }

    fn texts(&self, field: TextField) -> (&[u32], Vec<Words>) {
        fn words<const N: usize>(
            names: &super::Names<N>,
            set: fn(&mut Words, crate::record::Text<N>),
        ) -> (&[u32], Vec<Words>) {
            let of = |text: &crate::record::Text<N>| {
                let mut words = Words::default();
                set(&mut words, *text);
                words
            };
            (names.keys(), names.values().iter().map(of).collect())
        }
        let own = self.columns();
        match field {
            TextField::Nomvar => words(&own.nomvar, Words::set_nomvar),
            TextField::Typvar => words(&own.typvar, Words::set_typvar),
            TextField::Etiket => words(&own.etiket, Words::set_etiket),
        }
    }
}
