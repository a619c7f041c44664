//! Texts of many records: each different text once, and a number for each record.

use super::distinct::Distinct;
use crate::record::Text;

/// The texts of one field, dictionary-coded: `values` has each different text once, `keys` says which one a record has.
///
/// ```
/// use rpnfst::table::Names;
/// use rpnfst::record::Nomvar;
/// let names: Names<4> = ["TT", "UU", "TT"].map(Nomvar::new).into_iter().collect();
/// assert_eq!((names.keys(), names.values().len()), (&[0, 1, 0][..], 2));
/// assert_eq!(names.get(2), Nomvar::new("TT"));
/// ```
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Names<const N: usize> {
    keys: Vec<u32>,
    values: Vec<Text<N>>,
}

impl<const N: usize> Names<N> {
    /// Names of a dictionary that is there; `None` when a key has no value.
    pub fn from_parts(keys: Vec<u32>, values: Vec<Text<N>>) -> Option<Self> {
        let highest = keys.iter().max().map_or(0, |key| *key as usize + 1);
        (highest <= values.len()).then_some(Self { keys, values })
    }

    /// Which text each record has.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// The texts, each once, in the order in which they were found.
    pub fn values(&self) -> &[Text<N>] {
        &self.values
    }

    /// The text of a record; blank when there is none.
    pub fn get(&self, row: usize) -> Text<N> {
        let key = self.keys.get(row).and_then(|key| self.values.get(*key as usize));
        key.copied().unwrap_or(Text::BLANK)
    }

    /// The same without texts that no record has.
    pub(super) fn compact(&self) -> Self {
        (0..self.keys.len()).map(|row| self.get(row)).collect()
    }

    /// The same texts for other rows; those that are not there are left out.
    pub(super) fn take(&self, rows: &[u32]) -> Self {
        Self { keys: super::columns::take(&self.keys, rows), values: self.values.clone() }
    }
}

impl<const N: usize> FromIterator<Text<N>> for Names<N> {
    fn from_iter<I: IntoIterator<Item = Text<N>>>(texts: I) -> Self {
        let mut builder = Builder::default();
        texts.into_iter().for_each(|text| builder.push(text));
        builder.finish()
    }
}

/// Names that grow.
#[derive(Default)]
pub(super) struct Builder<const N: usize> {
    keys: Vec<u32>,
    texts: Distinct<Text<N>>,
}

impl<const N: usize> Builder<N> {
    /// Records of a file often have the text of the one before.
    pub(super) fn push(&mut self, text: Text<N>) {
        let last = self.keys.last().copied().filter(|&key| self.texts.values.get(key as usize) == Some(&text));
        let key = last.unwrap_or_else(|| self.texts.key(text));
        self.keys.push(key);
    }

    /// Appends the texts of other records.
    pub(super) fn append(&mut self, other: &Names<N>) {
        let own: Vec<u32> = other.values.iter().map(|text| self.texts.key(*text)).collect();
        self.keys.extend(other.keys.iter().filter_map(|key| own.get(*key as usize)));
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.keys.reserve(more);
    }

    pub(super) fn names(self) -> Names<N> {
        Names { keys: self.keys, values: self.texts.values }
    }

    pub(super) fn finish(self) -> Names<N> {
        let mut names = self.names();
        names.keys.shrink_to_fit();
        names.values.shrink_to_fit();
        names
    }
}
