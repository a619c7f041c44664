//! Live records by what must be equal for a rewrite.

use std::collections::BTreeSet;

use crate::record::{Identity, Record, TextField};

/// Where to find live records by what must be equal for a rewrite. Each list is made when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// For [`Rewrite::Replace`] and [`Rewrite::Skip`].
    exact: Option<Indices<Identity>>,
    /// For [`Rewrite::Classic`], by which of nomvar, typvar and etiket may be any.
    classic: [Option<Indices<ClassicKey>>; 8],
}

/// Keys with directory indices, in order: however many records have the same key, the first is near.
type Indices<K> = BTreeSet<(K, u32)>;

/// The ips, and nomvar, typvar and etiket unless they may be any.
type ClassicKey = [u32; 8];

impl Identities {
    pub(super) fn exact(&mut self, live: &mut dyn Iterator<Item = &Record>, wanted: &Identity) -> Option<u32> {
        let all = || live.map(|record| (record.identity(), record.index)).collect();
        first(self.exact.get_or_insert_with(all), *wanted)
    }

    pub(super) fn classic(&mut self, live: &mut dyn Iterator<Item = &Record>, wanted: &Identity) -> Option<u32> {
        let any = any(wanted);
        let all = || live.map(|record| (classic_key(&record.identity(), any), record.index)).collect();
        first(self.classic.get_mut(any)?.get_or_insert_with(all), classic_key(wanted, any))
    }

    pub(super) fn insert(&mut self, record: &Record) {
        let identity = record.identity();
        if let Some(exact) = &mut self.exact {
            exact.insert((identity, record.index));
        }
        for (any, classic) in self.classic.iter_mut().enumerate() {
            if let Some(classic) = classic {
                classic.insert((classic_key(&identity, any), record.index));
            }
        }
    }

    pub(super) fn remove(&mut self, record: &Record) {
        let identity = record.identity();
        if let Some(exact) = &mut self.exact {
            exact.remove(&(identity, record.index));
        }
        for (any, classic) in self.classic.iter_mut().enumerate() {
            if let Some(classic) = classic {
                classic.remove(&(classic_key(&identity, any), record.index));
            }
        }
    }
}

/// The first record with a key.
fn first<K: Ord + Copy>(indices: &Indices<K>, key: K) -> Option<u32> {
    indices.range((key, 0)..=(key, u32::MAX)).next().map(|(_, index)| *index)
}

/// Which of nomvar, typvar and etiket are blank, those of any record for [`Rewrite::Classic`]: one bit each. Ten blank
/// characters make a blank etiket.
fn any(identity: &Identity) -> usize {
    let [nomvar, typvar, etiket] = texts(identity);
    let blank = [nomvar[0] == 0, typvar[0] == 0, etiket[..2] == [0, 0]];
    blank.into_iter().enumerate().map(|(bit, blank)| usize::from(blank) << bit).sum()
}

fn classic_key(identity: &Identity, any: usize) -> ClassicKey {
    let words = identity.words();
    let unless = |bit: usize, codes: u32| if any >> bit & 1 == 1 { 0 } else { codes };
    let [[nomvar, ..], [typvar, ..], etiket] = texts(identity);
    let [a, b, c] = etiket.map(|codes| unless(2, codes));
    [words.ip1(), words.ip2(), words.ip3(), unless(0, nomvar), unless(1, typvar), a, b, c]
}

fn texts(identity: &Identity) -> [[u32; 3]; 3] {
    [TextField::Nomvar, TextField::Typvar, TextField::Etiket].map(|field| identity.words().codes(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Container, Words};

    #[test]
    fn a_blank_name_is_any_name_in_classic_rewrites() {
        let words = |nomvar: u32| {
            let mut words = [0; 16];
            (words[8], words[10], words[11]) = (0x2000_0000, 0x0003_0000, nomvar << 8);
            Identity::new(&Words::from(words), Container::Xdf)
        };
        let (named, blank) = (words(0xD3_4000), words(0));
        assert_eq!((any(&named), any(&blank)), (0b000, 0b001), "one bit each for nomvar, typvar and etiket");
        assert_eq!(classic_key(&named, 0b001), classic_key(&blank, 0b001));
        assert_ne!(classic_key(&named, 0), classic_key(&blank, 0));
    }
}
