//! What makes two records the same for a rewrite.

use super::{Container, Record};

/// What a rewrite compares (`docs/format/record.md`, 6.4): nomvar, typvar, etiket, ips, dates, dimensions and grid. How the
/// values are packed and the container are no part of it.
///
/// ```
/// # fn duplicates(file: &rpnfst::File) -> usize {
/// let mut seen = std::collections::HashSet::new();
/// file.records().iter().filter(|record| !seen.insert(record.identity())).count()
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Identity([u32; 16]);

impl Record {
    /// What a rewrite compares: records of any files with the same identity stand for the same field.
    pub fn identity(&self) -> Identity {
        Identity::new(&self.words, self.container)
    }
}

impl Identity {
    fn new(words: &[u32; 16], container: Container) -> Self {
        let mut words = compared(words);
        // RSF has the high bits of ni and nj where XDF has nothing.
        if container != Container::Rsf {
            words[10] &= !0xFF;
            words[13] &= !0xF;
            words[14] &= !0xF;
        }
        Self(words)
    }

    pub(crate) fn words(&self) -> &[u32; 16] {
        &self.0
    }
}

/// The bits of directory words that a rewrite compares: the others are of the packing, or reserved.
pub(crate) fn compared(words: &[u32; 16]) -> [u32; 16] {
    const COMPARED: [u32; 16] = {
        let mut compared = [u32::MAX; 16];
        (compared[0], compared[2], compared[3], compared[4]) = (!0xFF, !0xFF, !0xFFF, !0x3F);
        (compared[8], compared[9], compared[11], compared[12]) = (!3, !3, !0xFF, !0xF);
        compared
    };
    std::array::from_fn(|k| words[k] & COMPARED[k])
}
