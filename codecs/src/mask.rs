//! Which elements are missing.

use alloc::vec::Vec;
use core::fmt;
use core::ops::{BitOr, Index, Not};

use bitvec::order::Lsb0;
use bitvec::vec::BitVec;

/// One bit per element in storage order, set where the element is missing.
///
/// The bits lie in memory as Arrow has them: see [`as_bytes`](Self::as_bytes).
///
/// ```
/// use rpnfst_codecs::Mask;
/// let missing: Mask = [false, true, true, false].into_iter().collect();
/// assert_eq!((missing.len(), missing.count(), missing[1]), (4, 2, true));
/// assert!(missing.positions().eq([1, 2]));
/// // Arrow's validity bitmap of the same elements: first element in the lowest bit.
/// let valid = !&missing;
/// assert_eq!(valid.as_bytes(), [0b1001]);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Mask(
    /// Unused bits of the last byte are zero.
    BitVec<u8, Lsb0>,
);

impl Mask {
    /// `len` bits that are all `bit`.
    pub fn repeat(bit: bool, len: usize) -> Self {
        Self(BitVec::repeat(bit, len)).clean()
    }

    /// The first `len` bits of these bytes, which are laid out as [`as_bytes`](Self::as_bytes) says. `None` if there are
    /// fewer.
    ///
    /// ```
    /// use rpnfst_codecs::Mask;
    /// let missing = Mask::from_bytes(vec![0b0110], 4).expect("eight bits");
    /// assert!(missing.iter().eq([false, true, true, false]));
    /// assert_eq!(Mask::from_bytes(vec![0], 9), None);
    /// ```
    pub fn from_bytes(bytes: Vec<u8>, len: usize) -> Option<Self> {
        let mut bits = BitVec::try_from_vec(bytes).ok().filter(|bits: &BitVec<u8, Lsb0>| bits.len() >= len)?;
        bits.truncate(len);
        Some(Self(bits).clean())
    }

    /// The bits as Arrow lays them out: eight elements in a byte, the first one in its lowest bit, zeros behind the last one.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_raw_slice()
    }

    fn clean(mut self) -> Self {
        self.0.force_align();
        self.0.set_uninitialized(false);
        self
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a bit is set.
    pub fn any(&self) -> bool {
        self.as_bytes().iter().any(|&byte| byte != 0)
    }

    /// Number of set bits.
    pub fn count(&self) -> usize {
        self.as_bytes().iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// The bit of an element, `None` beyond the last one.
    pub fn get(&self, index: usize) -> Option<bool> {
        self.0.get(index).as_deref().copied()
    }

    /// All bits in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = bool> + '_ {
        self.0.iter().by_vals()
    }

    /// Indices of the set bits, in order.
    pub fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter_ones()
    }

    /// Cut off bits at the end, or append bits that are all `bit`.
    pub fn resize(&mut self, len: usize, bit: bool) {
        self.0.resize(len, bit);
        self.0.set_uninitialized(false);
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mask({} of {}", self.count(), self.len())?;
        for (k, position) in self.positions().enumerate() {
            match k {
                8 => return f.write_str(" ...)"),
                0 => write!(f, ": {position}")?,
                _ => write!(f, " {position}")?,
            }
        }
        f.write_str(")")
    }
}

impl Index<usize> for Mask {
    type Output = bool;

    /// # Panics
    /// Beyond the last element.
    fn index(&self, index: usize) -> &bool {
        &self.0[index]
    }
}

impl Not for &Mask {
    type Output = Mask;

    fn not(self) -> Mask {
        Mask(!self.0.clone()).clean()
    }
}

impl Not for Mask {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0).clean()
    }
}

/// What is missing in either; the shorter one counts as not missing behind its end.
impl BitOr for Mask {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        let (longer, shorter) = if self.len() < other.len() { (other, self) } else { (self, other) };
        Self(longer.0 | shorter.0).clean()
    }
}

impl FromIterator<bool> for Mask {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        Self(bits.into_iter().collect()).clean()
    }
}

impl Extend<bool> for Mask {
    fn extend<I: IntoIterator<Item = bool>>(&mut self, bits: I) {
        self.0.extend(bits);
        self.0.set_uninitialized(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::format;

    proptest! {
        #[test]
        fn a_mask_is_its_bools(bools in proptest::collection::vec(any::<bool>(), 0..70), more in 0_usize..90, bit in any::<bool>()) {
            let mut mask: Mask = bools.iter().copied().collect();
            prop_assert_eq!(mask.iter().collect::<Vec<_>>(), bools.clone());
            prop_assert_eq!(mask.count(), bools.iter().filter(|&&bit| bit).count());
            prop_assert_eq!(mask.any(), bools.contains(&true));
            // Nothing is set behind the last one, whatever made the mask.
            let behind = |mask: &Mask| 8 * mask.as_bytes().len() - mask.len();
            let valid = !&mask;
            prop_assert_eq!(valid.count() + mask.count(), bools.len());
            prop_assert_eq!((valid.clone() | mask.clone()).count(), bools.len());
            for mask in [&mask, &valid, &Mask::repeat(true, more)] {
                prop_assert!(behind(mask) < 8);
                let last = mask.as_bytes().last().copied().unwrap_or(0);
                prop_assert_eq!(u32::from(last) >> (8 - behind(mask)), 0);
                prop_assert_eq!(&Mask::from_bytes(mask.as_bytes().to_vec(), mask.len()).unwrap(), mask);
            }
            mask.resize(more, bit);
            let mut expected = bools;
            expected.resize(more, bit);
            prop_assert_eq!(mask.iter().collect::<Vec<_>>(), expected.clone());
            prop_assert_eq!(mask.count(), expected.iter().filter(|&&bit| bit).count());
        }
    }

    #[test]
    fn what_is_printed_stays_short() {
        assert_eq!(format!("{:?}", Mask::repeat(false, 5)), "Mask(0 of 5)");
        assert_eq!(format!("{:?}", [false, true, true].into_iter().collect::<Mask>()), "Mask(2 of 3: 1 2)");
        assert_eq!(format!("{:?}", Mask::repeat(true, 99)), "Mask(99 of 99: 0 1 2 3 4 5 6 7 ...)");
    }
}
