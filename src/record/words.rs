//! The sixteen directory words of a record.

/// New attributes with the old dimensions, type and bits.
pub(crate) fn keep_layout(old: &[u32; 16], new: &[u32; 16]) -> [u32; 16] {
    /// Bits of each word that an edit may not change.
    const KEPT: [u32; 16] = {
        let mut kept = [0; 16];
        (kept[0], kept[1], kept[2], kept[3]) = (0xFF, 0xFFFF_FF00, 0xFFFF_FFFF, 0xFFFF_FFFF);
        (kept[10], kept[11], kept[13], kept[14]) = (0xFF, 0xFF, 0xF, 0xF);
        kept
    };
    let mut words = *new;
    for ((word, old), kept) in words.iter_mut().zip(old).zip(KEPT) {
        *word = *word & !kept | old & kept;
    }
    words
}
