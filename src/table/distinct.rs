//! Different values, each once.

use std::{collections::HashMap, hash::Hash};

/// Different values in the order in which they were met.
pub(super) struct Distinct<T> {
    known: HashMap<T, u32>,
    pub(super) values: Vec<T>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), values: Vec::new() }
    }
}

impl<T: Hash + Eq + Clone> Distinct<T> {
    /// The position of a value, which is added when it is new.
    pub(super) fn key(&mut self, value: T) -> u32 {
        *self.known.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            u32::try_from(self.values.len() - 1).unwrap_or(u32::MAX)
        })
    }
}
