//! The identity of a record: the fields that a rewrite compares.

use super::{Container, Record, Words};

/// The fields that a rewrite compares (`docs/format/record.md`, 6.4): nomvar, typvar, etiket, ips, dates, dimensions
/// and grid. The packing of the values and the container are not compared.
///
/// ```
/// # fn duplicates(file: &rpnfst::File) -> usize {
/// let mut seen = std::collections::HashSet::new();
/// file.records().iter().filter(|record| !seen.insert(record.identity())).count()
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Identity(Words);

impl Record {
    /// The identity of the record: two records with the same one stand for the same field, also in different files.
    pub fn identity(&self) -> Identity {
        Identity::new(&self.words, self.container)
    }
}

impl Identity {
    /// The identity of a record with these directory words.
    pub(crate) fn new(words: &Words, container: Container) -> Self {
        Self(words.identity(container))
    }

    /// The words; bits that are not compared are zero.
    pub(crate) fn words(&self) -> &Words {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_bits_and_packing_are_not_compared() {
        let words: [u32; 16] = std::array::from_fn(|k| 0x0101_0101 * u32::try_from(k + 16).unwrap_or(0));
        let identity =
            |words: [u32; 16], container| Identity::new(&Words::from_be(&words.map(u32::to_be_bytes)), container);
        let xdf = identity(words, Container::Xdf);
        for (word, bits) in [
            (0, 0xFF),
            (2, 0xFF),
            (3, 0xFFF),
            (4, 0x3F),
            (8, 3),
            (9, 3),
            (10, 0xFF),
            (11, 0xFF),
            (12, 0xF),
            (13, 0xF),
            (14, 0xF),
        ] {
            let mut other = words;
            other[word] ^= bits;
            assert_eq!(identity(other, Container::Xdf), xdf, "word {word}");
            other[word] ^= bits + 1;
            assert_ne!(identity(other, Container::Xdf), xdf, "word {word}");
        }
        // High bits of ni and nj.
        let mut wide = words;
        wide[10] ^= 1;
        assert_ne!(identity(wide, Container::Rsf), identity(words, Container::Rsf));
    }
}
